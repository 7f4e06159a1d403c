//! API tokens: what they may do, and how they end.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{Backend, Client, Server, by_token, secret_of, soon, until_noticed, virkning};

on_both_databases!(
    a_token_acts_with_the_roles_it_is_scoped_to,
    a_token_takes_only_what_its_owner_holds,
    a_token_keeps_no_accounts_and_no_sessions,
    a_token_is_shown_once_and_stored_as_its_digest,
    a_token_ends_when_it_is_revoked_or_expires,
    a_token_is_seen_by_its_owner_and_by_those_who_keep_accounts,
    the_last_use_is_recorded,
);

fn status(client: &Client) -> u16 {
    client.ask("{ viewer { name } }", json!({})).status
}

fn grants(client: &Client) -> Value {
    let query = "{ viewer { roleGrants { id version role forvaltning { code } } } }";
    client.data(query, json!({}))["viewer"]["roleGrants"].clone()
}

fn a_token_acts_with_the_roles_it_is_scoped_to(backend: Backend) {
    let server = Server::start(backend);
    let (admin, evaluator) = (server.signed_in("admin"), server.signed_in("evaluator-sof"));
    let id = evaluator.data("{ viewer { id } }", json!({}))["viewer"]["id"].clone();
    let reader = json!({ "accountId": id, "role": "READER" });
    assert_eq!(admin.mutate("grantRole", &reader, "roleGrant { id }")["userErrors"], json!([]));
    let (writing, reading) =
        (by_token(&evaluator, &[("EVALUATOR", Some("SOF"))]), by_token(&evaluator, &[("READER", None)]));
    let plan = |client: &Client| {
        let input = json!({
            "interventionId": client.intervention("den-korte-snor").0, "title": "Ny evaluering",
            "periodStart": "2023-01-01", "periodEnd": "2023-12-31",
        });
        client.try_mutate("planVirkningsevaluering", &input, "virkningsevaluering { id }")
    };
    assert_eq!(
        reading.data("{ interventions { totalCount } }", json!({}))["interventions"]["totalCount"],
        22
    );
    assert_eq!(plan(&reading).error_code(), "FORBIDDEN");
    assert_eq!(plan(&writing).data()["planVirkningsevaluering"]["userErrors"], json!([]));
    // The event tells of the account, with the roles that the token had.
    let actor = server.signed_in("auditor").last_event()["actor"].clone();
    assert_eq!((&actor["name"], &actor["roles"]), (&json!("Evaluator SOF"), &json!(["EVALUATOR SOF"])));
    // A role that the owner loses, the token loses; one that the owner gains, it does not gain.
    let held = grants(&evaluator);
    let lost = held.as_array().expect("grants").iter().find(|grant| grant["role"] == "READER").expect("it");
    let input = json!({ "id": lost["id"], "expectedVersion": lost["version"] });
    admin.mutate("revokeRole", &input, "roleGrant { id }");
    assert_eq!(reading.data("{ interventions { totalCount } }", json!({}))["interventions"]["totalCount"], 0);
    let auditor = json!({ "accountId": id, "role": "AUDITOR" });
    admin.mutate("grantRole", &auditor, "roleGrant { id }");
    assert_eq!(
        writing.data("{ viewer { sessions { current } apiTokens { name } } }", json!({}))["viewer"]["apiTokens"]
            [0]["name"],
        "Script"
    );
    assert_eq!(
        reading.ask("{ checkpoint { size } }", json!({})).error_code(),
        "FORBIDDEN",
        "what its owner gained since"
    );
    virkning(&server.database().url, &["verify"]).assert_success();
}

fn a_token_takes_only_what_its_owner_holds(backend: Backend) {
    let server = Server::start(backend);
    let (admin, evaluator) = (server.signed_in("admin"), server.signed_in("evaluator-sof"));
    let role = |role: &str, forvaltning: Value| json!([{ "role": role, "forvaltning": forvaltning }]);
    let attempt = |client: &Client, roles: Value, expires_at: Value| {
        let input = json!({ "name": "x", "roles": roles, "expiresAt": expires_at });
        client.refusal("createApiToken", &input)
    };
    let later = soon(&evaluator);
    for (roles, code) in [
        (role("EVALUATOR", Value::Null), "ROLE_NOT_HELD"),
        (role("EVALUATOR", json!("BIF")), "ROLE_NOT_HELD"),
        (role("COORDINATOR", Value::Null), "ROLE_NOT_HELD"),
        (role("EVALUATOR", json!("XYZ")), "NOT_FOUND"),
        (role("ADMIN", Value::Null), "TOKEN_OF_ADMIN"),
        (
            json!([{ "role": "EVALUATOR", "forvaltning": "SOF" }, { "role": "EVALUATOR", "forvaltning": "SOF" }]),
            "REPEATED",
        ),
        (json!([]), "OUT_OF_RANGE"),
    ] {
        assert_eq!(attempt(&evaluator, roles.clone(), later.clone()).0, code, "{roles}");
    }
    let own = role("EVALUATOR", json!("SOF"));
    for outside in ["2020-01-01T00:00:00Z", "2199-01-01T00:00:00Z"] {
        assert_eq!(
            attempt(&evaluator, own.clone(), json!(outside)),
            ("LIFE_OF_TOKEN".to_owned(), json!(["expiresAt"]))
        );
    }
    // Whoever is ADMIN alone has nothing to hand on, and who has no role has not either.
    for user in ["admin", "nobody"] {
        let client = if user == "admin" { admin.clone() } else { server.signed_in(user) };
        assert_eq!(attempt(&client, role("ADMIN", Value::Null), later.clone()).0, "FORBIDDEN", "{user}");
    }
    assert_eq!(server.database().count("api_token"), 0);
}

