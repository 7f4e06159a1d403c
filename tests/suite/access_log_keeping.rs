//! How the access log is kept: small, for a time, and past a stop.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::access_log::{absent, entries, read, refusals, told, written};
use crate::support::{Backend, Client, Database, Server, register_folder, virkning};

/// Longer than the deletion ever takes to begin.
const PATIENCE: Duration = Duration::from_mins(1);

on_both_databases!(
    a_flood_stays_small_and_holds_nobody_up,
    what_is_too_old_is_deleted,
    what_cannot_be_written_waits,
    what_waits_is_written_when_the_server_stops,
    a_command_that_is_refused_leaves_an_entry,
);

/// Names so many things that are not there, thirty in a request.
fn flood(client: &Client, numbers: std::ops::Range<u32>) {
    let numbers: Vec<u32> = numbers.collect();
    for part in numbers.chunks(30) {
        let nodes = part
            .iter()
            .map(|number| format!("n{number}: node(id: \"{}\") {{ id }} ", absent("event", *number)));
        client.data(&format!("{{ {} }}", nodes.collect::<String>()), json!({}));
    }
}

/// How many rows there are at most of one actor and hour.
fn most_rows(database: &Database) -> i64 {
    let rows = database.query("SELECT COUNT(*) AS rows FROM access_log_entry GROUP BY actor_id, first_at / 3600000000 ORDER BY 1 DESC");
    rows[0].try_get("", "rows").expect("a count")
}

fn a_flood_stays_small_and_holds_nobody_up(backend: Backend) {
    let server = Server::start(backend);
    let (actor, other) = (server.signed_in("reader"), server.signed_in("evaluator-sof"));
    let (begun, over) = (AtomicBool::new(false), AtomicBool::new(false));
    let answered = thread::scope(|scope| {
        scope.spawn(|| {
            flood(&actor, 0..100);
            begun.store(true, Ordering::SeqCst);
            flood(&actor, 100..2_000);
            over.store(true, Ordering::SeqCst);
        });
        let mut answered = 0;
        while !over.load(Ordering::SeqCst) {
            let round = other.intervention("den-korte-snor");
            assert!(!round.0.is_empty());
            answered += u32::from(begun.load(Ordering::SeqCst) && !over.load(Ordering::SeqCst));
        }
        answered
    });
    assert!(answered > 0, "another is answered while the flood goes on");
    written(&server.signed_in("auditor"), 2_000);
    assert!(most_rows(server.database()) <= 101);
    // A restart forgets nothing of it.
    let (status, database) = server.stop();
    assert!(status.success());
    let server = Server::serve(database.expect("a database"), &[]);
    flood(&server.signed_in("reader"), 2_000..2_200);
    let entries = written(&server.signed_in("auditor"), 2_200);
    assert!(most_rows(server.database()) <= 101);
    let rest: Vec<_> = entries.iter().filter(|entry| entry["outcome"] == "OVERFLOW").collect();
    assert!(rest.iter().all(|entry| told(entry) == "- - (-) OVERFLOW"), "{rest:?}");
    let told_apart = i64::try_from(entries.len() - rest.len()).expect("a count");
    assert_eq!(refusals(&entries), 2_200, "{told_apart} told apart, and the rest counted");
    assert!(!rest.is_empty());
}

fn what_is_too_old_is_deleted(backend: Backend) {
    let server = Server::start(backend);
    let auditor = server.signed_in("auditor");
    // More than one statement deletes.
    for user in ["reader", "coordinator", "evaluator-sof", "evaluator-bif", "approver-sof", "approver-bif"] {
        flood(&server.signed_in(user), 0..100);
    }
    read(&auditor, &absent("event", 1));
    written(&auditor, 601);
    let (_, database) = server.stop();
    let database = database.expect("a database");
    let viewer = "(SELECT id FROM account WHERE email = 'auditor@example.dk')";
    let day = 24 * 60 * 60 * 1_000_000_i64;
    database
        .execute(&format!(
            "UPDATE access_log_entry SET first_at = first_at - {day}, last_at = last_at - {day} WHERE actor_id <> {viewer}"
        ))
        .expect("an older entry");
    let server = Server::serve(database, &["--access-log-days", "1"]);
    let started = Instant::now();
    while server.database().count("access_log_entry") > 1 {
        assert!(started.elapsed() < PATIENCE, "old entries are not deleted");
        thread::sleep(Duration::from_millis(50));
    }
    let kept = entries(&server.signed_in("auditor"), &json!({}));
    assert_eq!(kept.len(), 1, "what is not too old stays");
    let refused = virkning(&server.database().url, &["serve", "--access-log-days", "0"]);
    assert!(!refused.status.success());
}

fn what_cannot_be_written_waits(backend: Backend) {
    let server = Server::start(backend);
    let (auditor, actor) = (server.signed_in("auditor"), server.signed_in("reader"));
    let rename = |from: &str, to: &str| {
        server.database().execute(&format!("ALTER TABLE {from} RENAME TO {to}")).expect("a renamed table");
    };
    rename("access_log_entry", "out_of_reach");
    flood(&actor, 0..150);
    let started = Instant::now();
    while !server.log().iter().any(|line| line["message"] == "upkeep: trying again") {
        assert!(started.elapsed() < PATIENCE, "nothing is tried");
        thread::sleep(Duration::from_millis(50));
    }
    flood(&actor, 0..150);
    rename("out_of_reach", "access_log_entry");
    written(&auditor, 300);
    assert!(most_rows(server.database()) <= 101);
}

fn what_waits_is_written_when_the_server_stops(backend: Backend) {
    let server = Server::start(backend);
    let actor = server.signed_in("reader");
    for number in 0..20 {
        read(&actor, &absent("event", number));
    }
    let (status, database) = server.stop();
    assert!(status.success());
    assert_eq!(database.expect("a database").count("access_log_entry"), 20);
}

fn a_command_that_is_refused_leaves_an_entry(backend: Backend) {
    let database = Database::register(backend);
    let folder = tempfile::TempDir::new().expect("a temporary folder");
    let folder = folder.path().to_string_lossy().into_owned();
    let grant = ["account", "grant", "nobody@example.dk", "READER", "--as", "nobody@example.dk"];
    let import = ["import", register_folder(), "--as", "reader@example.dk"];
    for arguments in [&grant[..], &import, &["export", &folder, "--as", "admin@example.dk"]] {
        assert!(!virkning(&database.url, arguments).status.success(), "{arguments:?}");
    }
    let server = Server::serve(database, &[]);
    let entries = entries(&server.signed_in("auditor"), &json!({}));
    let told: Vec<_> = entries
        .iter()
        .map(|entry| told(entry).replace(entry["actor"]["id"].as_str().expect("an id"), "own"))
        .collect();
    let expected = [
        "- INTERVENTION (-) FORBIDDEN",
        "IMPORT FORVALTNING (-) FORBIDDEN",
        "GRANT ROLE_GRANT (ACCOUNT own) FORBIDDEN",
    ];
    assert_eq!(told, expected);
}
