//! Writing: each change leaves one event, each refusal none.

mod evaluations;
mod participants;

use std::collections::BTreeSet;
use std::thread;

use serde_json::{Value, json};

use crate::support::{Backend, Client, Server, soon, virkning};

on_both_databases!(
    each_mutation_leaves_one_event_with_what_changed,
    what_changes_nothing_leaves_no_event,
    a_version_is_changed_once,
    of_fifty_at_once_exactly_one_wins,
    a_key_makes_sending_again_harmless,
    null_never_erases,
);

/// Carries out mutations, and looks each time at what they left in the history.
struct Writer<'a> {
    server: &'a Server,
    auditor: Client,
    done: BTreeSet<String>,
}

impl Writer<'_> {
    /// Carries out a mutation that succeeds and leaves one event, and gives back its payload.
    fn does(
        &mut self,
        user: &str,
        mutation: &str,
        input: &Value,
        selection: &str,
        action: &str,
        changed: &[&str],
    ) -> Value {
        let before = self.auditor.events();
        let payload = self.server.signed_in(user).mutate(mutation, input, selection);
        assert_eq!(payload["userErrors"], json!([]), "{mutation}");
        assert_eq!(self.auditor.events(), before + 1, "{mutation} leaves one event");
        let event = self.auditor.last_event();
        assert_eq!(event["action"], action, "{mutation}");
        let fields: Vec<_> = event["changes"].as_array().expect("changes").iter().map(named).collect();
        assert_eq!(fields, changed, "{mutation}");
        let reason = input.get("reason").or(input.get("comment"));
        assert_eq!(event["reason"], reason.cloned().unwrap_or_default(), "{mutation}");
        self.done.insert(mutation.to_owned());
        payload
    }
}

/// The name of a changed field; of a part, with its kind before it.
fn named(change: &Value) -> String {
    let field = change["field"].as_str().expect("a field");
    change["part"]["kind"].as_str().map_or_else(|| field.to_owned(), |kind| format!("{kind}.{field}"))
}

fn each_mutation_leaves_one_event_with_what_changed(backend: Backend) {
    let server = Server::start(backend);
    let mut writer = Writer { auditor: server.signed_in("auditor"), server: &server, done: BTreeSet::new() };
    accounts_and_grants(&mut writer);
    a_year_from_opening_to_closing(&mut writer);
    evaluations::from_plan_to_withdrawal(&mut writer);
    // The history and the tables agree about each of them.
    virkning(&server.database().url, &["verify"]).assert_success();
    // Sessions leave no event; everything else in the schema is done above.
    writer.done.extend(["signIn", "refreshSession", "signOut", "signOutEverywhere"].map(str::to_owned));
    let schema =
        server.signed_in("admin").data("{ __schema { mutationType { fields { name } } } }", json!({}));
    let fields = schema["__schema"]["mutationType"]["fields"].as_array().expect("mutations").clone();
    let all: BTreeSet<_> =
        fields.iter().map(|field| field["name"].as_str().expect("a name").to_owned()).collect();
    assert_eq!(writer.done, all);
}

fn accounts_and_grants(writer: &mut Writer<'_>) {
    let input = json!({ "email": "new@example.dk", "name": "New", "password": "a long enough password" });
    let changed = ["email", "name", "active", "password"];
    let made = writer.does("admin", "createAccount", &input, "account { id }", "CREATE", &changed);
    let secret = writer.auditor.last_event()["changes"][3].clone();
    assert_eq!(
        secret,
        json!({ "part": null, "field": "password", "before": null, "after": null, "secret": true })
    );
    let id = &made["account"]["id"];
    let input = json!({ "id": id, "expectedVersion": 1, "name": "Newer", "reason": "Married" });
    writer.does("admin", "updateAccount", &input, "account { version }", "UPDATE", &["name"]);
    let event = writer.auditor.last_event();
    assert_eq!(
        event["changes"][0],
        json!({ "part": null, "field": "name", "before": "New", "after": "Newer", "secret": false })
    );
    assert_eq!(event["actor"]["name"], "Admin");
    assert_eq!(event["actor"]["roles"], json!(["ADMIN"]));
    let input = json!({ "accountId": id, "role": "READER", "forvaltning": "SOF" });
    let changed = ["accountId", "role", "forvaltningId", "validFrom"];
    let granted = writer.does("admin", "grantRole", &input, "roleGrant { id version }", "GRANT", &changed);
    let grant = &granted["roleGrant"];
    let input = json!({ "id": grant["id"], "expectedVersion": grant["version"] });
    writer.does("admin", "revokeRole", &input, "roleGrant { validTo }", "REVOKE", &["validTo"]);
    let input = json!({ "presentPassword": "reader@example.dk", "newPassword": "another long password" });
    writer.does("reader", "changePassword", &input, "account { id }", "CHANGE_PASSWORD", &["password"]);
    tokens_and_links(writer, id);
    an_admin_by_two(writer);
}

