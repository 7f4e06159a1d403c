//! Who sees evaluations: what one may not see is answered, everywhere, as what does not exist.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::{Backend, Client, Ids, Server, Snor, attempts, code, fault, with};

on_both_databases!(
    what_is_unpublished_reads_as_what_is_not_there,
    no_mutation_tells_what_is_there_from_what_is_not,
    what_is_published_is_read_everywhere_and_written_at_home,
    each_role_sees_of_it_what_it_may,
    history_of_an_evaluation_is_its_own_forvaltnings,
    access_follows_the_intervention,
    a_joint_intervention_is_recorded_on_by_all_and_approved_by_the_lead,
);

const NO_EVALUATION: &str = "virkningsevaluering_00000000000070008000000000000000";
const NO_CRITERION: &str = "criterion_00000000000070008000000000000000";
const NO_MEASUREMENT: &str = "measurement_00000000000070008000000000000000";

/// Every way in which an evaluation might be come upon. The ids are its own or none's.
fn looked_for(client: &Client, evaluation: &str, criterion: &str, measurement: &str) -> String {
    let query = "query($e: ID!, $c: ID!, $m: ID!, $i: ID!) { virkningsevaluering(id: $e) { id title history { totalCount } } \
         evaluation: node(id: $e) { id } criterion: node(id: $c) { id } measurement: node(id: $m) { id } \
         virkningsevalueringer { totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor } nodes { id } } \
         byTitle: virkningsevalueringer(last: 1, orderBy: { field: TITLE, direction: DESC }) { totalCount nodes { id } } \
         byIntervention: virkningsevalueringer(filter: { interventionId: $i }) { totalCount nodes { id } } \
         bySearch: virkningsevalueringer(filter: { search: \"rivsel\" }) { totalCount nodes { id } } \
         byStatus: virkningsevalueringer(filter: { status: SUBMITTED }) { totalCount nodes { id } } \
         byForvaltning: virkningsevalueringer(filter: { forvaltning: \"SOF\" }) { totalCount nodes { id } } \
         intervention(id: $i) { version virkningsevalueringer { totalCount nodes { id } } history { totalCount } } \
         interventions(first: 30) { totalCount nodes { virkningsevalueringer(first: 1) { totalCount nodes { id } } } } \
         evaluationRounds { nodes { virkningsevalueringer { totalCount nodes { id } } } } \
         history { totalCount nodes { id } } ofIt: history(filter: { subjectId: $e }) { totalCount nodes { id } } \
         ofItsKind: history(filter: { subjectKind: VIRKNINGSEVALUERING }) { totalCount } \
         recorded: history(filter: { action: RECORD }) { totalCount nodes { id } } }";
    let intervention = "intervention_00000000000070008000000000000000";
    let found = client.data("{ intervention(slug: \"den-korte-snor\") { id } }", json!({}));
    let intervention = found["intervention"]["id"].as_str().unwrap_or(intervention);
    let variables = json!({ "e": evaluation, "c": criterion, "m": measurement, "i": intervention });
    let answer = client.ask(query, variables);
    answer.data();
    answer.body
}

fn what_is_unpublished_reads_as_what_is_not_there(backend: Backend) {
    let server = Server::start(backend);
    let strangers = ["evaluator-bif", "approver-bif", "evaluator-tmf", "reader", "admin", "nobody"];
    let strangers = strangers.map(|user| (user, server.signed_in(user)));
    let round = json!({ "year": 2023, "theme": "Trivsel" });
    let made =
        server.signed_in("coordinator").mutate("createEvaluationRound", &round, "evaluationRound { id }");
    let never: Vec<_> = strangers
        .iter()
        .map(|(_, client)| looked_for(client, NO_EVALUATION, NO_CRITERION, NO_MEASUREMENT))
        .collect();
    let evaluator = server.signed_in("evaluator-sof");
    let snor = Snor::measured(&evaluator);
    let in_round = json!({ "roundId": made["evaluationRound"]["id"] });
    assert_eq!(code(&evaluator.step("update", &snor.id, in_round)), "OK");
    let measured = evaluator.criterion(&snor.absence, "baseline { id }")["baseline"]["id"].clone();
    let measurement = measured.as_str().expect("an id");
    evaluator.steps("submit", &snor.id);
    let own = looked_for(&evaluator, &snor.id, &snor.absence, measurement);
    for of_it in [&snor.id, &snor.absence, measurement] {
        assert!(own.contains(of_it), "who may sees it: {own}");
    }
    for ((user, client), never) in strangers.iter().zip(never) {
        assert_eq!(looked_for(client, &snor.id, &snor.absence, measurement), never, "{user}");
    }
}

