use sea_orm::entity::prelude::*;

use crate::columns::{Decimal, GroupKind, TextList, Timestamp};

/// What the measurements of a criterion said of one group, from one version of its evaluation to another.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "criterion_result")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The version of the evaluation that brought it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub since_version: i64,
    /// The version of the evaluation that ended it; none while it stands.
    pub until_version: Option<i64>,
    pub virkningsevaluering_id: Uuid,
    pub success_criterion_id: Uuid,
    pub group_kind: GroupKind,
    pub group_name: Option<String>,
    pub before_id: Option<Uuid>,
    pub after_id: Option<Uuid>,
    pub paired_table_id: Option<Uuid>,
    /// Codes of `evidence::verdict`.
    pub attainment: String,
    pub verdict: String,
    pub not_assessable: Option<String>,
    pub change: Option<String>,
    pub relative_change: Option<Decimal>,
    pub difference: Option<Decimal>,
    pub interval_low: Option<Decimal>,
    pub interval_high: Option<Decimal>,
    pub confidence: Decimal,
    pub method: Option<String>,
    /// The version of the rules by which it was computed.
    pub method_version: i32,
    /// Codes of `evidence::warning`, the gravest first.
    pub warnings: TextList,
    /// The n11 of a paired table that would settle an unknown pairing.
    pub settled_from: Option<i32>,
    pub settled_to: Option<i32>,
    /// SHA-256 of all that it was computed from.
    pub input_hash: Vec<u8>,
    pub computed_at: Timestamp,
}

impl ActiveModelBehavior for ActiveModel {}
