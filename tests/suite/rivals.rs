//! Two at once: what each may do alone must not become wrong together.

use std::collections::BTreeSet;
use std::sync::Barrier;
use std::thread;

use serde_json::{Value, json};

use crate::support::{Backend, Client, Server, Snor, code, with};

on_both_databases!(
    a_year_is_not_closed_over_a_write_in_flight,
    two_units_do_not_come_to_lie_under_each_other,
    a_role_is_granted_once,
    many_sign_in_at_once_whatever_token_they_send,
    of_twenty_measurements_of_one_thing_one_stands,
    of_twenty_corrections_of_one_measurement_one_stands,
    one_key_sent_fifty_times_records_once,
    evaluations_planned_at_once_are_told_apart,
    writes_below_one_evaluation_come_one_after_the_other,
);

/// Does both at the same moment, and gives back what came of each.
fn at_once<T: Send>(one: impl FnOnce() -> T + Send, other: impl FnOnce() -> T + Send) -> (T, T) {
    let start = Barrier::new(2);
    thread::scope(|scope| {
        let one = scope.spawn(|| {
            start.wait();
            one()
        });
        start.wait();
        let other = other();
        (one.join().expect("an outcome"), other)
    })
}

/// Has `count` clients do something at the same moment, each with its own number, and gives back what came of each.
fn crowd<T: Send>(count: i32, act: impl Fn(i32) -> T + Sync) -> Vec<T> {
    thread::scope(|scope| {
        let act = &act;
        let crowd: Vec<_> = (0..count).map(|number| scope.spawn(move || act(number))).collect();
        crowd.into_iter().map(|one| one.join().expect("an outcome")).collect()
    })
}

fn a_year_is_not_closed_over_a_write_in_flight(backend: Backend) {
    let server = Server::start(backend);
    let (coordinator, evaluator) = (server.signed_in("coordinator"), server.signed_in("evaluator-sof"));
    let (ludo, _) = coordinator.intervention("ludo");
    for year in 2024..2030 {
        let opened =
            coordinator.mutate("openReportingYear", &json!({ "year": year }), "reportingYear { version }");
        let close = json!({ "year": year, "expectedVersion": opened["reportingYear"]["version"] });
        // The strategy's years end in 2025: later reports name principles of none.
        let draft = json!({ "interventionId": ludo, "year": year, "principles": [] });
        at_once(
            || coordinator.mutate("closeReportingYear", &close, "reportingYear { id }"),
            || evaluator.mutate("updateInterventionYear", &draft, "interventionYear { id }"),
        );
    }
    let broken = server.database().query(
        "SELECT reporting_year.year FROM reporting_year JOIN intervention_year ON intervention_year.year = reporting_year.year \
         WHERE reporting_year.status = 'CLOSED' AND intervention_year.status <> 'APPROVED'",
    );
    assert!(broken.is_empty(), "no closed year holds a draft");
}

fn two_units_do_not_come_to_lie_under_each_other(backend: Backend) {
    let server = Server::start(backend);
    let coordinator = server.signed_in("coordinator");
    for round in 0..6 {
        let make = |slug: String| {
            let made = coordinator.mutate(
                "createIntervention",
                &json!({ "slug": slug, "name": "x" }),
                "intervention { id }",
            );
            made["intervention"]["id"].clone()
        };
        let (one, other) = (make(format!("one-{round}")), make(format!("other-{round}")));
        let under =
            |id: &Value, parent: &Value| json!({ "id": id, "expectedVersion": 1, "parentId": parent });
        let (first, second) = at_once(
            || coordinator.mutate("updateIntervention", &under(&one, &other), "intervention { id }"),
            || coordinator.mutate("updateIntervention", &under(&other, &one), "intervention { id }"),
        );
        let refused =
            [&first, &second].into_iter().filter(|payload| payload["userErrors"] != json!([])).count();
        assert_eq!(refused, 1, "{first} {second}");
    }
}

