use sea_orm::entity::prelude::*;

/// Another name of a district.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "district_alias")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub alias: String,
    pub district_id: Uuid,
}

impl ActiveModelBehavior for ActiveModel {}
