//! Passwords: what checking one costs, whom it holds up, and what the time tells.

use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::{Backend, Client, Database, Server};

on_both_databases!(
    an_unknown_account_takes_as_long_as_a_wrong_password,
    fifty_at_once_hold_up_nobody,
    a_long_password_is_refused_before_it_is_hashed,
    passwords_are_hashed_as_hard_as_they_should_be,
);

/// How often something that is measured is tried, on a machine that does other things too.
const TRIES: usize = 5;

fn sign_in(client: &Client, email: &str, password: &str) -> String {
    let query = "mutation($e: String!, $p: String!) { signIn(input: { email: $e, password: $p }) { \
                 accessToken userErrors { code } } }";
    client.ask(query, json!({ "e": email, "p": password })).body
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn an_unknown_account_takes_as_long_as_a_wrong_password(backend: Backend) {
    // Each attempt comes from another place, so that none is refused.
    let server = Server::serve(Database::register(backend), &["--trusted-proxy", "127.0.0.1"]);
    let mut place = 0;
    let mut timed = |email: &str| {
        place += 1;
        let client = server.stranger().from(&format!("10.0.{}.{}", place / 200, place % 200));
        let began = Instant::now();
        let body = sign_in(&client, email, "a wrong password");
        assert!(body.contains("WRONG_CREDENTIALS"), "{body}");
        began.elapsed()
    };
    timed("warm@example.dk");
    let users = ["reader", "auditor", "coordinator", "approver", "evaluator"];
    let (mut known, mut unknown) = (Duration::MAX, Duration::MAX);
    let mut ratios = Vec::new();
    for user in users.iter().take(TRIES) {
        for at in 0..9 {
            // Which comes first changes, so that what else goes on meets both.
            if at % 2 == 0 {
                known = known.min(timed(&format!("{user}@example.dk")));
                unknown = unknown.min(timed(&format!("{user}@example.com")));
            } else {
                unknown = unknown.min(timed(&format!("{user}@example.com")));
                known = known.min(timed(&format!("{user}@example.dk")));
            }
        }
        // What else goes on only adds to a time, so the least of many is what the work takes.
        let ratio = known.as_secs_f64() / unknown.as_secs_f64();
        ratios.push(ratio);
        if (0.9..=1.1).contains(&ratio) {
            return;
        }
    }
    panic!("the times differ by more than a tenth: {ratios:?}");
}

fn fifty_at_once_hold_up_nobody(backend: Backend) {
    let server = Server::serve(Database::register(backend), &["--trusted-proxy", "127.0.0.1"]);
    let mut best = Duration::MAX;
    for round in 0..TRIES {
        best = best.min(beside_fifty(&server, round));
        if best < Duration::from_millis(200) {
            return;
        }
    }
    panic!("a small question took {best:?} at best");
}

/// How long a small question takes, in the median of ten, while fifty sign in.
fn beside_fifty(server: &Server, round: usize) -> Duration {
    thread::scope(|scope| {
        for at in 0..50 {
            scope.spawn(move || {
                // From as many places, so that each is hashed; those who wait too long for a turn are told to come back.
                let client = server.stranger().from(&format!("10.0.{round}.{at}"));
                let body = sign_in(&client, &format!("unknown-{round}-{at}@example.dk"), "a wrong password");
                assert!(body.contains("WRONG_CREDENTIALS") || body.contains("UNAVAILABLE"), "{body}");
            });
        }
        let client = server.stranger();
        let ask = |_| {
            let began = Instant::now();
            assert_eq!(client.data("{ __typename }", json!({}))["__typename"], "Query");
            began.elapsed()
        };
        median((0..10).map(ask).collect())
    })
}

fn a_long_password_is_refused_before_it_is_hashed(backend: Backend) {
    let server = Server::start(backend);
    let long = "x".repeat(1_025);
    for _more_than_are_taken in 0..12 {
        let body = sign_in(&server.stranger(), "reader@example.dk", &long);
        assert!(body.contains("WRONG_CREDENTIALS"), "{body}");
    }
    assert_eq!(server.database().count("attempt_count"), 0, "what is counted is what is checked");
    let client = server.signed_in("reader");
    let input = json!({ "presentPassword": long, "newPassword": "a long enough password" });
    assert_eq!(client.refusal("changePassword", &input).0, "WRONG_PASSWORD");
    let input = json!({ "presentPassword": "reader@example.dk", "newPassword": long });
    assert_eq!(client.refusal("changePassword", &input).0, "BAD_USER_INPUT");
    assert_eq!(server.database().query("SELECT 1 FROM attempt_count WHERE failures > 0").len(), 0);
}

fn passwords_are_hashed_as_hard_as_they_should_be(backend: Backend) {
    let server = Server::start(backend);
    for row in server.database().query("SELECT password_hash FROM account") {
        let hash: String = row.try_get("", "password_hash").expect("a hash");
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
    }
}
