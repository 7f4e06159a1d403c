//! Subscriptions over HTTP: by server-sent events, and not otherwise.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{Backend, Client, EventStream, Sent, Server};

const FOLLOW: &str = "subscription { eventAppended { id } }";

/// Bytes that are sent as they stand, and what comes back for a while.
fn exchange(server: &Server, request: &str, time: Duration) -> String {
    let address = server.url.strip_prefix("http://").expect("an http address");
    let mut connection = TcpStream::connect(address).expect("a connection");
    connection.write_all(request.as_bytes()).expect("a request that is sent");
    let (mut answer, mut part, began) = (Vec::new(), [0; 4096], Instant::now());
    while let Some(left) = time.checked_sub(began.elapsed()).filter(|left| !left.is_zero()) {
        connection.set_read_timeout(Some(left)).expect("a time limit");
        let Ok(read @ 1..) = connection.read(&mut part) else { break };
        answer.extend_from_slice(&part[..read]);
    }
    String::from_utf8(answer).expect("text")
}

fn get(client: &Client, query: &str, accept: &str) -> String {
    let token = client.token.as_deref().expect("a client that is signed in");
    format!(
        "GET /graphql?query={query} HTTP/1.1\r\nhost: x\r\naccept: {accept}\r\nauthorization: Bearer {token}\r\n\r\n"
    )
}

#[test]
fn an_event_stream_is_what_its_protocol_says() {
    let server = Server::start(Backend::Sqlite);
    let auditor = server.signed_in("auditor");
    let first = auditor.data("{ history(first: 2) { nodes { id } } }", json!({}))["history"]["nodes"].clone();
    let id = |at: usize| first[at]["id"].as_str().expect("an id").to_owned();
    let query = format!("subscription%7BeventAppended(after:%22{}%22)%7Bid%7D%7D", id(0));
    let answer = exchange(&server, &get(&auditor, &query, "text/event-stream"), Duration::from_secs(2));
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
    let head = head.to_lowercase();
    for line in [
        "http/1.1 200 ok",
        "content-type: text/event-stream; charset=utf-8",
        "cache-control: no-store",
        "x-content-type-options: nosniff",
        "x-request-id: ",
    ] {
        assert!(head.contains(line), "{line} in {head}");
    }
    let event = format!("event: next\ndata: {{\"data\":{{\"eventAppended\":{{\"id\":\"{}\"}}}}}}\n\n", id(1));
    assert!(body.contains(&event), "{event} in {body:.500}");
    assert!(!body.contains("event: complete"), "it goes on");
}

#[test]
fn what_is_silent_gives_a_sign_of_life() {
    let server = Server::start(Backend::Sqlite);
    let auditor = server.signed_in("auditor");
    let query = "subscription%7BeventAppended%7Bid%7D%7D";
    let answer = exchange(&server, &get(&auditor, query, "text/event-stream"), Duration::from_secs(17));
    assert_eq!(answer.matches(":\n\n").count(), 2, "as it begins, and after 15 seconds: {answer}");
}

#[test]
fn without_an_event_stream_a_subscription_is_refused() {
    let server = Server::start(Backend::Sqlite);
    let auditor = server.signed_in("auditor");
    let refused = auditor.ask(FOLLOW, json!({}));
    assert_eq!((refused.status, refused.error_code().as_str()), (200, "BAD_USER_INPUT"));
    assert!(refused.body.contains("text/event-stream") && refused.json().get("data").is_none());
    let refused = auditor.get("/graphql?query=subscription%7BeventAppended%7Bid%7D%7D");
    assert_eq!((refused.status, refused.error_code().as_str()), (200, "BAD_USER_INPUT"));
}

