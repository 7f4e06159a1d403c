//! Evaluations as files: read in whole or not at all, and written out as they are.

use std::fs;
use std::path::Path;

use serde_json::json;
use tempfile::TempDir;

use crate::support::{
    Backend, Database, Ran, Server, Snor, code, contents, copy_of, evaluations_folder, register_folder,
    virkning,
};

on_both_databases!(
    a_second_import_of_evaluations_changes_nothing,
    register_and_evaluations_come_out_as_they_went_in,
    who_imports_an_evaluation_has_written_in_it,
    every_fault_of_an_evaluation_is_told_at_once,
    only_who_may_evaluate_imports_evaluations,
    a_measurement_that_is_there_is_not_overwritten,
    what_is_decided_stays_with_its_database,
);

fn import(database: &Database, folder: &Path, user: &str) -> Ran {
    virkning(&database.url, &["import", &folder.to_string_lossy(), "--as", &format!("{user}@example.dk")])
}

fn export(database: &Database) -> TempDir {
    let folder = TempDir::new().expect("a temporary folder");
    let path = folder.path().to_string_lossy().into_owned();
    virkning(&database.url, &["export", &path, "--as", "auditor@example.dk"]).assert_success();
    folder
}

/// The register and the evaluations that the repository holds.
fn evaluated(backend: Backend) -> Database {
    let database = Database::register(backend);
    import(&database, Path::new(evaluations_folder()), "evaluator-sof").assert_success();
    database
}

fn a_second_import_of_evaluations_changes_nothing(backend: Backend) {
    let database = evaluated(backend);
    let before = database.count("event");
    let ran = import(&database, Path::new(evaluations_folder()), "evaluator-sof");
    ran.assert_success();
    assert!(ran.stdout.contains("measurements.csv: 0 new, 0 changed, 4 as they were"), "{}", ran.stdout);
    assert_eq!(database.count("event"), before);
}

fn register_and_evaluations_come_out_as_they_went_in(backend: Backend) {
    let exported = export(&evaluated(backend));
    let mut held = contents(Path::new(register_folder()));
    held.append(&mut contents(Path::new(evaluations_folder())));
    assert_eq!(contents(exported.path()), held);
    let fresh = Database::empty(backend);
    let run = |arguments: &[&str]| virkning(&fresh.url, arguments).assert_success();
    run(&["migrate"]);
    run(&["account", "add", "admin@example.dk", "--name", "Admin"]);
    for (user, roles) in [("coordinator", &["COORDINATOR", "EVALUATOR"][..]), ("auditor", &["AUDITOR"])] {
        let address = format!("{user}@example.dk");
        run(&["account", "add", &address, "--name", user, "--as", "admin@example.dk"]);
        for role in roles {
            run(&["account", "grant", &address, role, "--as", "admin@example.dk"]);
        }
    }
    import(&fresh, exported.path(), "coordinator").assert_success();
    assert_eq!(contents(export(&fresh).path()), held, "both at once, into an empty database");
}

fn who_imports_an_evaluation_has_written_in_it(backend: Backend) {
    let server = Server::serve(evaluated(backend), &[]);
    let auditor = server.signed_in("auditor");
    let query =
        "{ intervention(slug: \"den-korte-snor\") { virkningsevalueringer { nodes { id status criteria {
        result { attainment verdict warnings { code } } claims { printed printedBefore label } } } } } }";
    let found = auditor.data(query, json!({}));
    let evaluation = &found["intervention"]["virkningsevalueringer"]["nodes"][0];
    assert_eq!(evaluation["status"], "SUBMITTED");
    assert_eq!(
        evaluation["criteria"][1],
        json!({
            "result": {
                "attainment": "MET", "verdict": "INCONCLUSIVE",
                "warnings": [{ "code": "POST_HOC" }, { "code": "PAIRING_UNKNOWN" }],
            },
            "claims": [{ "printed": "46.1", "printedBefore": "32.6", "label": "DENOMINATOR_AFTER" }],
        })
    );
    let id = evaluation["id"].as_str().expect("an id");
    let approver = server.signed_in("approver-sof");
    assert_eq!(code(&approver.step("approve", id, json!({}))), "OK");
    let importer = auditor.evaluation(id, "history(first: 1) { nodes { action actor { name } } }");
    let first = json!({ "action": "IMPORT", "actor": { "name": "Evaluator SOF" } });
    assert_eq!(importer["history"]["nodes"][0], first);
}

