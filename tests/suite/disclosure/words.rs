//! What a result may say without its numbers.

use serde_json::{Value, json};

use super::{published, share, told};
use crate::support::{Backend, Server};

on_both_databases!(
    a_success_does_not_vanish_because_it_left_few_behind,
    words_that_few_counts_fit_are_not_said,
    claims_about_what_is_hidden_are_not_checked,
    the_words_of_one_count_are_said_once,
);

const AFTER: usize = 43;

fn a_success_does_not_vanish_because_it_left_few_behind(backend: Backend) {
    let server = Server::start(backend);
    let (_, criterion) = published(&server, &[("BEFORE", share(30, 43)), ("AFTER", share(2, 43))]);
    let reader = server.signed_in("reader");
    let seen = told(&reader, &criterion)["result"].clone();
    let own = told(&server.signed_in("evaluator-sof"), &criterion)["result"].clone();
    for word in ["attainment", "verdict", "change"] {
        assert_eq!(seen[word], own[word], "{word}");
    }
    assert_eq!((&seen["attainment"], &seen["verdict"]), (&json!("MET"), &json!("ACHIEVED")));
    assert_eq!(
        seen["sentence"],
        "The numbers are not shown, out of regard for the participants. The goal of a fall of at least 50% is met, also \
         when the uncertainty is taken into account."
    );
    let danish = told(&reader.in_danish(), &criterion)["result"]["sentence"].clone();
    assert_eq!(
        danish,
        "Tallene vises ikke af hensyn til deltagerne. Målet om et fald på mindst 50 % er nået, også når usikkerheden \
         regnes med."
    );
}

/// Whoever knows the words tries all counts: as many as k must lead to them, or they are not said.
fn words_that_few_counts_fit_are_not_said(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let coordinator = server.signed_in("coordinator");
    let words = |result: &Value| {
        ["attainment", "verdict", "notAssessable", "change"].map(|word| result[word].clone())
    };
    // From 8 of 43, each count after says something; those that are told must be many.
    let criteria: Vec<_> = (0..=8)
        .map(|count| {
            let id = evaluator.plan("den-korte-snor");
            let criterion = evaluator.add_criterion(&id, json!({}));
            evaluator.steps("register", &id);
            evaluator.recorded_share(&criterion, "BEFORE", 8, 43);
            evaluator.recorded_share(&criterion, "AFTER", count, i32::try_from(AFTER).expect("few"));
            criterion
        })
        .collect();
    let all: Vec<_> =
        criteria.iter().map(|criterion| words(&told(&evaluator, criterion)["result"])).collect();
    let mut kept_back = 0;
    for (count, criterion) in criteria.iter().enumerate().skip(1).take(4) {
        let seen = told(&coordinator, criterion)["result"].clone();
        assert_eq!(seen["absence"]["kind"], "SUPPRESSED", "{count} of {AFTER}");
        if seen["notAssessable"] == "SUPPRESSED" {
            kept_back += 1;
            assert!(seen["sentence"].as_str().is_some_and(|text| text.contains("not shown")), "{seen}");
        } else {
            let same = all.iter().filter(|words| **words == all[count]).count();
            assert!(same >= 5, "{count}: {:?} fits only {same} counts", all[count]);
        }
    }
    let is_told_apart = all[1..5].iter().any(|words| all.iter().filter(|other| *other == words).count() < 5);
    assert_eq!(kept_back > 0, is_told_apart, "{all:?}");
}

fn claims_about_what_is_hidden_are_not_checked(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let (_, criterion) = published(&server, &[("BEFORE", share(20, 43)), ("AFTER", share(2, 43))]);
    let claim = json!({
        "criterionId": criterion, "text": "Fraværet er faldet med 90 %", "printed": "-90", "measure": "RELATIVE_CHANGE",
    });
    evaluator.mutate("addClaim", &claim, "claim { id }");
    let of = |user: &str| told(&server.signed_in(user), &criterion)["claims"].clone();
    assert_eq!(of("coordinator"), json!([{ "computed": null, "label": "NOT_CHECKABLE" }]));
    assert_eq!(of("evaluator-sof")[0]["label"], "CONSISTENT");
}

/// The words of each later measurement would narrow the same count before.
fn the_words_of_one_count_are_said_once(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let measured = [("BEFORE", share(3, 43)), ("AFTER", share(20, 43)), ("FOLLOW_UP", share(30, 43))];
    let (_, criterion) = published(&server, &measured);
    let results = told(&server.signed_in("reader"), &criterion)["results"].clone();
    let of_wave = |wave: &str| {
        let results = results.as_array().expect("results").iter();
        results.clone().find(|result| result["wave"] == wave).expect("a result").clone()
    };
    assert_ne!(of_wave("AFTER")["attainment"], "NOT_ASSESSABLE");
    assert_eq!(of_wave("FOLLOW_UP")["notAssessable"], "SUPPRESSED");
    let own = told(&evaluator, &criterion)["results"].clone();
    assert!(own.as_array().expect("results").iter().all(|result| result["attainment"] != "NOT_ASSESSABLE"));
}
