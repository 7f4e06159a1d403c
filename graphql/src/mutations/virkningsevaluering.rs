use async_graphql::{Context, Enum, ID, InputObject, Object, Result};
use domain::virkningsevaluering::{self, Evaluation, Seen, Step};
use domain::{Given, GivenId, operate};

use super::{edit, evaluation_of, version};
use crate::ids::Kind;
use crate::payload::payload;
use crate::request::signed_in;
use crate::scalars::Date;

/// What planning an evaluation takes.
#[derive(InputObject)]
pub struct PlanVirkningsevalueringInput {
    /// The intervention to evaluate.
    intervention_id: ID,
    /// What it is called; at most 300 characters.
    title: String,
    /// The first day that it covers.
    period_start: Date,
    /// The last day that it covers.
    period_end: Date,
    /// The round it is part of.
    round_id: Option<ID>,
    /// How many people were enrolled.
    enrolled: Option<i32>,
    /// A key of your own that makes sending this again harmless.
    idempotency_key: Option<String>,
    /// Why, for the history.
    reason: Option<String>,
}

/// What changing an evaluation's plan takes. A field that is not given stays as it is.
#[derive(InputObject)]
pub struct UpdateVirkningsevalueringInput {
    /// The evaluation.
    id: ID,
    /// The version you read.
    expected_version: i32,
    /// A new title.
    title: Option<String>,
    /// The first day that it covers.
    period_start: Option<Date>,
    /// The last day that it covers.
    period_end: Option<Date>,
    /// The round it is part of.
    round_id: Option<ID>,
    /// How many people were enrolled. Results tell how many of them were measured.
    enrolled: Option<i32>,
    /// Fields to empty. A null never does.
    #[graphql(default)]
    clear: Vec<VirkningsevalueringField>,
    /// Why, for the history.
    reason: Option<String>,
}

/// The fields of an evaluation that can be emptied.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum VirkningsevalueringField {
    /// The round it is part of.
    Round,
    /// How many people were enrolled.
    Enrolled,
}

