use sea_orm::entity::prelude::*;

use crate::columns::{TextList, Timestamp};

/// A long-lived secret by which a program acts for an account, with some of the account's roles.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "api_token")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub account_id: Uuid,
    pub name: String,
    /// Each a role, and where it holds in one forvaltning a space and the forvaltning's id.
    pub roles: TextList,
    /// SHA-256 of the token; the token itself is never stored.
    pub digest: Vec<u8>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub revoked_at: Option<Timestamp>,
    pub version: i64,
    #[sea_orm(belongs_to, from = "account_id", to = "id")]
    pub account: BelongsTo<super::account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
