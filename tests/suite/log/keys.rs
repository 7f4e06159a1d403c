//! The key of the checkpoints, and the server that signs with it as the history grows.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::json;
use tempfile::TempDir;

use super::entries;
use crate::support::{Backend, Database, Server, virkning};

on_both_databases!(the_server_signs_as_the_history_grows, a_server_that_stops_signs_everything,);

/// The size that a checkpoint tells.
fn size(note: &str) -> i64 {
    note.lines().nth(1).and_then(|size| size.parse().ok()).unwrap_or_else(|| panic!("a size in {note}"))
}

fn last_kept(database: &Database) -> i64 {
    database.query("SELECT max(size) AS size FROM log_checkpoint")[0].try_get("", "size").expect("a size")
}

fn the_server_signs_as_the_history_grows(backend: Backend) {
    let folder = TempDir::new().expect("a temporary folder");
    let file = folder.path().join("checkpoint");
    let path = file.to_string_lossy().into_owned();
    let options = ["--checkpoint-seconds", "1", "--checkpoint-file", &path];
    let server = Server::serve(Database::register(backend), &options);
    let coordinator = server.signed_in("coordinator");
    let before = last_kept(server.database());
    let round = json!({ "year": 2024, "theme": "Trivsel" });
    coordinator.mutate("createEvaluationRound", &round, "evaluationRound { id }");
    let expected = entries(server.database());
    let started = Instant::now();
    while fs::read_to_string(&file).map_or(0, |note| size(&note)) < expected {
        assert!(started.elapsed() < Duration::from_mins(1), "no checkpoint of {expected} entries");
        sleep(Duration::from_millis(20));
    }
    assert_eq!(
        (last_kept(server.database()), before),
        (expected, expected - 1),
        "it is kept in the database too"
    );
    let note = fs::read_to_string(&file).expect("a checkpoint");
    let (_, database) = server.stop();
    let database = database.expect("the database");
    assert_eq!(fs::read_to_string(&file).ok(), Some(note), "nothing was written since");
    virkning(&database.url, &["verify", "--checkpoint", &path]).assert_success();
}

fn a_server_that_stops_signs_everything(backend: Backend) {
    let server = Server::serve(Database::register(backend), &["--checkpoint-seconds", "86400"]);
    let coordinator = server.signed_in("coordinator");
    for year in 2024..2027 {
        let round = json!({ "year": year, "theme": "Trivsel" });
        coordinator.mutate("createEvaluationRound", &round, "evaluationRound { id }");
    }
    assert!(last_kept(server.database()) < entries(server.database()), "not a day has passed");
    let (status, database) = server.stop();
    assert!(status.success());
    let database = database.expect("the database");
    assert_eq!(last_kept(&database), entries(&database));
}

#[test]
fn the_key_is_made_once_and_read_by_nobody_else() {
    let database = Database::empty(Backend::Sqlite);
    virkning(&database.url, &["migrate"]).assert_success();
    let folder = TempDir::new().expect("a temporary folder");
    let file = folder.path().join("key");
    let path = file.to_string_lossy().into_owned();
    let public = |more: &[&str]| {
        let options = [&["checkpoint", "--public-key", "--checkpoint-key-file", &path], more].concat();
        virkning(&database.url, &options)
    };
    for origin in ["", "to ord", "a+b", "linje\nskift"] {
        let ran = public(&["--checkpoint-origin", origin]);
        assert!(
            !ran.status.success() && ran.stderr.contains("--checkpoint-origin"),
            "{origin}: {}",
            ran.stderr
        );
        assert!(!file.exists(), "{origin}");
    }
    let made = public(&["--checkpoint-origin", "virkning.kk.dk"]);
    made.assert_success();
    assert!(made.stdout.starts_with("virkning.kk.dk+"), "{}", made.stdout);
    let permissions = fs::metadata(&file).expect("the key file").permissions();
    assert_eq!(permissions.mode() & 0o777, 0o600);
    let text = fs::read_to_string(&file).expect("the key");
    assert!(text.starts_with("PRIVATE+KEY+virkning.kk.dk+"));
    assert_eq!(fs::read_dir(folder.path()).expect("the folder").count(), 1, "nothing is left beside it");
    let again = public(&["--checkpoint-origin", "andet"]);
    assert_eq!(again.stdout, made.stdout, "the key remembers its name");
    assert_eq!(fs::read_to_string(&file).ok().as_ref(), Some(&text));
    let short = text.trim_end().get(..text.len() - 9).expect("most of the key").to_owned();
    for broken in ["", "x", &text.replace("PRIVATE", "PUBLIC"), &short, &text.replace("kk.dk+", "kk.dk+0")] {
        fs::write(&file, broken).expect("a broken key");
        let ran = public(&[]);
        assert!(
            !ran.status.success() && ran.stderr.contains("--checkpoint-key-file: "),
            "{broken}: {}",
            ran.stderr
        );
        assert!(!ran.stderr.contains(text.trim()), "the key is not printed");
        assert_eq!(fs::read_to_string(&file).ok().as_deref(), Some(broken), "what is there is not replaced");
    }
    let ran = virkning(&database.url, &["verify", "--public-key", "x"]);
    assert!(!ran.status.success() && ran.stderr.contains("--public-key: "), "{}", ran.stderr);
}
