//! Following the history, until it ends: with the session, the rights, the token, the server.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::access_log::written;
use crate::support::{
    Backend, Client, Database, EventStream, Heard, Sent, Server, Socket, Way, init, token_for,
};

on_both_databases!(
    a_revoked_role_ends_it,
    a_role_that_came_later_may_go,
    signing_out_ends_it,
    a_new_password_ends_it,
    a_deactivated_account_ends_it,
    the_token_ends_it,
    who_reads_no_history_follows_none,
    stopping_ends_it_and_is_not_held_up,
    a_fault_ends_it_and_says_nothing_of_the_inside,
);

const FOLLOW: &str = "subscription { eventAppended { id } }";
/// How late an end may be noticed, and some more, since tests run side by side.
const SOON: Duration = Duration::from_secs(3);

/// A client that follows in both ways, and has begun to.
fn following(client: &Client) -> (Socket, EventStream) {
    let last = client.data("{ history(last: 2) { nodes { id } } }", json!({}))["history"]["nodes"].clone();
    let mut socket = Socket::of(client);
    let query = "subscription($after: ID) { eventAppended(after: $after) { id } }";
    // A socket does not tell that a subscription has begun; that an event has come tells it.
    socket.subscribe("1", query, json!({ "after": last[0]["id"] }));
    assert_eq!(socket.next("1")["eventAppended"]["id"], last[1]["id"]);
    (socket, EventStream::open(client, FOLLOW, &json!({})))
}

/// Both end with a code, soon.
fn assert_ended((mut socket, mut stream): (Socket, EventStream), code: &str) {
    let began = Instant::now();
    assert_eq!(socket.end("1"), code);
    match stream.next() {
        Sent::Next(last) => {
            assert_eq!(
                (&last["data"], &last["errors"][0]["extensions"]["code"]),
                (&Value::Null, &json!(code))
            );
            assert_eq!(last["errors"][0]["path"], json!(["eventAppended"]));
        }
        other => panic!("an error, not {other:?}"),
    }
    assert_eq!((stream.next(), stream.next()), (Sent::Complete, Sent::End));
    assert!(began.elapsed() < SOON, "{:?}", began.elapsed());
}

fn grants(client: &Client) -> Value {
    client.data("{ viewer { roleGrants { id version role } } }", json!({}))["viewer"]["roleGrants"].clone()
}

fn revoke(server: &Server, grant: &Value) {
    let input = json!({ "id": grant["id"], "expectedVersion": grant["version"] });
    let payload = server.signed_in("admin").mutate("revokeRole", &input, "roleGrant { id }");
    assert_eq!(payload["userErrors"], json!([]));
}

fn a_revoked_role_ends_it(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let streams = following(&evaluator);
    revoke(&server, &grants(&evaluator)[0]);
    assert_ended(streams, "FORBIDDEN");
}

fn a_role_that_came_later_may_go(backend: Backend) {
    let server = Server::start(backend);
    let auditor = server.signed_in("auditor");
    let id = auditor.data("{ viewer { id } }", json!({}))["viewer"]["id"].clone();
    let mut stream = EventStream::open(&auditor, FOLLOW, &json!({}));
    server.signed_in("admin").mutate(
        "grantRole",
        &json!({ "accountId": id, "role": "READER" }),
        "roleGrant { id }",
    );
    let held = grants(&auditor);
    revoke(&server, held.as_array().expect("grants").iter().find(|one| one["role"] == "READER").expect("it"));
    for _granted_and_revoked in 0..2 {
        assert!(
            matches!(stream.next(), Sent::Next(event) if event["data"]["eventAppended"]["id"].is_string())
        );
    }
    revoke(&server, &grants(&auditor)[0]);
    assert!(
        matches!(stream.next(), Sent::Next(last) if last["errors"][0]["extensions"]["code"] == "FORBIDDEN")
    );
}

fn signing_out_ends_it(backend: Backend) {
    let server = Server::start(backend);
    let (auditor, other) = (server.signed_in("auditor"), server.signed_in("auditor"));
    let (streams, mut others) = (following(&auditor), EventStream::open(&other, FOLLOW, &json!({})));
    auditor.data("mutation { signOut { userErrors { code } } }", json!({}));
    let mut socket = {
        let (mut socket, stream) = streams;
        // What is begun after it is refused.
        assert_eq!(socket.end("1"), "UNAUTHENTICATED");
        socket.subscribe("2", FOLLOW, json!({}));
        assert_eq!(socket.refusal("2"), "UNAUTHENTICATED");
        drop(stream);
        socket
    };
    socket.say(&json!({ "type": "ping" }));
    assert_eq!(socket.hear(), Heard::Message(json!({ "type": "pong" })));
    // Another session of the account goes on.
    let year = json!({ "year": 2024 });
    server.signed_in("coordinator").mutate("openReportingYear", &year, "reportingYear { year }");
    assert!(matches!(others.next(), Sent::Next(event) if event["data"]["eventAppended"]["id"].is_string()));
}

