//! What ends a session, a token or a role ends it on every server within five seconds, on open streams too, and after a restart.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{Backend, Client, EventStream, Sent, Server, Socket, secret_of};

on_both_databases!(
    what_ends_on_one_server_ends_on_the_other_within_five_seconds,
    what_has_ended_stays_so_after_a_restart,
    of_eight_who_refresh_at_once_on_two_servers_one_wins,
    one_sees_where_one_is_signed_in_and_signs_out_everywhere,
);

const WITHIN: Duration = Duration::from_secs(5);
const FOLLOW: &str = "subscription { eventAppended { id } }";
const REFRESH: &str = "mutation($t: String!) { refreshSession(input: { refreshToken: $t }) { \
                       accessToken refreshToken userErrors { code } } }";

/// Someone who is signed in at one server, and does at another what ends it.
struct Case {
    name: &'static str,
    user: &'static str,
    code: &'static str,
    end: fn(&Ending<'_>),
}

struct Ending<'a> {
    server: &'a Server,
    client: &'a Client,
    id: &'a Value,
    version: i64,
    token: &'a Value,
}

impl Ending<'_> {
    fn admin(&self) -> Client {
        self.server.signed_in("admin")
    }

    /// The same session, at the other server.
    fn own(&self) -> Client {
        self.server.stranger().by(&json!(self.client.token))
    }
}

const CASES: [Case; 8] = [
    Case {
        name: "signing out",
        user: "evaluator-sof",
        code: "UNAUTHENTICATED",
        end: |at| {
            at.own().data("mutation { signOut { userErrors { code } } }", json!({}));
        },
    },
    Case {
        name: "signing out everywhere",
        user: "evaluator-bif",
        code: "UNAUTHENTICATED",
        end: |at| {
            let email = "evaluator-bif@example.dk";
            let elsewhere = at.server.stranger().sign_in(email, email);
            elsewhere.data("mutation { signOutEverywhere { userErrors { code } } }", json!({}));
        },
    },
    Case {
        name: "a new password",
        user: "evaluator-buf",
        code: "UNAUTHENTICATED",
        end: |at| {
            let email = "evaluator-buf@example.dk";
            let elsewhere = at.server.stranger().sign_in(email, email);
            let input = json!({ "presentPassword": email, "newPassword": "a long enough password" });
            assert_eq!(elsewhere.mutate("changePassword", &input, "account { id }")["userErrors"], json!([]));
        },
    },
    Case {
        name: "a one-time link",
        user: "evaluator-tmf",
        code: "UNAUTHENTICATED",
        end: |at| {
            let made = at.admin().mutate("createPasswordLink", &json!({ "accountId": at.id }), "link");
            let (_, token) = made["link"].as_str().and_then(|link| link.split_once('#')).expect("a link");
            let input = json!({ "token": token, "password": "a long enough password" });
            assert_eq!(
                at.server.stranger().mutate("redeemPasswordLink", &input, "email")["userErrors"],
                json!([])
            );
        },
    },
    Case {
        name: "deactivating",
        user: "approver-sof",
        code: "UNAUTHENTICATED",
        end: |at| {
            let input = json!({ "id": at.id, "expectedVersion": at.version, "active": false });
            assert_eq!(at.admin().mutate("updateAccount", &input, "account { id }")["userErrors"], json!([]));
        },
    },
    Case {
        name: "a lost role",
        user: "approver-bif",
        code: "FORBIDDEN",
        end: |at| {
            let grants = at.own().data("{ viewer { roleGrants { id version } } }", json!({}));
            let grant = &grants["viewer"]["roleGrants"][0];
            let input = json!({ "id": grant["id"], "expectedVersion": grant["version"] });
            assert_eq!(at.admin().mutate("revokeRole", &input, "roleGrant { id }")["userErrors"], json!([]));
        },
    },
    Case {
        name: "a revoked API token",
        user: "coordinator",
        code: "UNAUTHENTICATED",
        end: |at| {
            let input = json!({ "id": at.token["apiToken"]["id"], "expectedVersion": 1 });
            assert_eq!(
                at.admin().mutate("revokeApiToken", &input, "apiToken { id }")["userErrors"],
                json!([])
            );
        },
    },
    Case {
        name: "a refresh token used twice",
        user: "auditor-sof",
        code: "UNAUTHENTICATED",
        end: |at| {
            let refresh = |token: &Value| {
                at.server.stranger().data(REFRESH, json!({ "t": token }))["refreshSession"].clone()
            };
            let token = json!(at.client.refresh_token);
            assert_eq!(refresh(&token)["userErrors"], json!([]));
            assert_eq!(refresh(&token)["userErrors"][0]["code"], "SESSION_OVER");
        },
    },
];

impl Case {
    fn begin(&self, server: &Server) -> (Client, Value, Value) {
        let mut client = server.signed_in(self.user);
        let viewer = client.data("{ viewer { id roleGrants { role } } }", json!({}))["viewer"].clone();
        let mut token = Value::Null;
        if self.name == "a revoked API token" {
            token = secret_of(&client, &[("COORDINATOR", None)]);
            client.token = token["secret"].as_str().map(str::to_owned);
        }
        (client, viewer["id"].clone(), token)
    }
}

