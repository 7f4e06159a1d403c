//! The whole log made anew around what was changed: the database agrees with itself, and only what was kept outside tells.

use serde_json::{Value, json};

use super::events::{never, of};
use super::forger::{Forged, history, place, rewrite};
use super::scene::Scene;
use super::{by_hand, first, verify};
use crate::support::{Backend, Database};

on_both_databases!(
    a_changed_value_is_told_by_a_checkpoint,
    a_changed_event_is_told_by_a_checkpoint,
    a_missing_event_is_told_by_a_checkpoint,
    an_added_event_is_told_by_a_checkpoint,
    exchanged_events_are_told_by_a_checkpoint,
);

/// Rewrites the history with what `forge` makes of it, and does to the rows what `rows` says. `changed` is the first entry
/// that is another than it was.
fn told(backend: Backend, what: &str, changed: usize, rows: &str, forge: impl FnOnce(&mut Vec<Forged>)) {
    let scene = Scene::on(backend);
    let database = scene.copy();
    let mut history = history(&database);
    let before = history.len();
    forge(&mut history);
    rewrite(&database, &history);
    if !rows.is_empty() {
        by_hand(&database, rows);
    }
    let ran = verify(&database, &[], &[]);
    assert!(ran.status.success(), "{what}: the forgery is not good enough\n{}{}", ran.stdout, ran.stderr);

    // One checkpoint tells that it is another log.
    let last = &scene.last;
    let ran = verify(&database, &[&last.0], &[]);
    let wrong = if history.len() < before {
        format!(
            "it knows {before} entries, and the log has {}: those from entry {0} on are cut off, or some after entry 0 were taken out",
            history.len()
        )
    } else {
        format!(
            "it was signed for another log: one of the entries 0 to {} is not what it was, or not where it was",
            last.1 - 1
        )
    };
    let line = first(&ran);
    assert!(
        line.starts_with(&format!("log against checkpoint {} ", last.0.display())),
        "{what}: {}",
        ran.stdout
    );
    assert!(line.contains(&wrong), "{what}: {}", ran.stdout);

    // Several narrow it down: the one before agrees, the one after does not.
    let ran = verify(&database, &[&last.0, &scene.early.0, &scene.middle.0], &[]);
    let changed = i64::try_from(changed).expect("an index");
    let (from, named) = match (changed < scene.early.1, changed < scene.middle.1) {
        (true, _) => (0, &scene.early),
        (false, true) => (scene.early.1, &scene.middle),
        (false, false) => (scene.middle.1, last),
    };
    let line = first(&ran);
    assert!(
        line.starts_with(&format!("log against checkpoint {} ", named.0.display())),
        "{what}: {}",
        ran.stdout
    );
    let wrong = format!("one of the entries {from} to {} is not what it was", named.1 - 1);
    assert!(line.contains(&wrong), "{what}: should tell {wrong} in {}", ran.stdout);
}

/// The first change of a field that ends in this, of an event with this value after it.
fn telling(history: &[Forged], field: &str, value: &Value) -> (usize, String) {
    for (index, event) in history.iter().enumerate() {
        for change in event.body["changes"].as_array().expect("changes") {
            let name = change["field"].as_str().expect("a field");
            if name.ends_with(field) && event.openings[format!("changes.{name}.after")]["value"] == *value {
                return (index, name.to_owned());
            }
        }
    }
    panic!("no {field} is {value}");
}

fn a_changed_value_is_told_by_a_checkpoint(backend: Backend) {
    let today = history(&Scene::on(backend).today);
    let (index, field) = telling(&today, ".numerator", &json!(14));
    told(
        backend,
        "a measurement",
        index,
        "UPDATE measurement SET numerator = 15 WHERE numerator = 14",
        |history| {
            history[index].tell(&field, "after", json!(15));
        },
    );
    let (index, field) = telling(&today, "amountDkk", &json!(15_552_000));
    let funding = "UPDATE funding SET amount_dkk = 1 WHERE amount_dkk = 15552000";
    told(backend, "an amount", index, funding, |history| history[index].tell(&field, "after", json!(1)));
    let (index, field) = telling(&today, "theme", &json!("Den sidste"));
    let round = "UPDATE evaluation_round SET theme = 'x' WHERE year = 2026";
    told(backend, "a round", index, round, |history| history[index].tell(&field, "after", json!("x")));
}

fn a_changed_event_is_told_by_a_checkpoint(backend: Backend) {
    let today = &Scene::on(backend).today;
    let found = of(today, "ludo", 3);
    let other = history(today)[0].body["subject"]["id"].clone();
    for (pointer, value) in [
        ("/actor/id", other),
        ("/actor/roles", json!(["ADMIN"])),
        ("/action", json!("IMPORT")),
        ("/at", json!("2020-01-01T00:00:00.000000Z")),
        ("/request", json!("01a20928-5eab-731c-8a32-0b311ec3abf2")),
    ] {
        told(backend, pointer, found.index, "", |history| {
            *history[found.index].body.pointer_mut(pointer).expect("a member") = value;
        });
    }
}

/// The rows of `ludo` as they would be had its event 2 not been.
const WITHOUT_SINCE: &str = "UPDATE intervention SET since = 2020, version = 2 WHERE slug = 'ludo'";

fn a_missing_event_is_told_by_a_checkpoint(backend: Backend) {
    let today = &Scene::on(backend).today;
    let (second, third) = (of(today, "ludo", 2), of(today, "ludo", 3));
    told(backend, "one from the middle", second.index, WITHOUT_SINCE, |history| {
        history[third.index].body["sequence"] = json!(2);
        history.remove(second.index);
    });
    let rows = "UPDATE intervention SET name = 'LUDO', version = 2 WHERE slug = 'ludo'";
    told(backend, "a subject's last", third.index, rows, |history| {
        history.remove(third.index);
    });
}

fn added(database: &Database) -> (Forged, String) {
    let rows = "UPDATE intervention SET name = 'Aldrig', version = 3 WHERE slug = 'ssp-plus'".to_owned();
    (never(database, "ssp-plus", 3), rows)
}

fn an_added_event_is_told_by_a_checkpoint(backend: Backend) {
    let today = &Scene::on(backend).today;
    let (event, rows) = added(today);
    let place = of(today, "ssp-plus", 2).index + 1;
    told(backend, "one in the middle", place, &rows, |history| history.insert(place, event));
}

fn exchanged_events_are_told_by_a_checkpoint(backend: Backend) {
    let today = &Scene::on(backend).today;
    let (second, third) = (of(today, "ludo", 2), of(today, "ludo", 3));
    told(backend, "of one subject", second.index, "", |history| {
        history.swap(second.index, third.index);
        history[second.index].body["sequence"] = json!(2);
        history[third.index].body["sequence"] = json!(3);
    });
    let round = telling(&history(today), "theme", &json!("Trivsel")).0;
    let other = place(&history(today), of(today, "ssp-plus", 2).subject, 2);
    told(backend, "of two subjects", Ord::min(round, other), "", |history| history.swap(round, other));
}
