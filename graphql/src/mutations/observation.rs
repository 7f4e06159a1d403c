//! What participants answered.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use domain::data_processing;
use domain::measurement;
use domain::observation::{self, Answer, Given as GivenAnswer};
use domain::virkningsevaluering::Evaluation;
use domain::{Error, Given, Operation, operate, success_criterion, virkningsevaluering};

use super::{evaluation_of, version};
use crate::enums::Wave;
use crate::ids::Kind;
use crate::payload::{UserError, outcome, payload};
use crate::plan::One;
use crate::request::signed_in;
use crate::scalars::{Date, Decimal};

/// What stating why observations may be kept takes.
#[derive(InputObject)]
pub struct StateDataProcessingInput {
    /// The evaluation.
    virkningsevaluering_id: ID,
    /// The version of the evaluation that you read.
    expected_version: i32,
    /// What they are kept for; at most 10,000 characters.
    purpose: String,
    /// The law that allows it, by article and paragraph; at most 10,000 characters.
    legal_basis: String,
    /// The last day on which they are kept. Nobody reads them after.
    deletion_date: Date,
    /// Why, for the history.
    reason: Option<String>,
}

/// What recording observations takes.
#[derive(InputObject)]
pub struct RecordObservationsInput {
    /// The criterion.
    criterion_id: ID,
    /// When they were made. All but BEFORE need a registered evaluation.
    wave: Wave,
    /// The first day on which they were made.
    period_start: Date,
    /// The last day on which they were made.
    period_end: Date,
    /// One for each participant; at most 5,000 at a time.
    observations: Vec<ObservationInput>,
    /// Whether they take the place of what the same participants answered before; then `reason` is required.
    #[graphql(default)]
    replaces: bool,
    /// A key of your own that makes sending this again harmless.
    idempotency_key: Option<String>,
    /// Why, for the history.
    reason: Option<String>,
}

/// What one participant answered. Which field holds it is the unit of the criterion to say.
#[derive(InputObject)]
pub struct ObservationInput {
    /// The forvaltning's own pseudonym for the participant: no name and no personal number; at most 300 characters.
    participant: String,
    /// Of a SHARE: whether the participant has the outcome.
    outcome: Option<bool>,
    /// Of a SHARE whose criterion names categories.
    category: Option<String>,
    /// Of a MEAN, in the unit of its instrument.
    value: Option<Decimal>,
    /// Of a COUNT.
    count: Option<i32>,
    /// Of a COUNT: the participant's time at risk.
    exposure: Option<Decimal>,
    /// Of a MEAN whose instrument has items: the answer to each of them, instead of the value.
    items: Option<Vec<i32>>,
}

/// What leaving a participant out takes.
#[derive(InputObject)]
pub struct ExcludeParticipantInput {
    /// The criterion whose measurements the participant is left out of.
    criterion_id: ID,
    /// The participant's pseudonym.
    participant: String,
    /// Why; at most 10,000 characters. It is shown with the number of those left out, so it names nobody.
    reason: String,
}

/// What counting a participant again takes.
#[derive(InputObject)]
pub struct IncludeParticipantInput {
    /// The criterion.
    criterion_id: ID,
    /// The participant's pseudonym.
    participant: String,
    /// Why, for the history; at most 10,000 characters.
    reason: String,
}

/// What erasing observations takes.
#[derive(InputObject)]
pub struct EraseObservationsInput {
    /// The evaluation.
    virkningsevaluering_id: ID,
    /// The version of the evaluation that you read.
    expected_version: i32,
    /// The pseudonym of the one participant whose answers are erased; those of all where nothing is given.
    participant: Option<String>,
    /// Why, for the history; at most 10,000 characters.
    reason: String,
}

payload! {
    /// Why observations may be kept, stated.
    StateDataProcessingPayload {
        /// The evaluation, in its new version; null where it was refused.
        virkningsevaluering: virkningsevaluering::Seen,
    }
}

/// Observations, recorded.
#[derive(SimpleObject)]
pub struct RecordObservationsPayload {
    /// The measurement of the wave that follows from them; null where they were refused, or where all participants are left
    /// out.
    measurement: One<measurement::Seen>,
    /// The criterion, with the result that follows; null where they were refused.
    criterion: One<success_criterion::Seen>,
    /// What there is to mend; empty where it is done.
    user_errors: Vec<UserError>,
}

payload! {
    /// A participant, left out.
    ExcludeParticipantPayload {
        /// The criterion, with the result that follows; null where it was refused.
        criterion: success_criterion::Seen,
    }
}

payload! {
    /// A participant, counted again.
    IncludeParticipantPayload {
        /// The criterion, with the result that follows; null where it was refused.
        criterion: success_criterion::Seen,
    }
}

payload! {
    /// Observations, erased.
    EraseObservationsPayload {
        /// The evaluation, in its new version; null where it was refused. Its measurements and results stand.
        virkningsevaluering: virkningsevaluering::Seen,
    }
}

#[derive(Default)]
pub struct ObservationMutations;

#[Object]
impl ObservationMutations {
    /// States why the answers of single participants may be kept, by which law and until when: before the first of them.
    /// Needs EVALUATOR in a forvaltning that leads the intervention or takes part in it.
    async fn state_data_processing(
        &self,
        field: &Context<'_>,
        input: StateDataProcessingInput,
    ) -> Result<Option<StateDataProcessingPayload>> {
        let StateDataProcessingInput {
            virkningsevaluering_id,
            expected_version,
            purpose,
            legal_basis,
            deletion_date,
            reason,
        } = input;
        let evaluation_id = Kind::Virkningsevaluering.read(&virkningsevaluering_id);
        let operation =
            data_processing::State { evaluation_id, purpose, legal_basis, deletion_date: deletion_date.0 };
        let given = Given { expected: version(expected_version), reason, ..Given::default() };
        let stated = of_evaluation(field, operation, given).await;
        StateDataProcessingPayload::new(field, stated, |evaluation| (evaluation,)).map(Some)
    }

