//! The figures of the register: the report of 2023 itself leaks.

use std::fs;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{Backend, Client, Server, virkning};

on_both_databases!(
    where_new_cases_of_ssp_plus_come_from_is_not_told,
    a_percentage_of_a_known_whole_is_a_count,
    a_figure_revised_by_one_person_is_hidden,
    who_sees_participants_sees_all_figures,
    an_export_leaves_hidden_rows_out_and_says_so,
);

const NEW_CASES: &str = "Nye sager fra: ";
const FIGURES: &str = "id label unit population category value absence { kind } remarks";

fn figures(client: &Client, slug: &str) -> Vec<Value> {
    let query = format!(
        "query($s: String!) {{ intervention(slug: $s) {{ figures(first: 100) {{ nodes {{ {FIGURES} }} }} }} }}"
    );
    let nodes = client.data(&query, json!({ "s": slug }))["intervention"]["figures"]["nodes"].clone();
    nodes.as_array().expect("figures").clone()
}

fn number(figure: &Value) -> Option<u64> {
    figure["value"].as_str().map(|text| text.parse().expect("a whole number"))
}

fn where_new_cases_of_ssp_plus_come_from_is_not_told(backend: Backend) {
    let server = Server::start(backend);
    for user in ["reader", "coordinator"] {
        let client = server.signed_in(user);
        let all = figures(&client, "ssp-plus");
        let cells: Vec<_> = all
            .iter()
            .filter(|row| row["label"].as_str().is_some_and(|label| label.starts_with(NEW_CASES)))
            .collect();
        assert_eq!(cells.len(), 13);
        let total = 79; // "Antal nye sager", and the population of every cell that is shown.
        let shown: u64 = cells.iter().filter_map(|row| number(row)).sum();
        let hidden: Vec<_> = cells.iter().filter(|row| number(row).is_none()).collect();
        let left = total - shown;
        // The hidden ones share what is left in every way: one of them may have nothing or all of it.
        assert!(hidden.len() > 1 && left >= 5, "{user}: {} hidden share {left}", hidden.len());
        for row in hidden {
            assert_eq!(row["absence"]["kind"], "SUPPRESSED", "{user}");
            assert_eq!([&row["population"], &row["remarks"]], [&Value::Null; 2], "{user}");
            let node =
                "query($id: ID!) { node(id: $id) { ... on Figure { value population absence { kind } } } }";
            let of_node = client.data(node, json!({ "id": row["id"] }))["node"].clone();
            assert_eq!(
                of_node,
                json!({ "value": null, "population": null, "absence": { "kind": "SUPPRESSED" } })
            );
        }
        assert!(cells.iter().filter_map(|row| number(row)).all(|count| count == 0 || count >= 5), "{user}");
        // Of the levels of education, 2 and 4 of 39 are few.
        let levels = all
            .iter()
            .filter(|row| row["label"].as_str().is_some_and(|label| label.starts_with("Uddannelse")));
        assert!(levels.filter_map(number).all(|count| count == 0 || count >= 5), "{user}");
        let history =
            "{ history(first: 100, filter: { subjectKind: FIGURE }) { nodes { changes { field after } } } }";
        let told = client.data(history, json!({}))["history"]["nodes"].to_string();
        assert!(!told.contains("2/79"), "{user}");
    }
}

fn a_percentage_of_a_known_whole_is_a_count(backend: Backend) {
    let server = Server::start(backend);
    let reader = server.signed_in("reader");
    let chart = |row: &&Value| row["label"].as_str().is_some_and(|label| label.starts_with("Diagram"));
    let parts = figures(&reader, "ssp-plus");
    let parts: Vec<_> = parts.iter().filter(chart).collect();
    // 2.5% of 79 can only be 2, and 97.5% all others.
    assert_eq!(parts.len(), 2);
    assert!(parts.iter().all(|row| row["value"].is_null() && row["absence"]["kind"] == "SUPPRESSED"));
    // Of a whole that nobody states a percentage tells no count.
    let of_unknown = figures(&reader, "ny-start");
    assert!(of_unknown.iter().filter(chart).all(|row| row["value"].is_string()));
}

