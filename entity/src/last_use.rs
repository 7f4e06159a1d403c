use sea_orm::entity::prelude::*;

use crate::columns::Timestamp;

/// When a session or an API token was last used, to the minute.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "last_use")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub credential_id: Uuid,
    pub account_id: Uuid,
    pub used_at: Timestamp,
}

impl ActiveModelBehavior for ActiveModel {}
