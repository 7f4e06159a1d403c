//! Requests made to do harm: each is refused, in few words and in no time, and everyone else is served meanwhile.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::health::{healthy_during, quickest};
use crate::support::raw::{answer, connect, request, send};
use crate::support::{Answer, Backend, Database, Server};

const BOMB: Duration = Duration::from_millis(50);
const TOO_LARGE: Duration = Duration::from_millis(100);
/// How long a slow client is borne.
const SLOW: Duration = Duration::from_secs(10);
const SLOW_CLIENTS: usize = 200;

/// As it runs for real.
fn production() -> Server {
    Server::serve(Database::register(Backend::Sqlite), &[])
}

/// Fragments that each spread the next one twice: 2 to the power of `power` fields.
fn bomb(power: usize) -> String {
    let twice = |at: usize| format!("fragment F{at} on Query {{ ...F{next} ...F{next} }}", next = at + 1);
    let fragments: Vec<_> = (0..power).map(twice).collect();
    format!("{} fragment F{power} on Query {{ __typename }}", fragments.join(" "))
}

fn assert_refused(answer: &Answer, what: &str) {
    assert!(answer.body.len() < 1024, "{} bytes: {what}", answer.body.len());
    assert_eq!(answer.error_code(), "BAD_USER_INPUT", "{what}");
    assert!(answer.json().get("data").is_none(), "{what}: {}", answer.body);
}

#[test]
fn fragment_bombs_are_refused_while_others_are_served() {
    let server = production();
    let client = server.stranger();
    for power in [10, 13, 17, 20, 25] {
        for (kind, document) in [
            ("that is used", format!("{{ ...F0 }} {}", bomb(power))),
            ("that nobody uses", format!("{{ __typename }} {}", bomb(power))),
        ] {
            let what = format!("a bomb of 2^{power} {kind}");
            let (refused, took) =
                healthy_during(&server, &what, || quickest(|| client.ask(&document, json!({}))));
            assert_refused(&refused, &what);
            eprintln!("{what}: an error after {took:?}");
            assert!(took < BOMB, "{what}: {took:?}");
        }
    }
}

#[test]
fn fragments_in_a_circle_are_refused() {
    let server = production();
    let ring: Vec<_> =
        (0..300).map(|at| format!("fragment F{at} on Query {{ ...F{} }}", (at + 1) % 300)).collect();
    for document in [
        "{ ...A } fragment A on Query { ...A }".to_owned(),
        "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A ...A }".to_owned(),
        "{ __typename } fragment A on Query { ... { ...A } }".to_owned(),
        format!("{{ ...F0 }} {}", ring.join(" ")),
    ] {
        assert_refused(&server.stranger().ask(&document, json!({})), &document[..30]);
    }
    server.stranger().data("{ __typename }", json!({}));
}

#[test]
fn nesting_without_end_is_refused() {
    let server = production();
    let client = server.stranger();
    let nested =
        |open: &str, close: &str, levels: usize| format!("{}{}", open.repeat(levels), close.repeat(levels));
    let attack = || {
        for levels in [1_000, 10_000, 100_000] {
            for document in [
                nested("{", "}", levels),
                format!("{{ intervention(slug: {}) {{ id }} }}", nested("[", "]", levels)),
                // Without an end, so that it is no larger than a body may be.
                format!("{{ intervention(slug: {}", "{a:".repeat(levels * 4 / 5)),
                format!("query($x: {}) {{ __typename }}", nested("[", "]", levels)),
                format!("{{ __typename {}", "@a".repeat(levels)),
            ] {
                let what = format!("{levels} levels of {document:.40}");
                assert_refused(&client.ask(&document, json!({})), &what);
            }
            for body in [
                nested("[", "]", levels),
                format!("{{\"query\":\"{{ __typename }}\",\"variables\":{}}}", nested("[", "]", levels)),
                format!(
                    "{{\"query\":\"{{ __typename }}\",\"variables\":{{\"x\":{}}}}}",
                    nested("[", "]", levels)
                ),
                format!(
                    "{{\"query\":\"{{ __typename }}\",\"extensions\":{}",
                    "{\"a\":".repeat(levels * 2 / 5)
                ),
            ] {
                let refused = client.post("application/json", body);
                assert_eq!(refused.status, 400, "JSON of {levels} levels");
                assert!(refused.body.len() < 1024);
            }
        }
    };
    healthy_during(&server, "nesting", attack);
}

