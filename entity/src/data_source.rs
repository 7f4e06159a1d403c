use sea_orm::entity::prelude::*;

/// Where a measurement comes from.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "data_source")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub virkningsevaluering_id: Uuid,
    /// The version of the evaluation that brought it.
    pub since_version: i64,
    /// The register or instrument.
    pub name: String,
    pub supplier: Option<String>,
    pub extracted_on: Option<TimeDate>,
    pub covered_until: Option<TimeDate>,
    /// How far the source lags behind what it describes.
    pub delay: Option<String>,
    pub known_limits: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
