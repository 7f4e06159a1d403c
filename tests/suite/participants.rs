//! What is known of single participants: who reads it, what the history keeps of it, and how it is erased.

use serde_json::{Value, json};

use crate::support::access_log::entries;
use crate::support::{Backend, Client, Server, code, fault, virkning, with};

on_both_databases!(
    readings_are_logged_with_their_purpose,
    who_does_not_work_with_them_reads_nothing,
    the_history_holds_neither_keys_nor_values,
    verify_finds_an_answer_that_was_changed,
    what_is_erased_is_gone_and_the_history_holds,
    one_participant_is_erased_alone,
    results_follow_from_what_is_stored,
);

const PSEUDONYM: &str = "SOF-7f3a";

/// An evaluation whose criterion has three pairs of answers, one by [`PSEUDONYM`].
fn observed(evaluator: &Client) -> (String, String) {
    let id = evaluator.plan("ny-start");
    let mean = json!({ "unit": "MEAN", "basis": "ABSOLUTE_CHANGE", "direction": "UP", "threshold": "1" });
    let criterion = evaluator.add_criterion(&id, mean);
    evaluator.states_processing(&id);
    evaluator.steps("register", &id);
    for (wave, values) in [("BEFORE", ["41.25", "3", "4"]), ("AFTER", ["43.75", "5", "9"])] {
        let answers = [PSEUDONYM, "SOF-0001", "SOF-0002"].into_iter().zip(values);
        let answers: Vec<_> =
            answers.map(|(participant, value)| (participant, json!({ "value": value }))).collect();
        assert_eq!(code(&evaluator.observe(&criterion, wave, &answers, json!({}))), "OK");
    }
    (id, criterion)
}

const READ: &str = "query($c: ID!, $p: String!) { observations(criterionId: $c, purpose: $p) { totalCount nodes { \
                    participant wave value excluded } } }";

fn readings_are_logged_with_their_purpose(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let auditor = server.signed_in("auditor");
    let (_, criterion) = observed(&evaluator);
    let purpose = "Kvalitetssikring af bølge 2";
    let variables = json!({ "c": criterion, "p": purpose });
    let read = evaluator.data(READ, variables.clone())["observations"].clone();
    assert_eq!(read["totalCount"], 6);
    assert_eq!(
        read["nodes"][0],
        json!({ "participant": PSEUDONYM, "wave": "BEFORE", "value": "41.25", "excluded": false })
    );
    auditor.data(READ, variables);
    let logged = entries(&auditor, &json!({ "outcome": "READ" }));
    assert_eq!(logged.len(), 2, "each reading is an entry: {logged:?}");
    let told = |entry: &Value| entry["outcome"] == "READ" && entry["named"]["id"] == criterion.as_str();
    assert!(logged.iter().all(told), "{logged:?}");
    let purposes = auditor.data(
        "{ accessLog(filter: { outcome: READ }) { nodes { purpose actor { name } count } } }",
        json!({}),
    );
    let nodes = purposes["accessLog"]["nodes"].as_array().expect("entries");
    assert!(nodes.iter().all(|entry| entry["purpose"] == purpose && entry["count"] == 1), "{purposes}");
    let without = evaluator.ask(READ, json!({ "c": criterion, "p": " " }));
    assert_eq!(without.error_code(), "BAD_USER_INPUT");
    assert_eq!(entries(&auditor, &json!({ "outcome": "READ" })).len(), 2, "what is refused is no reading");
}

fn who_does_not_work_with_them_reads_nothing(backend: Backend) {
    let server = Server::start(backend);
    let (_, criterion) = observed(&server.signed_in("evaluator-sof"));
    let variables = json!({ "c": criterion, "p": "Nysgerrighed" });
    for user in ["coordinator", "reader-sof"] {
        let answer = server.signed_in(user).ask(READ, variables.clone());
        assert_eq!(answer.error_code(), "FORBIDDEN", "{user}");
    }
    for user in ["evaluator-bif", "admin"] {
        let answer = server.signed_in(user).ask(READ, variables.clone());
        assert_eq!(answer.error_code(), "NOT_FOUND", "{user} does not see that it is there");
    }
    let auditor = server.signed_in("auditor");
    assert_eq!(entries(&auditor, &json!({ "outcome": "READ" })), Vec::<Value>::new());
}

