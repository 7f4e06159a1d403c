//! Events that are edited, taken out, put in or exchanged, and the log left as it was or mended only where they are.

use sea_orm::prelude::Uuid;
use serde_json::{Value, json};

use super::forger::{Forged, history, leaf, place};
use super::scene::Scene;
use super::{by_hand, bytes, first, literal, names, quoted, verify};
use crate::history::canonical;
use crate::support::{Backend, Database};

on_both_databases!(
    an_edited_event_is_named,
    an_edited_column_of_an_event_is_named,
    an_edited_opening_is_named,
    an_event_that_was_taken_out_is_named,
    an_event_that_was_put_in_is_named,
    events_that_changed_places_are_named,
);

/// An event of an intervention.
pub struct Found {
    pub subject: Uuid,
    pub index: usize,
    pub event: Forged,
    /// The event's id, and the condition that is its row.
    pub id: String,
    pub row: String,
}

/// The event of an intervention that is its `sequence`.
pub fn of(database: &Database, slug: &str, sequence: i64) -> Found {
    let row = &database.query(&format!("SELECT id FROM intervention WHERE slug = '{slug}'"))[0];
    let subject = row.try_get("", "id").expect("an id");
    let history = history(database);
    let index = place(&history, subject, sequence);
    let event = history[index].clone();
    let id = event.body["id"].as_str().expect("an id").to_owned();
    let row = literal(database.backend(), id.parse().expect("an id"));
    Found { subject, index, event, id, row }
}

fn an_edited_event_is_named(backend: Backend) {
    let scene = Scene::on(backend);
    let Found { index, event, id, row, .. } = of(&scene.today, "ludo", 3);
    let named = |what: &str, sql: &str, told: &str| {
        let database = scene.copy();
        by_hand(&database, sql);
        names(
            &database,
            &scene.last.0,
            what,
            &[&format!("event {id} "), &format!("(log entry {index})"), told],
        );
    };
    let mut other = event.body.clone();
    other["action"] = json!("IMPORT");
    let other = canonical(&other);
    let hash = bytes(backend, &leaf(&other));
    let body = format!("UPDATE event SET body = {} WHERE id = {row};", quoted(&other));
    named("the body", &body, "its body does not hash to its leaf");
    let with_leaf = format!("{body} UPDATE event SET leaf = {hash} WHERE id = {row};");
    named("body and leaf", &with_leaf, "the log holds another leaf for it");
    let with_entry = format!("{with_leaf} UPDATE log_entry SET leaf = {hash} WHERE event_id = {row};");
    named("body and both leaves", &with_entry, "its column action differs from its body");
    let entry = format!("UPDATE log_entry SET leaf = {hash} WHERE event_id = {row}");
    named("the log's leaf", &entry, "the log holds another leaf for it");
    let own = format!("UPDATE event SET leaf = {hash} WHERE id = {row}");
    named("the event's leaf", &own, "its body does not hash to its leaf");
    for (body, told) in [
        ("x", "its body or its openings are no JSON"),
        ("[ ]", "its body is not canonical JSON"),
        ("[]", "its column id differs"),
    ] {
        let hash = bytes(backend, &leaf(body));
        let sql = format!(
            "UPDATE event SET body = '{body}', leaf = {hash} WHERE id = {row}; UPDATE log_entry SET leaf = {hash} WHERE event_id = {row}"
        );
        named(body, &sql, told);
    }
    // With its columns too, it agrees with all but what was signed.
    let database = scene.copy();
    by_hand(&database, &format!("{with_entry} UPDATE event SET action = 'IMPORT' WHERE id = {row}"));
    let ran = verify(&database, &[], &[]);
    let line = first(&ran);
    assert!(line.starts_with("log against log checkpoint "), "{}", ran.stdout);
    assert!(line.contains("it was signed for another log: one of the entries "), "{}", ran.stdout);
    names(&database, &scene.early.0, "signed", &["it was signed for another log: one of the entries "]);
}

