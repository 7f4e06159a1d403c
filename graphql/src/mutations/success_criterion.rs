use async_graphql::{Context, Enum, ID, InputObject, Object, Result};
use domain::success_criterion::{self, Content, Edits, Seen};
use domain::virkningsevaluering::{self, Evaluation};
use domain::{Error, Given, operate};

use super::{edit, evaluation_of, version};
use crate::enums::{Caution, CriterionBasis, CriterionDirection, CriterionUnit, Pairing};
use crate::ids::Kind;
use crate::payload::payload;
use crate::request::signed_in;
use crate::scalars::Decimal;

/// What adding a criterion takes.
#[derive(InputObject)]
pub struct AddSuccessCriterionInput {
    /// The evaluation, which must be a draft.
    virkningsevaluering_id: ID,
    /// What it is about, such as Skolefravær; at most 300 characters.
    dimension: String,
    /// What is measured; at most 300 characters.
    indicator: String,
    /// Which way is better.
    direction: CriterionDirection,
    /// What the threshold is compared with.
    basis: CriterionBasis,
    /// What is to be reached at least; never negative. A fraction where the basis is `RELATIVE_CHANGE` or the unit is SHARE:
    /// 0.5 for 50%. Else in the unit of what is measured.
    threshold: Decimal,
    /// What it is measured in.
    unit: CriterionUnit,
    /// How the people before and after hang together.
    pairing: Pairing,
    /// The categories of a distribution that count as success, for a SHARE that is measured by categories.
    #[graphql(default)]
    success_categories: Vec<String>,
    /// The code of the instrument that scores are measured with, such as `WHO_5`; for MEAN only.
    instrument: Option<String>,
    /// What is known to stand between the change and its cause.
    #[graphql(default)]
    cautions: Vec<Caution>,
    /// A key of your own that makes sending this again harmless.
    idempotency_key: Option<String>,
    /// Why, for the history.
    reason: Option<String>,
}

/// What is to be changed of a criterion.
#[derive(InputObject)]
pub struct CriterionEdits {
    /// What it is about.
    dimension: Option<String>,
    /// What is measured.
    indicator: Option<String>,
    /// Which way is better.
    direction: Option<CriterionDirection>,
    /// What the threshold is compared with.
    basis: Option<CriterionBasis>,
    /// What is to be reached at least.
    threshold: Option<Decimal>,
    /// What it is measured in.
    unit: Option<CriterionUnit>,
    /// How the people before and after hang together.
    pairing: Option<Pairing>,
    /// The categories that count as success.
    success_categories: Option<Vec<String>>,
    /// The code of the instrument.
    instrument: Option<String>,
    /// What is known to stand between the change and its cause; replaces all of it.
    cautions: Option<Vec<Caution>>,
    /// Fields to empty. A null never does.
    #[graphql(default)]
    clear: Vec<CriterionField>,
}

/// A field of a criterion that can be empty.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum CriterionField {
    /// The instrument.
    Instrument,
}

/// What changing a criterion of a draft takes. A field that is not given stays as it is.
#[derive(InputObject)]
pub struct UpdateSuccessCriterionInput {
    /// The criterion.
    id: ID,
    /// The version of the evaluation that you read.
    expected_version: i32,
    #[graphql(flatten)]
    edits: CriterionEdits,
    /// Why, for the history.
    reason: Option<String>,
}

/// What amending a registered criterion takes. A field that is not given stays as it is.
#[derive(InputObject)]
pub struct AmendSuccessCriterionInput {
    /// The criterion.
    id: ID,
    /// The version of the evaluation that you read.
    expected_version: i32,
    #[graphql(flatten)]
    edits: CriterionEdits,
    /// Why it is amended, shown beside what was registered.
    reason: String,
}

/// What taking a criterion out of a draft takes.
#[derive(InputObject)]
pub struct RemoveSuccessCriterionInput {
    /// The criterion.
    id: ID,
    /// The version of the evaluation that you read.
    expected_version: i32,
    /// Why, for the history.
    reason: Option<String>,
}

payload! {
    /// A criterion, added.
    AddSuccessCriterionPayload {
        /// The criterion; null where it was refused.
        criterion: Seen,
        /// Its evaluation, in its new version.
        virkningsevaluering: virkningsevaluering::Seen,
    }
}

payload! {
    /// A criterion, changed.
    UpdateSuccessCriterionPayload {
        /// The criterion; null where it was refused.
        criterion: Seen,
        /// Its evaluation, in its new version.
        virkningsevaluering: virkningsevaluering::Seen,
    }
}

payload! {
    /// A criterion, amended.
    AmendSuccessCriterionPayload {
        /// The criterion; null where it was refused.
        criterion: Seen,
        /// Its evaluation, in its new version.
        virkningsevaluering: virkningsevaluering::Seen,
    }
}

payload! {
    /// A criterion, taken out.
    RemoveSuccessCriterionPayload {
        /// Its evaluation, in its new version; null where it was refused.
        virkningsevaluering: virkningsevaluering::Seen,
    }
}

#[derive(Default)]
pub struct SuccessCriterionMutations;