fn what_ends_on_one_server_ends_on_the_other_within_five_seconds(backend: Backend) {
    let here = Server::start(backend);
    let there = Server::serve(here.database().shared(), &["--explorer"]);
    for case in &CASES {
        let (client, id, token) = case.begin(&here);
        let last =
            client.data("{ history(last: 2) { nodes { id } } }", json!({}))["history"]["nodes"].clone();
        let mut socket = Socket::of(&client);
        let query = "subscription($after: ID) { eventAppended(after: $after) { id } }";
        socket.subscribe("1", query, json!({ "after": last[0]["id"] }));
        assert_eq!(socket.next("1")["eventAppended"]["id"], last[1]["id"], "{} has begun", case.name);
        let mut stream = EventStream::open(&client, FOLLOW, &json!({}));
        (case.end)(&Ending { server: &there, client: &client, id: &id, version: 1, token: &token });
        let began = Instant::now();
        assert_eq!(socket.end("1"), case.code, "{}", case.name);
        let Sent::Next(end) = stream.next() else { panic!("an error, {}", case.name) };
        assert_eq!(end["errors"][0]["extensions"]["code"], case.code, "{}", case.name);
        assert!(began.elapsed() < WITHIN, "{}: {:?}", case.name, began.elapsed());
        assert_over(&client, case);
    }
}

/// The credential is worth nothing any more, or the role is gone.
fn assert_over(client: &Client, case: &Case) {
    let answer = client.ask("{ viewer { roleGrants { id } } }", json!({}));
    if case.code == "UNAUTHENTICATED" {
        assert_eq!((answer.status, answer.error_code()), (401, case.code.to_owned()), "{}", case.name);
    } else {
        assert_eq!(answer.data()["viewer"]["roleGrants"], json!([]), "{}", case.name);
    }
}

fn what_has_ended_stays_so_after_a_restart(backend: Backend) {
    let server = Server::start(backend);
    let mut ended = Vec::new();
    for case in &CASES {
        let (client, id, token) = case.begin(&server);
        (case.end)(&Ending { server: &server, client: &client, id: &id, version: 1, token: &token });
        ended.push(client);
    }
    let going_on = server.signed_in("auditor");
    let (_, database) = server.stop();
    let server = Server::serve(database.expect("the database"), &["--explorer"]);
    let again = |client: &Client| server.stranger().by(&json!(client.token));
    for (case, client) in CASES.iter().zip(&ended) {
        assert_over(&again(client), case);
    }
    assert_eq!(again(&going_on).ask("{ viewer { name } }", json!({})).status, 200);
}

fn of_eight_who_refresh_at_once_on_two_servers_one_wins(backend: Backend) {
    let here = Server::start(backend);
    let there = Server::serve(here.database().shared(), &[]);
    let client = here.signed_in("reader");
    let mut token = json!(client.refresh_token);
    for round in 0..5 {
        let renewed: Vec<Value> = std::thread::scope(|scope| {
            let rivals: Vec<_> = (0..8)
                .map(|at| {
                    let (server, token) = (if at % 2 == 0 { &here } else { &there }, &token);
                    scope.spawn(move || {
                        server.stranger().data(REFRESH, json!({ "t": token }))["refreshSession"].clone()
                    })
                })
                .collect();
            rivals.into_iter().map(|rival| rival.join().expect("an answer")).collect()
        });
        let won: Vec<_> = renewed.iter().filter(|renewed| renewed["userErrors"] == json!([])).collect();
        assert_eq!(won.len(), 1, "round {round}: {renewed:?}");
        token = won[0]["refreshToken"].clone();
        // A rival that came when the token had been used already has ended the session, as one who stole it would have.
        if client.ask("{ viewer { name } }", json!({})).status == 401 {
            return;
        }
    }
    let refresh =
        |token: &Value| here.stranger().data(REFRESH, json!({ "t": token }))["refreshSession"].clone();
    let newest = refresh(&token)["refreshToken"].clone();
    assert_eq!(refresh(&token)["userErrors"][0]["code"], "SESSION_OVER");
    assert_eq!(refresh(&newest)["userErrors"][0]["code"], "SESSION_OVER", "both branches");
    assert_eq!(client.ask("{ viewer { name } }", json!({})).status, 401);
}

fn one_sees_where_one_is_signed_in_and_signs_out_everywhere(backend: Backend) {
    let server = Server::start(backend);
    let (first, second) = (server.signed_in("reader"), server.signed_in("reader"));
    let other = server.signed_in("auditor");
    let sessions = |client: &Client| {
        let viewer = client.data("{ viewer { sessions { current } } }", json!({}))["viewer"].clone();
        viewer["sessions"]
            .as_array()
            .expect("sessions")
            .iter()
            .map(|one| one["current"] == true)
            .collect::<Vec<_>>()
    };
    assert_eq!((sessions(&first), sessions(&second)), (vec![true, false], vec![false, true]));
    let events = server.database().count("event");
    first.data("mutation { signOutEverywhere { userErrors { code } } }", json!({}));
    for client in [&first, &second] {
        assert_eq!(client.ask("{ viewer { name } }", json!({})).status, 401);
        let renewed =
            server.stranger().data(REFRESH, json!({ "t": client.refresh_token }))["refreshSession"].clone();
        assert_eq!(renewed["userErrors"][0]["code"], "SESSION_OVER");
    }
    assert_eq!(sessions(&other), [true]);
    assert_eq!(sessions(&server.signed_in("reader")), [true]);
    assert_eq!(server.database().count("event"), events, "sessions leave no event");
}
