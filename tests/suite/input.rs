//! Bad input of each kind: a clear error with field and code, and nothing stored.

use serde_json::{Value, json};

use crate::support::{Backend, Client, Server};

on_both_databases!(
    each_kind_of_bad_input_is_refused_by_field_and_code,
    what_cannot_be_typed_is_an_error_of_the_request,
    messages_are_in_the_readers_language,
);

#[expect(clippy::too_many_lines, reason = "a table, a line for each kind of bad input")]
fn each_kind_of_bad_input_is_refused_by_field_and_code(backend: Backend) {
    let server = Server::start(backend);
    let auditor = server.signed_in("auditor");
    let coordinator = server.signed_in("coordinator");
    let admin = server.signed_in("admin");
    let (ludo, version) = coordinator.intervention("ludo");
    let before =
        (auditor.events(), server.database().count("intervention"), server.database().count("account"));

    let create = |slug: &str, name: &str| json!({ "slug": slug, "name": name });
    let funding = |changes: Value| {
        let mut input =
            json!({ "interventionId": ludo, "budgetYear": 2030, "amountDkk": 1, "fundedBy": ["SOF"] });
        input.as_object_mut().expect("an object").extend(changes.as_object().expect("an object").clone());
        input
    };
    let report = |changes: Value| {
        let mut input = json!({ "interventionId": ludo, "year": 2023, "expectedVersion": 1 });
        input.as_object_mut().expect("an object").extend(changes.as_object().expect("an object").clone());
        input
    };
    let figure = |changes: Value| {
        let mut input = json!({ "interventionId": ludo, "reportedYear": 2023, "kind": "OUTCOME", "label": "x", "unit": "pct", "value": "1" });
        input.as_object_mut().expect("an object").extend(changes.as_object().expect("an object").clone());
        input
    };
    let unknown = "intervention_00000000000070008000000000000000";
    for (mutation, input, code, field) in [
        ("createIntervention", create("ludo", "Ny"), "TAKEN", json!(["slug"])),
        ("createIntervention", create("Ny Indsats", "Ny"), "INVALID_SLUG", json!(["slug"])),
        ("createIntervention", create("ny", ""), "REQUIRED", json!(["name"])),
        ("createIntervention", create("ny", " \t"), "REQUIRED", json!(["name"])),
        ("createIntervention", create("ny", &"x".repeat(10_000)), "BAD_USER_INPUT", json!(["name"])),
        ("createIntervention", create("ny", "a\0b"), "BAD_USER_INPUT", json!(["name"])),
        (
            "createIntervention",
            json!({ "slug": "ny", "name": "Ny", "since": 99999 }),
            "OUT_OF_RANGE",
            json!(["since"]),
        ),
        (
            "createIntervention",
            json!({ "slug": "ny", "name": "Ny", "parentId": unknown }),
            "NOT_FOUND",
            json!(["parentId"]),
        ),
        (
            "createIntervention",
            json!({ "slug": "ny", "name": "Ny", "reason": "Om 010190-1234" }),
            "CPR_NUMBER",
            json!(["reason"]),
        ),
        (
            "createIntervention",
            json!({ "slug": "ny", "name": "Ny", "idempotencyKey": "0101901234" }),
            "CPR_NUMBER",
            json!(["idempotencyKey"]),
        ),
        (
            "updateIntervention",
            json!({ "id": unknown, "expectedVersion": 1, "name": "x" }),
            "NOT_FOUND",
            json!(["id"]),
        ),
        (
            "updateIntervention",
            json!({ "id": "no id", "expectedVersion": 1, "name": "x" }),
            "NOT_FOUND",
            json!(["id"]),
        ),
        (
            "updateIntervention",
            json!({ "id": ludo, "expectedVersion": version, "parentId": ludo }),
            "OWN_ANCESTOR",
            json!(["parentId"]),
        ),
        ("setFunding", funding(json!({ "amountDkk": -1 })), "OUT_OF_RANGE", json!(["amountDkk"])),
        (
            "setFunding",
            funding(json!({ "amountDkk": 9_007_199_254_740_992_i64 })),
            "OUT_OF_RANGE",
            json!(["amountDkk"]),
        ),
        ("setFunding", funding(json!({ "absence": "NOT_YET" })), "VALUE_OR_ABSENCE", json!(["amountDkk"])),
        ("setFunding", funding(json!({ "amountDkk": null })), "VALUE_OR_ABSENCE", json!(["amountDkk"])),
        ("setFunding", funding(json!({ "fundedBy": ["XYZ"] })), "NOT_FOUND", json!(["fundedBy", "0"])),
        ("setFunding", funding(json!({ "fundedBy": ["SOF", "SOF"] })), "REPEATED", json!(["fundedBy", "1"])),
        (
            "setFunding",
            funding(json!({ "permanence": "EXPIRES" })),
            "EXPIRY_WITH_PERMANENCE",
            json!(["expires"]),
        ),
        ("setFunding", funding(json!({ "interventionId": unknown })), "NOT_FOUND", json!(["interventionId"])),
        (
            "updateInterventionYear",
            report(json!({ "districts": ["Atlantis"] })),
            "NOT_FOUND",
            json!(["districts", "0"]),
        ),
        (
            "updateInterventionYear",
            report(json!({ "principles": [9] })),
            "NOT_FOUND",
            json!(["principles", "0"]),
        ),
        (
            "updateInterventionYear",
            report(json!({ "partnerForvaltninger": ["SOF"] })),
            "LEAD_IS_PARTNER",
            json!(["partnerForvaltninger"]),
        ),
        (
            "updateInterventionYear",
            report(json!({ "districts": ["Valby"] })),
            "CITYWIDE_WITH_DISTRICTS",
            json!(["districts"]),
        ),
        (
            "updateInterventionYear",
            report(json!({ "remarks": "Barnet 0101901234" })),
            "CPR_NUMBER",
            json!(["remarks"]),
        ),
        (
            "updateInterventionYear",
            report(json!({ "targetGroups": [{ "name": "x", "ageFrom": "20", "ageTo": "10" }] })),
            "START_AFTER_END",
            json!(["targetGroups", "0", "ageTo"]),
        ),
        (
            "updateInterventionYear",
            report(json!({ "targetGroups": [{ "name": "x", "ageFrom": "-1" }] })),
            "OUT_OF_RANGE",
            json!(["targetGroups", "0", "ageFrom"]),
        ),
        (
            "updateInterventionYear",
            report(json!({ "year": 2031, "expectedVersion": 0 })),
            "YEAR_NOT_OPENED",
            json!(["year"]),
        ),
        ("setFigure", figure(json!({ "value": null })), "VALUE_OR_ABSENCE", json!(["value"])),
        (
            "setFigure",
            figure(json!({ "period": { "from": "2024-01-01", "to": "2023-01-01" } })),
            "START_AFTER_END",
            json!(["period"]),
        ),
        ("setFigure", figure(json!({ "label": "" })), "REQUIRED", json!(["label"])),
        ("openReportingYear", json!({ "year": 2023 }), "TAKEN", json!(["year"])),
        ("openReportingYear", json!({ "year": 20230 }), "OUT_OF_RANGE", json!(["year"])),
        (
            "addClaim",
            json!({ "year": 2023, "text": "x", "printed": "mange", "measure": "CITYWIDE_COUNT" }),
            "BAD_USER_INPUT",
            json!(["printed"]),
        ),
        (
            "addClaim",
            json!({ "year": 2023, "text": "x", "printed": "1", "measure": "PRINCIPLE_COUNT" }),
            "PRINCIPLE_WITH_MEASURE",
            json!(["principle"]),
        ),
    ] {
        assert_eq!(
            coordinator.refusal(mutation, &input),
            (code.to_owned(), field),
            "{mutation} {:.200}",
            input.to_string()
        );
    }
    let account = |email: &str, password: &str| json!({ "email": email, "name": "x", "password": password });
    for (mutation, input, code, field) in [
        ("createAccount", account("READER@example.dk", "a long enough password"), "TAKEN", json!(["email"])),
        ("createAccount", account("nowhere", "a long enough password"), "INVALID_EMAIL", json!(["email"])),
        ("createAccount", account("x@example.dk", "short"), "WEAK_PASSWORD", json!(["password"])),
        ("createAccount", account("x@example.dk", &"x".repeat(1_025)), "BAD_USER_INPUT", json!(["password"])),
        (
            "grantRole",
            json!({ "accountId": "account_0", "role": "READER" }),
            "NOT_FOUND",
            json!(["accountId"]),
        ),
    ] {
        assert_eq!(admin.refusal(mutation, &input), (code.to_owned(), field), "{mutation} {input}");
    }
    let after =
        (auditor.events(), server.database().count("intervention"), server.database().count("account"));
    assert_eq!(after, before, "nothing is stored, and no event is left");
}

