//! Which tokens are taken: each way to make a bad one, of our own and of an identity provider's.

mod maker;

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::issuer::{Issuer, SigningKey, now, with_token};
use crate::support::{
    Backend, Client, Database, Heard, PROTOCOL, SECRET, Server, Socket, hmac, init, virkning,
};
use maker::{Maker, without};

fn assert_refused(server: &Server, bad: Vec<(String, String)>) {
    for (told, token) in bad {
        let answer = with_token(server, &token).ask("{ __typename }", json!({}));
        assert_eq!((answer.status, answer.error_code().as_str()), (401, "UNAUTHENTICATED"), "{told}");
    }
}

fn assert_matrix(server: &Server, maker: &Maker<'_>) {
    let is_good = || with_token(server, &maker.good()).ask("{ viewer { id } }", json!({})).status == 200;
    assert!(is_good());
    for bad in [maker.bad_headers(), maker.bad_claims(), maker.bad_signatures()] {
        assert_refused(server, bad);
    }
    assert!(is_good(), "and the good one is still good");
}

fn parts(token: &str) -> (Value, Value) {
    let part = |at: usize| {
        let part = token.split('.').nth(at).expect("a part");
        serde_json::from_slice(&BASE64URL_NOPAD.decode(part.as_bytes()).expect("base64")).expect("JSON")
    };
    (part(0), part(1))
}

#[test]
fn of_our_own_tokens_only_good_ones_are_taken() {
    let server = Server::start(Backend::Sqlite);
    let (header, claims) = parts(server.signed_in("reader").token.as_deref().expect("a token"));
    let sign = |message: &[u8]| hmac(SECRET.as_bytes(), message);
    let kid = header["kid"].as_str().expect("a key id").as_bytes().to_vec();
    let maker = Maker { header, claims, sign: &sign, public: vec![kid, Vec::new(), b"virkning".to_vec()] };
    assert_matrix(&server, &maker);
    let other = server.signed_in("auditor").token.expect("a token");
    let (_, others) = parts(&other);
    assert_refused(
        &server,
        vec![
            ("no nbf".into(), maker.with(&maker.header, &without(&maker.claims, "nbf"))),
            ("no sid".into(), maker.with(&maker.header, &without(&maker.claims, "sid"))),
            maker.claim("sid", &json!("x")),
            maker.claim("sid", &others["sid"]),
            maker.claim("sub", &others["sub"]),
            maker.claim("sub", &json!("x' OR 1=1 --")),
        ],
    );
}

#[test]
fn of_an_issuers_tokens_only_good_ones_are_taken() {
    for key in [SigningKey::rsa("first"), SigningKey::ec("first"), SigningKey::ed("first")] {
        let issuer = Issuer::start(key.clone());
        let server = issuer.serve(Database::register(Backend::Sqlite), &["--oidc-accounts", "first-sight"]);
        let sign = |message: &[u8]| key.sign(key.algorithm(), message);
        let published = key.published();
        let maker = Maker {
            header: json!({ "alg": key.algorithm(), "kid": key.id, "typ": "JWT" }),
            claims: issuer.claims("someone"),
            sign: &sign,
            public: vec![
                key.public(),
                published.to_string().into_bytes(),
                published["n"].as_str().or(published["x"].as_str()).expect("a text").as_bytes().to_vec(),
                SECRET.as_bytes().to_vec(),
            ],
        };
        assert_matrix(&server, &maker);
        let mut ours = maker.claims.clone();
        ours["iss"] = json!("virkning");
        ours["aud"] = json!("virkning");
        let old = json!(now() - 25 * 60 * 60);
        assert_refused(
            &server,
            vec![
                ("as if it were ours".into(), maker.with(&maker.header, &ours)),
                maker.claim("iat", &old),
                maker.claim("sub", &json!("x".repeat(256))),
                maker.claim("sub", &json!("010190-1234")),
                maker.claim("sub", &json!("a\u{0}b")),
                maker.claim("sub", &json!(" a ")),
                maker.header("typ", json!("logout+jwt")),
                maker.header("typ", json!("dpop+jwt")),
                maker.header("typ", json!("application/secevent+jwt")),
            ],
        );
        for (name, value) in
            [("typ", json!("at+jwt")), ("typ", json!("application/at+JWT")), ("x5t", json!("x"))]
        {
            let (told, token) = maker.header(name, value);
            assert_eq!(with_token(&server, &token).ask("{ __typename }", json!({})).status, 200, "{told}");
        }
        for (name, value) in [("aud", json!(["account", "virkning-api"])), ("nbf", json!(now() - 1))] {
            let (told, token) = maker.claim(name, &value);
            assert_eq!(with_token(&server, &token).ask("{ __typename }", json!({})).status, 200, "{told}");
        }
    }
}

/// The status of a request with these headers, as they stand.
fn status(server: &Server, headers: &str) -> u16 {
    let address = server.url.strip_prefix("http://").expect("an http address");
    let mut connection = TcpStream::connect(address).expect("a connection");
    connection.set_read_timeout(Some(Duration::from_secs(20))).expect("a time limit");
    let request =
        format!("GET /graphql?query=%7B__typename%7D HTTP/1.1\r\nhost: {address}\r\n{headers}\r\n\r\n");
    // It may be refused before all of it is read.
    let _cut_short = connection.write_all(request.as_bytes());
    let mut answer = [0; 12];
    connection.read_exact(&mut answer).expect("an answer");
    std::str::from_utf8(&answer[9..]).expect("a status").parse().expect("a status")
}

