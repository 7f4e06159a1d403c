use sea_orm::entity::prelude::*;

use crate::columns::ElementKind;

/// An element of an evaluation's programme theory. What it says is in its versions.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "theory_element")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub virkningsevaluering_id: Uuid,
    /// Its place in the evaluation, from 1; never given to another.
    pub number: i32,
    pub kind: ElementKind,
}

impl ActiveModelBehavior for ActiveModel {}
