//! A value that was erased as the law may order is no tampering, and is counted.

use serde_json::json;

use super::events::of;
use super::scene::Scene;
use super::{by_hand, first, quoted, verify};
use crate::support::{Backend, Database};

on_both_databases!(an_erased_value_is_no_tampering, what_is_left_of_an_erased_event_is_compared);

fn holds(scene: &Scene, database: &Database, erased: u32) {
    let ran = verify(database, &[&scene.last.0], &[]);
    ran.assert_success();
    let told = format!(
        "{erased} values were erased from the events: what the tables hold of these is not compared."
    );
    assert!(ran.stdout.contains(&told), "{}", ran.stdout);
}

fn an_erased_value_is_no_tampering(backend: Backend) {
    let scene = Scene::on(backend);
    verify(&scene.today, &[], &[]).assert_success();
    let database = scene.copy();
    let found = of(&database, "ludo", 3);
    let mut openings = found.event.openings.clone();
    openings["changes.name.after"] = json!({});
    let erase = |openings: &str| {
        format!("UPDATE event_detail SET openings = {} WHERE event_id = {}", quoted(openings), found.row)
    };
    by_hand(&database, &erase(&openings.to_string()));
    holds(scene, &database, 1);
    by_hand(&database, "UPDATE intervention SET name = 'Slettet' WHERE slug = 'ludo'");
    holds(scene, &database, 1);
    // All of an event, and what was said in a step where it is kept besides.
    by_hand(&database, &erase("{}"));
    holds(scene, &database, 3);
    let database = scene.copy();
    let step = "(SELECT event.id FROM event JOIN transition ON subject_id = virkningsevaluering_id \
                AND sequence = since_version WHERE comment IS NOT NULL)";
    by_hand(
        &database,
        &format!(
            "UPDATE event_detail SET openings = '{{}}' WHERE event_id = {step}; \
             UPDATE transition SET comment = NULL WHERE comment IS NOT NULL"
        ),
    );
    verify(&database, &[&scene.last.0], &[]).assert_success();
}

fn what_is_left_of_an_erased_event_is_compared(backend: Backend) {
    let scene = Scene::on(backend);
    let database = scene.copy();
    let found = of(&database, "ludo", 3);
    let erase = format!("UPDATE event_detail SET openings = '{{}}' WHERE event_id = {}", found.row);
    by_hand(&database, &format!("{erase}; UPDATE intervention SET since = 2018 WHERE slug = 'ludo'"));
    let ran = verify(&database, &[], &[]);
    assert!(first(&ran).contains("since is 2018, by the history 2019"), "{}", ran.stdout);
}
