//! Wrong passwords: how many are taken, from whom, and who is not locked out by them.

use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Answer, Backend, Client, Server};

on_both_databases!(
    ten_wrong_passwords_are_taken_and_then_one_after_each_delay,
    a_restart_forgets_no_wrong_password,
    a_stranger_locks_nobody_out_of_their_usual_place,
    an_address_is_limited_across_accounts_and_those_who_work_there_are_not,
    only_a_trusted_proxy_says_where_a_request_comes_from,
    a_request_checks_one_password_however_often_it_asks,
    fifty_at_once_on_two_servers_get_ten_checks,
    a_crowd_with_the_right_password_is_not_taken_for_guessing,
    wrong_present_passwords_are_limited_too,
    old_counts_are_deleted,
);

const SIGN_IN: &str = "mutation($e: String!, $p: String!) { signIn(input: { email: $e, password: $p }) { \
                       accessToken userErrors { code } } }";
const BEHIND_PROXY: [&str; 3] = ["--explorer", "--trusted-proxy", "127.0.0.0/8,::1"];

fn behind_proxy(backend: Backend, options: &[&str]) -> Server {
    let options: Vec<_> = BEHIND_PROXY.iter().chain(options).copied().collect();
    Server::serve(crate::support::Database::register(backend), &options)
}

fn attempt(client: &Client, user: &str, password: &str) -> Answer {
    client.ask(SIGN_IN, json!({ "e": format!("{user}@example.dk"), "p": password }))
}

/// How an attempt went: `SIGNED_IN`, `WRONG_CREDENTIALS` or `RATE_LIMITED`.
fn outcome(client: &Client, user: &str, password: &str) -> String {
    let answer = attempt(client, user, password).json();
    let code = &answer["errors"][0]["extensions"]["code"];
    let fault = &answer["data"]["signIn"]["userErrors"][0]["code"];
    code.as_str().or(fault.as_str()).unwrap_or("SIGNED_IN").to_owned()
}

fn right(client: &Client, user: &str) -> String {
    outcome(client, user, &format!("{user}@example.dk"))
}

fn wrong(client: &Client, user: &str) -> String {
    outcome(client, user, "a wrong password")
}

/// Gives a wrong password so many times, each of which is taken.
fn waste(client: &Client, user: &str, times: usize) {
    for time in 1..=times {
        assert_eq!(wrong(client, user), "WRONG_CREDENTIALS", "{user} {time}");
    }
}

fn retry_after(answer: &Answer) -> u64 {
    assert_eq!(answer.error_code(), "RATE_LIMITED");
    let seconds = answer.json()["errors"][0]["extensions"]["retryAfter"].as_u64().expect("seconds");
    assert_eq!(answer.header("retry-after"), Some(seconds.to_string().as_str()));
    seconds
}

fn ten_wrong_passwords_are_taken_and_then_one_after_each_delay(backend: Backend) {
    let server = Server::start(backend);
    let stranger = server.stranger();
    let mut told = Vec::new();
    for user in ["reader", "unknown"] {
        waste(&stranger, user, 10);
        let refused = attempt(&stranger, user, "a wrong password");
        let first = retry_after(&refused);
        assert!((1..=5).contains(&first), "{first}");
        let message = refused.json()["errors"][0]["message"].clone();
        assert_eq!(message, format!("Too many attempts. Try again in {first} seconds."));
        told.push(refused.json()["data"].clone());
    }
    assert_eq!(told[0], told[1], "who does not exist is refused as who does");
    let danish = attempt(&stranger.clone().in_danish(), "reader", "a wrong password").json();
    let message = danish["errors"][0]["message"].as_str().expect("a message").to_owned();
    assert!(message.starts_with("For mange forsøg. Prøv igen om "), "{message}");
    // Nothing is taken meanwhile, not even what is right, and to go on lengthens nothing.
    let left = retry_after(&attempt(&stranger, "reader", "reader@example.dk"));
    thread::sleep(Duration::from_secs(left));
    assert_eq!(wrong(&stranger, "reader"), "WRONG_CREDENTIALS", "one more, after the delay");
    let second = retry_after(&attempt(&stranger, "reader", "reader@example.dk"));
    assert!((6..=10).contains(&second), "the delay grows: {second}");
    thread::sleep(Duration::from_secs(second));
    assert_eq!(right(&stranger, "reader"), "SIGNED_IN");
    waste(&stranger, "reader", 10);
}

fn a_restart_forgets_no_wrong_password(backend: Backend) {
    let server = Server::start(backend);
    waste(&server.stranger(), "reader", 10);
    // As after six delays, so that the rest of the test need not be quick.
    server.database().execute("UPDATE attempt_count SET failures = 16").expect("more of them");
    let (_, database) = server.stop();
    let server = Server::serve(database.expect("the database"), &["--explorer"]);
    let left = retry_after(&attempt(&server.stranger(), "reader", "reader@example.dk"));
    assert!((100..=320).contains(&left), "{left}");
}

