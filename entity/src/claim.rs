use sea_orm::entity::prelude::*;

use crate::columns::{ClaimTerms, Measure};

/// A number that someone printed about a reporting year.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "claim")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub year: i32,
    pub text: String,
    pub printed: String,
    pub measure: Measure,
    /// The principle that a `PRINCIPLE_COUNT` counts.
    pub strategy_principle_id: Option<Uuid>,
    /// What it is computed from, in the order that the measure reads them in.
    pub terms: ClaimTerms,
    /// Whether the terms were rounded, as percentages are and counts are not.
    pub rounded: bool,
    /// Where it was printed.
    pub source: Option<String>,
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
