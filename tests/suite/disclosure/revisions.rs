//! Several versions, one beside the other.

use serde_json::{Value, json};

use super::{OUTSIDE, numerators, of_subgroup, publish, published, share};
use crate::support::{Backend, Client, Server, code, with};

on_both_databases!(
    a_revision_by_one_person_is_hidden_in_it,
    a_revision_by_many_is_shown,
    what_was_hidden_stays_hidden,
    comparing_versions_tells_nothing_that_is_hidden,
);

/// Corrects the newest measurement of a wave and group, and publishes it.
fn republished(server: &Server, (id, criterion): &(String, String), group: &str, value: Value) {
    let evaluator = server.signed_in("evaluator-sof");
    let measurements =
        evaluator.criterion(criterion, "measurements { id group { name } }")["measurements"].clone();
    let of_group = |row: &&Value| row["group"]["name"].as_str().unwrap_or_default() == group;
    let row = measurements.as_array().expect("measurements").iter().rfind(of_group).expect("one").clone();
    let input = json!({ "id": row["id"], "correction": "SOURCE_REVISED", "reason": "Rettet" });
    assert_eq!(
        code(&evaluator.mutate("correctMeasurement", &with(input, value), "measurement { id }")),
        "OK"
    );
    publish(server, id);
}

fn now(server: &Server) -> String {
    let data = server.signed_in("auditor").data("{ history(last: 1) { nodes { occurredAt } } }", json!({}));
    data["history"]["nodes"][0]["occurredAt"].as_str().expect("a time").to_owned()
}

fn numerator_as_of(client: &Client, evaluation: &str, at: &str) -> Value {
    let query = "query($id: ID!, $at: DateTime) { virkningsevaluering(id: $id, asOf: $at) { \
                 criteria { measurements { numerator corrects { numerator } } } } }";
    client.data(query, json!({ "id": evaluation, "at": at }))["virkningsevaluering"]["criteria"][0]["measurements"][0]
        .clone()
}

fn a_revision_by_one_person_is_hidden_in_it(backend: Backend) {
    let server = Server::start(backend);
    let both = published(&server, &[("AFTER", share(13, 43))]);
    let first = now(&server);
    republished(&server, &both, "", share(14, 43));
    let second = now(&server);
    for user in OUTSIDE {
        let client = server.signed_in(user);
        // As of the first date it is what was printed then; as of the second, only that.
        let then = numerator_as_of(&client, &both.0, &first);
        assert_eq!(then, json!({ "numerator": 13, "corrects": null }), "{user}");
        let since = numerator_as_of(&client, &both.0, &second);
        assert_eq!(since, json!({ "numerator": null, "corrects": { "numerator": 13 } }), "{user}");
        assert_eq!(numerators(&client, &both.1)[0].2, "SUPPRESSED", "{user}");
    }
    // Nor beside the first a third, that differs by few from it and by many from the second.
    republished(&server, &both, "", share(20, 44));
    for user in OUTSIDE {
        assert_eq!(numerators(&server.signed_in(user), &both.1)[0].2, "SUPPRESSED", "{user}");
    }
    assert_eq!(numerators(&server.signed_in("evaluator-sof"), &both.1)[0].2, 20);
}

fn a_revision_by_many_is_shown(backend: Backend) {
    let server = Server::start(backend);
    let both = published(&server, &[("AFTER", share(13, 43))]);
    republished(&server, &both, "", share(20, 60));
    for user in OUTSIDE {
        assert_eq!(numerators(&server.signed_in(user), &both.1)[0].2, 20, "{user}");
    }
}

fn what_was_hidden_stays_hidden(backend: Backend) {
    let server = Server::start(backend);
    // The boys are 43 − 40: the girls are hidden, and stay so when the total no longer tells.
    let both = published(&server, &[("AFTER", share(20, 43)), ("AFTER", of_subgroup("Piger", 18, 40))]);
    republished(&server, &both, "", share(30, 70));
    republished(&server, &both, "Piger", share(18, 40));
    for user in OUTSIDE {
        let shown = numerators(&server.signed_in(user), &both.1);
        let girls: Vec<_> =
            shown.iter().filter(|(_, group, _)| group == "Piger").map(|(_, _, told)| told).collect();
        assert_eq!(girls, ["SUPPRESSED"], "{user}");
    }
}

fn comparing_versions_tells_nothing_that_is_hidden(backend: Backend) {
    let server = Server::start(backend);
    let both = published(&server, &[("BEFORE", share(20, 43)), ("AFTER", share(2, 43))]);
    let selection =
        "compare(from: REGISTERED, to: PUBLISHED) { changes { part { kind } field before after secret } }";
    let changes = |user: &str| {
        let compared = server.signed_in(user).evaluation(&both.0, selection)["compare"].clone();
        compared["changes"].as_array().expect("changes").clone()
    };
    for user in ["coordinator", "reader-sof"] {
        let told = changes(user);
        let has = |field: &str, value: &str| {
            told.iter().any(|change| change["field"] == field && change["after"] == value)
        };
        assert!(has("numerator", "20") && !has("numerator", "2"), "{user}: {told:#?}");
        for field in ["afterNumerator", "difference", "relativeChange", "intervalLow", "pLowest"] {
            assert!(told.iter().all(|change| change["field"] != field), "{user}: {field}");
        }
        let hashes = told.iter().filter(|change| change["field"] == "inputHash");
        assert!(hashes.into_iter().all(|change| change["after"].is_null()), "{user}");
        let secrets = told.iter().filter(|change| change["field"] == "value" && change["secret"] == true);
        assert_eq!(secrets.count(), 2, "{user}: one measurement and one result");
    }
    let own = changes("evaluator-sof");
    assert!(own.iter().any(|change| change["field"] == "numerator" && change["after"] == "2"));
}
