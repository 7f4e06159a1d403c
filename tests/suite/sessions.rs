//! Signing in, staying signed in, and being signed out.

use std::thread;

use serde_json::{Value, json};

use crate::support::{Backend, Client, Server};

on_both_databases!(
    a_wrong_password_and_an_unknown_account_are_answered_alike,
    a_refresh_token_works_once_and_then_ends_the_session,
    of_two_refreshes_at_once_one_wins_at_most,
    signing_out_ends_the_access_token,
    a_new_password_ends_the_other_sessions,
    a_deactivated_account_is_out_at_once,
    a_revoked_role_is_gone_at_once,
    signing_in_leaves_no_event,
);

const REFRESH: &str = "mutation($t: String!) { refreshSession(input: { refreshToken: $t }) { \
                       accessToken refreshToken viewer { name } userErrors { code } } }";

fn refresh(client: &Client, token: &str) -> Value {
    client.data(REFRESH, json!({ "t": token }))["refreshSession"].clone()
}

fn token(client: &Client) -> &str {
    client.refresh_token.as_deref().expect("a refresh token")
}

fn is_signed_in(client: &Client) -> bool {
    client.ask("{ viewer { name } }", json!({})).status == 200
}

fn a_wrong_password_and_an_unknown_account_are_answered_alike(backend: Backend) {
    let server = Server::start(backend);
    let attempt = |email: &str, password: &str| {
        let query = "mutation($e: String!, $p: String!) { signIn(input: { email: $e, password: $p }) { \
                     accessToken viewer { name } userErrors { field message code } } }";
        server.stranger().ask(query, json!({ "e": email, "p": password })).body
    };
    let wrong = attempt("reader@example.dk", "wrong");
    assert!(wrong.contains("WRONG_CREDENTIALS"), "{wrong}");
    assert_eq!(attempt("stranger@example.dk", "wrong"), wrong);
    assert_eq!(attempt("reader@example.dk", &"x".repeat(2_000)), wrong);
    assert_eq!(attempt("", ""), wrong);
    let right = server.stranger().sign_in(" READER@example.dk", "reader@example.dk");
    assert!(is_signed_in(&right), "case and surrounding space of the address do not matter");
}

fn a_refresh_token_works_once_and_then_ends_the_session(backend: Backend) {
    let server = Server::start(backend);
    let client = server.signed_in("reader");
    let renewed = refresh(&server.stranger(), token(&client));
    assert_eq!(renewed["viewer"]["name"], "Reader");
    let newer = renewed["refreshToken"].as_str().expect("a token").to_owned();
    assert!(is_signed_in(&client));
    // Used twice: someone has copied it. Both branches end.
    assert_eq!(refresh(&server.stranger(), token(&client))["userErrors"][0]["code"], "SESSION_OVER");
    assert_eq!(refresh(&server.stranger(), &newer)["userErrors"][0]["code"], "SESSION_OVER");
    assert!(!is_signed_in(&client));
    assert_eq!(refresh(&server.stranger(), "nothing")["userErrors"][0]["code"], "SESSION_OVER");
}

fn of_two_refreshes_at_once_one_wins_at_most(backend: Backend) {
    let server = Server::start(backend);
    let client = server.signed_in("reader");
    let stranger = server.stranger();
    let wins = thread::scope(|scope| {
        let rivals: Vec<_> = (0..2)
            .map(|_| scope.spawn(|| refresh(&stranger, token(&client))["userErrors"] == json!([])))
            .collect();
        rivals.into_iter().map(|rival| rival.join().expect("an answer")).filter(|won| *won).count()
    });
    assert_eq!(wins, 1);
}

fn signing_out_ends_the_access_token(backend: Backend) {
    let server = Server::start(backend);
    let (client, other) = (server.signed_in("reader"), server.signed_in("reader"));
    client.data("mutation { signOut { userErrors { code } } }", json!({}));
    let answer = client.ask("{ viewer { name } }", json!({}));
    assert_eq!((answer.status, answer.error_code()), (401, "UNAUTHENTICATED".to_owned()));
    assert_eq!(refresh(&server.stranger(), token(&client))["userErrors"][0]["code"], "SESSION_OVER");
    assert!(is_signed_in(&other), "another session of the account goes on");
}

fn a_new_password_ends_the_other_sessions(backend: Backend) {
    let server = Server::start(backend);
    let (client, other) = (server.signed_in("reader"), server.signed_in("reader"));
    let change = |present: &str, new: &str| {
        let input = json!({ "presentPassword": present, "newPassword": new });
        client.mutate("changePassword", &input, "account { id }")["userErrors"][0]["code"].clone()
    };
    assert_eq!(change("wrong", "a long enough password"), "WRONG_PASSWORD");
    assert_eq!(change("reader@example.dk", "short"), "WEAK_PASSWORD");
    assert_eq!(change("reader@example.dk", "a long enough password"), Value::Null);
    assert!(is_signed_in(&client));
    assert!(!is_signed_in(&other));
    assert_eq!(refresh(&server.stranger(), token(&other))["userErrors"][0]["code"], "SESSION_OVER");
    server.stranger().sign_in("reader@example.dk", "a long enough password");
}

fn a_deactivated_account_is_out_at_once(backend: Backend) {
    let server = Server::start(backend);
    let reader = server.signed_in("reader");
    let id = reader.data("{ viewer { id } }", json!({}))["viewer"]["id"].clone();
    let input = json!({ "id": id, "expectedVersion": 1, "active": false });
    let payload = server.signed_in("admin").mutate("updateAccount", &input, "account { active }");
    assert_eq!(payload["account"]["active"], false);
    assert!(!is_signed_in(&reader));
    assert_eq!(refresh(&server.stranger(), token(&reader))["userErrors"][0]["code"], "SESSION_OVER");
    let query = include_str!("../../docs/examples/sign-in.graphql");
    let again = server
        .stranger()
        .data(query, json!({ "email": "reader@example.dk", "password": "reader@example.dk" }));
    assert_eq!(again["signIn"]["userErrors"][0]["code"], "WRONG_CREDENTIALS");
}

fn a_revoked_role_is_gone_at_once(backend: Backend) {
    let server = Server::start(backend);
    let reader = server.signed_in("reader");
    assert_eq!(reader.data("{ interventions { totalCount } }", json!({}))["interventions"]["totalCount"], 22);
    let grant =
        reader.data("{ viewer { roleGrants { id version } } }", json!({}))["viewer"]["roleGrants"][0].clone();
    let input = json!({ "id": grant["id"], "expectedVersion": grant["version"] });
    server.signed_in("admin").mutate("revokeRole", &input, "roleGrant { id }");
    assert_eq!(reader.data("{ interventions { totalCount } }", json!({}))["interventions"]["totalCount"], 0);
    assert_eq!(reader.data("{ viewer { roleGrants { id } } }", json!({}))["viewer"]["roleGrants"], json!([]));
}

fn signing_in_leaves_no_event(backend: Backend) {
    let server = Server::start(backend);
    let before = server.database().count("event");
    let client = server.signed_in("reader");
    refresh(&server.stranger(), token(&client));
    client.data("mutation { signOut { userErrors { code } } }", json!({}));
    assert_eq!(server.database().count("event"), before);
    let rows =
        server.database().query("SELECT COUNT(*) AS count FROM refresh_token WHERE length(digest) <> 32");
    assert_eq!(rows[0].try_get::<i64>("", "count"), Ok(0), "only digests are stored");
}
