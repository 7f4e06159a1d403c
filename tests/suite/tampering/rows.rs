//! Rows that go, that come, and that stand for another while than the history says.

use sea_orm::prelude::Uuid;

use super::scene::Scene;
use super::{by_hand, index, literal, names};
use crate::support::{Backend, Database};

on_both_databases!(
    a_row_that_is_gone_is_named,
    a_row_that_no_event_tells_of_is_named,
    a_row_that_stands_for_another_while_is_named,
);

const NEW: Uuid = Uuid::from_u128(0x01a2_0928_5eab_731c_8a32_0b31_1ec3_abf2);

/// An id and a number of one row.
fn found(database: &Database, sql: &str) -> (Uuid, i64) {
    let row = &database.query(sql)[0];
    (row.try_get("", "id").expect("an id"), row.try_get("", "number").expect("a number"))
}

/// The evaluation, and its last version.
fn evaluation(database: &Database) -> (Uuid, i64) {
    found(database, "SELECT id, version AS number FROM virkningsevaluering")
}

fn a_row_that_is_gone_is_named(backend: Backend) {
    let scene = Scene::on(backend);
    let (evaluation, _) = evaluation(&scene.today);
    for (table, row) in [
        ("measurement", "numerator = 14"),
        ("measurement", "until_version IS NOT NULL"),
        ("learning", "text = 'Det virker'"),
        ("transition", "comment IS NOT NULL"),
        ("paired_table", "n11 = 6"),
        ("theory_link", "until_version IS NOT NULL"),
        ("element_criterion", "until_version IS NULL"),
        ("theory_amendment", "reason = 'Præciseret'"),
        ("qualitative_evidence", "finding = 'SUPPORTS'"),
        ("rival_explanation", "until_version IS NOT NULL"),
    ] {
        let database = scene.copy();
        let (id, version) =
            found(&database, &format!("SELECT id, since_version AS number FROM {table} WHERE {row}"));
        by_hand(&database, &format!("DELETE FROM {table} WHERE {row}"));
        let place = format!("(log entry {})", index(&database, evaluation, version));
        names(
            &database,
            &scene.last.0,
            table,
            &[&evaluation.to_string(), &id.to_string(), &place, "its row is gone"],
        );
    }
    for (table, row, kind) in [
        ("figure", "id = (SELECT id FROM figure ORDER BY id LIMIT 1)", "FIGURE"),
        ("virkningsevaluering", "version > 0", "VIRKNINGSEVALUERING"),
        ("role_grant", "valid_to IS NOT NULL", "ROLE_GRANT"),
        ("claim", "id = (SELECT id FROM claim ORDER BY id LIMIT 1)", "CLAIM"),
    ] {
        let database = scene.copy();
        let (id, _) = found(&database, &format!("SELECT id, version AS number FROM {table} WHERE {row}"));
        by_hand(&database, &format!("DELETE FROM {table} WHERE {row}"));
        let place = format!("(log entry {})", index(&database, id, 1));
        names(&database, &scene.last.0, table, &[&format!("{kind} {id} "), &place, "its row is gone"]);
    }
}

/// Puts a copy of a row beside it, with some of its columns otherwise.
fn doubled(database: &Database, table: &str, row: &str, set: &str) {
    by_hand(
        database,
        &format!(
            "CREATE TEMPORARY TABLE double AS SELECT * FROM {table} WHERE {row}; UPDATE double SET {set}; \
             INSERT INTO {table} SELECT * FROM double; DROP TABLE double"
        ),
    );
}

fn a_row_that_no_event_tells_of_is_named(backend: Backend) {
    let scene = Scene::on(backend);
    let new = literal(backend, NEW);
    let (evaluation, version) = evaluation(&scene.today);
    let place = format!("(log entry {})", index(&scene.today, evaluation, version));
    for (table, row, set) in [
        ("measurement", "numerator = 14", format!("id = {new}, slot = 'x', wave = 'FOLLOW_UP'")),
        ("learning", "text = 'Det virker'", format!("id = {new}")),
        ("criterion_claim", "printed = '-61.6'", format!("id = {new}, text = 'x'")),
        // A criterion that says nothing, and what is said of a criterion that is not there.
        ("success_criterion", "number = 1", format!("id = {new}, number = 9")),
        ("success_criterion_version", "threshold = 400000", format!("success_criterion_id = {new}")),
        ("theory_element", "number = 1", format!("id = {new}, number = 9")),
        ("theory_element_version", "text = 'Samtaler hver uge'", format!("theory_element_id = {new}")),
    ] {
        let database = scene.copy();
        doubled(&database, table, row, &set);
        names(
            &database,
            &scene.last.0,
            table,
            &[&evaluation.to_string(), &NEW.to_string(), &place, "no event tells of it"],
        );
    }
    for (table, row, set, kind) in [
        ("account", "email = 'reader@example.dk'", "email = 'x@example.dk', email_key = 'x'", "ACCOUNT"),
        ("role_grant", "role = 'ADMIN'", "role = 'AUDITOR'", "ROLE_GRANT"),
        ("figure", "id = (SELECT id FROM figure ORDER BY id LIMIT 1)", "slot = 'x'", "FIGURE"),
        ("evaluation_round", "year = 2024", "year = 2030", "EVALUATION_ROUND"),
    ] {
        let database = scene.copy();
        doubled(&database, table, row, &format!("id = {new}, {set}"));
        names(&database, &scene.last.0, table, &[&format!("{kind} {NEW}"), "no event tells of it"]);
    }
}

fn a_row_that_stands_for_another_while_is_named(backend: Backend) {
    let scene = Scene::on(backend);
    let (evaluation, _) = evaluation(&scene.today);
    for (table, id, ended) in [
        ("measurement", "id", "until_version IS NOT NULL"),
        ("success_criterion_version", "success_criterion_id", "until_version IS NOT NULL"),
        ("theory_element_version", "theory_element_id", "text = 'Ugentlige samtaler'"),
        ("theory_link", "id", "until_version IS NOT NULL"),
        ("rival_explanation", "id", "until_version IS NOT NULL"),
    ] {
        let database = scene.copy();
        let (id, until) = found(
            &database,
            &format!("SELECT {id} AS id, until_version AS number FROM {table} WHERE {ended}"),
        );
        by_hand(&database, &format!("UPDATE {table} SET until_version = until_version + 1 WHERE {ended}"));
        let place = format!("(log entry {})", index(&database, evaluation, until));
        let wrong = format!("it stands until version {}, by the history until version {until}", until + 1);
        names(&database, &scene.last.0, table, &[&id.to_string(), &place, &wrong]);
    }
    let database = scene.copy();
    let (id, since) =
        found(&database, "SELECT id, since_version AS number FROM measurement WHERE numerator = 14");
    by_hand(&database, &format!("UPDATE measurement SET until_version = {} WHERE numerator = 14", since + 1));
    let wrong = format!("it stands until version {}, by the history still", since + 1);
    names(&database, &scene.last.0, "ended by hand", &[&id.to_string(), &wrong]);
}
