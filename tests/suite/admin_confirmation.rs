//! Who is ADMIN is confirmed by a second one.

use std::sync::Barrier;
use std::thread;

use serde_json::{Value, json};

use crate::support::{Backend, Client, Server, code, fault, virkning};

on_both_databases!(
    what_an_only_admin_grants_holds_at_once_and_the_next_waits_for_the_other,
    what_waits_holds_nowhere_and_can_be_withdrawn,
    of_many_at_once_by_an_only_admin_one_holds,
    nobody_comes_back_as_admin_by_one_admins_word,
    a_grant_is_not_prolonged_by_one_admin,
    two_admins_who_go_at_once_leave_one,
    grants_from_before_there_were_confirmations_hold,
    the_command_line_grants_confirms_and_revokes,
);

const GRANT: &str = "roleGrant { id version confirmation validFrom validTo }";

fn id_of(admin: &Client, user: &str) -> Value {
    account_of(admin, user)["id"].clone()
}

fn account_of(admin: &Client, user: &str) -> Value {
    let query = "{ accounts(first: 100) { nodes { id email version active roleGrants { id version role validTo confirmation } } } }";
    let accounts = admin.data(query, json!({}))["accounts"]["nodes"].clone();
    let email = format!("{user}@example.dk");
    let found = accounts.as_array().expect("accounts").iter().find(|account| account["email"] == *email);
    found.expect("the account").clone()
}

fn grant(admin: &Client, user: &str) -> Value {
    let input = json!({ "accountId": id_of(admin, user), "role": "ADMIN" });
    let granted = admin.mutate("grantRole", &input, GRANT);
    assert_eq!(code(&granted), "OK", "{granted}");
    granted["roleGrant"].clone()
}

fn named(grant: &Value) -> Value {
    json!({ "id": grant["id"], "expectedVersion": grant["version"] })
}

fn confirm(client: &Client, grant: &Value) -> Value {
    client.mutate("confirmRoleGrant", &named(grant), GRANT)
}

fn revoke(client: &Client, grant: &Value) -> Value {
    client.mutate("revokeRole", &named(grant), GRANT)
}

/// Whether the account is ADMIN, by what only an ADMIN sees.
fn is_admin(client: &Client) -> bool {
    let data = client.data("{ accounts { totalCount } viewer { roleGrants { role } } }", json!({}));
    let sees_all = data["accounts"]["totalCount"] == 15;
    assert_eq!(sees_all, data["viewer"]["roleGrants"].to_string().contains("ADMIN"), "{data}");
    sees_all
}

/// The ADMIN grants of a state, as a review tells them.
fn reviewed(admin: &Client, state: &str) -> Vec<Value> {
    let query = "query($s: GrantState) { accessReview(first: 100, filter: { state: $s, role: ADMIN }) { nodes { \
                 account { email } grantedBy { email } confirmedBy { email } roleGrant { id version confirmation } } } }";
    let nodes = admin.data(query, json!({ "s": state }))["accessReview"]["nodes"].clone();
    nodes.as_array().expect("nodes").clone()
}

