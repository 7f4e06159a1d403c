use sea_orm::entity::prelude::*;

/// What the principles of some years belong to.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "strategy")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    pub from_year: i32,
    pub to_year: i32,
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
