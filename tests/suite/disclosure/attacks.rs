//! One version, asked in every way.

use serde_json::{Value, json};

use super::{INSIDE, OUTSIDE, numerators, of_subgroup, published, share, told};
use crate::support::{Backend, Server, Snor, with};

on_both_databases!(
    few_people_are_hidden_with_all_that_follows,
    who_sees_participants_sees_everything,
    subgroups_do_not_follow_from_the_total,
    subgroups_that_overlap_tell_nothing_of_each_other,
    the_other_kinds_of_values_are_hidden_too,
    a_paired_table_with_few_is_hidden_with_what_it_gives,
    a_threshold_is_a_setting,
);

/// The numbers in an answer, apart from ids and what no reader is kept from.
fn numbers(value: &Value) -> Vec<String> {
    match value {
        Value::Object(fields) => fields
            .iter()
            .filter(|(name, _)| !["id", "wave", "threshold"].contains(&name.as_str()))
            .flat_map(|(_, value)| numbers(value))
            .collect(),
        Value::Array(items) => items.iter().flat_map(numbers).collect(),
        Value::Number(number) => vec![number.to_string()],
        Value::String(text) if text.chars().any(|letter| letter.is_ascii_digit()) => vec![text.clone()],
        _ => Vec::new(),
    }
}

fn few_people_are_hidden_with_all_that_follows(backend: Backend) {
    let server = Server::start(backend);
    let (id, criterion) = published(&server, &[("BEFORE", share(3, 43)), ("AFTER", share(42, 43))]);
    for user in OUTSIDE {
        let client = server.signed_in(user);
        let seen = told(&client, &criterion);
        for wave in ["baseline", "outcome"] {
            assert_eq!(seen[wave]["absence"], json!({ "kind": "SUPPRESSED", "reason": null }), "{user}");
            assert_eq!(seen[wave]["kind"], Value::Null, "{user}");
        }
        assert_eq!(seen["result"]["absence"]["kind"], "SUPPRESSED", "{user}");
        // The goal is printed: 50%.
        let left: Vec<_> = numbers(&seen).into_iter().filter(|text| !text.contains("50")).collect();
        assert!(left.is_empty(), "{user}: {left:?}");
        // By aliases, by id, and by the evaluation as published.
        let measured = seen["outcome"]["id"].as_str().expect("an id");
        let query = "query($m: ID!, $e: ID!) { a: node(id: $m) { ... on Measurement { x: numerator y: denominator } } \
                     e: virkningsevaluering(id: $e) { published { criteria { outcome { value } result { difference } } } } }";
        let data = client.data(query, json!({ "m": measured, "e": id }));
        assert_eq!(data["a"], json!({ "x": null, "y": null }), "{user}");
        assert_eq!(
            data["e"]["published"]["criteria"][0],
            json!({ "outcome": { "value": null }, "result": { "difference": null } }),
            "{user}"
        );
    }
}

fn who_sees_participants_sees_everything(backend: Backend) {
    let server = Server::start(backend);
    let (_, criterion) = published(&server, &[("BEFORE", share(3, 43)), ("AFTER", share(42, 43))]);
    for user in INSIDE {
        let seen = told(&server.signed_in(user), &criterion);
        assert_eq!(
            (&seen["baseline"]["numerator"], &seen["outcome"]["denominator"]),
            (&json!(3), &json!(43))
        );
        assert_eq!(seen["result"]["after"]["numerator"], 42, "{user}");
        assert!(seen["result"]["inputHash"].is_string() && seen["result"]["absence"].is_null(), "{user}");
    }
}

fn subgroups_do_not_follow_from_the_total(backend: Backend) {
    let server = Server::start(backend);
    let measured = [
        ("AFTER", share(20, 60)),
        ("AFTER", of_subgroup("Piger", 8, 30)),
        ("AFTER", of_subgroup("Drenge", 9, 22)),
        ("AFTER", of_subgroup("Andre", 3, 8)),
    ];
    let (_, criterion) = published(&server, &measured);
    let counts = [[8, 22], [9, 13], [3, 5]];
    for user in OUTSIDE {
        let shown = numerators(&server.signed_in(user), &criterion);
        let total = shown[0].2.as_i64();
        let known: Vec<Option<i64>> = shown[1..].iter().map(|(_, _, told)| told.as_i64()).collect();
        assert_eq!(known[2], None, "{user}: few are hidden");
        // Every way in which the three may share those with the outcome, and those without.
        for (row, whole) in [(0, 20), (1, 40)] {
            let fits = |cells: &[i64; 3]| {
                let adds_up = total.is_none() || cells.iter().sum::<i64>() == whole;
                adds_up && (0..3).all(|at| known[at].is_none() || cells[at] == counts[at][row])
            };
            let ways = (0..=60).flat_map(|a| (0..=60).flat_map(move |b| (0..=60).map(move |c| [a, b, c])));
            let ways: Vec<_> = ways.filter(fits).collect();
            for hidden in (0..3).filter(|at| known[*at].is_none()) {
                let of_cell = || ways.iter().map(|cells| cells[hidden]);
                let reach = of_cell().max().expect("a way") - of_cell().min().expect("a way");
                assert!(reach >= 5, "{user}: cell {hidden} is narrowed to {reach}: {shown:?}");
            }
        }
    }
}