fn what_an_only_admin_grants_holds_at_once_and_the_next_waits_for_the_other(backend: Backend) {
    let server = Server::start(backend);
    let [admin, second, third] = ["admin", "evaluator-sof", "reader"].map(|user| server.signed_in(user));
    let first = grant(&admin, "evaluator-sof");
    assert_eq!(first["confirmation"], "SOLE_ADMIN");
    let changes = admin.last_event()["changes"].to_string();
    assert!(changes.contains("SOLE_ADMIN"), "the history says so: {changes}");
    assert!(is_admin(&second));

    let waits = grant(&admin, "reader");
    assert_eq!(waits["confirmation"], "PENDING");
    assert!(!is_admin(&third));
    let again = json!({ "accountId": id_of(&admin, "reader"), "role": "ADMIN" });
    assert_eq!(fault(&admin.mutate("grantRole", &again, GRANT)), ("ALREADY_GRANTED", &json!(["role"])));
    assert_eq!(fault(&confirm(&admin, &waits)), ("OWN_GRANT", &json!(["id"])), "who granted it");
    assert_eq!(code(&confirm(&third, &waits)), "NOT_FOUND", "whose it is");
    let stale = json!({ "id": waits["id"], "expectedVersion": 7 });
    assert_eq!(code(&second.mutate("confirmRoleGrant", &stale, GRANT)), "STALE");
    assert!(!is_admin(&third));

    let confirmed = confirm(&second, &waits);
    assert_eq!(confirmed["roleGrant"]["confirmation"], "CONFIRMED", "{confirmed}");
    let since = |grant: &Value| grant["validFrom"].as_str().expect("a moment").to_owned();
    assert!(since(&confirmed["roleGrant"]) > since(&waits), "it holds from the confirmation on");
    assert!(is_admin(&third));
    let event = second.last_event();
    assert_eq!((&event["action"], &event["actor"]["name"]), (&json!("CONFIRM"), &json!("Evaluator SOF")));
    let told = reviewed(&admin, "HOLDING");
    let told = told.iter().find(|entry| entry["account"]["email"] == "reader@example.dk").expect("it");
    assert_eq!(told["grantedBy"]["email"], "admin@example.dk");
    assert_eq!(told["confirmedBy"]["email"], "evaluator-sof@example.dk");
    assert_eq!(code(&confirm(&second, &confirmed["roleGrant"])), "NOTHING_TO_CONFIRM");
    let ran = virkning(&server.database().url, &["verify"]);
    ran.assert_success();
}

fn what_waits_holds_nowhere_and_can_be_withdrawn(backend: Backend) {
    let server = Server::start(backend);
    let [admin, third] = ["admin", "reader"].map(|user| server.signed_in(user));
    let second = grant(&admin, "evaluator-sof");
    let waits = grant(&admin, "reader");
    let pending = reviewed(&admin, "PENDING");
    assert_eq!(pending.len(), 1, "{pending:?}");
    assert_eq!(pending[0]["account"]["email"], "reader@example.dk");
    // Whose it is, is told nothing of it; an ADMIN is.
    let own = third.data("{ accounts { nodes { roleGrants { role } } } }", json!({}));
    assert!(!own.to_string().contains("ADMIN"), "{own}");
    assert!(account_of(&admin, "reader")["roleGrants"].to_string().contains("PENDING"));
    assert_eq!(
        third
            .try_mutate("grantRole", &json!({ "accountId": "x", "role": "READER" }), "__typename")
            .error_code(),
        "FORBIDDEN"
    );
    // It is nobody to leave the house to.
    assert_eq!(code(&revoke(&admin, &second)), "OK");
    let own = account_of(&admin, "admin")["roleGrants"][0].clone();
    assert_eq!(code(&revoke(&admin, &own)), "LAST_ADMIN");
    let away = json!({ "id": id_of(&admin, "admin"), "expectedVersion": 1, "active": false });
    assert_eq!(code(&admin.mutate("updateAccount", &away, "account { id }")), "LAST_ADMIN");

    let withdrawn = revoke(&admin, &waits);
    assert_eq!(code(&withdrawn), "OK");
    assert_eq!(reviewed(&admin, "PENDING"), Vec::<Value>::new());
    assert_eq!(code(&confirm(&admin, &withdrawn["roleGrant"])), "ALREADY_REVOKED");
    assert!(!is_admin(&third));
    // Alone again, and so nobody else could confirm.
    assert_eq!(grant(&admin, "reader")["confirmation"], "SOLE_ADMIN");
    assert!(is_admin(&third));
}

