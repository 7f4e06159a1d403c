use sea_orm::entity::prelude::*;

/// A programme of work over years.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "intervention")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub slug: String,
    pub name: String,
    /// The name's place in Danish order.
    pub name_key: Vec<u8>,
    /// The name as searched: case and composition folded.
    pub name_search: String,
    pub since: Option<i32>,
    pub parent_id: Option<Uuid>,
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