fn every_fault_of_an_evaluation_is_told_at_once(backend: Backend) {
    let database = Database::register(backend);
    let before = database.count("event");
    let copy = copy_of(evaluations_folder());
    let edit = |file: &str, from: &str, to: &str| {
        let path = copy.path().join(file);
        let content = fs::read_to_string(&path).expect("a file");
        assert!(content.contains(from), "{file} holds {from}");
        fs::write(&path, content.replacen(from, to, 1)).expect("an edited file");
    };
    edit("success_criteria.csv", "RELATIVE_CHANGE,0.5", "RELATIVE_CHANGE,50");
    edit("success_criteria.csv", "UP,", "SIDEWAYS,");
    edit("measurements.csv", "5,43", "44,43");
    edit("measurements.csv", "2022-07-01,2023-06-30", "2022-07-01,2021-06-30");
    edit("measurements.csv", "43 unikke deltagere", "44 unikke deltagere");
    edit("measurements.csv", "PARTICIPANTS", "EVERYONE");
    let ran = import(&database, copy.path(), "evaluator-sof");
    assert!(!ran.status.success());
    for told in [
        "success_criteria.csv:2: threshold: \"50\": ",
        "success_criteria.csv:3: direction: \"SIDEWAYS\": Use one of UP, DOWN",
        "measurements.csv:2: group: \"EVERYONE\": Use one of PARTICIPANTS",
    ] {
        assert!(ran.stderr.contains(told), "{told} in {}", ran.stderr);
    }
    assert_eq!(database.count("event"), before);
    assert_eq!(database.count("virkningsevaluering"), 0, "all of it or nothing");
}

fn only_who_may_evaluate_imports_evaluations(backend: Backend) {
    let database = Database::register(backend);
    for user in ["coordinator", "evaluator-tmf", "approver-sof", "auditor", "admin", "reader"] {
        let ran = import(&database, Path::new(evaluations_folder()), user);
        assert!(!ran.status.success(), "{user}");
        assert!(ran.stderr.contains("evaluations.csv:2: "), "{user} is told the row: {}", ran.stderr);
    }
    assert_eq!(database.count("virkningsevaluering"), 0);
}

fn a_measurement_that_is_there_is_not_overwritten(backend: Backend) {
    let server = Server::start(backend);
    let database = server.database();
    let copy = copy_of(evaluations_folder());
    let evaluations = copy.path().join("evaluations.csv");
    let registered = fs::read_to_string(&evaluations).expect("a file").replace("SUBMITTED", "REGISTERED");
    fs::write(&evaluations, registered).expect("an edited file");
    import(database, copy.path(), "evaluator-sof").assert_success();
    let before = database.count("event");
    let measurements = copy.path().join("measurements.csv");
    let content = fs::read_to_string(&measurements).expect("a file").replacen(",5,43,", ",6,43,", 1);
    fs::write(&measurements, content).expect("an edited file");
    let ran = import(database, copy.path(), "evaluator-sof");
    assert!(!ran.status.success());
    assert!(ran.stderr.contains("measurements.csv:2: wave: "), "{}", ran.stderr);
    assert_eq!(database.count("event"), before);
}

fn what_is_decided_stays_with_its_database(backend: Backend) {
    let server = Server::start(backend);
    let snor = Snor::published(&server);
    let exported = contents(export(server.database()).path());
    let evaluations = &exported["evaluations.csv"];
    assert!(evaluations.contains(",SUBMITTED,"), "an approval is not a file's to give: {evaluations}");
    let withdrawn =
        server.signed_in("approver-sof").step("withdraw", &snor.id, json!({ "reason": "Forkert" }));
    assert_eq!(code(&withdrawn), "OK");
    let exported = contents(export(server.database()).path());
    assert!(!exported.contains_key("evaluations.csv"), "what is withdrawn is not carried on");
}
