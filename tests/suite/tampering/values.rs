//! A business value alone is changed, of every kind that has a history.

use sea_orm::prelude::Uuid;

use super::scene::Scene;
use super::{by_hand, first, index, verify};
use crate::support::Backend;

on_both_databases!(
    a_changed_measurement_is_named,
    whatever_else_changes_in_an_evaluation_is_named,
    whatever_changes_in_a_programme_theory_is_named,
    whatever_changes_in_the_register_is_named,
    whatever_changes_in_accounts_and_their_roles_is_named,
);

/// A change by hand, and how the row is found that `verify` must name.
struct Change {
    table: String,
    sql: String,
    /// Gives `record`, which is named, and `subject` with `sequence`: the event that says otherwise.
    names: String,
    told: &'static str,
}

/// A change of the one row of a subject, as its event of this sequence made it.
fn own(table: &str, row: &str, set: &str, sequence: i64, told: &'static str) -> Change {
    Change {
        table: table.to_owned(),
        sql: format!("UPDATE {table} SET {set} WHERE {row}"),
        names: format!(
            "SELECT id AS record, id AS subject, CAST({sequence} AS bigint) AS sequence FROM {table} WHERE {row}"
        ),
        told,
    }
}

/// A change of a row below an evaluation.
fn part(table: &str, row: &str, set: &str, told: &'static str) -> Change {
    let record = match table {
        "success_criterion_version" => "success_criterion_id",
        "theory_element_version" => "theory_element_id",
        "virkningsevaluering_state" => "virkningsevaluering_id",
        _ => "id",
    };
    Change {
        table: table.to_owned(),
        sql: format!("UPDATE {table} SET {set} WHERE {row}"),
        names: format!(
            "SELECT {record} AS record, virkningsevaluering_id AS subject, since_version AS sequence FROM {table} WHERE {row}"
        ),
        told,
    }
}

/// A change of one row of a list that a subject holds as a whole.
fn listed(table: &str, subject: &str, change: &str, told: &'static str) -> Change {
    let one = format!("(SELECT {subject} FROM {table} ORDER BY {subject} LIMIT 1)");
    Change {
        table: table.to_owned(),
        sql: format!("{change} WHERE {subject} = {one}"),
        names: format!(
            "SELECT {subject} AS record, {subject} AS subject, CAST(1 AS bigint) AS sequence FROM {table} WHERE {subject} = {one}"
        ),
        told,
    }
}

fn all_are_named(backend: Backend, changes: Vec<Change>) {
    let scene = Scene::on(backend);
    let database = scene.copy();
    for (at, Change { table, sql, names: query, told }) in changes.into_iter().enumerate() {
        let rows = database.query(&query);
        let row = rows.first().unwrap_or_else(|| panic!("no row for {sql}"));
        let id = |name: &str| row.try_get::<Uuid>("", name).expect(name);
        let sequence = row.try_get("", "sequence").expect("a sequence");
        let place = format!("(log entry {})", index(&database, id("subject"), sequence));
        by_hand(&database, &format!("CREATE TABLE saved AS SELECT * FROM {table}; {sql}"));
        // The log is as it was: a checkpoint has nothing to add, which some of them show.
        let checkpoints = if at % 3 == 0 { &[&*scene.last.0][..] } else { &[] };
        let ran = verify(&database, checkpoints, &[]);
        let line = first(&ran);
        for told in [&*id("record").to_string(), &place, told] {
            assert!(line.contains(told), "{sql}\n  should tell {told}\n  in {line}\n{}", ran.stdout);
        }
        by_hand(
            &database,
            &format!("DELETE FROM {table}; INSERT INTO {table} SELECT * FROM saved; DROP TABLE saved"),
        );
    }
    verify(&database, &[&scene.last.0], &[]).assert_success();
}

fn a_changed_measurement_is_named(backend: Backend) {
    let measured = "numerator = 14";
    let corrected = "numerator = 6";
    all_are_named(
        backend,
        vec![
            part("measurement", measured, "numerator = 15", "numerator is 15, by the history 14"),
            part("measurement", measured, "denominator = 44", "denominator is 44, by the history 43"),
            part(
                "measurement",
                measured,
                "period_start = '2022-08-01'",
                "periodStart is \"2022-08-01\", by the history \"2022-07-01\"",
            ),
            part("measurement", measured, "wave = 'FOLLOW_UP'", "wave is \"FOLLOW_UP\""),
            part("measurement", measured, "note = 'x'", "note is \"x\", by the history null"),
            part("measurement", measured, "recorded_at = recorded_at + 1", "recordedAt is"),
            part(
                "measurement",
                corrected,
                "corrects_id = NULL, correction = NULL, correction_reason = NULL",
                "correctsId is null",
            ),
            // What was superseded is history all the same.
            part(
                "measurement",
                "until_version IS NOT NULL",
                "numerator = 4",
                "numerator is 4, by the history 5",
            ),
        ],
    );
}

