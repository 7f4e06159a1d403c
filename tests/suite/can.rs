//! What `can` tells is what the mutations do: asked of every object, as many accounts, in every state, and then tried.

mod accounts;
mod evaluations;
mod register;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::support::{Backend, Client, Server, Snor};

on_both_databases!(
    every_mutation_is_an_ability,
    reasons_are_told_in_the_readers_language,
    it_is_told_of_now_only,
    objects_cost_no_statements,
    others_are_told_nothing_more_than_that_it_is_not_theirs,
);

const CAN: &str = "can { ability allowed why { code } }";
/// Abilities that are no mutations.
const READINGS: [&str; 5] =
    ["READ_OBSERVATIONS", "READ_HISTORY", "READ_LOG", "READ_ACCESS_LOG", "REVIEW_ACCESS"];

/// By ability, the code of what is in the way; OK where nothing is.
fn told(can: &Value) -> BTreeMap<String, String> {
    let permissions = can.as_array().unwrap_or_else(|| panic!("permissions, not {can}"));
    let told = |permission: &Value| {
        let code = permission["why"]["code"].as_str();
        assert_eq!(permission["allowed"], code.is_none(), "{permission}");
        (permission["ability"].as_str().expect("an ability").to_owned(), code.unwrap_or("OK").to_owned())
    };
    permissions.iter().map(told).collect()
}

/// The mutation of an ability: `APPROVE_VIRKNINGSEVALUERING` as `approveVirkningsevaluering`.
fn mutation(ability: &str) -> String {
    let words = ability.split('_').enumerate();
    let word = |(at, word): (usize, &str)| match at {
        0 => word.to_lowercase(),
        _ => word[..1].to_owned() + &word[1..].to_lowercase(),
    };
    words.map(word).collect()
}

/// The code with which a mutation is answered; OK where it is done.
fn outcome(client: &Client, mutation: &str, input: &Value) -> String {
    let json = client.try_mutate(mutation, input, "__typename").json();
    let code = json["errors"][0]["extensions"]["code"]
        .as_str()
        .or(json["data"][mutation]["userErrors"][0]["code"].as_str());
    code.unwrap_or("OK").to_owned()
}

/// Tries what is told to be refused: it is, with the same code. How many were tried.
fn assert_refused(
    (user, client): (&str, &Client),
    state: &str,
    told: &BTreeMap<String, String>,
    input: impl Fn(&str) -> Value,
) -> usize {
    let refused = told.iter().filter(|(ability, code)| {
        // A participant, or a pair of measurements, that is not there is told of first, whatever the state.
        let looks_first = ability.ends_with("_PARTICIPANT") || *ability == "RECORD_PAIRED_TABLE";
        let by_state = *code == "WRONG_STATUS" && looks_first;
        *code != "OK" && !by_state && !READINGS.contains(&ability.as_str())
    });
    refused
        .map(|(ability, code)| {
            let mutation = mutation(ability);
            let input = input(&mutation);
            assert_eq!(outcome(client, &mutation, &input), *code, "{user} {mutation} {state} {input}");
        })
        .count()
}

fn every_mutation_is_an_ability(backend: Backend) {
    let server = Server::start(backend);
    let names = server.stranger().data(
        "{ __type(name: \"Ability\") { enumValues { name } } __schema { mutationType { fields { name } } } }",
        json!({}),
    );
    let list = |value: &Value| -> Vec<String> {
        let names = value.as_array().expect("names").iter();
        names.map(|one| one["name"].as_str().expect("a name").to_owned()).collect()
    };
    let mut abilities: Vec<_> = list(&names["__type"]["enumValues"])
        .into_iter()
        .filter(|ability| !READINGS.contains(&ability.as_str()))
        .map(|ability| mutation(&ability))
        .collect();
    let mut mutations = list(&names["__schema"]["mutationType"]["fields"]);
    mutations.retain(|name| {
        !["signIn", "signOut", "signOutEverywhere", "refreshSession", "redeemPasswordLink"]
            .contains(&name.as_str())
    });
    abilities.sort_unstable();
    mutations.sort_unstable();
    assert_eq!(abilities, mutations);
}

