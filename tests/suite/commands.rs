//! The command line: the demo, the first accounts, the configuration, stopping.

use std::fs;
use std::thread;

use serde_json::json;
use tempfile::TempDir;

use crate::support::{Backend, Client, Database, Server, virkning};

on_both_databases!(
    the_first_account_is_admin_and_makes_the_others,
    a_database_that_is_behind_is_told_and_migrated,
    a_server_asked_to_stop_finishes_what_it_began,
    a_newer_database_is_refused,
);

#[test]
fn the_demo_is_ready_by_itself_and_is_there_again_after_a_restart() {
    let folder = TempDir::new().expect("a temporary folder");
    let data = folder.path().to_string_lossy().into_owned();
    let demo = Server::demo(&["--data", &data]);
    let accounts = demo.ready["accounts"].clone();
    let grants: Vec<_> = accounts
        .as_array()
        .expect("accounts")
        .iter()
        .map(|account| {
            let grant = &account["grants"][0];
            format!(
                "{} {}",
                grant["role"].as_str().expect("a role"),
                grant["forvaltning"].as_str().unwrap_or("-")
            )
        })
        .collect();
    for expected in ["READER -", "COORDINATOR -", "AUDITOR -", "ADMIN -"] {
        assert_eq!(grants.iter().filter(|grant| *grant == expected).count(), 1, "{expected}");
    }
    for code in ["SOF", "BIF", "BUF", "TMF", "ØKF"] {
        for role in ["EVALUATOR", "APPROVER"] {
            assert!(grants.contains(&format!("{role} {code}")), "{role} {code}");
        }
    }
    assert_eq!(grants.len(), 14);
    let printed = demo.printed();
    for account in accounts.as_array().expect("accounts") {
        let (email, password) = (
            account["email"].as_str().expect("an address"),
            account["password"].as_str().expect("a password"),
        );
        assert!(printed.contains(email) && printed.contains(password), "{email} is printed");
        let client = demo.stranger().sign_in(email, password);
        let viewer =
            client.data("{ viewer { name roleGrants { role forvaltning { code } } } }", json!({}))["viewer"]
                .clone();
        assert_eq!(viewer["name"], account["name"]);
        assert_eq!(viewer["roleGrants"][0]["role"], account["grants"][0]["role"]);
    }
    for told in [
        "Trivsel hos deltagerne i Den Korte Snor (SUBMITTED)",
        "  Skolefravær      13 of 43   5 of 43      -61.5%   MET          INCONCLUSIVE",
        "  Venskaber        14 of 43   26 of 43     +85.7%   MET          INCONCLUSIVE",
    ] {
        assert!(printed.contains(told), "{told} is printed: {printed}");
    }
    let coordinator = |server: &Server| {
        let account = &server.ready["accounts"][1];
        let text = |name: &str| account[name].as_str().expect(name).to_owned();
        server.stranger().sign_in(&text("email"), &text("password"))
    };
    let client = coordinator(&demo);
    let (id, version) = client.intervention("ludo");
    client.mutate(
        "updateIntervention",
        &json!({ "id": id, "expectedVersion": version, "name": "Omdøbt" }),
        "intervention { id }",
    );
    assert_eq!(demo.stop().0.code(), Some(0));
    let files: Vec<_> = fs::read_dir(folder.path())
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name())
        .collect();
    assert_eq!(files.len(), 1, "one SQLite file: {files:?}");

    let again = Server::demo(&["--data", &data]);
    assert_eq!(again.ready["accounts"], accounts);
    let name = coordinator(&again).data("{ intervention(slug: \"ludo\") { name } }", json!({}));
    assert_eq!(name["intervention"]["name"], "Omdøbt", "all is as it was left");
    let register = coordinator(&again).data("{ interventions { totalCount } }", json!({}));
    assert_eq!(register["interventions"]["totalCount"], 22);
}

#[test]
fn the_demo_listens_on_this_machine_only() {
    let ran = virkning("sqlite://unused.db", &["demo", "--listen", "0.0.0.0:0"]);
    assert!(!ran.status.success() && ran.stderr.contains("127.0.0.1"), "{}", ran.stderr);
}

#[test]
fn all_faults_of_the_configuration_are_told_at_once() {
    let ran = virkning("mysql://x", &["serve", "--ready-file", "/nowhere/ready.json"]);
    assert!(!ran.status.success());
    for option in ["--database-url: ", "--jwt-secret-file: ", "--ready-file: "] {
        assert!(ran.stderr.contains(option), "{option} in {}", ran.stderr);
    }
}

