use sea_orm::entity::prelude::*;

/// That a success criterion measures an element of the programme theory.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "element_criterion")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub virkningsevaluering_id: Uuid,
    /// The version of the evaluation that brought it.
    pub since_version: i64,
    /// The version of the evaluation that ended it; none while it stands.
    pub until_version: Option<i64>,
    pub success_criterion_id: Uuid,
    pub theory_element_id: Uuid,
}

impl ActiveModelBehavior for ActiveModel {}
