use async_graphql::{Context, InputObject, Object, Result};
use domain::instrument::{self, Instrument, Items};
use domain::{Given, operate};

use crate::enums::CriterionDirection;
use crate::payload::payload;
use crate::request::signed_in;
use crate::scalars::Decimal;

/// What adding an instrument takes.
#[derive(InputObject)]
pub struct AddInstrumentInput {
    /// What criteria name it by: capitals, digits and underscores, at most 40; unique.
    code: String,
    /// What it is called; at most 300 characters.
    name: String,
    /// Which way is better.
    direction: CriterionDirection,
    /// The lowest score; that of its items where it is left out.
    minimum: Option<Decimal>,
    /// The highest score; that of its items where it is left out.
    maximum: Option<Decimal>,
    /// The smallest change of a score that matters to a person, above zero.
    smallest_change: Option<Decimal>,
    /// What a score is made of, where observations give the answers to single items.
    items: Option<InstrumentItemsInput>,
    /// A key of your own that makes sending this again harmless.
    idempotency_key: Option<String>,
    /// Why, for the history.
    reason: Option<String>,
}

/// The items that a score is made of.
#[derive(InputObject)]
pub struct InstrumentItemsInput {
    /// How many there are; at most 1,000.
    count: i32,
    /// The lowest answer to each.
    minimum: i32,
    /// The highest answer to each.
    maximum: i32,
    /// What their sum is multiplied by.
    #[graphql(default = 1)]
    factor: i32,
}

payload! {
    /// An instrument, added.
    AddInstrumentPayload {
        /// The instrument; null where it was refused.
        instrument: Instrument,
    }
}

#[derive(Default)]
pub struct InstrumentMutations;

#[Object]
impl InstrumentMutations {
    /// Adds an instrument beside those that everyone has. It stays as it is: what has changed is another. Needs COORDINATOR.
    async fn add_instrument(
        &self,
        field: &Context<'_>,
        input: AddInstrumentInput,
    ) -> Result<Option<AddInstrumentPayload>> {
        let AddInstrumentInput {
            code,
            name,
            direction,
            minimum,
            maximum,
            smallest_change,
            items,
            idempotency_key,
            reason,
        } = input;
        let operation = instrument::Add {
            code,
            name,
            direction: direction.into(),
            range: minimum.zip(maximum).map(|(minimum, maximum)| (minimum.0, maximum.0)),
            smallest_change: smallest_change.map(|change| change.0),
            items: items.map(|items| {
                let InstrumentItemsInput { count, minimum, maximum, factor } = items;
                Items { count, minimum, maximum, factor }
            }),
        };
        let given = Given { idempotency_key, reason, ..Given::default() };
        let added = async { operate(signed_in(field)?, operation, given).await };
        AddInstrumentPayload::new(field, added.await, |row| (row,)).map(Some)
    }
}
