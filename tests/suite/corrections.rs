//! Corrections: another measurement takes the place of the wrong one, and nothing is overwritten.

use serde_json::{Value, json};

use crate::support::{Backend, Client, Server, Snor, code, fault, with};

on_both_databases!(
    a_correction_supersedes_and_keeps_what_it_corrects,
    what_is_corrected_already_is_not_corrected_again,
    what_went_with_its_criterion_is_not_there,
    the_unit_of_what_is_measured_stays,
    what_a_correction_does_not_name_is_taken_over,
    a_value_and_an_absence_replace_each_other,
    one_measurement_stands_in_each_place,
    a_correction_takes_no_place_that_is_taken,
    a_measurement_moved_to_another_group_leaves_no_result_behind,
);

fn correct(client: &Client, id: &str, more: Value, selection: &str) -> Value {
    let input = json!({ "id": id, "correction": "TYPING_ERROR", "reason": "Tastefejl" });
    client.mutate("correctMeasurement", &with(input, more), selection)
}

fn a_correction_supersedes_and_keeps_what_it_corrects(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let snor = Snor::registered(&evaluator);
    evaluator.recorded_share(&snor.absence, "BEFORE", 13, 43);
    let wrong = evaluator.recorded_share(&snor.absence, "AFTER", 15, 43);
    let selection = "measurement { id numerator current correction correctionReason corrects { id numerator current \
                     corrects { id } } } criterion { result { attainment verdict relativeChange } measurements { numerator } }";
    let right = json!({ "correction": "SOURCE_REVISED", "reason": "Skolen rettede tallet", "numerator": 5, "denominator": 43 });
    let corrected = correct(&evaluator, &wrong, right, selection);
    let id = corrected["measurement"]["id"].as_str().expect("an id").to_owned();
    assert_ne!(id, wrong);
    assert_eq!(
        corrected["measurement"],
        json!({
            "id": id, "numerator": 5, "current": true, "correction": "SOURCE_REVISED",
            "correctionReason": "Skolen rettede tallet",
            "corrects": { "id": wrong, "numerator": 15, "current": false, "corrects": null },
        })
    );
    assert_eq!(
        corrected["criterion"],
        json!({
            "result": { "attainment": "MET", "verdict": "INCONCLUSIVE", "relativeChange": "-0.615385" },
            "measurements": [{ "numerator": 13 }, { "numerator": 5 }],
        })
    );
    // The old one is found by its id still, and a second correction leads back to the first.
    let node = "query($id: ID!) { node(id: $id) { ... on Measurement { numerator current } } }";
    let old = evaluator.data(node, json!({ "id": wrong }))["node"].clone();
    assert_eq!(old, json!({ "numerator": 15, "current": false }));
    let again = correct(&evaluator, &id, json!({ "numerator": 6, "denominator": 43 }), selection);
    assert_eq!(again["measurement"]["corrects"]["id"], id.as_str());
    assert_eq!(again["measurement"]["corrects"]["corrects"]["id"], wrong.as_str());
}

fn what_is_corrected_already_is_not_corrected_again(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let auditor = server.signed_in("auditor");
    let snor = Snor::registered(&evaluator);
    let wrong = evaluator.recorded_share(&snor.absence, "AFTER", 15, 43);
    let value = json!({ "numerator": 5, "denominator": 43 });
    assert_eq!(code(&correct(&evaluator, &wrong, value.clone(), "__typename")), "OK");
    let before = (auditor.events(), server.database().count("measurement"));
    let refused = correct(&evaluator, &wrong, value.clone(), "__typename");
    assert_eq!(fault(&refused), ("ALREADY_CORRECTED", &json!(["id"])));
    let silent = correct(&evaluator, &wrong, with(value, json!({ "reason": " " })), "__typename");
    assert_ne!(code(&silent), "OK", "a correction says why");
    assert_eq!((auditor.events(), server.database().count("measurement")), before);
}

