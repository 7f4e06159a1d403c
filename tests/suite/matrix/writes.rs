//! Every mutation and subscription, by each role in each place.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Cells, ROLES, letters};
use crate::support::mutations::{Attempt, ONES_OWN, attempts_at};
use crate::support::places::{PLACES, Place};
use crate::support::schema::Schema;
use crate::support::{Client, Heard, Socket};

/// Attempts at mutations, one after the other, each with a variable of its name for its input.
pub fn document<'a>(schema: &Schema, attempts: impl IntoIterator<Item = &'a Attempt>) -> String {
    let mutations = schema.get(&schema.mutation);
    let (mut variables, mut fields) = (Vec::new(), Vec::new());
    for Attempt { mutation: name, .. } in attempts {
        variables.push(format!("${name}: {}!", mutations.field(name).arguments[0].ty.name));
        fields.push(format!("{name}(input: ${name}) {{ userErrors {{ field message code }} }}"));
    }
    format!("mutation({}) {{ {} }}", variables.join(", "), fields.join(" "))
}

pub fn attempt(schema: &Schema, clients: &[Client], places: &[Place], cells: &mut Cells) {
    for (at, place) in places.iter().enumerate() {
        let attempts = attempts_at(place);
        for field in &schema.get(&schema.mutation).fields {
            let known = attempts.iter().any(|attempt| attempt.mutation == field.name);
            assert!(
                known || ONES_OWN.contains(&&*field.name),
                "say in tests/suite/support/mutations.rs how {} is attempted",
                field.name
            );
        }
        let document = document(schema, &attempts);
        let inputs = attempts.iter().map(|attempt| (attempt.mutation, &attempt.faulty));
        let inputs = json!(inputs.collect::<BTreeMap<_, _>>());
        for (role, client) in clients.iter().enumerate() {
            let answer = client.ask(&document, inputs.clone()).json();
            for attempt in &attempts {
                let row = format!("{}.{}", schema.mutation, attempt.mutation);
                let letter = letter(&answer, attempt.mutation);
                cells.entry(row).or_insert([[' '; PLACES.len()]; ROLES.len()])[role][at] = letter;
            }
        }
    }
}

/// How one of the attempts was answered. Something is wrong with each of them, so that none is answered without a fault.
fn letter(answer: &Value, mutation: &str) -> char {
    let errors = answer["errors"].as_array().into_iter().flatten();
    let error = errors.clone().find(|error| error["path"][0] == mutation);
    let code = match error {
        Some(error) => &error["extensions"]["code"],
        None => &answer["data"][mutation]["userErrors"][0]["code"],
    };
    let code = code.as_str().unwrap_or_else(|| panic!("a refusal of {mutation}: {answer}"));
    letters::of_refusal(code).unwrap_or('p')
}

/// Follows the history from an event of each place on, of which there are later ones.
pub fn follow(schema: &Schema, clients: &[Client], places: &[Place], cells: &mut Cells) {
    let streams = &schema.get(&schema.subscription).fields;
    assert!(
        streams.iter().all(|field| field.name == "eventAppended"),
        "say in tests/suite/matrix/writes.rs how a new subscription is attempted"
    );
    let query = "subscription($after: ID) { eventAppended(after: $after) { id } }";
    for (role, client) in clients.iter().enumerate() {
        for (at, place) in places.iter().enumerate() {
            let mut socket = Socket::of(client);
            socket.subscribe("1", query, json!({ "after": place.id("event") }));
            let Heard::Message(heard) = socket.hear() else { panic!("an answer to a subscription") };
            let letter = match heard["type"].as_str() {
                Some("next") => 'v',
                _ => letters::of_refusal(
                    heard["payload"][0]["extensions"]["code"].as_str().unwrap_or_default(),
                )
                .unwrap_or_else(|| panic!("a refusal: {heard}")),
            };
            let row = format!("{}.eventAppended", schema.subscription);
            cells.entry(row).or_insert([[' '; PLACES.len()]; ROLES.len()])[role][at] = letter;
        }
    }
}
