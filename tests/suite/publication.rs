//! What readers see: the published revision, until another is published or it is withdrawn.

use serde_json::{Value, json};

use crate::support::{Backend, Client, Server, Snor, code, fault};

on_both_databases!(
    readers_keep_what_was_published_until_the_next_is,
    nothing_is_seen_of_what_was_never_published,
    an_evaluation_is_withdrawn_from_every_status,
    of_a_withdrawn_one_readers_keep_the_title_and_the_reason,
    what_is_withdrawn_takes_no_writes_and_no_steps,
    a_tombstone_shows_nothing_that_was_never_published,
);

/// All that an evaluation is asked for.
const ALL: &str = "id slug version title periodStart periodEnd status revision registeredAt round { theme } \
     intervention { slug } transitions { from to at actor comment } learnings { id audience text } populations { id name } \
     dataSources { id name } history(first: 50) { totalCount nodes { action } } \
     criteria { id number dimension indicator direction basis threshold unit pairing successCategories asRegistered \
     registered { sinceVersion threshold } amendments { sinceVersion threshold amendment } baseline { id numerator } \
     outcome { id numerator } measurements { id wave numerator denominator value current recordedAt note \
     corrects { id numerator current } correction correctionReason population { name } source { name } } \
     pairedTables { id n11 n10 n01 n00 } result { attainment verdict change relativeChange interval { low high } asRegistered \
     warnings { code } sentence computedAt } results { group verdict } claims { id printed computed label } }";

/// Everything that a reader gets of an evaluation, byte for byte.
fn everything(reader: &Client, id: &str) -> String {
    let query = format!(
        "query($id: ID!) {{ virkningsevaluering(id: $id) {{ {ALL} published {{ {ALL} }} }} node(id: $id) {{ id }} \
         back: virkningsevaluering(id: $id) {{ criteria {{ virkningsevaluering {{ version title }} \
         measurements {{ criterion {{ threshold }} }} }} }} \
         virkningsevalueringer(first: 2) {{ totalCount nodes {{ {ALL} }} }} \
         published: virkningsevalueringer(filter: {{ status: PUBLISHED }}) {{ totalCount }} \
         search: virkningsevalueringer(filter: {{ search: \"trivsel\" }}) {{ totalCount }} \
         intervention(slug: \"den-korte-snor\") {{ virkningsevalueringer(first: 2) {{ totalCount nodes {{ {ALL} }} }} }} }}"
    );
    let answer = reader.ask(&query, json!({ "id": id }));
    answer.data();
    answer.body
}

