use sea_orm::entity::prelude::*;

use crate::columns::Timestamp;

/// A person or script that can act.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub email: String,
    /// The address as compared: two accounts never differ by case alone.
    pub email_key: String,
    pub name: String,
    /// A PHC string; none where the account signs in elsewhere.
    pub password_hash: Option<String>,
    pub active: bool,
    /// Who vouches for it, and what it is called there; both or none. Nothing else tells whose an issuer's token is.
    pub issuer: Option<String>,
    pub subject: Option<String>,
    /// SHA-256 of the one-time link by which a password can be set, while there is one.
    pub link_digest: Option<Vec<u8>>,
    pub link_expires_at: Option<Timestamp>,
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
