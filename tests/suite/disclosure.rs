//! Numbers of few people, as those meet them who do not see the people.
//!
//! What follows from what is shown is found here by trying, not by what the server hides with.

mod attacks;
mod figures;
mod revisions;
mod words;

use serde_json::{Value, json};

use crate::support::{Client, Server, Snor, with};

/// Everything that is told of the numbers of a criterion.
const ALL: &str = "baseline { ...m } outcome { ...m } measurements { ...m corrects { ...m } } \
     pairedTables { n11 n10 n01 n00 absence { kind } } result { ...r } results { ...r } \
     comparisons { estimate low high pValue change sentence absence { kind } } claims { computed label } ";
const FRAGMENTS: &str = "fragment m on Measurement { id wave current kind value numerator denominator \
     categories { category count } mean sd median minimum maximum n count exposure absence { kind reason } \
     population { name } note correctionReason group { name } } \
     fragment r on Result { group wave before { numerator n value } after { numerator n value } \
     participation { enrolled before after paired excluded attrition bounds { after { low } } } attainment verdict \
     notAssessable change relativeChange difference interval { low high } pValue { lowest highest adjusted } \
     effectSize { estimate } personalChanges { improved worsened unchanged } ranks { median signedRankP signTestP } \
     warnings { code text } sentence inputHash absence { kind } }";

/// What a reader is told of a criterion.
fn told(client: &Client, criterion: &str) -> Value {
    let query =
        format!("query($id: ID!) {{ node(id: $id) {{ ... on SuccessCriterion {{ {ALL} }} }} }} {FRAGMENTS}");
    client.data(&query, json!({ "id": criterion }))["node"].clone()
}

/// The measurements of a criterion that stand, by wave and group, each with its numerator, or whether it is hidden.
fn numerators(client: &Client, criterion: &str) -> Vec<(String, String, Value)> {
    let measurements = client
        .criterion(criterion, "measurements { wave group { name } numerator denominator absence { kind } }")
        ["measurements"]
        .clone();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let told = |row: &Value| {
        if row["absence"].is_null() { row["numerator"].clone() } else { row["absence"]["kind"].clone() }
    };
    let rows = measurements.as_array().expect("measurements");
    rows.iter().map(|row| (text(&row["wave"]), text(&row["group"]["name"]), told(row))).collect()
}

/// A published evaluation of a criterion about school absence, and its criterion.
fn published(server: &Server, measured: &[(&str, Value)]) -> (String, String) {
    let evaluator = server.signed_in("evaluator-sof");
    let snor = Snor::registered(&evaluator);
    for (wave, value) in measured {
        evaluator.recorded(&snor.absence, wave, value.clone());
    }
    publish(server, &snor.id);
    (snor.id, snor.absence)
}

fn publish(server: &Server, evaluation: &str) {
    server.signed_in("evaluator-sof").steps("submit", evaluation);
    let approver = server.signed_in("approver-sof");
    approver.steps("approve", evaluation);
    approver.steps("publish", evaluation);
}

fn share(numerator: i32, denominator: i32) -> Value {
    json!({ "numerator": numerator, "denominator": denominator })
}

fn of_subgroup(name: &str, numerator: i32, denominator: i32) -> Value {
    with(share(numerator, denominator), json!({ "group": { "kind": "SUBGROUP", "name": name } }))
}

/// Who sees no participants of Den Korte Snor, though all of them see what is published of it.
const OUTSIDE: [&str; 4] = ["reader-sof", "reader", "coordinator", "evaluator-bif"];
const INSIDE: [&str; 4] = ["evaluator-sof", "approver-sof", "auditor-sof", "auditor"];
