use async_graphql::{Context, ID, InputObject, Object, Result};
use domain::claim::{self, CheckedClaim};
use domain::{Error, Given, Problem, Uuid, criterion_claim, operate, success_criterion};

use crate::enums::Measure;
use crate::ids::Kind;
use crate::payload::payload;
use crate::request::signed_in;

/// What adding a claim takes.
#[derive(InputObject)]
pub struct AddClaimInput {
    /// The reporting year that it is about; it must have been opened. Either this or a criterion.
    year: Option<i32>,
    /// The criterion that it is about.
    criterion_id: Option<ID>,
    /// What is claimed, in words; at most 10,000 characters; unique within the year or criterion.
    text: String,
    /// The number as printed; of a list of districts their names with `;` between. A fall is negative.
    printed: String,
    /// What it counts; of a criterion `RELATIVE_CHANGE`.
    measure: Measure,
    /// The number of the principle; with `PRINCIPLE_COUNT` and only then.
    principle: Option<i32>,
    /// Of a criterion: the percentage before that was printed beside it, such as 30.2.
    printed_before: Option<String>,
    /// Of a criterion: the percentage after that was printed beside it.
    printed_after: Option<String>,
    /// Of a criterion: where it was printed; at most 300 characters.
    source: Option<String>,
    /// A key of your own that makes sending this again harmless.
    idempotency_key: Option<String>,
    /// Why, for the history.
    reason: Option<String>,
}

payload! {
    /// A claim, added.
    AddClaimPayload {
        /// The claim, checked; null where it was refused.
        claim: CheckedClaim
    }
}

#[derive(Default)]
pub struct ClaimMutations;

#[Object]
impl ClaimMutations {
    /// Adds a number that someone printed, to be checked against the data. About a year it needs COORDINATOR; about a
    /// criterion EVALUATOR in a forvaltning that leads the intervention or takes part in it.
    async fn add_claim(&self, field: &Context<'_>, input: AddClaimInput) -> Result<Option<AddClaimPayload>> {
        AddClaimPayload::new(field, added(field, input).await, |claim| (claim,)).map(Some)
    }
}

async fn added(field: &Context<'_>, input: AddClaimInput) -> domain::Result<CheckedClaim> {
    let AddClaimInput {
        year,
        criterion_id,
        text,
        printed,
        measure,
        principle,
        printed_before,
        printed_after,
        source,
        idempotency_key,
        reason,
    } = input;
    let context = signed_in(field)?;
    let given = Given { idempotency_key, reason, ..Given::default() };
    let measure = measure.into();
    match (year, criterion_id) {
        (Some(year), None) => {
            let of_criterion = [
                ("printedBefore", printed_before.is_some()),
                ("printedAfter", printed_after.is_some()),
                ("source", source.is_some()),
            ];
            if let Some((field, _)) = of_criterion.into_iter().find(|(_, given)| *given) {
                return Err(Error::refused(field, Problem::YearOrCriterion));
            }
            let operation = claim::Add { year, text, printed, measure, principle };
            let claim = operate(context, operation, given).await?;
            let checked = claim::checked(context, &[claim.year]).await?.into_values().flatten();
            found(checked, claim.id)
        }
        (None, Some(id)) => {
            if principle.is_some() {
                return Err(Error::refused("principle", Problem::PrincipleWithMeasure));
            }
            let criterion_id = Kind::SuccessCriterion.read(&id);
            let operation = criterion_claim::Add {
                criterion_id,
                text,
                measure,
                printed,
                printed_before,
                printed_after,
                source,
            };
            let evaluation = operate(context, operation, given).await?;
            let criterion = success_criterion::by_id(context, criterion_id.unwrap_or_default()).await?;
            let places: Vec<_> = criterion.iter().map(success_criterion::Seen::place).collect();
            let checked = criterion_claim::checked(context, &places).await?.into_values().flatten();
            found(checked, evaluation.about)
        }
        _ => Err(Error::refused("year", Problem::YearOrCriterion)),
    }
}

fn found(mut claims: impl Iterator<Item = CheckedClaim>, id: Uuid) -> domain::Result<CheckedClaim> {
    let own = claims.find(|claim| claim.id == id);
    own.ok_or_else(|| Error::Internal("an added claim is not there".into()))
}