fn what_went_with_its_criterion_is_not_there(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let snor = Snor::drafted(&evaluator);
    let measured = evaluator.recorded_share(&snor.absence, "BEFORE", 13, 43);
    let remove = json!({ "id": snor.absence, "expectedVersion": evaluator.version(&snor.id) });
    assert_eq!(code(&evaluator.mutate("removeSuccessCriterion", &remove, "__typename")), "OK");
    let node = "query($id: ID!) { node(id: $id) { id } }";
    assert_eq!(evaluator.data(node, json!({ "id": measured }))["node"], Value::Null);
    let refused = correct(&evaluator, &measured, json!({ "numerator": 1, "denominator": 43 }), "__typename");
    assert_eq!(fault(&refused), ("NOT_FOUND", &json!(["id"])));
    let refused = evaluator.record(&snor.absence, "BEFORE", json!({ "numerator": 1, "denominator": 43 }));
    assert_eq!(fault(&refused), ("NOT_FOUND", &json!(["criterionId"])));
}

fn the_unit_of_what_is_measured_stays(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let snor = Snor::drafted(&evaluator);
    let into_means = json!({ "unit": "MEAN", "basis": "ABSOLUTE_CHANGE", "threshold": "5" });
    let change = |mutation: &str, criterion: &str, more: Value| {
        let input = json!({ "id": criterion, "expectedVersion": evaluator.version(&snor.id) });
        evaluator.mutate(mutation, &with(with(input, into_means.clone()), more), "criterion { unit }")
    };
    evaluator.recorded_share(&snor.absence, "BEFORE", 13, 43);
    evaluator.recorded(&snor.friendships, "BEFORE", json!({ "absence": "NOT_STATED" }));
    let refused = change("updateSuccessCriterion", &snor.absence, json!({}));
    assert_eq!(fault(&refused), ("UNIT_MEASURED", &json!(["unit"])));
    evaluator.steps("register", &snor.id);
    let refused = change("amendSuccessCriterion", &snor.absence, json!({ "reason": "Andet mål" }));
    assert_eq!(fault(&refused), ("UNIT_MEASURED", &json!(["unit"])));
    let amended = change("amendSuccessCriterion", &snor.friendships, json!({ "reason": "Andet mål" }));
    assert_eq!(amended["criterion"]["unit"], "MEAN", "an absence is of no unit");
}

fn what_a_correction_does_not_name_is_taken_over(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let snor = Snor::registered(&evaluator);
    let described = |mutation: &str, payload: &str, name: &str| {
        let input = json!({ "virkningsevalueringId": snor.id, "name": name });
        evaluator.mutate(mutation, &input, &format!("{payload} {{ id }}"))[payload]["id"].clone()
    };
    let population = described("addPopulation", "population", "43 unikke deltagere");
    let source = described("addDataSource", "dataSource", "Skolens fraværsregister");
    let full = json!({
        "months": { "anchor": "START", "from": -3, "to": 0 }, "group": { "kind": "SUBGROUP", "name": "Piger" },
        "populationId": population, "sourceId": source, "note": "Fra klasselæreren", "numerator": 3, "denominator": 20,
    });
    let wrong = evaluator.recorded(&snor.absence, "BEFORE", full);
    let selection = "measurement { wave months { anchor from to } group { kind name } period { from to } \
                     population { name } source { name } note numerator denominator absence { kind } }";
    let taken_over = json!({
        "wave": "BEFORE", "months": { "anchor": "START", "from": -3, "to": 0 },
        "group": { "kind": "SUBGROUP", "name": "Piger" }, "period": { "from": "2022-07-01", "to": "2023-06-30" },
        "population": { "name": "43 unikke deltagere" }, "source": { "name": "Skolens fraværsregister" },
        "note": "Fra klasselæreren", "numerator": 3, "denominator": 20, "absence": null,
    });
    let id = |payload: &Value| payload["measurement"]["id"].as_str().expect("an id").to_owned();
    let selection = selection.replacen('{', "{ id", 1);
    let same = |payload: &Value, expected: Value| {
        let found = payload["measurement"].clone();
        assert_eq!(found, with(expected, json!({ "id": found["id"] })));
    };
    let of_period = correct(&evaluator, &wrong, json!({ "periodEnd": "2022-12-31" }), &selection);
    let shorter = with(taken_over, json!({ "period": { "from": "2022-07-01", "to": "2022-12-31" } }));
    same(&of_period, shorter.clone());
    let of_value =
        correct(&evaluator, &id(&of_period), json!({ "numerator": 4, "denominator": 20 }), &selection);
    let more = with(shorter, json!({ "numerator": 4 }));
    same(&of_value, more.clone());
    // A null changes nothing; fields are emptied by name.
    let nulls = json!({ "note": null, "months": null, "populationId": null, "sourceId": null });
    let of_nulls = correct(&evaluator, &id(&of_value), nulls, &selection);
    same(&of_nulls, more.clone());
    let clear = json!({ "clear": ["MONTHS", "POPULATION", "SOURCE", "NOTE"] });
    let emptied = correct(&evaluator, &id(&of_nulls), clear, &selection);
    same(&emptied, with(more, json!({ "months": null, "population": null, "source": null, "note": null })));
}

