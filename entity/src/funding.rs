use sea_orm::entity::prelude::*;

use crate::columns::{AbsenceKind, FundingKind, Permanence};

/// Money of one budget year.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "funding")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub intervention_id: Uuid,
    pub budget_year: i32,
    pub kind: FundingKind,
    /// Whole Danish kroner.
    pub amount_dkk: Option<i64>,
    pub absence: Option<AbsenceKind>,
    pub absence_reason: Option<String>,
    pub permanence: Permanence,
    /// The last budget year, where it expires.
    pub expires: Option<i32>,
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