/// All text that the history holds.
fn written(server: &Server) -> String {
    let database = server.database();
    let rows = database
        .query("SELECT body, openings FROM event JOIN event_detail ON event.id = event_detail.event_id");
    let text = |column: &str| {
        rows.iter()
            .map(|row| row.try_get::<String>("", column).expect("a text"))
            .collect::<Vec<_>>()
            .join("\n")
    };
    text("body") + &text("openings")
}

fn the_history_holds_neither_keys_nor_values(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let (id, criterion) = observed(&evaluator);
    let input = json!({ "criterionId": criterion, "participant": PSEUDONYM, "reason": "Flyttet" });
    assert_eq!(code(&evaluator.mutate("excludeParticipant", &input, "criterion { id }")), "OK");
    let written = written(&server);
    assert!(written.contains("observationBatches") && written.contains("participantExclusions"));
    for told in [PSEUDONYM, "SOF-0001", "41.25", "43.75"] {
        assert!(!written.contains(told), "{told} is in the history");
    }
    let history = evaluator.data(
        "query($id: ID!) { virkningsevaluering(id: $id) { history(first: 50) { nodes { changes { field after part { kind } } } } } }",
        json!({ "id": id }),
    );
    assert!(history.to_string().contains("OBSERVATION_BATCH") && !history.to_string().contains(PSEUDONYM));
}

fn verify_finds_an_answer_that_was_changed(backend: Backend) {
    for (change, told) in [
        (
            "UPDATE observation SET value = value + 1000000 WHERE value = 41250000",
            "that is not what was recorded",
        ),
        (
            "UPDATE observation SET participant = 'SOF-9999' WHERE participant = 'SOF-0001'",
            "that is not what was recorded",
        ),
        ("DELETE FROM observation WHERE participant = 'SOF-0002'", "observations is 2, by the history 3"),
        (
            "UPDATE observation SET until_version = 99 WHERE participant = 'SOF-0002'",
            "that no batch replaced",
        ),
        ("UPDATE participant_exclusion SET participant = 'SOF-0001'", "another one's"),
    ] {
        let server = Server::start(backend);
        let evaluator = server.signed_in("evaluator-sof");
        let (_, criterion) = observed(&evaluator);
        let input = json!({ "criterionId": criterion, "participant": PSEUDONYM, "reason": "Flyttet" });
        assert_eq!(code(&evaluator.mutate("excludeParticipant", &input, "criterion { id }")), "OK");
        let (_, database) = server.stop();
        let database = database.expect("its database");
        let ran = virkning(&database.url, &["verify"]);
        assert!(ran.status.success(), "{}{}", ran.stdout, ran.stderr);
        database.execute(change).unwrap_or_else(|error| panic!("{error} in {change}"));
        let ran = virkning(&database.url, &["verify"]);
        assert!(!ran.status.success() && ran.stdout.contains(told), "{change}: {}{}", ran.stdout, ran.stderr);
    }
}

const ERASED: &str = "virkningsevaluering { version criteria { baseline { mean n } result { difference } } }";

fn what_is_erased_is_gone_and_the_history_holds(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let (id, criterion) = observed(&evaluator);
    let selection = "criteria { baseline { mean n } result { difference } }";
    let before = evaluator.evaluation(&id, selection);
    let key = json!({ "idempotencyKey": "k" });
    let follow_up = [(PSEUDONYM, json!({ "value": "44.44" }))];
    assert_eq!(code(&evaluator.observe(&criterion, "FOLLOW_UP", &follow_up, key)), "OK");
    let input = json!({
        "virkningsevalueringId": id, "expectedVersion": evaluator.version(&id), "reason": "Slettedatoen er nået",
    });
    let unexplained =
        evaluator.mutate("eraseObservations", &with(input.clone(), json!({ "expectedVersion": 1 })), ERASED);
    assert_eq!(code(&unexplained), "STALE");
    let erased = evaluator.mutate("eraseObservations", &input, ERASED);
    assert_eq!(erased["virkningsevaluering"]["criteria"], before["criteria"], "what was computed stands");
    let left = "SELECT count(*) AS n FROM observation WHERE participant IS NOT NULL OR value IS NOT NULL OR salt IS NOT NULL";
    let left: i64 = server.database().query(left)[0].try_get("", "n").expect("a count");
    assert_eq!(left, 0);
    assert_eq!(server.database().count("idempotency"), 0, "nor a hash of what was sent");
    let read = evaluator.data(READ, json!({ "c": criterion, "p": "Se efter" }));
    assert_eq!(read["observations"]["totalCount"], 0);
    let again = json!({ "expectedVersion": evaluator.version(&id) });
    let again = evaluator.mutate("eraseObservations", &with(input, again), ERASED);
    assert_eq!(fault(&again), ("NOTHING_TO_ERASE", &json!(["participant"])));
    let recomputed = recomputed(&evaluator, &id);
    assert_eq!(recomputed["agrees"], true, "{recomputed}");
    assert_eq!(recomputed["results"][0]["erased"], true);
    let (_, database) = server.stop();
    let database = database.expect("its database");
    let ran = virkning(&database.url, &["verify"]);
    assert!(ran.status.success(), "{}{}", ran.stdout, ran.stderr);
}