fn a_role_is_granted_once(backend: Backend) {
    let server = Server::start(backend);
    let admin = server.signed_in("admin");
    let id = server.signed_in("nobody").data("{ viewer { id } }", json!({}))["viewer"]["id"].clone();
    for code in ["SOF", "BIF", "BUF", "TMF", "ØKF"] {
        let input = json!({ "accountId": id, "role": "READER", "forvaltning": code });
        at_once(
            || admin.mutate("grantRole", &input, "roleGrant { id }"),
            || admin.mutate("grantRole", &input, "roleGrant { id }"),
        );
    }
    let viewer = server.signed_in("nobody").data("{ viewer { roleGrants { id } } }", json!({}));
    assert_eq!(viewer["viewer"]["roleGrants"].as_array().map(Vec::len), Some(5));
}

fn many_sign_in_at_once_whatever_token_they_send(backend: Backend) {
    let server = Server::start(backend);
    let reader = server.signed_in("reader");
    let query = "mutation { refreshSession(input: { refreshToken: \"none\" }) { userErrors { code } } }";
    let codes: Vec<Value> = thread::scope(|scope| {
        let crowd: Vec<_> = (0..30).map(|_| scope.spawn(|| reader.data(query, json!({})))).collect();
        crowd
            .into_iter()
            .map(|one| one.join().expect("an answer")["refreshSession"]["userErrors"][0]["code"].clone())
            .collect()
    });
    assert!(codes.iter().all(|code| code == "SESSION_OVER"), "{codes:?}");
}

fn of_twenty_measurements_of_one_thing_one_stands(backend: Backend) {
    let server = Server::start(backend);
    let evaluators = [server.signed_in("evaluator-sof"), server.signed_in("evaluator")];
    let auditor = server.signed_in("auditor");
    let snor = Snor::registered(&evaluators[0]);
    let before = auditor.events();
    let codes = crowd(20, |number| {
        let share = json!({ "numerator": number, "denominator": 43 });
        let evaluator = if number % 2 == 0 { &evaluators[0] } else { &evaluators[1] };
        code(&evaluator.record(&snor.absence, "AFTER", share)).to_owned()
    });
    let counted = |wanted: &str| codes.iter().filter(|code| *code == wanted).count();
    assert_eq!((counted("OK"), counted("ALREADY_MEASURED")), (1, 19), "{codes:?}");
    assert_eq!(auditor.events(), before + 1);
    let standing = evaluators[0].criterion(&snor.absence, "measurements { id }");
    assert_eq!(standing["measurements"].as_array().map(Vec::len), Some(1));
}

fn of_twenty_corrections_of_one_measurement_one_stands(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let snor = Snor::registered(&evaluator);
    let wrong = evaluator.recorded_share(&snor.absence, "AFTER", 30, 43);
    let codes = crowd(20, |number| {
        let correction = json!({
            "id": wrong, "correction": "TYPING_ERROR", "reason": "Tastefejl", "numerator": number, "denominator": 43,
        });
        code(&evaluator.mutate("correctMeasurement", &correction, "measurement { id }")).to_owned()
    });
    let counted = |wanted: &str| codes.iter().filter(|code| *code == wanted).count();
    assert_eq!((counted("OK"), counted("ALREADY_CORRECTED")), (1, 19), "{codes:?}");
    let query = "measurements { corrects { id corrects { id } } }";
    let standing = evaluator.criterion(&snor.absence, query)["measurements"].clone();
    assert_eq!(standing, json!([{ "corrects": { "id": wrong, "corrects": null } }]));
}