fn whatever_else_changes_in_an_evaluation_is_named(backend: Backend) {
    let result = "until_version IS NULL AND interval_low IS NOT NULL AND paired_table_id IS NOT NULL";
    all_are_named(
        backend,
        vec![
            part(
                "success_criterion_version",
                "until_version IS NOT NULL",
                "threshold = 100000",
                "threshold is \"0.1\", by the history \"0.5\"",
            ),
            part("success_criterion_version", "threshold = 400000", "indicator = 'x'", "indicator is \"x\""),
            part(
                "virkningsevaluering_state",
                "until_version IS NULL",
                "title = 'x'",
                "title is \"x\", by the history \"Trivsel igen\"",
            ),
            part(
                "virkningsevaluering_state",
                "status = 'SUBMITTED'",
                "status = 'APPROVED'",
                "status is \"APPROVED\", by the history \"SUBMITTED\"",
            ),
            part(
                "criterion_result",
                result,
                "verdict = 'ACHIEVED'",
                "verdict is \"ACHIEVED\", by the history \"INCONCLUSIVE\"",
            ),
            part("criterion_result", result, "interval_low = interval_low + 1", "intervalLow is"),
            part(
                "criterion_result",
                "until_version IS NOT NULL AND verdict = 'INCONCLUSIVE' AND since_version = (SELECT min(since_version) FROM criterion_result WHERE verdict = 'INCONCLUSIVE')",
                "verdict = 'NOT_ACHIEVED'",
                "verdict is \"NOT_ACHIEVED\"",
            ),
            part(
                "transition",
                "comment IS NOT NULL",
                "comment = 'Fint'",
                "comment is \"Fint\", by the history \"Læringen er for kort\"",
            ),
            part(
                "learning",
                "text = 'Det virker'",
                "text = 'Det virker ikke'",
                "text is \"Det virker ikke\"",
            ),
            part(
                "population",
                "name = 'Unikke deltagere'",
                "left_out = 'Alle andre'",
                "leftOut is \"Alle andre\", by the history null",
            ),
            part("data_source", "name = 'Skolens fraværsregister'", "name = 'x'", "name is \"x\""),
            part(
                "criterion_claim",
                "printed = '-61.6'",
                "printed = '-61.5'",
                "printed is \"-61.5\", by the history \"-61.6\"",
            ),
            part("paired_table", "n11 = 6", "n11 = 7", "n11 is 7, by the history 6"),
            own("virkningsevaluering", "version > 0", "slug = 'x'", 1, "slug is \"x\""),
            own(
                "virkningsevaluering",
                "version > 0",
                "registered_at = registered_at + 1",
                4,
                "registeredAt is",
            ),
        ],
    );
}

fn whatever_changes_in_a_programme_theory_is_named(backend: Backend) {
    all_are_named(
        backend,
        vec![
            part(
                "theory_element_version",
                "text = 'Ugentlige samtaler'",
                "text = 'x'",
                "text is \"x\", by the history \"Ugentlige samtaler\"",
            ),
            part(
                "theory_link",
                "until_version IS NOT NULL",
                "to_id = (SELECT id FROM theory_element WHERE number = 1)",
                "toId is",
            ),
            part(
                "element_criterion",
                "until_version IS NULL",
                "theory_element_id = (SELECT id FROM theory_element WHERE number = 1)",
                "elementId is",
            ),
            part("theory_amendment", "reason = 'Præciseret'", "reason = 'x'", "reason is \"x\""),
            part(
                "qualitative_evidence",
                "finding = 'SUPPORTS'",
                "finding = 'WEAKENS'",
                "finding is \"WEAKENS\", by the history \"SUPPORTS\"",
            ),
            part(
                "rival_explanation",
                "until_version IS NULL",
                "assessment = 'LIKELY'",
                "assessment is \"LIKELY\", by the history \"RULED_OUT\"",
            ),
        ],
    );
}

