use sea_orm::entity::prelude::*;

use crate::columns::{CriterionDirection, Decimal};

/// A scale on which people have a score. It is never changed.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "instrument")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub code: String,
    pub name: String,
    /// Which way is better.
    pub direction: CriterionDirection,
    pub minimum: Decimal,
    pub maximum: Decimal,
    /// The smallest change that matters to a person.
    pub smallest_change: Option<Decimal>,
    /// How many items a score is made of, what each takes, and what their sum is multiplied by.
    pub item_count: Option<i32>,
    pub item_minimum: Option<i32>,
    pub item_maximum: Option<i32>,
    pub factor: Option<i32>,
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