fn subgroups_that_overlap_tell_nothing_of_each_other(backend: Backend) {
    let server = Server::start(backend);
    // By sex and by age: 43 = 21 + 22, so the boys are 43 − 40.
    let measured = [
        ("AFTER", share(20, 43)),
        ("AFTER", of_subgroup("Piger", 19, 40)),
        ("AFTER", of_subgroup("Under 18", 10, 21)),
        ("AFTER", of_subgroup("Over 18", 10, 22)),
    ];
    let (_, criterion) = published(&server, &measured);
    for user in OUTSIDE {
        let shown = numerators(&server.signed_in(user), &criterion);
        let hidden = ("AFTER".to_owned(), "Piger".to_owned(), json!("SUPPRESSED"));
        assert!(shown.contains(&hidden), "{user}: {shown:?}");
    }
}

fn the_other_kinds_of_values_are_hidden_too(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let id = evaluator.plan("den-korte-snor");
    let by_category = evaluator.add_criterion(&id, json!({ "successCategories": ["Ja"] }));
    let mean =
        json!({ "unit": "MEAN", "basis": "ABSOLUTE_CHANGE", "threshold": "5", "dimension": "Trivsel" });
    let mean = evaluator.add_criterion(&id, mean);
    let cases = json!({ "unit": "COUNT", "dimension": "Sigtelser", "pairing": "INDEPENDENT" });
    let cases = evaluator.add_criterion(&id, cases);
    evaluator.steps("register", &id);
    let categories = |few: i32| {
        let count = |category: &str, count: i32| json!({ "category": category, "count": count });
        json!({ "categories": [count("Ja", 20), count("Nej", 20), count("Ved ikke", few)] })
    };
    let summary = json!({ "mean": "52", "median": "50", "minimum": "12", "maximum": "96", "n": 43 });
    for (criterion, wave, value) in [
        (&by_category, "BEFORE", categories(8)),
        (&by_category, "AFTER", categories(2)),
        (&mean, "BEFORE", summary),
        (&mean, "AFTER", json!({ "mean": "61", "sd": "9", "n": 4 })),
        (&cases, "BEFORE", json!({ "count": 30, "exposure": "12.5" })),
        (&cases, "AFTER", json!({ "count": 4, "exposure": "12.5" })),
    ] {
        evaluator.recorded(criterion, wave, value);
    }
    for user in ["coordinator", "reader-sof"] {
        let client = server.signed_in(user);
        for criterion in [&by_category, &mean, &cases] {
            let seen = told(&client, criterion);
            assert_eq!(seen["baseline"]["absence"], Value::Null, "{user}");
            assert_eq!(seen["outcome"]["absence"]["kind"], "SUPPRESSED", "{user}");
            assert_eq!(seen["result"]["absence"]["kind"], "SUPPRESSED", "{user}");
        }
        let seen = told(&client, &mean)["baseline"].clone();
        assert_eq!([&seen["mean"], &seen["median"]], ["52", "50"], "{user}");
        assert_eq!([&seen["minimum"], &seen["maximum"]], [&Value::Null; 2], "{user}: one person's own");
    }
}

fn a_paired_table_with_few_is_hidden_with_what_it_gives(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let snor = Snor::measured(&evaluator);
    let table = json!({ "criterionId": snor.friendships, "n11": 13, "n10": 1, "n01": 13, "n00": 16 });
    evaluator.mutate("recordPairedTable", &table, "pairedTable { id }");
    for user in ["coordinator", "reader-sof"] {
        let seen = told(&server.signed_in(user), &snor.friendships);
        let hidden = json!({ "n11": null, "n10": null, "n01": null, "n00": null, "absence": { "kind": "SUPPRESSED" } });
        assert_eq!(seen["pairedTables"], json!([hidden]), "{user}");
        assert_eq!(seen["outcome"]["numerator"], 26, "{user}: each wave has many");
        assert_eq!([&seen["result"]["interval"], &seen["result"]["pValue"]], [&Value::Null; 2], "{user}");
    }
    let own = told(&evaluator, &snor.friendships);
    assert_eq!(own["pairedTables"][0]["n10"], 1);
    assert!(own["result"]["interval"]["low"].is_string());
}

fn a_threshold_is_a_setting(backend: Backend) {
    let database = crate::support::Database::register(backend);
    let server = Server::serve(database, &["--disclosure-threshold", "12"]);
    let evaluator = server.signed_in("evaluator-sof");
    let snor = Snor::registered(&evaluator);
    evaluator.recorded(&snor.absence, "BEFORE", with(share(11, 43), json!({})));
    evaluator.recorded_share(&snor.absence, "AFTER", 12, 43);
    let shown = numerators(&server.signed_in("coordinator"), &snor.absence);
    assert_eq!(
        shown.iter().map(|(_, _, told)| told.clone()).collect::<Vec<_>>(),
        [json!("SUPPRESSED"), json!(12)]
    );
    let url = &server.database().url;
    for wrong in ["2", "0", "-1", "1001", "x"] {
        let ran = crate::support::virkning(url, &[&format!("--disclosure-threshold={wrong}"), "schema"]);
        assert!(!ran.status.success() && ran.stderr.contains("3 to 1000"), "{wrong}: {}", ran.stderr);
    }
}