fn a_token_keeps_no_accounts_and_no_sessions(backend: Backend) {
    let server = Server::start(backend);
    let (admin, coordinator) = (server.signed_in("admin"), server.signed_in("coordinator"));
    // As much as a token can have: its owner is ADMIN too.
    let id = admin.data("{ viewer { id } }", json!({}))["viewer"]["id"].clone();
    let input = json!({ "accountId": id, "role": "COORDINATOR" });
    assert_eq!(admin.mutate("grantRole", &input, "roleGrant { id }")["userErrors"], json!([]));
    let made = secret_of(&admin, &[("COORDINATOR", None)]);
    let token = admin.by(&made["secret"]);
    let roles = json!([{ "role": "COORDINATOR" }]);
    let own = json!({ "id": made["apiToken"]["id"], "expectedVersion": 1 });
    for (mutation, input) in [
        (
            "changePassword",
            json!({ "presentPassword": "admin@example.dk", "newPassword": "a long enough password" }),
        ),
        ("createApiToken", json!({ "name": "x", "roles": roles, "expiresAt": soon(&coordinator) })),
        ("revokeApiToken", own),
        ("createAccount", json!({ "email": "x@example.dk", "name": "x" })),
        ("updateAccount", json!({ "id": id, "expectedVersion": 1, "name": "x" })),
        ("createPasswordLink", json!({ "accountId": id })),
        ("grantRole", json!({ "accountId": id, "role": "AUDITOR" })),
    ] {
        let answer = token.try_mutate(mutation, &input, "__typename");
        assert_eq!(answer.error_code(), "FORBIDDEN", "{mutation}");
    }
    for name in ["signOut", "signOutEverywhere"] {
        let answer = token.ask(&format!("mutation {{ {name} {{ userErrors {{ code }} }} }}"), json!({}));
        assert_eq!(answer.error_code(), "FORBIDDEN", "{name}");
    }
    assert_eq!((status(&token), status(&admin)), (200, 200), "nothing of it was done");
    let data = token.data("{ accounts { totalCount } viewer { roleGrants { role } } }", json!({}));
    assert_eq!(data["accounts"]["totalCount"], 1, "its owner's ADMIN is not its own");
}

fn a_token_is_shown_once_and_stored_as_its_digest(backend: Backend) {
    let server = Server::start(backend);
    let coordinator = server.signed_in("coordinator");
    let token = by_token(&coordinator, &[("COORDINATOR", None)]);
    let secret = token.token.clone().expect("a secret");
    assert!(secret.starts_with("virkning_") && secret.len() == 58, "{secret}");
    let listed = coordinator
        .ask("{ viewer { apiTokens { id version name createdAt expiresAt revokedAt } } }", json!({}));
    assert!(!listed.body.contains(&secret));
    let stored = server.database().query("SELECT digest FROM api_token");
    assert_eq!(stored[0].try_get::<Vec<u8>>("", "digest").map(|digest| digest.len()), Ok(32));
    let events = server.database().query("SELECT body FROM event WHERE subject_kind = 'API_TOKEN'");
    let body: String = events[0].try_get("", "body").expect("a body");
    assert!(!body.contains(&secret[9..]), "{body}");
    // A slip of the pen, another's beginning, nothing after it.
    let flipped = if secret.ends_with('A') { "B" } else { "A" };
    for wrong in [
        format!("{}{flipped}", &secret[..57]),
        format!("{}{flipped}{}", &secret[..20], &secret[21..]),
        secret[..57].to_owned(),
        format!("{secret}A"),
        "virkning_".to_owned(),
        format!("Virkning_{}", &secret[9..]),
    ] {
        let client = token.by(&json!(wrong));
        // The changed sign may be the one that was there.
        assert!(wrong == secret || status(&client) == 401, "{wrong}");
    }
    assert_eq!(status(&token), 200);
    for line in server.log() {
        assert!(!line.to_string().contains(&secret[9..40]), "{line}");
    }
}

