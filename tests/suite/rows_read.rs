//! What operations make PostgreSQL read, as it explains it itself: printed, checked in, and never the whole of a large table.

use std::fmt::Write;

use serde_json::Value;

use crate::support::operations::{Operation, operations};
use crate::support::{Backend, Database, Server, compare_about};

/// How often rows are copied, with ids of their own and without a history that would be true: those of interventions, and those
/// of the one evaluation.
const INTERVENTIONS: u32 = 150;
const EVALUATIONS: u32 = 3_000;

/// Tables that grow, with what a copy of a row has otherwise: ids, what refers to them, and what is unique.
const LARGE: [(&str, u32, &[&str]); 11] = [
    ("intervention", INTERVENTIONS, &["id", "slug"]),
    ("intervention_year", INTERVENTIONS, &["id", "intervention_id", "year"]),
    ("figure", INTERVENTIONS, &["id", "intervention_id", "label", "reported_year"]),
    ("virkningsevaluering", EVALUATIONS, &["id", "slug", "intervention_id"]),
    ("virkningsevaluering_state", EVALUATIONS, &["virkningsevaluering_id"]),
    ("success_criterion", EVALUATIONS, &["id", "virkningsevaluering_id"]),
    ("success_criterion_version", EVALUATIONS, &["success_criterion_id", "virkningsevaluering_id"]),
    ("measurement", EVALUATIONS, &["id", "success_criterion_id", "virkningsevaluering_id"]),
    (
        "criterion_result",
        EVALUATIONS,
        &["id", "success_criterion_id", "virkningsevaluering_id", "before_id", "after_id"],
    ),
    ("event", INTERVENTIONS, &["id", "subject_id", "intervention_id"]),
    ("event_detail", INTERVENTIONS, &["event_id"]),
];

fn enlarge(database: &Database) {
    let mut sql = String::from("SET session_replication_role = replica;");
    for (table, times, otherwise) in LARGE {
        let copied = otherwise.iter().map(|column| match *column {
            text @ ("slug" | "label") => format!("'{text}', {text} || '-' || copy"),
            year @ ("year" | "reported_year") => format!("'{year}', {year} - copy"),
            "intervention_id" if times == EVALUATIONS => {
                "'intervention_id', (ARRAY(SELECT id FROM intervention))[1 + copy]".to_owned()
            }
            id => format!("'{id}', md5({id}::text || copy)::uuid"),
        });
        let copied = copied.collect::<Vec<_>>().join(", ");
        write!(
            sql,
            "INSERT INTO {table} SELECT made.* FROM {table}, generate_series(1, {times}) AS copy, \
             jsonb_populate_record(NULL::{table}, to_jsonb({table}) || jsonb_build_object({copied})) AS made;"
        )
        .expect("a text");
    }
    sql.push_str(
        "INSERT INTO log_entry SELECT row_number() OVER (ORDER BY id) + (SELECT max(index) FROM log_entry), id, leaf \
         FROM event WHERE NOT EXISTS (SELECT 1 FROM log_entry WHERE event_id = event.id); ANALYZE;",
    );
    database.execute(&sql).expect("more rows");
}

/// Lets PostgreSQL explain every statement to whoever sent it, who logs that.
fn explain(database: &Database) {
    for (setting, value) in [
        ("session_preload_libraries", "auto_explain"),
        ("auto_explain.log_min_duration", "0"),
        ("auto_explain.log_analyze", "on"),
        ("auto_explain.log_timing", "off"),
        ("auto_explain.log_format", "json"),
        ("auto_explain.log_level", "notice"),
    ] {
        let set = format!(
            "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET {setting} = {value}', current_database()); END $$"
        );
        database.execute(&set).expect("a setting");
    }
}

/// The plans that were explained since the log was so long.
fn plans(server: &Server, since: usize) -> Vec<Value> {
    let logged = server.logged();
    let lines = logged[since..].lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let plan = |line: Value| {
        let (_, plan) = line["message"].as_str()?.split_once("plan:\n")?;
        Some(serde_json::from_str(plan).unwrap_or_else(|error| panic!("{error}: {plan}")))
    };
    lines.filter_map(plan).collect()
}

/// The rows that the nodes of a plan read from large tables, whether they were kept or not.
fn rows_read(plan: &Value, statement: &str) -> f64 {
    let number = |name: &str| plan[name].as_f64().unwrap_or_default();
    let below: f64 =
        plan["Plans"].as_array().into_iter().flatten().map(|plan| rows_read(plan, statement)).sum();
    let table = plan["Relation Name"].as_str().unwrap_or_default();
    if !LARGE.iter().any(|(large, ..)| *large == table) || number("Actual Loops") == 0.0 {
        return below;
    }
    // Whoever asks how many there are has all of them counted.
    let counts = statement.starts_with("SELECT COUNT(*)");
    assert!(counts || plan["Node Type"] != "Seq Scan", "all of {table} is read by {statement}");
    let removed = number("Rows Removed by Filter") + number("Rows Removed by Index Recheck");
    below + (number("Actual Rows") + removed) * number("Actual Loops")
}

#[test]
fn operations_read_few_rows() {
    let server = Server::start(Backend::Postgres);
    let operations = operations(&server.signed_in("coordinator"), &server.signed_in("evaluator"));
    let (_, database) = server.stop();
    let database = database.expect("the database");
    enlarge(&database);
    explain(&database);
    let secrets = [("--jwt-secret-file", crate::support::SECRET)];
    let server = Server::serve_with(database, &secrets, &[], &[("VIRKNING_LOG", "trace")]);
    let mut counts = Vec::new();
    for Operation { name, user, query, variables } in operations {
        let client = server.signed_in(user);
        let since = server.logged().len();
        client.data(query, variables);
        let explained = plans(&server, since);
        assert!(!explained.is_empty(), "{name}: nothing was explained");
        let rows = explained.iter().map(|explained| {
            rows_read(&explained["Plan"], explained["Query Text"].as_str().unwrap_or_default())
        });
        counts.push((name, rows.fold(0.0, |sum, rows| sum + rows)));
    }
    let title = "Rows of large tables that PostgreSQL reads for each document, among 3,300 interventions and as many evaluations.";
    compare_about("tests/rows-read.txt", title, &counts);
}