#[Object]
impl SuccessCriterionMutations {
    /// Adds a criterion to a draft. Needs EVALUATOR in a forvaltning that leads the intervention or takes part in it.
    async fn add_success_criterion(
        &self,
        field: &Context<'_>,
        input: AddSuccessCriterionInput,
    ) -> Result<Option<AddSuccessCriterionPayload>> {
        let AddSuccessCriterionInput {
            virkningsevaluering_id,
            dimension,
            indicator,
            direction,
            basis,
            threshold,
            unit,
            pairing,
            success_categories,
            instrument,
            cautions,
            idempotency_key,
            reason,
        } = input;
        let content = Content {
            dimension,
            indicator,
            direction: direction.into(),
            basis: basis.into(),
            threshold: threshold.0,
            unit: unit.into(),
            pairing: pairing.into(),
            success_categories,
            instrument,
            cautions: cautions.into_iter().map(Into::into).collect(),
        };
        let evaluation_id = Kind::Virkningsevaluering.read(&virkningsevaluering_id);
        let given = Given { idempotency_key, reason, ..Given::default() };
        let added = written(field, success_criterion::Add { evaluation_id, content }, given).await;
        AddSuccessCriterionPayload::new(field, added, |rows| rows).map(Some)
    }

    /// Changes a criterion of a draft. Once registered it is frozen: amend it. Needs EVALUATOR in a forvaltning that leads
    /// the intervention or takes part in it.
    async fn update_success_criterion(
        &self,
        field: &Context<'_>,
        input: UpdateSuccessCriterionInput,
    ) -> Result<Option<UpdateSuccessCriterionPayload>> {
        let UpdateSuccessCriterionInput { id, expected_version, edits, reason } = input;
        let operation =
            success_criterion::Update { id: Kind::SuccessCriterion.read(&id), edits: edits.into() };
        let given = Given { expected: version(expected_version), reason, ..Given::default() };
        UpdateSuccessCriterionPayload::new(field, written(field, operation, given).await, |rows| rows)
            .map(Some)
    }

    /// Changes a registered criterion, for a reason. What was registered stays beside it, and results say that they
    /// deviate. Needs EVALUATOR in a forvaltning that leads the intervention or takes part in it.
    async fn amend_success_criterion(
        &self,
        field: &Context<'_>,
        input: AmendSuccessCriterionInput,
    ) -> Result<Option<AmendSuccessCriterionPayload>> {
        let AmendSuccessCriterionInput { id, expected_version, edits, reason } = input;
        let id = Kind::SuccessCriterion.read(&id);
        let operation = success_criterion::Amend { id, edits: edits.into(), reason: reason.clone() };
        let given = Given { expected: version(expected_version), reason: Some(reason), ..Given::default() };
        AmendSuccessCriterionPayload::new(field, written(field, operation, given).await, |rows| rows)
            .map(Some)
    }

    /// Takes a criterion out of a draft. Needs EVALUATOR in a forvaltning that leads the intervention or takes part in it.
    async fn remove_success_criterion(
        &self,
        field: &Context<'_>,
        input: RemoveSuccessCriterionInput,
    ) -> Result<Option<RemoveSuccessCriterionPayload>> {
        let RemoveSuccessCriterionInput { id, expected_version, reason } = input;
        let operation = success_criterion::Remove { id: Kind::SuccessCriterion.read(&id) };
        let given = Given { expected: version(expected_version), reason, ..Given::default() };
        let removed = async {
            let context = signed_in(field)?;
            let evaluation = operate(context, operation, given).await?;
            evaluation_of(context, &evaluation).await
        };
        RemoveSuccessCriterionPayload::new(field, removed.await, |evaluation| (evaluation,)).map(Some)
    }
}

/// Carries out the operation and reads the criterion it is about, with its evaluation.
async fn written<O: domain::Operation<Subject = Evaluation>>(
    field: &Context<'_>,
    operation: O,
    given: Given,
) -> domain::Result<(Seen, virkningsevaluering::Seen)> {
    let context = signed_in(field)?;
    let evaluation = operate(context, operation, given).await?;
    let criterion = success_criterion::by_id(context, evaluation.about).await?;
    let criterion =
        criterion.ok_or_else(|| Error::Internal("a criterion that was written is not there".into()))?;
    Ok((criterion, evaluation_of(context, &evaluation).await?))
}

impl From<CriterionEdits> for Edits {
    fn from(given: CriterionEdits) -> Self {
        let CriterionEdits {
            dimension,
            indicator,
            direction,
            basis,
            threshold,
            unit,
            pairing,
            success_categories,
            instrument,
            cautions,
            clear,
        } = given;
        Self {
            dimension,
            indicator,
            direction: direction.map(Into::into),
            basis: basis.map(Into::into),
            threshold: threshold.map(|threshold| threshold.0),
            unit: unit.map(Into::into),
            pairing: pairing.map(Into::into),
            success_categories,
            instrument: edit(instrument, clear.contains(&CriterionField::Instrument)),
            cautions: cautions.map(|cautions| cautions.into_iter().map(Into::into).collect()),
        }
    }
}
