//! The access log: who was refused what.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::support::access_log::{ENTRIES, absent, entries, read, told, within_an_hour, written};
use crate::support::{Backend, Client, EventStream, Ids, Server, Snor, attempts, with};

on_both_databases!(
    each_kind_of_denial_leaves_an_entry,
    whatever_a_mutation_names_is_told,
    what_is_absent_and_what_is_anothers_leave_the_same,
    equal_denials_are_counted_and_listed_the_newest_first,
    a_stranger_leaves_nothing,
    the_log_and_following_it_are_told_of_too,
    auditors_read_in_scope_and_others_not,
);

fn each_kind_of_denial_leaves_an_entry(backend: Backend) {
    within_an_hour();
    let server = Server::start(backend);
    let (auditor, owner, actor) =
        (server.signed_in("auditor"), server.signed_in("evaluator-sof"), server.signed_in("evaluator-bif"));
    let evaluation = owner.plan("den-korte-snor");
    let (snor, version) = owner.intervention("den-korte-snor");
    let events = auditor.events();
    let nothing = absent("intervention", 1);
    let first = read(&actor, &evaluation);
    read(&actor, "Frit navn fra en klient");
    let reading =
        "query($e: ID!, $i: ID!) { virkningsevaluering(id: $e) { id } intervention(id: $i) { id } }";
    actor.data(reading, json!({ "e": evaluation, "i": nothing }));
    actor.data("{ intervention(slug: \"ingen\") { id } interventions(filter: { search: \"ingen\" }) { totalCount } }", json!({}));
    let rename = json!({ "id": snor, "expectedVersion": version, "name": "Et nyt navn" });
    let step = json!({ "id": evaluation, "expectedVersion": 1, "reason": "x" });
    let table =
        json!({ "virkningsevalueringId": evaluation, "csv": "criterion,wave,group,period_start,period_end" });
    let own = owner.evaluation(&evaluation, "version")["version"].clone();
    let round = absent("round", 1);
    for (client, mutation, input) in [
        (&actor, "updateIntervention", rename),
        (&actor, "closeReportingYear", json!({ "year": 2023, "expectedVersion": 1 })),
        (&actor, "withdrawVirkningsevaluering", step),
        (&actor, "importMeasurements", table),
        (
            &owner,
            "updateVirkningsevaluering",
            json!({ "id": evaluation, "expectedVersion": own, "roundId": round }),
        ),
        // What can be mended is no denial.
        (
            &owner,
            "updateVirkningsevaluering",
            json!({ "id": evaluation, "expectedVersion": own, "title": "" }),
        ),
    ] {
        let code = client.refusal(mutation, &input).0;
        assert!(["FORBIDDEN", "NOT_FOUND", "REQUIRED"].contains(&code.as_str()), "{mutation}: {code}");
    }
    assert_eq!(actor.ask(ENTRIES, json!({})).error_code(), "FORBIDDEN");

    let entries = written(&auditor, 10);
    let mut by_what: BTreeMap<String, &Value> = entries.iter().map(|entry| (told(entry), entry)).collect();
    let of_owner =
        by_what.remove(&format!("UPDATE VIRKNINGSEVALUERING (EVALUATION_ROUND {round}) NOT_FOUND"));
    assert_eq!(
        of_owner.expect("what was named beside the subject")["actor"]["roles"],
        json!(["EVALUATOR SOF"])
    );
    let seen = format!("- VIRKNINGSEVALUERING (VIRKNINGSEVALUERING {evaluation}) NOT_FOUND");
    let expected = [
        ("- - (-) NOT_FOUND".to_owned(), 1),
        ("- ACCESS_LOG_ENTRY (-) FORBIDDEN".to_owned(), 1),
        (format!("- INTERVENTION (INTERVENTION {nothing}) NOT_FOUND"), 1),
        (seen.clone(), 2),
        ("CLOSE REPORTING_YEAR (-) FORBIDDEN".to_owned(), 1),
        (format!("IMPORT VIRKNINGSEVALUERING (VIRKNINGSEVALUERING {evaluation}) NOT_FOUND"), 1),
        (format!("UPDATE INTERVENTION (INTERVENTION {snor}) FORBIDDEN"), 1),
        (format!("WITHDRAW VIRKNINGSEVALUERING (VIRKNINGSEVALUERING {evaluation}) NOT_FOUND"), 1),
    ];
    let counted =
        by_what.iter().map(|(what, entry)| (what.clone(), entry["count"].as_i64().expect("a count")));
    assert_eq!(counted.collect::<Vec<_>>(), expected);
    let id = actor.data("{ viewer { id } }", json!({}))["viewer"]["id"].clone();
    for entry in by_what.values() {
        assert_eq!(entry["actor"], json!({ "id": id, "name": "Evaluator BIF", "roles": ["EVALUATOR BIF"] }));
    }
    let entry = by_what[&seen];
    assert_eq!(entry["requestId"].as_str(), first.header("x-request-id"), "the first of two");
    assert!(entry["firstAt"].as_str() < entry["lastAt"].as_str(), "{entry}");
    let again = auditor.data("query($id: ID!) { node(id: $id) { id } }", json!({ "id": entry["id"] }));
    assert_eq!(again["node"]["id"], entry["id"]);
    assert_eq!(auditor.events(), events, "nothing of it is in the history");
    let stored = format!("{entries:?}");
    assert!(!stored.contains("navn"), "what a client writes freely does not enter: {stored}");
}

