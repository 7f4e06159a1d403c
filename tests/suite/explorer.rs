//! The explorer: there where it is switched on, and sufficient unto itself.

use serde_json::json;

use crate::support::{Backend, Client, Database, Server};

const FILES: [&str; 3] = ["/explorer", "/explorer/explorer.css", "/explorer/explorer.js"];

#[test]
fn the_page_needs_nothing_from_elsewhere() {
    let server = Server::demo(&[]);
    let client = server.stranger();
    for file in FILES {
        let answer = client.get(file);
        assert_eq!(answer.status, 200, "{file}");
        let policy = answer.header("content-security-policy").expect("a policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self'"), "{policy}");
        for elsewhere in ["https://", "http://", "src=\"//", "@import"] {
            let namespaces = answer.body.replace("http://www.w3.org/", "");
            assert!(!namespaces.contains(elsewhere), "{file} names {elsewhere}");
        }
    }
    assert_eq!(client.get("/explorer/accounts.json").json(), server.ready["accounts"]);
    assert_eq!(client.get("/explorer/secret").status, 404);
}

#[test]
fn each_example_works_as_it_stands() {
    let server = Server::demo(&[]);
    let account = |role: &str| {
        let accounts = server.ready["accounts"].as_array().expect("accounts").clone();
        let account = accounts.into_iter().find(|account| account["grants"][0]["role"] == role).expect(role);
        let text = |name: &str| account[name].as_str().expect(name).to_owned();
        server.stranger().sign_in(&text("email"), &text("password"))
    };
    let (auditor, coordinator): (Client, Client) = (account("AUDITOR"), account("COORDINATOR"));
    let examples = server.stranger().get("/explorer/examples.json").json();
    for example in examples.as_array().expect("examples") {
        let query = example["query"].as_str().expect("a query");
        if query.starts_with("mutation") {
            let (id, version) = coordinator.intervention("ludo");
            let input = json!({ "input": { "id": id, "expectedVersion": version, "name": "LUDO i dag", "reason": "Nyt navn" } });
            let data = coordinator.data(query, input);
            assert_eq!(data["updateIntervention"]["intervention"]["name"], "LUDO i dag");
        } else {
            auditor.data(query, example["variables"].clone());
        }
    }
}

#[test]
fn without_the_explorer_there_is_no_page_and_no_introspection() {
    let server = Server::serve(Database::register(Backend::Sqlite), &[]);
    for file in FILES.into_iter().chain(["/explorer/accounts.json", "/explorer/examples.json"]) {
        assert_eq!(server.stranger().get(file).status, 404, "{file}");
    }
    for query in [
        "{ __schema { types { name } } }",
        "{ __type(name: \"Query\") { name } }",
        "{ ...F } fragment F on Query { __schema { types { name } } }",
    ] {
        assert_eq!(server.signed_in("admin").ask(query, json!({})).error_code(), "BAD_USER_INPUT", "{query}");
    }
    let misspelt = server.signed_in("admin").ask("{ viewerr { name } }", json!({}));
    assert!(!misspelt.body.contains("Did you mean"), "{}", misspelt.body);
}
