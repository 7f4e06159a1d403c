//! The life of an evaluation: drafted, registered, submitted, returned, approved.

use serde_json::{Value, json};

use crate::support::{Backend, Client, Server, Snor, code, fault, with};

on_both_databases!(
    a_draft_takes_measurements_before_only,
    registering_needs_a_criterion,
    what_is_registered_is_frozen,
    what_began_before_it_was_registered_is_marked,
    an_amendment_stands_beside_what_was_registered,
    what_waits_for_approval_takes_no_writes,
    each_step_names_the_version_that_was_seen,
    each_step_is_kept_with_who_took_it_and_what_was_said,
    a_step_out_of_turn_is_refused,
    nobody_approves_what_they_had_a_hand_in,
    a_write_opens_again_what_was_approved,
);

fn a_draft_takes_measurements_before_only(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let snor = Snor::drafted(&evaluator);
    let share = json!({ "numerator": 5, "denominator": 43 });
    for wave in ["DURING", "AFTER", "FOLLOW_UP"] {
        let refused = evaluator.record(&snor.absence, wave, share.clone());
        assert_eq!(fault(&refused), ("NOT_REGISTERED", &json!(["wave"])), "{wave}");
        assert!(refused.to_string().contains("registerVirkningsevaluering"), "the way to do it: {refused}");
    }
    assert_eq!(code(&evaluator.record(&snor.absence, "BEFORE", share.clone())), "OK");
    let id = evaluator.recorded_share(&snor.friendships, "BEFORE", 14, 43);
    // Nor does a correction carry one over.
    let moved = json!({ "id": id, "correction": "OTHER", "reason": "Det var efter", "wave": "AFTER" });
    let refused = evaluator.mutate("correctMeasurement", &moved, "measurement { id }");
    assert_eq!(fault(&refused), ("NOT_REGISTERED", &json!(["wave"])));
    evaluator.steps("register", &snor.id);
    for wave in ["DURING", "AFTER", "FOLLOW_UP"] {
        assert_eq!(code(&evaluator.record(&snor.absence, wave, share.clone())), "OK", "{wave}");
    }
}

fn registering_needs_a_criterion(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let id = evaluator.plan("den-korte-snor");
    let register = |client: &Client| client.step("register", &id, json!({}));
    assert_eq!(fault(&register(&evaluator)), ("NO_CRITERIA", &json!(["id"])));
    let criterion = evaluator.add_criterion(&id, json!({}));
    let remove = json!({ "id": criterion, "expectedVersion": evaluator.version(&id) });
    let removed =
        evaluator.mutate("removeSuccessCriterion", &remove, "virkningsevaluering { criteria { id } }");
    assert_eq!(removed["virkningsevaluering"]["criteria"], json!([]));
    assert_eq!(fault(&register(&evaluator)), ("NO_CRITERIA", &json!(["id"])), "one that was removed is none");
    evaluator.add_criterion(&id, json!({}));
    let numbers = evaluator.evaluation(&id, "criteria { number }");
    assert_eq!(numbers["criteria"], json!([{ "number": 2 }]), "a number is never given to another");
    assert_eq!(evaluator.evaluation(&id, "registeredAt")["registeredAt"], Value::Null);
    assert_eq!(register(&evaluator)["virkningsevaluering"]["status"], "REGISTERED");
    assert!(evaluator.evaluation(&id, "registeredAt")["registeredAt"].is_string());
}

