use sea_orm::entity::prelude::*;

use crate::columns::Timestamp;

/// That observations were erased, and how many.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "observation_erasure")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub virkningsevaluering_id: Uuid,
    /// The version of the evaluation that brought it.
    pub since_version: i64,
    pub observations: i32,
    pub erased_at: Timestamp,
}

impl ActiveModelBehavior for ActiveModel {}