#[test]
fn two_tokens_are_none_and_so_is_one_of_a_megabyte() {
    let server = Server::start(Backend::Sqlite);
    let token = server.signed_in("reader").token.expect("a token");
    let one = format!("authorization: Bearer {token}");
    assert_eq!(status(&server, &one), 200);
    assert_eq!(status(&server, &format!("{one}\r\n{one}")), 401);
    assert_eq!(status(&server, &format!("{one}\r\nauthorization: Basic eDp5")), 401);
    assert_eq!(status(&server, "authorization: Bearer"), 401);
    assert_eq!(status(&server, &format!("authorization: {token}")), 401);
    assert_eq!(status(&server, &format!("authorization: Bearer {}", "x".repeat(60_000))), 401);
    // This much is more than the server reads of any headers.
    let refused = status(&server, &format!("authorization: Bearer {}", "x".repeat(1024 * 1024)));
    assert!([400, 401, 431].contains(&refused), "{refused}");
    assert_eq!(status(&server, &one), 200, "and the server is well");
}

#[test]
fn a_socket_takes_the_same_tokens() {
    let server = Server::start(Backend::Sqlite);
    let good = server.signed_in("reader").token.expect("a token");
    let (signed, _) = good.rsplit_once('.').expect("a signature");
    let unsigned = format!("{signed}.");
    for (token, heard) in [
        (good.as_str(), Heard::Message(json!({ "type": "connection_ack" }))),
        (unsigned.as_str(), Heard::Closed(4401)),
        ("x", Heard::Closed(4401)),
    ] {
        let mut socket = Socket::open(&server.url);
        socket.say(&init(token));
        assert_eq!(socket.hear(), heard);
    }
    let bearer = format!("Bearer {unsigned}");
    assert_eq!(Socket::try_open(&server.url, &[PROTOCOL, ("authorization", &bearer)]).err(), Some(401));
}

#[test]
fn no_secret_may_be_missing_short_or_an_example() {
    let folder = TempDir::new().expect("a temporary folder");
    let file = |name: &str, content: &str| {
        let path = folder.path().join(name);
        fs::write(&path, content).expect("a secret file");
        path.to_string_lossy().into_owned()
    };
    let good = file("good", SECRET);
    for (content, told) in [
        ("", "0 bytes"),
        ("short", "5 bytes"),
        (&"x1".repeat(15), "30 bytes"),
        ("changemechangemechangemechangeme", "example"),
        ("my-very-own-jwt-SECRET-0123456789", "example"),
        ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "example"),
    ] {
        let bad = file("bad", content);
        for secrets in [
            vec!["--jwt-secret-file", &bad],
            vec!["--jwt-secret-file", &good, "--jwt-other-secret-file", &bad],
        ] {
            let at_fault = secrets[secrets.len() - 2];
            let ran = virkning("sqlite://unused.db", &[&["serve"], secrets.as_slice()].concat());
            let expected = format!("{at_fault}: ");
            assert!(!ran.status.success(), "{content}");
            assert!(ran.stderr.contains(&expected) && ran.stderr.contains(told), "{content}: {}", ran.stderr);
        }
    }
    for (secrets, told) in [
        (vec![], "--jwt-secret-file: give the file"),
        (vec!["--jwt-other-secret-file", &good], "--jwt-secret-file: give the file"),
        (vec!["--jwt-secret-file", "/nowhere/secret"], "/nowhere/secret"),
        (vec!["--jwt-secret-file", &good, "--jwt-other-secret-file", "/nowhere/secret"], "/nowhere/secret"),
        (vec!["--jwt-secret-file", &good, "--jwt-other-secret-file", &good], "the same secret"),
    ] {
        let ran = virkning("sqlite://unused.db", &[&["serve"], secrets.as_slice()].concat());
        assert!(!ran.status.success() && ran.stderr.contains(told), "{told} in {}", ran.stderr);
    }
}

#[test]
fn secrets_are_exchanged_without_signing_anyone_out() {
    const NEW: &str = "0b7d3f5a91c24e68b3d1f7a5c9e8d604";
    let database = Database::register(Backend::Sqlite);
    let serve = |database: &Database, secrets: &[(&str, &str)]| {
        Server::serve_with(database.shared(), secrets, &["--explorer"], &[])
    };
    let (signing, other) = ("--jwt-secret-file", "--jwt-other-secret-file");
    let is_taken = |server: &Server, client: &Client| {
        let token = client.token.as_deref().expect("a token");
        with_token(server, token).ask("{ viewer { id } }", json!({})).status == 200
    };
    // Two servers of one database, changed one after the other, as docs/oidc.md tells it.
    let first = serve(&database, &[(signing, SECRET)]);
    let old = first.signed_in("reader");
    let second = serve(&database, &[(signing, SECRET), (other, NEW)]);
    assert!(is_taken(&second, &old));
    assert!(is_taken(&first, &second.signed_in("reader")), "it still signs with the old one");
    drop(first);
    let third = serve(&database, &[(signing, NEW), (other, SECRET)]);
    let new = third.signed_in("reader");
    assert!(is_taken(&third, &old) && is_taken(&second, &new) && is_taken(&third, &new));
    drop(second);
    let last = serve(&database, &[(signing, NEW)]);
    assert!(is_taken(&last, &new));
    assert!(!is_taken(&last, &old), "the old secret is worth nothing any more");
    let kid = |client: &Client| parts(client.token.as_deref().expect("a token")).0["kid"].clone();
    assert_ne!(kid(&old), kid(&new));
}