fn one_key_sent_fifty_times_records_once(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let auditor = server.signed_in("auditor");
    let snor = Snor::registered(&evaluator);
    let before = (auditor.events(), server.database().count("measurement"));
    let share = |numerator: i32| json!({ "numerator": numerator, "denominator": 43, "idempotencyKey": "fra-regnearket-1" });
    let answers: BTreeSet<String> =
        crowd(50, |_| evaluator.record(&snor.absence, "AFTER", share(5)).to_string()).into_iter().collect();
    assert_eq!(answers.len(), 1, "one answer for all: {answers:?}");
    assert!(answers.iter().all(|answer| answer.contains("\"userErrors\":[]")), "{answers:?}");
    let after = (auditor.events(), server.database().count("measurement"));
    assert_eq!(after, (before.0 + 1, before.1 + 1), "one measurement, one event");

    // Another payload, or another operation, under the same key is refused.
    let refused = |payload: &Value| code(payload).to_owned();
    assert_eq!(refused(&evaluator.record(&snor.absence, "AFTER", share(6))), "IDEMPOTENCY_KEY_REUSED");
    assert_eq!(refused(&evaluator.record(&snor.friendships, "AFTER", share(5))), "IDEMPOTENCY_KEY_REUSED");
    let reason = with(share(5), json!({ "reason": "Igen" }));
    assert_eq!(refused(&evaluator.record(&snor.absence, "AFTER", reason)), "IDEMPOTENCY_KEY_REUSED");
    let learning = json!({
        "virkningsevalueringId": snor.id, "audience": "MANAGEMENT", "text": "x", "idempotencyKey": "fra-regnearket-1",
    });
    assert_eq!(
        refused(&evaluator.mutate("addLearning", &learning, "learning { id }")),
        "IDEMPOTENCY_KEY_REUSED"
    );
    assert_eq!((auditor.events(), server.database().count("measurement")), after);
    // Another account's keys are its own.
    let other = server.signed_in("evaluator");
    assert_eq!(refused(&other.record(&snor.absence, "AFTER", share(5))), "ALREADY_MEASURED");
    other.recorded(&snor.friendships, "AFTER", share(26));
    // Sent once more after all this, the first is answered as it was.
    let again = evaluator.record(&snor.absence, "AFTER", share(5)).to_string();
    assert!(answers.contains(&again), "{again}");
}

fn evaluations_planned_at_once_are_told_apart(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let ids: BTreeSet<String> = crowd(8, |_| evaluator.plan("den-korte-snor")).into_iter().collect();
    let slugs: BTreeSet<String> = ids
        .iter()
        .map(|id| evaluator.evaluation(id, "slug")["slug"].as_str().expect("a slug").to_owned())
        .collect();
    assert_eq!((ids.len(), slugs.len()), (8, 8), "{slugs:?}");
    assert!(slugs.contains("den-korte-snor-2023") && slugs.contains("den-korte-snor-2023-8"), "{slugs:?}");
}

fn writes_below_one_evaluation_come_one_after_the_other(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let snor = Snor::registered(&evaluator);
    let version = evaluator.version(&snor.id);
    let write = |client: &Client, number: i32| match number % 3 {
        0 => {
            let month = json!({ "months": { "anchor": "END", "from": number, "to": number } });
            client.record(&snor.absence, "AFTER", with(json!({ "numerator": 5, "denominator": 43 }), month))
        }
        1 => {
            let text = format!("Læring {number}");
            let learning =
                json!({ "virkningsevalueringId": snor.id, "audience": "MANAGEMENT", "text": text });
            client.mutate("addLearning", &learning, "learning { id }")
        }
        _ => {
            let name = format!("Population {number}");
            client.mutate(
                "addPopulation",
                &json!({ "virkningsevalueringId": snor.id, "name": name }),
                "population { id }",
            )
        }
    };
    let codes = crowd(24, |number| code(&write(&evaluator, number)).to_owned());
    assert!(codes.iter().all(|code| code == "OK"), "{codes:?}");
    assert_eq!(evaluator.version(&snor.id), version + 24);
    let history = evaluator.evaluation(&snor.id, "history(first: 100) { nodes { sequence } }");
    let sequences: Vec<_> = history["history"]["nodes"]
        .as_array()
        .expect("events")
        .iter()
        .map(|event| event["sequence"].as_i64().expect("a place"))
        .collect();
    assert_eq!(sequences, (1..=version + 24).collect::<Vec<_>>());
}
