use sea_orm::entity::prelude::*;

use crate::columns::Timestamp;

/// What a client's key was first used for.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    /// SHA-256 of the operation and its input.
    pub fingerprint: Vec<u8>,
    /// None only within the transaction that uses the key first.
    pub subject_id: Option<Uuid>,
    pub at: Timestamp,
}

impl ActiveModelBehavior for ActiveModel {}