fn an_admin_by_two(writer: &mut Writer<'_>) {
    let granted = ["evaluator", "approver"].map(|user| {
        let id = writer.server.signed_in(user).data("{ viewer { id } }", json!({}))["viewer"]["id"].clone();
        let input = json!({ "accountId": id, "role": "ADMIN" });
        let changed = ["accountId", "role", "validFrom", "confirmation"];
        let made = writer.does("admin", "grantRole", &input, "roleGrant { id version }", "GRANT", &changed);
        made["roleGrant"].clone()
    });
    let input = json!({
        "id": granted[1]["id"], "expectedVersion": granted[1]["version"], "reason": "We need three",
    });
    let changed = ["validFrom", "confirmation"];
    writer.does("evaluator", "confirmRoleGrant", &input, "roleGrant { id }", "CONFIRM", &changed);
}

fn tokens_and_links(writer: &mut Writer<'_>, account: &Value) {
    let input = json!({
        "name": "Nightly", "roles": [{ "role": "COORDINATOR" }], "expiresAt": soon(&writer.auditor), "reason": "Exports",
    });
    let changed = ["accountId", "name", "roles", "token", "createdAt", "expiresAt"];
    let made =
        writer.does("coordinator", "createApiToken", &input, "apiToken { id version }", "CREATE", &changed);
    let input = json!({ "id": made["apiToken"]["id"], "expectedVersion": 1, "reason": "Done" });
    writer.does("admin", "revokeApiToken", &input, "apiToken { id }", "REVOKE", &["revokedAt"]);
    let input = json!({ "accountId": account, "reason": "Forgotten" });
    let changed = ["passwordLink", "passwordLinkExpiresAt"];
    let made = writer.does("admin", "createPasswordLink", &input, "link", "RESET_PASSWORD", &changed);
    let (_, token) = made["link"].as_str().and_then(|link| link.split_once('#')).expect("a link");
    let input = json!({ "token": token, "password": "a long enough password too" });
    let changed = ["password", "passwordLink", "passwordLinkExpiresAt"];
    writer.does("admin", "redeemPasswordLink", &input, "email", "CHANGE_PASSWORD", &changed);
}

