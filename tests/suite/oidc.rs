//! Those whom an identity provider vouches for: whose account a token is, what its groups allow, and how its session ends.

mod groups;
mod sessions;

use std::thread;

use sea_orm::TryGetable;
use serde_json::{Value, json};

use crate::support::issuer::{Issuer, SigningKey, with_token};
use crate::support::{Backend, Client, Database, Server, virkning};

on_both_databases!(
    an_administrator_says_who_someone_is,
    a_newcomer_gets_an_account_that_can_do_nothing,
    a_newcomer_who_comes_many_times_at_once_gets_one_account,
    what_a_token_says_is_kept_only_where_it_is_fit_to_be,
    an_address_takes_over_nobody,
    without_local_accounts_no_password_is_taken,
);

const VIEWER: &str = "{ viewer { id name roleGrants { role } } }";
const FIRST_SIGHT: [&str; 2] = ["--oidc-accounts", "first-sight"];

fn issuer() -> Issuer {
    Issuer::start(SigningKey::ed("first"))
}

fn serve(issuer: &Issuer, backend: Backend) -> Server {
    issuer.serve(Database::register(backend), &FIRST_SIGHT)
}

fn viewer(client: &Client) -> Value {
    client.data(VIEWER, json!({}))["viewer"].clone()
}

fn status(client: &Client) -> u16 {
    client.ask(VIEWER, json!({})).status
}

/// A column of the account that the issuer calls so.
fn stored<T: TryGetable>(server: &Server, subject: &str, column: &str) -> T {
    let rows = server.database().query(&format!("SELECT {column} FROM account WHERE subject = '{subject}'"));
    assert_eq!(rows.len(), 1, "one account of {subject}");
    rows[0].try_get("", column).expect("a value")
}

fn assert_verified(server: &Server) {
    virkning(&server.database().url, &["verify"]).assert_success();
}

fn account(server: &Server, id: &Value) -> Value {
    let query = "query($id: ID!) { node(id: $id) { ... on Account { id version email name active issuer subject } } }";
    server.signed_in("admin").data(query, json!({ "id": id }))["node"].clone()
}

fn an_administrator_says_who_someone_is(backend: Backend) {
    let issuer = issuer();
    let server = issuer.serve(Database::register(backend), &[]);
    let known = issuer.client(&server, "8d1f", &json!({ "name": "Someone Else" }));
    assert_eq!(known.ask(VIEWER, json!({})).error_code(), "UNAUTHENTICATED", "nobody has said so yet");
    let admin = server.signed_in("admin");
    let given = |more: Value| {
        let mut input = json!({ "email": "ny@example.dk", "name": "Ny" });
        input.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        input
    };
    let (url, password) = (issuer.url(), "a long enough password");
    for (more, code, field) in [
        (json!({ "password": password, "issuer": url, "subject": "8d1f" }), "PASSWORD_OR_ISSUER", "password"),
        (json!({ "issuer": url }), "PASSWORD_OR_ISSUER", "password"),
        (json!({ "subject": "8d1f" }), "PASSWORD_OR_ISSUER", "password"),
        (json!({ "issuer": url, "subject": " 8d1f" }), "INVALID_IDENTIFIER", "subject"),
        (json!({ "issuer": url, "subject": "" }), "REQUIRED", "subject"),
        (json!({ "issuer": url, "subject": "010190-1234" }), "CPR_NUMBER", "subject"),
    ] {
        assert_eq!(
            admin.refusal("createAccount", &given(more.clone())),
            (code.into(), json!([field])),
            "{more}"
        );
    }
    let input = given(json!({ "issuer": url, "subject": "8d1f" }));
    let made = admin.mutate("createAccount", &input, "account { id name issuer subject }")["account"].clone();
    assert_eq!((&made["issuer"], &made["subject"]), (&json!(url), &json!("8d1f")));
    let seen = viewer(&known);
    assert_eq!((&seen["id"], &seen["name"]), (&made["id"], &json!("Ny")), "by the name that it was given");
    let again = json!({ "email": "x@example.dk", "name": "x", "issuer": url, "subject": "8d1f" });
    assert_eq!(admin.refusal("createAccount", &again), ("TAKEN".into(), json!(["subject"])));
    assert_eq!(status(&issuer.client(&server, "8D1F", &json!({}))), 401, "a subject is compared as it is");
    let wrong = json!({ "email": "ny@example.dk", "password": "" });
    let signed_in = server.stranger().mutate("signIn", &wrong, "accessToken");
    assert_eq!(signed_in["userErrors"][0]["code"], "WRONG_CREDENTIALS", "and by no password");
    let ran = virkning(
        &server.database().url,
        &[
            "account",
            "add",
            "to@example.dk",
            "--name",
            "To",
            "--issuer",
            url,
            "--subject",
            "2",
            "--as",
            "admin@example.dk",
        ],
    );
    ran.assert_success();
    assert!(!ran.stdout.contains("password"), "{}", ran.stdout);
    assert_eq!(viewer(&issuer.client(&server, "2", &json!({})))["name"], "To");
    assert_verified(&server);
}