fn of_many_at_once_by_an_only_admin_one_holds(backend: Backend) {
    let server = Server::start(backend);
    let admin = server.signed_in("admin");
    let users = ["evaluator-sof", "evaluator-bif", "evaluator-buf", "evaluator-tmf", "reader", "approver"];
    let ids = users.map(|user| id_of(&admin, user));
    let start = Barrier::new(users.len());
    let confirmations: Vec<Value> = thread::scope(|scope| {
        let granting: Vec<_> = ids
            .iter()
            .map(|id| {
                let (admin, start) = (&admin, &start);
                scope.spawn(move || {
                    start.wait();
                    let input = json!({ "accountId": id, "role": "ADMIN" });
                    admin.mutate("grantRole", &input, GRANT)["roleGrant"]["confirmation"].clone()
                })
            })
            .collect();
        granting.into_iter().map(|one| one.join().expect("an answer")).collect()
    });
    let count = |kind: &str| confirmations.iter().filter(|confirmation| **confirmation == kind).count();
    assert_eq!((count("SOLE_ADMIN"), count("PENDING")), (1, users.len() - 1), "{confirmations:?}");
    let holding = users.iter().filter(|user| is_admin(&server.signed_in(user))).count();
    assert_eq!(holding, 1);
}

fn nobody_comes_back_as_admin_by_one_admins_word(backend: Backend) {
    let server = Server::start(backend);
    let admin = server.signed_in("admin");
    let second = grant(&admin, "evaluator-sof");
    let active = |whether: bool| {
        let account = account_of(&admin, "evaluator-sof");
        let input = json!({ "id": account["id"], "expectedVersion": account["version"], "active": whether });
        admin.mutate("updateAccount", &input, "account { active }")
    };
    assert_eq!(code(&active(false)), "OK");
    // Whoever deactivates the second pair of eyes is not rid of it.
    let third = grant(&admin, "reader");
    assert_eq!(third["confirmation"], "PENDING");
    assert_eq!(fault(&active(true)), ("HOLDS_ADMIN", &json!(["active"])));
    assert_eq!(code(&revoke(&admin, &second)), "OK");
    assert_eq!(code(&active(true)), "OK");
    assert!(!is_admin(&server.signed_in("evaluator-sof")));
    assert!(!is_admin(&server.signed_in("reader")));
}

fn a_grant_is_not_prolonged_by_one_admin(backend: Backend) {
    let server = Server::start(backend);
    let [admin, second] = ["admin", "evaluator-sof"].map(|user| server.signed_in(user));
    let end = "2099-01-01T00:00:00Z";
    let limited = json!({ "accountId": id_of(&admin, "evaluator-sof"), "role": "ADMIN", "validTo": end });
    assert_eq!(admin.mutate("grantRole", &limited, GRANT)["roleGrant"]["confirmation"], "SOLE_ADMIN");
    assert!(is_admin(&second));
    let more = json!({ "accountId": id_of(&admin, "evaluator-sof"), "role": "ADMIN", "validFrom": end });
    let overlapping = json!({ "accountId": more["accountId"], "role": "ADMIN" });
    assert_eq!(code(&admin.mutate("grantRole", &overlapping, GRANT)), "ALREADY_GRANTED");
    let granted = admin.mutate("grantRole", &more, GRANT)["roleGrant"].clone();
    assert_eq!(granted["confirmation"], "PENDING");
    assert_eq!(code(&confirm(&second, &granted)), "OWN_GRANT", "whose it is");
    assert_eq!(code(&confirm(&admin, &granted)), "OWN_GRANT", "who granted it");
    // Nor does one prolong one's own.
    let own =
        second.mutate("grantRole", &json!({ "accountId": id_of(&admin, "admin"), "role": "ADMIN" }), GRANT);
    assert_eq!(code(&own), "ALREADY_GRANTED");
}