fn a_year_from_opening_to_closing(writer: &mut Writer<'_>) {
    let input = json!({ "slug": "ny-indsats", "name": "Ny indsats", "since": 2024 });
    let changed = ["slug", "name", "since"];
    let made =
        writer.does("coordinator", "createIntervention", &input, "intervention { id }", "CREATE", &changed);
    let id = made["intervention"]["id"].clone();
    let input = json!({ "id": id, "expectedVersion": 1, "name": "Nyere indsats", "clear": ["SINCE"] });
    writer.does(
        "coordinator",
        "updateIntervention",
        &input,
        "intervention { name }",
        "UPDATE",
        &["name", "since"],
    );
    writer.does(
        "coordinator",
        "openReportingYear",
        &json!({ "year": 2024 }),
        "reportingYear { id }",
        "OPEN",
        &["year", "status"],
    );
    let input = json!({
        "interventionId": id, "year": 2024, "leadForvaltning": "SOF", "partnerForvaltninger": ["BIF"], "principles": [1],
        "districts": ["Valby"], "targetGroups": [{ "name": "Unge", "ageFrom": "17.5" }], "inPackage": true, "problem": "Utryghed",
    });
    let changed = [
        "interventionId",
        "year",
        "status",
        "leadForvaltningId",
        "partnerForvaltningIds",
        "principleIds",
        "citywide",
        "districtIds",
        "targetGroups",
        "inPackage",
        "anonymous",
        "externalPartners",
        "problem",
        "activities",
    ];
    let report = "interventionYear { id version status }";
    let drafted = writer.does("coordinator", "updateInterventionYear", &input, report, "UPDATE", &changed);
    let report_id = drafted["interventionYear"]["id"].clone();
    let at = |version: i64| json!({ "id": report_id, "expectedVersion": version });
    writer.does("evaluator-sof", "submitInterventionYear", &at(1), report, "SUBMIT", &["status"]);
    let input = json!({ "id": report_id, "expectedVersion": 2, "reason": "Metoden mangler" });
    writer.does("approver-sof", "returnInterventionYear", &input, report, "RETURN", &["status"]);
    writer.does("evaluator-bif", "submitInterventionYear", &at(3), report, "SUBMIT", &["status"]);
    let approved =
        writer.does("approver-sof", "approveInterventionYear", &at(4), report, "APPROVE", &["status"]);
    assert_eq!(approved["interventionYear"]["status"], "APPROVED");
    let input = json!({
        "interventionId": id, "budgetYear": 2025, "amountDkk": 100_000, "fundedBy": ["SOF"], "permanence": "EXPIRES",
        "expires": 2026,
    });
    let changed = ["interventionId", "budgetYear", "kind", "amountDkk", "permanence", "expires", "fundedBy"];
    writer.does("coordinator", "setFunding", &input, "funding { id }", "UPDATE", &changed);
    let input = json!({
        "interventionId": id, "reportedYear": 2024, "kind": "PARTICIPANTS", "label": "Brugere", "unit": "personer",
        "value": "12.5", "period": { "from": "2024-01-01", "to": "2024-12-31" },
    });
    let changed =
        ["interventionId", "reportedYear", "kind", "label", "unit", "periodFrom", "periodTo", "value"];
    writer.does("evaluator-sof", "setFigure", &input, "figure { id }", "UPDATE", &changed);
    let input = json!({
        "year": 2024, "text": "Én indsats arbejder med princip 1.", "printed": "1", "measure": "PRINCIPLE_COUNT", "principle": 1,
    });
    let changed = ["year", "text", "printed", "measure", "principleId"];
    let claim =
        writer.does("coordinator", "addClaim", &input, "claim { label computed }", "CREATE", &changed);
    assert_eq!(claim["claim"], json!({ "label": "CONSISTENT", "computed": "1" }));
    let input = json!({
        "year": 2024, "text": "85 pct. i alt", "printed": "85", "measure": "SUM", "source": "Side 7", "rounded": true,
        "terms": [{ "number": "19" }, { "number": "66" }],
    });
    let changed = ["year", "text", "printed", "measure", "terms", "rounded", "source"];
    writer.does("coordinator", "addClaim", &input, "claim { label }", "CREATE", &changed);
    let input = json!({ "year": 2024, "expectedVersion": 1 });
    writer.does(
        "coordinator",
        "closeReportingYear",
        &input,
        "reportingYear { status }",
        "CLOSE",
        &["status"],
    );
}

fn what_changes_nothing_leaves_no_event(backend: Backend) {
    let server = Server::start(backend);
    let auditor = server.signed_in("auditor");
    let coordinator = server.signed_in("coordinator");
    let (id, version) = coordinator.intervention("ludo");
    let before = auditor.events();
    let input = json!({ "id": id, "expectedVersion": version, "name": "LUDO", "since": 2020 });
    let payload = coordinator.mutate("updateIntervention", &input, "intervention { version }");
    assert_eq!(payload, json!({ "intervention": { "version": version }, "userErrors": [] }));
    assert_eq!(auditor.events(), before);
}

fn a_version_is_changed_once(backend: Backend) {
    let server = Server::start(backend);
    let coordinator = server.signed_in("coordinator");
    let (id, version) = coordinator.intervention("ludo");
    let rename = |name: &str, version: i64| {
        let input = json!({ "id": id, "expectedVersion": version, "name": name });
        coordinator.mutate("updateIntervention", &input, "intervention { name version }")
    };
    assert_eq!(rename("Første", version)["intervention"]["version"], version + 1);
    let refused = rename("Anden", version);
    assert_eq!(refused["intervention"], Value::Null);
    assert_eq!(refused["userErrors"][0]["code"], "STALE");
    assert_eq!(refused["userErrors"][0]["field"], json!(["expectedVersion"]));
    let message = refused["userErrors"][0]["message"].as_str().expect("a message");
    assert!(message.contains(&format!("version {}", version + 1)), "{message}");
    // To change what is there without having read it is refused too.
    let input = json!({ "interventionId": id, "budgetYear": 2024, "amountDkk": 1, "fundedBy": [] });
    let refused = coordinator.mutate("setFunding", &input, "funding { id }");
    assert_eq!(refused["userErrors"][0]["code"], "REQUIRED");
}

