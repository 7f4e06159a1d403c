//! Instruments: scales with a range, a direction and a smallest change that matters. More can be added.

use serde_json::{Value, json};

use crate::support::{Backend, Client, Server, code, fault, virkning, with};

on_both_databases!(
    everyone_has_who_5_and_the_item_of_five,
    a_coordinator_adds_one_and_it_is_reckoned_with,
    what_is_no_scale_is_refused_by_field,
    a_criterion_goes_by_its_instrument,
);

fn sdq() -> Value {
    json!({
        "code": "SDQ_TOTAL", "name": "SDQ, samlet belastning", "direction": "DOWN", "smallestChange": "3",
        "items": { "count": 20, "minimum": 0, "maximum": 2 },
    })
}

const INSTRUMENT: &str = "instrument { code name direction minimum maximum smallestChange items { count minimum maximum factor } }";

fn codes(client: &Client) -> Vec<Value> {
    let read = client.data("{ instruments { code } }", json!({}));
    read["instruments"].as_array().expect("instruments").iter().map(|row| row["code"].clone()).collect()
}

fn everyone_has_who_5_and_the_item_of_five(backend: Backend) {
    let server = Server::start(backend);
    assert_eq!(codes(&server.signed_in("approver-bif")), ["WHO_5", "FIVE_POINT_ITEM"]);
}

fn a_coordinator_adds_one_and_it_is_reckoned_with(backend: Backend) {
    let server = Server::start(backend);
    let (evaluator, coordinator) = (server.signed_in("evaluator-sof"), server.signed_in("coordinator"));
    assert_eq!(evaluator.refusal("addInstrument", &sdq()).0, "FORBIDDEN");
    let added = coordinator.mutate("addInstrument", &sdq(), INSTRUMENT);
    assert_eq!(
        added["instrument"],
        json!({
            "code": "SDQ_TOTAL", "name": "SDQ, samlet belastning", "direction": "DOWN", "minimum": "0", "maximum": "40",
            "smallestChange": "3", "items": { "count": 20, "minimum": 0, "maximum": 2, "factor": 1 },
        })
    );
    assert_eq!(fault(&coordinator.mutate("addInstrument", &sdq(), INSTRUMENT)), ("TAKEN", &json!(["code"])));
    assert_eq!(codes(&evaluator), ["WHO_5", "FIVE_POINT_ITEM", "SDQ_TOTAL"]);
    let id = evaluator.plan("ny-start");
    let goal = json!({
        "unit": "MEAN", "basis": "ABSOLUTE_CHANGE", "direction": "DOWN", "threshold": "2", "instrument": "SDQ_TOTAL",
    });
    let criterion = evaluator.add_criterion(&id, goal);
    evaluator.states_processing(&id);
    evaluator.steps("register", &id);
    let answers = |first: i32| json!((0..20).map(|item| i32::from(item < first)).collect::<Vec<_>>());
    evaluator.observed(&criterion, "BEFORE", "items", &[answers(12), answers(8), answers(20)]);
    evaluator.observed(&criterion, "AFTER", "items", &[answers(9), answers(12), answers(19)]);
    let read = evaluator.criterion(
        &criterion,
        "baseline { mean } result { personalChanges { improved worsened unchanged } }",
    );
    assert_eq!(read["baseline"]["mean"], "13.333333");
    assert_eq!(read["result"]["personalChanges"], json!({ "improved": 1, "worsened": 1, "unchanged": 1 }));
    let (_, database) = server.stop();
    let ran = virkning(&database.expect("its database").url, &["verify"]);
    assert!(ran.status.success(), "{}{}", ran.stdout, ran.stderr);
}

fn what_is_no_scale_is_refused_by_field(backend: Backend) {
    let server = Server::start(backend);
    let coordinator = server.signed_in("coordinator");
    for (changes, refused, field) in [
        (json!({ "code": "sdq" }), "INVALID_CODE", "code"),
        (json!({ "code": "WHO_5" }), "TAKEN", "code"),
        (json!({ "name": " " }), "REQUIRED", "name"),
        (json!({ "smallestChange": "0" }), "OUT_OF_RANGE", "smallestChange"),
        (json!({ "items": { "count": 0, "minimum": 0, "maximum": 2 } }), "NOT_A_SCALE", "items"),
        (json!({ "items": { "count": 5, "minimum": 2, "maximum": 2 } }), "NOT_A_SCALE", "items"),
        (json!({ "minimum": "0", "maximum": "50" }), "NOT_A_SCALE", "minimum"),
        (json!({ "items": null }), "REQUIRED", "minimum"),
        (json!({ "items": null, "minimum": "5", "maximum": "5" }), "START_AFTER_END", "maximum"),
    ] {
        let payload = coordinator.mutate("addInstrument", &with(sdq(), changes.clone()), INSTRUMENT);
        assert_eq!(fault(&payload), (refused, &json!([field])), "{changes}");
    }
}

fn a_criterion_goes_by_its_instrument(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let id = evaluator.plan("ny-start");
    let goal = json!({
        "virkningsevalueringId": id, "dimension": "Trivsel", "indicator": "WHO-5", "unit": "MEAN", "basis": "LEVEL",
        "direction": "UP", "threshold": "50", "pairing": "INDEPENDENT", "instrument": "WHO_5",
    });
    for (changes, refused, field) in [
        (json!({ "instrument": "WHO_9" }), "NOT_FOUND", "instrument"),
        (json!({ "direction": "DOWN" }), "DIRECTION_OF_INSTRUMENT", "direction"),
        (json!({ "threshold": "101" }), "OUT_OF_RANGE", "threshold"),
        (json!({ "unit": "SHARE", "threshold": "0.5" }), "NOT_OF_UNIT", "instrument"),
    ] {
        let payload =
            evaluator.mutate("addSuccessCriterion", &with(goal.clone(), changes.clone()), "criterion { id }");
        assert_eq!(fault(&payload), (refused, &json!([field])), "{changes}");
    }
    let added = evaluator.mutate("addSuccessCriterion", &goal, "criterion { id }");
    assert_eq!(code(&added), "OK");
    let criterion = added["criterion"]["id"].as_str().expect("an id").to_owned();
    let outside = evaluator.record(&criterion, "BEFORE", json!({ "mean": "100.5", "sd": "2", "n": 40 }));
    assert_eq!(fault(&outside), ("OUT_OF_RANGE", &json!(["mean"])));
    let clear =
        json!({ "id": criterion, "expectedVersion": evaluator.version(&id), "clear": ["INSTRUMENT"] });
    let cleared = evaluator.mutate("updateSuccessCriterion", &clear, "criterion { instrument { code } }");
    assert_eq!(cleared["criterion"]["instrument"], Value::Null);
}
