//! One-time links by which a password is set.

use std::thread;

use serde_json::{Value, json};

use crate::support::{Backend, Client, Server, by_token, virkning};

on_both_databases!(
    a_link_sets_a_password_once_and_ends_what_was_begun_before,
    a_newer_link_replaces_an_older_one_and_each_ends_by_itself,
    an_account_without_a_password_is_opened_by_a_link,
    of_two_who_use_a_link_at_once_one_does,
    only_an_administrator_makes_links,
    neither_history_nor_log_nor_tables_hold_a_link_or_a_password,
    an_operator_makes_a_link_for_the_only_administrator,
    the_page_of_a_link_is_served_in_both_languages,
);

const PASSWORD: &str = "en helt ny adgangskode";

fn account(client: &Client, user: &str) -> Value {
    let query = "{ accounts(first: 100) { nodes { id email version } } }";
    let accounts = client.data(query, json!({}))["accounts"]["nodes"].clone();
    let email = format!("{user}@example.dk");
    accounts.as_array().expect("accounts").iter().find(|one| one["email"] == email).expect("it").clone()
}

/// The link's token, made by ADMIN for a user.
fn link(server: &Server, user: &str) -> String {
    let admin = server.signed_in("admin");
    let input = json!({ "accountId": account(&admin, user)["id"], "reason": "Glemt" });
    let made = admin.mutate("createPasswordLink", &input, "link expiresAt account { email }");
    assert_eq!(made["userErrors"], json!([]));
    let (page, token) = made["link"].as_str().and_then(|link| link.split_once('#')).expect("a link");
    assert_eq!(page, format!("{}/password", server.url));
    token.to_owned()
}

fn redeem(server: &Server, token: &str, password: &str) -> Value {
    let input = json!({ "token": token, "password": password });
    server.stranger().mutate("redeemPasswordLink", &input, "email")
}

fn fault(payload: &Value) -> &Value {
    &payload["userErrors"][0]["code"]
}

fn status(client: &Client) -> u16 {
    client.ask("{ viewer { name } }", json!({})).status
}

fn a_link_sets_a_password_once_and_ends_what_was_begun_before(backend: Backend) {
    let server = Server::start(backend);
    let (session, other) = (server.signed_in("reader"), server.signed_in("auditor"));
    let token = by_token(&session, &[("READER", None)]);
    let link = link(&server, "reader");
    assert_eq!((status(&session), status(&token)), (200, 200), "until it is used, all goes on");
    server.signed_in("reader");
    assert_eq!(fault(&redeem(&server, &link, "short")), "WEAK_PASSWORD");
    assert_eq!(fault(&redeem(&server, "nothing", PASSWORD)), "LINK_OVER");
    assert_eq!(redeem(&server, &link, PASSWORD), json!({ "email": "reader@example.dk", "userErrors": [] }));
    assert_eq!((status(&session), status(&token), status(&other)), (401, 401, 200));
    let refresh =
        "mutation($t: String!) { refreshSession(input: { refreshToken: $t }) { userErrors { code } } }";
    let renewed = server.stranger().data(refresh, json!({ "t": session.refresh_token }));
    assert_eq!(fault(&renewed["refreshSession"]), "SESSION_OVER");
    assert_eq!(fault(&redeem(&server, &link, "another long password")), "LINK_OVER", "it is good once");
    server.stranger().sign_in("reader@example.dk", PASSWORD);
    // Both are in the account's history, the second by the account itself.
    let query = "query($id: ID!) { node(id: $id) { ... on Account { history(last: 2) { nodes { \
                 action reason actor { name } changes { field before after secret } } } } } }";
    let id = account(&server.signed_in("admin"), "reader")["id"].clone();
    let history =
        server.signed_in("admin").data(query, json!({ "id": id }))["node"]["history"]["nodes"].clone();
    let told: Vec<_> = history
        .as_array()
        .expect("events")
        .iter()
        .map(|event| (event["action"].clone(), event["reason"].clone(), event["actor"]["name"].clone()))
        .collect();
    assert_eq!(
        told,
        [
            (json!("RESET_PASSWORD"), json!("Glemt"), json!("Admin")),
            (json!("CHANGE_PASSWORD"), Value::Null, json!("Reader")),
        ]
    );
    virkning(&server.database().url, &["verify"]).assert_success();
}

