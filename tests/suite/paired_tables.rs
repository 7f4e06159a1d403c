//! Paired tables: who changed, bound to the two measurements that they add up to.

use serde_json::{Value, json};

use crate::support::{Backend, Client, Server, Snor, code, fault, with};

on_both_databases!(
    a_table_that_fits_settles_the_verdict,
    a_table_that_does_not_fit_is_refused_by_field,
    a_table_needs_two_measurements_of_the_same_people,
    a_table_is_replaced_for_a_reason,
    a_table_ends_with_a_measurement_it_is_bound_to,
);

const SELECTION: &str = "pairedTable { id n11 n10 n01 n00 beforeId afterId } criterion { pairedTables { id n11 } result { \
                         attainment verdict change interval { method } warnings { code } } }";

fn table(client: &Client, criterion: &str, cells: [i32; 4], more: Value) -> Value {
    let [n11, n10, n01, n00] = cells;
    let input = json!({ "criterionId": criterion, "n11": n11, "n10": n10, "n01": n01, "n00": n00 });
    client.mutate("recordPairedTable", &with(input, more), SELECTION)
}

fn a_table_that_fits_settles_the_verdict(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let snor = Snor::measured(&evaluator);
    let recorded = table(&evaluator, &snor.friendships, [14, 0, 12, 17], json!({}));
    let measured = evaluator.criterion(&snor.friendships, "baseline { id } outcome { id }");
    let id = &recorded["pairedTable"]["id"];
    assert_eq!(
        recorded["pairedTable"],
        json!({
            "id": id, "n11": 14, "n10": 0, "n01": 12, "n00": 17, "beforeId": measured["baseline"]["id"],
            "afterId": measured["outcome"]["id"],
        })
    );
    assert_eq!(
        recorded["criterion"],
        json!({
            "pairedTables": [{ "id": id, "n11": 14 }],
            "result": {
                "attainment": "MET", "verdict": "ACHIEVED", "change": "IMPROVED",
                "interval": { "method": "NAM_BLACKWELDER" }, "warnings": [{ "code": "POST_HOC" }],
            },
        })
    );
    let absence = evaluator.criterion(&snor.absence, "pairedTables { id } result { verdict }");
    assert_eq!(absence, json!({ "pairedTables": [], "result": { "verdict": "INCONCLUSIVE" } }));
}

fn a_table_that_does_not_fit_is_refused_by_field(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let auditor = server.signed_in("auditor");
    let snor = Snor::measured(&evaluator);
    let before = (auditor.events(), server.database().count("paired_table"));
    let faults = |payload: &Value| {
        let errors = payload["userErrors"].as_array().expect("errors").clone();
        let told =
            |error: &Value| format!("{} {}", error["code"].as_str().expect("a code"), error["field"][0]);
        errors.iter().map(|error| told(error).replace('"', "")).collect::<Vec<_>>()
    };
    // 14 of 43 before, 26 of 43 after.
    for (cells, refused) in [
        ([14, 1, 12, 16], vec!["TABLE_DOES_NOT_FIT n10"]),
        ([14, 0, 13, 16], vec!["TABLE_DOES_NOT_FIT n01"]),
        ([14, 0, 12, 18], vec!["TABLE_DOES_NOT_FIT n10", "TABLE_DOES_NOT_FIT n01"]),
        ([0, 0, 0, 0], vec!["TABLE_DOES_NOT_FIT n10", "TABLE_DOES_NOT_FIT n01"]),
        ([15, -1, 11, 18], vec!["OUT_OF_RANGE n10"]),
        ([-1, 15, 27, 2], vec!["OUT_OF_RANGE n11"]),
        ([i32::MAX, i32::MAX, i32::MAX, i32::MAX], vec!["TABLE_DOES_NOT_FIT n10", "TABLE_DOES_NOT_FIT n01"]),
    ] {
        assert_eq!(faults(&table(&evaluator, &snor.friendships, cells, json!({}))), refused, "{cells:?}");
    }
    let misfit = table(&evaluator, &snor.friendships, [14, 1, 12, 16], json!({}));
    assert!(misfit.to_string().contains("14 of 43"), "what it must add up to: {misfit}");
    assert_eq!((auditor.events(), server.database().count("paired_table")), before);
}

