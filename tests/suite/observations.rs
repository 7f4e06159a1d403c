//! Observations: what pseudonymous participants answered, and the measurements and results that follow from it.

use serde_json::{Value, json};

use crate::support::{Backend, Client, Server, code, fault, with};

on_both_databases!(
    purpose_law_and_deletion_date_come_first,
    an_anonymous_intervention_takes_none,
    a_share_is_computed_and_compared_in_pairs,
    scores_are_made_of_items_and_compared_in_pairs,
    a_distribution_and_a_count_are_computed,
    an_answer_is_replaced_for_a_reason,
    who_is_left_out_is_counted,
    what_is_no_answer_is_refused_by_field,
    a_computed_measurement_is_not_corrected_by_hand,
    sending_a_batch_again_is_harmless,
);

const RESULT: &str = "result { attainment verdict relativeChange difference interval { low high method } \
                      before { numerator n value } after { numerator n value } warnings { code } \
                      participation { enrolled before after paired excluded attrition bounds { difference { low high } } } }";

/// A registered evaluation with one criterion, for which observations may be recorded.
fn criterion(evaluator: &Client, changes: Value) -> (String, String) {
    let id = evaluator.plan("ny-start");
    let criterion = evaluator.add_criterion(&id, changes);
    evaluator.states_processing(&id);
    evaluator.steps("register", &id);
    (id, criterion)
}

fn outcomes(has: &[bool]) -> Vec<Value> {
    has.iter().map(|has| json!(has)).collect()
}

fn purpose_law_and_deletion_date_come_first(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let auditor = server.signed_in("auditor");
    let id = evaluator.plan("ny-start");
    let criterion = evaluator.add_criterion(&id, json!({}));
    let answer = [("P1", json!({ "outcome": true }))];
    let refused = evaluator.observe(&criterion, "BEFORE", &answer, json!({}));
    assert_eq!(fault(&refused), ("NO_DATA_PROCESSING", &json!(["criterionId"])));
    let input = json!({
        "virkningsevalueringId": id, "expectedVersion": evaluator.version(&id), "purpose": "At vise trivsel",
        "legalBasis": "Databeskyttelsesloven § 10", "deletionDate": "2150-12-31",
    });
    let stated = "virkningsevaluering { version dataProcessing { purpose legalBasis deletionDate } }";
    for (changes, refused, field) in [
        (json!({ "purpose": " " }), "REQUIRED", "purpose"),
        (json!({ "legalBasis": "" }), "REQUIRED", "legalBasis"),
        (json!({ "deletionDate": "2023-12-31" }), "DELETION_DATE_PASSED", "deletionDate"),
        (json!({ "expectedVersion": 1 }), "STALE", "expectedVersion"),
    ] {
        let payload = evaluator.mutate("stateDataProcessing", &with(input.clone(), changes), stated);
        assert_eq!(fault(&payload), (refused, &json!([field])));
    }
    let payload = evaluator.mutate("stateDataProcessing", &input, stated);
    assert_eq!(
        payload["virkningsevaluering"]["dataProcessing"],
        json!({
            "purpose": "At vise trivsel", "legalBasis": "Databeskyttelsesloven § 10", "deletionDate": "2150-12-31",
        })
    );
    let events = auditor.events();
    let again = json!({ "expectedVersion": evaluator.version(&id) });
    let payload = evaluator.mutate("stateDataProcessing", &with(input.clone(), again), stated);
    assert_eq!((code(&payload), auditor.events()), ("OK", events), "the same again changes nothing");
    let recorded = evaluator.observe(&criterion, "BEFORE", &answer, json!({}));
    assert_eq!(recorded["measurement"]["computed"], true);
    let sooner = json!({ "expectedVersion": evaluator.version(&id), "deletionDate": "2149-12-31" });
    let payload = evaluator.mutate("stateDataProcessing", &with(input, sooner), stated);
    assert_eq!(payload["virkningsevaluering"]["dataProcessing"]["deletionDate"], "2149-12-31");
    let change = auditor.last_event();
    assert!(change.to_string().contains("deletionDate"), "{change}");
}

fn an_anonymous_intervention_takes_none(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let id = evaluator.plan("kbh-18-plus");
    let criterion = evaluator.add_criterion(&id, json!({}));
    evaluator.states_processing(&id);
    let answer = [("P1", json!({ "outcome": true }))];
    let refused = evaluator.observe(&criterion, "BEFORE", &answer, json!({}));
    assert_eq!(fault(&refused), ("ANONYMOUS_INTERVENTION", &json!(["criterionId"])));
    assert_eq!(server.database().count("observation"), 0);
}

