use async_graphql::{Context, Enum, ID, InputObject, Object, Result};
use domain::intervention_year::{self, Content, InterventionYear, Report};
use domain::{Given, operate};

use super::{edit, version, version_or_new};
use crate::ids::Kind;
use crate::payload::payload;
use crate::request::signed_in;
use crate::scalars::Decimal;

/// What writing a report takes. A field that is not given stays as it is.
#[derive(InputObject)]
pub struct UpdateInterventionYearInput {
    /// The intervention.
    intervention_id: ID,
    /// The reporting year, which must be open. A report that is not there yet starts as last year's said.
    year: i32,
    /// The version you read; left out for a report that is not there yet.
    expected_version: Option<i32>,
    /// The code of the forvaltning that leads. Only a COORDINATOR changes it.
    lead_forvaltning: Option<String>,
    /// The codes of those that take part. Only a COORDINATOR changes them.
    partner_forvaltninger: Option<Vec<String>>,
    /// The numbers of the principles.
    principles: Option<Vec<i32>>,
    /// Whether it is for the whole city; then it names no districts.
    citywide: Option<bool>,
    /// Names or aliases of districts.
    districts: Option<Vec<String>>,
    /// Whom it is for.
    target_groups: Option<Vec<TargetGroupInput>>,
    /// Whether people take part anonymously.
    anonymous: Option<bool>,
    /// Partners outside the municipality, each of at most 300 characters.
    external_partners: Option<Vec<String>>,
    /// What it consists of, each of at most 300 characters.
    activities: Option<Vec<String>>,
    /// Whether it is in the budget package.
    in_package: Option<bool>,
    /// The problem it answers; at most 10,000 characters.
    problem: Option<String>,
    /// How it works; at most 10,000 characters.
    method: Option<String>,
    /// What else to know; at most 10,000 characters.
    remarks: Option<String>,
    /// Fields to empty. A null never does.
    #[graphql(default)]
    clear: Vec<InterventionYearField>,
    /// Why, for the history.
    reason: Option<String>,
}

/// Whom an intervention is for.
#[derive(InputObject)]
pub struct TargetGroupInput {
    /// Who they are; at most 300 characters.
    name: String,
    /// The youngest, in years, 0 to 150, such as 17.5.
    age_from: Option<Decimal>,
    /// The oldest, in years, 0 to 150.
    age_to: Option<Decimal>,
}

/// The fields of a report that can be emptied.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum InterventionYearField {
    /// Whether it is in the budget package becomes unknown.
    InPackage,
    /// The problem it answers.
    Problem,
    /// How it works.
    Method,
    /// What else to know.
    Remarks,
}

/// What moving a report on takes.
#[derive(InputObject)]
pub struct InterventionYearStepInput {
    /// The report.
    id: ID,
    /// The version you read.
    expected_version: i32,
    /// Why, for the history.
    reason: Option<String>,
}

/// What sending a report back takes.
#[derive(InputObject)]
pub struct ReturnInterventionYearInput {
    /// The report.
    id: ID,
    /// The version you read.
    expected_version: i32,
    /// What there is to mend, for the writer and the history.
    reason: String,
}

payload! {
    /// A report, drafted or changed.
    UpdateInterventionYearPayload {
        /// The report; null where it was refused.
        intervention_year: InterventionYear
    }
}

payload! {
    /// A report, handed over for approval.
    SubmitInterventionYearPayload {
        /// The report; null where it was refused.
        intervention_year: InterventionYear
    }
}

payload! {
    /// A report, sent back.
    ReturnInterventionYearPayload {
        /// The report; null where it was refused.
        intervention_year: InterventionYear
    }
}

payload! {
    /// A report, approved.
    ApproveInterventionYearPayload {
        /// The report; null where it was refused.
        intervention_year: InterventionYear
    }
}

#[derive(Default)]
pub struct InterventionYearMutations;