fn what_is_registered_is_frozen(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let snor = Snor::drafted(&evaluator);
    let selection = "criterion { threshold result { asRegistered } }";
    let change = |client: &Client, mutation: &str, more: Value| {
        let input = json!({ "id": snor.absence, "expectedVersion": evaluator.version(&snor.id) });
        client.mutate(mutation, &with(input, more), selection)
    };
    // While it is a draft a criterion is changed, and there is nothing to amend.
    let lower = json!({ "threshold": "0.4" });
    let changed = change(&evaluator, "updateSuccessCriterion", lower.clone());
    assert_eq!(changed["criterion"], json!({ "threshold": "0.4", "result": { "asRegistered": null } }));
    let amendment = with(lower, json!({ "reason": "For højt" }));
    let refused = change(&evaluator, "amendSuccessCriterion", amendment);
    assert_eq!(fault(&refused), ("NOT_REGISTERED", &json!(["id"])));
    evaluator.steps("register", &snor.id);

    let auditor = server.signed_in("auditor");
    let before = auditor.events();
    let again = json!({
        "virkningsevalueringId": snor.id, "dimension": "Fritid", "indicator": "Andel", "direction": "UP", "basis": "LEVEL",
        "threshold": "0.5", "unit": "SHARE", "pairing": "INDEPENDENT",
    });
    let remove = json!({ "id": snor.absence, "expectedVersion": evaluator.version(&snor.id) });
    for (client, language) in [(evaluator.clone(), "en"), (evaluator.clone().in_danish(), "da")] {
        for (field, refused) in [
            ("id", change(&client, "updateSuccessCriterion", json!({ "threshold": "0.1" }))),
            ("virkningsevalueringId", client.mutate("addSuccessCriterion", &again, "criterion { id }")),
            ("id", client.mutate("removeSuccessCriterion", &remove, "virkningsevaluering { id }")),
        ] {
            assert_eq!(fault(&refused), ("CRITERIA_FROZEN", &json!([field])), "{language}");
            let message = refused["userErrors"][0]["message"].as_str().expect("a message");
            assert!(message.contains("amendSuccessCriterion"), "the way to do it: {message}");
        }
    }
    assert_eq!(auditor.events(), before);
    assert_eq!(evaluator.criterion(&snor.absence, "threshold")["threshold"], "0.4");
}

fn what_began_before_it_was_registered_is_marked(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let snor = Snor::registered(&evaluator);
    for (criterion, start, codes) in [
        (&snor.absence, "2022-07-01", json!([{ "code": "POST_HOC" }, { "code": "PAIRING_UNKNOWN" }])),
        (&snor.friendships, "2199-07-01", json!([{ "code": "PAIRING_UNKNOWN" }])),
    ] {
        evaluator.recorded_share(criterion, "BEFORE", 13, 43);
        let after =
            json!({ "numerator": 5, "denominator": 43, "periodStart": start, "periodEnd": "2200-06-30" });
        evaluator.recorded(criterion, "AFTER", after);
        let result = evaluator.criterion(criterion, "result { warnings { code } }");
        assert_eq!(result["result"]["warnings"], codes, "{start}");
    }
}

fn an_amendment_stands_beside_what_was_registered(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let auditor = server.signed_in("auditor");
    let snor = Snor::measured(&evaluator);
    let amend = |threshold: &str, reason: &str| {
        let input = json!({
            "id": snor.absence, "expectedVersion": evaluator.version(&snor.id), "threshold": threshold, "reason": reason,
        });
        let selection = "criterion { threshold asRegistered registered { threshold amendment } amendments { \
                         threshold amendment } result { asRegistered attainment verdict } }";
        evaluator.mutate("amendSuccessCriterion", &input, selection)
    };
    let before = (evaluator.version(&snor.id), auditor.events());
    assert_eq!(fault(&amend("0.7", " ")), ("REQUIRED", &json!(["reason"])));
    assert_eq!(code(&amend("0.50", "Samme tal")), "OK", "what changes nothing is no amendment");
    assert_eq!((evaluator.version(&snor.id), auditor.events()), before);

    let registered = json!({ "threshold": "0.5", "amendment": null });
    let raised = json!({ "threshold": "0.7", "amendment": "Målet var for lavt" });
    assert_eq!(
        amend("0.7", "Målet var for lavt")["criterion"],
        json!({
            "threshold": "0.7", "asRegistered": false, "registered": registered, "amendments": [raised],
            "result": { "asRegistered": false, "attainment": "PARTLY", "verdict": "INCONCLUSIVE" },
        })
    );
    assert_eq!(
        amend("0.5", "Det var rigtigt før")["criterion"],
        json!({
            "threshold": "0.5", "asRegistered": true, "registered": registered,
            "amendments": [raised, { "threshold": "0.5", "amendment": "Det var rigtigt før" }],
            "result": { "asRegistered": true, "attainment": "MET", "verdict": "INCONCLUSIVE" },
        })
    );
    let other = evaluator.criterion(&snor.friendships, "asRegistered amendments { amendment }");
    assert_eq!(other, json!({ "asRegistered": true, "amendments": [] }), "the other criterion is as it was");
}

