use sea_orm::entity::prelude::*;

use crate::columns::{AbsenceKind, Decimal, FigureKind};

/// One published number.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "figure")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub intervention_id: Uuid,
    /// The reporting year whose report prints it.
    pub reported_year: i32,
    pub kind: FigureKind,
    pub label: String,
    pub unit: String,
    pub period_from: Option<TimeDate>,
    pub period_to: Option<TimeDate>,
    pub population: Option<String>,
    pub category: Option<String>,
    /// What makes the figure one of a kind within its intervention; see `domain::figure`.
    pub slot: String,
    pub value: Option<Decimal>,
    pub absence: Option<AbsenceKind>,
    pub absence_reason: Option<String>,
    /// Why the series cannot be compared with what came before it.
    pub series_break: Option<String>,
    pub remarks: Option<String>,
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
