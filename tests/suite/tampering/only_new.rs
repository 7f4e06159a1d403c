//! Verifying only what is new since a checkpoint that was kept outside.

use super::events::of;
use super::scene::Scene;
use super::{by_hand, bytes, first, verify};
use crate::support::{Backend, Ran};

on_both_databases!(
    only_what_is_new_is_read,
    what_is_new_or_touched_is_compared,
    older_leaves_are_compared_with_the_checkpoint
);

const ONLY_NEW: &[&str] = &["--only-new"];

/// How many events were hashed again.
fn hashed(ran: &Ran) -> i64 {
    let line =
        ran.stdout.lines().find(|line| line.contains("events hashed again")).expect("a line about events");
    let (_, rest) = line.split_once("; ").expect("two numbers");
    rest.split(' ').next().and_then(|number| number.parse().ok()).expect("a number")
}

fn only_what_is_new_is_read(backend: Backend) {
    let scene = Scene::on(backend);
    let ran = verify(&scene.today, &[&scene.middle.0], ONLY_NEW);
    ran.assert_success();
    // Of the two renamed since: each with the event that made it. And the one new round.
    assert_eq!(hashed(&ran), 5, "{}", ran.stdout);
    assert!(ran.stdout.contains(&format!("{} entries of the log", scene.last.1)), "{}", ran.stdout);
    let ran = verify(&scene.today, &[&scene.last.0, &scene.early.0], ONLY_NEW);
    ran.assert_success();
    assert_eq!(hashed(&ran), 0, "{}", ran.stdout);
    let ran = verify(&scene.today, &[], ONLY_NEW);
    assert!(!ran.status.success() && ran.stderr.contains("--checkpoint"), "{}", ran.stderr);
    // What is older is taken as it was verified.
    let database = scene.copy();
    by_hand(&database, "UPDATE intervention SET name = 'x' WHERE slug = 'ludo'");
    verify(&database, &[&scene.middle.0], ONLY_NEW).assert_success();
    assert!(first(&verify(&database, &[&scene.middle.0], &[])).contains("name is \"x\""));
}

fn what_is_new_or_touched_is_compared(backend: Backend) {
    let scene = Scene::on(backend);
    let new = of(&scene.today, "all-in", 2);
    let touched = of(&scene.today, "all-in", 1);
    for (sql, told) in [
        (
            "UPDATE intervention SET name = 'ALL IN' WHERE slug = 'all-in'".to_owned(),
            "name is \"ALL IN\", by the history \"ALL OUT\"".to_owned(),
        ),
        // An event before the checkpoint told it last; the subject was touched since.
        (
            "UPDATE intervention SET since = 1999 WHERE slug = 'all-in'".to_owned(),
            format!("(log entry {}): since is 1999", touched.index),
        ),
        (format!("UPDATE event SET body = '{{}}' WHERE id = {}", new.row), format!("event {} ", new.id)),
        (
            format!("UPDATE event SET body = '{{}}' WHERE id = {}", touched.row),
            format!("event {} ", touched.id),
        ),
        ("DELETE FROM evaluation_round WHERE year = 2026".to_owned(), "its row is gone".to_owned()),
        (format!("DELETE FROM log_entry WHERE event_id = {}", touched.row), "this entry is gone".to_owned()),
    ] {
        let database = scene.copy();
        by_hand(&database, &sql);
        let ran = verify(&database, &[&scene.middle.0], ONLY_NEW);
        assert!(first(&ran).contains(&told), "{sql}: {}", ran.stdout);
    }
}

fn older_leaves_are_compared_with_the_checkpoint(backend: Backend) {
    let scene = Scene::on(backend);
    let old = of(&scene.today, "ludo", 2);
    let database = scene.copy();
    let leaf = bytes(backend, &[7; 32]);
    by_hand(
        &database,
        &format!(
            "UPDATE log_entry SET leaf = {leaf} WHERE event_id = {}; DELETE FROM log_checkpoint; DELETE FROM log_subtree",
            old.row
        ),
    );
    let ran = verify(&database, &[&scene.middle.0], ONLY_NEW);
    let line = first(&ran);
    assert!(
        line.starts_with(&format!("log against checkpoint {} ", scene.middle.0.display())),
        "{}",
        ran.stdout
    );
    // An earlier checkpoint, which agrees or not, narrows it down here too.
    let ran = verify(&database, &[&scene.middle.0, &scene.early.0], ONLY_NEW);
    let told = format!("one of the entries 0 to {} is not what it was", scene.early.1 - 1);
    assert!(first(&ran).contains(&told), "{}", ran.stdout);
}
