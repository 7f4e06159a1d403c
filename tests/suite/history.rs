//! The history's bytes, and that the database itself keeps them.

use data_encoding::HEXLOWER;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::support::{Backend, Client, Database, Server, Snor, Theory};

on_both_databases!(
    every_event_hashes_to_its_leaf_and_opens_its_commitments,
    the_database_refuses_to_change_the_past,
    the_database_keeps_its_rules_by_itself,
    the_database_keeps_the_rules_of_evaluations_by_itself,
    each_subject_counts_its_events_from_one,
);

/// Body, leaf and openings of all events.
fn events(database: &Database) -> Vec<(String, Vec<u8>, Value)> {
    let rows = database.query(
        "SELECT body, leaf, openings FROM event JOIN event_detail ON event_detail.event_id = event.id ORDER BY event.id",
    );
    let openings = |text: String| serde_json::from_str(&text).expect("JSON in the openings");
    rows.into_iter()
        .map(|row| {
            let text = |name: &str| row.try_get::<String>("", name).expect(name);
            (text("body"), row.try_get("", "leaf").expect("a leaf"), openings(text("openings")))
        })
        .collect()
}

/// The canonical form of the values that events hold: sorted members, no space, no number but small integers.
pub fn canonical(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(",")),
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by(|(one, _), (other, _)| one.encode_utf16().cmp(other.encode_utf16()));
            let members =
                members.into_iter().map(|(name, value)| format!("{}:{}", json!(name), canonical(value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(","))
        }
        scalar => scalar.to_string(),
    }
}

fn every_event_hashes_to_its_leaf_and_opens_its_commitments(backend: Backend) {
    let server = Server::start(backend);
    let coordinator = server.signed_in("coordinator");
    Snor::measured(&server.signed_in("evaluator-sof"));
    let (id, version) = coordinator.intervention("ludo");
    let input = json!({ "id": id, "expectedVersion": version, "name": "Ludo æøå \"x\"", "reason": "Navnet var forkert" });
    coordinator.mutate("updateIntervention", &input, "intervention { id }");
    let events = events(server.database());
    assert!(events.len() > 400, "the import left an event for each row");
    for (body, leaf, openings) in &events {
        let parsed: Value = serde_json::from_str(body).expect("JSON in the body");
        assert_eq!(canonical(&parsed), *body, "the body is canonical");
        let hash = Sha256::new().chain_update([0]).chain_update(body).finalize();
        assert_eq!(hash.as_slice(), leaf, "the leaf is the hash of the body");
        let mut commitments = vec![
            ("actor.name".to_owned(), &parsed["actor"]["name"]),
            ("reason".to_owned(), &parsed["reason"]),
        ];
        for change in parsed["changes"].as_array().expect("changes") {
            for side in ["before", "after"] {
                let field = change["field"].as_str().expect("a field");
                commitments.push((format!("changes.{field}.{side}"), &change[side]));
            }
        }
        let committed: Vec<_> =
            commitments.into_iter().filter(|(_, commitment)| !commitment.is_null()).collect();
        assert_eq!(openings.as_object().map(serde_json::Map::len), Some(committed.len()));
        for (place, commitment) in committed {
            let opening = &openings[&place];
            let salt =
                HEXLOWER.decode(opening["salt"].as_str().expect("a salt").as_bytes()).expect("hexadecimal");
            assert_eq!(salt.len(), 16);
            let hash = Sha256::new().chain_update(salt).chain_update(canonical(&opening["value"])).finalize();
            assert_eq!(*commitment, HEXLOWER.encode(&hash), "{place}");
        }
    }
    let (body, _, openings) = events.last().expect("an event");
    assert!(
        !body.contains("Navnet var forkert") && !body.contains("Coordinator"),
        "what can be erased is not in the body"
    );
    assert_eq!(openings["reason"]["value"], "Navnet var forkert");
    assert_eq!(openings["changes.name.after"]["value"], "Ludo æøå \"x\"");
}

fn the_database_refuses_to_change_the_past(backend: Backend) {
    let database = Database::register(backend);
    let before = (database.count("event"), database.count("event_detail"));
    for statement in [
        "UPDATE event SET action = 'UPDATE'",
        "UPDATE event SET body = body",
        "DELETE FROM event",
        "DELETE FROM event_detail",
        "UPDATE event_detail SET event_id = event_id",
        "UPDATE log_entry SET leaf = leaf",
        "DELETE FROM log_entry",
    ] {
        assert!(database.execute(statement).is_err(), "{statement}");
    }
    if backend == Backend::Postgres {
        assert!(database.execute("TRUNCATE event CASCADE").is_err());
        assert!(database.execute("TRUNCATE log_entry").is_err());
    }
    assert_eq!((database.count("event"), database.count("event_detail")), before);
    // A value may be erased by law: the event stays, and so does its hash.
    database.execute("UPDATE event_detail SET openings = '{}'").expect("erasing");
}