fn a_newer_link_replaces_an_older_one_and_each_ends_by_itself(backend: Backend) {
    let server = Server::start(backend);
    let (older, newer) = (link(&server, "reader"), link(&server, "reader"));
    assert_eq!(fault(&redeem(&server, &older, PASSWORD)), "LINK_OVER");
    server
        .database()
        .execute("UPDATE account SET link_expires_at = 1 WHERE link_digest IS NOT NULL")
        .expect("time");
    assert_eq!(fault(&redeem(&server, &newer, PASSWORD)), "LINK_OVER", "after a day");
    // Whoever knows the password by now needs none, and a deactivated account has no use for one.
    let unused = link(&server, "reader");
    let input = json!({ "presentPassword": "reader@example.dk", "newPassword": PASSWORD });
    server.signed_in("reader").mutate("changePassword", &input, "account { id }");
    assert_eq!(fault(&redeem(&server, &unused, PASSWORD)), "LINK_OVER");
    let admin = server.signed_in("admin");
    let found = account(&admin, "auditor");
    let unused = link(&server, "auditor");
    let input = json!({ "id": found["id"], "expectedVersion": 2, "active": false });
    assert_eq!(admin.mutate("updateAccount", &input, "account { id }")["userErrors"], json!([]));
    assert_eq!(fault(&redeem(&server, &unused, PASSWORD)), "LINK_OVER");
}

fn an_account_without_a_password_is_opened_by_a_link(backend: Backend) {
    let server = Server::start(backend);
    let admin = server.signed_in("admin");
    let input = json!({ "email": "new@example.dk", "name": "New" });
    let made = admin.mutate("createAccount", &input, "account { id }");
    assert_eq!(made["userErrors"], json!([]));
    let sign_in = include_str!("../../docs/examples/sign-in.graphql");
    let attempt = json!({ "email": "new@example.dk", "password": "" });
    let refused = server.stranger().data(sign_in, attempt);
    assert_eq!(fault(&refused["signIn"]), "WRONG_CREDENTIALS");
    redeem(&server, &link(&server, "new"), PASSWORD);
    server.stranger().sign_in("new@example.dk", PASSWORD);
}

fn of_two_who_use_a_link_at_once_one_does(backend: Backend) {
    let first = Server::start(backend);
    let second = Server::serve(first.database().shared(), &[]);
    let link = link(&first, "reader");
    let passwords: Vec<String> = (0..8).map(|at| format!("a long enough password {at}")).collect();
    let won: Vec<_> = thread::scope(|scope| {
        let rivals: Vec<_> = passwords
            .iter()
            .enumerate()
            .map(|(at, password)| {
                let (server, link) = (if at % 2 == 0 { &first } else { &second }, &link);
                scope.spawn(move || {
                    (redeem(server, link, password)["userErrors"] == json!([])).then_some(password)
                })
            })
            .collect();
        rivals.into_iter().filter_map(|rival| rival.join().expect("an answer")).collect()
    });
    assert_eq!(won.len(), 1, "{won:?}");
    first.stranger().sign_in("reader@example.dk", won[0]);
}

fn only_an_administrator_makes_links(backend: Backend) {
    let server = Server::start(backend);
    let id = account(&server.signed_in("admin"), "reader")["id"].clone();
    for (user, code) in [
        ("auditor", "FORBIDDEN"),
        ("coordinator", "NOT_FOUND"),
        ("evaluator-sof", "NOT_FOUND"),
        // One's own account is no exception: whoever is signed in changes the password by the password.
        ("reader", "FORBIDDEN"),
    ] {
        let client = server.signed_in(user);
        assert_eq!(client.refusal("createPasswordLink", &json!({ "accountId": id })).0, code, "{user}");
    }
}

