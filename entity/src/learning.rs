use sea_orm::entity::prelude::*;

use crate::columns::Audience;

/// What an evaluation teaches, and whom.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "learning")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub virkningsevaluering_id: Uuid,
    /// The version of the evaluation that brought it.
    pub since_version: i64,
    pub audience: Audience,
    pub text: String,
}

impl ActiveModelBehavior for ActiveModel {}
