use sea_orm::entity::prelude::*;

use crate::columns::{EvidenceMethod, Finding};

/// What was heard, seen or read about an element of a programme theory.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "qualitative_evidence")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub virkningsevaluering_id: Uuid,
    /// The version of the evaluation that brought it.
    pub since_version: i64,
    pub theory_element_id: Uuid,
    pub method: EvidenceMethod,
    pub finding: Finding,
    pub text: String,
    /// Where it comes from.
    pub source: Option<String>,
    /// The first and the last day that it is about; both or neither.
    pub period_start: Option<TimeDate>,
    pub period_end: Option<TimeDate>,
}

impl ActiveModelBehavior for ActiveModel {}
