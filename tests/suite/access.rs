//! Who sees and does what: the policy, from outside.

use serde_json::{Value, json};

use crate::support::{Backend, Client, EventStream, Ids, Server, attempts};

on_both_databases!(
    a_stranger_gets_nothing_from_any_root_field,
    each_role_does_what_it_may_and_no_more,
    each_role_does_to_evaluations_what_it_may_and_no_more,
    history_is_read_in_scope,
    accounts_are_seen_by_those_who_keep_them,
    an_administrator_sees_nothing_of_the_register,
    nobody_raises_a_role_and_the_last_admin_stays,
);

/// What is asked of each query, given by its name.
const QUERIES: &[(&str, &str)] = &[
    ("node", "(id: \"x\") { id }"),
    ("intervention", "(slug: \"ludo\") { id }"),
    ("reportingYear", "(year: 2023) { id }"),
    ("viewer", "{ name }"),
    ("forvaltninger", "{ id }"),
    ("strategyPrinciples", "{ id }"),
    ("districts", "{ id }"),
    ("interventions", "{ totalCount }"),
    ("claims", "{ totalCount }"),
    (
        "plan",
        "(direction: UP, basis: LEVEL, threshold: \"1\", unit: SHARE, pairing: PAIRED, baseline: \"0\", n: 1) { n }",
    ),
    ("evaluationRounds", "{ totalCount }"),
    ("virkningsevaluering", "(id: \"x\") { id }"),
    ("virkningsevalueringer", "{ totalCount }"),
    ("history", "{ totalCount }"),
    ("accounts", "{ totalCount }"),
    ("accessLog", "{ totalCount }"),
    ("accessReview", "{ totalCount }"),
    ("checkpoint", "{ size }"),
    ("inclusionProof", "(event: \"x\") { index }"),
    ("consistencyProof", "(from: 0) { earlier }"),
    ("instruments", "{ code }"),
    ("observations", "(criterionId: \"x\", purpose: \"x\") { totalCount }"),
    ("recompute", "(virkningsevalueringId: \"x\") { agrees }"),
];

fn a_stranger_gets_nothing_from_any_root_field(backend: Backend) {
    let server = Server::start(backend);
    // The fields are read where the schema may be read, and asked for where it may not, too.
    let production = Server::serve(server.database().shared(), &[]);
    let strangers = [server.stranger(), production.stranger()];
    let stranger = &strangers[0];
    let schema = stranger.data(
        "{ __schema { queryType { fields { name args { name type { kind } } type { kind ofType { kind } } } } \
         mutationType { fields { name args { type { ofType { name } } } } } subscriptionType { fields { name } } } }",
        json!({}),
    );
    for field in schema["__schema"]["queryType"]["fields"].as_array().expect("fields") {
        let name = field["name"].as_str().expect("a name");
        let (_, rest) = QUERIES
            .iter()
            .find(|(known, _)| *known == name)
            .unwrap_or_else(|| panic!("an attempt at {name}"));
        for stranger in &strangers {
            let answer = stranger.ask(&format!("{{ {name}{rest} }}"), json!({}));
            assert_eq!(answer.error_code(), "UNAUTHENTICATED", "{name}");
        }
    }
    assert_follows_nothing(&schema["__schema"]["subscriptionType"]["fields"], &strangers);
    let inputs = [
        ("createAccount", json!({ "email": "x@y", "name": "x", "password": "a long enough password" })),
        ("updateAccount", json!({ "id": "x", "expectedVersion": 1 })),
        ("changePassword", json!({ "presentPassword": "x", "newPassword": "a long enough password" })),
        ("createPasswordLink", json!({ "accountId": "x" })),
        (
            "createApiToken",
            json!({ "name": "x", "roles": [{ "role": "READER" }], "expiresAt": "2030-01-01T00:00:00Z" }),
        ),
        ("revokeApiToken", json!({ "id": "x", "expectedVersion": 1 })),
        ("grantRole", json!({ "accountId": "x", "role": "ADMIN" })),
        ("revokeRole", json!({ "id": "x", "expectedVersion": 1 })),
        ("confirmRoleGrant", json!({ "id": "x", "expectedVersion": 1 })),
        ("createIntervention", json!({ "slug": "x", "name": "x" })),
        ("updateIntervention", json!({ "id": "x", "expectedVersion": 1 })),
        ("openReportingYear", json!({ "year": 2030 })),
        ("closeReportingYear", json!({ "year": 2023, "expectedVersion": 1 })),
        ("updateInterventionYear", json!({ "interventionId": "x", "year": 2023 })),
        ("submitInterventionYear", json!({ "id": "x", "expectedVersion": 1 })),
        ("returnInterventionYear", json!({ "id": "x", "expectedVersion": 1, "reason": "x" })),
        ("approveInterventionYear", json!({ "id": "x", "expectedVersion": 1 })),
        ("setFunding", json!({ "interventionId": "x", "budgetYear": 2024, "fundedBy": [] })),
        (
            "setFigure",
            json!({ "interventionId": "x", "reportedYear": 2023, "kind": "OUTCOME", "label": "x", "unit": "x" }),
        ),
        (
            "planVirkningsevaluering",
            json!({ "interventionId": "x", "title": "x", "periodStart": "2023-01-01", "periodEnd": "2023-12-31" }),
        ),
        ("createEvaluationRound", json!({ "year": 2023, "theme": "x" })),
        ("addInstrument", json!({ "code": "X", "name": "x", "direction": "UP" })),
        ("updateEvaluationRound", json!({ "id": "x", "expectedVersion": 1 })),
    ];
    let of_evaluations =
        attempts(&Ids::each(|_| "x".to_owned())).into_iter().map(|(mutation, _, input)| (mutation, input));
    let inputs: Vec<_> = inputs.into_iter().chain(of_evaluations).collect();
    for field in schema["__schema"]["mutationType"]["fields"].as_array().expect("fields") {
        let name = field["name"].as_str().expect("a name");
        match name {
            "signIn" | "refreshSession" | "redeemPasswordLink" => {}
            "signOut" | "signOutEverywhere" => {
                let document = format!("mutation {{ {name} {{ userErrors {{ code }} }} }}");
                for stranger in &strangers {
                    let answer = stranger.ask(&document, json!({}));
                    assert_eq!(answer.error_code(), "UNAUTHENTICATED");
                }
            }
            name => {
                let found = inputs.iter().find(|(known, _)| *known == name);
                let (_, input) = found.unwrap_or_else(|| panic!("an attempt at {name}"));
                for stranger in &strangers {
                    let answer = stranger.try_mutate(name, input, "__typename");
                    assert_eq!(answer.error_code(), "UNAUTHENTICATED", "{name}");
                }
            }
        }
    }
    assert_eq!(stranger.data("{ __typename }", json!({})), json!({ "__typename": "Query" }));
}