fn two_admins_who_go_at_once_leave_one(backend: Backend) {
    let server = Server::start(backend);
    let [admin, second] = ["admin", "evaluator-sof"].map(|user| server.signed_in(user));
    for deactivates in [false, true] {
        let granter = if is_admin(&admin) { &admin } else { &second };
        let other = if is_admin(&admin) { "evaluator-sof" } else { "admin" };
        assert_eq!(grant(granter, other)["confirmation"], "SOLE_ADMIN");
        let start = Barrier::new(2);
        let codes: Vec<String> = thread::scope(|scope| {
            let going: Vec<_> = [(&admin, "admin"), (&second, "evaluator-sof")]
                .into_iter()
                .map(|(client, user)| {
                    let start = &start;
                    scope.spawn(move || {
                        let account = account_of(client, user);
                        let held = account["roleGrants"].as_array().expect("grants").iter();
                        let grant =
                            held.clone().find(|one| one["role"] == "ADMIN" && one["validTo"].is_null());
                        let grant = grant.expect("a grant").clone();
                        start.wait();
                        let payload = if deactivates && user == "admin" {
                            let input = json!({
                                "id": account["id"], "expectedVersion": account["version"], "active": false,
                            });
                            client.mutate("updateAccount", &input, "account { id }")
                        } else {
                            revoke(client, &grant)
                        };
                        code(&payload).to_owned()
                    })
                })
                .collect();
            going.into_iter().map(|one| one.join().expect("an answer")).collect()
        });
        let mut sorted = codes.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, ["LAST_ADMIN", "OK"], "{codes:?}");
    }
}

fn grants_from_before_there_were_confirmations_hold(backend: Backend) {
    let server = Server::start(backend);
    let admin = server.signed_in("admin");
    let role_grants = server.database().query("SELECT id FROM role_grant WHERE confirmation IS NOT NULL");
    assert_eq!(role_grants.len(), 1, "the founder's");
    server
        .database()
        .execute("UPDATE role_grant SET confirmation = NULL")
        .expect("as the migration leaves them");
    assert!(is_admin(&admin));
    assert_eq!(grant(&admin, "evaluator-sof")["confirmation"], "SOLE_ADMIN");
    assert_eq!(grant(&admin, "reader")["confirmation"], "PENDING");
}

fn the_command_line_grants_confirms_and_revokes(backend: Backend) {
    let server = Server::start(backend);
    let url = &server.database().url;
    let run = |arguments: &[&str], operator: &str| {
        virkning(url, &[&["account"], arguments, &["--as", operator]].concat())
    };
    let (first, second, third) = ("admin@example.dk", "evaluator-sof@example.dk", "reader@example.dk");
    run(&["grant", second, "ADMIN"], first).assert_success();
    let waits = run(&["grant", third, "ADMIN"], first);
    waits.assert_success();
    assert!(waits.stdout.contains("once another ADMIN confirms it"), "{}", waits.stdout);
    let refused = run(&["confirm", third], first);
    assert!(
        !refused.status.success() && refused.stderr.contains("another administrator"),
        "{}",
        refused.stderr
    );
    assert!(!is_admin(&server.signed_in("reader")));
    run(&["confirm", third], second).assert_success();
    assert!(is_admin(&server.signed_in("reader")));
    let nothing = run(&["confirm", third], second);
    assert!(nothing.stderr.contains("No grant of"), "{}", nothing.stderr);
    run(&["revoke", third, "ADMIN", "--reason", "Fejl"], first).assert_success();
    assert!(!is_admin(&server.signed_in("reader")));
    let none = run(&["revoke", third, "ADMIN"], first);
    assert!(!none.status.success() && none.stderr.contains("has no such role"), "{}", none.stderr);

    // A role for a time, in a place.
    let limited = [
        "grant",
        third,
        "EVALUATOR",
        "--forvaltning",
        "TMF",
        "--from",
        "2098-01-01T00:00:00Z",
        "--to",
        "2099-01-01T00:00:00Z",
    ];
    run(&limited, first).assert_success();
    let grants = account_of(&server.signed_in("admin"), "reader")["roleGrants"].to_string();
    assert!(grants.contains("2099-01-01"), "{grants}");
    run(&["revoke", third, "EVALUATOR", "--forvaltning", "TMF"], first).assert_success();
    let wrong = run(&["grant", third, "EVALUATOR", "--to", "soon"], first);
    assert!(!wrong.status.success(), "{}", wrong.stderr);
}
