//! HTTP: what is read, what is refused, and how it is answered.

use serde_json::json;

use crate::support::{Backend, Server};

on_both_databases!(health_tells_whether_the_database_answers);

const QUERY: &str = "{\"query\":\"{ __typename }\"}";

#[test]
fn documents_are_read_from_json_and_nothing_else() {
    let server = Server::start(Backend::Sqlite);
    let client = server.stranger();
    for kind in ["application/json", "application/json; charset=utf-8", "Application/JSON"] {
        assert_eq!(client.post(kind, QUERY).data(), json!({ "__typename": "Query" }), "{kind}");
    }
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/graphql",
        "",
    ] {
        assert_eq!(client.post(kind, QUERY).status, 415, "{kind}");
    }
    for body in [
        "",
        "x",
        "[]",
        " [{\"query\":\"{ __typename }\"}]",
        "{}",
        "{\"query\":1}",
        "{\"query\":\"{ __typename }\",\"variables\":[]}",
    ] {
        assert_eq!(client.post("application/json", body).status, 400, "{body}");
    }
    assert_eq!(client.post("application/json", [b"{\"query\":\"\xff\"}".as_slice()].concat()).status, 400);
}

#[test]
fn a_body_beyond_the_limit_is_refused() {
    let server = Server::start(Backend::Sqlite);
    let body = |size: usize| {
        let start = "{\"query\":\"{ __typename }\",\"variables\":{\"x\":\"";
        format!("{start}{}\"}}}}", "x".repeat(size - start.len() - 3))
    };
    assert_eq!(server.stranger().post("application/json", body(256 * 1024)).status, 200);
    assert_eq!(server.stranger().post("application/json", body(256 * 1024 + 1)).status, 413);
}

#[test]
fn get_answers_queries_and_never_runs_a_mutation() {
    let server = Server::start(Backend::Sqlite);
    let coordinator = server.signed_in("coordinator");
    assert_eq!(coordinator.get("/graphql?query=%7B__typename%7D").data(), json!({ "__typename": "Query" }));
    let named = "/graphql?query=query(%24y:Int!)%7BreportingYear(year:%24y)%7Byear%7D%7D&variables=%7B%22y%22:2023%7D";
    assert_eq!(coordinator.get(named).data(), json!({ "reportingYear": { "year": 2023 } }));
    let before = server.signed_in("auditor").events();
    let mutation =
        "/graphql?query=mutation%7BopenReportingYear(input:%7Byear:2024%7D)%7BuserErrors%7Bcode%7D%7D%7D";
    let refused = coordinator.get(mutation);
    assert_eq!((refused.status, refused.header("allow")), (405, Some("POST")));
    assert_eq!(server.signed_in("auditor").events(), before);
    assert_eq!(coordinator.get("/graphql").status, 400);
    assert_eq!(coordinator.get("/graphql?query=%7B__typename%7D&variables=x").status, 400);
}

#[test]
fn answers_carry_what_a_careful_client_needs() {
    let server = Server::start(Backend::Sqlite);
    let answer = server.signed_in("reader").ask("{ viewer { name } }", json!({}));
    assert_eq!(answer.header("content-type"), Some("application/json; charset=utf-8"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    assert!(answer.header("x-request-id").is_some_and(|id| id.len() == 36));
}

#[test]
fn lists_within_lists_are_bounded() {
    let server = Server::start(Backend::Sqlite);
    let reader = server.signed_in("reader");
    let nested = |levels: usize| {
        let open = "years { intervention { ".repeat(levels);
        format!("{{ intervention(slug: \"ludo\") {{ {open} id {} }} }}", "} }".repeat(levels))
    };
    reader.data(&nested(2), json!({}));
    assert_eq!(reader.ask(&nested(6), json!({})).error_code(), "BAD_USER_INPUT");
}

#[test]
fn logs_are_structured_and_say_nothing_personal() {
    let server = Server::start(Backend::Sqlite);
    let reader = server.signed_in("reader");
    let answer = reader.ask("{ viewer { name } }", json!({}));
    let id = answer.header("x-request-id").expect("a request id");
    assert!(server.identifying(id) > 0);
    let log = serde_json::to_string(&server.log()).expect("JSON");
    for secret in [
        "reader@example.dk",
        "Reader",
        reader.token.as_deref().expect("a token"),
        reader.refresh_token.as_deref().expect("a token"),
    ] {
        assert!(!log.contains(secret), "{secret} is not logged");
    }
}

fn health_tells_whether_the_database_answers(backend: Backend) {
    let server = Server::start(backend);
    assert_eq!(server.stranger().get("/health/live").status, 200);
    let ready = server.stranger().get("/health/ready");
    assert_eq!((ready.status, ready.json()), (200, json!({ "status": "ready" })));
}