#[test]
fn who_takes_an_event_stream_gets_the_one_answer_of_everything_else() {
    let server = Server::start(Backend::Sqlite);
    let coordinator = server.signed_in("coordinator");
    let ask = |client: &Client, query: &str| {
        let response = EventStream::request(client, query, &json!({}));
        let status = response.status().as_u16();
        let body = response.into_body().read_to_string().expect("a body");
        (status, serde_json::from_str::<Value>(&body).expect("JSON"))
    };
    assert_eq!(ask(&coordinator, "{ __typename }"), (200, json!({ "data": { "__typename": "Query" } })));
    let open = "mutation { openReportingYear(input: { year: 2024 }) { reportingYear { year } } }";
    assert_eq!(ask(&coordinator, open).1["data"]["openReportingYear"]["reportingYear"]["year"], 2024);
    let get = get(&coordinator, "mutation%7BsignOut%7BuserErrors%7Bcode%7D%7D%7D", "text/event-stream");
    assert!(exchange(&server, &get, Duration::from_secs(1)).starts_with("HTTP/1.1 405"));
    let code = |answer: &(u16, Value)| (answer.0, answer.1["errors"][0]["extensions"]["code"].clone());
    for wrong in [
        "subscription {",
        "subscription { nothing }",
        "subscription { __typename }",
        "subscription { eventAppended { id } again: eventAppended { id } }",
        "subscription { ...F } fragment F on Subscription { eventAppended { id } again: eventAppended { id } }",
        "subscription { eventAppended @skip(if: true) { id } }",
        "subscription { eventAppended(after: 1.5) { id } }",
        "subscription($a: ID!) { eventAppended(after: $a) { id } }",
        "subscription { eventAppended(filter: { from: \"i går\" }) { id } }",
    ] {
        let answer = ask(&coordinator, wrong);
        assert_eq!(code(&answer), (400, json!("BAD_USER_INPUT")), "{wrong}: {}", answer.1);
        assert!(answer.1.get("data").is_none());
    }
    assert_eq!(code(&ask(&server.stranger(), FOLLOW)), (400, json!("UNAUTHENTICATED")));
    let mut forged = server.stranger();
    forged.token = Some("x".into());
    assert_eq!(code(&ask(&forged, FOLLOW)), (401, json!("UNAUTHENTICATED")));
}

#[test]
fn an_account_has_twenty_streams_and_gets_a_place_back() {
    let server = Server::start(Backend::Sqlite);
    let (auditor, other) = (server.signed_in("auditor"), server.signed_in("auditor-sof"));
    let mut streams: Vec<_> = (0..20).map(|_| EventStream::open(&auditor, FOLLOW, &json!({}))).collect();
    let refused = EventStream::request(&auditor, FOLLOW, &json!({}));
    assert_eq!(refused.status().as_u16(), 429);
    // Others have theirs, and queries are not streams.
    let _theirs = EventStream::open(&other, FOLLOW, &json!({}));
    assert_eq!(EventStream::request(&auditor, "{ __typename }", &json!({})).status().as_u16(), 200);
    streams.pop();
    let began = Instant::now();
    loop {
        let status = EventStream::request(&auditor, FOLLOW, &json!({})).status().as_u16();
        if status == 200 {
            break;
        }
        assert!(began.elapsed() < Duration::from_secs(5), "the place of who left is free, {status}");
        thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn the_server_has_two_hundred_streams() {
    let server = Server::start(Backend::Sqlite);
    let users = [
        "admin",
        "coordinator",
        "auditor",
        "evaluator-sof",
        "approver-sof",
        "evaluator-bif",
        "approver-bif",
        "evaluator-buf",
        "evaluator-tmf",
        "auditor-sof",
        "approver",
    ];
    let clients = users.map(|user| server.signed_in(user));
    let streams: Vec<_> = clients[..10]
        .iter()
        .flat_map(|client| (0..20).map(|_| EventStream::open(client, FOLLOW, &json!({}))))
        .collect();
    assert_eq!(EventStream::request(&clients[10], FOLLOW, &json!({})).status().as_u16(), 503);
    // With all of them listening, a request is answered as always, and each of them hears of a write that it may read.
    let began = Instant::now();
    let payload = clients[1].mutate("openReportingYear", &json!({ "year": 2024 }), "reportingYear { year }");
    assert_eq!(payload["userErrors"], json!([]));
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    for mut stream in streams.into_iter().skip(20).take(40) {
        assert!(
            matches!(stream.next(), Sent::Next(event) if event["data"]["eventAppended"]["id"].is_string())
        );
    }
}