/// Who tries which mutation, by which field it names which id, and the input.
type Tried<'a> = (&'a Client, &'a str, &'a str, String, Value);

/// What names an element beside what it is about.
fn of_theory(evaluator: &Client, snor: &Snor) -> [(&'static str, &'static str, Value); 4] {
    let element = evaluator.add_element(&snor.id, "ACTIVITY", "Ugentlige samtaler");
    let version = evaluator.version(&snor.id);
    [
        ("linkTheoryElements", "toId", json!({ "fromId": element })),
        ("unlinkTheoryElements", "toId", json!({ "fromId": element, "expectedVersion": version })),
        (
            "attachSuccessCriterion",
            "elementId",
            json!({ "criterionId": snor.absence, "expectedVersion": version }),
        ),
        ("addRivalExplanation", "elementId", json!({ "virkningsevalueringId": snor.id, "text": "x" })),
    ]
}

/// Each field of an input that is an id, with a mutation whose other fields are right.
fn whatever_a_mutation_names_is_told(backend: Backend) {
    let server = Server::start(backend);
    let (auditor, admin) = (server.signed_in("auditor"), server.signed_in("admin"));
    let (coordinator, evaluator) = (server.signed_in("coordinator"), server.signed_in("evaluator-sof"));
    let snor = Snor::registered(&evaluator);
    let wrong = evaluator.recorded_share(&snor.absence, "BEFORE", 1, 43);
    let (ludo, version) = coordinator.intervention("ludo");
    let round = json!({ "year": 2023, "theme": "Trivsel" });
    let round = coordinator.mutate("createEvaluationRound", &round, "evaluationRound { id }")["evaluationRound"]["id"].clone();
    let mut number = 0;
    let mut none = |prefix: &str| {
        number += 1;
        absent(prefix, number)
    };
    let mut tried: Vec<Tried<'_>> = Vec::new();
    for (mutation, field, input) in attempts(&Ids::each(&mut none)) {
        let id = input[field].as_str().expect("an id").to_owned();
        tried.push((&evaluator, mutation, field, id, input));
    }
    let planned = json!({ "interventionId": evaluator.intervention("den-korte-snor").0, "title": "x", "periodStart": "2023-01-01", "periodEnd": "2023-12-31" });
    let measured = json!({ "criterionId": snor.absence, "wave": "FOLLOW_UP", "numerator": 5, "denominator": 43, "periodStart": "2022-07-01", "periodEnd": "2023-06-30" });
    let corrected =
        json!({ "id": wrong, "correction": "OTHER", "reason": "x", "numerator": 13, "denominator": 43 });
    let of_theory = of_theory(&evaluator, &snor);
    let update = json!({ "id": snor.id, "expectedVersion": evaluator.version(&snor.id) });
    let step = json!({ "expectedVersion": 1 });
    let of_ludo = json!({ "id": ludo, "expectedVersion": version });
    let named = json!({ "slug": "nyt", "name": "Nyt" });
    let figure = json!({ "reportedYear": 2023, "kind": "OUTCOME", "label": "x", "unit": "x" });
    for (mutation, field, input) in of_theory {
        let id = none("element");
        let input = with(input, json!({ field: id }));
        tried.push((&evaluator, mutation, field, id, input));
    }
    for (client, mutation, field, prefix, input) in [
        (&evaluator, "planVirkningsevaluering", "interventionId", "intervention", planned.clone()),
        (&evaluator, "planVirkningsevaluering", "roundId", "round", planned),
        (&evaluator, "updateVirkningsevaluering", "roundId", "round", update),
        (&evaluator, "recordMeasurement", "populationId", "population", measured.clone()),
        (&evaluator, "recordMeasurement", "sourceId", "source", measured),
        (&evaluator, "correctMeasurement", "populationId", "population", corrected.clone()),
        (&evaluator, "correctMeasurement", "sourceId", "source", corrected),
        (
            &evaluator,
            "updateInterventionYear",
            "interventionId",
            "intervention",
            json!({ "year": 2023, "expectedVersion": 1, "remarks": "x" }),
        ),
        (&evaluator, "submitInterventionYear", "id", "report", step.clone()),
        (&evaluator, "approveInterventionYear", "id", "report", step.clone()),
        (&evaluator, "returnInterventionYear", "id", "report", with(step.clone(), json!({ "reason": "x" }))),
        (&coordinator, "createIntervention", "parentId", "intervention", named),
        (&coordinator, "updateIntervention", "id", "intervention", step.clone()),
        (&coordinator, "updateIntervention", "parentId", "intervention", of_ludo),
        (
            &coordinator,
            "setFunding",
            "interventionId",
            "intervention",
            json!({ "budgetYear": 2024, "amountDkk": 1, "fundedBy": [] }),
        ),
        (&coordinator, "setFigure", "interventionId", "intervention", figure),
        (
            &coordinator,
            "createEvaluationRound",
            "interventionIds",
            "intervention",
            json!({ "year": 2023, "theme": "Ro" }),
        ),
        (&coordinator, "updateEvaluationRound", "id", "round", step),
        (
            &coordinator,
            "updateEvaluationRound",
            "interventionIds",
            "intervention",
            json!({ "id": round, "expectedVersion": 1 }),
        ),
    ]
    .into_iter()
    .chain(on_accounts(&admin))
    {
        let id = none(prefix);
        let value = if field.ends_with('s') { json!([id]) } else { json!(id) };
        tried.push((client, mutation, field, id, with(input, json!({ field: value }))));
    }
    assert_every_id_is_tried(&auditor, &tried);
    for (client, mutation, field, _, input) in &tried {
        let (code, at) = client.refusal(mutation, input);
        assert_eq!((code.as_str(), &at[0]), ("NOT_FOUND", &json!(field)), "{mutation} {input}");
    }
    let of_attempt: Vec<_> = tried.iter().map(|(.., id, _)| id.clone()).collect();
    let entries = written(&auditor, i64::try_from(tried.len()).expect("a count"));
    let mut ids: Vec<_> =
        entries.iter().map(|entry| entry["named"]["id"].as_str().expect("a name").to_owned()).collect();
    ids.sort();
    let mut expected = of_attempt.clone();
    expected.sort();
    expected.dedup();
    ids.dedup();
    assert_eq!(ids, expected);
}

