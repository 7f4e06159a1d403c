use sea_orm::entity::prelude::*;

/// A year's round of evaluations, under a theme.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "evaluation_round")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub year: i32,
    pub theme: String,
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
