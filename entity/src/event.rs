use sea_orm::entity::prelude::*;

use crate::columns::{Action, SubjectKind, Timestamp};

/// One entry of the history. Append-only: the database refuses changes.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "event")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub subject_kind: SubjectKind,
    pub subject_id: Uuid,
    /// Place in the subject's history, from 1.
    pub sequence: i64,
    /// The intervention that the subject belongs to, by which the event is shown or hidden.
    pub intervention_id: Option<Uuid>,
    pub occurred_at: Timestamp,
    pub actor_id: Uuid,
    pub action: Action,
    /// The canonical bytes (RFC 8785), as hashed.
    pub body: String,
    /// SHA-256 of 0x00 and the body: the leaf of RFC 6962.
    pub leaf: Vec<u8>,
}

impl ActiveModelBehavior for ActiveModel {}