fn a_stranger_locks_nobody_out_of_their_usual_place(backend: Backend) {
    let server = behind_proxy(backend, &[]);
    let from = |address: &str| server.stranger().from(address);
    let (desk, phone, stranger) = (from("198.51.100.1"), from("198.51.100.2"), from("203.0.113.9"));
    assert_eq!(right(&desk, "reader"), "SIGNED_IN");
    waste(&stranger, "reader", 10);
    for client in [&stranger, &phone] {
        assert_eq!(right(client, "reader"), "RATE_LIMITED", "from where it has not been");
    }
    assert_eq!(right(&desk, "reader"), "SIGNED_IN", "at the usual place");
    // Who sits at the usual place locks that, and nothing else.
    let (desk, home) = (from("198.51.100.3"), from("198.51.100.4"));
    assert_eq!(right(&desk, "coordinator"), "SIGNED_IN");
    waste(&desk, "coordinator", 10);
    assert_eq!(right(&desk, "coordinator"), "RATE_LIMITED");
    assert_eq!(right(&home, "coordinator"), "SIGNED_IN");
    // What is signed in goes on, whatever strangers do.
    let auditor = server.stranger().from("198.51.100.5").sign_in("auditor@example.dk", "auditor@example.dk");
    waste(&from("198.51.100.5"), "auditor", 10);
    let refresh = "mutation($t: String!) { refreshSession(input: { refreshToken: $t }) { accessToken } }";
    let renewed = auditor.data(refresh, json!({ "t": auditor.refresh_token }));
    assert!(renewed["refreshSession"]["accessToken"].is_string());
    // A one-time link opens every door again.
    let admin = server.stranger().from("198.51.100.6").sign_in("admin@example.dk", "admin@example.dk");
    let id = auditor.data("{ viewer { id } }", json!({}))["viewer"]["id"].clone();
    let made = admin.mutate("createPasswordLink", &json!({ "accountId": id }), "link");
    let (_, token) = made["link"].as_str().and_then(|link| link.split_once('#')).expect("a link");
    let input = json!({ "token": token, "password": "auditor@example.dk" });
    let set = from("198.51.100.5").mutate("redeemPasswordLink", &input, "email");
    assert_eq!(set["email"], "auditor@example.dk");
    assert_eq!(right(&from("198.51.100.5"), "auditor"), "SIGNED_IN");
}

fn an_address_is_limited_across_accounts_and_those_who_work_there_are_not(backend: Backend) {
    let server = behind_proxy(backend, &["--shared-address", "192.0.2.0/24"]);
    let from = |address: &str| server.stranger().from(address);
    let hall = from("198.51.100.1");
    assert_eq!(right(&hall, "reader"), "SIGNED_IN");
    for unknown in 0..29 {
        waste(&hall, &format!("unknown-{unknown}"), 1);
    }
    assert_eq!(right(&hall, "auditor"), "SIGNED_IN", "the right password ends the count");
    for unknown in 0..30 {
        waste(&hall, &format!("stranger-{unknown}"), 1);
    }
    for user in ["another", "coordinator"] {
        assert_eq!(right(&hall, user), "RATE_LIMITED", "{user} has not been here");
    }
    assert_eq!(right(&from("198.51.100.2"), "coordinator"), "SIGNED_IN", "from elsewhere");
    // Where a crowd guesses, three wrong ones are taken of each who works there.
    waste(&hall, "auditor", 3);
    assert_eq!(right(&hall, "auditor"), "RATE_LIMITED");
    assert_eq!(right(&hall, "reader"), "SIGNED_IN", "one person does not lock out the others");
    // An address that is declared to be many people's takes more.
    let shared = from("192.0.2.7");
    for unknown in 0..40 {
        waste(&shared, &format!("newcomer-{unknown}"), 1);
    }
    assert_eq!(right(&shared, "admin"), "SIGNED_IN");
}

fn only_a_trusted_proxy_says_where_a_request_comes_from(backend: Backend) {
    let server = Server::start(backend);
    for attempt in 0..10 {
        waste(&server.stranger().from(&format!("198.51.100.{attempt}")), "reader", 1);
    }
    assert_eq!(right(&server.stranger().from("198.51.100.99"), "reader"), "RATE_LIMITED");
    let addresses = server
        .database()
        .query("SELECT COUNT(*) AS count FROM attempt_count WHERE failures > 0 AND known_at IS NULL");
    assert_eq!(addresses[0].try_get::<i64>("", "count"), Ok(2), "one account, one address");
    // Behind a trusted proxy, what the client wrote itself does not count.
    let server = behind_proxy(backend, &[]);
    for attempt in 0..10 {
        waste(&server.stranger().from(&format!("198.51.100.{attempt}, 203.0.113.9")), "reader", 1);
    }
    let stored = server.database().query("SELECT failures FROM attempt_count ORDER BY failures");
    let failures: Vec<i32> =
        stored.iter().map(|row| row.try_get("", "failures").expect("a number")).collect();
    assert_eq!(failures, [10, 10], "all from one address");
}

