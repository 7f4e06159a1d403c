//! Denials, by everything that the schema lets one try, and by more of them than anyone needs.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::access_log::{absent, entries, refusals, within_an_hour};
use crate::support::inputs::Inputs;
use crate::support::{Backend, Server, fault_codes};

/// Within this a server that is well answers what costs it nothing.
const HEALTHY: Duration = Duration::from_millis(200);

on_both_databases!(
    every_mutation_that_is_denied_leaves_an_entry,
    a_flood_of_denials_by_several_leaves_others_healthy,
);

fn every_mutation_that_is_denied_leaves_an_entry(backend: Backend) {
    within_an_hour();
    let server = Server::start(backend);
    let (auditor, nobody) = (server.signed_in("auditor"), server.signed_in("nobody"));
    let inputs = Inputs::read(&nobody);
    let mut denied = 0;
    for root in inputs.roots.iter().filter(|root| root.operation == "mutation" && root.takes_input()) {
        let mut arguments = inputs.least(root);
        if root.name == "addClaim" {
            arguments["input"]["year"] = json!(2023);
        }
        let (document, variables) = root.by_variables(&arguments);
        let answer = nobody.ask(&document, serde_json::from_str(&variables).expect("variables"));
        let codes = fault_codes(&answer);
        let is_denied = codes.iter().any(|code| ["FORBIDDEN", "NOT_FOUND"].contains(&code.as_str()));
        // A session is everyone's own affair.
        let own = ["signIn", "refreshSession", "changePassword", "redeemPasswordLink"]
            .contains(&root.name.as_str());
        assert_eq!(is_denied, !own, "{}: {codes:?}", root.name);
        denied += i64::from(is_denied);
        let started = Instant::now();
        while refusals(&entries(&auditor, &json!({}))) < denied {
            assert!(started.elapsed() < Duration::from_mins(1), "{} leaves no entry", root.name);
            thread::sleep(Duration::from_millis(20));
        }
    }
    assert!(denied > 50, "{denied}");
    let entries = entries(&auditor, &json!({}));
    assert_eq!(refusals(&entries), denied, "one entry for each");
    for entry in &entries {
        assert_eq!(entry["actor"]["name"], "Nobody", "{entry}");
        assert!(entry["firstAt"].is_string() && entry["outcome"].is_string(), "{entry}");
    }
}

fn a_flood_of_denials_by_several_leaves_others_healthy(backend: Backend) {
    let server = Server::start(backend);
    let other = server.signed_in("evaluator-sof");
    let over = AtomicBool::new(false);
    let quickest = thread::scope(|scope| {
        for user in ["reader", "nobody", "evaluator-bif", "reader-sof"] {
            let (client, over) = (server.signed_in(user), &over);
            scope.spawn(move || {
                for number in (0..).take_while(|_| !over.load(Ordering::Relaxed)) {
                    let ids = (0..30).map(|at| absent("event", number * 30 + at));
                    let nodes =
                        ids.enumerate().map(|(at, id)| format!("n{at}: node(id: \"{id}\") {{ id }} "));
                    client.data(&format!("{{ {} }}", nodes.collect::<String>()), json!({}));
                }
            });
        }
        // The machine is shared with other tests, so the quickest of some answers counts.
        let quickest = (0..20).map(|_| {
            thread::sleep(Duration::from_millis(50));
            let asked = Instant::now();
            other.data("{ __typename }", json!({}));
            asked.elapsed()
        });
        let quickest = quickest.min().expect("an answer");
        over.store(true, Ordering::Relaxed);
        quickest
    });
    assert!(quickest < HEALTHY, "{quickest:?}");
    let rows = server.database().count("access_log_entry");
    assert!(rows <= 4 * 2 * 101, "{rows} rows of four actors in at most two hours");
}
