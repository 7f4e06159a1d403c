use sea_orm::entity::prelude::*;

use crate::columns::RivalAssessment;

/// What else could explain an outcome, and how that stands, from one version of its evaluation to another.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rival_explanation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The version of the evaluation that brought it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub since_version: i64,
    /// The version of the evaluation that ended it; none while it stands.
    pub until_version: Option<i64>,
    pub virkningsevaluering_id: Uuid,
    /// The outcome that it would explain; none where it would explain what the evaluation finds as a whole.
    pub theory_element_id: Option<Uuid>,
    pub text: String,
    pub assessment: RivalAssessment,
    /// What the assessment rests on.
    pub grounds: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
