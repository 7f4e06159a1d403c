use sea_orm::entity::prelude::*;

/// A numbered principle of a strategy.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "strategy_principle")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub strategy_id: Uuid,
    pub number: i32,
    pub name: String,
    pub version: i64,
    #[sea_orm(belongs_to, from = "strategy_id", to = "id")]
    pub strategy: BelongsTo<super::strategy::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