fn what_waits_for_approval_takes_no_writes(backend: Backend) {
    let server = Server::start(backend);
    let snor = Snor::submitted(&server);
    let evaluator = server.signed_in("evaluator-sof");
    let auditor = server.signed_in("auditor");
    let measurement =
        evaluator.criterion(&snor.absence, "measurements { id }")["measurements"][0]["id"].clone();
    let before = (auditor.events(), evaluator.version(&snor.id));
    let version = before.1;
    for (mutation, input, field) in [
        (
            "recordMeasurement",
            json!({
                "criterionId": snor.absence, "wave": "FOLLOW_UP", "numerator": 5, "denominator": 43,
                "periodStart": "2023-07-01", "periodEnd": "2023-12-31",
            }),
            "criterionId",
        ),
        (
            "correctMeasurement",
            json!({ "id": measurement, "correction": "OTHER", "reason": "x", "numerator": 1, "denominator": 43 }),
            "id",
        ),
        (
            "recordPairedTable",
            json!({ "criterionId": snor.absence, "n11": 5, "n10": 8, "n01": 0, "n00": 30 }),
            "criterionId",
        ),
        (
            "amendSuccessCriterion",
            json!({ "id": snor.absence, "expectedVersion": version, "threshold": "0.1", "reason": "x" }),
            "id",
        ),
        (
            "addClaim",
            json!({ "criterionId": snor.absence, "text": "x", "printed": "1", "measure": "RELATIVE_CHANGE" }),
            "criterionId",
        ),
        (
            "addLearning",
            json!({ "virkningsevalueringId": snor.id, "audience": "MANAGEMENT", "text": "x" }),
            "virkningsevalueringId",
        ),
        ("addPopulation", json!({ "virkningsevalueringId": snor.id, "name": "x" }), "virkningsevalueringId"),
        ("addDataSource", json!({ "virkningsevalueringId": snor.id, "name": "x" }), "virkningsevalueringId"),
        (
            "updateVirkningsevaluering",
            json!({ "id": snor.id, "expectedVersion": version, "title": "x" }),
            "id",
        ),
    ] {
        let refused = evaluator.mutate(mutation, &input, "__typename");
        assert_eq!(fault(&refused), ("WRONG_STATUS", &json!([field])), "{mutation}");
    }
    let update = json!({ "id": snor.absence, "expectedVersion": version, "threshold": "0.1" });
    let refused = evaluator.mutate("updateSuccessCriterion", &update, "__typename");
    assert_eq!(code(&refused), "CRITERIA_FROZEN");
    assert_eq!((auditor.events(), evaluator.version(&snor.id)), before);

    let approver = server.signed_in("approver-sof");
    let refused = approver.step("return", &snor.id, json!({ "comment": " " }));
    assert_eq!(fault(&refused), ("REQUIRED", &json!(["comment"])), "whoever returns says what to mend");
    let returned = approver.step("return", &snor.id, json!({ "comment": "Opfølgning mangler" }));
    assert_eq!(returned["virkningsevaluering"]["status"], "REGISTERED");
    evaluator.recorded_share(&snor.absence, "FOLLOW_UP", 6, 43);
    evaluator.steps("submit", &snor.id);
}

