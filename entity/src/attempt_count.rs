use sea_orm::entity::prelude::*;

use crate::columns::Timestamp;

/// How many passwords were given in vain: for an account, from an address, or both.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "attempt_count")]
pub struct Model {
    /// What is counted, as SHA-256: neither addresses nor the names that strangers try are kept.
    #[sea_orm(primary_key, auto_increment = false)]
    pub digest: Vec<u8>,
    pub failures: i32,
    pub counted_at: Timestamp,
    /// When the account last signed in from the address; none where only failures are counted.
    pub known_at: Option<Timestamp>,
}

impl ActiveModelBehavior for ActiveModel {}
