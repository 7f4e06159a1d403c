//! What a browser is told, and which pages may ask.

use serde_json::{Value, json};

use crate::support::raw::{request, send};
use crate::support::{Answer, Backend, Database, PROTOCOL, Server, Socket, virkning};

const LISTED: &str = "https://pages.example.dk";
const OTHER: &str = "http://localhost:3000";

fn assert_guarded(answer: &Answer, what: &str) {
    for (name, value) in [
        ("cache-control", "no-store"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{name} of {what}");
    }
    let policy = answer.header("content-security-policy").expect("a policy");
    for directive in ["default-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"]
    {
        assert!(policy.contains(directive), "{directive} in {policy} of {what}");
    }
    assert!(!policy.contains("unsafe") && !policy.contains('*'), "{policy} of {what}");
    for telling in ["server", "x-powered-by", "set-cookie", "access-control-allow-credentials"] {
        assert_eq!(answer.header(telling), None, "{telling} of {what}");
    }
}

#[test]
fn every_answer_is_guarded() {
    let server = Server::start(Backend::Sqlite);
    let client = server.stranger();
    for (path, status) in [
        ("/graphql?query=%7B__typename%7D", 200),
        ("/graphql", 400),
        ("/health/live", 200),
        ("/health/ready", 200),
        ("/explorer", 200),
        ("/explorer/explorer.css", 200),
        ("/explorer/explorer.js", 200),
        ("/explorer/accounts.json", 200),
        ("/explorer/nothing", 404),
        ("/nothing", 404),
        ("/favicon.ico", 204),
    ] {
        let answer = client.get(path);
        assert_eq!(answer.status, status, "{path}");
        assert_guarded(&answer, path);
    }
    assert_guarded(&client.post("text/plain", "x"), "415");
    assert_guarded(&client.ask("{ nothing }", json!({})), "a refused document");
    assert_guarded(&client.ask("{ viewer { name } }", json!({})), "an error");
    let mut forged = server.stranger();
    forged.token = Some("x".into());
    assert_guarded(&forged.ask("{ __typename }", json!({})), "401");
    for method in ["PUT", "OPTIONS", "BREW"] {
        let answer = send(&server, &request(method, "/graphql", &[], "")).expect("an answer");
        assert_guarded(&answer, method);
    }
    let page = client.get("/explorer");
    let policy = page.header("content-security-policy").expect("a policy");
    assert!(policy.contains("script-src 'self';") && policy.contains("style-src 'self';"), "{policy}");
    for inline in ["<style", "style=", "onclick", "<script>", "javascript:"] {
        assert!(!page.body.contains(inline), "{inline} would not work under {policy}");
    }
}

/// The question that a browser asks before a request of another page.
fn preflight(server: &Server, origin: &str, method: &str, headers: &str) -> Answer {
    let asked = [
        ("origin", origin),
        ("access-control-request-method", method),
        ("access-control-request-headers", headers),
    ];
    send(server, &request("OPTIONS", "/graphql", &asked, "")).expect("an answer")
}

fn ask_from(server: &Server, origin: &str) -> Answer {
    let headers = [("origin", origin), ("content-type", "application/json")];
    send(server, &request("POST", "/graphql", &headers, "{\"query\":\"{ __typename }\"}")).expect("an answer")
}

const FOREIGN: [&str; 6] = [
    "https://pages.example.dk.evil.com",
    "http://pages.example.dk",
    "https://pages.example.dk:444",
    "https://evil.pages.example.dk",
    "null",
    "https://example.com",
];

#[test]
fn pages_of_listed_origins_may_read_answers() {
    let listed = format!("{LISTED},{OTHER}");
    let server = Server::serve(Database::register(Backend::Sqlite), &["--cors-origin", &listed]);
    for origin in [LISTED, OTHER] {
        let asked = preflight(&server, origin, "POST", "authorization,content-type,accept-language");
        assert_eq!((asked.status, asked.header("access-control-allow-origin")), (200, Some(origin)));
        for name in ["authorization", "content-type", "accept-language"] {
            let allowed = asked.header("access-control-allow-headers").expect("a list").to_lowercase();
            assert!(allowed.split(',').any(|one| one.trim() == name), "{name} in {allowed}");
        }
        let answer = ask_from(&server, origin);
        assert_eq!((answer.status, answer.header("access-control-allow-origin")), (200, Some(origin)));
        assert_eq!(answer.header("access-control-expose-headers"), Some("x-request-id"));
        assert!(answer.header("vary").is_some_and(|vary| vary.to_lowercase().contains("origin")));
        assert_guarded(&answer, origin);
        assert!(Socket::try_open(&server.url, &[PROTOCOL, ("origin", origin)]).is_ok(), "{origin}");
        for (method, headers) in [("DELETE", "content-type"), ("POST", "x-other")] {
            assert_eq!(preflight(&server, origin, method, headers).status, 400, "{method} {headers}");
        }
    }
    for origin in FOREIGN {
        let asked = preflight(&server, origin, "POST", "content-type");
        assert_eq!((asked.status, asked.header("access-control-allow-origin")), (400, None), "{origin}");
        // The browser keeps the answer from the page; whoever is no browser could leave the header out.
        let answer = ask_from(&server, origin);
        assert_eq!((answer.status, answer.header("access-control-allow-origin")), (200, None), "{origin}");
        let refused = Socket::try_open(&server.url, &[PROTOCOL, ("origin", origin)]).err();
        assert_eq!(refused, Some(403), "{origin}");
    }
}

#[test]
fn without_a_list_no_other_page_may() {
    let server = Server::serve(Database::register(Backend::Sqlite), &[]);
    for origin in FOREIGN.into_iter().chain([LISTED, OTHER]) {
        let asked = preflight(&server, origin, "POST", "content-type");
        assert_eq!((asked.status, asked.header("access-control-allow-origin")), (400, None), "{origin}");
        assert_eq!(ask_from(&server, origin).header("access-control-allow-origin"), None, "{origin}");
    }
}

/// A page elsewhere can make a browser send a GET. There are no cookies, so what it gets is what any stranger gets.
#[test]
fn a_request_that_another_page_sends_has_no_credential() {
    let server = Server::serve(Database::register(Backend::Sqlite), &[]);
    let headers = [("origin", "https://example.com"), ("cookie", "session=x; token=y")];
    let get = request("GET", "/graphql?query=%7Bviewer%7Bname%7D%7D", &headers, "");
    let answer = send(&server, &get).expect("an answer");
    assert_eq!(
        (answer.error_code().as_str(), answer.json()["data"].clone()),
        ("UNAUTHENTICATED", Value::Null)
    );
}

#[test]
fn an_origin_that_no_browser_says_is_no_setting() {
    for wrong in ["*", "null", "https://*.example.dk", "https://example.dk/", "example.dk", "https://a.dk,*"]
    {
        let ran = virkning("sqlite://nothing.db", &["serve", "--cors-origin", wrong]);
        assert!(!ran.status.success() && ran.stderr.contains("--cors-origin"), "{wrong}: {}", ran.stderr);
    }
}
