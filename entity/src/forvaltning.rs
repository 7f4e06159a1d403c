use sea_orm::entity::prelude::*;

/// One of the municipality's administrations.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "forvaltning")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub code: String,
    pub name: String,
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
