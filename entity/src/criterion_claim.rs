use sea_orm::entity::prelude::*;

use crate::columns::{Measure, Wave};

/// A number that someone printed about a criterion.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "criterion_claim")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub virkningsevaluering_id: Uuid,
    pub success_criterion_id: Uuid,
    /// The version of the evaluation that brought it.
    pub since_version: i64,
    pub text: String,
    pub measure: Measure,
    /// The wave that a share or a count is of.
    pub wave: Option<Wave>,
    /// As printed: a change or a share in per cent, a fall being negative.
    pub printed: String,
    /// The percentages that were printed beside a change.
    pub printed_before: Option<String>,
    pub printed_after: Option<String>,
    /// Where it was printed.
    pub source: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