    /// Records what participants answered to a criterion in one wave, all of it or nothing. The measurement of the wave and
    /// the result follow from it. The history holds commitments to the answers, and neither keys nor values. Needs EVALUATOR
    /// in a forvaltning that leads the intervention or takes part in it.
    async fn record_observations(
        &self,
        field: &Context<'_>,
        input: RecordObservationsInput,
    ) -> Result<Option<RecordObservationsPayload>> {
        let RecordObservationsInput {
            criterion_id,
            wave,
            period_start,
            period_end,
            observations,
            replaces,
            idempotency_key,
            reason,
        } = input;
        let criterion_id = Kind::SuccessCriterion.read(&criterion_id);
        let has_reason = reason.as_ref().is_some_and(|reason| !reason.trim().is_empty());
        let operation = observation::Record {
            criterion_id,
            wave: wave.into(),
            period_start: period_start.0,
            period_end: period_end.0,
            observations: observations.into_iter().map(Into::into).collect(),
            replaces,
            has_reason,
        };
        let given = Given { idempotency_key, reason, ..Given::default() };
        let recorded = async {
            let criterion = of_criterion(field, operation, given, criterion_id).await?;
            let context = signed_in(field)?;
            let measured = measurement::of_criteria(context, &[criterion.place()]).await?;
            let mut rows = measured.into_values().flatten();
            let measurement = rows.find(|seen| seen.row.computed && seen.row.wave == wave.into());
            Ok((measurement, criterion))
        };
        let (made, user_errors) = outcome(field, recorded.await)?;
        let (measurement, criterion) = made.unzip();
        Ok(Some(RecordObservationsPayload {
            measurement: measurement.flatten().into(),
            criterion: criterion.into(),
            user_errors,
        }))
    }

    /// Leaves a participant out of the measurements of a criterion; those left out are counted beside its result. Needs
    /// EVALUATOR in a forvaltning that leads the intervention or takes part in it.
    async fn exclude_participant(
        &self,
        field: &Context<'_>,
        input: ExcludeParticipantInput,
    ) -> Result<Option<ExcludeParticipantPayload>> {
        let ExcludeParticipantInput { criterion_id, participant, reason } = input;
        let criterion_id = Kind::SuccessCriterion.read(&criterion_id);
        let given = Given { reason: Some(reason.clone()), ..Given::default() };
        let operation = observation::Exclude { criterion_id, participant, reason };
        let excluded = of_criterion(field, operation, given, criterion_id).await;
        ExcludeParticipantPayload::new(field, excluded, |criterion| (criterion,)).map(Some)
    }

    /// Counts a participant who was left out of the measurements of a criterion again. Needs EVALUATOR in a forvaltning that
    /// leads the intervention or takes part in it.
    async fn include_participant(
        &self,
        field: &Context<'_>,
        input: IncludeParticipantInput,
    ) -> Result<Option<IncludeParticipantPayload>> {
        let IncludeParticipantInput { criterion_id, participant, reason } = input;
        let criterion_id = Kind::SuccessCriterion.read(&criterion_id);
        let given = Given { reason: Some(reason), ..Given::default() };
        let operation = observation::Include { criterion_id, participant };
        let included = of_criterion(field, operation, given, criterion_id).await;
        IncludeParticipantPayload::new(field, included, |criterion| (criterion,)).map(Some)
    }

    /// Erases what participants answered, keys and values: of one who asks for it, or of all. It cannot be undone. What was
    /// computed from it stands, and the history still verifies. Needs EVALUATOR in a forvaltning that leads the intervention
    /// or takes part in it.
    async fn erase_observations(
        &self,
        field: &Context<'_>,
        input: EraseObservationsInput,
    ) -> Result<Option<EraseObservationsPayload>> {
        let EraseObservationsInput { virkningsevaluering_id, expected_version, participant, reason } = input;
        let evaluation_id = Kind::Virkningsevaluering.read(&virkningsevaluering_id);
        let operation = observation::Erase { evaluation_id, participant };
        let given = Given { expected: version(expected_version), reason: Some(reason), ..Given::default() };
        let erased = of_evaluation(field, operation, given).await;
        EraseObservationsPayload::new(field, erased, |evaluation| (evaluation,)).map(Some)
    }
}

async fn of_evaluation<O: Operation<Subject = Evaluation>>(
    field: &Context<'_>,
    operation: O,
    given: Given,
) -> domain::Result<virkningsevaluering::Seen> {
    let context = signed_in(field)?;
    let evaluation = operate(context, operation, given).await?;
    evaluation_of(context, &evaluation).await
}

async fn of_criterion<O: Operation<Subject = Evaluation>>(
    field: &Context<'_>,
    operation: O,
    given: Given,
    criterion_id: Option<domain::Uuid>,
) -> domain::Result<success_criterion::Seen> {
    let context = signed_in(field)?;
    operate(context, operation, given).await?;
    let criterion = success_criterion::by_id(context, criterion_id.unwrap_or_default()).await?;
    criterion.ok_or_else(|| Error::Internal("a criterion that was written to is not there".into()))
}

impl From<ObservationInput> for GivenAnswer {
    fn from(given: ObservationInput) -> Self {
        let ObservationInput { participant, outcome, category, value, count, exposure, items } = given;
        let decimal = |given: Option<Decimal>| given.map(|given| given.0);
        let answer =
            Answer { outcome, category, value: decimal(value), count, exposure: decimal(exposure), items };
        Self { participant, answer }
    }
}
