//! Accounts and grants, and what needs no object.

use serde_json::{Value, json};

use super::{CAN, assert_refused, outcome, told};
use crate::support::{Backend, Client, Server, code};

on_both_databases!(what_is_told_of_accounts_is_what_happens, a_viewer_is_told_what_needs_no_object);

/// Accounts with their grants, as a client sees them.
fn accounts(client: &Client) -> Vec<Value> {
    let query = format!(
        "{{ accounts(first: 100) {{ nodes {{ id email version {CAN} roleGrants {{ id version role confirmation validTo {CAN} }} }} }} }}"
    );
    client.data(&query, json!({}))["accounts"]["nodes"].as_array().expect("accounts").clone()
}

/// Compares what each is told of what it sees with what is answered.
fn compare(server: &Server, state: &str) -> usize {
    let mut tried = 0;
    for user in ["admin", "evaluator-sof", "auditor", "evaluator-bif", "nobody"] {
        let client = server.signed_in(user);
        for account in accounts(&client) {
            let input = |mutation: &str| match mutation {
                "updateAccount" => {
                    json!({ "id": account["id"], "expectedVersion": account["version"], "name": "Et andet navn" })
                }
                "grantRole" => json!({ "accountId": account["id"], "role": "READER", "forvaltning": "BUF" }),
                "createPasswordLink" => json!({ "accountId": account["id"] }),
                other => panic!("an input of {other}"),
            };
            let mut can = told(&account["can"]);
            // There is no input by which one could change another's.
            let own = account["email"] == format!("{user}@example.dk");
            assert_eq!(can.remove("CHANGE_PASSWORD").as_deref(), Some(if own { "OK" } else { "FORBIDDEN" }));
            tried += assert_refused((user, &client), state, &can, input);
            for grant in account["roleGrants"].as_array().expect("grants") {
                let named = json!({ "id": grant["id"], "expectedVersion": grant["version"] });
                tried +=
                    assert_refused((user, &client), state, &told(&grant["can"]), |_mutation| named.clone());
            }
        }
    }
    tried
}

/// What is told of the newest ADMIN grant of an account, with the input that names it.
fn newest(client: &Client, user: &str) -> (std::collections::BTreeMap<String, String>, Value) {
    let email = format!("{user}@example.dk");
    let accounts = accounts(client);
    let account = accounts.iter().find(|account| account["email"] == *email).expect("the account");
    let grants = account["roleGrants"].as_array().expect("grants");
    let grant = grants.iter().rfind(|grant| grant["role"] == "ADMIN").expect("a grant");
    (told(&grant["can"]), json!({ "id": grant["id"], "expectedVersion": grant["version"] }))
}

fn what_is_told_of_accounts_is_what_happens(backend: Backend) {
    let server = Server::start(backend);
    let admin = server.signed_in("admin");
    let grant = |user: &str| {
        let id = accounts(&admin)
            .iter()
            .find(|account| account["email"] == format!("{user}@example.dk"))
            .expect("the account")["id"]
            .clone();
        let granted =
            admin.mutate("grantRole", &json!({ "accountId": id, "role": "ADMIN" }), "roleGrant { id }");
        assert_eq!(code(&granted), "OK");
    };
    assert_eq!(newest(&admin, "admin").0["REVOKE_ROLE"], "LAST_ADMIN");
    let mut tried = compare(&server, "with one ADMIN");
    grant("evaluator-sof");
    grant("evaluator-bif");
    let second = server.signed_in("evaluator-sof");
    assert_eq!(newest(&admin, "evaluator-bif").0["CONFIRM_ROLE_GRANT"], "OWN_GRANT");
    tried += compare(&server, "with one that waits");
    let (can, named) = newest(&second, "evaluator-bif");
    assert_eq!((&*can["CONFIRM_ROLE_GRANT"], &*can["REVOKE_ROLE"]), ("OK", "OK"));
    assert_eq!(outcome(&second, "confirmRoleGrant", &named), "OK");
    tried += compare(&server, "with three ADMINs");
    for (user, client) in [("evaluator-bif", &admin), ("evaluator-sof", &admin)] {
        let (can, named) = newest(client, user);
        assert_eq!(can["REVOKE_ROLE"], "OK", "{user}");
        assert_eq!(outcome(client, "revokeRole", &named), "OK", "{user}");
        assert_eq!(newest(client, user).0["REVOKE_ROLE"], "ALREADY_REVOKED");
    }
    tried += compare(&server, "with one again");
    assert!(tried > 200, "{tried} refusals were tried");
}

fn a_viewer_is_told_what_needs_no_object(backend: Backend) {
    let server = Server::start(backend);
    for user in ["admin", "coordinator", "auditor", "auditor-sof", "reader", "evaluator-sof", "nobody"] {
        let client = server.signed_in(user);
        let can = told(&client.data(&format!("{{ viewer {{ {CAN} }} }}"), json!({}))["viewer"]["can"]);
        for (ability, mutation, input) in [
            ("CREATE_INTERVENTION", "createIntervention", json!({ "slug": "x x", "name": "x" })),
            ("OPEN_REPORTING_YEAR", "openReportingYear", json!({ "year": 2023 })),
            ("CREATE_EVALUATION_ROUND", "createEvaluationRound", json!({ "year": 2023, "theme": "" })),
            (
                "ADD_INSTRUMENT",
                "addInstrument",
                json!({
                    "code": "x x", "name": "x", "direction": "UP", "minimum": "0", "maximum": "1",
                }),
            ),
            (
                "CREATE_ACCOUNT",
                "createAccount",
                json!({ "email": "no", "name": "x", "password": "a long enough password" }),
            ),
            (
                "CREATE_API_TOKEN",
                "createApiToken",
                json!({ "name": "", "roles": [], "expiresAt": "2027-01-01T00:00:00Z" }),
            ),
        ] {
            let outcome = outcome(&client, mutation, &input);
            assert_eq!(can[ability] == "FORBIDDEN", outcome == "FORBIDDEN", "{user} {mutation} {outcome}");
        }
        for (ability, query) in [
            ("READ_LOG", "{ checkpoint { size } }"),
            ("READ_ACCESS_LOG", "{ accessLog { totalCount } }"),
            ("REVIEW_ACCESS", "{ accessReview { totalCount } }"),
        ] {
            let answer = client.ask(query, json!({}));
            let refused = answer.json().get("errors").is_some();
            assert_eq!(can[ability] == "FORBIDDEN", refused, "{user} {query} {}", answer.body);
        }
        assert_eq!(can["READ_HISTORY"] == "OK", client.events() > 0, "{user}");
        assert_eq!(can["CHANGE_PASSWORD"], "OK", "{user}");
    }
}