fn what_cannot_be_typed_is_an_error_of_the_request(backend: Backend) {
    let server = Server::start(backend);
    let coordinator = server.signed_in("coordinator");
    let (ludo, _) = coordinator.intervention("ludo");
    let figure = |value: &str| {
        format!(
            "mutation {{ setFigure(input: {{ interventionId: \"{ludo}\", reportedYear: 2023, kind: OUTCOME, label: \"x\", \
             unit: \"pct\", value: {value} }}) {{ figure {{ value }} userErrors {{ code }} }} }}"
        )
    };
    for day in ["-0005-01-01", "+2024-01-01", "1899-12-31", "2024-02-30"] {
        let period = format!("\"1\", period: {{ from: \"{day}\", to: \"2024-12-31\" }}");
        assert_eq!(coordinator.ask(&figure(&period), json!({})).error_code(), "BAD_USER_INPUT", "{day}");
    }
    for value in [
        "\"NaN\"",
        "\"Infinity\"",
        "1e309",
        "\"1e3\"",
        "\"\"",
        "[1]",
        "true",
        "\"0.0000001\"",
        "9007199254740993",
    ] {
        assert_eq!(coordinator.ask(&figure(value), json!({})).error_code(), "BAD_USER_INPUT", "{value}");
    }
    for (query, what) in [
        ("{ interventions(first: \"5\") { totalCount } }", "a string for a number"),
        ("{ intervention { id } }", "neither id nor slug"),
        ("{ intervention(id: \"x\", slug: \"x\") { id } }", "both id and slug"),
        ("{ intervention(slug: \"a\\u0000b\") { id } }", "NUL"),
        ("{ interventions(filter: { search: \"a\\u0000b\" }) { totalCount } }", "NUL in a filter"),
        ("{ nothing }", "an unknown field"),
        ("{ interventions(orderBy: { field: COLOUR, direction: ASC }) { totalCount } }", "an unknown word"),
        ("{ reportingYear(year: 9007199254740993) { status } }", "a number beyond Int"),
        (
            "mutation { signIn(input: { email: \"a\\u0000b\", password: \"x\" }) { userErrors { code } } }",
            "NUL in an address",
        ),
        (
            "{ history(filter: { to: \"9999-12-31T23:59:59-01:00\" }) { totalCount } }",
            "a moment beyond all years",
        ),
        ("{", "no document"),
        ("query($x: Int!) { reportingYear(year: $x) { status } }", "a variable that is not given"),
    ] {
        assert_eq!(coordinator.ask(query, json!({})).error_code(), "BAD_USER_INPUT", "{what}");
    }
    let input = json!({ "interventionId": ludo, "budgetYear": 2030, "kind": "GIFT", "fundedBy": [] });
    let answer = coordinator.try_mutate("setFunding", &input, "funding { id }");
    assert_eq!(answer.error_code(), "BAD_USER_INPUT");
    assert!(answer.body.contains("kind"), "the field is named: {}", answer.body);
    assert_eq!(
        coordinator.post("application/json", "{\"query\":\"{ viewer { name } }\\ud800\"}").status,
        400
    );
}

fn messages_are_in_the_readers_language(backend: Backend) {
    let server = Server::start(backend);
    let message = |client: Client| {
        let payload = client.mutate(
            "createIntervention",
            &json!({ "slug": "ludo", "name": "x" }),
            "intervention { id }",
        );
        payload["userErrors"][0]["message"].as_str().expect("a message").to_owned()
    };
    assert_eq!(message(server.signed_in("coordinator")), "This is already in use.");
    assert_eq!(message(server.signed_in("coordinator").in_danish()), "Dette er allerede i brug.");
    let refused = server
        .signed_in("reader")
        .in_danish()
        .ask("mutation { openReportingYear(input: { year: 2024 }) { userErrors { code } } }", json!({}));
    assert_eq!(refused.error_code(), "FORBIDDEN");
    assert!(refused.body.contains("Dine roller tillader ikke dette."), "{}", refused.body);
}