fn a_table_needs_two_measurements_of_the_same_people(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let id = evaluator.plan("den-korte-snor");
    let independent = evaluator.add_criterion(&id, json!({ "pairing": "INDEPENDENT" }));
    let paired = evaluator.add_criterion(&id, json!({ "pairing": "PAIRED" }));
    let means = evaluator.add_criterion(&id, json!({ "unit": "MEAN" }));
    evaluator.steps("register", &id);
    for criterion in [&independent, &paired] {
        evaluator.recorded_share(criterion, "BEFORE", 13, 43);
    }
    let cells = [5, 8, 0, 30];
    let refused = table(&evaluator, &paired, cells, json!({}));
    assert_eq!(fault(&refused), ("NOTHING_TO_PAIR", &json!(["criterionId"])));
    for criterion in [&independent, &paired] {
        evaluator.recorded_share(criterion, "AFTER", 5, 43);
    }
    for wave in ["BEFORE", "AFTER"] {
        evaluator.recorded(&means, wave, json!({ "mean": "5", "sd": "1", "n": 43 }));
    }
    let refused = table(&evaluator, &independent, cells, json!({}));
    assert_eq!(fault(&refused), ("NOT_PAIRED", &json!(["criterionId"])));
    assert_eq!(
        code(&table(&evaluator, &means, cells, json!({}))),
        "TABLE_DOES_NOT_FIT",
        "means have no table"
    );
    assert_eq!(code(&table(&evaluator, &paired, cells, json!({}))), "OK");
    // A subgroup has a table of its own, found by its name however that is written.
    let group = json!({ "group": { "kind": "SUBGROUP", "name": "Unge på Østerbro" } });
    let subgroup = json!({ "subgroup": "Unge på Østerbro" });
    let refused = table(&evaluator, &paired, [2, 2, 0, 6], subgroup.clone());
    assert_eq!(fault(&refused), ("NOTHING_TO_PAIR", &json!(["criterionId"])));
    evaluator.recorded(&paired, "BEFORE", with(json!({ "numerator": 4, "denominator": 10 }), group.clone()));
    evaluator.recorded(&paired, "AFTER", with(json!({ "numerator": 2, "denominator": 10 }), group));
    let recorded =
        table(&evaluator, &paired, [2, 2, 0, 6], json!({ "subgroup": " Unge pa\u{30a} Østerbro" }));
    assert_eq!(recorded["pairedTable"]["n11"], 2);
    let tables = recorded["criterion"]["pairedTables"].as_array().map(Vec::len);
    assert_eq!(tables, Some(2), "that of all participants stands beside it");
}

fn a_table_is_replaced_for_a_reason(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let snor = Snor::measured(&evaluator);
    let first = table(&evaluator, &snor.friendships, [14, 0, 12, 17], json!({}));
    for more in [json!({}), json!({ "reason": " " })] {
        let refused = table(&evaluator, &snor.friendships, [10, 4, 16, 13], more);
        assert_eq!(fault(&refused), ("REQUIRED", &json!(["reason"])));
    }
    let reason = json!({ "reason": "Talt om" });
    let second = table(&evaluator, &snor.friendships, [10, 4, 16, 13], reason);
    assert_ne!(second["pairedTable"]["id"], first["pairedTable"]["id"]);
    let standing = json!([{ "id": second["pairedTable"]["id"], "n11": 10 }]);
    assert_eq!(second["criterion"]["pairedTables"], standing);
    assert_eq!(second["criterion"]["result"]["verdict"], "INCONCLUSIVE");
}

fn a_table_ends_with_a_measurement_it_is_bound_to(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let snor = Snor::measured(&evaluator);
    for wave in ["baseline", "outcome"] {
        let recorded = table(&evaluator, &snor.friendships, [14, 0, 12, 17], json!({}));
        assert_eq!(
            recorded["criterion"]["result"]["verdict"], "ACHIEVED",
            "none stands, so none is replaced"
        );
        let id = evaluator.criterion(&snor.friendships, &format!("{wave} {{ id }}"))[wave]["id"].clone();
        let correction =
            json!({ "id": id, "correction": "OTHER", "reason": "Noten manglede", "note": "Fra lærerne" });
        let selection = "criterion { pairedTables { id } result { verdict warnings { code } } }";
        let corrected = evaluator.mutate("correctMeasurement", &correction, selection);
        assert_eq!(
            corrected["criterion"],
            json!({
                "pairedTables": [],
                "result": { "verdict": "INCONCLUSIVE", "warnings": [{ "code": "POST_HOC" }, { "code": "PAIRING_UNKNOWN" }] },
            }),
            "{wave}"
        );
    }
}
