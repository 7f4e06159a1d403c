use async_graphql::{Context, ID, InputObject, Object, Result};
use domain::claim::{self, CheckedClaim};
use domain::{ClaimTerm, Error, Given, Problem, Uuid, criterion_claim, operate, success_criterion};

use crate::enums::{Measure, Wave};
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
    /// What is claimed, in words; at most 600 characters; unique within the year or criterion.
    text: String,
    /// The number as printed, changes and shares in per cent; of a list of districts their names with `;` between. A fall is
    /// negative.
    printed: String,
    /// What it says; of a criterion `RELATIVE_CHANGE`, `SHARE` or `COUNT`.
    measure: Measure,
    /// The number of the principle; with `PRINCIPLE_COUNT` and only then.
    principle: Option<i32>,
    /// Of a year, what it is computed from: the parts of a `SUM`, at most 100; the part and the whole of a `SHARE`; the
    /// figures before and after of a `DIFFERENCE` or `RELATIVE_CHANGE`. Without them the claim is kept and not checked.
    terms: Option<Vec<ClaimTermInput>>,
    /// Whether the terms were rounded, as percentages and means are and counts are not; false where it is not given.
    rounded: Option<bool>,
    /// Of a criterion: `BEFORE` or `AFTER`; with `SHARE` and `COUNT` and only then.
    wave: Option<Wave>,
    /// Of a criterion: the percentage before that was printed beside it, such as 30.2.
    printed_before: Option<String>,
    /// Of a criterion: the percentage after that was printed beside it.
    printed_after: Option<String>,
    /// Where it was printed; at most 300 characters.
    source: Option<String>,
    /// A key of your own that makes sending this again harmless.
    idempotency_key: Option<String>,
    /// Why, for the history.
    reason: Option<String>,
}

/// What a claim is computed from: either of these.
#[derive(InputObject)]
pub struct ClaimTermInput {
    /// A figure of the register.
    figure_id: Option<ID>,
    /// A number that is printed elsewhere, such as 19.
    number: Option<String>,
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
        terms,
        rounded,
        wave,
        printed_before,
        printed_after,
        source,
        idempotency_key,
        reason,
    } = input;
    let context = signed_in(field)?;
    let given = Given { idempotency_key, reason, ..Given::default() };
    let measure = measure.into();
    let only_of = |fields: &[(&str, bool)], problem: Problem| match fields.iter().find(|(_, given)| *given) {
        Some((field, _)) => Err(Error::refused(field, problem)),
        None => Ok(()),
    };
    match (year, criterion_id) {
        (Some(year), None) => {
            let of_criterion = [
                ("printedBefore", printed_before.is_some()),
                ("printedAfter", printed_after.is_some()),
                ("wave", wave.is_some()),
            ];
            only_of(&of_criterion, Problem::YearOrCriterion)?;
            let terms = read(terms.unwrap_or_default())?;
            let rounded = rounded.unwrap_or_default();
            let operation = claim::Add { year, text, printed, measure, principle, terms, rounded, source };
            let claim = operate(context, operation, given).await?;
            let checked = claim::checked(context, &[claim.year]).await?.into_values().flatten();
            found(checked, claim.id)
        }
        (None, Some(id)) => {
            only_of(&[("principle", principle.is_some())], Problem::PrincipleWithMeasure)?;
            let of_year = [("terms", terms.is_some()), ("rounded", rounded.is_some())];
            only_of(&of_year, Problem::YearOrCriterion)?;
            let criterion_id = Kind::SuccessCriterion.read(&id);
            let operation = criterion_claim::Add {
                criterion_id,
                text,
                measure,
                wave: wave.map(Into::into),
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

fn read(terms: Vec<ClaimTermInput>) -> domain::Result<Vec<ClaimTerm>> {
    let term = |(at, term): (usize, ClaimTermInput)| match (term.figure_id, term.number) {
        // An id that is none of ours is of no figure, as one that does not exist.
        (Some(id), None) => Ok(ClaimTerm::Figure(Kind::Figure.read(&id).unwrap_or(Uuid::nil()))),
        (None, Some(number)) => Ok(ClaimTerm::Number(number)),
        _ => Err(Error::refused(&format!("terms.{at}"), Problem::FigureOrNumber)),
    };
    terms.into_iter().enumerate().map(term).collect()
}

fn found(mut claims: impl Iterator<Item = CheckedClaim>, id: Uuid) -> domain::Result<CheckedClaim> {
    let own = claims.find(|claim| claim.id == id);
    own.ok_or_else(|| Error::Internal("an added claim is not there".into()))
}
