use async_graphql::{Context, ID, InputObject, Object, Result};
use domain::evaluation_round::{self, EvaluationRound, Round};
use domain::{Given, Uuid, operate};

use super::version;
use crate::ids::Kind;
use crate::payload::payload;
use crate::request::signed_in;

/// What making a round takes.
#[derive(InputObject)]
pub struct CreateEvaluationRoundInput {
    /// The year, 1900 to 2200.
    year: i32,
    /// The theme; at most 300 characters; unique within the year.
    theme: String,
    /// The interventions chosen for it; none where it is open to all.
    #[graphql(default)]
    intervention_ids: Vec<ID>,
    /// A key of your own that makes sending this again harmless.
    idempotency_key: Option<String>,
    /// Why, for the history.
    reason: Option<String>,
}

/// What changing a round takes. A field that is not given stays as it is.
#[derive(InputObject)]
pub struct UpdateEvaluationRoundInput {
    /// The round.
    id: ID,
    /// The version you read.
    expected_version: i32,
    /// A new theme.
    theme: Option<String>,
    /// All interventions chosen for it.
    intervention_ids: Option<Vec<ID>>,
    /// Why, for the history.
    reason: Option<String>,
}

payload! {
    /// A round, made.
    CreateEvaluationRoundPayload {
        /// The round; null where it was refused.
        evaluation_round: EvaluationRound
    }
}

payload! {
    /// A round, changed.
    UpdateEvaluationRoundPayload {
        /// The round; null where it was refused.
        evaluation_round: EvaluationRound
    }
}

#[derive(Default)]
pub struct EvaluationRoundMutations;

#[Object]
impl EvaluationRoundMutations {
    /// Makes a round of evaluations. Needs COORDINATOR.
    async fn create_evaluation_round(
        &self,
        field: &Context<'_>,
        input: CreateEvaluationRoundInput,
    ) -> Result<Option<CreateEvaluationRoundPayload>> {
        let CreateEvaluationRoundInput { year, theme, intervention_ids, idempotency_key, reason } = input;
        let operation = evaluation_round::Create { year, theme, interventions: read(&intervention_ids) };
        let given = Given { idempotency_key, reason, ..Given::default() };
        let made = async { operate(signed_in(field)?, operation, given).await };
        CreateEvaluationRoundPayload::new(field, made.await, row).map(Some)
    }

    /// Changes a round's theme or the interventions chosen for it. Needs COORDINATOR.
    async fn update_evaluation_round(
        &self,
        field: &Context<'_>,
        input: UpdateEvaluationRoundInput,
    ) -> Result<Option<UpdateEvaluationRoundPayload>> {
        let UpdateEvaluationRoundInput { id, expected_version, theme, intervention_ids, reason } = input;
        let operation = evaluation_round::Update {
            id: Kind::EvaluationRound.read(&id),
            theme,
            interventions: intervention_ids.as_deref().map(read),
        };
        let given = Given { expected: version(expected_version), reason, ..Given::default() };
        let changed = async { operate(signed_in(field)?, operation, given).await };
        UpdateEvaluationRoundPayload::new(field, changed.await, row).map(Some)
    }
}

fn read(ids: &[ID]) -> Vec<Option<Uuid>> {
    ids.iter().map(|id| Kind::Intervention.read(id)).collect()
}

fn row(round: Round) -> (EvaluationRound,) {
    (round.row,)
}