fn whatever_changes_in_the_register_is_named(backend: Backend) {
    let figure = "id = (SELECT id FROM figure WHERE value = 272000000 ORDER BY id LIMIT 1)";
    let funding = "amount_dkk = 15552000";
    let report = "id = (SELECT id FROM intervention_year ORDER BY id LIMIT 1)";
    all_are_named(
        backend,
        vec![
            own(
                "intervention",
                "slug = 'ludo'",
                "name = 'LUDO'",
                3,
                "name is \"LUDO\", by the history \"LUDO og venner\"",
            ),
            own("intervention", "slug = 'ludo'", "since = 2020", 2, "since is 2020, by the history 2019"),
            own("intervention", "slug = 'ssp-plus'", "slug = 'x'", 1, "slug is \"x\""),
            own("figure", figure, "value = value + 1", 1, "value is \"272.000001\", by the history \"272\""),
            own("figure", figure, "unit = 'x'", 1, "unit is \"x\""),
            own(
                "funding",
                funding,
                "amount_dkk = 15552001",
                1,
                "amountDkk is 15552001, by the history 15552000",
            ),
            listed("funding_forvaltning", "funding_id", "DELETE FROM funding_forvaltning", "fundedBy is []"),
            own("intervention_year", report, "problem = 'x'", 1, "problem is \"x\""),
            own(
                "intervention_year",
                report,
                "lead_id = (SELECT id FROM forvaltning WHERE id <> lead_id ORDER BY code LIMIT 1)",
                1,
                "leadForvaltningId is",
            ),
            listed(
                "intervention_year_partner",
                "intervention_year_id",
                "DELETE FROM intervention_year_partner",
                "partnerForvaltningIds is []",
            ),
            listed(
                "intervention_year_district",
                "intervention_year_id",
                "DELETE FROM intervention_year_district",
                "districtIds is []",
            ),
            listed(
                "intervention_year_principle",
                "intervention_year_id",
                "DELETE FROM intervention_year_principle",
                "principleIds is []",
            ),
            listed(
                "target_group",
                "intervention_year_id",
                "UPDATE target_group SET name = 'x'",
                "targetGroups is",
            ),
            own(
                "reporting_year",
                "year = 2023",
                "status = 'CLOSED'",
                1,
                "status is \"CLOSED\", by the history \"OPEN\"",
            ),
            own(
                "claim",
                "id = (SELECT id FROM claim ORDER BY id LIMIT 1)",
                "printed = '1000'",
                1,
                "printed is \"1000\"",
            ),
            own("forvaltning", "code = 'SOF'", "name = 'x'", 1, "name is \"x\""),
            own("strategy", "version = 1", "to_year = 2030", 1, "toYear is 2030"),
            own("strategy_principle", "number = 1", "name = 'x'", 1, "name is \"x\""),
            own("district", "name = 'Valby'", "name = 'x'", 1, "name is \"x\", by the history \"Valby\""),
            listed(
                "district_alias",
                "district_id",
                "UPDATE district_alias SET alias = 'x'",
                "aliases is [\"x\"]",
            ),
            own(
                "evaluation_round",
                "year = 2024",
                "theme = 'x'",
                1,
                "theme is \"x\", by the history \"Trivsel\"",
            ),
        ],
    );
}

fn whatever_changes_in_accounts_and_their_roles_is_named(backend: Backend) {
    let renamed = "email = 'reader-sof@example.dk'";
    let reading =
        "id = (SELECT id FROM role_grant WHERE role = 'READER' AND valid_to IS NULL ORDER BY id LIMIT 1)";
    all_are_named(
        backend,
        vec![
            own(
                "account",
                renamed,
                "name = 'Reader SOF'",
                2,
                "name is \"Reader SOF\", by the history \"Læser i SOF\"",
            ),
            own("account", renamed, "email = 'x@example.dk'", 1, "email is \"x@example.dk\""),
            own("account", renamed, "active = false", 1, "active is false, by the history true"),
            own("role_grant", reading, "role = 'ADMIN'", 1, "role is \"ADMIN\", by the history \"READER\""),
            own(
                "role_grant",
                reading,
                "forvaltning_id = (SELECT id FROM forvaltning WHERE code = 'TMF')",
                1,
                "forvaltningId is",
            ),
            own("role_grant", reading, "valid_to = valid_from + 1", 1, "validTo is"),
            // A moment that no calendar has.
            own(
                "role_grant",
                reading,
                "valid_to = 9223372036854775807",
                1,
                "validTo is \"9223372036854775807 µs since 1970\"",
            ),
            own(
                "role_grant",
                "valid_to IS NOT NULL",
                "valid_to = NULL",
                2,
                "validTo is null, by the history",
            ),
            own("account", renamed, "version = 1", 2, "its version is 1, and its last event's sequence 2"),
        ],
    );
}
