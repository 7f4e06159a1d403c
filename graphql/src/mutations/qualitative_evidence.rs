//! What bears on a programme theory: qualitative evidence, and rival explanations.

use async_graphql::{Context, ID, InputObject, Object, Result};
use domain::qualitative_evidence::{self, QualitativeEvidence};
use domain::rival_explanation::{self, Assessed};
use domain::virkningsevaluering::{Evaluation, Seen};
use domain::{Error, Given, GivenId, operate};

use super::{evaluation_of, version};
use crate::enums::{EvidenceMethod, Finding, RivalAssessment};
use crate::ids::Kind;
use crate::payload::payload;
use crate::request::signed_in;
use crate::scalars::Date;

/// What adding qualitative evidence takes.
#[derive(InputObject)]
pub struct AddQualitativeEvidenceInput {
    /// The element of the programme theory that it bears on.
    element_id: ID,
    /// How it was gathered.
    method: EvidenceMethod,
    /// What it says of the element.
    finding: Finding,
    /// What was found; at most 10,000 characters. Nothing by which a person can be known.
    text: String,
    /// Where it comes from; at most 300 characters.
    source: Option<String>,
    /// The first day that it is about; with the last one or not at all.
    period_start: Option<Date>,
    /// The last day that it is about.
    period_end: Option<Date>,
    /// A key of your own that makes sending this again harmless.
    idempotency_key: Option<String>,
    /// Why, for the history.
    reason: Option<String>,
}

/// What adding a rival explanation takes.
#[derive(InputObject)]
pub struct AddRivalExplanationInput {
    /// The evaluation.
    virkningsevaluering_id: ID,
    /// The outcome that it would explain; left out where it would explain what the evaluation finds as a whole.
    element_id: Option<ID>,
    /// What it says; at most 10,000 characters.
    text: String,
    /// How it stands.
    #[graphql(default_with = "RivalAssessment::NotAssessed")]
    assessment: RivalAssessment,
    /// What the assessment rests on, at most 10,000 characters; all but `NOT_ASSESSED` need it.
    grounds: Option<String>,
    /// A key of your own that makes sending this again harmless.
    idempotency_key: Option<String>,
    /// Why, for the history.
    reason: Option<String>,
}

/// What assessing a rival explanation takes.
#[derive(InputObject)]
pub struct AssessRivalExplanationInput {
    /// The rival explanation.
    id: ID,
    /// The version of the evaluation that you read.
    expected_version: i32,
    /// How it stands.
    assessment: RivalAssessment,
    /// What the assessment rests on, at most 10,000 characters; all but `NOT_ASSESSED` need it.
    grounds: Option<String>,
    /// Why, for the history.
    reason: Option<String>,
}

payload! {
    /// Qualitative evidence, added.
    AddQualitativeEvidencePayload {
        /// The evidence; null where it was refused.
        evidence: QualitativeEvidence,
        /// Its evaluation, in its new version.
        virkningsevaluering: Seen,
    }
}

payload! {
    /// A rival explanation, added.
    AddRivalExplanationPayload {
        /// The rival explanation; null where it was refused.
        rival_explanation: rival_explanation::Seen,
        /// Its evaluation, in its new version.
        virkningsevaluering: Seen,
    }
}

payload! {
    /// A rival explanation, assessed.
    AssessRivalExplanationPayload {
        /// The rival explanation; null where it was refused.
        rival_explanation: rival_explanation::Seen,
        /// Its evaluation, in its new version.
        virkningsevaluering: Seen,
    }
}

#[derive(Default)]
pub struct QualitativeEvidenceMutations;

#[Object]
impl QualitativeEvidenceMutations {
    /// Adds what was heard, seen or read about an element of a programme theory. Needs EVALUATOR in a forvaltning that leads
    /// the intervention or takes part in it.
    async fn add_qualitative_evidence(
        &self,
        field: &Context<'_>,
        input: AddQualitativeEvidenceInput,
    ) -> Result<Option<AddQualitativeEvidencePayload>> {
        let AddQualitativeEvidenceInput {
            element_id,
            method,
            finding,
            text,
            source,
            period_start,
            period_end,
            idempotency_key,
            reason,
        } = input;
        let operation = qualitative_evidence::Add {
            element_id: Kind::TheoryElement.read(&element_id),
            method: method.into(),
            finding: finding.into(),
            text,
            source,
            period_start: period_start.map(|day| day.0),
            period_end: period_end.map(|day| day.0),
        };
        let element_id = operation.element_id.unwrap_or_default();
        let given = Given { idempotency_key, reason, ..Given::default() };
        let added = async {
            let context = signed_in(field)?;
            let written = operate(context, operation, given).await?;
            let evaluation = evaluation_of(context, &written).await?;
            let place = (element_id, evaluation.standing());
            let all = qualitative_evidence::of_elements(context, &[place]).await?;
            let own = all.into_values().flatten().find(|row| row.id == written.about);
            Ok((own.ok_or_else(gone)?, evaluation))
        };
        AddQualitativeEvidencePayload::new(field, added.await, |rows| rows).map(Some)
    }

    /// Adds what else could explain what is found. Needs EVALUATOR in a forvaltning that leads the intervention or takes part
    /// in it.
    async fn add_rival_explanation(
        &self,
        field: &Context<'_>,
        input: AddRivalExplanationInput,
    ) -> Result<Option<AddRivalExplanationPayload>> {
        let AddRivalExplanationInput {
            virkningsevaluering_id,
            element_id,
            text,
            assessment,
            grounds,
            idempotency_key,
            reason,
        } = input;
        let operation = rival_explanation::Add {
            evaluation_id: Kind::Virkningsevaluering.read(&virkningsevaluering_id),
            element: element_id.map(|id| GivenId(Kind::TheoryElement.read(&id))),
            text,
            assessed: Assessed { assessment: assessment.into(), grounds },
        };
        let given = Given { idempotency_key, reason, ..Given::default() };
        AddRivalExplanationPayload::new(field, rival_of(field, operation, given).await, |rows| rows).map(Some)
    }

    /// Says how a rival explanation stands. Needs EVALUATOR in a forvaltning that leads the intervention or takes part in it.
    async fn assess_rival_explanation(
        &self,
        field: &Context<'_>,
        input: AssessRivalExplanationInput,
    ) -> Result<Option<AssessRivalExplanationPayload>> {
        let AssessRivalExplanationInput { id, expected_version, assessment, grounds, reason } = input;
        let operation = rival_explanation::Assess {
            id: Kind::RivalExplanation.read(&id),
            assessed: Assessed { assessment: assessment.into(), grounds },
        };
        let given = Given { expected: version(expected_version), reason, ..Given::default() };
        AssessRivalExplanationPayload::new(field, rival_of(field, operation, given).await, |rows| rows)
            .map(Some)
    }
}

/// Carries out the operation and reads the rival explanation that it is about, with its evaluation.
async fn rival_of<O: domain::Operation<Subject = Evaluation>>(
    field: &Context<'_>,
    operation: O,
    given: Given,
) -> domain::Result<(rival_explanation::Seen, Seen)> {
    let context = signed_in(field)?;
    let written = operate(context, operation, given).await?;
    let evaluation = evaluation_of(context, &written).await?;
    let all = rival_explanation::of_evaluations(context, &[evaluation.standing()]).await?;
    let own = all.into_values().flatten().find(|seen| seen.row.id == written.about);
    Ok((own.ok_or_else(gone)?, evaluation))
}

fn gone() -> Error {
    Error::Internal("what bears on a programme theory was written and is not there".into())
}