fn a_token_ends_when_it_is_revoked_or_expires(backend: Backend) {
    let server = Server::start(backend);
    let coordinator = server.signed_in("coordinator");
    let revoked = secret_of(&coordinator, &[("COORDINATOR", None)]);
    let client = coordinator.by(&revoked["secret"]);
    assert_eq!(status(&client), 200);
    let input = json!({ "id": revoked["apiToken"]["id"], "expectedVersion": 1 });
    let ended = coordinator.mutate("revokeApiToken", &input, "apiToken { version revokedAt }");
    assert!(ended["apiToken"]["revokedAt"].is_string());
    let answer = client.ask("{ viewer { name } }", json!({}));
    assert_eq!((answer.status, answer.error_code()), (401, "UNAUTHENTICATED".to_owned()));
    let again = json!({ "id": revoked["apiToken"]["id"], "expectedVersion": 2 });
    assert_eq!(coordinator.refusal("revokeApiToken", &again).0, "TOKEN_OVER");
    let expired = by_token(&coordinator, &[("COORDINATOR", None)]);
    assert_eq!(status(&expired), 200);
    server
        .database()
        .execute("UPDATE api_token SET created_at = 1, expires_at = 2 WHERE revoked_at IS NULL")
        .expect("a token of long ago");
    until_noticed();
    assert_eq!(status(&expired), 401);
    // Deactivating ends it, also for the time after.
    let last = by_token(&coordinator, &[("COORDINATOR", None)]);
    let admin = server.signed_in("admin");
    let id = coordinator.data("{ viewer { id } }", json!({}))["viewer"]["id"].clone();
    for (version, active) in [(1, false), (2, true)] {
        let input = json!({ "id": id, "expectedVersion": version, "active": active });
        admin.mutate("updateAccount", &input, "account { id }");
        assert_eq!(status(&last), 401);
    }
}

fn a_token_is_seen_by_its_owner_and_by_those_who_keep_accounts(backend: Backend) {
    let server = Server::start(backend);
    let coordinator = server.signed_in("coordinator");
    let made = secret_of(&coordinator, &[("COORDINATOR", None)]);
    let query = "{ accounts(first: 100) { nodes { email apiTokens { id name roles { role forvaltning { code } } } } } }";
    let seen = |user: &str| {
        let accounts = server.signed_in(user).data(query, json!({}))["accounts"]["nodes"].clone();
        let tokens = accounts.as_array().expect("accounts").iter();
        tokens.map(|account| account["apiTokens"].as_array().expect("tokens").len()).sum::<usize>()
    };
    assert_eq!((seen("admin"), seen("auditor"), seen("coordinator")), (1, 1, 1));
    assert_eq!((seen("reader"), seen("auditor-sof")), (0, 0));
    let revoke = json!({ "id": made["apiToken"]["id"], "expectedVersion": 1 });
    let absent = json!({ "id": "apitoken_00000000000070008000000000000000", "expectedVersion": 1 });
    let reader = server.signed_in("reader");
    assert_eq!(reader.refusal("revokeApiToken", &revoke), reader.refusal("revokeApiToken", &absent));
    assert_eq!(server.signed_in("auditor").refusal("revokeApiToken", &revoke).0, "FORBIDDEN");
    let ended = server.signed_in("admin").mutate("revokeApiToken", &revoke, "apiToken { revokedAt }");
    assert!(ended["apiToken"]["revokedAt"].is_string());
}

fn the_last_use_is_recorded(backend: Backend) {
    let server = Server::start(backend);
    let coordinator = server.signed_in("coordinator");
    let token = by_token(&coordinator, &[("COORDINATOR", None)]);
    let query = "{ viewer { apiTokens { lastUsedAt } sessions { current lastUsedAt } } }";
    assert_eq!(coordinator.data(query, json!({}))["viewer"]["apiTokens"][0]["lastUsedAt"], Value::Null);
    let events = server.database().count("event");
    assert_eq!(status(&token), 200);
    let began = Instant::now();
    loop {
        let viewer = coordinator.data(query, json!({}))["viewer"].clone();
        assert_eq!(viewer["sessions"][0]["current"], true);
        if viewer["apiTokens"][0]["lastUsedAt"].is_string() && viewer["sessions"][0]["lastUsedAt"].is_string()
        {
            break;
        }
        assert!(began.elapsed() < Duration::from_secs(30), "{viewer}");
    }
    for _again in 0..20 {
        assert_eq!(status(&token), 200);
    }
    let rows = server.database().count("last_use");
    let (_, database) = server.stop();
    let database = database.expect("the database");
    assert_eq!(database.count("last_use"), rows, "one row for each credential");
    assert_eq!(database.count("event"), events, "a use is no change");
}
