//! The keys of an identity provider: which are believed, how new ones are noticed, and what happens when it is down.

mod https;

use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::issuer::{AUDIENCE, Issuer, Mood, SigningKey, with_token};
use crate::support::{Backend, Database, Server, virkning};

/// Longer than anything takes that comes at all.
const PATIENCE: Duration = Duration::from_secs(30);
const FIRST_SIGHT: [&str; 2] = ["--oidc-accounts", "first-sight"];

fn status(server: &Server, token: &str) -> u16 {
    with_token(server, token).ask("{ viewer { id } }", json!({})).status
}

fn serve(issuer: &Issuer, options: &[&str]) -> Server {
    issuer.serve(Database::register(Backend::Sqlite), &[&FIRST_SIGHT, options].concat())
}

/// Waits until something is so.
fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    let started = Instant::now();
    while !is_so() {
        assert!(started.elapsed() < PATIENCE, "{what}");
        thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn each_algorithm_is_verified_by_its_own_kind_of_key() {
    let keys = [SigningKey::rsa("rsa"), SigningKey::ec("ec"), SigningKey::ed("ed")];
    let issuer = Issuer::start(keys[0].clone());
    // What cannot be used is passed over: other uses, other curves, secrets, nonsense.
    let odd = [
        json!({ "kty": "oct", "kid": "rsa", "k": "c2VjcmV0" }),
        json!({ "kty": "EC", "kid": "x", "crv": "P-521", "x": "AQAB", "y": "AQAB" }),
        json!({ "kid": 1 }),
        json!("x"),
    ];
    issuer.publish(odd.into_iter().chain(keys.iter().map(SigningKey::published)).collect());
    let server = serve(&issuer, &[]);
    for (key, algorithm) in
        [(&keys[0], "RS256"), (&keys[0], "PS256"), (&keys[1], "ES256"), (&keys[2], "EdDSA")]
    {
        let token = key.token(algorithm, &issuer.claims("someone"));
        assert_eq!(status(&server, &token), 200, "{algorithm}");
    }
    for (key, named, algorithm) in [
        (&keys[0], "ec", "RS256"),
        (&keys[0], "ec", "ES256"),
        (&keys[1], "rsa", "ES256"),
        (&keys[2], "ec", "EdDSA"),
    ] {
        let misnamed = key.called(named);
        let token = misnamed.token(algorithm, &issuer.claims("someone"));
        assert_eq!(status(&server, &token), 401, "{algorithm} by {named}");
    }
}

#[test]
fn a_key_is_for_what_it_was_published_for() {
    let key = SigningKey::rsa("rsa");
    let issuer = Issuer::start(key.clone());
    let token = |algorithm: &str| key.token(algorithm, &issuer.claims("someone"));
    let with = |name: &str, value: &str| {
        let mut published = key.published();
        published[name] = json!(value);
        // Another one, so that there is a set at all.
        issuer.publish(vec![published, SigningKey::ed("other").published()]);
        serve(&issuer, &[])
    };
    let server = with("alg", "PS256");
    assert_eq!((status(&server, &token("PS256")), status(&server, &token("RS256"))), (200, 401));
    let server = with("use", "enc");
    assert_eq!((status(&server, &token("PS256")), status(&server, &token("RS256"))), (401, 401));
}

#[test]
fn a_new_key_is_taken_at_once_and_a_removed_one_no_longer() {
    let old = SigningKey::ec("2026-1");
    let new = SigningKey::ec("2026-2");
    let issuer = Issuer::start(old.clone());
    let server = serve(&issuer, &["--oidc-refresh-seconds", "2"]);
    let token = |key: &SigningKey| key.token("ES256", &issuer.claims("someone"));
    let slow = serve(&issuer, &[]);
    let of_old = token(&old);
    assert_eq!((status(&server, &of_old), status(&slow, &of_old)), (200, 200));
    assert_eq!(status(&server, &new.token("ES256", &issuer.claims("someone"))), 401);
    // Both at once, as providers do; nobody waits for the next fetch in time.
    issuer.publish(vec![old.published(), new.published()]);
    assert_eq!((status(&slow, &token(&new)), status(&slow, &of_old)), (200, 200));
    issuer.publish(vec![new.published()]);
    eventually("the removed key is gone", || status(&server, &of_old) == 401);
    assert_eq!(status(&server, &token(&new)), 200);
}

#[test]
fn a_flood_of_unknown_keys_is_no_flood_at_the_issuer() {
    let issuer = Issuer::start(SigningKey::ed("first"));
    let server = serve(&issuer, &[]);
    let good = issuer.token("someone", &json!({}));
    assert_eq!(status(&server, &good), 200);
    let (before, started) = (issuer.fetches(), Instant::now());
    thread::scope(|scope| {
        for worker in 0..8 {
            let (issuer, server) = (&issuer, &server);
            scope.spawn(move || {
                for number in 0..40 {
                    let unknown = issuer.key.called(&format!("{worker}-{number}"));
                    let token = unknown.token("EdDSA", &issuer.claims("someone"));
                    assert_eq!(status(server, &token), 401);
                }
            });
        }
    });
    let most = 1 + started.elapsed().as_secs() / 10;
    let fetches = issuer.fetches() - before;
    assert!((1..=most).contains(&fetches), "{fetches} fetches, not {most}");
    assert_eq!(status(&server, &good), 200);
}

#[test]
fn those_who_wait_for_a_new_key_share_one_fetch() {
    let issuer = Issuer::start(SigningKey::ed("first"));
    let server = serve(&issuer, &[]);
    assert_eq!(status(&server, &issuer.token("someone", &json!({}))), 200);
    let new = SigningKey::ed("second");
    issuer.publish(vec![new.published()]);
    let before = issuer.fetches();
    thread::scope(|scope| {
        for _ in 0..16 {
            let token = new.token("EdDSA", &issuer.claims("someone"));
            let server = &server;
            scope.spawn(move || assert_eq!(status(server, &token), 200));
        }
    });
    assert_eq!(issuer.fetches() - before, 1);
}

#[test]
fn an_issuer_that_is_down_when_the_server_starts_is_found_later() {
    let issuer = Issuer::start(SigningKey::ed("first"));
    issuer.be(Mood::Down);
    let server = serve(&issuer, &["--oidc-refresh-seconds", "1"]);
    let token = issuer.token("someone", &json!({}));
    let refused = with_token(&server, &token).ask("{ viewer { id } }", json!({}));
    assert_eq!((refused.status, refused.error_code().as_str()), (503, "UNAVAILABLE"));
    let own = server.signed_in("reader");
    assert_eq!(own.ask("{ viewer { id } }", json!({})).status, 200, "others are served");
    assert_eq!(server.stranger().get("/health/ready").status, 200);
    let told = |line: &serde_json::Value| {
        line["message"].as_str().is_some_and(|told| told.contains("issuer's keys"))
    };
    assert_eq!(server.log().iter().filter(|line| told(line)).count(), 1, "that is told once");
    issuer.be(Mood::Well);
    eventually("the issuer is found", || status(&server, &token) == 200);
    eventually("and that is told too", || server.log().iter().filter(|line| told(line)).count() == 2);
}

#[test]
fn keys_are_kept_while_the_issuer_is_down_or_talks_nonsense() {
    let issuer = Issuer::start(SigningKey::ed("first"));
    let server = serve(&issuer, &["--oidc-refresh-seconds", "1"]);
    assert_eq!(status(&server, &issuer.token("someone", &json!({}))), 200);
    let other = SigningKey::ed("first");
    let keys = json!({ "keys": [other.published()] }).to_string();
    let odd = |status, headers: &str, body: &str| Mood::Odd(status, headers.to_owned(), body.to_owned());
    let elsewhere = Issuer::start(other.clone());
    for mood in [
        Mood::Down,
        odd("500 Internal Server Error", "", &keys),
        odd("404 Not Found", "", ""),
        odd("200 OK", "", "<html>"),
        odd("200 OK", "", "{\"keys\":[]}"),
        odd("302 Found", &format!("location: {}/certs\r\n", elsewhere.url()), ""),
        odd("200 OK", "", &format!("{{\"keys\":[],\"padding\":\"{}\"}}", "x".repeat(300 * 1024))),
        Mood::Discovery(json!({ "issuer": issuer.url(), "jwks_uri": "http://192.0.2.1/certs" })),
        Mood::Discovery(json!({ "issuer": issuer.url(), "jwks_uri": "file:///etc/passwd" })),
        Mood::Discovery(
            json!({ "issuer": elsewhere.url(), "jwks_uri": format!("{}/certs", elsewhere.url()) }),
        ),
        Mood::Discovery(
            json!({ "issuer": format!("{}/", issuer.url()), "jwks_uri": format!("{}/certs", elsewhere.url()) }),
        ),
    ] {
        issuer.be(mood.clone());
        thread::sleep(Duration::from_millis(1_200));
        assert_eq!(status(&server, &issuer.token("someone", &json!({}))), 200, "{mood:?}");
        let foreign = other.token("EdDSA", &issuer.claims("someone"));
        assert_eq!(status(&server, &foreign), 401, "{mood:?}");
    }
    assert_eq!(elsewhere.fetches(), 0, "nobody is sent elsewhere");
}

#[test]
fn the_place_of_the_keys_can_be_configured() {
    let issuer = Issuer::start(SigningKey::ed("first"));
    let keys = format!("{}/certs", issuer.url());
    let server = serve(&issuer, &["--oidc-jwks-url", &keys]);
    issuer.be(Mood::Discovery(json!({})));
    assert_eq!(status(&server, &issuer.token("someone", &json!({}))), 200);
}

#[test]
fn an_issuer_is_configured_whole_or_not_at_all() {
    let issuer = ["--oidc-issuer", "https://id.example.dk", "--oidc-audience", AUDIENCE];
    let told = |options: &[&str]| {
        let ran = virkning("sqlite://unused.db", &[&["serve"], options].concat());
        assert!(!ran.status.success());
        ran.stderr
    };
    for (options, fault) in [
        (["--oidc-issuer", "https://id.example.dk"].as_slice(), "--oidc-audience: "),
        (&["--oidc-audience", AUDIENCE], "--oidc-audience: there is no --oidc-issuer"),
        (&["--oidc-acr", "high"], "--oidc-acr: there is no --oidc-issuer"),
        (&["--oidc-group", "x=READER"], "--oidc-group: there is no --oidc-issuer"),
        (&FIRST_SIGHT, "--oidc-accounts: there is no --oidc-issuer"),
        (&["--local-accounts", "false"], "--local-accounts: without an --oidc-issuer nobody could sign in"),
        (
            &["--oidc-issuer", "http://id.example.dk", "--oidc-audience", AUDIENCE],
            "--oidc-issuer: http://id.example.dk is not https",
        ),
        (&["--oidc-issuer", "virkning", "--oidc-audience", AUDIENCE], "--oidc-issuer: virkning"),
    ] {
        let stderr = told(options);
        assert!(stderr.contains(fault), "{fault} in {stderr}");
    }
    for (mapping, fault) in [
        ("it=ADMIN", "nobody becomes ADMIN by a group"),
        ("it=ROOT", "not one of"),
        ("READER", "is not GROUP=ROLE"),
        ("=READER", "the group: "),
        ("it=READER:", "is not GROUP=ROLE"),
        ("it=COORDINATOR:SOF", "for the whole municipality"),
        ("010190-1234=READER", "CPR"),
    ] {
        let stderr = told(&[&issuer, ["--oidc-group", mapping].as_slice()].concat());
        assert!(stderr.contains("--oidc-group: ") && stderr.contains(fault), "{fault} in {stderr}");
    }
    let stderr = told(&[&issuer, ["--oidc-jwks-url", "http://192.0.2.1/keys"].as_slice()].concat());
    assert!(stderr.contains("--oidc-jwks-url: http://192.0.2.1/keys is not https"), "{stderr}");
}
