//! The session that a token of an identity provider begins, and how it ends.

use std::thread;
use std::time::{Duration, Instant};

use data_encoding::BASE64URL_NOPAD;
use serde_json::json;

use super::{FIRST_SIGHT, account, assert_verified, issuer, serve, status, viewer};
use crate::support::issuer::{Issuer, SigningKey, with_token};
use crate::support::{Backend, Client, Database, Socket};

on_both_databases!(
    signing_out_ends_the_token_in_every_form,
    a_deactivated_account_is_out_with_tokens_that_nobody_has_seen,
    a_token_costs_no_more_statements_than_our_own,
    sessions_of_tokens_that_ended_are_deleted,
);

fn signing_out_ends_the_token_in_every_form(backend: Backend) {
    let issuer = Issuer::start(SigningKey::ec("first"));
    let server = serve(&issuer, backend);
    let (client, other) =
        (issuer.client(&server, "8d1f", &json!({})), issuer.client(&server, "8d1f", &json!({})));
    let second = issuer.serve(server.database().shared(), &FIRST_SIGHT);
    let token = client.token.clone().expect("a token");
    let elsewhere = with_token(&second, &token);
    assert_eq!((status(&client), status(&other), status(&elsewhere)), (200, 200, 200));
    client.data("mutation { signOut { userErrors { code } } }", json!({}));
    assert_eq!((status(&client), status(&other)), (401, 200));
    // Another server knows within five seconds.
    let ended = Instant::now();
    while status(&elsewhere) != 401 {
        assert!(ended.elapsed() < Duration::from_secs(5), "the other server goes on");
        thread::sleep(Duration::from_millis(50));
    }
    // Of a signature by this algorithm anyone can make another one that is as good: (r, s) and (r, n - s).
    let (signed, signature) = token.rsplit_once('.').expect("a signature");
    let mirrored = mirrored(&BASE64URL_NOPAD.decode(signature.as_bytes()).expect("base64"));
    let mirrored = with_token(&server, &format!("{signed}.{}", BASE64URL_NOPAD.encode(&mirrored)));
    assert_eq!(status(&mirrored), 401);
    drop(second);
    let (_, database) = server.stop();
    let server = issuer.serve(database.expect("a database"), &FIRST_SIGHT);
    assert_eq!(status(&with_token(&server, &token)), 401, "after a restart too");
    assert_eq!(status(&with_token(&server, other.token.as_deref().expect("a token"))), 200);
}

/// The other signature on P-256 that verifies where this one does.
fn mirrored(signature: &[u8]) -> Vec<u8> {
    const ORDER: [u8; 32] = [
        0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc,
        0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
    ];
    let (r, s) = signature.split_at(32);
    let mut difference = [0; 32];
    let mut borrow = 0;
    for at in (0..32).rev() {
        let left = i16::from(ORDER[at]) - i16::from(s[at]) - borrow;
        borrow = i16::from(left < 0);
        difference[at] = u8::try_from(left.rem_euclid(256)).expect("a byte");
    }
    [r, &difference].concat()
}

fn a_deactivated_account_is_out_with_tokens_that_nobody_has_seen(backend: Backend) {
    let issuer = issuer();
    let server = issuer
        .serve(Database::register(backend), &[FIRST_SIGHT, ["--oidc-group", "sof=EVALUATOR:SOF"]].concat());
    let groups = json!({ "groups": ["sof"] });
    let client = issuer.client(&server, "8d1f", &groups);
    let id = viewer(&client)["id"].clone();
    let unseen = issuer.client(&server, "8d1f", &groups);
    let mut socket = Socket::of(&client);
    let last = client.data("{ history(last: 2) { nodes { id } } }", json!({}))["history"]["nodes"].clone();
    let query = "subscription($after: ID) { eventAppended(after: $after) { id } }";
    socket.subscribe("1", query, json!({ "after": last[0]["id"] }));
    assert_eq!(socket.next("1")["eventAppended"]["id"], last[1]["id"]);
    let admin = server.signed_in("admin");
    let set = |active: bool| {
        let version = account(&server, &id)["version"].clone();
        let input = json!({ "id": id, "expectedVersion": version, "active": active });
        assert_eq!(admin.mutate("updateAccount", &input, "account { id }")["userErrors"], json!([]));
    };
    set(false);
    let deactivated = Instant::now();
    assert_eq!(socket.end("1"), "UNAUTHENTICATED");
    assert!(deactivated.elapsed() < Duration::from_secs(5), "{:?}", deactivated.elapsed());
    assert_eq!((status(&client), status(&unseen)), (401, 401));
    assert_eq!(status(&issuer.client(&server, "8d1f", &groups)), 401, "nor one that is issued now");
    set(true);
    assert_eq!((status(&client), status(&unseen)), (401, 401), "they are of what was ended");
    thread::sleep(Duration::from_millis(1_100));
    assert_eq!(status(&issuer.client(&server, "8d1f", &groups)), 200, "whoever signs in anew is in");
    assert_verified(&server);
}

fn a_token_costs_no_more_statements_than_our_own(backend: Backend) {
    let issuer = issuer();
    let server = serve(&issuer, backend);
    let statements = |client: &Client| {
        let answer = client.ask("{ viewer { name } }", json!({}));
        server.identifying(answer.header("x-request-id").expect("a request id"))
    };
    let (own, client) = (server.signed_in("nobody"), issuer.client(&server, "8d1f", &json!({})));
    let first = statements(&client);
    assert!(first > statements(&own), "what is seen for the first time is written down");
    assert_eq!(statements(&client), statements(&own));
}

fn sessions_of_tokens_that_ended_are_deleted(backend: Backend) {
    let issuer = issuer();
    let server = serve(&issuer, backend);
    for subject in ["a", "b"] {
        assert_eq!(status(&issuer.client(&server, subject, &json!({}))), 200);
    }
    let (_, database) = server.stop();
    let database = database.expect("a database");
    let sessions = database.count("session");
    let id = "(SELECT s.id FROM session s JOIN account a ON a.id = s.account_id WHERE a.subject = 'a')";
    database
        .execute(&format!("UPDATE issued_session SET expires_at = 1 WHERE session_id = {id}"))
        .expect("an ended token");
    let server = issuer.serve(database, &FIRST_SIGHT);
    let started = Instant::now();
    while server.database().count("issued_session") > 1 {
        assert!(started.elapsed() < Duration::from_secs(30), "nothing is deleted");
        thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(server.database().count("session"), sessions - 1);
}
