//! Two at once: what each may do alone must not become wrong together.

use std::sync::Barrier;
use std::thread;

use serde_json::{Value, json};

use crate::support::{Backend, Server};

on_both_databases!(
    a_year_is_not_closed_over_a_write_in_flight,
    two_units_do_not_come_to_lie_under_each_other,
    a_role_is_granted_once,
    many_sign_in_at_once_whatever_token_they_send,
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