fn reasons_are_told_in_the_readers_language(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let snor = Snor::drafted(&evaluator);
    let why = |client: &Client, selection: &str| {
        let can =
            client.evaluation(&snor.id, &format!("can {{ ability why {{ {selection} }} }}"))["can"].clone();
        let submit = can
            .as_array()
            .expect("permissions")
            .iter()
            .find(|one| one["ability"] == "SUBMIT_VIRKNINGSEVALUERING");
        submit.expect("it")["why"].clone()
    };
    let english = why(&evaluator, "code message");
    let danish = why(&evaluator.clone().in_danish(), "code message");
    assert_eq!((&english["code"], &danish["code"]), (&json!("WRONG_STATUS"), &json!("WRONG_STATUS")));
    assert_ne!(english["message"], danish["message"]);
    assert_eq!(why(&evaluator, "message(language: DA)")["message"], danish["message"]);
    let refused = evaluator.step("submit", &snor.id, json!({}));
    assert_eq!(refused["userErrors"][0]["message"], english["message"]);
}

fn it_is_told_of_now_only(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let snor = Snor::drafted(&evaluator);
    let now = evaluator.data("{ history(last: 1) { nodes { occurredAt } } }", json!({}))["history"]["nodes"]
        [0]["occurredAt"]
        .clone();
    for query in [
        "query($id: ID!, $at: DateTime!) { virkningsevaluering(id: $id, asOf: $at) { can { allowed } } }",
        "query($at: DateTime!) { intervention(slug: \"ludo\", asOf: $at) { can { allowed } } }",
    ] {
        let answer = evaluator.ask(query, json!({ "id": snor.id, "at": now }));
        assert_eq!(answer.error_code(), "BAD_USER_INPUT", "{query}");
    }
}

fn objects_cost_no_statements(backend: Backend) {
    let server = Server::start(backend);
    let [evaluator, coordinator, admin] =
        ["evaluator-sof", "coordinator", "admin"].map(|user| server.signed_in(user));
    for client in [&evaluator, &coordinator] {
        let query = "query($n: Int!) { interventions(first: $n) { nodes { can { allowed } current { can { allowed } } \
                     funding { can { allowed } } figures(first: $n) { nodes { can { allowed } } } } } }";
        assert_eq!(cost(&server, client, query, 8), cost(&server, client, query, 20));
    }
    for _more in 0..3 {
        Snor::measured(&evaluator);
    }
    let query = "query($n: Int!) { virkningsevalueringer(first: $n) { nodes { can { allowed } criteria { can { allowed } \
                 measurements { can { allowed } } } programmeTheory { elements { can { allowed } } } } } }";
    assert_eq!(cost(&server, &evaluator, query, 1), cost(&server, &evaluator, query, 20));
    let query = "query($n: Int!) { accounts(first: $n) { nodes { can { allowed } roleGrants { can { allowed } } } } }";
    assert_eq!(cost(&server, &admin, query, 2), cost(&server, &admin, query, 20));
}

fn cost(server: &Server, client: &Client, query: &str, count: i32) -> u64 {
    let answer = client.ask(query, json!({ "n": count }));
    answer.data();
    server.statements_of(answer.header("x-request-id").expect("a request id"))
}

/// Of what is not theirs, others learn neither its state nor who had a hand in it.
fn others_are_told_nothing_more_than_that_it_is_not_theirs(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let snor = Snor::published(&server);
    let asked = |client: &Client| {
        client.evaluation(
            &snor.id,
            &format!("{CAN} criteria {{ {CAN} measurements {{ {CAN} }} }} published {{ {CAN} }}"),
        )
    };
    let readers = ["reader", "evaluator-bif", "approver-bif", "auditor-sof", "coordinator"];
    let readers = readers.map(|user| server.signed_in(user));
    let before: Vec<_> = readers.iter().map(asked).collect();
    evaluator.recorded_share(&snor.absence, "FOLLOW_UP", 4, 43);
    let elsewhere = &readers[..3];
    for (client, before) in elsewhere.iter().zip(&before) {
        assert_eq!(asked(client), *before, "nothing tells that a new revision has begun");
    }
    for client in &readers {
        let can = told(&asked(client)["can"]);
        let reads = |ability: &str| ability == "READ_OBSERVATIONS";
        assert!(can.iter().all(|(ability, code)| code == "FORBIDDEN" || reads(ability)), "{can:?}");
    }
}
