use sea_orm::entity::prelude::*;

use crate::columns::{CriterionBasis, CriterionDirection, CriterionUnit, Decimal, Pairing, TextList};

/// What a criterion says, from one version of its evaluation to another.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "success_criterion_version")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub success_criterion_id: Uuid,
    /// The version of the evaluation that brought it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub since_version: i64,
    /// The version of the evaluation that ended it; none while it stands.
    pub until_version: Option<i64>,
    pub virkningsevaluering_id: Uuid,
    pub dimension: String,
    pub indicator: String,
    pub direction: CriterionDirection,
    pub basis: CriterionBasis,
    /// A fraction for shares, else in the unit of what is measured; never negative.
    pub threshold: Decimal,
    pub unit: CriterionUnit,
    pub pairing: Pairing,
    /// The categories of a distribution that count as success.
    pub success_categories: TextList,
    /// The code of the instrument that scores are measured with.
    pub instrument: Option<String>,
    /// Codes of `Caution`.
    pub cautions: TextList,
    /// Why it was amended after it was registered.
    pub amendment: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
