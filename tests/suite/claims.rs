//! What someone printed of a criterion, and what its measurements say of it.

use serde_json::{Value, json};

use crate::support::{Backend, Client, Server, Snor, code, with};

on_both_databases!(
    each_printed_change_is_told_from_the_computed_one,
    a_claim_follows_the_measurements,
    what_cannot_be_computed_cannot_be_checked,
);

/// Claims a printed change and gives back what is computed for it and the label.
fn claimed(client: &Client, criterion: &str, printed: &str, more: Value) -> (Value, Value) {
    let number = client.criterion(criterion, "claims { id }")["claims"].as_array().map_or(0, Vec::len);
    let input = json!({
        "criterionId": criterion, "text": format!("Påstand {number}"), "printed": printed, "measure": "RELATIVE_CHANGE",
    });
    let added = client.mutate("addClaim", &with(input, more), "claim { computed label }");
    assert_eq!(code(&added), "OK", "{printed}");
    (added["claim"]["computed"].clone(), added["claim"]["label"].clone())
}

fn each_printed_change_is_told_from_the_computed_one(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let snor = Snor::measured(&evaluator);
    let (falls, rises) = (&snor.absence, &snor.friendships);
    for (criterion, printed, computed, label) in [
        (falls, "-61.5", "-61.5", "CONSISTENT"),
        (falls, "-61.6", "-61.5", "CONSISTENT_WITH_ROUNDED"),
        (falls, "\u{2212}61.6", "-61.5", "CONSISTENT_WITH_ROUNDED"),
        (falls, "61.5", "-61.5", "SIGN_FLIPPED"),
        (falls, "-18.6", "-61.5", "PERCENTAGE_POINTS"),
        (rises, "86", "86", "CONSISTENT"),
        (rises, "85.71", "85.71", "CONSISTENT"),
        (rises, "46.1", "85.7", "DENOMINATOR_AFTER"),
        (rises, "27.9", "85.7", "PERCENTAGE_POINTS"),
        (rises, "12.0", "85.7", "INCONSISTENT"),
    ] {
        let told = claimed(&evaluator, criterion, printed, json!({}));
        assert_eq!(told, (json!(computed), json!(label)), "{printed}");
    }
    let printed_beside =
        json!({ "printedBefore": "30.2", "printedAfter": "11.6", "source": "Årsrapporten 2023, side 12" });
    claimed(&evaluator, falls, "-61.6", printed_beside);
    let read =
        evaluator.criterion(falls, "claims { text measure printed printedBefore printedAfter source label }");
    let last = read["claims"].as_array().and_then(|claims| claims.last()).cloned();
    let expected = json!({
        "text": "Påstand 5", "measure": "RELATIVE_CHANGE", "printed": "-61.6", "printedBefore": "30.2",
        "printedAfter": "11.6", "source": "Årsrapporten 2023, side 12", "label": "CONSISTENT_WITH_ROUNDED",
    });
    assert_eq!(last, Some(expected), "in the order in which they were added");
}

fn a_claim_follows_the_measurements(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let snor = Snor::registered(&evaluator);
    let unknown = claimed(&evaluator, &snor.absence, "-61.6", json!({}));
    assert_eq!(unknown, (Value::Null, json!("NOT_CHECKABLE")), "nothing is measured yet");
    let label = || evaluator.criterion(&snor.absence, "claims { label }")["claims"][0]["label"].clone();
    evaluator.recorded_share(&snor.absence, "BEFORE", 13, 43);
    assert_eq!(label(), "NOT_CHECKABLE");
    let wrong = evaluator.recorded_share(&snor.absence, "AFTER", 15, 43);
    assert_eq!(label(), "INCONSISTENT");
    let correction = json!({
        "id": wrong, "correction": "TYPING_ERROR", "reason": "Tastefejl", "numerator": 5, "denominator": 43,
    });
    evaluator.mutate("correctMeasurement", &correction, "measurement { id }");
    assert_eq!(label(), "CONSISTENT_WITH_ROUNDED");
}

fn what_cannot_be_computed_cannot_be_checked(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let id = evaluator.plan("den-korte-snor");
    let from_zero = evaluator.add_criterion(&id, json!({ "pairing": "INDEPENDENT" }));
    let mean = evaluator.add_criterion(&id, json!({ "unit": "MEAN" }));
    evaluator.steps("register", &id);
    evaluator.recorded_share(&from_zero, "BEFORE", 0, 43);
    evaluator.recorded_share(&from_zero, "AFTER", 5, 43);
    for wave in ["BEFORE", "AFTER"] {
        evaluator.recorded(&mean, wave, json!({ "mean": "5", "sd": "1", "n": 43 }));
    }
    assert_eq!(claimed(&evaluator, &from_zero, "100", json!({})), (Value::Null, json!("BASELINE_ZERO")));
    assert_eq!(claimed(&evaluator, &from_zero, "11.6", json!({})).1, "PERCENTAGE_POINTS");
    assert_eq!(claimed(&evaluator, &mean, "0", json!({})), (Value::Null, json!("NOT_CHECKABLE")));
}
