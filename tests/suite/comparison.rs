//! What changed between two moments in the life of an evaluation.

use serde_json::{Value, json};

use crate::support::{Backend, Client, Server, Snor, code};

on_both_databases!(
    what_changed_on_the_way_is_told_in_one_query,
    readers_elsewhere_compare_what_was_published,
    below_what_is_published_all_leads_back_to_it,
);

/// The changes between two moments: kind of part, field, before, after. None where there is no comparison.
fn compare(client: &Client, evaluation: &str, from: &str, to: &str) -> Option<Vec<Value>> {
    let selection = format!(
        "compare(from: {from}, to: {to}) {{ fromVersion toVersion changes {{ part {{ kind id }} field before after }} }}"
    );
    let compared = client.evaluation(evaluation, &selection)["compare"].clone();
    let change =
        |change: &Value| json!([change["part"]["kind"], change["field"], change["before"], change["after"]]);
    Some(compared["changes"].as_array()?.iter().map(change).collect())
}

fn what_changed_on_the_way_is_told_in_one_query(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let snor = Snor::drafted(&evaluator);
    assert_eq!(compare(&evaluator, &snor.id, "REGISTERED", "PRESENT"), None, "it is not registered yet");
    evaluator.steps("register", &snor.id);
    let before = evaluator.recorded_share(&snor.absence, "BEFORE", 13, 43);
    evaluator.recorded_share(&snor.absence, "AFTER", 5, 43);
    let amend = |threshold: &str| {
        let input = json!({
            "id": snor.absence, "expectedVersion": evaluator.version(&snor.id), "threshold": threshold, "reason": "Efter drøftelse",
        });
        assert_eq!(code(&evaluator.mutate("amendSuccessCriterion", &input, "criterion { id }")), "OK");
    };
    amend("0.4");
    evaluator.steps("submit", &snor.id);
    let changes = compare(&evaluator, &snor.id, "REGISTERED", "SUBMITTED").expect("a comparison");
    let has = |change: Value| assert!(changes.contains(&change), "{change} in {changes:#?}");
    has(json!([null, "status", "REGISTERED", "SUBMITTED"]));
    has(json!(["CRITERION", "threshold", "0.5", "0.4"]));
    has(json!(["CRITERION", "amendment", null, "Efter drøftelse"]));
    has(json!(["MEASUREMENT", "numerator", null, "13"]));
    has(json!(["MEASUREMENT", "numerator", null, "5"]));
    has(json!(["RESULT", "verdict", "NOT_ASSESSABLE", "INCONCLUSIVE"]));
    assert!(changes.iter().all(|change| change[0] != "TRANSITION"), "steps are told by transitions");
    assert_eq!(compare(&evaluator, &snor.id, "SUBMITTED", "SUBMITTED"), Some(vec![]));
    assert_eq!(compare(&evaluator, &snor.id, "SUBMITTED", "APPROVED"), None);
    let approver = server.signed_in("approver-sof");
    approver.steps("approve", &snor.id);
    approver.steps("publish", &snor.id);
    let to_publication = compare(&evaluator, &snor.id, "APPROVED", "PUBLISHED").expect("a comparison");
    assert_eq!(
        to_publication,
        [json!([null, "status", "APPROVED", "PUBLISHED"])],
        "what was approved is what is published"
    );
    // A correction after that: the corrected measurement is gone, and another is there.
    let input = json!({ "id": before, "correction": "TYPING_ERROR", "reason": "Tastefejl", "numerator": 14, "denominator": 43 });
    assert_eq!(code(&evaluator.mutate("correctMeasurement", &input, "measurement { id }")), "OK");
    let since = compare(&evaluator, &snor.id, "PUBLISHED", "PRESENT").expect("a comparison");
    for change in [
        json!([null, "revision", "1", "2"]),
        json!(["MEASUREMENT", "numerator", "13", null]),
        json!(["MEASUREMENT", "numerator", null, "14"]),
        json!(["MEASUREMENT", "correctionReason", null, "Tastefejl"]),
    ] {
        assert!(since.contains(&change), "{change} in {since:#?}");
    }
    // Backwards it is the same with before and after exchanged.
    let back = compare(&evaluator, &snor.id, "SUBMITTED", "REGISTERED").expect("a comparison");
    assert!(back.contains(&json!(["CRITERION", "threshold", "0.4", "0.5"])), "{back:#?}");
    assert_eq!(back.len(), changes.len());
}

fn readers_elsewhere_compare_what_was_published(backend: Backend) {
    let server = Server::start(backend);
    let snor = Snor::published(&server);
    let (evaluator, elsewhere) = (server.signed_in("evaluator-sof"), server.signed_in("evaluator-bif"));
    let input =
        json!({ "id": snor.id, "expectedVersion": evaluator.version(&snor.id), "title": "Skrevet om" });
    evaluator.mutate("updateVirkningsevaluering", &input, "__typename");
    assert_eq!(compare(&elsewhere, &snor.id, "REGISTERED", "PUBLISHED"), None);
    assert_eq!(
        compare(&elsewhere, &snor.id, "PUBLISHED", "PRESENT"),
        Some(vec![]),
        "nothing of what is written since"
    );
    let own = compare(&evaluator, &snor.id, "PUBLISHED", "PRESENT").expect("a comparison");
    assert!(own.contains(&json!([null, "title", "Trivsel", "Skrevet om"])), "{own:#?}");
}

fn below_what_is_published_all_leads_back_to_it(backend: Backend) {
    let server = Server::start(backend);
    let snor = Snor::published(&server);
    let evaluator = server.signed_in("evaluator-sof");
    let selection = "published { version criteria { virkningsevaluering { version title } \
                     measurements { criterion { threshold asRegistered } } } }";
    let published = evaluator.evaluation(&snor.id, selection);
    let version = || json!({ "expectedVersion": evaluator.version(&snor.id) });
    let input =
        crate::support::with(version(), json!({ "id": snor.absence, "threshold": "0.2", "reason": "x" }));
    assert_eq!(code(&evaluator.mutate("amendSuccessCriterion", &input, "criterion { id }")), "OK");
    let input = crate::support::with(version(), json!({ "id": snor.id, "title": "Skrevet om" }));
    assert_eq!(code(&evaluator.mutate("updateVirkningsevaluering", &input, "__typename")), "OK");
    assert_eq!(evaluator.evaluation(&snor.id, selection), published);
}