fn an_edited_column_of_an_event_is_named(backend: Backend) {
    let scene = Scene::on(backend);
    let Found { index, id, row, .. } = of(&scene.today, "ludo", 2);
    let other = "(SELECT id FROM account WHERE email = 'reader@example.dk')";
    for (column, value) in [
        ("actor_id", other),
        ("occurred_at", "occurred_at - 1"),
        ("occurred_at", "9223372036854775807"),
        ("action", "'IMPORT'"),
        ("subject_kind", "'FIGURE'"),
        ("intervention_id", "NULL"),
        ("subject_id", other),
        ("sequence", "9"),
        ("sequence", "9223372036854775807"),
    ] {
        let database = scene.copy();
        let sql = format!("UPDATE event SET {column} = {value} WHERE id = {row}");
        by_hand(&database, &sql);
        let told = format!("its column {column} differs from its body");
        names(
            &database,
            &scene.last.0,
            &sql,
            &[&format!("event {id} "), &format!("(log entry {index})"), &told],
        );
    }
}

fn an_edited_opening_is_named(backend: Backend) {
    let scene = Scene::on(backend);
    let Found { index, event, id, row, .. } = of(&scene.today, "ludo", 3);
    let place = "changes.name.after";
    let opening = |edit: fn(&mut Value)| {
        let mut openings = event.openings.clone();
        edit(&mut openings["changes.name.after"]);
        openings
    };
    let mut unknown = event.openings.clone();
    unknown["changes.slug.after"] = json!({ "salt": "00000000000000000000000000000000", "value": "x" });
    for (openings, told) in [
        (
            opening(|opening| opening["value"] = json!("LUDO")),
            format!("the opening of {place} is not what its body commits to"),
        ),
        (
            opening(|opening| opening["salt"] = json!("00000000000000000000000000000000")),
            format!("the opening of {place} is not what"),
        ),
        // Without the salt any value would do.
        (
            opening(|opening| *opening = json!({ "value": "LUDO" })),
            format!("the opening of {place} has a value, and no salt"),
        ),
        (
            opening(|opening| *opening = json!({ "salt": "00", "value": "LUDO" })),
            format!("the opening of {place} has a value, and no salt"),
        ),
        (unknown, "it has an opening that its body does not commit to".to_owned()),
        (json!([]), "its body or its openings are no JSON".to_owned()),
    ] {
        let database = scene.copy();
        let openings = quoted(&openings.to_string());
        // The row says what the event is made to say.
        let sql = format!(
            "UPDATE event_detail SET openings = {openings} WHERE event_id = {row}; \
             UPDATE intervention SET name = 'LUDO' WHERE slug = 'ludo'"
        );
        by_hand(&database, &sql);
        names(
            &database,
            &scene.last.0,
            &openings,
            &[&format!("event {id} "), &format!("(log entry {index})"), &told],
        );
    }
    let database = scene.copy();
    by_hand(&database, &format!("DELETE FROM event_detail WHERE event_id = {row}"));
    names(
        &database,
        &scene.last.0,
        "no detail",
        &[&format!("event {id} "), &format!("(log entry {index})"), "its openings are gone"],
    );
}

fn an_event_that_was_taken_out_is_named(backend: Backend) {
    let scene = Scene::on(backend);
    // One in the middle of its subject's history, and the last of it.
    for sequence in [2, 3] {
        let Found { index, id, row, .. } = of(&scene.today, "ludo", sequence);
        let place = format!("(log entry {index})");
        let event =
            format!("DELETE FROM event_detail WHERE event_id = {row}; DELETE FROM event WHERE id = {row};");
        let entry = format!("DELETE FROM log_entry WHERE event_id = {row};");
        let database = scene.copy();
        by_hand(&database, &event);
        names(
            &database,
            &scene.last.0,
            "the event",
            &[&format!("event {id} "), &place, "it is gone, and the log has its entry"],
        );
        for sql in [format!("{event} {entry}"), entry] {
            let database = scene.copy();
            by_hand(&database, &sql);
            names(&database, &scene.last.0, &sql, &[&place, "this entry is gone"]);
        }
    }
    // The log closed over it: what its subject lacks tells of it.
    let Found { subject, row, .. } = of(&scene.today, "ludo", 2);
    let after = of(&scene.today, "ludo", 3);
    let database = scene.copy();
    by_hand(
        &database,
        &format!(
            "DELETE FROM log_checkpoint; DELETE FROM log_subtree; DELETE FROM event_detail WHERE event_id = {row}; \
         DELETE FROM event WHERE id = {row}; DELETE FROM log_entry WHERE event_id = {row}; \
         UPDATE log_entry SET \"index\" = \"index\" + 10000 WHERE \"index\" >= {}; \
         UPDATE log_entry SET \"index\" = \"index\" - 10001 WHERE \"index\" >= 10000",
            after.index
        ),
    );
    let place = format!("(log entry {})", after.index - 1);
    let told = [
        &format!("event {} ", after.id),
        &subject.to_string(),
        &place,
        "sequence 2 of its subject is missing before it",
    ];
    names(&database, &scene.last.0, "the log closed", &told);
}

