use sea_orm::entity::prelude::*;

/// How the same people stood before and after, bound to the two measurements it was counted with.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "paired_table")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub virkningsevaluering_id: Uuid,
    pub success_criterion_id: Uuid,
    /// The version of the evaluation that brought it.
    pub since_version: i64,
    /// The version of the evaluation that ended it; none while it stands.
    pub until_version: Option<i64>,
    pub before_id: Uuid,
    pub after_id: Uuid,
    /// Both before and after.
    pub n11: i32,
    /// Before only.
    pub n10: i32,
    /// After only.
    pub n01: i32,
    /// Neither.
    pub n00: i32,
}

impl ActiveModelBehavior for ActiveModel {}
