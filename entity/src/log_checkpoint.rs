use sea_orm::entity::prelude::*;

/// What was signed of the log when it had so many entries.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "log_checkpoint")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub size: i64,
    /// A signed note (C2SP).
    pub note: String,
}

impl ActiveModelBehavior for ActiveModel {}