fn readers_keep_what_was_published_until_the_next_is(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let approver = server.signed_in("approver-sof");
    let snor = Snor::published(&server);
    let readers = ["reader", "evaluator-bif", "evaluator-tmf", "auditor-sof", "coordinator"];
    let readers = readers.map(|user| server.signed_in(user));
    let [elsewhere, bif, tmf, _, _] = &readers;
    let published = everything(elsewhere, &snor.id);
    assert!(published.contains("\"status\":\"PUBLISHED\",\"revision\":1"), "{published}");
    let measured = evaluator.criterion(&snor.absence, "measurements { id }")["measurements"].clone();

    let version = evaluator.version(&snor.id);
    let correction = json!({
        "id": measured[0]["id"], "correction": "SOURCE_REVISED", "reason": "Skolen rettede tallene", "numerator": 6,
        "denominator": 43,
    });
    let selection = "measurement { id } criterion { result { relativeChange } }";
    let corrected = evaluator.mutate("correctMeasurement", &correction, selection);
    assert_eq!(corrected["criterion"]["result"]["relativeChange"], "-0.166667");
    let opened = evaluator.evaluation(&snor.id, "status version revision");
    assert_eq!(opened, json!({ "status": "REGISTERED", "version": version + 1, "revision": 2 }));
    let amendment = json!({
        "id": snor.friendships, "expectedVersion": version + 1, "threshold": "0.4", "reason": "Målet hæves",
    });
    evaluator.mutate("amendSuccessCriterion", &amendment, "criterion { id }");
    evaluator.step("update", &snor.id, json!({ "title": "Velbefindende", "periodEnd": "2023-12-31" }));
    for (mutation, input) in [
        (
            "addLearning",
            json!({ "virkningsevalueringId": snor.id, "audience": "POLITICIANS", "text": "Det virker" }),
        ),
        ("addPopulation", json!({ "virkningsevalueringId": snor.id, "name": "Alle 43" })),
        ("addDataSource", json!({ "virkningsevalueringId": snor.id, "name": "Skolens register" })),
        (
            "recordPairedTable",
            json!({ "criterionId": snor.friendships, "n11": 14, "n10": 0, "n01": 12, "n00": 17 }),
        ),
        (
            "addClaim",
            json!({ "criterionId": snor.absence, "text": "x", "printed": "-61.6", "measure": "RELATIVE_CHANGE" }),
        ),
    ] {
        assert_eq!(code(&evaluator.mutate(mutation, &input, "__typename")), "OK", "{mutation}");
    }
    for reader in [elsewhere, bif, tmf] {
        assert_eq!(everything(reader, &snor.id), published, "readers elsewhere see what was published");
    }
    // Not even by its id is found what came after.
    let node = "query($id: ID!) { node(id: $id) { id ... on Measurement { current corrects { id } } } }";
    let later = elsewhere.data(node, json!({ "id": corrected["measurement"]["id"] }));
    assert_eq!(later["node"], Value::Null);
    let earlier = elsewhere.data(node, json!({ "id": measured[0]["id"] }));
    assert_eq!(earlier["node"], json!({ "id": measured[0]["id"], "current": true, "corrects": null }));
    // Those who see it as it is see both, and readers elsewhere are what `published` tells them of.
    for own in [&evaluator, &approver, &readers[3], &readers[4]] {
        let seen = own.evaluation(&snor.id, &format!("title revision published {{ {ALL} }}"));
        assert_eq!((&seen["title"], &seen["revision"]), (&json!("Velbefindende"), &json!(2)));
        let history = |mut published: Value| {
            published["history"] = Value::Null;
            published
        };
        let elsewhere = elsewhere.evaluation(&snor.id, ALL);
        assert_eq!(history(seen["published"].clone()), history(elsewhere));
    }
    // Not even approving it changes what readers see.
    evaluator.steps("submit", &snor.id);
    approver.steps("approve", &snor.id);
    assert_eq!(everything(bif, &snor.id), published);
    approver.steps("publish", &snor.id);
    let next = everything(elsewhere, &snor.id);
    assert_ne!(next, published);
    let seen =
        bif.evaluation(&snor.id, "title revision status criteria { threshold baseline { numerator } }");
    assert_eq!(
        seen,
        json!({
            "title": "Velbefindende", "revision": 2, "status": "PUBLISHED",
            "criteria": [
                { "threshold": "0.5", "baseline": { "numerator": 6 } },
                { "threshold": "0.4", "baseline": { "numerator": 14 } },
            ],
        })
    );
    let search = "{ virkningsevalueringer(filter: { search: \"trivsel\" }) { totalCount } }";
    assert_eq!(
        bif.data(search, json!({}))["virkningsevalueringer"]["totalCount"],
        0,
        "the old title finds nothing"
    );
}

fn nothing_is_seen_of_what_was_never_published(backend: Backend) {
    let server = Server::start(backend);
    let approver = server.signed_in("approver-sof");
    let reader = server.signed_in("reader");
    let snor = Snor::submitted(&server);
    let unseen = everything(&reader, &snor.id);
    assert_eq!(reader.evaluation(&snor.id, "id"), Value::Null);
    approver.steps("approve", &snor.id);
    assert_eq!(everything(&reader, &snor.id), unseen, "approved is not published");
    assert_eq!(approver.evaluation(&snor.id, "published { id }")["published"], Value::Null);
    approver.step("withdraw", &snor.id, json!({ "reason": "Opgivet" }));
    assert_eq!(everything(&reader, &snor.id), unseen, "nor does its withdrawal leave anything");
}

fn an_evaluation_is_withdrawn_from_every_status(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let approver = server.signed_in("approver-sof");
    let path =
        [("register", &evaluator), ("submit", &evaluator), ("approve", &approver), ("publish", &approver)];
    let statuses = ["DRAFT", "REGISTERED", "SUBMITTED", "APPROVED", "PUBLISHED"];
    for (steps, from) in statuses.into_iter().enumerate() {
        let snor = Snor::drafted(&evaluator);
        for (step, client) in &path[..steps] {
            client.steps(step, &snor.id);
        }
        let refused = approver.step("withdraw", &snor.id, json!({ "reason": " " }));
        assert_eq!(fault(&refused), ("REQUIRED", &json!(["reason"])));
        let withdrawn = approver.step("withdraw", &snor.id, json!({ "reason": "Opgivet" }));
        assert_eq!(withdrawn["virkningsevaluering"]["status"], "WITHDRAWN", "from {from}");
        let last = approver.evaluation(&snor.id, "transitions { from to comment } criteria { id }");
        assert_eq!(
            last["transitions"].as_array().and_then(|steps| steps.last()),
            Some(&json!({ "from": from, "to": "WITHDRAWN", "comment": "Opgivet" }))
        );
        assert_eq!(
            last["criteria"].as_array().map(Vec::len),
            Some(2),
            "those who see it as it is still see all"
        );
    }
}

