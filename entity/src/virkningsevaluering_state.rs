use sea_orm::entity::prelude::*;

use crate::columns::EvaluationStatus;

/// What an evaluation was called and how far it had come, from one of its versions to another.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "virkningsevaluering_state")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub virkningsevaluering_id: Uuid,
    /// The version of the evaluation that brought it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub since_version: i64,
    /// The version of the evaluation that ended it; none while it stands.
    pub until_version: Option<i64>,
    pub title: String,
    pub title_key: Vec<u8>,
    pub title_search: String,
    pub period_start: TimeDate,
    pub period_end: TimeDate,
    pub evaluation_round_id: Option<Uuid>,
    /// How many people were enrolled, where that is stated.
    pub enrolled: Option<i32>,
    pub status: EvaluationStatus,
    /// Which publication it is or prepares, from 1.
    pub revision: i32,
}

impl ActiveModelBehavior for ActiveModel {}
