//! Measurements from a spreadsheet: all rows or none, told by line and column, harmless to send again.

use serde_json::{Value, json};

use crate::support::{Backend, Client, Server, Snor, code};

on_both_databases!(
    a_table_is_recorded_row_by_row_and_may_be_sent_again,
    a_table_with_a_fault_is_refused_by_line_and_column,
    who_imports_does_not_approve,
);

/// The columns that shares of all participants need, in an order of one's own.
const HEAD: &str = "criterion,numerator,denominator,wave,group,period_start,period_end";

/// A line of the table: a share of all participants.
fn line(criterion: i32, wave: &str, numerator: &str, denominator: &str) -> String {
    format!("{criterion},{numerator},{denominator},{wave},PARTICIPANTS,2022-07-01,2023-06-30")
}

fn import(client: &Client, evaluation: &str, lines: &[String]) -> Value {
    let csv = format!("{HEAD}\n{}\n", lines.join("\n"));
    let input = json!({ "virkningsevalueringId": evaluation, "csv": csv, "reason": "Fra regnearket" });
    client.mutate("importMeasurements", &input, "recorded unchanged virkningsevaluering { version }")
}

fn a_table_is_recorded_row_by_row_and_may_be_sent_again(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let auditor = server.signed_in("auditor");
    let snor = Snor::registered(&evaluator);
    let version = evaluator.version(&snor.id);
    let before = auditor.events();
    let first = [line(1, "BEFORE", "13", "43"), line(1, "AFTER", "5", "43"), line(2, "BEFORE", "14", "43")];
    let imported = import(&evaluator, &snor.id, &first);
    let told = |recorded: i32, unchanged: i32, version: i64| {
        json!({
            "recorded": recorded, "unchanged": unchanged, "virkningsevaluering": { "version": version }, "userErrors": [],
        })
    };
    assert_eq!(imported, told(3, 0, version + 3));
    let more = [&first[..], &[line(2, "AFTER", "26", "43")]].concat();
    assert_eq!(import(&evaluator, &snor.id, &more), told(1, 3, version + 4), "with a line more");
    assert_eq!(import(&evaluator, &snor.id, &more), told(0, 4, version + 4), "and once again");
    assert_eq!(auditor.events(), before + 4);
    let event = auditor.last_event();
    assert_eq!((&event["action"], &event["reason"]), (&json!("IMPORT"), &json!("Fra regnearket")));
    let results = evaluator.evaluation(&snor.id, "criteria { result { attainment verdict } }");
    let met = json!({ "result": { "attainment": "MET", "verdict": "INCONCLUSIVE" } });
    assert_eq!(results["criteria"], json!([met, met]));
}

fn a_table_with_a_fault_is_refused_by_line_and_column(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let auditor = server.signed_in("auditor");
    let snor = Snor::registered(&evaluator);
    evaluator.recorded_share(&snor.friendships, "BEFORE", 14, 43);
    let before = auditor.events();
    let lines = [
        line(1, "BEFORE", "13", "43"),
        line(1, "AFTER", "44", "43"),
        line(2, "BEFORE", "15", "43"),
        line(3, "BEFORE", "1", "2"),
        line(2, "LATER", "1", "2"),
    ];
    let refused = import(&evaluator, &snor.id, &lines);
    let errors = refused["userErrors"].as_array().expect("errors").iter();
    let faults: Vec<_> = errors.map(|error| (error["field"].clone(), error["code"].clone())).collect();
    for (line, column, code) in [
        ("3", "numerator", "OUT_OF_RANGE"),
        ("4", "wave", "ALREADY_MEASURED"),
        ("5", "criterion", "NOT_FOUND"),
        ("6", "wave", "UNKNOWN_CODE"),
    ] {
        let fault = (json!(["csv", line, column]), json!(code));
        assert!(faults.contains(&fault), "{fault:?} in {refused}");
    }
    assert_eq!(faults.len(), 4, "and nothing of the line that is right: {refused}");
    assert_eq!(refused["recorded"], Value::Null);
    // What is no number at all is an error of the request, by the same way.
    let csv = format!("{HEAD}\n{}\n", line(1, "AFTER", "mange", "43"));
    let refused =
        evaluator.refusal("importMeasurements", &json!({ "virkningsevalueringId": snor.id, "csv": csv }));
    assert_eq!(refused, ("BAD_USER_INPUT".to_owned(), json!(["csv", "2", "numerator"])));
    for csv in ["criterion,wave,colour\n", "criterion,wave,wave\n", "wave\nBEFORE\n", "\"", "a\0b"] {
        let input = json!({ "virkningsevalueringId": snor.id, "csv": csv });
        let (_, field) = evaluator.refusal("importMeasurements", &input);
        assert_eq!(field[0], "csv", "{csv}");
    }
    assert_eq!(auditor.events(), before, "all rows or none");
}

fn who_imports_does_not_approve(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let both = server.signed_in("approver-sof");
    let id = both.data("{ viewer { id } }", json!({}))["viewer"]["id"].clone();
    let grant = json!({ "accountId": id, "role": "EVALUATOR", "forvaltning": "SOF" });
    server.signed_in("admin").mutate("grantRole", &grant, "roleGrant { id }");
    let snor = Snor::registered(&evaluator);
    assert_eq!(code(&import(&both, &snor.id, &[line(1, "BEFORE", "13", "43")])), "OK");
    evaluator.steps("submit", &snor.id);
    assert_eq!(code(&both.step("approve", &snor.id, json!({}))), "OWN_WORK");
}