fn a_new_password_ends_it(backend: Backend) {
    let server = Server::start(backend);
    let (evaluator, other) = (server.signed_in("evaluator-sof"), server.signed_in("evaluator-sof"));
    let streams = following(&other);
    let input =
        json!({ "presentPassword": "evaluator-sof@example.dk", "newPassword": "a long enough password" });
    evaluator.mutate("changePassword", &input, "account { id }");
    assert_ended(streams, "UNAUTHENTICATED");
}

fn a_deactivated_account_ends_it(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let id = evaluator.data("{ viewer { id } }", json!({}))["viewer"]["id"].clone();
    let streams = following(&evaluator);
    let input = json!({ "id": id, "expectedVersion": 1, "active": false });
    server.signed_in("admin").mutate("updateAccount", &input, "account { id }");
    assert_ended(streams, "UNAUTHENTICATED");
}

fn the_token_ends_it(backend: Backend) {
    let server = Server::start(backend);
    let mut auditor = server.signed_in("auditor");
    let fresh = auditor.token.clone().expect("a token");
    auditor.token = Some(token_for(&auditor, 4));
    let (socket, stream) = following(&auditor);
    let mut waiting = Socket::open(&server.url);
    waiting.say(&init(auditor.token.as_deref().expect("a token")));
    assert_eq!(waiting.hear(), Heard::Message(json!({ "type": "connection_ack" })));
    std::thread::sleep(Duration::from_secs(3));
    assert_ended((socket, stream), "UNAUTHENTICATED");
    assert_eq!(waiting.hear(), Heard::Closed(4403));
    auditor.token = Some(fresh);
    following(&auditor);
}

fn who_reads_no_history_follows_none(backend: Backend) {
    let server = Server::start(backend);
    for user in ["reader", "nobody", "reader-sof"] {
        let client = server.signed_in(user);
        let mut socket = Socket::of(&client);
        socket.subscribe("1", FOLLOW, json!({}));
        assert_eq!(socket.refusal("1"), "FORBIDDEN", "{user}");
        let refused = EventStream::request(&client, FOLLOW, &json!({}));
        assert_eq!(refused.status().as_u16(), 400);
        let body = refused.into_body().read_to_string().expect("a body");
        assert!(body.contains("\"FORBIDDEN\"") && !body.contains("\"data\""), "{body}");
    }
    written(&server.signed_in("auditor"), 6);
    for user in ["coordinator", "evaluator-tmf", "approver-sof", "auditor-sof", "admin"] {
        following(&server.signed_in(user));
    }
}

fn stopping_ends_it_and_is_not_held_up(backend: Backend) {
    let server = Server::start(backend);
    let (mut socket, mut stream) = following(&server.signed_in("auditor"));
    // A client that only opened a connection, and one that has not introduced itself, hold up nothing either.
    let mut silent = Socket::open(&server.url);
    socket.say(&json!({ "type": "ping" }));
    assert_eq!(socket.hear(), Heard::Message(json!({ "type": "pong" })));
    let began = Instant::now();
    server.signal_to_stop();
    assert_eq!(socket.hear(), Heard::Message(json!({ "id": "1", "type": "complete" })));
    assert_eq!(socket.hear(), Heard::Closed(1001));
    assert_eq!(silent.hear(), Heard::Closed(1001));
    assert_eq!((stream.next(), stream.next()), (Sent::Complete, Sent::End));
    let (status, _) = server.stop();
    assert!(status.success());
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
}

fn a_fault_ends_it_and_says_nothing_of_the_inside(backend: Backend) {
    let server = Server::start(backend);
    let (mut socket, mut stream) = following(&server.signed_in("auditor"));
    server.database().execute("ALTER TABLE log_entry RENAME TO gone").expect("a table of another name");
    assert_eq!(socket.end("1"), "INTERNAL");
    let Sent::Next(last) = stream.next() else { panic!("an error") };
    assert!(last["errors"][0]["extensions"]["requestId"].is_string(), "{last}");
    let told = last.to_string().to_lowercase();
    assert!(!told.contains("log_entry") && !told.contains("sql") && !told.contains("table"), "{last}");
    assert_eq!((stream.next(), stream.next()), (Sent::Complete, Sent::End));
}

#[test]
fn a_database_that_is_gone_ends_it() {
    let way = Way::to(Database::register(Backend::Postgres));
    let server = Server::serve(way.database, &[]);
    let streams = following(&server.signed_in("auditor"));
    way.gate.close();
    assert_ended(streams, "UNAVAILABLE");
}
