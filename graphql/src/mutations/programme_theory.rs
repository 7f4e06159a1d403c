use async_graphql::{Context, ID, InputObject, Object, Result};
use domain::programme_theory::criterion::{Attach, Detach};
use domain::programme_theory::link::{Link, Unlink};
use domain::programme_theory::{self, Seen, element};
use domain::virkningsevaluering::{self, Evaluation};
use domain::{Error, Given, operate, success_criterion};

use super::{evaluation_of, version};
use crate::enums::ElementKind;
use crate::ids::Kind;
use crate::payload::payload;
use crate::request::signed_in;

/// What adding an element to a programme theory takes.
#[derive(InputObject)]
pub struct AddTheoryElementInput {
    /// The evaluation.
    virkningsevaluering_id: ID,
    /// What the element is; it stays that.
    kind: ElementKind,
    /// What it says; at most 10,000 characters.
    text: String,
    /// A key of your own that makes sending this again harmless.
    idempotency_key: Option<String>,
    /// Why; needed once the evaluation is registered, and then shown beside the theory.
    reason: Option<String>,
}

/// What wording an element otherwise takes.
#[derive(InputObject)]
pub struct UpdateTheoryElementInput {
    /// The element.
    id: ID,
    /// The version of the evaluation that you read.
    expected_version: i32,
    /// What it says; at most 10,000 characters.
    text: String,
    /// Why; needed once the evaluation is registered, and then shown beside the theory.
    reason: Option<String>,
}

/// What taking an element out takes.
#[derive(InputObject)]
pub struct RemoveTheoryElementInput {
    /// The element.
    id: ID,
    /// The version of the evaluation that you read.
    expected_version: i32,
    /// Why; needed once the evaluation is registered, and then shown beside the theory.
    reason: Option<String>,
}

/// What linking two elements takes.
#[derive(InputObject)]
pub struct LinkTheoryElementsInput {
    /// The element that leads to the other.
    from_id: ID,
    /// The other, of the same evaluation: of the same kind or one later in CONTEXT, MECHANISM, INPUT, ACTIVITY, OUTPUT,
    /// `SHORT_TERM_OUTCOME`, `LONG_TERM_OUTCOME`.
    to_id: ID,
    /// A key of your own that makes sending this again harmless.
    idempotency_key: Option<String>,
    /// Why; needed once the evaluation is registered, and then shown beside the theory.
    reason: Option<String>,
}

/// What taking a link back takes.
#[derive(InputObject)]
pub struct UnlinkTheoryElementsInput {
    /// The element that leads to the other.
    from_id: ID,
    /// The other.
    to_id: ID,
    /// The version of the evaluation that you read.
    expected_version: i32,
    /// Why; needed once the evaluation is registered, and then shown beside the theory.
    reason: Option<String>,
}

/// What saying which element a criterion measures takes.
#[derive(InputObject)]
pub struct AttachSuccessCriterionInput {
    /// The criterion.
    criterion_id: ID,
    /// The element of the same evaluation, in place of the one that it measured before.
    element_id: ID,
    /// The version of the evaluation that you read.
    expected_version: i32,
    /// Why; needed once the evaluation is registered, and then shown beside the theory.
    reason: Option<String>,
}

/// What taking that back takes.
#[derive(InputObject)]
pub struct DetachSuccessCriterionInput {
    /// The criterion.
    criterion_id: ID,
    /// The version of the evaluation that you read.
    expected_version: i32,
    /// Why; needed once the evaluation is registered, and then shown beside the theory.
    reason: Option<String>,
}

payload! {
    /// An element, added.
    AddTheoryElementPayload {
        /// The element; null where it was refused.
        element: Seen,
        /// Its evaluation, in its new version.
        virkningsevaluering: virkningsevaluering::Seen,
    }
}

payload! {
    /// An element, worded otherwise.
    UpdateTheoryElementPayload {
        /// The element; null where it was refused.
        element: Seen,
        /// Its evaluation, in its new version.
        virkningsevaluering: virkningsevaluering::Seen,
    }
}

payload! {
    /// An element, taken out.
    RemoveTheoryElementPayload {
        /// Its evaluation, in its new version; null where it was refused.
        virkningsevaluering: virkningsevaluering::Seen,
    }
}