fn a_request_checks_one_password_however_often_it_asks(backend: Backend) {
    let server = Server::start(backend);
    let asking = |times: usize, password: &str| {
        let fields: Vec<_> = (0..times)
            .map(|at| {
                format!(
                    "a{at}: signIn(input: {{ email: \"reader@example.dk\", password: \"{password}\" }}) \
                     {{ accessToken userErrors {{ code }} }} "
                )
            })
            .collect();
        server.stranger().ask(&format!("mutation {{ {} }}", fields.join(" ")), json!({})).json()
    };
    let checked = || server.database().query("SELECT MAX(failures) AS most FROM attempt_count");
    let most = || checked()[0].try_get::<Option<i32>>("", "most").expect("a number").unwrap_or_default();
    assert_eq!(asking(101, "wrong")["data"], Value::Null, "so many are no request at all");
    assert_eq!(most(), 0);
    let answer = asking(30, "wrong");
    assert_eq!(answer["data"]["a0"]["userErrors"][0]["code"], "WRONG_CREDENTIALS");
    let errors = answer["errors"].as_array().expect("errors");
    assert_eq!(errors.len(), 29);
    assert!(errors.iter().all(|error| error["extensions"]["code"] == "RATE_LIMITED"));
    assert_eq!(most(), 1);
    // Not even with the right one are there two.
    let answer = asking(2, "reader@example.dk");
    assert!(answer["data"]["a0"]["accessToken"].is_string());
    assert_eq!(answer["data"]["a1"], Value::Null);
    assert_eq!(server.database().count("session"), 1);
}

fn fifty_at_once_on_two_servers_get_ten_checks(backend: Backend) {
    let first = Server::start(backend);
    let second = Server::serve(first.database().shared(), &[]);
    let outcomes = at_once(50, |at| {
        let server = if at % 2 == 0 { &first } else { &second };
        wrong(&server.stranger(), "reader")
    });
    let checks = outcomes.iter().filter(|outcome| *outcome == "WRONG_CREDENTIALS").count();
    // Some may have waited too long for a turn where the machine is busy; those are not checked either.
    assert!((1..=10).contains(&checks), "{outcomes:?}");
    assert!(outcomes.iter().any(|outcome| outcome == "RATE_LIMITED"), "{outcomes:?}");
    let rows = first.database().query("SELECT MAX(failures) AS most FROM attempt_count");
    let counted: i32 = rows[0].try_get("", "most").expect("a number");
    assert_eq!(usize::try_from(counted), Ok(checks), "each check is counted, and nothing else");
}

fn a_crowd_with_the_right_password_is_not_taken_for_guessing(backend: Backend) {
    let server = Server::start(backend);
    let outcomes = at_once(30, |_| right(&server.stranger(), "reader"));
    assert!(outcomes.iter().all(|outcome| outcome != "RATE_LIMITED"), "{outcomes:?}");
    assert!(outcomes.iter().any(|outcome| outcome == "SIGNED_IN"), "{outcomes:?}");
}

fn at_once(count: usize, ask: impl Fn(usize) -> String + Sync) -> Vec<String> {
    thread::scope(|scope| {
        let ask = &ask;
        let rivals: Vec<_> = (0..count).map(|at| scope.spawn(move || ask(at))).collect();
        rivals.into_iter().map(|rival| rival.join().expect("an answer")).collect()
    })
}

fn wrong_present_passwords_are_limited_too(backend: Backend) {
    let server = Server::start(backend);
    let client = server.signed_in("reader");
    let change = |present: &str| {
        let input = json!({ "presentPassword": present, "newPassword": "a long enough password" });
        client.refusal("changePassword", &input).0
    };
    for _taken in 0..10 {
        assert_eq!(change("wrong"), "WRONG_PASSWORD");
    }
    assert_eq!(change("reader@example.dk"), "RATE_LIMITED");
    assert_eq!(right(&server.stranger(), "reader"), "SIGNED_IN", "which is no wrong sign-in");
}

fn old_counts_are_deleted(backend: Backend) {
    let server = Server::start(backend);
    waste(&server.stranger(), "reader", 2);
    assert_eq!(right(&server.stranger(), "auditor"), "SIGNED_IN");
    assert_eq!(
        server.database().count("attempt_count"),
        4,
        "two accounts, an address, and who is known there"
    );
    let long_ago =
        "UPDATE attempt_count SET counted_at = 1, known_at = CASE WHEN known_at IS NULL THEN NULL ELSE 1 END";
    server.database().execute(long_ago).expect("counts of long ago");
    let (_, database) = server.stop();
    // Looked for when a server starts, and then every minute.
    let server = Server::serve(database.expect("the database"), &[]);
    let began = std::time::Instant::now();
    while server.database().count("attempt_count") > 0 {
        assert!(began.elapsed() < Duration::from_secs(30));
        thread::sleep(Duration::from_millis(100));
    }
}
