//! The newest events cut off, or yesterday's copy put back: the database agrees with itself, and a checkpoint knows more.

use serde_json::json;

use super::scene::{Scene, done};
use super::{by_hand, first, verify};
use crate::support::{Backend, Database, Server};

on_both_databases!(a_tail_that_is_cut_is_told_by_a_checkpoint, a_copy_of_yesterday_is_told_by_a_checkpoint);

/// Tells by the last checkpoint from where on the log is cut off.
fn is_cut(scene: &Scene, database: &Database, cut: i64) {
    verify(database, &[], &[]).assert_success();
    let (last, size) = &scene.last;
    for options in [&[][..], &["--only-new"]] {
        let ran = verify(database, &[last, &scene.middle.0], options);
        let line = first(&ran);
        assert!(
            line.starts_with(&format!("log against checkpoint {} (log entry {cut})", last.display())),
            "{}",
            ran.stdout
        );
        let told =
            format!("it knows {size} entries, and the log has {cut}: those from entry {cut} on are cut off");
        assert!(line.contains(&told), "{}", ran.stdout);
        assert!(ran.stdout.contains("The log agrees with 1 checkpoint(s) kept outside"), "{}", ran.stdout);
    }
}

fn a_tail_that_is_cut_is_told_by_a_checkpoint(backend: Backend) {
    let scene = Scene::on(backend);
    let database = scene.copy();
    let cut = scene.last.1 - 2;
    by_hand(
        &database,
        &format!(
            "DELETE FROM evaluation_round WHERE year = 2026; \
             UPDATE intervention SET name = 'ALL IN', version = 1 WHERE slug = 'all-in'; \
             DELETE FROM event_detail WHERE event_id IN (SELECT event_id FROM log_entry WHERE \"index\" >= {cut}); \
             DELETE FROM event WHERE id IN (SELECT event_id FROM log_entry WHERE \"index\" >= {cut}); \
             DELETE FROM log_entry WHERE \"index\" >= {cut}; DELETE FROM log_checkpoint WHERE size > {cut}; \
             DELETE FROM log_subtree WHERE (position + 1) * 256 > {cut}"
        ),
    );
    is_cut(scene, &database, cut);
    // Rows that nobody put back tell of it by themselves.
    by_hand(&database, "UPDATE intervention SET name = 'ALL OUT', version = 2 WHERE slug = 'all-in'");
    let ran = verify(&database, &[], &[]);
    assert!(first(&ran).contains("its version is 2, and its last event's sequence 1"), "{}", ran.stdout);
}

fn a_copy_of_yesterday_is_told_by_a_checkpoint(backend: Backend) {
    let scene = Scene::on(backend);
    let yesterday = scene.yesterday.copy();
    let cut = yesterday.count("log_entry");
    is_cut(scene, &yesterday, cut);
    // Also once others have written, and it is as long as it was, or longer.
    let server = Server::serve(yesterday, &[]);
    let coordinator = server.signed_in("coordinator");
    for year in 2030..2033 {
        done(&coordinator, "createEvaluationRound", &json!({ "year": year, "theme": "Trivsel" }));
    }
    let (_, yesterday) = server.stop();
    let yesterday = yesterday.expect("the database");
    verify(&yesterday, &[], &[]).assert_success();
    let (last, size) = &scene.last;
    let ran = verify(&yesterday, &[last], &[]);
    let line = first(&ran);
    assert!(line.starts_with(&format!("log against checkpoint {} ", last.display())), "{}", ran.stdout);
    // What was signed before, and is still in the database, narrows it down.
    let told = format!("one of the entries {cut} to {} is not what it was", size - 1);
    assert!(line.contains(&told), "{}", ran.stdout);
}
