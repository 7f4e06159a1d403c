use sea_orm::entity::prelude::*;

/// The place of an event in the log. Append-only, and filled by the database as events are committed.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "log_entry")]
pub struct Model {
    /// From 0, without gaps, in the order of the commits.
    #[sea_orm(primary_key, auto_increment = false)]
    pub index: i64,
    #[sea_orm(unique)]
    pub event_id: Uuid,
    /// The event's leaf, beside its index so that the tree is built without reading events.
    pub leaf: Vec<u8>,
    #[sea_orm(belongs_to, from = "event_id", to = "id")]
    pub event: BelongsTo<super::event::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