fn a_share_is_computed_and_compared_in_pairs(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let (id, criterion) = criterion(&evaluator, json!({}));
    let enrolled = json!({ "id": id, "expectedVersion": evaluator.version(&id), "enrolled": 25 });
    assert_eq!(
        code(&evaluator.mutate("updateVirkningsevaluering", &enrolled, "virkningsevaluering { id }")),
        "OK"
    );
    // Fagerland's table 1, 7, 1, 12 of those who answered twice; three more answered before alone, two of them yes.
    let before = [[true].repeat(8), [false].repeat(13), vec![true, true, false]].concat();
    let after = [vec![true], [false].repeat(7), vec![true], [false].repeat(12)].concat();
    evaluator.observed(&criterion, "BEFORE", "outcome", &outcomes(&before));
    evaluator.observed(&criterion, "AFTER", "outcome", &outcomes(&after));
    let measured = evaluator.criterion(
        &criterion,
        "baseline { numerator denominator computed } outcome { numerator denominator }",
    );
    assert_eq!(
        measured,
        json!({
            "baseline": { "numerator": 10, "denominator": 24, "computed": true },
            "outcome": { "numerator": 2, "denominator": 21 },
        })
    );
    let result = evaluator.criterion(&criterion, RESULT)["result"].clone();
    assert_eq!(
        result,
        json!({
            "attainment": "MET", "verdict": "INCONCLUSIVE", "relativeChange": "-0.75", "difference": "-0.285714",
            "interval": { "low": "-0.934721", "high": "-0.093119", "method": "NAM_BLACKWELDER" },
            "before": { "numerator": 8, "n": 21, "value": "0.380952" },
            "after": { "numerator": 2, "n": 21, "value": "0.095238" },
            "warnings": [{ "code": "POST_HOC" }],
            "participation": {
                "enrolled": 25, "before": 24, "after": 21, "paired": 21, "excluded": 0, "attrition": "0.16",
                "bounds": { "difference": { "low": "-0.333333", "high": "-0.208333" } },
            },
        })
    );
    let sentence = evaluator.criterion(&criterion, "result { sentence(language: DA) }");
    let sentence = sentence["result"]["sentence"].as_str().expect("a sentence").to_owned();
    assert!(sentence.starts_with("Andelen er reduceret med 75 % (8 af 21 til 2 af 21)."), "{sentence}");
}

fn scores_are_made_of_items_and_compared_in_pairs(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let who5 = json!({
        "unit": "MEAN", "basis": "ABSOLUTE_CHANGE", "direction": "UP", "threshold": "5", "instrument": "WHO_5",
    });
    let (_, criterion) = criterion(&evaluator, who5);
    let items = |scores: &[i32]| -> Vec<Value> {
        // 4 × the sum of five answers from 0 to 5.
        let answers = |score: &i32| (0..5).map(|item| (score / 4 - item * 5).clamp(0, 5)).collect::<Value>();
        scores.iter().map(answers).collect()
    };
    evaluator.observed(&criterion, "BEFORE", "items", &items(&[40, 52, 36, 60, 28, 44, 56, 48]));
    evaluator.observed(&criterion, "AFTER", "items", &items(&[52, 60, 36, 64, 48, 44, 72, 56]));
    let selection = "baseline { mean sd n } result { verdict attainment difference interval { low high method } \
                     pValue { lowest highest } effectSize { kind estimate low high } \
                     personalChanges { improved worsened unchanged } ranks { median low high signedRankP signTestP } } \
                     instrument { code name minimum maximum smallestChange items { count factor } }";
    let read = evaluator.criterion(&criterion, selection);
    assert_eq!(
        read,
        json!({
            "baseline": { "mean": "45.5", "sd": "10.677078", "n": 8 },
            "result": {
                "verdict": "INCONCLUSIVE", "attainment": "MET", "difference": "8.5",
                "interval": { "low": "2.454828", "high": "14.545172", "method": "PAIRED_T" },
                "pValue": { "lowest": "0.012681", "highest": "0.012681" },
                "effectSize": {
                    "kind": "HEDGES_G_PAIRED", "estimate": "0.707097", "low": "0.140058", "high": "1.274135",
                },
                "personalChanges": { "improved": 3, "worsened": 0, "unchanged": 5 },
                "ranks": {
                    "median": "8", "low": "2", "high": "16", "signedRankP": "0.03125", "signTestP": "0.03125",
                },
            },
            "instrument": {
                "code": "WHO_5", "name": "WHO-5 trivselsindeks", "minimum": "0", "maximum": "100",
                "smallestChange": "10", "items": { "count": 5, "factor": 4 },
            },
        })
    );
}

