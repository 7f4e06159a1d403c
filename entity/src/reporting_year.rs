use sea_orm::entity::prelude::*;

use crate::columns::YearStatus;

/// A year that the forvaltninger report on.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reporting_year")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    #[sea_orm(unique)]
    pub year: i32,
    pub status: YearStatus,
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
