use sea_orm::entity::prelude::*;

/// A forvaltning that pays.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "funding_forvaltning")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub funding_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub forvaltning_id: Uuid,
}

impl ActiveModelBehavior for ActiveModel {}