fn a_distribution_and_a_count_are_computed(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let categories = json!({ "direction": "UP", "successCategories": ["God", "Meget god"] });
    let (_, by_category) = criterion(&evaluator, categories);
    let answers: Vec<_> = ["God", "Dårlig", "God"].iter().map(|answer| json!(answer)).collect();
    evaluator.observed(&by_category, "BEFORE", "category", &answers);
    let read =
        evaluator.criterion(&by_category, "baseline { numerator denominator categories { category count } }");
    assert_eq!(
        read["baseline"],
        json!({
            "numerator": 2, "denominator": 3,
            "categories": [
                { "category": "Dårlig", "count": 1 }, { "category": "God", "count": 2 },
                { "category": "Meget god", "count": 0 },
            ],
        })
    );
    let (_, of_events) = criterion(&evaluator, json!({ "unit": "COUNT" }));
    let answers =
        [("P1", json!({ "count": 3, "exposure": "1.5" })), ("P2", json!({ "count": 0, "exposure": "2" }))];
    let recorded = evaluator.observe(&of_events, "BEFORE", &answers, json!({}));
    assert_eq!(
        recorded["measurement"],
        with(
            json!({ "id": recorded["measurement"]["id"], "value": "0.857143", "count": 3, "exposure": "3.5" }),
            json!({
                "numerator": null, "denominator": null, "mean": null, "sd": null, "n": null, "computed": true,
            })
        )
    );
}

fn an_answer_is_replaced_for_a_reason(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let (_, criterion) = criterion(&evaluator, json!({}));
    evaluator.observed(&criterion, "BEFORE", "outcome", &outcomes(&[true, true, false]));
    let other = [("P1", json!({ "outcome": false })), ("P4", json!({ "outcome": false }))];
    let refused = evaluator.observe(&criterion, "BEFORE", &other, json!({}));
    assert_eq!(fault(&refused), ("ALREADY_OBSERVED", &json!(["observations", "0", "participant"])));
    let refused = evaluator.observe(&criterion, "BEFORE", &other, json!({ "replaces": true, "reason": " " }));
    assert_eq!(fault(&refused), ("REQUIRED", &json!(["reason"])));
    let reason = json!({ "replaces": true, "reason": "Tastet forkert" });
    let recorded = evaluator.observe(&criterion, "BEFORE", &other, reason);
    assert_eq!(
        (&recorded["measurement"]["numerator"], &recorded["measurement"]["denominator"]),
        (&json!(1), &json!(4))
    );
    let standing = evaluator.criterion(&criterion, "measurements { denominator }");
    assert_eq!(standing["measurements"], json!([{ "denominator": 4 }]), "the one before is ended");
    let kept = server.database().count("observation");
    assert_eq!(kept, 5, "and nothing is lost");
}

fn who_is_left_out_is_counted(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let (_, criterion) = criterion(&evaluator, json!({}));
    evaluator.observed(&criterion, "BEFORE", "outcome", &outcomes(&[true, true, false]));
    evaluator.observed(&criterion, "AFTER", "outcome", &outcomes(&[false, true, false]));
    let input = json!({ "criterionId": criterion, "participant": "P1", "reason": "Flyttet fra kommunen" });
    let selection = "criterion { baseline { denominator } result { participation { paired excluded } } }";
    let excluded = evaluator.mutate("excludeParticipant", &input, selection);
    assert_eq!(
        excluded["criterion"],
        json!({ "baseline": { "denominator": 2 }, "result": { "participation": { "paired": 2, "excluded": 1 } } })
    );
    let again = evaluator.mutate("excludeParticipant", &input, selection);
    assert_eq!(fault(&again), ("ALREADY_EXCLUDED", &json!(["participant"])));
    let unknown = evaluator.mutate(
        "excludeParticipant",
        &with(input.clone(), json!({ "participant": "P9" })),
        selection,
    );
    assert_eq!(fault(&unknown), ("NOT_FOUND", &json!(["participant"])));
    let unexplained = evaluator.mutate(
        "excludeParticipant",
        &with(input.clone(), json!({ "participant": "P2", "reason": "" })),
        selection,
    );
    assert_eq!(fault(&unexplained), ("REQUIRED", &json!(["reason"])));
    let included = evaluator.mutate("includeParticipant", &input, selection);
    assert_eq!(
        included["criterion"],
        json!({ "baseline": { "denominator": 3 }, "result": { "participation": { "paired": 3, "excluded": 0 } } })
    );
    let again = evaluator.mutate("includeParticipant", &input, selection);
    assert_eq!(fault(&again), ("NOT_FOUND", &json!(["participant"])));
}