payload! {
    /// Two elements, linked.
    LinkTheoryElementsPayload {
        /// Their evaluation, in its new version; null where it was refused.
        virkningsevaluering: virkningsevaluering::Seen,
    }
}

payload! {
    /// A link, taken back.
    UnlinkTheoryElementsPayload {
        /// The evaluation, in its new version; null where it was refused.
        virkningsevaluering: virkningsevaluering::Seen,
    }
}

payload! {
    /// A criterion, attached to an element.
    AttachSuccessCriterionPayload {
        /// The criterion; null where it was refused.
        criterion: success_criterion::Seen,
        /// Its evaluation, in its new version.
        virkningsevaluering: virkningsevaluering::Seen,
    }
}

payload! {
    /// A criterion, detached from its element.
    DetachSuccessCriterionPayload {
        /// The criterion; null where it was refused.
        criterion: success_criterion::Seen,
        /// Its evaluation, in its new version.
        virkningsevaluering: virkningsevaluering::Seen,
    }
}

#[derive(Default)]
pub struct ProgrammeTheoryMutations;

#[Object]
impl ProgrammeTheoryMutations {
    /// Adds an element to the programme theory of an evaluation. Needs EVALUATOR in a forvaltning that leads the
    /// intervention or takes part in it.
    async fn add_theory_element(
        &self,
        field: &Context<'_>,
        input: AddTheoryElementInput,
    ) -> Result<Option<AddTheoryElementPayload>> {
        let AddTheoryElementInput { virkningsevaluering_id, kind, text, idempotency_key, reason } = input;
        let operation = element::Add {
            evaluation_id: Kind::Virkningsevaluering.read(&virkningsevaluering_id),
            kind: kind.into(),
            text,
            reason: reason.clone(),
        };
        let given = Given { idempotency_key, reason, ..Given::default() };
        AddTheoryElementPayload::new(field, element_of(field, operation, given).await, |rows| rows).map(Some)
    }

    /// Words an element otherwise. Needs EVALUATOR in a forvaltning that leads the intervention or takes part in it.
    async fn update_theory_element(
        &self,
        field: &Context<'_>,
        input: UpdateTheoryElementInput,
    ) -> Result<Option<UpdateTheoryElementPayload>> {
        let UpdateTheoryElementInput { id, expected_version, text, reason } = input;
        let operation = element::Update { id: Kind::TheoryElement.read(&id), text, reason: reason.clone() };
        let given = Given { expected: version(expected_version), reason, ..Given::default() };
        UpdateTheoryElementPayload::new(field, element_of(field, operation, given).await, |rows| rows)
            .map(Some)
    }

    /// Takes an element out, with its links and what measures it. One with evidence or a rival explanation stays. Needs
    /// EVALUATOR in a forvaltning that leads the intervention or takes part in it.
    async fn remove_theory_element(
        &self,
        field: &Context<'_>,
        input: RemoveTheoryElementInput,
    ) -> Result<Option<RemoveTheoryElementPayload>> {
        let RemoveTheoryElementInput { id, expected_version, reason } = input;
        let operation = element::Remove { id: Kind::TheoryElement.read(&id), reason: reason.clone() };
        let given = Given { expected: version(expected_version), reason, ..Given::default() };
        let removed = written(field, operation, given).await;
        RemoveTheoryElementPayload::new(field, removed, |(_, evaluation)| (evaluation,)).map(Some)
    }

    /// Says that one element leads to another. A link leads forward and closes no circle. Needs EVALUATOR in a forvaltning
    /// that leads the intervention or takes part in it.
    async fn link_theory_elements(
        &self,
        field: &Context<'_>,
        input: LinkTheoryElementsInput,
    ) -> Result<Option<LinkTheoryElementsPayload>> {
        let LinkTheoryElementsInput { from_id, to_id, idempotency_key, reason } = input;
        let (from_id, to_id) = (Kind::TheoryElement.read(&from_id), Kind::TheoryElement.read(&to_id));
        let operation = Link { from_id, to_id, reason: reason.clone() };
        let given = Given { idempotency_key, reason, ..Given::default() };
        let linked = written(field, operation, given).await;
        LinkTheoryElementsPayload::new(field, linked, |(_, evaluation)| (evaluation,)).map(Some)
    }