/// Sends chunks of a body until the server has heard enough: what it says, and how long after the limit was passed.
fn endless_body(server: &Server) -> (Answer, Duration) {
    let mut connection = connect(server);
    let headers = [("transfer-encoding", "chunked"), ("content-type", "application/json")];
    connection.write_all(&request("POST", "/graphql", &headers, "")).expect("a head");
    let chunk = format!("{:x}\r\n{}\r\n", 16 * 1024, "x".repeat(16 * 1024));
    for _ in 0..16 {
        connection.write_all(chunk.as_bytes()).expect("a chunk within the limit");
    }
    let began = Instant::now();
    let _closed_already = connection.write_all(chunk.as_bytes());
    (answer(&mut connection).expect("an answer"), began.elapsed())
}

#[test]
fn a_body_beyond_the_limit_is_refused_before_it_is_sent() {
    let server = production();
    // Announced and never sent.
    let announced = [("content-length", "262145"), ("content-type", "application/json")];
    for (length, status) in [("262145", 413), ("99999999999", 413), ("18446744073709551615", 413)] {
        let headers = [("content-length", length), announced[1]];
        let request = request("POST", "/graphql", &headers, "");
        let (refused, took) = quickest(|| send(&server, &request).expect("an answer"));
        assert_eq!(refused.status, status, "{length}");
        assert!(took < TOO_LARGE, "{took:?}");
    }
    // In chunks that announce nothing.
    let attempts: Vec<_> = (0..3).map(|_| endless_body(&server)).collect();
    assert!(attempts.iter().all(|(refused, _)| refused.status == 413));
    let took = attempts.iter().map(|(_, took)| *took).min().expect("attempts");
    eprintln!("413 in the midst of chunks after {took:?}");
    assert!(took < TOO_LARGE, "{took:?}");
}

/// Whether the server has closed a connection. What it says before is read.
fn is_closed(connection: &mut TcpStream) -> bool {
    let mut part = [0; 4096];
    loop {
        match connection.read(&mut part) {
            Ok(0) => return true,
            Ok(_) => {}
            Err(error) => return error.kind() != ErrorKind::WouldBlock,
        }
    }
}

/// Opens connections that each begin with `start` and then send a byte now and then; how long until all are closed.
fn slow_clients(server: &Server, start: &[u8], clients: usize) -> Duration {
    let began = Instant::now();
    let mut open: Vec<_> = (0..clients)
        .map(|_| {
            let mut connection = connect(server);
            connection.write_all(start).expect("a beginning");
            connection.set_nonblocking(true).expect("no waiting");
            connection
        })
        .collect();
    while !open.is_empty() {
        open.retain_mut(|connection| {
            let _closed = connection.write_all(b"a");
            !is_closed(connection)
        });
        assert!(began.elapsed() < 2 * SLOW, "{} are still open", open.len());
        thread::sleep(Duration::from_millis(200));
    }
    began.elapsed()
}

