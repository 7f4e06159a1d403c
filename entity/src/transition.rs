use sea_orm::entity::prelude::*;

use crate::columns::{EvaluationStatus, Timestamp};

/// One step of an evaluation from one status to another.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "transition")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub virkningsevaluering_id: Uuid,
    /// The version of the evaluation that brought it.
    pub since_version: i64,
    pub from_status: EvaluationStatus,
    pub to_status: EvaluationStatus,
    pub actor_id: Uuid,
    pub at: Timestamp,
    pub comment: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