fn no_mutation_tells_what_is_there_from_what_is_not(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let auditor = server.signed_in("auditor");
    let snor = Snor::measured(&evaluator);
    let measured = evaluator.criterion(&snor.absence, "baseline { id }")["baseline"]["id"].clone();
    let of_it = attempts(&snor.ids(&evaluator, measured.as_str().expect("an id")));
    let of_none = attempts(&Ids::each(|prefix| format!("{prefix}_00000000000070008000000000000000")));

    // Every mutation of the schema that names something of an evaluation is tried.
    let schema = auditor.data("{ __schema { mutationType { fields { name } } } }", json!({}));
    let names = schema["__schema"]["mutationType"]["fields"].as_array().expect("mutations").clone();
    let tried: BTreeSet<_> = of_it.iter().map(|(mutation, ..)| *mutation).collect();
    let elsewhere = [
        "Account",
        "ApiToken",
        "Role",
        "Intervention",
        "ReportingYear",
        "Funding",
        "Figure",
        "Round",
        "Session",
        "Password",
        "Instrument",
    ];
    for name in names.iter().map(|field| field["name"].as_str().expect("a name")) {
        let other = elsewhere.iter().any(|subject| name.contains(subject));
        let other =
            other || ["signIn", "signOut", "signOutEverywhere", "planVirkningsevaluering"].contains(&name);
        assert!(other || tried.contains(name), "an attempt at {name}");
    }

    let before = (auditor.events(), evaluator.evaluation(&snor.id, "version status title"));
    for user in ["evaluator-bif", "approver-bif", "reader", "admin"] {
        let stranger = server.signed_in(user);
        for ((mutation, field, input), (_, _, unknown)) in of_it.iter().zip(&of_none) {
            let answer = stranger.try_mutate(mutation, input, "__typename");
            let payload = &answer.data()[*mutation];
            assert_eq!(fault(payload), ("NOT_FOUND", &json!([*field])), "{user} {mutation}");
            let of_none = stranger.try_mutate(mutation, unknown, "__typename");
            assert_eq!(answer.body, of_none.body, "{user} {mutation}");
            assert_eq!(answer.status, of_none.status, "{user} {mutation}");
        }
    }
    assert_eq!((auditor.events(), evaluator.evaluation(&snor.id, "version status title")), before);
    // The intervention is there for all to see, and not theirs to evaluate.
    let plan = json!({
        "interventionId": evaluator.intervention("den-korte-snor").0, "title": "x", "periodStart": "2022-07-01",
        "periodEnd": "2023-06-30",
    });
    for user in ["evaluator-bif", "approver-sof", "reader", "coordinator", "auditor"] {
        let answer = server.signed_in(user).try_mutate("planVirkningsevaluering", &plan, "__typename");
        assert_eq!(answer.error_code(), "FORBIDDEN", "{user}");
    }
    assert_eq!(auditor.events(), before.0);
}