macro_rules! step_inputs {
    ($($(#[doc = $doc:literal])+ $name:ident { $(#[doc = $comment_doc:literal])+ $comment:ident: $ty:ty })+) => {$(
        $(#[doc = $doc])+
        #[derive(InputObject)]
        pub struct $name {
            /// The evaluation.
            id: ID,
            /// The version you mean. Another one now is STALE: read it again first.
            expected_version: i32,
            $(#[doc = $comment_doc])+
            $comment: $ty,
        }
    )+};
}

step_inputs! {
    /// What registering an evaluation takes.
    RegisterVirkningsevalueringInput {
        /// What there is to say about it.
        comment: Option<String>
    }

    /// What handing an evaluation over takes.
    SubmitVirkningsevalueringInput {
        /// What there is to say about it.
        comment: Option<String>
    }

    /// What sending an evaluation back takes.
    ReturnVirkningsevalueringInput {
        /// What there is to mend.
        comment: String
    }

    /// What approving an evaluation takes.
    ApproveVirkningsevalueringInput {
        /// What there is to say about it.
        comment: Option<String>
    }

    /// What publishing an evaluation takes.
    PublishVirkningsevalueringInput {
        /// What there is to say about it.
        comment: Option<String>
    }

    /// What withdrawing an evaluation takes.
    WithdrawVirkningsevalueringInput {
        /// Why it is withdrawn; readers see it.
        reason: String
    }
}

macro_rules! payloads {
    ($($(#[doc = $doc:literal])+ $name:ident)+) => {$(
        payload! {
            $(#[doc = $doc])+
            $name {
                /// The evaluation; null where it was refused.
                virkningsevaluering: Seen
            }
        }
    )+};
}

payloads! {
    /// An evaluation, planned.
    PlanVirkningsevalueringPayload
    /// An evaluation, changed.
    UpdateVirkningsevalueringPayload
    /// An evaluation, registered.
    RegisterVirkningsevalueringPayload
    /// An evaluation, handed over for approval.
    SubmitVirkningsevalueringPayload
    /// An evaluation, sent back.
    ReturnVirkningsevalueringPayload
    /// An evaluation, approved.
    ApproveVirkningsevalueringPayload
    /// An evaluation, published.
    PublishVirkningsevalueringPayload
    /// An evaluation, withdrawn.
    WithdrawVirkningsevalueringPayload
}

#[derive(Default)]
pub struct VirkningsevalueringMutations;

#[Object]
impl VirkningsevalueringMutations {
    /// Plans an evaluation, as a draft. Needs EVALUATOR in a forvaltning that leads the intervention or takes part in it.
    async fn plan_virkningsevaluering(
        &self,
        field: &Context<'_>,
        input: PlanVirkningsevalueringInput,
    ) -> Result<Option<PlanVirkningsevalueringPayload>> {
        let PlanVirkningsevalueringInput {
            intervention_id,
            title,
            period_start,
            period_end,
            round_id,
            enrolled,
            idempotency_key,
            reason,
        } = input;
        let operation = virkningsevaluering::Plan {
            intervention_id: Kind::Intervention.read(&intervention_id),
            title,
            period_start: period_start.0,
            period_end: period_end.0,
            round: round_id.map(|id| GivenId(Kind::EvaluationRound.read(&id))),
            enrolled,
        };
        let given = Given { idempotency_key, reason, ..Given::default() };
        PlanVirkningsevalueringPayload::new(field, written(field, operation, given).await, row).map(Some)
    }

    /// Changes an evaluation's title, period, round or number enrolled. Needs EVALUATOR in a forvaltning that leads the intervention or takes
    /// part in it.
    async fn update_virkningsevaluering(
        &self,
        field: &Context<'_>,
        input: UpdateVirkningsevalueringInput,
    ) -> Result<Option<UpdateVirkningsevalueringPayload>> {
        let UpdateVirkningsevalueringInput {
            id,
            expected_version,
            title,
            period_start,
            period_end,
            round_id,
            enrolled,
            clear,
            reason,
        } = input;
        let round = round_id.map(|id| GivenId(Kind::EvaluationRound.read(&id)));
        let operation = virkningsevaluering::Update {
            id: Kind::Virkningsevaluering.read(&id),
            title,
            period_start: period_start.map(|day| day.0),
            period_end: period_end.map(|day| day.0),
            round: edit(round, clear.contains(&VirkningsevalueringField::Round)),
            enrolled: edit(enrolled, clear.contains(&VirkningsevalueringField::Enrolled)),
        };
        let given = Given { expected: version(expected_version), reason, ..Given::default() };
        UpdateVirkningsevalueringPayload::new(field, written(field, operation, given).await, row).map(Some)
    }

    /// Registers an evaluation, which freezes its criteria and its programme theory; measurements AFTER are taken from then on.
    /// A theory with problems is not registered. Needs EVALUATOR in a forvaltning that leads the intervention or takes part in
    /// it.
    async fn register_virkningsevaluering(
        &self,
        field: &Context<'_>,
        input: RegisterVirkningsevalueringInput,
    ) -> Result<Option<RegisterVirkningsevalueringPayload>> {
        let RegisterVirkningsevalueringInput { id, expected_version, comment } = input;
        let (step, given) = step(&id, expected_version, comment);
        let registered = written(field, virkningsevaluering::Register(step), given).await;
        RegisterVirkningsevalueringPayload::new(field, registered, row).map(Some)
    }

    /// Hands an evaluation over for approval. Needs EVALUATOR in a forvaltning that leads the intervention or takes part in
    /// it.
    async fn submit_virkningsevaluering(
        &self,
        field: &Context<'_>,
        input: SubmitVirkningsevalueringInput,
    ) -> Result<Option<SubmitVirkningsevalueringPayload>> {
        let SubmitVirkningsevalueringInput { id, expected_version, comment } = input;
        let (step, given) = step(&id, expected_version, comment);
        let submitted = written(field, virkningsevaluering::Submit(step), given).await;
        SubmitVirkningsevalueringPayload::new(field, submitted, row).map(Some)
    }

    /// Sends a submitted evaluation back, with what there is to mend. Needs APPROVER where its forvaltning leads.
    async fn return_virkningsevaluering(
        &self,
        field: &Context<'_>,
        input: ReturnVirkningsevalueringInput,
    ) -> Result<Option<ReturnVirkningsevalueringPayload>> {
        let ReturnVirkningsevalueringInput { id, expected_version, comment } = input;
        let (step, given) = step(&id, expected_version, Some(comment));
        let returned = written(field, virkningsevaluering::Return(step), given).await;
        ReturnVirkningsevalueringPayload::new(field, returned, row).map(Some)
    }

    /// Approves a submitted evaluation. Nobody approves a revision in which they wrote. Needs APPROVER where its
    /// forvaltning leads.
    async fn approve_virkningsevaluering(
        &self,
        field: &Context<'_>,
        input: ApproveVirkningsevalueringInput,
    ) -> Result<Option<ApproveVirkningsevalueringPayload>> {
        let ApproveVirkningsevalueringInput { id, expected_version, comment } = input;
        let (step, given) = step(&id, expected_version, comment);
        let approved = written(field, virkningsevaluering::Approve(step), given).await;
        ApproveVirkningsevalueringPayload::new(field, approved, row).map(Some)
    }

    /// Publishes what was approved: readers everywhere see it, as it is now, until another is published. Needs APPROVER
    /// where its forvaltning leads.
    async fn publish_virkningsevaluering(
        &self,
        field: &Context<'_>,
        input: PublishVirkningsevalueringInput,
    ) -> Result<Option<PublishVirkningsevalueringPayload>> {
        let PublishVirkningsevalueringInput { id, expected_version, comment } = input;
        let (step, given) = step(&id, expected_version, comment);
        let published = written(field, virkningsevaluering::Publish(step), given).await;
        PublishVirkningsevalueringPayload::new(field, published, row).map(Some)
    }

    /// Withdraws an evaluation for good. Of a published one, readers keep its title and the reason. Needs APPROVER where
    /// its forvaltning leads.
    async fn withdraw_virkningsevaluering(
        &self,
        field: &Context<'_>,
        input: WithdrawVirkningsevalueringInput,
    ) -> Result<Option<WithdrawVirkningsevalueringPayload>> {
        let WithdrawVirkningsevalueringInput { id, expected_version, reason } = input;
        let (step, given) = step(&id, expected_version, Some(reason));
        let withdrawn = written(field, virkningsevaluering::Withdraw(step), given).await;
        WithdrawVirkningsevalueringPayload::new(field, withdrawn, row).map(Some)
    }
}

/// A step of the evaluation's life. What is said about it is the event's reason too.
fn step(id: &ID, expected_version: i32, comment: Option<String>) -> (Step, Given) {
    let given = Given { expected: version(expected_version), reason: comment.clone(), ..Given::default() };
    (Step { id: Kind::Virkningsevaluering.read(id), comment }, given)
}

/// Carries out the operation and reads the evaluation as it then is.
async fn written<O: domain::Operation<Subject = Evaluation>>(
    field: &Context<'_>,
    operation: O,
    given: Given,
) -> domain::Result<Seen> {
    let context = signed_in(field)?;
    let evaluation = operate(context, operation, given).await?;
    evaluation_of(context, &evaluation).await
}

fn row(seen: Seen) -> (Seen,) {
    (seen,)
}
