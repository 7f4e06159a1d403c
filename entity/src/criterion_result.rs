use sea_orm::entity::prelude::*;

use crate::columns::{Anchor, Decimal, GroupKind, TextList, Timestamp, Wave};

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
    /// What is compared with the wave before, `AFTER` or `FOLLOW_UP`.
    pub wave: Wave,
    /// The window of months of a measurement that follows up.
    pub months_anchor: Option<Anchor>,
    pub months_from: Option<i32>,
    pub months_to: Option<i32>,
    pub before_id: Option<Uuid>,
    pub after_id: Option<Uuid>,
    pub paired_table_id: Option<Uuid>,
    /// What was compared: people with the outcome, people, and the value. Of those alone who were measured both times, where it
    /// is known who they are.
    pub before_numerator: Option<i32>,
    pub before_n: Option<i32>,
    pub before_value: Option<Decimal>,
    pub after_numerator: Option<i32>,
    pub after_n: Option<i32>,
    pub after_value: Option<Decimal>,
    /// How many were measured both times, are left out, and were enrolled, where that is known.
    pub paired: Option<i32>,
    pub excluded: Option<i32>,
    pub enrolled: Option<i32>,
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
    /// The p-value of no change, rounded up at the sixth place: a range where the pairing is unknown.
    pub p_lowest: Option<Decimal>,
    pub p_highest: Option<Decimal>,
    /// Code of `evidence::effect_size`.
    pub effect_size_kind: Option<String>,
    pub effect_size: Option<Decimal>,
    pub effect_size_low: Option<Decimal>,
    pub effect_size_high: Option<Decimal>,
    /// How many changed by what matters on the instrument.
    pub improved: Option<i32>,
    pub worsened: Option<i32>,
    pub unchanged: Option<i32>,
    /// The median change of pairs (Hodges and Lehmann), and the tests of ranks and of signs.
    pub median_change: Option<Decimal>,
    pub median_change_low: Option<Decimal>,
    pub median_change_high: Option<Decimal>,
    pub signed_rank_p: Option<Decimal>,
    pub sign_test_p: Option<Decimal>,
    pub method: Option<String>,
    /// The version of the rules by which it was computed.
    pub method_version: i32,
    /// Codes of `evidence::warning`, the gravest first.
    pub warnings: TextList,
    /// The n11 of a paired table that would settle an unknown pairing.
    pub settled_from: Option<i32>,
    pub settled_to: Option<i32>,
    /// The correlation, in hundredths, that would settle an unknown pairing of means.
    pub settled_correlation: Option<i32>,
    /// SHA-256 of all that it was computed from.
    pub input_hash: Vec<u8>,
    pub computed_at: Timestamp,
}

impl ActiveModelBehavior for ActiveModel {}