fn a_newcomer_gets_an_account_that_can_do_nothing(backend: Backend) {
    let issuer = issuer();
    let server = serve(&issuer, backend);
    let more = json!({ "name": "Åse Ny", "roles": ["ADMIN"], "groups": ["ADMIN"] });
    let client = issuer.client(&server, "8d1f", &more);
    let seen = viewer(&client);
    assert_eq!((&seen["name"], &seen["roleGrants"]), (&json!("Åse Ny"), &json!([])));
    let register = "{ interventions { totalCount } accounts { totalCount } }";
    let answer = client.data(register, json!({}));
    assert_eq!(
        (&answer["interventions"]["totalCount"], &answer["accounts"]["totalCount"]),
        (&json!(0), &json!(1))
    );
    let event = server.signed_in("auditor").last_event();
    assert_eq!((&event["action"], &event["subjectKind"]), (&json!("CREATE"), &json!("ACCOUNT")));
    assert_eq!((&event["subjectId"], &event["actor"]["id"]), (&seen["id"], &seen["id"]));
    assert_eq!((&event["actor"]["name"], &event["actor"]["roles"]), (&json!("Åse Ny"), &json!([])));
    let fields: Vec<_> =
        event["changes"].as_array().expect("changes").iter().map(|one| one["field"].clone()).collect();
    assert_eq!(fields, ["email", "name", "active", "issuer", "subject"]);
    // Another token of the same person is another session of the same account, and no event.
    let events = server.database().count("event");
    assert_eq!(viewer(&issuer.client(&server, "8d1f", &json!({ "name": "Åse Gift" }))), seen);
    assert_eq!((server.database().count("event"), server.database().count("issued_session")), (events, 2));
    assert_verified(&server);
}

fn a_newcomer_who_comes_many_times_at_once_gets_one_account(backend: Backend) {
    let issuer = issuer();
    let server = serve(&issuer, backend);
    let accounts = server.database().count("account");
    let token = issuer.token("8d1f", &json!({}));
    let tokens: Vec<_> =
        (0..8).map(|at| if at % 2 == 0 { token.clone() } else { issuer.token("8d1f", &json!({})) }).collect();
    thread::scope(|scope| {
        for token in &tokens {
            let server = &server;
            scope.spawn(move || assert_eq!(status(&with_token(server, token)), 200));
        }
    });
    assert_eq!(server.database().count("account"), accounts + 1);
    assert_eq!(server.database().count("issued_session"), 5, "a session for each token");
    assert_verified(&server);
}

fn what_a_token_says_is_kept_only_where_it_is_fit_to_be(backend: Backend) {
    let issuer = issuer();
    let server = serve(&issuer, backend);
    for (subject, name, kept) in [
        ("s1", json!("Åse 010190-1234"), "s1"),
        ("s2", json!("a\u{0}b"), "s2"),
        ("s3", json!("x".repeat(301)), "s3"),
        ("s4", json!("  "), "s4"),
        ("s5", json!(["x"]), "s5"),
        ("s6", json!(" A\u{30a}se "), "Åse"),
    ] {
        assert_eq!(
            viewer(&issuer.client(&server, subject, &json!({ "name": name })))["name"],
            kept,
            "{name}"
        );
    }
    let more = json!({ "preferred_username": "aase", "email": "a\u{0}@example.dk", "email_verified": true });
    assert_eq!(viewer(&issuer.client(&server, "s7", &more))["name"], "aase");
    assert!(stored::<String>(&server, "s7", "email").ends_with("@account.invalid"));
    let accounts = server.database().count("account");
    for subject in ["010190-1234", "a\u{0}b", " s8", "s8 ", "A\u{30a}se", &"x".repeat(256)] {
        assert_eq!(status(&issuer.client(&server, subject, &json!({}))), 401, "{subject:?}");
    }
    assert_eq!(server.database().count("account"), accounts);
    let log = serde_json::to_string(&server.log()).expect("JSON");
    assert!(log.contains("CPR_NUMBER") && !log.contains("010190"), "why is logged, and not what");
}

