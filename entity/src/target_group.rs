use sea_orm::entity::prelude::*;

use crate::columns::Decimal;

/// Whom the intervention is for, in the order of the report.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "target_group")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub intervention_year_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    pub name: String,
    pub age_from: Option<Decimal>,
    pub age_to: Option<Decimal>,
}

impl ActiveModelBehavior for ActiveModel {}