#[Object]
impl InterventionYearMutations {
    /// Drafts the report of a year, or changes it. An approved report becomes a draft again. Needs EVALUATOR in a
    /// forvaltning that leads or takes part, or COORDINATOR.
    async fn update_intervention_year(
        &self,
        field: &Context<'_>,
        input: UpdateInterventionYearInput,
    ) -> Result<Option<UpdateInterventionYearPayload>> {
        let given = Given {
            expected: version_or_new(input.expected_version),
            reason: input.reason.clone(),
            ..Given::default()
        };
        let written = async { operate(signed_in(field)?, input.operation(), given).await };
        UpdateInterventionYearPayload::new(field, written.await, row).map(Some)
    }

    /// Hands a draft over for approval. Needs EVALUATOR in a forvaltning that leads or takes part.
    async fn submit_intervention_year(
        &self,
        field: &Context<'_>,
        input: InterventionYearStepInput,
    ) -> Result<Option<SubmitInterventionYearPayload>> {
        let operation = intervention_year::Submit { id: Kind::InterventionYear.read(&input.id) };
        let submitted = async { operate(signed_in(field)?, operation, input.given()).await };
        SubmitInterventionYearPayload::new(field, submitted.await, row).map(Some)
    }

    /// Sends a submitted report back as a draft, with what there is to mend. Needs APPROVER where its forvaltning leads.
    async fn return_intervention_year(
        &self,
        field: &Context<'_>,
        input: ReturnInterventionYearInput,
    ) -> Result<Option<ReturnInterventionYearPayload>> {
        let ReturnInterventionYearInput { id, expected_version, reason } = input;
        let operation = intervention_year::Return { id: Kind::InterventionYear.read(&id) };
        let given = Given { expected: version(expected_version), reason: Some(reason), ..Given::default() };
        let returned = async { operate(signed_in(field)?, operation, given).await };
        ReturnInterventionYearPayload::new(field, returned.await, row).map(Some)
    }

    /// Approves a submitted report. Nobody approves what they wrote in. Needs APPROVER where its forvaltning leads.
    async fn approve_intervention_year(
        &self,
        field: &Context<'_>,
        input: InterventionYearStepInput,
    ) -> Result<Option<ApproveInterventionYearPayload>> {
        let operation = intervention_year::Approve { id: Kind::InterventionYear.read(&input.id) };
        let approved = async { operate(signed_in(field)?, operation, input.given()).await };
        ApproveInterventionYearPayload::new(field, approved.await, row).map(Some)
    }
}

fn row(report: Report) -> (InterventionYear,) {
    (report.row,)
}

impl InterventionYearStepInput {
    fn given(&self) -> Given {
        Given { expected: version(self.expected_version), reason: self.reason.clone(), ..Given::default() }
    }
}

impl UpdateInterventionYearInput {
    fn operation(self) -> intervention_year::Update {
        let Self {
            intervention_id,
            year,
            expected_version: _,
            lead_forvaltning,
            partner_forvaltninger,
            principles,
            citywide,
            districts,
            target_groups,
            anonymous,
            external_partners,
            activities,
            in_package,
            problem,
            method,
            remarks,
            clear,
            reason: _,
        } = self;
        let clears = |field| clear.contains(&field);
        let group = |TargetGroupInput { name, age_from, age_to }| intervention_year::TargetGroupInput {
            name,
            age_from: age_from.map(|age| age.0),
            age_to: age_to.map(|age| age.0),
        };
        let content = Content {
            lead: lead_forvaltning,
            partners: partner_forvaltninger,
            principles,
            citywide,
            districts,
            target_groups: target_groups.map(|groups| groups.into_iter().map(group).collect()),
            anonymous,
            external_partners,
            activities,
            in_package: edit(in_package, clears(InterventionYearField::InPackage)),
            problem: edit(problem, clears(InterventionYearField::Problem)),
            method: edit(method, clears(InterventionYearField::Method)),
            remarks: edit(remarks, clears(InterventionYearField::Remarks)),
        };
        intervention_year::Update {
            intervention_id: Kind::Intervention.read(&intervention_id),
            year,
            content,
        }
    }
}
