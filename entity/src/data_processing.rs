use sea_orm::entity::prelude::*;

/// Why an evaluation may keep what its participants answered, and until when.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "data_processing")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub virkningsevaluering_id: Uuid,
    /// The version of the evaluation that brought it.
    pub since_version: i64,
    /// The version of the evaluation that ended it; none while it stands.
    pub until_version: Option<i64>,
    pub purpose: String,
    pub legal_basis: String,
    pub deletion_date: TimeDate,
}

impl ActiveModelBehavior for ActiveModel {}