fn a_figure_revised_by_one_person_is_hidden(backend: Backend) {
    let server = Server::start(backend);
    let coordinator = server.signed_in("coordinator");
    let (ludo, _) = coordinator.intervention("ludo");
    let set = |value: i32, version: Option<i64>| {
        let input = json!({
            "interventionId": ludo, "reportedYear": 2024, "kind": "PARTICIPANTS", "label": "Brugere", "unit": "personer",
            "period": { "from": "2024-01-01", "to": "2024-12-31" }, "value": value.to_string(), "expectedVersion": version,
        });
        coordinator.mutate("setFigure", &input, "figure { id version value absence { kind } }")["figure"]
            .clone()
    };
    coordinator.mutate("openReportingYear", &json!({ "year": 2024 }), "__typename");
    let first = set(16, None);
    assert_eq!(first["value"], "16");
    let now = || {
        let newest =
            server.signed_in("auditor").data("{ history(last: 1) { nodes { occurredAt } } }", json!({}));
        newest["history"]["nodes"][0]["occurredAt"].clone()
    };
    let at_first = now();
    let revised = set(17, first["version"].as_i64());
    assert_eq!((&revised["value"], &revised["absence"]["kind"]), (&Value::Null, &json!("SUPPRESSED")));
    let value_as_of = |at: &Value| {
        let query = "query($at: DateTime) { intervention(slug: \"ludo\", asOf: $at) { figures(first: 100) { nodes { id value } } } }";
        let nodes = coordinator.data(query, json!({ "at": at }))["intervention"]["figures"]["nodes"].clone();
        let of_figure = |row: &&Value| row["id"] == first["id"];
        nodes.as_array().expect("figures").iter().find(of_figure).expect("the figure")["value"].clone()
    };
    assert_eq!([value_as_of(&at_first), value_as_of(&now())], [json!("16"), Value::Null]);
    let history = "query($id: ID!) { history(first: 10, filter: { subjectId: $id }) { nodes { changes { field before after secret } } } }";
    let told = coordinator.data(history, json!({ "id": first["id"] }))["history"]["nodes"].clone();
    let values = told
        .as_array()
        .expect("events")
        .iter()
        .flat_map(|event| event["changes"].as_array().expect("changes"));
    let values: Vec<_> = values.filter(|change| change["field"] == "value").collect();
    assert_eq!(values.len(), 2);
    for change in values {
        assert_eq!(
            (&change["before"], &change["after"], &change["secret"]),
            (&Value::Null, &Value::Null, &json!(true))
        );
    }
    let own = figures(&server.signed_in("auditor"), "ludo");
    assert!(own.iter().any(|row| row["id"] == first["id"] && row["value"] == "17"));
}

fn who_sees_participants_sees_all_figures(backend: Backend) {
    let server = Server::start(backend);
    for user in ["auditor", "auditor-sof", "evaluator-sof", "approver-sof"] {
        let all = figures(&server.signed_in(user), "ssp-plus");
        assert!(all.iter().all(|row| row["absence"].is_null() && row["value"].is_string()), "{user}");
    }
    // Elsewhere an evaluator is a reader.
    let elsewhere = figures(&server.signed_in("evaluator-tmf"), "ssp-plus");
    assert!(elsewhere.iter().any(|row| row["absence"]["kind"] == "SUPPRESSED"));
}

fn an_export_leaves_hidden_rows_out_and_says_so(backend: Backend) {
    let server = Server::start(backend);
    let exported = |user: &str| {
        let folder = TempDir::new().expect("a temporary folder");
        let path = folder.path().to_string_lossy().into_owned();
        let ran = virkning(&server.database().url, &["export", &path, "--as", &format!("{user}@example.dk")]);
        ran.assert_success();
        (fs::read_to_string(folder.path().join("figures.csv")).expect("figures"), ran.stderr)
    };
    let (whole, said) = exported("auditor");
    assert!(whole.contains("Nye sager fra: KIF") && said.is_empty(), "{said}");
    let (cut, said) = exported("coordinator");
    assert!(!cut.contains("Nye sager fra: KIF") && !cut.contains("2/79"));
    let left_out = whole.lines().count() - cut.lines().count();
    assert!(
        left_out > 0 && said.starts_with(&format!("{left_out} row(s) are left out")),
        "{left_out}: {said}"
    );
}