    /// Takes a link back. Needs EVALUATOR in a forvaltning that leads the intervention or takes part in it.
    async fn unlink_theory_elements(
        &self,
        field: &Context<'_>,
        input: UnlinkTheoryElementsInput,
    ) -> Result<Option<UnlinkTheoryElementsPayload>> {
        let UnlinkTheoryElementsInput { from_id, to_id, expected_version, reason } = input;
        let (from_id, to_id) = (Kind::TheoryElement.read(&from_id), Kind::TheoryElement.read(&to_id));
        let operation = Unlink { from_id, to_id, reason: reason.clone() };
        let given = Given { expected: version(expected_version), reason, ..Given::default() };
        let unlinked = written(field, operation, given).await;
        UnlinkTheoryElementsPayload::new(field, unlinked, |(_, evaluation)| (evaluation,)).map(Some)
    }

    /// Says which element of the programme theory a criterion measures. Needs EVALUATOR in a forvaltning that leads the
    /// intervention or takes part in it.
    async fn attach_success_criterion(
        &self,
        field: &Context<'_>,
        input: AttachSuccessCriterionInput,
    ) -> Result<Option<AttachSuccessCriterionPayload>> {
        let AttachSuccessCriterionInput { criterion_id, element_id, expected_version, reason } = input;
        let operation = Attach {
            criterion_id: Kind::SuccessCriterion.read(&criterion_id),
            element_id: Kind::TheoryElement.read(&element_id),
            reason: reason.clone(),
        };
        let given = Given { expected: version(expected_version), reason, ..Given::default() };
        AttachSuccessCriterionPayload::new(field, criterion_of(field, operation, given).await, |rows| rows)
            .map(Some)
    }

    /// Takes a criterion off its element. Needs EVALUATOR in a forvaltning that leads the intervention or takes part in it.
    async fn detach_success_criterion(
        &self,
        field: &Context<'_>,
        input: DetachSuccessCriterionInput,
    ) -> Result<Option<DetachSuccessCriterionPayload>> {
        let DetachSuccessCriterionInput { criterion_id, expected_version, reason } = input;
        let criterion_id = Kind::SuccessCriterion.read(&criterion_id);
        let operation = Detach { criterion_id, reason: reason.clone() };
        let given = Given { expected: version(expected_version), reason, ..Given::default() };
        DetachSuccessCriterionPayload::new(field, criterion_of(field, operation, given).await, |rows| rows)
            .map(Some)
    }
}

/// Carries out the operation and reads its evaluation as it then is.
async fn written<O: domain::Operation<Subject = Evaluation>>(
    field: &Context<'_>,
    operation: O,
    given: Given,
) -> domain::Result<(Evaluation, virkningsevaluering::Seen)> {
    let context = signed_in(field)?;
    let written = operate(context, operation, given).await?;
    let evaluation = evaluation_of(context, &written).await?;
    Ok((written, evaluation))
}

/// The same, with the element that it is about.
async fn element_of<O: domain::Operation<Subject = Evaluation>>(
    field: &Context<'_>,
    operation: O,
    given: Given,
) -> domain::Result<(Seen, virkningsevaluering::Seen)> {
    let (written, evaluation) = written(field, operation, given).await?;
    let place = (written.about, evaluation.standing());
    let element = programme_theory::elements(signed_in(field)?, &[place]).await?.remove(&place);
    Ok((element.ok_or_else(|| gone("an element"))?, evaluation))
}

/// The same, with the criterion that it is about.
async fn criterion_of<O: domain::Operation<Subject = Evaluation>>(
    field: &Context<'_>,
    operation: O,
    given: Given,
) -> domain::Result<(success_criterion::Seen, virkningsevaluering::Seen)> {
    let (written, evaluation) = written(field, operation, given).await?;
    let criterion = success_criterion::by_id(signed_in(field)?, written.about).await?;
    Ok((criterion.ok_or_else(|| gone("a criterion"))?, evaluation))
}

fn gone(what: &str) -> Error {
    Error::Internal(format!("{what} that was written is not there"))
}