fn assert_follows_nothing(fields: &Value, strangers: &[Client]) {
    for field in fields.as_array().expect("fields") {
        let name = field["name"].as_str().expect("a name");
        let query = match name {
            "eventAppended" => "subscription { eventAppended { id } }",
            other => panic!("an attempt at {other}"),
        };
        for stranger in strangers {
            let refused = EventStream::request(stranger, query, &json!({}));
            let status = refused.status().as_u16();
            let body = refused.into_body().read_to_string().expect("a body");
            assert!(status == 400 && body.contains("\"UNAUTHENTICATED\""), "{name}: {status} {body}");
        }
    }
}

/// What each user gets for each attempt on Den Korte Snor, which SOF leads, and on Indsats til forebyggelse af ekstremisme,
/// which BIF leads with SOF and BUF.
fn each_role_does_what_it_may_and_no_more(backend: Backend) {
    let server = Server::start(backend);
    let coordinator = server.signed_in("coordinator");
    let (snor, snor_version) = coordinator.intervention("den-korte-snor");
    let (joint, _) = coordinator.intervention("forebyggelse-af-ekstremisme");
    let remark = |intervention: &str| json!({ "interventionId": intervention, "year": 2023, "expectedVersion": 0, "remarks": "Ny bemærkning" });
    let attempts: [(&str, &str, Value, &[&str]); 8] = [
        // A version that was never is refused to those who may write, after they have been found to: STALE is a yes.
        (
            "SOF's report",
            "updateInterventionYear",
            remark(&snor),
            &["coordinator", "evaluator-sof", "evaluator"],
        ),
        (
            "a joint report",
            "updateInterventionYear",
            remark(&joint),
            &["coordinator", "evaluator-sof", "evaluator-bif", "evaluator-buf", "evaluator"],
        ),
        (
            "a rename",
            "updateIntervention",
            json!({ "id": snor, "expectedVersion": snor_version + 7, "name": "x" }),
            &["coordinator"],
        ),
        ("a year", "openReportingYear", json!({ "year": 2023 }), &["coordinator"]),
        (
            "money",
            "setFunding",
            json!({ "interventionId": snor, "budgetYear": 2024, "amountDkk": 1, "fundedBy": [] }),
            &["coordinator"],
        ),
        (
            "a claim",
            "addClaim",
            json!({ "year": 1950, "text": "x", "printed": "1", "measure": "CITYWIDE_COUNT" }),
            &["coordinator"],
        ),
        (
            "an account",
            "createAccount",
            json!({ "email": "no", "name": "x", "password": "a long enough password" }),
            &["admin"],
        ),
        (
            "approving SOF's",
            "approveInterventionYear",
            json!({ "id": coordinator.report("den-korte-snor").0, "expectedVersion": 99 }),
            &["approver-sof", "approver"],
        ),
    ];
    assert_permitted(&server, &attempts);
}