#[test]
fn slow_clients_are_parted_with_while_others_are_served() {
    let server = production();
    let head = b"POST /graphql HTTP/1.1\r\nhost: virkning.test\r\nx-slow: ".as_slice();
    let headers = [("content-length", "1000"), ("content-type", "application/json")];
    let body = request("POST", "/graphql", &headers, "{\"query\":");
    let attack = || {
        thread::scope(|scope| {
            let lines = scope.spawn(|| slow_clients(&server, head, SLOW_CLIENTS / 2));
            let letters = scope.spawn(|| slow_clients(&server, b"P", SLOW_CLIENTS / 2));
            let bodies = slow_clients(&server, &body, SLOW_CLIENTS);
            [lines.join().expect("heads"), letters.join().expect("heads"), bodies]
        })
    };
    let took = healthy_during(&server, "slow clients", attack);
    eprintln!("slow heads, of which half had sent a letter, and slow bodies were closed after {took:?}");
    assert!(took.into_iter().all(|took| took < SLOW), "{took:?}");
}

#[test]
fn what_is_no_clean_http_is_refused() {
    let server = production();
    let kind = ("content-type", "application/json");
    let body = "{\"query\":\"{ __typename }\"}";
    let status = |request: &[u8]| send(&server, request).map(|answer| answer.status);
    let post = |headers: &[(&str, &str)]| request("POST", "/graphql", headers, body);
    assert_eq!(status(&post(&[kind])), Some(200));
    // Two readers of one request must not disagree on where it ends.
    for headers in [
        [("content-length", "26"), ("content-length", "27")],
        [("content-length", "26"), ("transfer-encoding", "chunked")],
        [("transfer-encoding", "chunked"), ("content-length", "26")],
        [("content-length", "26"), ("content-length", "26, 26")],
        [("content-length", "-1"), ("x-other", "")],
        [("content-length", "0x1a"), ("x-other", "")],
        [("transfer-encoding", "gzip"), ("x-other", "")],
        [("transfer-encoding", "chunked, identity"), ("x-other", "")],
    ] {
        let refused = status(&post(&[headers[0], headers[1], kind]));
        assert!(refused.is_none_or(|status| (400..500).contains(&status)), "{headers:?}: {refused:?}");
    }
    for wrong in [
        b"nothing\r\n\r\n".to_vec(),
        b"POST /graphql HTTP/9.9\r\n\r\n".to_vec(),
        b"POST /graphql\r\n\r\n".to_vec(),
        [b"POST /graphql HTTP/1.1\r\nhost: x\r\nx: ".as_slice(), &[0, 1, 2], b"\r\n\r\n"].concat(),
        request("GET", "/graphql", &[("x-long", &"x".repeat(1024 * 1024))], ""),
        request("GET", "/graphql", &[("authorization", &format!("Bearer {}", "x".repeat(1024 * 1024)))], ""),
        request("GET", &format!("/graphql?query={}", "x".repeat(1024 * 1024)), &[], ""),
        request("GET", "/graphql", &vec![("x", "y"); 1_000], ""),
    ] {
        let refused = status(&wrong);
        let told = String::from_utf8_lossy(&wrong[..wrong.len().min(40)]).into_owned();
        assert!(refused.is_none_or(|status| (400..500).contains(&status)), "{told}: {refused:?}");
    }
    // A long question is bounded like any head, and its document like any document.
    let many = format!("/graphql?query=%7B{}%7D", "__typename%20".repeat(5_000));
    assert_eq!(
        send(&server, &request("GET", &many, &[], "")).expect("an answer").error_code(),
        "BAD_USER_INPUT"
    );
    server.stranger().data("{ __typename }", json!({}));
}

#[test]
fn methods_that_are_not_for_this_are_refused_and_told_which_are() {
    let server = production();
    for method in ["PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "BREW"] {
        let mut connection = connect(&server);
        connection.write_all(&request(method, "/graphql", &[], "")).expect("a request");
        let mut read = Vec::new();
        connection.read_to_end(&mut read).expect("an answer");
        let read = String::from_utf8(read).expect("text").to_lowercase();
        assert!(read.starts_with("http/1.1 405 "), "{method}: {read}");
        assert!(read.contains("\r\nallow: get, post\r\n"), "{method}: {read}");
        assert!(method != "HEAD" || read.ends_with("\r\n\r\n"), "the answer to HEAD has no body: {read}");
    }
    let mutation = "/graphql?query=mutation%7BsignOut%7BuserErrors%7Bcode%7D%7D%7D";
    let refused = send(&server, &request("GET", mutation, &[], "")).expect("an answer");
    assert_eq!((refused.status, refused.header("allow")), (405, Some("POST")));
}

