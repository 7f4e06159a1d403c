//! A query that takes too long: its statement ends with it, and leaves nothing behind.

use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{Answer, Backend, Client, Database, Server, until_noticed};

on_both_databases!(
    a_statement_that_would_run_for_ever_ends_with_its_request,
    a_write_does_not_wait_for_a_lock_beyond_the_limit,
);

const LIMIT: Duration = Duration::from_secs(2);
/// What a machine that does other things may take to say that the time is over.
const SLACK: Duration = Duration::from_secs(3);
/// As many as there are connections to read with.
const CONNECTIONS: usize = 10;

/// Makes of the table of districts something that no statement comes to the end of.
const ENDLESS: [&str; 2] = [
    "ALTER TABLE district RENAME TO district_rows",
    "CREATE VIEW district AS SELECT * FROM district_rows WHERE EXISTS ( \
     WITH RECURSIVE endless(number) AS (SELECT 1 UNION ALL SELECT number % 7 + 1 FROM endless) \
     SELECT 1 FROM endless WHERE number > 9)",
];

const AS_BEFORE: [&str; 2] = ["DROP VIEW district", "ALTER TABLE district_rows RENAME TO district"];

fn impatient(backend: Backend) -> Server {
    Server::serve(Database::register(backend), &["--limit-query-seconds", &LIMIT.as_secs().to_string()])
}

fn codes(answer: &Answer) -> Vec<Value> {
    let json = answer.json();
    let errors = json["errors"].as_array().unwrap_or_else(|| panic!("errors in {}", answer.body));
    errors.iter().map(|error| error["extensions"]["code"].clone()).collect()
}

/// Asks for something that cannot be had in time; how long that took.
fn out_of_time(client: &Client, query: &str) -> Duration {
    let began = Instant::now();
    let answer = client.ask(query, json!({}));
    let took = began.elapsed();
    assert!(codes(&answer).iter().all(|code| code == "TIMEOUT"), "{}", answer.body);
    for inside in ["statement", "SELECT", "interrupt", "cancel", "sqlite", "postgres"] {
        assert!(!answer.body.contains(inside), "{inside} in {}", answer.body);
    }
    assert!(took < LIMIT + SLACK, "{took:?}");
    took
}

/// Whether the database, or the server that embeds it, does nothing any more.
fn is_at_rest(server: &Server) -> bool {
    let database = server.database();
    match database.backend() {
        Backend::Postgres => {
            let active = "SELECT COUNT(*) AS count FROM pg_stat_activity WHERE datname = current_database() \
                          AND application_name = 'virkning' AND state <> 'idle'";
            let count: i64 = database.query(active)[0].try_get("", "count").expect("a count");
            count == 0
        }
        Backend::Sqlite => {
            let (before, second) = (server.ticks(), Duration::from_secs(1));
            thread::sleep(second);
            // Of a hundred. A statement that goes on computes all the time that the machine gives it.
            server.ticks() - before < 10
        }
    }
}

fn a_statement_that_would_run_for_ever_ends_with_its_request(backend: Backend) {
    let server = impatient(backend);
    let reader = server.signed_in("reader");
    reader.data("{ districts { name } }", json!({}));
    for statement in ENDLESS {
        server.database().execute(statement).expect("endless districts");
    }
    assert!(out_of_time(&reader, "{ districts { name } }") > LIMIT / 4);
    assert!(is_at_rest(&server), "the statement is over");
    // Parts that are read side by side fall together, and whoever takes all connections gives them back.
    thread::scope(|scope| {
        for _ in 0..CONNECTIONS {
            scope.spawn(|| {
                out_of_time(
                    &reader,
                    "{ a: districts { name } b: districts { id } viewer { name } c: districts { name } }",
                )
            });
        }
    });
    assert!(is_at_rest(&server), "all statements are over");
    for statement in AS_BEFORE {
        server.database().execute(statement).expect("districts as before");
    }
    thread::scope(|scope| {
        for _ in 0..2 * CONNECTIONS {
            scope.spawn(|| {
                reader.data("{ viewer { name } interventions(first: 3) { nodes { name } } }", json!({}))
            });
        }
    });
    let coordinator = server.signed_in("coordinator");
    let payload = coordinator.mutate("openReportingYear", &json!({ "year": 2024 }), "reportingYear { year }");
    assert_eq!(payload["reportingYear"]["year"], 2024);
}

fn a_write_does_not_wait_for_a_lock_beyond_the_limit(backend: Backend) {
    let server = impatient(backend);
    let (coordinator, auditor) = (server.signed_in("coordinator"), server.signed_in("auditor"));
    let before = auditor.events();
    let (lock, code) = match backend {
        // Of SQLite's one lock it is known only that someone has it.
        Backend::Sqlite => ("BEGIN IMMEDIATE", "UNAVAILABLE"),
        Backend::Postgres => ("BEGIN; LOCK TABLE reporting_year IN SHARE MODE", "TIMEOUT"),
    };
    let held = server.database().hold(lock);
    let began = Instant::now();
    let refused = coordinator.try_mutate("openReportingYear", &json!({ "year": 2024 }), "__typename");
    assert!(began.elapsed() < LIMIT + SLACK, "{:?}", began.elapsed());
    assert_eq!(codes(&refused), [code], "{}", refused.body);
    // Who reads does not wait for it.
    assert_eq!(auditor.events(), before);
    drop(held);
    let payload = coordinator.mutate("openReportingYear", &json!({ "year": 2024 }), "reportingYear { year }");
    assert_eq!(payload["reportingYear"]["year"], 2024, "what was refused had not happened");
    assert_eq!(auditor.events(), before + 1);
}

/// PostgreSQL lets a statement that only reads wait for a lock, too.
#[test]
fn a_reading_that_waits_for_a_lock_ends_with_its_request() {
    let server = impatient(Backend::Postgres);
    let reader = server.signed_in("reader");
    let held = server.database().hold("BEGIN; LOCK TABLE intervention IN ACCESS EXCLUSIVE MODE");
    out_of_time(&reader, "{ interventions(first: 3) { nodes { name } } }");
    assert!(is_at_rest(&server), "nobody waits for the lock any more");
    drop(held);
    reader.data("{ interventions(first: 3) { nodes { name } } }", json!({}));
    // That of who asks, as well, once it is no longer remembered.
    until_noticed();
    let held = server.database().hold("BEGIN; LOCK TABLE session IN ACCESS EXCLUSIVE MODE");
    let answer = reader.ask("{ viewer { name } }", json!({}));
    assert_eq!((answer.status, codes(&answer)), (503, vec![json!("TIMEOUT")]));
    drop(held);
    reader.data("{ viewer { name } }", json!({}));
}
