use sea_orm::entity::prelude::*;

/// A principle that the intervention worked with that year.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "intervention_year_principle")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub intervention_year_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub strategy_principle_id: Uuid,
}

impl ActiveModelBehavior for ActiveModel {}
