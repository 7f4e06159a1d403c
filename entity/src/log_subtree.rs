use sea_orm::entity::prelude::*;

/// The hash over 2^level leaves of the log, the first of which is at `position` times as many. Only whole subtrees of levels 8,
/// 16, 24 and on are kept.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "log_subtree")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub level: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i64,
    pub hash: Vec<u8>,
}

impl ActiveModelBehavior for ActiveModel {}
