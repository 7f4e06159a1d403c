//! What queries cost in SQL statements: printed, checked in, and the same whatever the number of rows.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::support::{Backend, Client, Server, compare};

on_both_databases!(the_statements_of_each_document_are_those_checked_in, rows_cost_no_statements);

const REGISTER: &str = include_str!("../../docs/examples/register.graphql");

fn statements(server: &Server, client: &Client, query: &str, variables: Value) -> u64 {
    let answer = client.ask(query, variables);
    answer.data();
    server.statements_of(answer.header("x-request-id").expect("a request id"))
}

fn the_statements_of_each_document_are_those_checked_in(backend: Backend) {
    let server = Server::start(backend);
    let (auditor, coordinator) = (server.signed_in("auditor"), server.signed_in("coordinator"));
    let (ludo, version) = coordinator.intervention("ludo");
    let mut printed = String::from(
        "SQL statements of each document, BEGIN and COMMIT apart. Two of each find the session and the roles of who asks.\n\n",
    );
    for (name, client, query, variables) in [
        ("viewer", &auditor, "{ viewer { name roleGrants { role forvaltning { code } } } }", json!({})),
        ("Register", &auditor, REGISTER, json!({})),
        ("Insights", &auditor, include_str!("../../docs/examples/insights.graphql"), json!({})),
        (
            "Find",
            &auditor,
            include_str!("../../docs/examples/find.graphql"),
            json!({ "filter": { "forvaltning": "SOF" } }),
        ),
        ("History", &auditor, include_str!("../../docs/examples/history.graphql"), json!({ "last": 10 })),
        ("intervention by slug", &auditor, "{ intervention(slug: \"ludo\") { name } }", json!({})),
        (
            "node",
            &auditor,
            "query($id: ID!) { node(id: $id) { ... on Intervention { name } } }",
            json!({ "id": ludo }),
        ),
        (
            "Rename",
            &coordinator,
            include_str!("../../docs/examples/rename.graphql"),
            json!({ "input": { "id": ludo, "expectedVersion": version, "name": "LUDO 2" } }),
        ),
    ] {
        writeln!(printed, "{:>3}  {name}", statements(&server, client, query, variables)).expect("a line");
    }
    compare("tests/statements.txt", &printed);
}

fn rows_cost_no_statements(backend: Backend) {
    let server = Server::start(backend);
    let auditor = server.signed_in("auditor");
    let query = "query($n: Int!) { interventions(first: $n) { nodes { name parent { name } parts { name } \
                 current { leadForvaltning { name } partnerForvaltninger { name } principles { name } districts { name partOf { name } } \
                 targetGroups { name } funding { fundedBy { name } } reportingYear { insights { citywideCount } claims { label } \
                 interventions(first: 2) { nodes { name } } } history(first: 2) { totalCount nodes { actor { name } changes { field } } } } \
                 years { year } figures(first: $n) { totalCount nodes { value absence { kind } } } \
                 history(first: 3) { nodes { sequence } } } } }";
    let one = statements(&server, &auditor, query, json!({ "n": 1 }));
    assert_eq!(statements(&server, &auditor, query, json!({ "n": 22 })), one);
    assert_eq!(statements(&server, &auditor, query, json!({ "n": 100 })), one);
}