fn one_participant_is_erased_alone(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let (id, criterion) = observed(&evaluator);
    let input = json!({
        "virkningsevalueringId": id, "expectedVersion": evaluator.version(&id), "participant": PSEUDONYM,
        "reason": "Deltageren har bedt om det",
    });
    assert_eq!(code(&evaluator.mutate("eraseObservations", &input, ERASED)), "OK");
    let read = evaluator.data(READ, json!({ "c": criterion, "p": "Se efter" }))["observations"].clone();
    assert_eq!(read["totalCount"], 4);
    assert!(!read.to_string().contains(PSEUDONYM));
    assert_eq!(
        evaluator.criterion(&criterion, "baseline { n }")["baseline"]["n"],
        3,
        "the measurement stands"
    );
    let more = [("SOF-0003", json!({ "value": "5" }))];
    let recorded = evaluator.observe(&criterion, "BEFORE", &more, json!({}));
    assert_eq!(recorded["measurement"]["n"], 3, "what follows is computed without the erased");
    let paired = evaluator.criterion(&criterion, "result { participation { paired } }");
    assert_eq!(paired["result"]["participation"]["paired"], 2);
}

fn recomputed(client: &Client, id: &str) -> Value {
    let query = "query($id: ID!) { recompute(virkningsevalueringId: $id) { agrees methodVersion results { agrees erased wave \
                 differences { field stored computed } } } }";
    client.data(query, json!({ "id": id }))["recompute"].clone()
}

fn results_follow_from_what_is_stored(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let (id, _) = observed(&evaluator);
    let recomputed_now = recomputed(&evaluator, &id);
    assert_eq!(
        recomputed_now,
        json!({
            "agrees": true, "methodVersion": 2,
            "results": [{ "agrees": true, "erased": false, "wave": "AFTER", "differences": [] }],
        })
    );
    for (change, field, stored, computed) in [
        (
            "UPDATE criterion_result SET interval_low = 42000000 WHERE until_version IS NULL",
            "intervalLow",
            "42",
            "-0.826026",
        ),
        (
            "UPDATE criterion_result SET verdict = 'ACHIEVED' WHERE until_version IS NULL",
            "verdict",
            "ACHIEVED",
            "INCONCLUSIVE",
        ),
    ] {
        server.database().execute(change).expect(change);
        let recomputed = recomputed(&evaluator, &id);
        assert_eq!(recomputed["agrees"], false);
        let differences = recomputed["results"][0]["differences"].as_array().expect("differences").clone();
        let found = differences.iter().find(|difference| difference["field"] == field);
        let found = found.unwrap_or_else(|| panic!("{field} in {differences:?}"));
        assert_eq!((&found["stored"], &found["computed"]), (&json!(stored), &json!(computed)));
    }
    let query = "query($id: ID!) { recompute(virkningsevalueringId: $id) { agrees } }";
    let coordinator = server.signed_in("coordinator").ask(query, json!({ "id": id }));
    assert_eq!(coordinator.error_code(), "FORBIDDEN");
    let elsewhere = server.signed_in("evaluator-bif").data(query, json!({ "id": id }));
    assert_eq!(elsewhere["recompute"], Value::Null);
}