fn neither_history_nor_log_nor_tables_hold_a_link_or_a_password(backend: Backend) {
    let server = Server::start(backend);
    let link = link(&server, "reader");
    redeem(&server, &link, PASSWORD);
    let mut texts: Vec<String> = server.log().iter().map(ToString::to_string).collect();
    for sql in [
        "SELECT body AS text FROM event WHERE subject_kind = 'ACCOUNT'",
        "SELECT openings AS text FROM event_detail",
        "SELECT password_hash AS text FROM account",
    ] {
        let rows = server.database().query(sql);
        texts.extend(rows.iter().map(|row| row.try_get::<String>("", "text").expect("a text")));
    }
    let hash = server.database().query("SELECT password_hash FROM account WHERE email = 'reader@example.dk'");
    let hash: String = hash[0].try_get("", "password_hash").expect("a hash");
    for text in texts {
        assert!(!text.contains(&link) && !text.contains(PASSWORD), "{text}");
        assert!(text == hash || !text.contains(&hash), "{text}");
    }
}

fn an_operator_makes_a_link_for_the_only_administrator(backend: Backend) {
    let server = Server::start(backend);
    let url = &server.database().url;
    let options = ["--as", "admin@example.dk", "--public-url", "https://virkning.example/app/"];
    let ran = virkning(url, &[&["account", "reset", "admin@example.dk"][..], &options].concat());
    ran.assert_success();
    let line = ran.stdout.lines().find(|line| line.starts_with("https://")).expect("a link");
    let token = line.strip_prefix("https://virkning.example/app/password#").expect("where people reach it");
    assert_eq!(redeem(&server, token, PASSWORD)["email"], "admin@example.dk");
    server.stranger().sign_in("admin@example.dk", PASSWORD);
    let ran = virkning(url, &["account", "reset", "admin@example.dk", "--as", "reader@example.dk"]);
    assert!(!ran.status.success(), "{}", ran.stdout);
    let ran = virkning(url, &["account", "reset", "nobody-at-all@example.dk", "--as", "admin@example.dk"]);
    assert!(ran.stderr.contains("There is no account"), "{}", ran.stderr);
}

fn the_page_of_a_link_is_served_in_both_languages(backend: Backend) {
    let server = Server::start(backend);
    let page = server.stranger().get("/password");
    assert_eq!(page.status, 200);
    assert!(page.body.contains("Set a password") && page.body.contains("lang=\"en\""));
    let danish = ureq::get(format!("{}/password", server.url)).header("accept-language", "da").call();
    let danish = danish.expect("a page").into_body().read_to_string().expect("a text");
    assert!(danish.contains("Vælg en adgangskode") && danish.contains("lang=\"da\""));
    let policy = page.header("content-security-policy").expect("a policy");
    assert!(policy.starts_with("default-src 'none'; script-src 'self'"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(page.header("cache-control"), Some("no-store"));
    for body in [&page.body, &danish] {
        assert!(!body.contains("<style") && !body.contains(" on") || !body.contains("onclick"), "{body}");
        let scripts: Vec<_> = body.match_indices("<script").map(|(at, _)| &body[at..]).collect();
        assert!(scripts.iter().all(|script| script.contains(" src=")), "no script within the page");
    }
    for (file, kind) in
        [("password.js", "text/javascript; charset=utf-8"), ("password.css", "text/css; charset=utf-8")]
    {
        let asset = server.stranger().get(&format!("/password/{file}"));
        assert_eq!((asset.status, asset.header("content-type")), (200, Some(kind)));
    }
    assert_eq!(server.stranger().get("/password/other").status, 404);
}
