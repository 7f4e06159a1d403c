//! What an evaluation could tell, asked before it measures.

use serde_json::{Value, json};

use crate::support::{Backend, Client, Server, Snor};

on_both_databases!(
    the_example_of_the_report_needs_hundreds_of_people,
    a_plan_can_be_asked_for_before_anything_is_stored,
    a_criterion_plans_from_what_was_measured_before,
    what_cannot_be_planned_says_why,
);

const PLAN: &str = "query($direction: CriterionDirection!, $basis: CriterionBasis!, $threshold: Decimal!, $unit: CriterionUnit!,
    $pairing: Pairing!, $baseline: Decimal!, $sd: Decimal, $n: Int!, $assumed: Decimal) {
    plan(direction: $direction, basis: $basis, threshold: $threshold, unit: $unit, pairing: $pairing, baseline: $baseline,
      sd: $sd, n: $n, assumed: $assumed) { obstacle n assumed power { worst best } detectable { worst best }
      neededToShowChange { worst best } neededToReachGoal { worst best } sentence(language: DA) } }";

/// The absence of the report, and what else is asked.
fn absence(changes: Value) -> Value {
    crate::support::with(
        json!({
            "direction": "DOWN", "basis": "RELATIVE_CHANGE", "threshold": "0.5", "unit": "SHARE", "pairing": "SAME_PERSONS",
            "baseline": "0.302326", "n": 43,
        }),
        changes,
    )
}

fn planned(client: &Client, changes: Value) -> Value {
    client.data(PLAN, absence(changes))["plan"].clone()
}

fn the_example_of_the_report_needs_hundreds_of_people(backend: Backend) {
    let server = Server::start(backend);
    let plan = planned(&server.signed_in("evaluator-sof"), json!({ "assumed": "0.116279" }));
    assert_eq!(plan["neededToReachGoal"], json!({ "worst": 558, "best": 257 }));
    assert_eq!(plan["neededToShowChange"], json!({ "worst": 77, "best": 40 }));
    let told = plan["sentence"].as_str().expect("a sentence");
    assert!(told.starts_with("Med 43 deltagere vil 54 til 83 ud af 100 undersøgelser"), "{told}");
    assert_eq!(
        (&plan["n"], &plan["assumed"], &plan["obstacle"]),
        (&json!(43), &json!("0.116279"), &Value::Null)
    );
    let itself = planned(&server.signed_in("evaluator-sof"), json!({}));
    assert_eq!((&itself["assumed"], &itself["neededToReachGoal"]), (&json!("0.151163"), &Value::Null));
}

fn a_plan_can_be_asked_for_before_anything_is_stored(backend: Backend) {
    let server = Server::start(backend);
    for user in ["reader", "admin", "auditor"] {
        let plan = planned(&server.signed_in(user), json!({ "pairing": "INDEPENDENT" }));
        assert_eq!(plan["power"]["worst"], plan["power"]["best"], "{user}: all is known of different people");
        assert_ne!(plan["power"], Value::Null);
    }
    assert_eq!(server.stranger().ask(PLAN, absence(json!({}))).error_code(), "UNAUTHENTICATED");
    let mean = json!({
        "direction": "UP", "basis": "ABSOLUTE_CHANGE", "threshold": "10", "unit": "MEAN", "baseline": "45", "sd": "20",
        "assumed": "60",
    });
    let plan = planned(&server.signed_in("reader"), mean);
    assert_eq!(plan["assumed"], "60");
    let needed = &plan["neededToReachGoal"];
    assert!(needed["best"].as_i64() < needed["worst"].as_i64(), "{plan}");
}

fn a_criterion_plans_from_what_was_measured_before(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let snor = Snor::drafted(&evaluator);
    let plan =
        "plan(assumed: \"0.116279\") { obstacle n neededToReachGoal { worst best } sentence(language: EN) }";
    let read = || evaluator.criterion(&snor.absence, plan)["plan"].clone();
    assert_eq!(read()["obstacle"], "NO_BASELINE");
    evaluator.recorded_share(&snor.absence, "BEFORE", 13, 43);
    let planned = read();
    assert_eq!((&planned["n"], &planned["obstacle"]), (&json!(43), &Value::Null));
    assert_eq!(planned["neededToReachGoal"], json!({ "worst": 558, "best": 257 }));
    let more = evaluator.criterion(&snor.absence, "plan(n: 600) { n power { worst } }")["plan"].clone();
    assert_eq!(more["n"], 600);
}

fn what_cannot_be_planned_says_why(backend: Backend) {
    let server = Server::start(backend);
    let reader = server.signed_in("reader");
    for (changes, obstacle) in [
        (json!({ "unit": "COUNT" }), "COUNT"),
        (json!({ "baseline": "1.5" }), "NOT_A_SHARE"),
        (json!({ "assumed": "-0.1" }), "NOT_A_SHARE"),
        (json!({ "baseline": "0" }), "BASELINE_ZERO"),
        (json!({ "unit": "MEAN" }), "NO_SPREAD"),
    ] {
        let plan = planned(&reader, changes);
        assert_eq!((&plan["obstacle"], &plan["power"]), (&json!(obstacle), &Value::Null));
        assert!(plan["sentence"].as_str().is_some_and(|told| told.ends_with('.')), "{plan}");
    }
    for changes in [json!({ "n": 0 }), json!({ "threshold": "-1" })] {
        assert_eq!(reader.ask(PLAN, absence(changes)).error_code(), "BAD_USER_INPUT");
    }
}
