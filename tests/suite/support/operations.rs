//! What is asked of the server most, and what its cost is told by.

use serde_json::{Value, json};

use super::client::Client;
use super::evaluation::Snor;

pub const REGISTER: &str = include_str!("../../../docs/examples/register.graphql");

/// A document, and who asks it.
pub struct Operation {
    pub name: &'static str,
    pub user: &'static str,
    pub query: &'static str,
    pub variables: Value,
}

impl Operation {
    pub fn changes(&self) -> bool {
        self.query.trim_start().starts_with("mutation")
    }
}

/// All of them, each to be carried out once and in this order, on a register in which nothing was written before.
pub fn operations(coordinator: &Client, evaluator: &Client) -> Vec<Operation> {
    let (ludo, version) = coordinator.intervention("ludo");
    let snor = Snor::measured(evaluator);
    let page = "{ virkningsevalueringer(first: 100) { pageInfo { endCursor } } }";
    let page = evaluator.ask(page, json!({})).data()["virkningsevalueringer"].clone();
    let last_of_a_page = page["pageInfo"]["endCursor"].clone();
    let all = [
        ("viewer", "auditor", "{ viewer { name roleGrants { role forvaltning { code } } } }", json!({})),
        ("Register", "auditor", REGISTER, json!({})),
        ("Insights", "auditor", include_str!("../../../docs/examples/insights.graphql"), json!({})),
        (
            "Find",
            "auditor",
            include_str!("../../../docs/examples/find.graphql"),
            json!({ "filter": { "forvaltning": "SOF" } }),
        ),
        ("History", "auditor", include_str!("../../../docs/examples/history.graphql"), json!({ "last": 10 })),
        (
            "claims that do not agree",
            "auditor",
            "{ claims(filter: { agrees: false }) { totalCount nodes { printed computed terms { figure { label } } \
             reportingYear { year } criterion { indicator } } } }",
            json!({}),
        ),
        ("intervention by slug", "auditor", "{ intervention(slug: \"ludo\") { name } }", json!({})),
        (
            "node",
            "auditor",
            "query($id: ID!) { node(id: $id) { ... on Intervention { name } } }",
            json!({ "id": ludo }),
        ),
        (
            "Rename",
            "coordinator",
            include_str!("../../../docs/examples/rename.graphql"),
            json!({ "input": { "id": ludo, "expectedVersion": version, "name": "LUDO 2" } }),
        ),
        (
            "Theory",
            "evaluator",
            include_str!("../../../docs/examples/theory.graphql"),
            json!({ "id": snor.id }),
        ),
        ("Snor", "evaluator", include_str!("../../../docs/examples/snor.graphql"), json!({})),
        (
            "evaluations",
            "evaluator",
            "{ virkningsevalueringer { totalCount nodes { id title status } } }",
            json!({}),
        ),
        (
            "evaluations after others",
            "evaluator",
            "query($after: String!) { virkningsevalueringer(first: 10, after: $after) { nodes { id title status } } }",
            json!({ "after": last_of_a_page }),
        ),
        // The three readings of docs/performance.md.
        (
            "interventions with all that was measured",
            "evaluator",
            "{ interventions(first: 20) { nodes { name virkningsevalueringer(first: 4) { nodes { title status criteria { indicator threshold \
             measurements { wave period { from to } numerator denominator value recordedAt } } } } } } }",
            json!({}),
        ),
        (
            "an evaluation with all that was measured",
            "evaluator",
            "query($id: ID!) { virkningsevaluering(id: $id) { title status criteria { indicator threshold \
             measurements { wave numerator denominator value } } } }",
            json!({ "id": snor.id }),
        ),
        (
            "interventions of a forvaltning with the number of their evaluations",
            "evaluator",
            "{ interventions(first: 50, filter: { lead: \"SOF\" }) { nodes { name virkningsevalueringer { totalCount } } } }",
            json!({}),
        ),
        (
            "History of an evaluation",
            "evaluator",
            include_str!("../../../docs/examples/evaluation-history.graphql"),
            json!({ "id": snor.id }),
        ),
        (
            "Record",
            "evaluator",
            include_str!("../../../docs/examples/record.graphql"),
            json!({ "i": {
                "criterionId": snor.absence, "wave": "FOLLOW_UP", "numerator": 6, "denominator": 43,
                "periodStart": "2023-07-01", "periodEnd": "2023-12-31", "idempotencyKey": "1",
            } }),
        ),
    ];
    let operation = |(name, user, query, variables)| Operation { name, user, query, variables };
    all.into_iter().map(operation).collect()
}
