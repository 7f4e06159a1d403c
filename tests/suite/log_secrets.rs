//! What the server logs when it is told to log everything: nothing that was secret or personal.

use serde_json::{Value, json};

use crate::support::{Backend, Client, Server, Snor, Socket, with};

on_both_databases!(no_password_token_or_name_is_logged_at_any_level);

/// Asks and remembers: texts that are nobody's business.
struct Said(Vec<String>);

impl Said {
    fn secret(&mut self, text: &str) -> Value {
        self.0.push(text.to_owned());
        json!(text)
    }
}

fn no_password_token_or_name_is_logged_at_any_level(backend: Backend) {
    let server = Server::talkative(backend);
    let mut said = Said(Vec::new());
    let client = server.signed_in("evaluator-sof");
    let sign_in =
        "mutation($e: String!, $p: String!) { signIn(input: { email: $e, password: $p }) { accessToken } }";
    for (email, password) in [
        ("ukendt.person@example.dk", "forkert-kodeord-1"),
        ("evaluator-sof@example.dk", "forkert-kodeord-2"),
        ("010190-1234@example.dk", "forkert-kodeord-3"),
    ] {
        let variables = json!({ "e": said.secret(email), "p": said.secret(password) });
        server.stranger().ask(sign_in, variables);
    }
    signs_in_and_on(&server, &client, &mut said);
    by_other_ways(&client, &mut said);
    writes_of_people(&server, &client, &mut said);
    fails_inside(&server, &client, &mut said);
    let log = server.logged();
    assert!(log.contains("answered") && log.contains("internal error"), "there is a log: {log:.500}");
    for text in &said.0 {
        assert!(!log.contains(text.as_str()), "{text} is logged");
        assert!(!server.printed().contains(text.as_str()), "{text} is printed");
    }
}

fn signs_in_and_on(server: &Server, client: &Client, said: &mut Said) {
    said.secret(client.token.as_deref().expect("a token"));
    let refresh = "mutation($t: String!) { refreshSession(input: { refreshToken: $t }) { accessToken refreshToken userErrors { code } } }";
    let token = said.secret(client.refresh_token.as_deref().expect("a refresh token"));
    let renewed = client.data(refresh, json!({ "t": token }))["refreshSession"].clone();
    for name in ["accessToken", "refreshToken"] {
        said.secret(renewed[name].as_str().expect("a token"));
    }
    let unknown = said.secret("intet-kendt-refresh-token");
    client.ask(refresh, json!({ "t": unknown }));
    let mut other = client.clone();
    other.token = Some("eyJhbGciOiJub25lIn0.eyJzdWIiOiJoZW1tZWxpZyJ9.".to_owned());
    said.secret(other.token.as_deref().expect("a token"));
    assert_eq!(other.ask("{ viewer { id } }", json!({})).status, 401);
    let new = said.secret("et-nyt-langt-kodeord");
    let change = json!({ "presentPassword": said.secret("reader-sof@example.dk"), "newPassword": new });
    server.signed_in("reader-sof").mutate("changePassword", &change, "__typename");
}

/// Names and numbers by the address, the headers, aliases, and a socket.
fn by_other_ways(client: &Client, said: &mut Said) {
    for text in ["Hemmelige_Navn", "n0101901234", "Anden_Hemmelighed"] {
        said.secret(text);
    }
    client.get(
        "/graphql?query=query%20Hemmelige_Navn%7Bn0101901234:viewer%7Bid%7D%7D&operationName=Hemmelige_Navn",
    );
    client.get("/graphql?query=query%20Hemmelige_Navn%7B&operationName=Anden_Hemmelighed");
    client.get("/Anden_Hemmelighed?cpr=010190-1234");
    client.ask("{ n0101901234: viewer { Anden_Hemmelighed } }", json!({ "Anden_Hemmelighed": 1 }));
    client.ask(
        "query($s: String) { interventions(filter: { search: $s }) { totalCount } }",
        json!({ "s": "Hemmelige_Navn" }),
    );
    let mut socket = Socket::of(client);
    socket.subscribe("Anden_Hemmelighed", "subscription Hemmelige_Navn { eventAppended { id } }", json!({}));
    socket.subscribe("Hemmelige_Navn", "subscription Hemmelige_Navn {", json!({}));
    socket.refusal("Hemmelige_Navn");
}

fn writes_of_people(server: &Server, client: &Client, said: &mut Said) {
    let snor = Snor::registered(client);
    client.states_processing(&snor.id);
    let participant = said.secret("Deltager-Alfa-77");
    let observations = json!([{ "participant": participant, "outcome": true }]);
    let input = json!({
        "criterionId": snor.absence, "wave": "BEFORE", "periodStart": "2022-07-01", "periodEnd": "2023-06-30",
        "observations": observations, "reason": said.secret("Fordi Jens Hansen bad om det"),
    });
    client.mutate("recordObservations", &input, "__typename");
    client.mutate("recordObservations", &with(input, json!({ "observations": [] })), "__typename");
    let read = "query($c: ID!, $p: String!) { observations(criterionId: $c, purpose: $p) { nodes { participant } } }";
    let read_for = json!({ "c": snor.absence, "p": said.secret("At ringe til Jens Hansen") });
    client.ask(read, read_for);
    let account = json!({
        "email": said.secret("ny.kollega@example.dk"), "name": said.secret("Ny Kollega Petersen"),
        "password": said.secret("et-langt-kodeord-til-alle"),
    });
    let admin = server.signed_in("admin");
    admin.mutate("createAccount", &account, "__typename");
    admin.mutate("createAccount", &account, "__typename");
}

/// What the database refuses within, and what it refuses of a value.
fn fails_inside(server: &Server, client: &Client, said: &mut Said) {
    let rename = |from: &str, to: &str| {
        server.database().execute(&format!("ALTER TABLE {from} RENAME TO {to}")).expect("a renamed table");
    };
    rename("learning", "learning_away");
    let learning = json!({
        "virkningsevalueringId": client.plan("ludo"), "audience": "MANAGEMENT", "text": said.secret("Det sagde Ida Jensen"),
    });
    let answer = client.try_mutate("addLearning", &learning, "__typename");
    assert_eq!(answer.error_code(), "INTERNAL", "{}", answer.body);
    rename("learning_away", "learning");
    let slug = json!({ "slug": "ludo", "name": said.secret("Optaget Navn Nielsen") });
    server.signed_in("coordinator").mutate("createIntervention", &slug, "__typename");
}