fn what_is_published_is_read_everywhere_and_written_at_home(backend: Backend) {
    let server = Server::start(backend);
    let auditor = server.signed_in("auditor");
    let snor = Snor::published(&server);
    let measured = auditor.criterion(&snor.absence, "baseline { id }")["baseline"]["id"].clone();
    let measurement = measured.as_str().expect("an id");
    let selection = "status history { totalCount nodes { id } } criteria { baseline { numerator } outcome { numerator } \
                     result { verdict } }";
    let ids = snor.ids(&server.signed_in("evaluator-sof"), measurement);
    let before = auditor.events();
    for user in ["reader", "evaluator-bif", "evaluator-tmf", "approver-bif"] {
        let reader = server.signed_in(user);
        let seen = reader.evaluation(&snor.id, selection);
        assert_eq!(seen["status"], "PUBLISHED", "{user}");
        assert_eq!(seen["criteria"][0]["outcome"]["numerator"], 5, "{user}");
        assert_eq!(seen["criteria"][1]["result"]["verdict"], "INCONCLUSIVE", "{user}");
        assert_eq!(seen["history"], json!({ "totalCount": 0, "nodes": [] }), "{user}");
        let found = looked_for(&reader, &snor.id, &snor.absence, measurement);
        for of_it in [&snor.id, &snor.absence, measurement] {
            assert!(found.contains(of_it), "{user} {found}");
        }
        for (mutation, field, input) in attempts(&ids) {
            let answer = reader.try_mutate(mutation, &input, "__typename");
            // What was added since the publication is not there for them.
            if input[field] == *ids.element || input[field] == *ids.rival {
                assert_eq!(
                    fault(&answer.data()[mutation]),
                    ("NOT_FOUND", &json!([field])),
                    "{user} {mutation}"
                );
            } else {
                assert_eq!(answer.error_code(), "FORBIDDEN", "{user} {mutation}");
            }
        }
    }
    assert_eq!(auditor.events(), before);
    // An administrator keeps accounts and sees nothing of evaluations, published or not.
    let admin = server.signed_in("admin");
    assert_eq!(admin.evaluation(&snor.id, "id"), Value::Null);
    let found = looked_for(&admin, &snor.id, &snor.absence, measurement);
    assert_eq!(found, looked_for(&admin, NO_EVALUATION, NO_CRITERION, NO_MEASUREMENT));
}

fn each_role_sees_of_it_what_it_may(backend: Backend) {
    let server = Server::start(backend);
    let snor = Snor::submitted(&server);
    let query = "query($id: ID!) { virkningsevaluering(id: $id) { status version history(first: 0) { totalCount } } \
                 virkningsevalueringer { totalCount } }";
    let (working, nothing) = (Some("SUBMITTED"), None);
    for (user, sees, reads_history) in [
        ("evaluator-sof", working, true),
        ("approver-sof", working, true),
        ("reader-sof", working, false),
        ("auditor-sof", working, true),
        ("evaluator", working, true),
        ("approver", working, true),
        ("auditor", working, true),
        ("coordinator", working, false),
        ("reader", nothing, false),
        ("evaluator-bif", nothing, false),
        ("approver-bif", nothing, false),
        ("evaluator-buf", nothing, false),
        ("admin", nothing, false),
        ("nobody", nothing, false),
    ] {
        let data = server.signed_in(user).data(query, json!({ "id": snor.id }));
        let seen = &data["virkningsevaluering"];
        assert_eq!(seen["status"].as_str(), sees, "{user}");
        assert_eq!(data["virkningsevalueringer"]["totalCount"], i32::from(sees.is_some()), "{user}");
        if sees.is_some() {
            let events = if reads_history { seen["version"].clone() } else { json!(0) };
            assert_eq!(seen["history"]["totalCount"], events, "{user}");
        }
    }
}

fn history_of_an_evaluation_is_its_own_forvaltnings(backend: Backend) {
    let server = Server::start(backend);
    let snor = Snor::published(&server);
    let query = "query($id: ID!) { history(last: 100, filter: { subjectId: $id }) { totalCount nodes { id changes { part { kind id } } } } \
                 intervention(slug: \"den-korte-snor\") { history(last: 1) { nodes { id } } } }";
    let of = |client: &Client| client.data(query, json!({ "id": snor.id }));
    let own = of(&server.signed_in("evaluator-sof"));
    let events = own["history"]["nodes"].as_array().expect("events");
    assert_eq!(own["history"]["totalCount"], events.len());
    let last = events.last().expect("an event")["id"].clone();
    assert_eq!(own["intervention"]["history"]["nodes"][0]["id"], last, "it is part of the intervention's");
    let parts: BTreeSet<_> = events
        .iter()
        .flat_map(|event| event["changes"].as_array().expect("changes"))
        .filter_map(|change| change["part"]["id"].as_str())
        .collect();
    assert!(parts.contains(&*snor.absence) && parts.contains(&*snor.friendships), "{parts:?}");
    let node = "query($id: ID!) { node(id: $id) { id } }";
    for user in ["evaluator-bif", "reader", "reader-sof", "coordinator", "admin"] {
        let client = server.signed_in(user);
        let others = of(&client);
        assert_eq!(others["history"], json!({ "totalCount": 0, "nodes": [] }), "{user}");
        assert_ne!(others["intervention"]["history"]["nodes"][0]["id"], last, "{user}");
        assert_eq!(client.data(node, json!({ "id": last }))["node"], Value::Null, "{user}");
    }
}

