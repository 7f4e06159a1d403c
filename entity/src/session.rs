use sea_orm::entity::prelude::*;

use crate::columns::Timestamp;

/// What began with a sign-in and ends by signing out, a changed password or a refresh token used twice.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub account_id: Uuid,
    pub started_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    #[sea_orm(belongs_to, from = "account_id", to = "id")]
    pub account: BelongsTo<super::account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