fn each_role_does_to_evaluations_what_it_may_and_no_more(backend: Backend) {
    let server = Server::start(backend);
    let coordinator = server.signed_in("coordinator");
    let (snor, _) = coordinator.intervention("den-korte-snor");
    let (joint, _) = coordinator.intervention("forebyggelse-af-ekstremisme");
    let plan = |intervention: &str| json!({ "interventionId": intervention, "title": "", "periodStart": "2023-01-01", "periodEnd": "2023-12-31" });
    let evaluation = server.signed_in("evaluator-sof").plan("den-korte-snor");
    let attempts: [(&str, &str, Value, &[&str]); 5] = [
        ("an evaluation of SOF's", "planVirkningsevaluering", plan(&snor), &["evaluator-sof", "evaluator"]),
        (
            "a joint evaluation",
            "planVirkningsevaluering",
            plan(&joint),
            &["evaluator-sof", "evaluator-bif", "evaluator-buf", "evaluator"],
        ),
        (
            "a change of an evaluation",
            "updateVirkningsevaluering",
            json!({ "id": evaluation, "expectedVersion": 99, "title": "x" }),
            &["evaluator-sof", "evaluator"],
        ),
        (
            "a withdrawal",
            "withdrawVirkningsevaluering",
            json!({ "id": evaluation, "expectedVersion": 99, "reason": "x" }),
            &["approver-sof", "approver"],
        ),
        ("a round", "createEvaluationRound", json!({ "year": 2023, "theme": "" }), &["coordinator"]),
    ];
    assert_permitted(&server, &attempts);
}

/// Has each account try each attempt, given by what it is, the mutation, its input, and who may.
fn assert_permitted(server: &Server, attempts: &[(&str, &str, Value, &[&str])]) {
    let users = [
        "admin",
        "coordinator",
        "auditor",
        "reader",
        "evaluator-sof",
        "approver-sof",
        "evaluator-bif",
        "approver-bif",
        "evaluator-buf",
        "evaluator-tmf",
        "reader-sof",
        "auditor-sof",
        "approver",
        "evaluator",
        "nobody",
    ];
    let clients = users.map(|user| (user, server.signed_in(user)));
    for (what, mutation, input, may) in attempts {
        for (user, client) in &clients {
            let answer = client.try_mutate(mutation, input, "__typename");
            let json = answer.json();
            let outcome = json["errors"][0]["extensions"]["code"]
                .as_str()
                .or(json["data"][*mutation]["userErrors"][0]["code"].as_str());
            let outcome = outcome.unwrap_or_else(|| panic!("{user} does {what}: {json}"));
            if may.contains(user) {
                assert!(!["FORBIDDEN", "NOT_FOUND"].contains(&outcome), "{user} may do {what}: {json}");
            } else {
                assert!(["FORBIDDEN", "NOT_FOUND"].contains(&outcome), "{user} may not do {what}: {json}");
            }
        }
    }
}

fn history_is_read_in_scope(backend: Backend) {
    let server = Server::start(backend);
    let all = server.signed_in("auditor").events();
    let total = server.database().count("event");
    assert_eq!(all, total, "a municipality-wide auditor reads everything");
    let query = "query($slug: String!) { intervention(slug: $slug) { history(first: 1) { totalCount } } \
                 history(first: 0, filter: { subjectKind: ACCOUNT }) { totalCount } }";
    let reads = |user: &str, slug: &str| {
        let data = server.signed_in(user).data(query, json!({ "slug": slug }));
        (data["intervention"]["history"]["totalCount"] != 0, data["history"]["totalCount"] != 0)
    };
    assert_eq!(reads("auditor-sof", "den-korte-snor"), (true, false));
    assert_eq!(reads("auditor-sof", "green-teams"), (false, false));
    assert_eq!(reads("auditor-sof", "ssp-plus"), (true, false));
    assert_eq!(
        reads("evaluator-bif", "ssp-plus"),
        (true, false),
        "a partner reads the history of what it takes part in"
    );
    assert_eq!(reads("evaluator-bif", "den-korte-snor"), (false, false));
    assert_eq!(reads("coordinator", "green-teams"), (true, false));
    assert_eq!(reads("reader", "green-teams"), (false, false));
    assert!(server.signed_in("admin").events() > 0);
    assert_eq!(server.signed_in("reader").events(), 0);
}