fn of_fifty_at_once_exactly_one_wins(backend: Backend) {
    let server = Server::start(backend);
    let coordinator = server.signed_in("coordinator");
    let auditor = server.signed_in("auditor");
    let (id, version) = coordinator.intervention("ludo");
    let before = auditor.events();
    let codes: Vec<String> = thread::scope(|scope| {
        let rivals: Vec<_> = (0..50)
            .map(|number| {
                let input = json!({ "id": id, "expectedVersion": version, "name": format!("LUDO {number}") });
                let coordinator = &coordinator;
                scope.spawn(move || {
                    let payload = coordinator.mutate("updateIntervention", &input, "intervention { id }");
                    payload["userErrors"][0]["code"].as_str().unwrap_or("OK").to_owned()
                })
            })
            .collect();
        rivals.into_iter().map(|rival| rival.join().expect("an answer")).collect()
    });
    assert_eq!(codes.iter().filter(|code| *code == "OK").count(), 1, "{codes:?}");
    assert_eq!(codes.iter().filter(|code| *code == "STALE").count(), 49, "{codes:?}");
    assert_eq!(auditor.events(), before + 1);
}

fn a_key_makes_sending_again_harmless(backend: Backend) {
    let server = Server::start(backend);
    let coordinator = server.signed_in("coordinator");
    let auditor = server.signed_in("auditor");
    let before = auditor.events();
    let claim = |printed: &str| json!({ "year": 2023, "text": "22 indsatser", "printed": printed, "measure": "INTERVENTION_COUNT", "idempotencyKey": "k1" });
    let answers: BTreeSet<String> = thread::scope(|scope| {
        let senders: Vec<_> = (0..20)
            .map(|_| {
                scope.spawn(|| coordinator.mutate("addClaim", &claim("22"), "claim { id label }").to_string())
            })
            .collect();
        senders.into_iter().map(|sender| sender.join().expect("an answer")).collect()
    });
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert!(answers.first().is_some_and(|answer| answer.contains("CONSISTENT")), "{answers:?}");
    assert_eq!(auditor.events(), before + 1);
    let refused = coordinator.mutate("addClaim", &claim("21"), "claim { id }");
    assert_eq!(refused["userErrors"][0]["code"], "IDEMPOTENCY_KEY_REUSED");
    let input = json!({ "slug": "en-ny", "name": "En ny", "idempotencyKey": "k1" });
    let refused = coordinator.mutate("createIntervention", &input, "intervention { id }");
    assert_eq!(refused["userErrors"][0]["code"], "IDEMPOTENCY_KEY_REUSED");
    assert_eq!(auditor.events(), before + 1);
}

fn null_never_erases(backend: Backend) {
    let server = Server::start(backend);
    let coordinator = server.signed_in("coordinator");
    let (id, version) = coordinator.intervention("ludo");
    // A variable that is not given arrives as null in a nullable field.
    let query = "mutation($id: ID!, $v: Int!, $since: Int) { updateIntervention(input: { id: $id, expectedVersion: $v, \
                 since: $since, name: \"LUDO!\" }) { intervention { since } userErrors { code } } }";
    let payload = coordinator.data(query, json!({ "id": id, "v": version }));
    assert_eq!(payload["updateIntervention"]["intervention"]["since"], 2020);
    let input = json!({ "id": id, "expectedVersion": version + 1, "since": null, "clear": ["SINCE"] });
    let payload =
        coordinator.mutate("updateIntervention", &input, "intervention { since absences { field kind } }");
    let emptied = json!({ "since": null, "absences": [{ "field": "since", "kind": "NOT_STATED" }] });
    assert_eq!(payload["intervention"], emptied);
}
