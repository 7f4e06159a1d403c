//! Learnings, and what measurements are of and come from.

use async_graphql::{Context, ID, InputObject, Object, Result};
use domain::data_source::{self, DataSource};
use domain::learning::{self, Learning};
use domain::population::{self, Population};
use domain::virkningsevaluering::Seen;
use domain::{Error, Given, operate};

use super::evaluation_of;
use crate::enums::Audience;
use crate::ids::Kind;
use crate::payload::payload;
use crate::request::signed_in;
use crate::scalars::Date;

/// What adding a learning takes.
#[derive(InputObject)]
pub struct AddLearningInput {
    /// The evaluation.
    virkningsevaluering_id: ID,
    /// Whom it is addressed to.
    audience: Audience,
    /// What it says; at most 10,000 characters.
    text: String,
    /// A key of your own that makes sending this again harmless.
    idempotency_key: Option<String>,
    /// Why, for the history.
    reason: Option<String>,
}

/// What describing a population takes.
#[derive(InputObject)]
pub struct AddPopulationInput {
    /// The evaluation.
    virkningsevaluering_id: ID,
    /// Who is counted; at most 300 characters; unique within the evaluation.
    name: String,
    /// From when on they are; at most 10,000 characters.
    counted_from: Option<String>,
    /// Who is left out, and why; at most 10,000 characters.
    left_out: Option<String>,
    /// A key of your own that makes sending this again harmless.
    idempotency_key: Option<String>,
    /// Why, for the history.
    reason: Option<String>,
}

/// What describing a data source takes.
#[derive(InputObject)]
pub struct AddDataSourceInput {
    /// The evaluation.
    virkningsevaluering_id: ID,
    /// The register or instrument; at most 300 characters; unique within the evaluation.
    name: String,
    /// Who supplies it; at most 300 characters.
    supplier: Option<String>,
    /// The day on which the data were taken out.
    extracted_on: Option<Date>,
    /// The last day that they cover.
    covered_until: Option<Date>,
    /// How far it lags behind what it describes.
    delay: Option<String>,
    /// What is known to be wrong or missing.
    known_limits: Option<String>,
    /// A key of your own that makes sending this again harmless.
    idempotency_key: Option<String>,
    /// Why, for the history.
    reason: Option<String>,
}

payload! {
    /// A learning, added.
    AddLearningPayload {
        /// The learning; null where it was refused.
        learning: Learning,
        /// Its evaluation, in its new version.
        virkningsevaluering: Seen,
    }
}

payload! {
    /// A population, described.
    AddPopulationPayload {
        /// The population; null where it was refused.
        population: Population,
        /// Its evaluation, in its new version.
        virkningsevaluering: Seen,
    }
}

payload! {
    /// A data source, described.
    AddDataSourcePayload {
        /// The data source; null where it was refused.
        data_source: DataSource,
        /// Its evaluation, in its new version.
        virkningsevaluering: Seen,
    }
}

#[derive(Default)]
pub struct LearningMutations;

#[Object]
impl LearningMutations {
    /// Adds what an evaluation teaches. Needs EVALUATOR in a forvaltning that leads the intervention or takes part in it.
    async fn add_learning(
        &self,
        field: &Context<'_>,
        input: AddLearningInput,
    ) -> Result<Option<AddLearningPayload>> {
        let AddLearningInput { virkningsevaluering_id, audience, text, idempotency_key, reason } = input;
        let evaluation_id = Kind::Virkningsevaluering.read(&virkningsevaluering_id);
        let operation = learning::Add { evaluation_id, audience: audience.into(), text };
        let given = Given { idempotency_key, reason, ..Given::default() };
        let added = async {
            let context = signed_in(field)?;
            let written = operate(context, operation, given).await?;
            let evaluation = evaluation_of(context, &written).await?;
            let all = learning::of_evaluations(context, &[evaluation.standing()]).await?;
            let own = all.into_values().flatten().find(|row| row.id == written.about);
            Ok((own.ok_or_else(gone)?, evaluation))
        };
        AddLearningPayload::new(field, added.await, |rows| rows).map(Some)
    }

    /// Describes who is counted in measurements. Needs EVALUATOR in a forvaltning that leads the intervention or takes part
    /// in it.
    async fn add_population(
        &self,
        field: &Context<'_>,
        input: AddPopulationInput,
    ) -> Result<Option<AddPopulationPayload>> {
        let AddPopulationInput {
            virkningsevaluering_id,
            name,
            counted_from,
            left_out,
            idempotency_key,
            reason,
        } = input;
        let evaluation_id = Kind::Virkningsevaluering.read(&virkningsevaluering_id);
        let operation = population::Add { evaluation_id, name, counted_from, left_out };
        let given = Given { idempotency_key, reason, ..Given::default() };
        let added = async {
            let context = signed_in(field)?;
            let written = operate(context, operation, given).await?;
            let own = population::by_ids(context, &[written.about]).await?.remove(&written.about);
            Ok((own.ok_or_else(gone)?, evaluation_of(context, &written).await?))
        };
        AddPopulationPayload::new(field, added.await, |rows| rows).map(Some)
    }

    /// Describes where measurements come from. Needs EVALUATOR in a forvaltning that leads the intervention or takes part in
    /// it.
    async fn add_data_source(
        &self,
        field: &Context<'_>,
        input: AddDataSourceInput,
    ) -> Result<Option<AddDataSourcePayload>> {
        let AddDataSourceInput {
            virkningsevaluering_id,
            name,
            supplier,
            extracted_on,
            covered_until,
            delay,
            known_limits,
            idempotency_key,
            reason,
        } = input;
        let operation = data_source::Add {
            evaluation_id: Kind::Virkningsevaluering.read(&virkningsevaluering_id),
            name,
            supplier,
            extracted_on: extracted_on.map(|day| day.0),
            covered_until: covered_until.map(|day| day.0),
            delay,
            known_limits,
        };
        let given = Given { idempotency_key, reason, ..Given::default() };
        let added = async {
            let context = signed_in(field)?;
            let written = operate(context, operation, given).await?;
            let own = data_source::by_ids(context, &[written.about]).await?.remove(&written.about);
            Ok((own.ok_or_else(gone)?, evaluation_of(context, &written).await?))
        };
        AddDataSourcePayload::new(field, added.await, |rows| rows).map(Some)
    }
}

fn gone() -> Error {
    Error::Internal("what was added to an evaluation is not there".into())
}