fn each_step_names_the_version_that_was_seen(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let approver = server.signed_in("approver-sof");
    let snor = Snor::drafted(&evaluator);
    let stale = |client: &Client, step: &str, more: Value| {
        let version = client.version(&snor.id);
        for other in [version - 1, version + 1, 0, -1] {
            let input = with(json!({ "id": snor.id, "expectedVersion": other }), more.clone());
            let refused =
                client.mutate(&format!("{step}Virkningsevaluering"), &input, "virkningsevaluering { id }");
            assert_eq!(fault(&refused), ("STALE", &json!(["expectedVersion"])), "{step}");
            let message = refused["userErrors"][0]["message"].as_str().expect("a message");
            assert!(message.contains(&format!("version {version}")), "the version it now has: {message}");
        }
        assert_eq!(client.version(&snor.id), version);
    };
    stale(&evaluator, "register", json!({}));
    evaluator.steps("register", &snor.id);
    stale(&evaluator, "submit", json!({}));
    evaluator.steps("submit", &snor.id);
    stale(&approver, "return", json!({ "comment": "x" }));
    stale(&approver, "approve", json!({}));
    // What the approver has seen is not what the evaluator has made of it since.
    let seen = approver.version(&snor.id);
    approver.step("return", &snor.id, json!({ "comment": "Mål igen" }));
    evaluator.recorded_share(&snor.absence, "BEFORE", 13, 43);
    evaluator.steps("submit", &snor.id);
    let input = json!({ "id": snor.id, "expectedVersion": seen });
    let refused = approver.mutate("approveVirkningsevaluering", &input, "virkningsevaluering { id }");
    assert_eq!(code(&refused), "STALE");
    approver.steps("approve", &snor.id);
    stale(&approver, "publish", json!({}));
    approver.steps("publish", &snor.id);
    stale(&approver, "withdraw", json!({ "reason": "x" }));
    stale(&evaluator, "update", json!({ "title": "x" }));
}

fn each_step_is_kept_with_who_took_it_and_what_was_said(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let approver = server.signed_in("approver-sof");
    let snor = Snor::drafted(&evaluator);
    assert_eq!(evaluator.evaluation(&snor.id, "transitions { to }")["transitions"], json!([]));
    evaluator.step("register", &snor.id, json!({ "comment": "Aftalt med lederen" }));
    evaluator.steps("submit", &snor.id);
    approver.step("return", &snor.id, json!({ "comment": "Målingerne mangler" }));
    evaluator.recorded_share(&snor.absence, "AFTER", 5, 43);
    evaluator.steps("submit", &snor.id);
    approver.step("approve", &snor.id, json!({ "comment": "Godkendt på mødet" }));
    approver.steps("publish", &snor.id);
    approver.step("withdraw", &snor.id, json!({ "reason": "Data var forkerte" }));
    let read = evaluator.evaluation(&snor.id, "transitions { from to at actor comment }");
    let transitions = read["transitions"].as_array().expect("transitions");
    let (of_evaluator, of_approver) = ("Evaluator SOF", "Approver SOF");
    let expected = [
        ("DRAFT", "REGISTERED", of_evaluator, Some("Aftalt med lederen")),
        ("REGISTERED", "SUBMITTED", of_evaluator, None),
        ("SUBMITTED", "REGISTERED", of_approver, Some("Målingerne mangler")),
        ("REGISTERED", "SUBMITTED", of_evaluator, None),
        ("SUBMITTED", "APPROVED", of_approver, Some("Godkendt på mødet")),
        ("APPROVED", "PUBLISHED", of_approver, None),
        ("PUBLISHED", "WITHDRAWN", of_approver, Some("Data var forkerte")),
    ];
    assert_eq!(transitions.len(), expected.len());
    for (step, (from, to, actor, comment)) in transitions.iter().zip(expected) {
        let told = json!({ "from": from, "to": to, "at": step["at"], "actor": actor, "comment": comment });
        assert_eq!(*step, told);
    }
    let moments: Vec<_> = transitions.iter().map(|step| step["at"].as_str().expect("a moment")).collect();
    assert!(moments.is_sorted(), "{moments:?}");
}

fn a_step_out_of_turn_is_refused(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let approver = server.signed_in("approver-sof");
    let snor = Snor::drafted(&evaluator);
    let refused = |status: &str, steps: &[(&Client, &str)]| {
        for (client, step) in steps {
            let more = if *step == "return" { json!({ "comment": "x" }) } else { json!({}) };
            let refused = client.step(step, &snor.id, more);
            assert_eq!(fault(&refused), ("WRONG_STATUS", &json!(["id"])), "{step} of what is {status}");
        }
        assert_eq!(evaluator.evaluation(&snor.id, "status")["status"], status);
    };
    let (register, submit) = ((&evaluator, "register"), (&evaluator, "submit"));
    let (back, approve, publish) = ((&approver, "return"), (&approver, "approve"), (&approver, "publish"));
    refused("DRAFT", &[submit, back, approve, publish]);
    evaluator.steps("register", &snor.id);
    refused("REGISTERED", &[register, back, approve, publish]);
    evaluator.steps("submit", &snor.id);
    refused("SUBMITTED", &[register, submit, publish]);
    approver.steps("approve", &snor.id);
    refused("APPROVED", &[register, submit, back, approve]);
    approver.steps("publish", &snor.id);
    refused("PUBLISHED", &[register, submit, back, approve, publish]);
}

