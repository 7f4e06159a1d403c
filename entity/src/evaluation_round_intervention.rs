use sea_orm::entity::prelude::*;

/// An intervention that was chosen for a round.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "evaluation_round_intervention")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub evaluation_round_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub intervention_id: Uuid,
}

impl ActiveModelBehavior for ActiveModel {}