fn accounts_are_seen_by_those_who_keep_them(backend: Backend) {
    let server = Server::start(backend);
    let accounts = |user: &str| {
        let query = "{ accounts(first: 100) { totalCount nodes { email roleGrants { role } } } }";
        server.signed_in(user).data(query, json!({}))["accounts"].clone()
    };
    assert_eq!(accounts("admin")["totalCount"], 15);
    assert_eq!(accounts("auditor")["totalCount"], 15);
    for user in ["auditor-sof", "coordinator", "reader", "nobody"] {
        let own = accounts(user);
        assert_eq!(own["totalCount"], 1, "{user}");
        assert_eq!(own["nodes"][0]["email"], format!("{user}@example.dk"));
    }
    // Of another's account: as absent.
    let admin = server.signed_in("admin").data("{ viewer { id } }", json!({}))["viewer"]["id"].clone();
    let query = "query($id: ID!) { node(id: $id) { id } }";
    let reader = server.signed_in("reader");
    let absent = reader.ask(query, json!({ "id": "account_00000000000070008000000000000000" })).body;
    assert_eq!(reader.ask(query, json!({ "id": admin })).body, absent);
}

fn an_administrator_sees_nothing_of_the_register(backend: Backend) {
    let server = Server::start(backend);
    for user in ["admin", "nobody"] {
        let query = "{ interventions { totalCount nodes { id } } intervention(slug: \"ludo\") { id } \
                     reportingYear(year: 2023) { id } forvaltninger { code } }";
        let data = server.signed_in(user).data(query, json!({}));
        assert_eq!(data["interventions"], json!({ "totalCount": 0, "nodes": [] }));
        assert_eq!((&data["intervention"], &data["reportingYear"]), (&Value::Null, &Value::Null));
        assert_eq!(
            data["forvaltninger"].as_array().map(Vec::len),
            Some(5),
            "what roles are granted in is seen by all"
        );
    }
}

fn nobody_raises_a_role_and_the_last_admin_stays(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let id = evaluator.data("{ viewer { id } }", json!({}))["viewer"]["id"].clone();
    let grant =
        |role: &str, forvaltning: Value| json!({ "accountId": id, "role": role, "forvaltning": forvaltning });
    let answer = evaluator.try_mutate("grantRole", &grant("ADMIN", Value::Null), "__typename");
    assert_eq!(answer.error_code(), "FORBIDDEN");
    let move_it = json!({
        "interventionId": evaluator.intervention("den-korte-snor").0, "year": 2023, "expectedVersion": 1, "leadForvaltning": "BIF",
    });
    let refused = evaluator.mutate("updateInterventionYear", &move_it, "interventionYear { id }");
    assert_eq!(refused["userErrors"][0]["code"], "COORDINATOR_ONLY");

    let admin = server.signed_in("admin");
    let own = admin.data("{ viewer { id roleGrants { id version } } }", json!({}))["viewer"].clone();
    let revoke =
        json!({ "id": own["roleGrants"][0]["id"], "expectedVersion": own["roleGrants"][0]["version"] });
    let refused = admin.mutate("revokeRole", &revoke, "roleGrant { id }");
    assert_eq!(refused["userErrors"][0]["code"], "LAST_ADMIN");
    let deactivate = json!({ "id": own["id"], "expectedVersion": 1, "active": false });
    let refused = admin.mutate("updateAccount", &deactivate, "account { id }");
    assert_eq!(refused["userErrors"][0]["code"], "LAST_ADMIN");
    let limited = admin.mutate("grantRole", &grant("COORDINATOR", json!("SOF")), "roleGrant { id }");
    assert_eq!(limited["userErrors"][0]["code"], "MUNICIPALITY_WIDE_ROLE");
    let again = admin.mutate("grantRole", &grant("EVALUATOR", json!("SOF")), "roleGrant { id }");
    assert_eq!(again["userErrors"][0]["code"], "ALREADY_GRANTED");
    // One whose grant ends is no one to leave it to.
    let ending = json!({ "accountId": id, "role": "ADMIN", "validTo": "2099-01-01T00:00:00Z" });
    let ending = admin.mutate("grantRole", &ending, "roleGrant { id version }")["roleGrant"].clone();
    assert_eq!(
        admin.mutate("revokeRole", &revoke, "roleGrant { id }")["userErrors"][0]["code"],
        "LAST_ADMIN"
    );
    let ended = json!({ "id": ending["id"], "expectedVersion": ending["version"] });
    assert_eq!(admin.mutate("revokeRole", &ended, "roleGrant { id }")["userErrors"], json!([]));
    // With a second administrator the first can go.
    let granted = admin.mutate("grantRole", &grant("ADMIN", Value::Null), "roleGrant { id }");
    assert_eq!(granted["userErrors"], json!([]));
    assert_eq!(admin.mutate("revokeRole", &revoke, "roleGrant { id }")["userErrors"], json!([]));
    assert_eq!(
        admin.try_mutate("grantRole", &grant("READER", Value::Null), "__typename").error_code(),
        "FORBIDDEN"
    );
}
