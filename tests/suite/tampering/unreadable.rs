//! Rows that hold what no row of their table can: they are named, and do not keep the others from being compared.

use super::events::of;
use super::scene::Scene;
use super::{by_hand, first, names, verify};
use crate::support::Backend;

on_both_databases!(an_event_that_cannot_be_read_is_named, a_row_that_cannot_be_read_is_named);

fn an_event_that_cannot_be_read_is_named(backend: Backend) {
    let scene = Scene::on(backend);
    for sequence in [2, 3] {
        let found = of(&scene.today, "ludo", sequence);
        for column in ["action", "subject_kind"] {
            let database = scene.copy();
            by_hand(&database, &format!("UPDATE event SET {column} = 'x' WHERE id = {}", found.row));
            let place = format!("(log entry {})", found.index);
            names(
                &database,
                &scene.last.0,
                column,
                &[&format!("event {} ", found.id), &place, "it cannot be read: "],
            );
        }
    }
    // None that can be.
    let database = scene.copy();
    by_hand(&database, "UPDATE event SET action = 'x'");
    names(&database, &scene.last.0, "all", &["event ", "(log entry 0)", "it cannot be read: "]);
}

fn a_row_that_cannot_be_read_is_named(backend: Backend) {
    let scene = Scene::on(backend);
    let mut broken = vec![
        (
            "UPDATE intervention_year SET activities = 'x' WHERE id = (SELECT id FROM intervention_year ORDER BY id LIMIT 1)",
            "INTERVENTION_YEAR ",
        ),
        (
            "UPDATE success_criterion_version SET success_categories = 'x' WHERE threshold = 400000",
            "VIRKNINGSEVALUERING ",
        ),
    ];
    if backend == Backend::Sqlite {
        // A column of SQLite takes values of any type.
        broken.push(("UPDATE forvaltning SET name = x'ff' WHERE code = 'SOF'", "FORVALTNING "));
        broken.push(("UPDATE account SET version = 'x' WHERE email = 'reader@example.dk'", "ACCOUNT "));
        broken.push(("UPDATE measurement SET numerator = 14.5 WHERE numerator = 14", "VIRKNINGSEVALUERING "));
    }
    for (sql, record) in broken {
        let database = scene.copy();
        by_hand(&database, sql);
        names(&database, &scene.last.0, sql, &[record, "(log entry ", "it cannot be read: "]);
        // The others are compared.
        by_hand(&database, "UPDATE district SET name = 'x' WHERE name = 'Valby'");
        let ran = verify(&database, &[], &[]);
        let _named = first(&ran);
        assert!(ran.stdout.contains("name is \"x\", by the history \"Valby\""), "{sql}: {}", ran.stdout);
    }
}
