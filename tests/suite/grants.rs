//! Grants hold from their beginning to their end, and nowhere before and after; what one has elsewhere is no way round.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{Backend, Client, EventStream, Sent, Server, Snor, code, fault, until_noticed};

on_both_databases!(
    a_grant_holds_from_its_beginning_to_its_end,
    a_grant_that_ends_ends_what_follows_by_it,
    a_change_of_lead_moves_rights_at_once,
    what_came_after_a_publication_is_as_absent_to_others,
    nothing_of_ones_own_is_moved_into_a_foreign_place,
    no_input_reaches_beyond_ones_scope,
);

/// How soon a lost role takes effect, as is promised.
const PROMISED: Duration = Duration::from_secs(5);

fn granted(admin: &Client, client: &Client, more: Value) -> Value {
    let id = client.data("{ viewer { id } }", json!({}))["viewer"]["id"].clone();
    let mut input = json!({ "accountId": id });
    input.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    let payload = admin.mutate("grantRole", &input, "roleGrant { id version }");
    assert_eq!(code(&payload), "OK", "{payload}");
    payload["roleGrant"].clone()
}

fn roles(client: &Client) -> usize {
    let viewer = client.data("{ viewer { roleGrants { role } } }", json!({}));
    viewer["viewer"]["roleGrants"].as_array().expect("grants").len()
}

fn may_audit(client: &Client) -> bool {
    let answer = client.ask("{ accessLog { totalCount } }", json!({}));
    let refused = answer.json().get("errors").is_some();
    assert!(!refused || answer.error_code() == "FORBIDDEN", "{}", answer.body);
    !refused
}

/// Lets so many years go by for all grants that begin in the future or end.
fn years_go_by(server: &Server, years: i64) {
    let gone = years * 366 * 24 * 60 * 60 * 1_000_000;
    let moved = format!(
        "UPDATE role_grant SET valid_from = valid_from - {gone}, valid_to = valid_to - {gone} WHERE valid_to IS NOT NULL"
    );
    server.database().execute(&moved).expect("time goes by");
    until_noticed();
}

fn a_grant_holds_from_its_beginning_to_its_end(backend: Backend) {
    let server = Server::start(backend);
    let [admin, nobody] = ["admin", "nobody"].map(|user| server.signed_in(user));
    let backwards = json!({
        "accountId": nobody.data("{ viewer { id } }", json!({}))["viewer"]["id"], "role": "AUDITOR",
        "validFrom": "2090-01-01T00:00:00Z", "validTo": "2080-01-01T00:00:00Z",
    });
    assert_eq!(
        fault(&admin.mutate("grantRole", &backwards, "__typename")),
        ("START_AFTER_END", &json!(["validTo"]))
    );
    let term =
        json!({ "role": "AUDITOR", "validFrom": "2090-01-01T00:00:00Z", "validTo": "2190-01-01T00:00:00Z" });
    granted(&admin, &nobody, term);
    assert_eq!((roles(&nobody), may_audit(&nobody)), (0, false), "it has not begun");
    years_go_by(&server, 100);
    assert_eq!((roles(&nobody), may_audit(&nobody)), (1, true), "it holds");
    years_go_by(&server, 100);
    assert_eq!((roles(&nobody), may_audit(&nobody)), (0, false), "it is over");
}

fn a_grant_that_ends_ends_what_follows_by_it(backend: Backend) {
    let server = Server::start(backend);
    let [admin, nobody] = ["admin", "nobody"].map(|user| server.signed_in(user));
    granted(&admin, &nobody, json!({ "role": "AUDITOR", "validTo": "2090-01-01T00:00:00Z" }));
    let mut stream = EventStream::open(&nobody, "subscription { eventAppended { id } }", &json!({}));
    // No event tells of it: it is the end that comes.
    years_go_by(&server, 100);
    let began = Instant::now();
    let Sent::Next(last) = stream.next() else { panic!("an error") };
    assert_eq!(last["errors"][0]["extensions"]["code"], "FORBIDDEN", "{last}");
    assert_eq!((stream.next(), stream.next()), (Sent::Complete, Sent::End));
    assert!(began.elapsed() < PROMISED, "{:?}", began.elapsed());
}

