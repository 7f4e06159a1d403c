use sea_orm::entity::prelude::*;

/// A forvaltning that takes part without leading.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "intervention_year_partner")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub intervention_year_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub forvaltning_id: Uuid,
}

impl ActiveModelBehavior for ActiveModel {}