fn the_database_keeps_its_rules_by_itself(backend: Backend) {
    let database = Database::register(backend);
    for statement in [
        "UPDATE intervention SET slug = 'ludo' WHERE slug = 'ssp-plus'",
        "UPDATE intervention SET name = ''",
        "UPDATE intervention SET since = 20230",
        "UPDATE intervention SET parent_id = id",
        "DELETE FROM forvaltning",
        "DELETE FROM intervention",
        "UPDATE funding SET amount_dkk = -1",
        "UPDATE funding SET absence = 'NOT_YET' WHERE amount_dkk IS NOT NULL",
        "UPDATE funding SET permanence = 'EXPIRES', expires = NULL",
        "UPDATE figure SET kind = 'GIFT'",
        "UPDATE figure SET value = NULL WHERE absence IS NULL",
        "UPDATE figure SET period_to = NULL WHERE period_from IS NOT NULL",
        "UPDATE role_grant SET role = 'KING'",
        "UPDATE intervention_year SET status = 'DONE'",
        "UPDATE intervention_year SET year = 1999",
        "UPDATE account SET email_key = 'same'",
        "UPDATE target_group SET age_from = 90000000, age_to = 10000000",
    ] {
        assert!(database.execute(statement).is_err(), "{statement}");
    }
}

/// Changes by hand that no row of an evaluation can take, by table.
const BROKEN: [(&str, &[&str]); 17] = [
    (
        "virkningsevaluering",
        &[
            "slug = 'same'",
            "slug = ''",
            "registered_at = NULL",
            "published_version = version + 1",
            "registered_version = version + 1",
        ],
    ),
    (
        "virkningsevaluering_state",
        &["title = ''", "status = 'DONE'", "revision = 0", "period_end = '2000-01-01'"],
    ),
    ("transition", &["from_status = 'DONE'", "to_status = 'DONE'"]),
    ("success_criterion", &["number = 0", "number = 1"]),
    (
        "success_criterion_version",
        &[
            "dimension = ''",
            "indicator = ''",
            "direction = 'ACROSS'",
            "basis = 'FEELING'",
            "threshold = -1",
            "unit = 'SMILE'",
            "pairing = 'TWINS'",
        ],
    ),
    (
        "measurement",
        &[
            "numerator = denominator + 1",
            "numerator = -1",
            "numerator = NULL",
            "denominator = NULL",
            "absence = 'NOT_YET'",
            "absence_reason = 'x'",
            "kind = NULL",
            "kind = 'MEAN'",
            "kind = 'GUESS'",
            "mean = 1",
            "sd = 1",
            "n = 1",
            "count = 1",
            "exposure = 1",
            "categories = '[]'",
            "wave = 'LATER'",
            "period_end = '2000-01-01'",
            "months_from = 1",
            "months_anchor = 'END', months_from = 3, months_to = 1",
            "group_kind = 'SUBGROUP'",
            "group_name = 'x'",
            "comparability = 'MATCHED'",
            "group_kind = 'COMPARISON', group_name = 'x'",
            "correction = 'OTHER'",
        ],
    ),
    ("paired_table", &["n11 = -1", "n00 = -1"]),
    (
        "criterion_result",
        &["verdict = 'NOT_ASSESSABLE'", "attainment = 'GREEN'", "change = 'BETTER'", "group_name = 'x'"],
    ),
    ("criterion_claim", &["text = ''", "printed = ''"]),
    ("learning", &["audience = 'ALL'", "text = ''"]),
    ("theory_element", &["number = 0", "number = 1", "kind = 'DREAM'"]),
    ("theory_element_version", &["text = ''"]),
    ("theory_link", &["from_id = to_id"]),
    ("theory_amendment", &["reason = ''"]),
    (
        "qualitative_evidence",
        &["method = 'HEARSAY'", "finding = 'PROVES'", "text = ''", "period_start = '2000-01-01'"],
    ),
    ("rival_explanation", &["text = ''", "assessment = 'SURE'", "assessment = 'LIKELY', grounds = NULL"]),
    ("evaluation_round", &["year = 1", "theme = ''"]),
];

