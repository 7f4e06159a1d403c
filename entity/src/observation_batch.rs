use sea_orm::entity::prelude::*;

use crate::columns::{Timestamp, Wave};

/// Observations that were recorded together. The history holds this row, and of the observations a digest.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "observation_batch")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub virkningsevaluering_id: Uuid,
    /// The version of the evaluation that brought it.
    pub since_version: i64,
    pub success_criterion_id: Uuid,
    pub wave: Wave,
    pub period_start: TimeDate,
    pub period_end: TimeDate,
    /// How many there are.
    pub observations: i32,
    /// SHA-256 of their commitments, in the order of their ids.
    pub digest: Vec<u8>,
    /// How many others they took the place of, and the digest of those.
    pub replaced: i32,
    pub replaced_digest: Vec<u8>,
    pub recorded_at: Timestamp,
}

impl ActiveModelBehavior for ActiveModel {}