/// The lead of Den Korte Snor's newest year, which a coordinator hands on.
fn hand_on(coordinator: &Client, to: &str) {
    let input = json!({
        "interventionId": coordinator.intervention("den-korte-snor").0, "year": 2023, "leadForvaltning": to,
        "expectedVersion": coordinator.report("den-korte-snor").1,
    });
    assert_eq!(code(&coordinator.mutate("updateInterventionYear", &input, "__typename")), "OK");
}

fn a_change_of_lead_moves_rights_at_once(backend: Backend) {
    let server = Server::start(backend);
    let coordinator = server.signed_in("coordinator");
    let [sof, bif] = ["approver-sof", "approver-bif"].map(|user| server.signed_in(user));
    let snor = Snor::submitted(&server);
    let step = json!({ "id": snor.id, "expectedVersion": sof.version(&snor.id) });
    assert_eq!(bif.refusal("approveVirkningsevaluering", &step).0, "NOT_FOUND");
    hand_on(&coordinator, "BIF");
    assert_eq!(sof.refusal("approveVirkningsevaluering", &step).0, "NOT_FOUND");
    assert_eq!(code(&bif.mutate("approveVirkningsevaluering", &step, "__typename")), "OK");
    hand_on(&coordinator, "SOF");
    let step = json!({ "id": snor.id, "expectedVersion": sof.version(&snor.id) });
    assert_eq!(bif.refusal("publishVirkningsevaluering", &step).0, "NOT_FOUND");
    assert_eq!(code(&sof.mutate("publishVirkningsevaluering", &step, "__typename")), "OK");
}

fn what_came_after_a_publication_is_as_absent_to_others(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let snor = Snor::published(&server);
    let published =
        evaluator.criterion(&snor.absence, "measurements { id }")["measurements"][0]["id"].clone();
    let later = evaluator.recorded_share(&snor.absence, "FOLLOW_UP", 4, 43);
    let element = evaluator.add_element(&snor.id, "ACTIVITY", "Samtaler");
    let correction = |id: &Value| json!({ "id": id, "correction": "OTHER", "reason": "x", "numerator": 1, "denominator": 43 });
    let reworded = |id: &str| json!({ "id": id, "expectedVersion": 1, "text": "x" });
    for user in ["evaluator-bif", "approver-bif", "reader"] {
        let stranger = server.signed_in(user);
        assert_eq!(stranger.refusal("correctMeasurement", &correction(&published)).0, "FORBIDDEN", "{user}");
        for (mutation, of_it, of_none) in [
            (
                "correctMeasurement",
                correction(&json!(later)),
                correction(&json!("measurement_00000000000070008000000000000000")),
            ),
            ("updateTheoryElement", reworded(&element), reworded("element_00000000000070008000000000000000")),
        ] {
            let answer = stranger.try_mutate(mutation, &of_it, "__typename");
            assert_eq!(answer.body, stranger.try_mutate(mutation, &of_none, "__typename").body, "{user}");
            assert_eq!(code(&answer.data()[mutation]), "NOT_FOUND", "{user} {mutation}");
        }
    }
    let coordinator = server.signed_in("coordinator");
    assert_eq!(coordinator.refusal("correctMeasurement", &correction(&json!(later))).0, "FORBIDDEN");
}

