use sea_orm::entity::prelude::*;

use crate::columns::{Comparability, Decimal, Timestamp};

/// How much more the participants changed than a comparison group, or how far they are apart, from one version of the
/// evaluation to another.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "criterion_comparison")]
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
    pub group_name: String,
    pub comparability: Comparability,
    /// The measurements of the comparison group.
    pub group_before_id: Option<Uuid>,
    pub group_after_id: Option<Uuid>,
    /// Code of `evidence::comparison::Design`.
    pub design: String,
    /// A difference of differences, a ratio of ratios for counts, or a gap.
    pub estimate: Decimal,
    pub interval_low: Option<Decimal>,
    pub interval_high: Option<Decimal>,
    pub p: Option<Decimal>,
    /// Codes of `evidence`.
    pub method: Option<String>,
    pub change: Option<String>,
    /// The version of the rules by which it was computed.
    pub method_version: i32,
    /// SHA-256 of all that it was computed from.
    pub input_hash: Vec<u8>,
    pub computed_at: Timestamp,
}

impl ActiveModelBehavior for ActiveModel {}
