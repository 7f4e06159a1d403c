//! Who may look at the log, and what is refused.

use serde_json::{Value, json};

use super::entries;
use crate::support::{Backend, Server};

on_both_databases!(
    only_who_reads_all_history_sees_the_log,
    sizes_out_of_range_are_refused_by_field,
    an_event_that_is_not_there_has_no_proof,
);

const FIELDS: [&str; 3] = [
    "{ checkpoint { size } }",
    "{ inclusionProof(event: \"event_01a209285eab731c8a320b311ec3abf2\") { index } }",
    "{ consistencyProof(from: 1) { earlier } }",
];

fn only_who_reads_all_history_sees_the_log(backend: Backend) {
    let server = Server::start(backend);
    for query in FIELDS {
        for user in [
            "auditor-sof",
            "coordinator",
            "admin",
            "evaluator-sof",
            "evaluator",
            "approver",
            "reader",
            "nobody",
        ] {
            let answer = server.signed_in(user).ask(query, json!({}));
            assert_eq!(answer.error_code(), "FORBIDDEN", "{user}: {query}");
        }
        assert_eq!(server.stranger().ask(query, json!({})).error_code(), "UNAUTHENTICATED", "{query}");
        let answer = server.signed_in("auditor").ask(query, json!({}));
        assert!(answer.json().get("errors").is_none(), "{}", answer.body);
    }
    // An event that the auditor of SOF reads has no proof for them either: its place tells how much others write.
    let auditor = server.signed_in("auditor-sof");
    let event =
        auditor.data("{ history(first: 1) { nodes { id } } }", json!({}))["history"]["nodes"][0]["id"]
            .clone();
    let query = "query($event: ID!) { inclusionProof(event: $event) { index } }";
    assert_eq!(auditor.ask(query, json!({ "event": event })).error_code(), "FORBIDDEN");
}

fn sizes_out_of_range_are_refused_by_field(backend: Backend) {
    let server = Server::start(backend);
    let auditor = server.signed_in("auditor");
    let beyond = entries(server.database()) + 1;
    let event = "event: \"event_01a209285eab731c8a320b311ec3abf2\"";
    for (field, query) in [
        ("size", format!("{{ checkpoint(size: {beyond}) {{ size }} }}")),
        ("size", "{ checkpoint(size: -1) { size } }".to_owned()),
        ("size", format!("{{ inclusionProof({event}, size: {beyond}) {{ index }} }}")),
        ("size", format!("{{ inclusionProof({event}, size: -1) {{ index }} }}")),
        ("from", format!("{{ consistencyProof(from: {beyond}) {{ earlier }} }}")),
        ("from", "{ consistencyProof(from: -1) { earlier } }".to_owned()),
        ("from", "{ consistencyProof(from: 3, to: 2) { earlier } }".to_owned()),
        ("to", format!("{{ consistencyProof(from: 1, to: {beyond}) {{ earlier }} }}")),
        ("to", "{ consistencyProof(from: 0, to: -1) { earlier } }".to_owned()),
    ] {
        let answer = auditor.ask(&query, json!({}));
        assert_eq!(answer.error_code(), "BAD_USER_INPUT", "{query}");
        let faults = answer.json()["errors"][0]["extensions"]["faults"].clone();
        assert_eq!(faults[0]["field"], json!([field]), "{query}: {faults}");
        assert_eq!(faults[0]["code"], "OUT_OF_RANGE", "{query}: {faults}");
    }
}

fn an_event_that_is_not_there_has_no_proof(backend: Backend) {
    let server = Server::start(backend);
    let auditor = server.signed_in("auditor");
    let query = "query($event: ID!, $size: Int) { inclusionProof(event: $event, size: $size) { index } }";
    let proof = |event: &Value, size: Option<i64>| {
        auditor.data(query, json!({ "event": event, "size": size }))["inclusionProof"].clone()
    };
    let (intervention, _) = auditor.intervention("ludo");
    for none in ["event_01a209285eab731c8a320b311ec3abf2", "event_x", "", intervention.as_str()] {
        assert_eq!(proof(&json!(none), None), Value::Null, "{none}");
    }
    let last =
        auditor.data("{ history(last: 1) { nodes { id } } }", json!({}))["history"]["nodes"][0]["id"].clone();
    let size = entries(server.database());
    assert_eq!(proof(&last, Some(size)), json!({ "index": size - 1 }));
    assert_eq!(proof(&last, Some(size - 1)), Value::Null, "it came later");
    assert_eq!(proof(&last, Some(0)), Value::Null);
}
