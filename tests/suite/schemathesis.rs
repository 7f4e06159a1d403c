//! Schemathesis, a fuzzer of APIs by others than us, over all root fields: no answer is a fault of the server.
//!
//! The program is found by `VIRKNING_TEST_SCHEMATHESIS`, which `tests/run` sets and installs.

use std::process::{Command, Output};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::inputs::Inputs;
use crate::support::{Backend, Client, Server, Snor};

on_both_databases!(no_request_that_the_schema_allows_is_a_fault_of_the_server);

/// Requests for each root field.
const EXAMPLES: &str = "12";
const HOOKS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/schemathesis/hooks.py");

fn no_request_that_the_schema_allows_is_a_fault_of_the_server(backend: Backend) {
    let server = Server::start(backend);
    let client = server.signed_in_with_every_role();
    let snor = Snor::measured(&client);
    let element = client.add_element(&snor.id, "ACTIVITY", "Samtaler");
    let ids = json!([
        snor.id,
        snor.absence,
        snor.friendships,
        element,
        client.intervention("ludo").0,
        client.report("ludo").0
    ]);
    let roots = Inputs::read(&client).roots.len();
    // Who signs out asks nothing more.
    let leaving = ["Mutation.signOut", "Mutation.signOutEverywhere"];
    let all = ["--exclude-name", leaving[0], "--exclude-name", leaving[1], "-n", EXAMPLES];
    assert_eq!(tested(&client, &ids, &all), roots - leaving.len());
    for left in leaving {
        assert_eq!(tested(&server.signed_in("reader"), &ids, &["--include-name", left, "-n", "1"]), 1);
    }
    let (status, _) = server.stop();
    assert!(status.success(), "it stops as ever");
}

/// How many operations were tested, all of them without a fault.
fn tested(client: &Client, ids: &Value, options: &[&str]) -> usize {
    let program = std::env::var("VIRKNING_TEST_SCHEMATHESIS")
        .expect("VIRKNING_TEST_SCHEMATHESIS names the program; tests/run installs it");
    let folder = TempDir::new().expect("a temporary folder");
    let report = folder.path().join("report.json");
    let Output { status, stdout, stderr } = Command::new(program)
        .current_dir(folder.path())
        .env("SCHEMATHESIS_HOOKS", HOOKS)
        .env("VIRKNING_IDS", ids.to_string())
        .args(["run", &format!("{}/graphql", client.url()), "--checks", "no_fault_of_the_server"])
        .args([
            "--phases",
            "fuzzing",
            "--mode",
            "all",
            "--seed",
            "2023",
            "--no-shrink",
            "--continue-on-failure",
        ])
        .args(["--header", &format!("Authorization: Bearer {}", client.token.as_deref().expect("a token"))])
        .args(["--report", "json", "--report-json-path"])
        .arg(&report)
        .args(options)
        .output()
        .expect("schemathesis runs");
    let told = String::from_utf8_lossy(&stdout);
    assert!(status.success(), "{status}: {told:.20000}{}", String::from_utf8_lossy(&stderr));
    let report = std::fs::read_to_string(&report).expect("a report");
    let report: Value = serde_json::from_str(&report).expect("JSON");
    assert_eq!((&report["complete"], &report["operations"]["errored"]), (&json!(true), &json!(0)), "{told}");
    let tested = report["operations"]["tested"].as_u64().expect("a count");
    usize::try_from(tested).expect("a small count")
}