fn nobody_approves_what_they_had_a_hand_in(backend: Backend) {
    let server = Server::start(backend);
    let admin = server.signed_in("admin");
    let both = server.signed_in("approver-sof");
    let id = both.data("{ viewer { id } }", json!({}))["viewer"]["id"].clone();
    let grant = json!({ "accountId": id, "role": "EVALUATOR", "forvaltning": "SOF" });
    assert_eq!(code(&admin.mutate("grantRole", &grant, "roleGrant { id }")), "OK");
    let evaluator = server.signed_in("evaluator-sof");
    let whole_city = server.signed_in("approver");
    let snor = Snor::registered(&evaluator);
    both.recorded_share(&snor.absence, "BEFORE", 13, 43);
    evaluator.steps("submit", &snor.id);
    assert_eq!(fault(&both.step("approve", &snor.id, json!({}))), ("OWN_WORK", &json!(["id"])));
    // To return is no approval; what was returned is the same work still.
    assert_eq!(code(&both.step("return", &snor.id, json!({ "comment": "Mangler" }))), "OK");
    evaluator.steps("submit", &snor.id);
    assert_eq!(code(&both.step("approve", &snor.id, json!({}))), "OWN_WORK");
    assert_eq!(
        code(&whole_city.step("approve", &snor.id, json!({}))),
        "OK",
        "who had no hand in it steps in"
    );
    assert_eq!(
        code(&both.step("publish", &snor.id, json!({}))),
        "OK",
        "what another approved may be published"
    );

    // The next revision is others' work, until it is one's own too.
    evaluator.recorded_share(&snor.absence, "AFTER", 5, 43);
    evaluator.steps("submit", &snor.id);
    assert_eq!(code(&both.step("approve", &snor.id, json!({}))), "OK");
    both.steps("publish", &snor.id);
    let measured = both.criterion(&snor.absence, "measurements { id }")["measurements"][1]["id"].clone();
    let correction = json!({
        "id": measured, "correction": "TYPING_ERROR", "reason": "Tastefejl", "numerator": 6, "denominator": 43,
    });
    assert_eq!(code(&both.mutate("correctMeasurement", &correction, "measurement { id }")), "OK");
    both.steps("submit", &snor.id);
    assert_eq!(code(&both.step("approve", &snor.id, json!({}))), "OWN_WORK");
}

fn a_write_opens_again_what_was_approved(backend: Backend) {
    let server = Server::start(backend);
    let snor = Snor::submitted(&server);
    let evaluator = server.signed_in("evaluator-sof");
    let approver = server.signed_in("approver-sof");
    approver.steps("approve", &snor.id);
    // What changes nothing opens nothing.
    assert_eq!(code(&evaluator.step("update", &snor.id, json!({ "title": "Trivsel" }))), "OK");
    assert_eq!(evaluator.evaluation(&snor.id, "status")["status"], "APPROVED");
    let learning =
        json!({ "virkningsevalueringId": snor.id, "audience": "MANAGEMENT", "text": "Start tidligere" });
    let added = evaluator.mutate("addLearning", &learning, "virkningsevaluering { status revision }");
    assert_eq!(added["virkningsevaluering"], json!({ "status": "REGISTERED", "revision": 1 }));
    assert_eq!(code(&approver.step("publish", &snor.id, json!({}))), "WRONG_STATUS");
    let last = &evaluator.evaluation(&snor.id, "transitions { from to actor }")["transitions"];
    let opened = json!({ "from": "APPROVED", "to": "REGISTERED", "actor": "Evaluator SOF" });
    assert_eq!(last.as_array().and_then(|steps| steps.last()), Some(&opened));
}
