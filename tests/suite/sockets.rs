//! The WebSocket: its protocol, and what is refused.

use std::io::Write;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tungstenite::Message;

use crate::support::health::healthy_during;
use crate::support::{Backend, EventStream, Heard, PROTOCOL, Server, Socket, init, token_for};

const FOLLOW: &str = "subscription { eventAppended { id } }";

fn ack() -> Heard {
    Heard::Message(json!({ "type": "connection_ack" }))
}

fn pong() -> Heard {
    Heard::Message(json!({ "type": "pong" }))
}

#[test]
fn a_socket_is_opened_for_the_protocol_and_from_here_alone() {
    let server = Server::start(Backend::Sqlite);
    let refused = |headers: &[(&'static str, &str)]| Socket::try_open(&server.url, headers).err();
    let own = server.url.as_str();
    assert_eq!(refused(&[]), Some(400));
    assert_eq!(refused(&[("sec-websocket-protocol", "graphql-ws")]), Some(400));
    assert_eq!(refused(&[PROTOCOL]), None);
    assert_eq!(refused(&[("sec-websocket-protocol", "graphql-ws, graphql-transport-ws")]), None);
    assert_eq!(refused(&[PROTOCOL, ("origin", own)]), None);
    for foreign in ["http://example.com", "null", &own.replace("127.0.0.1", "localhost"), "http://127.0.0.1"]
    {
        assert_eq!(refused(&[PROTOCOL, ("origin", foreign)]), Some(403), "{foreign}");
    }
    assert_eq!(refused(&[PROTOCOL, ("sec-websocket-version", "7")]), Some(400));
    for wrong in ["Bearer x", "Basic eDp4", "x"] {
        assert_eq!(refused(&[PROTOCOL, ("authorization", wrong)]), Some(401), "{wrong}");
    }
}

#[test]
fn who_introduces_itself_says_who_it_is() {
    let server = Server::start(Backend::Sqlite);
    let (auditor, other) = (server.signed_in("auditor"), server.signed_in("auditor-sof"));
    let (token, others) = (auditor.token.clone().expect("a token"), other.token.clone().expect("a token"));
    let bearer = format!("Bearer {token}");
    let with_header =
        || Socket::try_open(&server.url, &[PROTOCOL, ("authorization", &bearer)]).expect("a socket");
    let bare = json!({ "type": "connection_init" });
    let introduced = |mut socket: Socket, message: &Value| {
        socket.say(message);
        socket.hear()
    };
    let open = || Socket::open(&server.url);
    assert_eq!(introduced(open(), &init(&token)), ack());
    let lower = json!({ "type": "connection_init", "payload": { "authorization": bearer, "more": 1 } });
    assert_eq!(introduced(open(), &lower), ack());
    assert_eq!(introduced(with_header(), &bare), ack());
    assert_eq!(introduced(with_header(), &init(&token)), ack());
    assert_eq!(introduced(with_header(), &init(&others)), Heard::Closed(4401));
    assert_eq!(introduced(open(), &bare), Heard::Closed(4401));
    for wrong in ["", "x", &token_for(&auditor, -60)] {
        assert_eq!(introduced(open(), &init(wrong)), Heard::Closed(4401), "{wrong}");
    }
    let no_text = json!({ "type": "connection_init", "payload": { "Authorization": 1 } });
    assert_eq!(introduced(open(), &no_text), Heard::Closed(4401));
    auditor.data("mutation { signOut { userErrors { code } } }", json!({}));
    assert_eq!(introduced(open(), &init(&token)), Heard::Closed(4401));
}

#[test]
fn faults_of_the_protocol_close_with_its_codes() {
    let server = Server::start(Backend::Sqlite);
    let auditor = server.signed_in("auditor");
    let token = auditor.token.clone().expect("a token");
    let subscribe = json!({ "id": "1", "type": "subscribe", "payload": { "query": FOLLOW } });
    let mut early = Socket::open(&server.url);
    early.say(&subscribe);
    assert_eq!(early.hear(), Heard::Closed(4401));
    let mut twice = Socket::of(&auditor);
    twice.say(&init(&token));
    assert_eq!(twice.hear(), Heard::Closed(4429));
    let mut same = Socket::of(&auditor);
    same.say(&subscribe);
    same.say(&subscribe);
    assert_eq!(same.hear(), Heard::Closed(4409));
    for wrong in [
        "",
        "x",
        "[]",
        "{}",
        "{\"type\":\"nothing\"}",
        "{\"type\":\"subscribe\",\"payload\":{\"query\":\"{ __typename }\"}}",
        "{\"type\":\"subscribe\",\"id\":\"\",\"payload\":{\"query\":\"{ __typename }\"}}",
        "{\"type\":\"subscribe\",\"id\":1,\"payload\":{\"query\":\"{ __typename }\"}}",
        "{\"type\":\"subscribe\",\"id\":\"1\"}",
        "{\"type\":\"subscribe\",\"id\":\"1\",\"payload\":{}}",
        "{\"type\":\"complete\"}",
        "{\"type\":\"connection_init\",\"payload\":1}",
    ] {
        let mut socket = Socket::open(&server.url);
        socket.send(Message::text(wrong));
        assert_eq!(socket.hear(), Heard::Closed(4400), "{wrong}");
    }
    let mut binary = Socket::of(&auditor);
    binary.send(Message::binary(subscribe.to_string().into_bytes()));
    assert_eq!(binary.hear(), Heard::Closed(4400));
    let mut raw = Socket::of(&auditor);
    raw.connection().write_all(b"this is no frame").expect("bytes that are sent");
    assert_eq!(raw.hear(), Heard::Closed(1002));
    let began = Instant::now();
    assert_eq!(Socket::open(&server.url).hear(), Heard::Closed(4408));
    assert!((Duration::from_secs(4)..Duration::from_secs(8)).contains(&began.elapsed()));
}

#[test]
fn a_message_has_at_most_64_kib() {
    let server = Server::start(Backend::Sqlite);
    let message = |size: usize| {
        let start = "{\"type\":\"ping\",\"payload\":{\"x\":\"";
        format!("{start}{}\"}}}}", "x".repeat(size - start.len() - 3))
    };
    let mut socket = Socket::of(&server.signed_in("auditor"));
    socket.send(Message::text(message(64 * 1024)));
    assert_eq!(socket.hear().message()["type"], "pong");
    socket.send(Message::text(message(64 * 1024 + 1)));
    assert_eq!(socket.hear(), Heard::Closed(1009));
}

#[test]
fn a_socket_carries_subscriptions_and_nothing_else() {
    let server = Server::start(Backend::Sqlite);
    let (coordinator, auditor) = (server.signed_in("coordinator"), server.signed_in("auditor"));
    let before = auditor.events();
    let mut socket = Socket::of(&coordinator);
    for query in [
        "{ __typename }",
        "query { viewer { name } }",
        "mutation { openReportingYear(input: { year: 2024 }) { userErrors { code } } }",
    ] {
        socket.subscribe("1", query, json!({}));
        let message = socket.hear().message();
        assert_eq!((&message["type"], &message["id"]), (&json!("error"), &json!("1")), "{query}");
        let error = &message["payload"][0];
        assert!(error["message"].as_str().is_some_and(|text| text.contains("POST")), "{message}");
        assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT");
    }
    assert_eq!(auditor.events(), before);
    for wrong in ["subscription {", "subscription { nothing }", "subscription { eventAppended }"] {
        socket.subscribe("1", wrong, json!({}));
        assert_eq!(socket.refusal("1"), "BAD_USER_INPUT", "{wrong}");
    }
    let mut danish = Socket::try_open(&server.url, &[PROTOCOL, ("accept-language", "da")]).expect("a socket");
    danish.say(&init(server.signed_in("reader").token.as_deref().expect("a token")));
    assert_eq!(danish.hear(), ack());
    danish.subscribe("1", FOLLOW, json!({}));
    assert_eq!(danish.hear().message()["payload"][0]["message"], "Dine roller tillader ikke dette.");
}

#[test]
fn what_is_completed_is_not_heard_of_again() {
    let server = Server::start(Backend::Sqlite);
    let (coordinator, auditor) = (server.signed_in("coordinator"), server.signed_in("auditor"));
    let mut socket = Socket::of(&auditor);
    let all = auditor.data("{ history(first: 1) { nodes { id } } }", json!({}))["history"]["nodes"][0]["id"]
        .clone();
    let query = "subscription($after: ID) { eventAppended(after: $after) { id action } }";
    socket.subscribe("1", query, json!({ "after": all }));
    socket.next("1");
    socket.say(&json!({ "id": "1", "type": "complete" }));
    socket.say(&json!({ "id": "nobody's", "type": "complete" }));
    // The same id may be used again; what was on its way for the first is not for the second.
    let last = auditor.last_event()["sequence"].clone();
    assert!(last.is_number());
    let query = "subscription($after: ID) { second: eventAppended(after: $after) { action } }";
    let newest =
        auditor.data("{ history(last: 1) { nodes { id } } }", json!({}))["history"]["nodes"][0]["id"].clone();
    socket.subscribe("1", query, json!({ "after": newest }));
    coordinator.mutate("openReportingYear", &json!({ "year": 2024 }), "reportingYear { year }");
    let second = loop {
        let data = socket.next("1");
        // Some of the first may have been sent before it was completed.
        if data.get("second").is_some() {
            break data;
        }
    };
    assert_eq!(second, json!({ "second": { "action": "OPEN" } }));
    socket.say(&json!({ "type": "ping", "payload": { "x": "y" } }));
    assert_eq!(socket.hear(), Heard::Message(json!({ "type": "pong", "payload": { "x": "y" } })));
}

#[test]
fn there_are_limits() {
    let server = Server::start(Backend::Sqlite);
    let auditor = server.signed_in("auditor");
    let mut socket = Socket::of(&auditor);
    for number in 0..20 {
        socket.subscribe(&number.to_string(), FOLLOW, json!({}));
    }
    socket.subscribe("20", FOLLOW, json!({}));
    assert_eq!(socket.refusal("20"), "BAD_USER_INPUT");
    socket.say(&json!({ "id": "0", "type": "complete" }));
    socket.subscribe("20", FOLLOW, json!({}));
    socket.say(&json!({ "type": "ping" }));
    assert_eq!(socket.hear(), pong());
    // Of one account, sockets and event streams count together.
    let _sockets: Vec<_> = (0..15).map(|_| Socket::of(&auditor)).collect();
    let _streams: Vec<_> = (0..4).map(|_| EventStream::open(&auditor, FOLLOW, &json!({}))).collect();
    let mut one_more = Socket::open(&server.url);
    one_more.say(&init(auditor.token.as_deref().expect("a token")));
    assert_eq!(one_more.hear(), Heard::Closed(1013));
    let bearer = format!("Bearer {}", auditor.token.as_deref().expect("a token"));
    assert_eq!(Socket::try_open(&server.url, &[PROTOCOL, ("authorization", &bearer)]).err(), Some(429));
    assert_eq!(EventStream::request(&auditor, FOLLOW, &json!({})).status().as_u16(), 429);
    drop(socket);
    let began = Instant::now();
    while EventStream::request(&auditor, FOLLOW, &json!({})).status().as_u16() != 200 {
        assert!(began.elapsed() < Duration::from_secs(5), "the place of the socket that left is free");
    }
}

/// Who opens sockets and says nothing keeps nobody out who is signed in, and not for long anyone else.
#[test]
fn those_who_say_nothing_are_few_and_soon_gone() {
    let server = Server::start(Backend::Sqlite);
    let auditor = server.signed_in("auditor");
    let began = Instant::now();
    let attack = || {
        let silent: Vec<_> =
            (0..60).filter_map(|_| Socket::try_open(&server.url, &[PROTOCOL]).ok()).collect();
        assert_eq!(Socket::try_open(&server.url, &[PROTOCOL]).err(), Some(503));
        assert_eq!(silent.len(), 50, "a quarter of all streams");
        let _stream = EventStream::open(&auditor, FOLLOW, &json!({}));
        let bearer = format!("Bearer {}", auditor.token.as_deref().expect("a token"));
        let mut own =
            Socket::try_open(&server.url, &[PROTOCOL, ("authorization", &bearer)]).expect("a socket");
        own.say(&json!({ "type": "connection_init" }));
        assert_eq!(own.hear(), ack());
        for mut socket in silent {
            assert_eq!(socket.hear(), Heard::Closed(4408));
        }
    };
    healthy_during(&server, "sockets that say nothing", attack);
    assert!(began.elapsed() < 3 * Duration::from_secs(10), "{:?}", began.elapsed());
    Socket::of(&auditor);
}

/// It takes long, since the connection itself takes megabytes before the server has to wait.
#[test]
fn a_reader_that_takes_nothing_is_cut_off() {
    let server = Server::start(Backend::Sqlite);
    let auditor = server.signed_in("auditor");
    let first = auditor.data("{ history(first: 1) { nodes { id } } }", json!({}));
    let after = &first["history"]["nodes"][0]["id"];
    let many: Vec<_> = (0..28).map(|at| format!("c{at}: changes {{ field before after secret }}")).collect();
    let many = many.join(" ");
    let query = format!("subscription($after: ID) {{ eventAppended(after: $after) {{ {many} }} }}");
    let mut socket = Socket::of(&auditor);
    for number in 0..6 {
        socket.subscribe(&number.to_string(), &query, json!({ "after": after }));
    }
    let closed = || server.log().into_iter().any(|line| line["message"] == "socket closed");
    let began = Instant::now();
    while !closed() {
        assert!(began.elapsed() < Duration::from_mins(2), "the server waits no longer");
        std::thread::sleep(Duration::from_millis(200));
    }
    assert!(began.elapsed() > Duration::from_secs(9), "it waited for a while: {:?}", began.elapsed());
    let mut heard = 0;
    while let Heard::Message(_) = socket.hear() {
        heard += 1;
    }
    assert!(heard < 6 * (auditor.events() - 1), "not all was sent: {heard}");
}