fn a_value_and_an_absence_replace_each_other(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let snor = Snor::registered(&evaluator);
    evaluator.recorded_share(&snor.absence, "BEFORE", 13, 43);
    let first = evaluator.recorded_share(&snor.absence, "AFTER", 5, 43);
    let selection = "measurement { id kind value numerator denominator absence { kind reason } } \
                     criterion { result { verdict notAssessable } }";
    let missing = json!({ "absence": "NOT_STATED", "absenceReason": "Skolen har ikke svaret" });
    let absent = correct(&evaluator, &first, missing, selection);
    let id = absent["measurement"]["id"].as_str().expect("an id").to_owned();
    assert_eq!(
        absent["measurement"],
        json!({
            "id": id, "kind": null, "value": null, "numerator": null, "denominator": null,
            "absence": { "kind": "NOT_STATED", "reason": "Skolen har ikke svaret" },
        })
    );
    let missing = json!({ "verdict": "NOT_ASSESSABLE", "notAssessable": "MISSING_AFTER" });
    assert_eq!(absent["criterion"]["result"], missing);
    // What is taken over is the absence with its reason.
    let note = correct(&evaluator, &id, json!({ "note": "Rykket i maj" }), selection);
    assert_eq!(note["measurement"]["absence"], absent["measurement"]["absence"]);
    let id = note["measurement"]["id"].as_str().expect("an id").to_owned();
    let both = json!({ "absence": "NOT_YET", "numerator": 5, "denominator": 43 });
    let refused = correct(&evaluator, &id, both, selection);
    assert_eq!(fault(&refused), ("VALUE_OR_ABSENCE", &json!(["absence"])));
    let back = correct(&evaluator, &id, json!({ "numerator": 5, "denominator": 43 }), selection);
    let found = &back["measurement"];
    assert_eq!(
        (&found["kind"], &found["value"], &found["absence"]),
        (&json!("SHARE"), &json!("0.116279"), &Value::Null)
    );
    assert_eq!(back["criterion"]["result"], json!({ "verdict": "INCONCLUSIVE", "notAssessable": null }));
}