#[test]
fn help_explains_each_option_with_its_default() {
    let ran = virkning("sqlite://unused.db", &["--help"]);
    ran.assert_success();
    for text in [
        "VIRKNING_LISTEN",
        "127.0.0.1:8080",
        "sqlite://virkning.db",
        "VIRKNING_JWT_SECRET_FILE",
        "demo",
        "import",
    ] {
        assert!(ran.stdout.contains(text), "{text} in {}", ran.stdout);
    }
}

fn the_first_account_is_admin_and_makes_the_others(backend: Backend) {
    let database = Database::empty(backend);
    let run = |arguments: &[&str]| virkning(&database.url, arguments);
    run(&["migrate"]).assert_success();
    let first = run(&["account", "add", "first@example.dk", "--name", "First"]);
    first.assert_success();
    let password = first
        .stdout
        .lines()
        .find_map(|line| line.strip_prefix("First password, shown once: "))
        .expect("a password")
        .to_owned();
    let refused = run(&["account", "add", "second@example.dk", "--name", "Second"]);
    assert!(refused.stderr.contains("--as EMAIL"), "{}", refused.stderr);
    run(&["account", "add", "second@example.dk", "--name", "Second", "--as", "first@example.dk"])
        .assert_success();
    let refused = run(&["account", "grant", "second@example.dk", "KING", "--as", "first@example.dk"]);
    assert!(refused.stderr.contains("is not one of READER, EVALUATOR"), "{}", refused.stderr);
    let refused = run(&[
        "account",
        "grant",
        "second@example.dk",
        "EVALUATOR",
        "--forvaltning",
        "XYZ",
        "--as",
        "first@example.dk",
    ]);
    assert!(refused.stderr.contains("forvaltning"), "{}", refused.stderr);
    run(&["account", "grant", "second@example.dk", "ADMIN", "--as", "first@example.dk"]).assert_success();
    let server = Server::serve(database, &[]);
    let events = server.stranger().sign_in("first@example.dk", &password).events();
    assert_eq!(events, 4, "two accounts and two grants");
}

fn a_database_that_is_behind_is_told_and_migrated(backend: Backend) {
    let database = Database::empty(backend);
    let ran = virkning(&database.url, &["account", "add", "x@example.dk", "--name", "X"]);
    assert!(!ran.status.success() && ran.stderr.contains("virkning migrate"), "{}", ran.stderr);
    virkning(&database.url, &["migrate"]).assert_success();
    virkning(&database.url, &["migrate"]).assert_success();
    assert_eq!(database.count("intervention"), 0);
}

fn a_newer_database_is_refused(backend: Backend) {
    let database = Database::register(backend);
    database
        .execute("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m29990101_000001_future', 1)")
        .expect("a row");
    let ran = virkning(&database.url, &["export", "/nowhere", "--as", "coordinator@example.dk"]);
    assert!(!ran.status.success() && ran.stderr.contains("newer version"), "{}", ran.stderr);
}

fn a_server_asked_to_stop_finishes_what_it_began(backend: Backend) {
    let server = Server::start(backend);
    let client = server.signed_in("coordinator");
    let acknowledged: Vec<bool> = thread::scope(|scope| {
        let writers: Vec<_> = (0..20)
            .map(|number| {
                let client = &client;
                scope.spawn(move || writes(client, number))
            })
            .collect();
        thread::sleep(std::time::Duration::from_millis(30));
        server.signal_to_stop();
        writers.into_iter().map(|writer| writer.join().unwrap_or(false)).collect()
    });
    let (status, database) = server.stop();
    assert_eq!(status.code(), Some(0));
    let database = database.expect("the database");
    let rows = database.query("SELECT slug FROM intervention WHERE slug LIKE 'stop-%'");
    let stored: Vec<String> = rows.iter().map(|row| row.try_get("", "slug").expect("a slug")).collect();
    for (number, acknowledged) in acknowledged.into_iter().enumerate() {
        assert!(
            !acknowledged || stored.contains(&format!("stop-{number}")),
            "what was acknowledged is stored"
        );
    }
}

/// Whether the write was acknowledged; a refused connection is a clean refusal.
fn writes(client: &Client, number: usize) -> bool {
    let input = json!({ "slug": format!("stop-{number}"), "name": "x" });
    client.mutate("createIntervention", &input, "intervention { id }")["userErrors"] == json!([])
}