/// An event that was never: a rename of an intervention.
pub fn never(database: &Database, slug: &str, sequence: i64) -> Forged {
    let mut event = of(database, "ludo", 3).event;
    let subject = of(database, slug, 1).subject.to_string();
    event.body["id"] = json!("01a20928-5eab-731c-8a32-0b311ec3abf2");
    event.body["sequence"] = json!(sequence);
    event.body["subject"]["id"] = json!(subject);
    event.body["subject"]["intervention"] = json!(subject);
    let before = database.query(&format!("SELECT name FROM intervention WHERE slug = '{slug}'"));
    event.tell("name", "before", json!(before[0].try_get::<String>("", "name").expect("a name")));
    event.tell("name", "after", json!("Aldrig"));
    event
}

fn an_event_that_was_put_in_is_named(backend: Backend) {
    let scene = Scene::on(backend);
    let size = usize::try_from(scene.last.1).expect("a size");
    let event = never(&scene.today, "ssp-plus", 3);
    let id = event.body["id"].as_str().expect("an id");
    let database = scene.copy();
    by_hand(&database, &event.stored(backend));
    names(
        &database,
        &scene.last.0,
        "outside the log",
        &[&format!("event {id} "), "the log has no entry for it"],
    );
    // With its row as it should be after it: the kept checkpoints cannot tell of what came later.
    by_hand(&database, &event.entered(backend, size));
    let told = [
        "INTERVENTION ",
        &format!("(log entry {size})"),
        "its version is 2, and its last event's sequence 3",
    ];
    names(&database, &scene.last.0, "at the end of the log", &told);
    // At a place of its own beyond the end.
    let database = scene.copy();
    by_hand(&database, &format!("{} {}", event.stored(backend), event.entered(backend, size + 5)));
    names(
        &database,
        &scene.last.0,
        "beyond the end",
        &[&format!("(log entry {size})"), "this entry is gone"],
    );
}

/// Lets two entries of the log hold each other's event.
fn exchanged(one: &Found, other: &Found, backend: Backend) -> String {
    format!(
        "DELETE FROM log_entry WHERE \"index\" IN ({}, {}); {} {}",
        one.index,
        other.index,
        one.event.entered(backend, other.index),
        other.event.entered(backend, one.index)
    )
}

fn events_that_changed_places_are_named(backend: Backend) {
    let scene = Scene::on(backend);
    let (second, third) = (of(&scene.today, "ludo", 2), of(&scene.today, "ludo", 3));
    let database = scene.copy();
    by_hand(&database, &exchanged(&second, &third, backend));
    let place = format!("(log entry {})", second.index);
    let told =
        [&format!("event {} ", third.id), &place, "the log has it before an earlier event of its subject"];
    names(&database, &scene.last.0, "of one subject", &told);
    // Of different subjects only what was signed can tell.
    let other = of(&scene.today, "ssp-plus", 2);
    let database = scene.copy();
    by_hand(&database, &exchanged(&third, &other, backend));
    let ran = verify(&database, &[], &[]);
    assert!(first(&ran).starts_with("log against log checkpoint "), "{}", ran.stdout);
    // The earliest checkpoint that was kept elsewhere says so too, whatever the database still has.
    by_hand(&database, "DELETE FROM log_checkpoint; DELETE FROM log_subtree");
    verify(&database, &[], &[]).assert_success();
    let ran = verify(&database, &[&scene.early.0, &scene.middle.0, &scene.last.0], &[]);
    let line = first(&ran);
    assert!(
        line.starts_with(&format!("log against checkpoint {} ", scene.early.0.display())),
        "{}",
        ran.stdout
    );
    let told =
        format!("one of the entries 0 to {} is not what it was, or not where it was", scene.early.1 - 1);
    assert!(line.contains(&told), "{}", ran.stdout);
}
