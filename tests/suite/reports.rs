//! The life of a year's report: drafted, submitted, returned, approved, frozen.

use serde_json::{Value, json};

use crate::support::{Backend, Client, Server};

on_both_databases!(
    a_report_goes_from_draft_to_frozen,
    nobody_approves_their_own_work,
    a_new_year_starts_from_what_was_last_reported,
);

fn code(payload: &Value) -> &str {
    payload["userErrors"][0]["code"].as_str().unwrap_or("OK")
}

fn step(client: &Client, mutation: &str, id: &str, version: i64) -> Value {
    client.mutate(
        mutation,
        &json!({ "id": id, "expectedVersion": version }),
        "interventionYear { status version }",
    )
}

fn a_report_goes_from_draft_to_frozen(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let approver = server.signed_in("approver-sof");
    let coordinator = server.signed_in("coordinator");
    let (intervention, _) = evaluator.intervention("ludo");
    let (report, version) = evaluator.report("ludo");

    // A change to an approved report makes it a draft again, and the year cannot be closed over it.
    let edit = json!({ "interventionId": intervention, "year": 2023, "expectedVersion": version, "method": "Samtaler" });
    let drafted =
        evaluator.mutate("updateInterventionYear", &edit, "interventionYear { status version method }");
    assert_eq!(
        drafted["interventionYear"],
        json!({ "status": "DRAFT", "version": version + 1, "method": "Samtaler" })
    );
    let close = json!({ "year": 2023, "expectedVersion": 1 });
    assert_eq!(
        code(&coordinator.mutate("closeReportingYear", &close, "reportingYear { id }")),
        "REPORTS_NOT_APPROVED"
    );

    assert_eq!(code(&step(&approver, "approveInterventionYear", &report, version + 1)), "WRONG_STATUS");
    assert_eq!(
        step(&evaluator, "submitInterventionYear", &report, version + 1)["interventionYear"]["status"],
        "SUBMITTED"
    );
    let edit = json!({ "interventionId": intervention, "year": 2023, "expectedVersion": version + 2, "method": "Mere" });
    assert_eq!(
        code(&evaluator.mutate("updateInterventionYear", &edit, "interventionYear { id }")),
        "WRONG_STATUS"
    );
    let bif = server.signed_in("approver-bif").try_mutate(
        "approveInterventionYear",
        &json!({ "id": report, "expectedVersion": version + 2 }),
        "__typename",
    );
    assert_eq!(bif.error_code(), "FORBIDDEN", "only where its forvaltning leads");
    assert_eq!(code(&step(&approver, "approveInterventionYear", &report, version + 1)), "STALE");
    assert_eq!(
        step(&approver, "approveInterventionYear", &report, version + 2)["interventionYear"]["status"],
        "APPROVED"
    );

    let closed = coordinator.mutate("closeReportingYear", &close, "reportingYear { status }");
    assert_eq!(closed["reportingYear"]["status"], "CLOSED");
    let edit = json!({ "interventionId": intervention, "year": 2023, "expectedVersion": version + 3, "method": "Igen" });
    assert_eq!(
        code(&evaluator.mutate("updateInterventionYear", &edit, "interventionYear { id }")),
        "YEAR_CLOSED"
    );
    let figure = json!({
        "interventionId": intervention, "reportedYear": 2023, "kind": "OUTCOME", "label": "Ny", "unit": "pct", "value": "1",
    });
    assert_eq!(code(&evaluator.mutate("setFigure", &figure, "figure { id }")), "YEAR_CLOSED");
}

fn nobody_approves_their_own_work(backend: Backend) {
    let server = Server::start(backend);
    let admin = server.signed_in("admin");
    let approver = server.signed_in("approver-sof");
    let id = approver.data("{ viewer { id } }", json!({}))["viewer"]["id"].clone();
    let grant = json!({ "accountId": id, "role": "EVALUATOR", "forvaltning": "SOF" });
    assert_eq!(admin.mutate("grantRole", &grant, "roleGrant { id }")["userErrors"], json!([]));
    let (intervention, _) = approver.intervention("ludo");
    let (report, version) = approver.report("ludo");
    let edit = json!({ "interventionId": intervention, "year": 2023, "expectedVersion": version, "method": "Samtaler" });
    assert_eq!(code(&approver.mutate("updateInterventionYear", &edit, "interventionYear { id }")), "OK");
    assert_eq!(code(&step(&approver, "submitInterventionYear", &report, version + 1)), "OK");
    assert_eq!(code(&step(&approver, "approveInterventionYear", &report, version + 2)), "OWN_WORK");
    // A municipality-wide approver steps in.
    assert_eq!(
        code(&step(&server.signed_in("approver"), "approveInterventionYear", &report, version + 2)),
        "OK"
    );
}

fn a_new_year_starts_from_what_was_last_reported(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let (intervention, _) = evaluator.intervention("ludo");
    let draft = json!({ "interventionId": intervention, "year": 2024, "remarks": "Nyt år" });
    assert_eq!(
        code(&evaluator.mutate("updateInterventionYear", &draft, "interventionYear { id }")),
        "YEAR_NOT_OPENED"
    );
    let opened = server.signed_in("coordinator").mutate(
        "openReportingYear",
        &json!({ "year": 2024 }),
        "reportingYear { status }",
    );
    assert_eq!(opened["reportingYear"]["status"], "OPEN");
    let selection = "interventionYear { year status version leadForvaltning { code } principles { number } \
                     targetGroups { name ageFrom ageTo } remarks problem }";
    let drafted = evaluator.mutate("updateInterventionYear", &draft, selection)["interventionYear"].clone();
    assert_eq!(
        (&drafted["year"], &drafted["status"], &drafted["version"]),
        (&json!(2024), &json!("DRAFT"), &json!(1))
    );
    assert_eq!(drafted["leadForvaltning"]["code"], "SOF");
    assert_eq!(drafted["principles"], json!([{ "number": 1 }]));
    assert_eq!(drafted["targetGroups"][0]["ageFrom"], "14");
    assert_eq!(drafted["remarks"], "Nyt år");
    let years = "query { intervention(slug: \"ludo\") { current { year } years { year } } reportingYear(year: 2024) { \
                 interventions { nodes { slug } } insights { interventionCount } } }";
    let data = evaluator.data(years, json!({}));
    assert_eq!(data["intervention"]["current"]["year"], 2024);
    assert_eq!(data["intervention"]["years"], json!([{ "year": 2024 }, { "year": 2023 }]));
    assert_eq!(data["reportingYear"]["interventions"]["nodes"], json!([{ "slug": "ludo" }]));
    assert_eq!(data["reportingYear"]["insights"]["interventionCount"], 1);
    // A coordinator moves it to another forvaltning; then it is that one's.
    let moved = json!({
        "interventionId": intervention, "year": 2024, "expectedVersion": 1, "leadForvaltning": "BIF", "reason": "Flyttet",
    });
    let moved = server.signed_in("coordinator").mutate(
        "updateInterventionYear",
        &moved,
        "interventionYear { leadForvaltning { code } }",
    );
    assert_eq!(moved["interventionYear"]["leadForvaltning"]["code"], "BIF");
    let edit = json!({ "interventionId": intervention, "year": 2024, "expectedVersion": 2, "remarks": "x" });
    assert_eq!(evaluator.try_mutate("updateInterventionYear", &edit, "__typename").error_code(), "FORBIDDEN");
    let bif =
        server.signed_in("evaluator-bif").mutate("updateInterventionYear", &edit, "interventionYear { id }");
    assert_eq!(code(&bif), "OK");
}
