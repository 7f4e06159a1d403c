use sea_orm::entity::prelude::*;

use crate::columns::{Confirmation, Role, Timestamp};

/// One role of one account in one place for one time.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "role_grant")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub account_id: Uuid,
    pub role: Role,
    /// The forvaltning it holds in; none is the whole municipality.
    pub forvaltning_id: Option<Uuid>,
    pub valid_from: Timestamp,
    pub valid_to: Option<Timestamp>,
    /// The group at the issuer that it stands for; none where a person granted it.
    pub issuer_group: Option<String>,
    /// Of a grant of ADMIN. None where nothing had to be confirmed.
    pub confirmation: Option<Confirmation>,
    pub version: i64,
    #[sea_orm(belongs_to, from = "forvaltning_id", to = "id")]
    pub forvaltning: BelongsTo<Option<super::forvaltning::Entity>>,
}

impl ActiveModelBehavior for ActiveModel {}