/// What an administrator names, by mutation, field and kind of id.
fn on_accounts(admin: &Client) -> [(&Client, &'static str, &'static str, &'static str, Value); 6] {
    let step = json!({ "expectedVersion": 1 });
    [
        (admin, "updateAccount", "id", "account", step.clone()),
        (admin, "grantRole", "accountId", "account", json!({ "role": "READER" })),
        (admin, "createPasswordLink", "accountId", "account", json!({})),
        (admin, "confirmRoleGrant", "id", "grant", step.clone()),
        (admin, "revokeApiToken", "id", "apitoken", step.clone()),
        (admin, "revokeRole", "id", "grant", step),
    ]
}

/// Whether there is an attempt at each field of each mutation's input that is an id.
fn assert_every_id_is_tried(auditor: &Client, tried: &[Tried<'_>]) {
    let schema = "{ __schema { mutationType { fields { name args { type { ofType { inputFields { name type { name kind \
                  ofType { name kind ofType { name kind ofType { name } } } } } } } } } } } }";
    let mutations = auditor.data(schema, json!({}))["__schema"]["mutationType"]["fields"].clone();
    for mutation in mutations.as_array().expect("mutations") {
        let fields =
            mutation["args"][0]["type"]["ofType"]["inputFields"].as_array().cloned().unwrap_or_default();
        for field in fields.iter().filter(|field| field["type"].to_string().contains("\"ID\"")) {
            let is_tried =
                tried.iter().any(|(_, name, by, ..)| mutation["name"] == *name && field["name"] == *by);
            assert!(is_tried, "an attempt at {} by {}", mutation["name"], field["name"]);
        }
    }
}

fn what_is_absent_and_what_is_anothers_leave_the_same(backend: Backend) {
    within_an_hour();
    let server = Server::start(backend);
    let (auditor, owner, actor) =
        (server.signed_in("auditor"), server.signed_in("evaluator-sof"), server.signed_in("evaluator-bif"));
    let snor = Snor::registered(&owner);
    let measurement = owner.recorded_share(&snor.absence, "BEFORE", 13, 43);
    let all = |ids: &Ids| {
        let attempts = attempts(ids);
        for (mutation, _, input) in &attempts {
            assert_eq!(actor.refusal(mutation, input).0, "NOT_FOUND", "{mutation}");
        }
        for id in ids.all() {
            read(&actor, id);
        }
        i64::try_from(attempts.len() + ids.all().len()).expect("a count")
    };
    let mut number = 0;
    let none = Ids::each(|prefix| {
        number += 1;
        absent(prefix, number)
    });
    let its = snor.ids(&owner, &measurement);
    let denials = all(&its) + all(&none);
    let entries = written(&auditor, denials);
    let of = |ids: &Ids| -> Vec<Value> {
        let of_ids =
            entries.iter().filter(|entry| ids.all().contains(&entry["named"]["id"].as_str().expect("an id")));
        let mut same: Vec<Value> = of_ids.cloned().collect();
        for entry in &mut same {
            for (field, one) in entry.as_object_mut().expect("an entry") {
                match field.as_str() {
                    "id" | "requestId" | "firstAt" | "lastAt" => *one = Value::Null,
                    "named" => one["id"] = Value::Null,
                    _ => {}
                }
            }
        }
        same
    };
    let anothers = of(&its);
    assert_eq!(anothers, of(&none));
    assert_eq!(2 * anothers.len(), entries.len());
}

fn equal_denials_are_counted_and_listed_the_newest_first(backend: Backend) {
    within_an_hour();
    let server = Server::start(backend);
    let (auditor, actor, other) =
        (server.signed_in("auditor"), server.signed_in("reader"), server.signed_in("evaluator-bif"));
    let (one, two) = (absent("event", 1), absent("event", 2));
    read(&actor, &one);
    // The first is written, so that those that follow are counted to what is there.
    written(&auditor, 1);
    for _ in 0..4 {
        read(&actor, &one);
    }
    read(&other, &one);
    read(&actor, &two);
    let entries = written(&auditor, 7);
    let seen: Vec<_> = entries
        .iter()
        .map(|entry| (&entry["named"]["id"], &entry["count"], &entry["actor"]["name"]))
        .collect();
    let expected = [(two, 1, "Reader"), (one.clone(), 1, "Evaluator BIF"), (one, 5, "Reader")];
    let expected = expected.map(|(id, count, name)| (json!(id), json!(count), json!(name)));
    assert_eq!(seen, expected.each_ref().map(|(id, count, name)| (id, count, name)));
    let (last, first) = (&entries[0], &entries[2]);
    let fitting = |filter: Value| -> Vec<Value> {
        self::entries(&auditor, &filter).into_iter().map(|entry| entry["id"].clone()).collect()
    };
    assert_eq!(fitting(json!({ "actorId": entries[1]["actor"]["id"] })), [entries[1]["id"].clone()]);
    assert_eq!(fitting(json!({ "actorId": "nobody" })), [Value::Null; 0]);
    assert_eq!(fitting(json!({ "outcome": "FORBIDDEN" })), [Value::Null; 0]);
    assert_eq!(fitting(json!({ "outcome": "NOT_FOUND" })).len(), 3);
    assert_eq!(fitting(json!({ "from": last["lastAt"] })), [last["id"].clone()]);
    assert_eq!(fitting(json!({ "to": entries[1]["firstAt"] })), [first["id"].clone()]);
    let page = "query($after: String) { accessLog(first: 1, after: $after) { nodes { id } pageInfo { endCursor hasNextPage } } }";
    let top = auditor.data(page, json!({}))["accessLog"].clone();
    let next = auditor.data(page, json!({ "after": top["pageInfo"]["endCursor"] }))["accessLog"].clone();
    assert_eq!([&top["nodes"][0]["id"], &next["nodes"][0]["id"]], [&last["id"], &entries[1]["id"]]);
}

fn a_stranger_leaves_nothing(backend: Backend) {
    let server = Server::start(backend);
    let (mut stranger, actor) = (server.stranger(), server.signed_in("reader"));
    let query = "query($id: ID!) { node(id: $id) { id } }";
    assert_eq!(stranger.ask(query, json!({ "id": absent("event", 1) })).error_code(), "UNAUTHENTICATED");
    let rename = json!({ "id": absent("intervention", 1), "expectedVersion": 1, "name": "x" });
    assert_eq!(stranger.refusal("updateIntervention", &rename).0, "UNAUTHENTICATED");
    stranger.token = Some("no token".to_owned());
    assert_eq!(stranger.ask(query, json!({ "id": absent("event", 1) })).status, 401);
    read(&actor, &absent("event", 2));
    written(&server.signed_in("auditor"), 1);
    assert_eq!(server.database().count("access_log_entry"), 1);
}

fn the_log_and_following_it_are_told_of_too(backend: Backend) {
    within_an_hour();
    let server = Server::start(backend);
    let (reader, evaluator) = (server.signed_in("reader"), server.signed_in("evaluator-bif"));
    let follow = "subscription($after: ID) { eventAppended(after: $after) { id } }";
    let unknown = absent("event", 1);
    EventStream::request(&reader, follow, &json!({}));
    EventStream::request(&evaluator, follow, &json!({ "after": unknown }));
    assert_eq!(reader.ask("{ checkpoint { size } }", json!({})).error_code(), "FORBIDDEN");
    let entries = written(&server.signed_in("auditor"), 3);
    let told: Vec<_> = entries.iter().map(|entry| (told(entry), entry["count"].clone())).collect();
    let expected = [
        (format!("- EVENT (EVENT {unknown}) NOT_FOUND"), json!(1)),
        ("- EVENT (-) FORBIDDEN".to_owned(), json!(2)),
    ];
    assert_eq!(told, expected);
}

fn auditors_read_in_scope_and_others_not(backend: Backend) {
    let server = Server::start(backend);
    let (all, own) = (server.signed_in("auditor"), server.signed_in("auditor-sof"));
    let (sof, bif) = (server.signed_in("evaluator-sof"), server.signed_in("evaluator-bif"));
    let snor = Snor::registered(&sof);
    let measurement = sof.recorded_share(&snor.absence, "BEFORE", 13, 43);
    for id in [&snor.id, &snor.absence, &measurement] {
        read(&bif, id);
    }
    let forbidden = |client: &Client, slug: &str| {
        let (id, version) = client.intervention(slug);
        let rename = json!({ "id": id, "expectedVersion": version, "name": "x" });
        assert_eq!(client.refusal("updateIntervention", &rename).0, "FORBIDDEN");
        id
    };
    // SOF takes part in the one, and not in the other.
    let (joint, foreign) = (forbidden(&bif, "ssp-plus"), forbidden(&sof, "green-teams"));
    read(&bif, &absent("virkningsevaluering", 1));
    let everything = written(&all, 6);
    let ids = |entries: &[Value]| -> Vec<String> {
        entries.iter().map(|entry| entry["named"]["id"].as_str().expect("an id").to_owned()).collect()
    };
    let seen = entries(&own, &json!({}));
    assert_eq!(ids(&seen), [joint, measurement, snor.absence.clone(), snor.id.clone()]);
    let unseen = everything.iter().find(|entry| entry["named"]["id"] == foreign).expect("an entry");
    for (client, entry, is_seen) in [(&own, &seen[0], true), (&own, unseen, false), (&sof, &seen[0], false)] {
        let found = client.data("query($id: ID!) { node(id: $id) { id } }", json!({ "id": entry["id"] }));
        assert_eq!(found["node"].is_object(), is_seen);
    }
    for user in
        ["admin", "coordinator", "reader", "evaluator-sof", "approver-sof", "evaluator", "approver", "nobody"]
    {
        assert_eq!(server.signed_in(user).ask(ENTRIES, json!({})).error_code(), "FORBIDDEN", "{user}");
    }
}
