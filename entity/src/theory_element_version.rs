use sea_orm::entity::prelude::*;

/// What an element says, from one version of its evaluation to another.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "theory_element_version")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub theory_element_id: Uuid,
    /// The version of the evaluation that brought it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub since_version: i64,
    /// The version of the evaluation that ended it; none while it stands.
    pub until_version: Option<i64>,
    pub virkningsevaluering_id: Uuid,
    pub text: String,
}

impl ActiveModelBehavior for ActiveModel {}