fn an_address_takes_over_nobody(backend: Backend) {
    let issuer = issuer();
    let server = serve(&issuer, backend);
    let before = server.database().query("SELECT id FROM account WHERE email = 'admin@example.dk'").len();
    for (subject, email, verified) in [
        ("thief-1", "admin@example.dk", json!(true)),
        ("thief-2", " ADMIN@example.dk ", json!(true)),
        ("thief-3", "ADMIN@EXAMPLE.DK", json!(true)),
        ("squatter-1", "soon@example.dk", json!(false)),
        ("squatter-2", "soon@example.dk", json!("true")),
        ("squatter-3", "soon@example.dk", Value::Null),
    ] {
        let more = json!({ "email": email, "email_verified": verified });
        let seen = viewer(&issuer.client(&server, subject, &more));
        assert_eq!(seen["roleGrants"], json!([]), "{subject}");
        let made = account(&server, &seen["id"]);
        assert!(made["email"].as_str().expect("an address").ends_with("@account.invalid"), "{made}");
    }
    assert_eq!(
        before,
        server.database().query("SELECT id FROM account WHERE email = 'admin@example.dk'").len()
    );
    assert_eq!(viewer(&server.signed_in("admin"))["roleGrants"][0]["role"], "ADMIN");
    // One that is verified and nobody's is kept.
    let more = json!({ "email": "aase@example.dk", "email_verified": true });
    let seen = viewer(&issuer.client(&server, "8d1f", &more));
    assert_eq!(account(&server, &seen["id"])["email"], "aase@example.dk");
    // A subject of the same name at another issuer is someone else.
    let id = seen["id"].clone();
    let elsewhere = Issuer::start(SigningKey::ed("first"));
    assert_eq!(status(&elsewhere.client(&server, "8d1f", &json!({}))), 401);
    let other = elsewhere.serve(server.database().shared(), &FIRST_SIGHT);
    assert_ne!(viewer(&elsewhere.client(&other, "8d1f", &more))["id"], id);
    drop(other);
    assert_verified(&server);
}

fn without_local_accounts_no_password_is_taken(backend: Backend) {
    let issuer = issuer();
    let server = serve(&issuer, backend);
    let local = server.signed_in("reader");
    let client = issuer.client(&server, "8d1f", &json!({}));
    assert_eq!((status(&local), status(&client)), (200, 200));
    let (_, database) = server.stop();
    let server = issuer.serve(database.expect("a database"), &["--local-accounts", "false"]);
    let again = |client: &Client| with_token(&server, client.token.as_deref().expect("a token"));
    assert_eq!((status(&again(&local)), status(&again(&client))), (401, 200));
    let sign_in = json!({ "email": "reader@example.dk", "password": "reader@example.dk" });
    let refresh = json!({ "refreshToken": local.refresh_token });
    for (mutation, input) in [("signIn", sign_in), ("refreshSession", refresh)] {
        let payload = server.stranger().mutate(mutation, &input, "accessToken");
        assert_eq!(
            (&payload["userErrors"][0]["code"], &payload["accessToken"]),
            (&json!("LOCAL_ACCOUNTS_OFF"), &Value::Null)
        );
    }
    let change = json!({ "presentPassword": "x", "newPassword": "a long enough password" });
    assert_eq!(again(&client).refusal("changePassword", &change).0, "LOCAL_ACCOUNTS_OFF");
}

#[test]
fn a_token_needs_the_level_of_assurance_that_is_asked_for() {
    let issuer = issuer();
    let levels = "https://data.gov.dk/concept/core/nsis/loa/Substantial https://data.gov.dk/concept/core/nsis/loa/High";
    let server =
        issuer.serve(Database::register(Backend::Sqlite), &[FIRST_SIGHT, ["--oidc-acr", levels]].concat());
    let with = |acr: Value| status(&issuer.client(&server, "8d1f", &json!({ "acr": acr })));
    for level in levels.split(' ') {
        assert_eq!(with(json!(level)), 200, "{level}");
    }
    for level in [
        json!("https://data.gov.dk/concept/core/nsis/loa/Low"),
        json!(""),
        json!(levels),
        Value::Null,
        json!([levels]),
    ] {
        assert_eq!(with(level.clone()), 401, "{level}");
    }
    assert_eq!(status(&issuer.client(&server, "8d1f", &json!({}))), 401);
}

#[test]
fn an_id_token_for_several_is_taken_by_the_one_it_was_made_for() {
    let issuer = issuer();
    let server = serve(&issuer, Backend::Sqlite);
    let both = json!(["virkning-api", "front-end"]);
    let with = |more: Value| status(&issuer.client(&server, "8d1f", &more));
    assert_eq!(with(json!({ "aud": both, "nonce": "x", "azp": "front-end" })), 401);
    assert_eq!(with(json!({ "aud": both, "nonce": "x", "azp": "virkning-api" })), 200);
    assert_eq!(with(json!({ "aud": both, "nonce": "x" })), 200);
    assert_eq!(
        with(json!({ "aud": both, "azp": "front-end" })),
        200,
        "an access token names who asked for it"
    );
}