fn of_a_withdrawn_one_readers_keep_the_title_and_the_reason(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let approver = server.signed_in("approver-sof");
    let snor = Snor::published(&server);
    let learning =
        json!({ "virkningsevalueringId": snor.id, "audience": "MANAGEMENT", "text": "Start tidligere" });
    evaluator.mutate("addLearning", &learning, "learning { id }");
    approver.step("withdraw", &snor.id, json!({ "reason": "Målingerne var af andre unge" }));
    for user in ["reader", "evaluator-bif", "reader-sof"] {
        let reader = server.signed_in(user);
        let own = user == "reader-sof";
        let selection =
            "title status transitions { to comment } criteria { id } learnings { id } populations { id }";
        let seen = if own {
            reader.evaluation(&snor.id, &format!("published {{ {selection} }}"))["published"].clone()
        } else {
            reader.evaluation(&snor.id, selection)
        };
        assert_eq!(
            (&seen["title"], &seen["status"], &seen["criteria"], &seen["learnings"]),
            (&json!("Trivsel"), &json!("WITHDRAWN"), &json!([]), &json!([])),
            "{user}"
        );
        let steps = json!([
            { "to": "PUBLISHED", "comment": null },
            { "to": "WITHDRAWN", "comment": "Målingerne var af andre unge" },
        ]);
        assert_eq!(
            seen["transitions"], steps,
            "what was said on the way is for those who work on it: {user}"
        );
        if !own {
            let measurement = "{ ... on Measurement { id } ... on SuccessCriterion { id } }";
            let query = format!("query($id: ID!) {{ node(id: $id) {measurement} }}");
            assert_eq!(reader.data(&query, json!({ "id": snor.absence }))["node"], Value::Null, "{user}");
        }
    }
}

fn what_is_withdrawn_takes_no_writes_and_no_steps(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let approver = server.signed_in("approver-sof");
    let auditor = server.signed_in("auditor");
    let snor = Snor::measured(&evaluator);
    approver.step("withdraw", &snor.id, json!({ "reason": "Opgivet" }));
    let before = auditor.events();
    let share = json!({ "numerator": 5, "denominator": 43 });
    assert_eq!(
        fault(&evaluator.record(&snor.absence, "FOLLOW_UP", share)),
        ("WRONG_STATUS", &json!(["criterionId"]))
    );
    let version = evaluator.version(&snor.id);
    for (mutation, input) in [
        (
            "updateSuccessCriterion",
            json!({ "id": snor.absence, "expectedVersion": version, "threshold": "0.1" }),
        ),
        (
            "amendSuccessCriterion",
            json!({ "id": snor.absence, "expectedVersion": version, "threshold": "0.1", "reason": "x" }),
        ),
        ("updateVirkningsevaluering", json!({ "id": snor.id, "expectedVersion": version, "title": "x" })),
        ("registerVirkningsevaluering", json!({ "id": snor.id, "expectedVersion": version })),
        ("submitVirkningsevaluering", json!({ "id": snor.id, "expectedVersion": version })),
    ] {
        let refused = evaluator.mutate(mutation, &input, "__typename");
        assert_eq!(fault(&refused), ("WRONG_STATUS", &json!(["id"])), "{mutation}");
    }
    for step in ["approve", "publish", "withdraw"] {
        let more = if step == "withdraw" { json!({ "reason": "x" }) } else { json!({}) };
        assert_eq!(code(&approver.step(step, &snor.id, more)), "WRONG_STATUS", "{step}");
    }
    assert_eq!(auditor.events(), before);
}

fn a_tombstone_shows_nothing_that_was_never_published(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let snor = Snor::published(&server);
    let reader = server.signed_in("reader");
    let selection = "title periodEnd revision";
    let before = reader.evaluation(&snor.id, selection);
    evaluator.step("update", &snor.id, json!({ "title": "Et udkast", "periodEnd": "2023-12-31" }));
    server.signed_in("approver-sof").step("withdraw", &snor.id, json!({ "reason": "Opgivet" }));
    assert_eq!(reader.evaluation(&snor.id, "status")["status"], "WITHDRAWN");
    assert_eq!(reader.evaluation(&snor.id, selection), before, "the title is the one that was approved");
}
