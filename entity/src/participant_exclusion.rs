use sea_orm::entity::prelude::*;

/// A participant whose observations of a criterion are not counted, and why.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "participant_exclusion")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub virkningsevaluering_id: Uuid,
    /// The version of the evaluation that brought it.
    pub since_version: i64,
    /// The version of the evaluation that ended it; none while it stands.
    pub until_version: Option<i64>,
    pub success_criterion_id: Uuid,
    /// The forvaltning's own pseudonym; none once erased.
    pub participant: Option<String>,
    pub reason: String,
    pub salt: Option<Vec<u8>>,
    /// SHA-256 of the salt and the pseudonym.
    pub commitment: Vec<u8>,
}

impl ActiveModelBehavior for ActiveModel {}
