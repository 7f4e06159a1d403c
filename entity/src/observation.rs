use sea_orm::entity::prelude::*;

use crate::columns::{Decimal, TextList, Wave};

/// What one pseudonymous participant answered in one wave. Once erased, the commitment alone is left.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "observation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub virkningsevaluering_id: Uuid,
    /// The version of the evaluation that brought it.
    pub since_version: i64,
    /// The version of the evaluation that ended it; none while it stands.
    pub until_version: Option<i64>,
    pub success_criterion_id: Uuid,
    pub observation_batch_id: Uuid,
    pub wave: Wave,
    /// The forvaltning's own pseudonym.
    pub participant: Option<String>,
    /// Of a share by categories.
    pub category: Option<String>,
    /// Of a share 1 or 0, of a mean the score, of a count the count.
    pub value: Option<Decimal>,
    /// Of a count: person-time at risk.
    pub exposure: Option<Decimal>,
    /// The answers that a score is made of.
    pub items: Option<TextList>,
    pub salt: Option<Vec<u8>>,
    /// SHA-256 of the salt and all that was answered.
    pub commitment: Vec<u8>,
}

impl ActiveModelBehavior for ActiveModel {}