fn nothing_of_ones_own_is_moved_into_a_foreign_place(backend: Backend) {
    let server = Server::start(backend);
    let auditor = server.signed_in("auditor");
    let [sof, tmf] = ["evaluator-sof", "evaluator-tmf"].map(|user| server.signed_in(user));
    let foreign = Snor::measured(&sof);
    let (element, population) = {
        let population = json!({ "virkningsevalueringId": foreign.id, "name": "Alle" });
        let population = sof.mutate("addPopulation", &population, "population { id }");
        (sof.add_element(&foreign.id, "SHORT_TERM_OUTCOME", "Skole"), population["population"]["id"].clone())
    };
    let own = tmf.plan("green-teams");
    let criterion = tmf.add_criterion(&own, json!({}));
    let from = tmf.add_element(&own, "OUTPUT", "Hold");
    let before = (auditor.events(), sof.version(&foreign.id), tmf.version(&own));
    let none = |prefix: &str| format!("{prefix}_00000000000070008000000000000000");
    let share = |population: &Value| {
        json!({
            "criterionId": criterion, "wave": "BEFORE", "periodStart": "2022-07-01", "periodEnd": "2023-06-30",
            "numerator": 1, "denominator": 43, "populationId": population,
        })
    };
    let version = tmf.version(&own);
    for (mutation, field, of_it, of_none) in [
        (
            "linkTheoryElements",
            "toId",
            json!({ "fromId": from, "toId": element }),
            json!({ "fromId": from, "toId": none("element") }),
        ),
        (
            "attachSuccessCriterion",
            "elementId",
            json!({ "criterionId": criterion, "elementId": element, "expectedVersion": version }),
            json!({ "criterionId": criterion, "elementId": none("element"), "expectedVersion": version }),
        ),
        (
            "attachSuccessCriterion",
            "criterionId",
            json!({ "criterionId": foreign.absence, "elementId": from, "expectedVersion": version }),
            json!({ "criterionId": none("criterion"), "elementId": from, "expectedVersion": version }),
        ),
        ("recordMeasurement", "populationId", share(&population), share(&json!(none("population")))),
        (
            "addRivalExplanation",
            "elementId",
            json!({ "virkningsevalueringId": own, "text": "x", "elementId": element }),
            json!({ "virkningsevalueringId": own, "text": "x", "elementId": none("element") }),
        ),
    ] {
        let answer = tmf.try_mutate(mutation, &of_it, "__typename");
        assert_eq!(fault(&answer.data()[mutation]), ("NOT_FOUND", &json!([field])), "{mutation}");
        assert_eq!(answer.body, tmf.try_mutate(mutation, &of_none, "__typename").body, "{mutation}");
    }
    assert_eq!((auditor.events(), sof.version(&foreign.id), tmf.version(&own)), before, "nothing is changed");
}

fn no_input_reaches_beyond_ones_scope(backend: Backend) {
    let server = Server::start(backend);
    let auditor = server.signed_in("auditor");
    let admin = server.signed_in("admin");
    let grants = admin.data(
        "{ accessReview(first: 100) { nodes { account { id email version } roleGrant { id version } } } }",
        json!({}),
    );
    let grants = grants["accessReview"]["nodes"].as_array().expect("grants").clone();
    let before = auditor.events();
    for user in ["evaluator-sof", "approver-sof", "coordinator", "reader", "nobody", "auditor", "auditor-sof"]
    {
        let client = server.signed_in(user);
        let id = client.data("{ viewer { id } }", json!({}))["viewer"]["id"].clone();
        for role in ["READER", "EVALUATOR", "APPROVER", "COORDINATOR", "AUDITOR", "ADMIN"] {
            let input = json!({ "accountId": id, "role": role });
            assert_eq!(client.refusal("grantRole", &input).0, "FORBIDDEN", "{user} {role}");
        }
        for entry in &grants {
            let named =
                json!({ "id": entry["roleGrant"]["id"], "expectedVersion": entry["roleGrant"]["version"] });
            for mutation in ["revokeRole", "confirmRoleGrant"] {
                let refused = client.refusal(mutation, &named).0;
                assert!(
                    ["FORBIDDEN", "NOT_FOUND"].contains(&refused.as_str()),
                    "{user} {mutation} {refused}"
                );
            }
        }
        let own = json!({ "id": id, "expectedVersion": 1, "active": true, "name": "Kommunaldirektør" });
        assert_eq!(client.refusal("updateAccount", &own).0, "FORBIDDEN", "{user}");
    }
    // An ADMIN's own account gets no say in evaluations that is not granted.
    let attempt = json!({ "slug": "x", "name": "x" });
    assert_eq!(admin.refusal("createIntervention", &attempt).0, "FORBIDDEN");
    assert_eq!(auditor.events(), before, "nothing is changed");
}
