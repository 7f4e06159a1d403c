use sea_orm::entity::prelude::*;

use crate::columns::{
    AbsenceKind, Anchor, CategoryCounts, Comparability, CorrectionKind, Decimal, GroupKind, MeasurementKind,
    Timestamp, Wave,
};

/// One observed value of a criterion, or why there is none. Corrected by another, never changed.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "measurement")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub virkningsevaluering_id: Uuid,
    pub success_criterion_id: Uuid,
    /// The version of the evaluation that brought it.
    pub since_version: i64,
    /// The version of the evaluation that ended it; none while it stands.
    pub until_version: Option<i64>,
    pub wave: Wave,
    pub months_anchor: Option<Anchor>,
    pub months_from: Option<i32>,
    pub months_to: Option<i32>,
    pub group_kind: GroupKind,
    pub group_name: Option<String>,
    pub comparability: Option<Comparability>,
    /// What makes it the one current measurement of its criterion in its place; see `domain::measurement`.
    pub slot: String,
    pub period_start: TimeDate,
    pub period_end: TimeDate,
    pub population_id: Option<Uuid>,
    pub data_source_id: Option<Uuid>,
    /// The form of the value; none where there is an absence.
    pub kind: Option<MeasurementKind>,
    /// Whether it is computed from observations.
    pub computed: bool,
    pub numerator: Option<i32>,
    pub denominator: Option<i32>,
    pub mean: Option<Decimal>,
    pub sd: Option<Decimal>,
    pub median: Option<Decimal>,
    pub minimum: Option<Decimal>,
    pub maximum: Option<Decimal>,
    /// How many people a mean or a summary is of.
    pub n: Option<i32>,
    pub count: Option<i32>,
    /// Person-time at risk.
    pub exposure: Option<Decimal>,
    pub categories: Option<CategoryCounts>,
    pub absence: Option<AbsenceKind>,
    pub absence_reason: Option<String>,
    pub note: Option<String>,
    /// The measurement that it corrects, and why.
    pub corrects_id: Option<Uuid>,
    pub correction: Option<CorrectionKind>,
    pub correction_reason: Option<String>,
    pub recorded_at: Timestamp,
}

impl ActiveModelBehavior for ActiveModel {}