fn one_measurement_stands_in_each_place(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let snor = Snor::registered(&evaluator);
    let share = json!({ "numerator": 13, "denominator": 43 });
    let months = |from: i32, to: i32| json!({ "months": { "anchor": "START", "from": from, "to": to } });
    let group = |name: &str| json!({ "group": { "kind": "SUBGROUP", "name": name } });
    let places = [
        ("BEFORE", json!({})),
        ("AFTER", json!({})),
        ("BEFORE", months(-6, -3)),
        ("BEFORE", months(-3, -3)),
        ("BEFORE", group("Piger")),
        ("BEFORE", group("Drenge")),
        ("BEFORE", with(group("Piger"), months(-6, -3))),
        ("BEFORE", json!({ "group": { "kind": "COMPARISON", "name": "Piger", "comparability": "MATCHED" } })),
    ];
    for (wave, place) in &places {
        assert_eq!(code(&evaluator.record(&snor.absence, wave, with(share.clone(), place.clone()))), "OK");
        assert_eq!(
            code(&evaluator.record(&snor.friendships, wave, with(share.clone(), place.clone()))),
            "OK"
        );
    }
    let auditor = server.signed_in("auditor");
    let before = auditor.events();
    for (wave, place) in &places {
        // Another period, population or value is no other place.
        let other = json!({ "numerator": 12, "periodStart": "2022-08-01", "note": "Igen" });
        let other = with(with(share.clone(), place.clone()), other);
        let refused = evaluator.record(&snor.absence, wave, other);
        assert_eq!(fault(&refused), ("ALREADY_MEASURED", &json!(["wave"])), "{wave} {place}");
        assert!(refused.to_string().contains("correctMeasurement"), "the way to do it: {refused}");
    }
    let named = json!({ "group": { "kind": "PARTICIPANTS" } });
    let refused = evaluator.record(&snor.absence, "BEFORE", with(share.clone(), named));
    assert_eq!(code(&refused), "ALREADY_MEASURED", "all participants, said or not said");
    // The same name, however it is spaced and composed.
    let accented = |name: &str| with(share.clone(), group(name));
    assert_eq!(code(&evaluator.record(&snor.absence, "BEFORE", accented("Unge på Østerbro"))), "OK");
    let refused = evaluator.record(&snor.absence, "BEFORE", accented(" Unge pa\u{30a} Østerbro "));
    assert_eq!(code(&refused), "ALREADY_MEASURED");
    assert_eq!(auditor.events(), before + 1);
}

fn a_correction_takes_no_place_that_is_taken(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let snor = Snor::registered(&evaluator);
    evaluator.recorded_share(&snor.absence, "BEFORE", 13, 43);
    let wrong = evaluator.recorded_share(&snor.absence, "AFTER", 5, 43);
    let refused = correct(&evaluator, &wrong, json!({ "wave": "BEFORE" }), "__typename");
    assert_eq!(fault(&refused), ("ALREADY_MEASURED", &json!(["wave"])));
    let moved =
        correct(&evaluator, &wrong, json!({ "wave": "FOLLOW_UP" }), "criterion { result { notAssessable } }");
    assert_eq!(
        moved["criterion"]["result"]["notAssessable"], "MISSING_AFTER",
        "it was taken from where it stood"
    );
    evaluator.recorded_share(&snor.absence, "AFTER", 6, 43);
}

fn a_measurement_moved_to_another_group_leaves_no_result_behind(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let snor = Snor::measured(&evaluator);
    let group = |name: &str| json!({ "group": { "kind": "SUBGROUP", "name": name } });
    let share = json!({ "numerator": 3, "denominator": 20 });
    let wrong = evaluator.recorded(&snor.absence, "AFTER", with(share.clone(), group("Drenge")));
    let groups = || {
        let criterion = evaluator.criterion(&snor.absence, "results { group }");
        let results = criterion["results"].as_array().expect("results").clone();
        results.into_iter().map(|result| result["group"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(groups(), [Value::Null, json!("Drenge")]);
    correct(&evaluator, &wrong, group("Piger"), "__typename");
    assert_eq!(groups(), [Value::Null, json!("Piger")], "nobody has measured any boys");
    let event = server.signed_in("auditor").last_event();
    let told = json!({ "part": { "kind": "RESULT" }, "field": "removed", "before": null, "after": "true", "secret": false });
    assert!(event["changes"].as_array().expect("changes").contains(&told), "{event}");
    evaluator.recorded(&snor.absence, "AFTER", with(share, group("Drenge")));
    assert_eq!(groups(), [Value::Null, json!("Piger"), json!("Drenge")]);
}
