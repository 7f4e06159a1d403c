use sea_orm::entity::prelude::*;

use crate::columns::Timestamp;

/// Moments by which an account's tokens from an issuer are judged when they are first seen.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account_token_bounds")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: Uuid,
    /// Tokens issued before this are refused: all sessions were ended then, and these belong to them.
    pub refused_before: Option<Timestamp>,
    /// When the token was issued whose groups were last made grants. An older one tells what no longer holds.
    pub groups_of: Option<Timestamp>,
}

impl ActiveModelBehavior for ActiveModel {}
