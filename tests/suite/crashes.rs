//! What was acknowledged is there after a crash, whoever crashes.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{Backend, Client, Cluster, Database, Server, Snor, virkning};

const WRITERS: usize = 8;
const ADD: &str = "mutation($i: AddPopulationInput!) { addPopulation(input: $i) { population { name } userErrors { code } } }";

/// Adds a population. Whether that was acknowledged.
fn add(client: &Client, evaluation: &str, name: &str) -> Result<(), Option<Value>> {
    let input = json!({ "virkningsevalueringId": evaluation, "name": name, "idempotencyKey": name });
    match client.attempt(ADD, json!({ "i": input })) {
        Some(answer) if answer["data"]["addPopulation"]["population"]["name"] == name => Ok(()),
        otherwise => Err(otherwise),
    }
}

/// Adds populations until the server is gone, or answers that it cannot.
fn write(
    client: &Client,
    evaluation: &str,
    writer: usize,
    over: &AtomicBool,
    acknowledged: &Mutex<BTreeSet<String>>,
) {
    for number in 0.. {
        let name = format!("{writer}-{number}");
        match add(client, evaluation, &name) {
            Ok(()) => {
                acknowledged.lock().expect("the names").insert(name);
            }
            Err(_) if over.load(Ordering::Relaxed) => return,
            Err(answer) => panic!("before the crash: {answer:?}"),
        }
    }
}

/// Lets writers write below an evaluation until `crash`, and gives back what was acknowledged.
fn written_until(client: &Client, evaluation: &str, crash: impl FnOnce()) -> BTreeSet<String> {
    let (over, acknowledged) = (AtomicBool::new(false), Mutex::default());
    thread::scope(|scope| {
        for writer in 0..WRITERS {
            let (over, acknowledged) = (&over, &acknowledged);
            scope.spawn(move || write(client, evaluation, writer, over, acknowledged));
        }
        thread::sleep(Duration::from_millis(1_500));
        over.store(true, Ordering::Relaxed);
        crash();
    });
    acknowledged.into_inner().expect("the names")
}

fn nothing_is_lost(database: &Database, acknowledged: &BTreeSet<String>) {
    assert!(acknowledged.len() > 20, "{} writes were acknowledged", acknowledged.len());
    let rows = database.query("SELECT name FROM population");
    let stored: BTreeSet<String> =
        rows.into_iter().map(|row| row.try_get("", "name").expect("a name")).collect();
    let lost: Vec<_> = acknowledged.difference(&stored).collect();
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    // Data exists if and only if its event does.
    virkning(&database.url, &["verify"]).assert_success();
}

#[test]
fn what_was_acknowledged_outlives_postgresql() {
    let cluster = Cluster::lazy();
    let database = cluster.copy_of(&Database::register(Backend::Postgres));
    let server = Server::serve(database.shared(), &[]);
    let client = server.signed_in("evaluator-sof");
    let snor = Snor::drafted(&client);
    let acknowledged = written_until(&client, &snor.id, || cluster.crash());
    cluster.start();
    nothing_is_lost(&database, &acknowledged);
    // The server goes on without being started anew, once it has found that its connections are gone.
    let started = Instant::now();
    while let Err(answer) = add(&client, &snor.id, "afterwards") {
        assert!(started.elapsed() < Duration::from_secs(20), "{answer:?}");
        thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn what_was_acknowledged_outlives_the_server() {
    let database = Database::register(Backend::Sqlite);
    let server = Server::serve(database.shared(), &[]);
    let client = server.signed_in("evaluator-sof");
    let snor = Snor::drafted(&client);
    let acknowledged = written_until(&client, &snor.id, || server.kill());
    nothing_is_lost(&database, &acknowledged);
}
