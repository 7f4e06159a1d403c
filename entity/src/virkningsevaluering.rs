use sea_orm::entity::prelude::*;

use crate::columns::Timestamp;

/// What an evaluation is from beginning to end. What changes in its life is in its states and parts.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "virkningsevaluering")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Its name in files: unique, made when it is planned, never changed.
    pub slug: String,
    pub intervention_id: Uuid,
    pub registered_at: Option<Timestamp>,
    /// The version in which its criteria were registered.
    pub registered_version: Option<i64>,
    /// The version that readers elsewhere see; none while nothing of it is published.
    pub published_version: Option<i64>,
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
