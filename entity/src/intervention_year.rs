use sea_orm::entity::prelude::*;

use crate::columns::{TextList, YearReportStatus};

/// What an intervention was in one reporting year.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "intervention_year")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub intervention_id: Uuid,
    pub year: i32,
    pub status: YearReportStatus,
    pub lead_id: Uuid,
    pub citywide: bool,
    /// Whether the intervention is in the budget package; none where the report does not say.
    pub in_package: Option<bool>,
    pub anonymous: bool,
    pub problem: Option<String>,
    pub method: Option<String>,
    pub remarks: Option<String>,
    pub external_partners: TextList,
    pub activities: TextList,
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
