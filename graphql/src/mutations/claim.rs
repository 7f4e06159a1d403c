use async_graphql::{Context, InputObject, Object, Result};
use domain::claim::{self, CheckedClaim, Claim};
use domain::{Error, Given, operate};

use crate::enums::Measure;
use crate::payload::payload;
use crate::request::signed_in;

/// What adding a claim takes.
#[derive(InputObject)]
pub struct AddClaimInput {
    /// The reporting year that it is about; it must have been opened.
    year: i32,
    /// What is claimed, in words; at most 10,000 characters; unique within the year.
    text: String,
    /// The number as printed; of a list of districts their names with `;` between.
    printed: String,
    /// What it counts.
    measure: Measure,
    /// The number of the principle; with `PRINCIPLE_COUNT` and only then.
    principle: Option<i32>,
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
    /// Adds a number that someone printed about a year, to be checked against the register. Needs COORDINATOR.
    async fn add_claim(&self, field: &Context<'_>, input: AddClaimInput) -> Result<Option<AddClaimPayload>> {
        let AddClaimInput { year, text, printed, measure, principle, idempotency_key, reason } = input;
        let operation = claim::Add { year, text, printed, measure: measure.into(), principle };
        let given = Given { idempotency_key, reason, ..Given::default() };
        let added = async {
            let context = signed_in(field)?;
            let claim: Claim = operate(context, operation, given).await?;
            let checked = claim::checked(context, &[claim.year]).await?.into_values().flatten();
            let mut own = checked.filter(|checked| checked.claim.id == claim.id);
            own.next().ok_or_else(|| Error::Internal("an added claim is not there".into()))
        };
        AddClaimPayload::new(field, added.await, |claim| claim).map(Some)
    }
}