fn access_follows_the_intervention(backend: Backend) {
    let server = Server::start(backend);
    let coordinator = server.signed_in("coordinator");
    let [sof, bif] = ["evaluator-sof", "evaluator-bif"].map(|user| server.signed_in(user));
    let snor = Snor::registered(&sof);
    let share = json!({ "numerator": 5, "denominator": 43, "idempotencyKey": "k" });
    let recorded = sof.record(&snor.absence, "AFTER", share.clone());
    let moved = json!({
        "interventionId": coordinator.intervention("den-korte-snor").0, "year": 2023, "leadForvaltning": "BIF",
        "expectedVersion": coordinator.report("den-korte-snor").1,
    });
    let selection = "interventionYear { leadForvaltning { code } }";
    assert_eq!(code(&coordinator.mutate("updateInterventionYear", &moved, selection)), "OK");
    let version = coordinator.version(&snor.id);
    let history = json!({ "version": version, "history": { "totalCount": version } });
    assert_eq!(bif.evaluation(&snor.id, "version history { totalCount }"), history);
    assert_eq!(sof.evaluation(&snor.id, "id"), Value::Null);
    bif.recorded_share(&snor.absence, "BEFORE", 13, 43);
    // Not by the key of an earlier request either.
    let again = sof.record(&snor.absence, "AFTER", share);
    assert_eq!((code(&recorded), fault(&again)), ("OK", ("NOT_FOUND", &json!(["criterionId"]))));
    assert_eq!(again["measurement"], Value::Null);
}

fn a_joint_intervention_is_recorded_on_by_all_and_approved_by_the_lead(backend: Backend) {
    let server = Server::start(backend);
    let bif = server.signed_in("evaluator-bif");
    let id = bif.plan("forebyggelse-af-ekstremisme");
    let criterion = bif.add_criterion(&id, json!({ "pairing": "INDEPENDENT" }));
    bif.recorded_share(&criterion, "BEFORE", 12, 24);
    // Partners take part in all of the work.
    let sof = server.signed_in("evaluator-sof");
    sof.add_criterion(&id, json!({ "dimension": "Beskæftigelse" }));
    sof.steps("register", &id);
    sof.recorded_share(&criterion, "AFTER", 5, 24);
    let buf = server.signed_in("evaluator-buf");
    let measured = buf.recorded_share(&criterion, "FOLLOW_UP", 4, 24);
    let correction = json!({
        "id": measured, "correction": "TYPING_ERROR", "reason": "Tastefejl", "numerator": 3, "denominator": 24,
    });
    assert_eq!(code(&buf.mutate("correctMeasurement", &correction, "measurement { id }")), "OK");
    let tmf = server.signed_in("evaluator-tmf");
    let share = json!({ "numerator": 1, "denominator": 24 });
    assert_eq!(fault(&tmf.record(&criterion, "DURING", share)), ("NOT_FOUND", &json!(["criterionId"])));
    buf.steps("submit", &id);
    let recorders: Vec<_> = server
        .signed_in("auditor")
        .evaluation(&id, "history(first: 50) { nodes { action actor { roles } } }")["history"]["nodes"]
        .as_array()
        .expect("events")
        .iter()
        .filter(|event| event["action"] == "RECORD")
        .map(|event| event["actor"]["roles"][0].as_str().expect("a role").to_owned())
        .collect();
    assert_eq!(recorders, ["EVALUATOR BIF", "EVALUATOR SOF", "EVALUATOR BUF"]);
    // The lead's approver decides, and no partner's.
    let partner = server.signed_in("approver-sof");
    assert_eq!(partner.evaluation(&id, "status")["status"], "SUBMITTED");
    let step = json!({ "id": id, "expectedVersion": partner.version(&id) });
    for (mutation, more) in [
        ("approve", json!({})),
        ("return", json!({ "comment": "x" })),
        ("withdraw", json!({ "reason": "x" })),
        ("publish", json!({})),
    ] {
        let mutation = format!("{mutation}Virkningsevaluering");
        let answer = partner.try_mutate(&mutation, &with(step.clone(), more), "__typename");
        assert_eq!(answer.error_code(), "FORBIDDEN", "{mutation}");
    }
    let lead = server.signed_in("approver-bif");
    lead.steps("approve", &id);
    lead.steps("publish", &id);
    assert_eq!(tmf.evaluation(&id, "status")["status"], "PUBLISHED");
}
