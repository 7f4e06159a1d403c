//! Tampering: whatever a hand at the database changes, `verify` names it; what needs a checkpoint that was kept outside to be
//! seen is told by that.

mod cut;
mod erased;
mod events;
mod forger;
mod kept;
mod only_new;
mod recomputed;
mod rows;
mod scene;
mod signatures;
mod unreadable;
mod values;

use std::path::Path;

use sea_orm::prelude::Uuid;

use crate::support::{Backend, Database, Ran, virkning};

/// Changes a database past its foreign keys; its triggers are gone already.
fn by_hand(database: &Database, sql: &str) {
    let unchecked = match database.backend() {
        Backend::Sqlite => "PRAGMA foreign_keys = OFF",
        Backend::Postgres => "SET session_replication_role = replica",
    };
    database.execute(&format!("{unchecked}; {sql}")).unwrap_or_else(|error| panic!("{error} in {sql}"));
}

/// Verifies with these checkpoints.
fn verify(database: &Database, checkpoints: &[&Path], options: &[&str]) -> Ran {
    let paths: Vec<_> = checkpoints.iter().map(|path| path.to_string_lossy().into_owned()).collect();
    let mut arguments = vec!["verify"];
    for path in &paths {
        arguments.extend(["--checkpoint", path]);
    }
    arguments.extend(options);
    virkning(&database.url, &arguments)
}

/// The first record that a run names. That it names one and fails is the test's to see.
fn first(ran: &Ran) -> &str {
    assert!(
        !ran.status.success() && ran.stderr.contains("The history does not hold: "),
        "{}{}",
        ran.stdout,
        ran.stderr
    );
    let line = ran.stdout.lines().find_map(|line| line.strip_prefix("First record that does not agree: "));
    line.unwrap_or_else(|| panic!("a first record in {}", ran.stdout))
}

/// Verifies without and with a checkpoint: both name the same record first, and say all this of it.
fn names(database: &Database, checkpoint: &Path, what: &str, told: &[&str]) {
    for checkpoints in [&[][..], &[checkpoint]] {
        let ran = verify(database, checkpoints, &[]);
        let line = first(&ran);
        for told in told {
            assert!(line.contains(told), "{what}\n  should tell {told}\n  in {line}\n{}", ran.stdout);
        }
    }
}

/// How an id stands in SQL.
fn literal(backend: Backend, id: Uuid) -> String {
    match backend {
        Backend::Sqlite => format!("x'{}'", id.simple()),
        Backend::Postgres => format!("'{id}'::uuid"),
    }
}

/// How bytes stand in SQL.
fn bytes(backend: Backend, bytes: &[u8]) -> String {
    let hexadecimal = data_encoding::HEXLOWER.encode(bytes);
    match backend {
        Backend::Sqlite => format!("x'{hexadecimal}'"),
        Backend::Postgres => format!("'\\x{hexadecimal}'::bytea"),
    }
}

/// How a text stands in SQL.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The log's index of the event that is a subject's `sequence`.
fn index(database: &Database, subject: Uuid, sequence: i64) -> i64 {
    let subject = literal(database.backend(), subject);
    let rows = database.query(&format!(
        "SELECT \"index\" FROM log_entry JOIN event ON event.id = event_id \
         WHERE subject_id = {subject} AND sequence = {sequence}"
    ));
    rows[0].try_get("", "index").expect("an index")
}
