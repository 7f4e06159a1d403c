use sea_orm::entity::prelude::*;

/// Who is counted in a measurement.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "population")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub virkningsevaluering_id: Uuid,
    /// The version of the evaluation that brought it.
    pub since_version: i64,
    /// Who is counted.
    pub name: String,
    /// From when on they are.
    pub counted_from: Option<String>,
    /// Who is left out, and why.
    pub left_out: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