/// What a server says of itself to whoever looks for a way in.
const TELLING: [&str; 22] = [
    "select ",
    "insert ",
    "sqlite",
    "postgres",
    "sqlx",
    "sea_orm",
    "sea-orm",
    "database is",
    "actix",
    "async-graphql",
    "async_graphql",
    "serde",
    ".rs",
    "/src",
    "/tmp",
    "/home",
    "/root",
    "panicked",
    "backtrace",
    "stack",
    "did you mean",
    env!("CARGO_PKG_VERSION"),
];

#[test]
fn no_refusal_tells_of_the_inside() {
    let server = production();
    let reader = server.signed_in("reader");
    let answered: Vec<(String, Answer)> = [
        "{", "{ viewerr { name } }", "{ viewer { nam } }", "{ interventoins { nodes { id } } }", "{ viewer }",
        "{ intervention(slug: 1) { id } }", "{ intervention(slgu: \"x\") { id } }", "{ intervention(id: \"x\") { id } }",
        "{ intervention(slug: \"'; DROP TABLE account; --\") { id } }", "{ intervention(slug: \"\\u0000\") { id } }",
        "{ node(id: \"x\") { id } }", "{ reportingYear(year: 99999999999) { year } }",
        "{ interventions(first: -1) { nodes { id } } }", "{ interventions(after: \"x\") { nodes { id } } }",
        "{ interventions(orderBy: NAEM) { nodes { id } } }", "{ viewer { name @inclde(if: true) } }",
        "{ ... on Qeury { viewer { name } } }", "{ ...F }", "query($x: Nothing) { __typename }",
        "mutation { openReportingYear(input: {}) { userErrors { code } } }",
        "mutation { openReportingYear(input: { year: \"x\" }) { userErrors { code } } }",
        "mutation { updateIntervention(input: { id: \"x\", expectedVersion: 1 }) { userErrors { code message } } }",
        "{ __schema { types { name } } }", "{ __type(name: \"Query\") { name } }", "{ viewer { __typename { x } } }",
        "subscription { eventAppended { id } }", "\u{0}",
    ]
    .into_iter()
    .map(|query| (query.to_owned(), reader.ask(query, json!({}))))
    .chain(["", "x", "[]", "{}", "{\"query\":1}", "{\"query\":\"{ __typename }\",\"variables\":1}", "{\"query\":\"\\ud800\"}"].map(
        |body| (body.to_owned(), reader.post("application/json", body)),
    ))
    .chain(["/graphql", "/graphql?query", "/graphql?query=%ff", "/graphql?variables=x", "/explorer", "/graphiql", "/playground",
        "/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/graphql/", "/metrics", "/.git/config"].map(
        |path| (path.to_owned(), reader.get(path)),
    ))
    .collect();
    for (what, answer) in answered {
        assert!(answer.body.len() < 2048, "{what}: {}", answer.body);
        let mut told = answer.body.to_lowercase();
        for (_, value) in answer.headers.iter().filter(|(name, _)| name != "date" && name != "x-request-id") {
            told += &value.to_lowercase();
        }
        for telling in TELLING {
            assert!(!told.contains(telling), "{telling} in the answer to {what}: {told}");
        }
        let refused = ["\"errors\":", "\"code\":", ":null"].iter().any(|sign| answer.body.contains(sign));
        assert!(answer.status >= 400 || refused, "{what} is refused: {}", answer.body);
        if what.starts_with("/graphiql") || what.starts_with("/explorer") || what.starts_with("/playground") {
            assert_eq!(answer.status, 404, "{what}");
        }
    }
}
