use sea_orm::entity::prelude::*;

use crate::columns::{AccessOutcome, AccessedKind, Action, TextList, Timestamp};

/// One entry of the access log: what an actor was refused, and how often within an hour; or what participants answered that
/// an actor read, and why. Kept for a time only.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "access_log_entry")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// SHA-256 of what equal entries have in common.
    pub digest: Vec<u8>,
    pub actor_id: Uuid,
    /// The roles at the first time.
    pub actor_roles: TextList,
    /// None where something was only to be read.
    pub action: Option<Action>,
    /// What it was to be done to; none where that cannot be told.
    pub subject_kind: Option<AccessedKind>,
    /// What was named by an id, if anything was.
    pub named_kind: Option<AccessedKind>,
    pub named_id: Option<Uuid>,
    /// The intervention that what was named belonged to when the entry was written.
    pub intervention_id: Option<Uuid>,
    pub outcome: AccessOutcome,
    /// What participants' answers were read for; of readings only.
    pub purpose: Option<String>,
    pub first_at: Timestamp,
    pub last_at: Timestamp,
    pub count: i64,
    /// The request of the first time.
    pub request_id: Uuid,
}

impl ActiveModelBehavior for ActiveModel {}
