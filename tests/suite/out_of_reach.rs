//! The ids of another forvaltning's unpublished evaluation, and of all that lies below it, at every place of the schema that
//! takes an id: answered to the byte as an id that is nobody's, and nothing changed.

mod slots;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use self::slots::{Slot, readings, slots_of, with_id};
use crate::support::mutations::{Attempt, attempts_at};
use crate::support::places::{Place, places};
use crate::support::schema::Schema;
use crate::support::{Backend, Client, Server, virkning};

on_both_databases!(no_place_for_an_id_tells_what_is_there_from_what_is_not);

/// Who asks: each role of a forvaltning that the evaluation is nothing to.
const STRANGERS: [&str; 4] = ["evaluator-sof", "approver-sof", "reader-sof", "auditor-sof"];

fn no_place_for_an_id_tells_what_is_there_from_what_is_not(backend: Backend) {
    let (database, places) = places(backend);
    let server = Server::serve(database, &["--explorer"]);
    let auditor = server.signed_in("auditor");
    let schema = Schema::of(&auditor);
    let [own, others] = [&places[0], &places[2]];
    let secret = ids_below(&schema, &auditor, others);
    let version = server.signed_in("evaluator-sof").version(own.id("evaluation"));
    let written = slots_written(&schema, own, version);
    let events = server.database().count("event");
    let readings = readings(&schema);
    for stranger in STRANGERS {
        let client = server.signed_in(stranger);
        for id in &secret {
            let (prefix, _) = id.split_once('_').expect("an id");
            let nobodys = format!("{prefix}_00000000000070008000000000000000");
            for reading in &readings {
                let ids = [id, &nobodys, "no id at all"];
                let [existing, absent, none] = ids.map(|id| client.ask(reading, json!({ "id": id })).body);
                assert_eq!(existing, absent, "{stranger} reads {id}: {reading}");
                assert_eq!(none, absent, "{stranger} reads {id}: {reading}");
            }
            for attempts in &written {
                let [existing, absent] =
                    [id, &nobodys].map(|id| attempt_with(&schema, &client, attempts, id));
                assert_eq!(existing, absent, "{stranger} writes with {id}");
                assert_all_refused(&existing, attempts, stranger);
            }
        }
    }
    assert_eq!(server.database().count("event"), events, "nothing is changed");
    virkning(&server.database().url, &["verify"]).assert_success();
}

/// An id of each kind of what belongs to an evaluation, as its history names them.
fn ids_below(schema: &Schema, auditor: &Client, place: &Place) -> Vec<String> {
    let query = "query($id: ID!) { virkningsevaluering(id: $id) { id history(first: 100) { pageInfo { hasNextPage } \
                 nodes { id changes { part { kind id } } } } } }";
    let found = auditor.data(query, json!({ "id": place.id("evaluation") }))["virkningsevaluering"].clone();
    assert_eq!(found["history"]["pageInfo"]["hasNextPage"], false);
    let (mut kinds, mut ids) = (BTreeSet::new(), BTreeMap::<String, String>::new());
    let mut keep = |id: &Value| {
        let id = id.as_str().expect("an id");
        ids.insert(id.split('_').next().unwrap_or_default().to_owned(), id.to_owned());
    };
    keep(&found["id"]);
    for event in found["history"]["nodes"].as_array().expect("events") {
        keep(&event["id"]);
        for part in event["changes"].as_array().expect("changes").iter().map(|change| &change["part"]) {
            if !part.is_null() {
                keep(&part["id"]);
                kinds.insert(part["kind"].as_str().expect("a kind").to_owned());
            }
        }
    }
    let declared: BTreeSet<_> = schema.get("EvaluationPart").values.iter().cloned().collect();
    assert_eq!(kinds, declared, "tests/suite/support/places.rs makes a part of each kind");
    ids.into_values().collect()
}

/// Sound attempts at one's own with one place for an id free: in each document another place of each mutation.
fn slots_written(schema: &Schema, own: &Place, version: i64) -> Vec<Vec<(Attempt, Slot)>> {
    let mut documents: Vec<Vec<(Attempt, Slot)>> = Vec::new();
    for attempt in attempts_at(own) {
        let input = &schema.get(&schema.mutation).field(attempt.mutation).arguments[0];
        for (at, slot) in slots_of(schema, &input.ty.name).into_iter().enumerate() {
            if documents.len() == at {
                documents.push(vec![]);
            }
            let mut input = attempt.input.clone();
            if input.get("expectedVersion").is_some() {
                input["expectedVersion"] = json!(version);
            }
            let faulty = Value::Null;
            documents[at].push((Attempt { mutation: attempt.mutation, input, faulty }, slot));
        }
    }
    documents
}

fn attempt_with(schema: &Schema, client: &Client, attempts: &[(Attempt, Slot)], id: &str) -> String {
    let inputs = attempts.iter().map(|(attempt, slot)| (attempt.mutation, with_id(&attempt.input, slot, id)));
    let inputs = json!(inputs.collect::<BTreeMap<_, _>>());
    let document = crate::matrix::document(schema, attempts.iter().map(|(attempt, _)| attempt));
    client.ask(&document, inputs).body
}

/// A place for an id at which anything else is refused first would prove nothing.
fn assert_all_refused(answer: &str, attempts: &[(Attempt, Slot)], who: &str) {
    let answer: Value = serde_json::from_str(answer).expect("JSON");
    for (attempt, slot) in attempts {
        let mutation = attempt.mutation;
        // Figures are what a year's claims are made of, and the attempt is at a criterion's.
        let sooner = if mutation == "addClaim" { "YEAR_OR_CRITERION" } else { "NOT_FOUND" };
        let errors = answer["errors"].as_array().into_iter().flatten();
        let error = errors.clone().find(|error| error["path"][0] == mutation);
        let mut codes = answer["data"][mutation]["userErrors"].as_array().into_iter().flatten();
        let refused = match error {
            Some(error) => error["extensions"]["code"] == "FORBIDDEN",
            None => codes.any(|error| error["code"] == "NOT_FOUND" || error["code"] == sooner),
        };
        assert!(refused, "{who}: {mutation} with another's id at {slot:?} is refused for that: {answer}");
    }
}