fn what_is_no_answer_is_refused_by_field(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let (_, share) = criterion(&evaluator, json!({}));
    let scored = json!({
        "unit": "MEAN", "basis": "ABSOLUTE_CHANGE", "direction": "UP", "threshold": "10", "instrument": "WHO_5",
    });
    let (_, score) = criterion(&evaluator, scored);
    let (_, mean) = criterion(&evaluator, json!({ "unit": "MEAN" }));
    let (_, count) = criterion(&evaluator, json!({ "unit": "COUNT" }));
    let before = server.database().count("observation_batch");
    for (criterion, answer, refused, field) in [
        (&share, json!({}), "REQUIRED", "outcome"),
        (&share, json!({ "outcome": true, "value": "1" }), "NOT_OF_UNIT", "value"),
        (&share, json!({ "outcome": true, "category": "God" }), "NOT_OF_UNIT", "category"),
        (&mean, json!({ "outcome": true }), "NOT_OF_UNIT", "outcome"),
        (&mean, json!({ "items": [1, 2] }), "ITEMS_OF_INSTRUMENT", "items"),
        (&score, json!({ "value": "101" }), "OUT_OF_RANGE", "value"),
        (&score, json!({ "items": [3, 2, 3, 2] }), "ITEMS_OF_INSTRUMENT", "items"),
        (&score, json!({ "items": [3, 2, 3, 2, 6] }), "ITEMS_OF_INSTRUMENT", "items"),
        (&count, json!({ "count": -1 }), "OUT_OF_RANGE", "count"),
        (&count, json!({ "count": 1, "exposure": "0" }), "NOT_POSITIVE", "exposure"),
    ] {
        let payload = evaluator.observe(criterion, "BEFORE", &[("P1", answer.clone())], json!({}));
        let (code, place) = fault(&payload);
        let refused = if refused == "NOT_POSITIVE" { "OUT_OF_RANGE" } else { refused };
        assert_eq!((code, place), (refused, &json!(["observations", "0", field])), "{answer}");
    }
    let twice = [("P1", json!({ "outcome": true })), (" P1", json!({ "outcome": true }))];
    let payload = evaluator.observe(&share, "BEFORE", &twice, json!({}));
    assert_eq!(fault(&payload), ("REPEATED", &json!(["observations", "1", "participant"])));
    let named = [("010190-1234", json!({ "outcome": true }))];
    let payload = evaluator.observe(&share, "BEFORE", &named, json!({}));
    assert_eq!(fault(&payload), ("CPR_NUMBER", &json!(["observations", "0", "participant"])));
    let payload = evaluator.observe(&share, "BEFORE", &[], json!({}));
    assert_eq!(fault(&payload), ("REQUIRED", &json!(["observations"])));
    assert_eq!(server.database().count("observation_batch"), before);
}

fn a_computed_measurement_is_not_corrected_by_hand(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let (_, criterion) = criterion(&evaluator, json!({}));
    let recorded = evaluator.observe(&criterion, "BEFORE", &[("P1", json!({ "outcome": true }))], json!({}));
    let correction = json!({
        "id": recorded["measurement"]["id"], "correction": "OTHER", "reason": "x", "numerator": 1, "denominator": 2,
    });
    let refused = evaluator.mutate("correctMeasurement", &correction, "measurement { id }");
    assert_eq!(fault(&refused), ("COMPUTED_MEASUREMENT", &json!(["id"])));
    let by_hand = evaluator.record(&criterion, "BEFORE", json!({ "numerator": 1, "denominator": 2 }));
    assert_eq!(fault(&by_hand), ("ALREADY_MEASURED", &json!(["wave"])));
    evaluator.recorded_share(&criterion, "AFTER", 1, 2);
    let refused = evaluator.observe(&criterion, "AFTER", &[("P1", json!({ "outcome": true }))], json!({}));
    assert_eq!(fault(&refused), ("ALREADY_MEASURED", &json!(["wave"])), "nor the other way round");
}

fn sending_a_batch_again_is_harmless(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let (_, criterion) = criterion(&evaluator, json!({}));
    let answers = [("P1", json!({ "outcome": true })), ("P2", json!({ "outcome": false }))];
    let key = json!({ "idempotencyKey": "bølge-1" });
    let first = evaluator.observe(&criterion, "BEFORE", &answers, key.clone());
    let again = evaluator.observe(&criterion, "BEFORE", &answers, key.clone());
    assert_eq!(first["measurement"], again["measurement"]);
    assert_eq!(server.database().count("observation_batch"), 1);
    let other = [("P1", json!({ "outcome": false })), ("P2", json!({ "outcome": false }))];
    let refused = evaluator.observe(&criterion, "BEFORE", &other, key);
    assert_eq!(fault(&refused), ("IDEMPOTENCY_KEY_REUSED", &json!(["idempotencyKey"])));
}