/// A theory in which something has ended of each kind of row that can, and stands again.
fn changed_theory(evaluator: &Client, snor: &Snor) {
    let theory = Theory::of(evaluator, snor);
    evaluator.add_evidence(&theory.activity, "SUPPORTS", "Samtalerne er holdt");
    let rival = evaluator.add_rival(&snor.id, "En ny skoleleder");
    let apart = json!({ "fromId": theory.input, "toId": theory.activity, "reason": "x" });
    for (mutation, input) in [
        ("updateTheoryElement", json!({ "id": theory.output, "text": "x", "reason": "x" })),
        ("unlinkTheoryElements", apart),
        (
            "attachSuccessCriterion",
            json!({ "criterionId": snor.absence, "elementId": theory.crime, "reason": "x" }),
        ),
        ("assessRivalExplanation", json!({ "id": rival, "assessment": "LIKELY", "grounds": "x" })),
    ] {
        assert_eq!(evaluator.change(mutation, &snor.id, input)["userErrors"], json!([]), "{mutation}");
    }
    assert_eq!(evaluator.link(&theory.input, &theory.activity)["userErrors"], json!([]));
}

fn the_database_keeps_the_rules_of_evaluations_by_itself(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let snor = Snor::measured(&evaluator);
    evaluator.plan("den-korte-snor");
    let wrong = evaluator.criterion(&snor.absence, "baseline { id }")["baseline"]["id"].clone();
    let version = evaluator.version(&snor.id);
    let round = json!({ "year": 2023, "theme": "Trivsel" });
    server.signed_in("coordinator").mutate("createEvaluationRound", &round, "evaluationRound { id }");
    for (mutation, input) in [
        (
            "amendSuccessCriterion",
            json!({ "id": snor.absence, "expectedVersion": version, "threshold": "0.4", "reason": "x" }),
        ),
        ("correctMeasurement", json!({ "id": wrong, "correction": "OTHER", "reason": "x", "note": "x" })),
        (
            "recordPairedTable",
            json!({ "criterionId": snor.absence, "n11": 5, "n10": 8, "n01": 0, "n00": 30 }),
        ),
        (
            "addClaim",
            json!({ "criterionId": snor.absence, "text": "x", "printed": "1", "measure": "RELATIVE_CHANGE" }),
        ),
        ("addLearning", json!({ "virkningsevalueringId": snor.id, "audience": "MANAGEMENT", "text": "x" })),
    ] {
        assert_eq!(evaluator.mutate(mutation, &input, "__typename")["userErrors"], json!([]), "{mutation}");
    }
    changed_theory(&evaluator, &snor);
    let mut refused: Vec<String> = Vec::new();
    // Of what has ended, something else stands in its place.
    for table in [
        "virkningsevaluering_state",
        "success_criterion_version",
        "measurement",
        "criterion_result",
        "theory_element_version",
        "theory_link",
        "element_criterion",
        "rival_explanation",
    ] {
        refused.push(format!("UPDATE {table} SET until_version = NULL WHERE until_version IS NOT NULL"));
    }
    for (table, changes) in BROKEN {
        refused.extend(changes.iter().map(|change| format!("UPDATE {table} SET {change}")));
    }
    for table in ["virkningsevaluering", "success_criterion", "measurement"] {
        refused.push(format!("DELETE FROM {table}"));
    }
    for statement in refused {
        assert!(server.database().execute(&statement).is_err(), "{statement}");
    }
}

fn each_subject_counts_its_events_from_one(backend: Backend) {
    let server = Server::start(backend);
    let round = json!({ "year": 2023, "theme": "Trivsel" });
    server.signed_in("coordinator").mutate("createEvaluationRound", &round, "evaluationRound { id }");
    Snor::published(&server);
    let database = server.database();
    let gaps = database.query(
        "SELECT subject_id FROM event GROUP BY subject_id HAVING MIN(sequence) <> 1 OR MAX(sequence) <> COUNT(*)",
    );
    assert!(gaps.is_empty());
    // Every row of the register has the version that its history has events.
    for table in [
        "intervention",
        "intervention_year",
        "funding",
        "figure",
        "claim",
        "district",
        "account",
        "role_grant",
        "evaluation_round",
        "virkningsevaluering",
    ] {
        let wrong = database.query(&format!(
            "SELECT id FROM {table} WHERE version <> (SELECT COUNT(*) FROM event WHERE event.subject_id = {table}.id)"
        ));
        assert!(wrong.is_empty(), "{table}");
    }
}
