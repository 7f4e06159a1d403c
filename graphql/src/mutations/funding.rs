use async_graphql::{Context, ID, InputObject, Object, Result};
use domain::funding::{self, Funding, Paid};
use domain::{Given, operate};

use super::version_or_new;
use crate::enums::{FundingKind, Permanence, StatedAbsence};
use crate::ids::Kind;
use crate::payload::payload;
use crate::request::signed_in;
use crate::scalars::Kroner;

/// What setting a funding takes. It replaces all of it.
#[derive(InputObject)]
pub struct SetFundingInput {
    /// The intervention.
    intervention_id: ID,
    /// The year in which the money is spent, 1900 to 2200.
    budget_year: i32,
    /// What it pays for. An intervention has one funding of each kind for a budget year.
    #[graphql(default_with = "FundingKind::NotStated")]
    kind: FundingKind,
    /// The version you read; left out for a funding that is not there yet.
    expected_version: Option<i32>,
    /// Whole Danish kroner, not below zero. Either this or an absence.
    amount_dkk: Option<Kroner>,
    /// Why there is no amount.
    absence: Option<StatedAbsence>,
    /// The same in words.
    absence_reason: Option<String>,
    /// How long it lasts.
    #[graphql(default_with = "Permanence::NotStated")]
    permanence: Permanence,
    /// The last budget year; with EXPIRES and only then.
    expires: Option<i32>,
    /// The codes of the forvaltninger that pay.
    funded_by: Vec<String>,
    /// Why, for the history.
    reason: Option<String>,
}

payload! {
    /// A funding, set.
    SetFundingPayload {
        /// The funding; null where it was refused.
        funding: Funding
    }
}

#[derive(Default)]
pub struct FundingMutations;

#[Object]
impl FundingMutations {
    /// Sets the money of an intervention for a budget year. Needs COORDINATOR.
    async fn set_funding(
        &self,
        field: &Context<'_>,
        input: SetFundingInput,
    ) -> Result<Option<SetFundingPayload>> {
        let SetFundingInput {
            intervention_id,
            budget_year,
            kind,
            expected_version,
            amount_dkk,
            absence,
            absence_reason,
            permanence,
            expires,
            funded_by,
            reason,
        } = input;
        let operation = funding::Set {
            intervention_id: Kind::Intervention.read(&intervention_id),
            budget_year,
            kind: kind.into(),
            amount_dkk: amount_dkk.map(|amount| amount.0),
            absence: absence.map(Into::into),
            absence_reason,
            permanence: permanence.into(),
            expires,
            funded_by,
        };
        let given = Given { expected: version_or_new(expected_version), reason, ..Given::default() };
        let set = async { operate(signed_in(field)?, operation, given).await };
        SetFundingPayload::new(field, set.await, |paid: Paid| (paid.row,)).map(Some)
    }
}
