use sea_orm::entity::prelude::*;

/// A place that the intervention was aimed at that year.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "intervention_year_district")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub intervention_year_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub district_id: Uuid,
}

impl ActiveModelBehavior for ActiveModel {}
