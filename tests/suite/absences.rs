//! What is missing is told apart: each verdict that cannot be given says why.

use serde_json::{Value, json};

use crate::support::{Backend, Client, Server, fault};

on_both_databases!(
    each_reason_for_no_verdict_is_told,
    an_absence_takes_no_value_and_a_value_no_absence,
    a_level_needs_no_measurement_before,
    what_was_not_there_yet_gives_way_to_what_comes,
);

fn planned(evaluator: &Client, criteria: &[Value]) -> Vec<String> {
    let id = evaluator.plan("den-korte-snor");
    let criteria = criteria.iter().map(|changes| evaluator.add_criterion(&id, changes.clone())).collect();
    evaluator.steps("register", &id);
    criteria
}

fn share(numerator: i32, denominator: i32) -> Value {
    json!({ "numerator": numerator, "denominator": denominator })
}

fn absent(kind: &str) -> Value {
    json!({ "absence": kind, "absenceReason": "Derfor" })
}

fn each_reason_for_no_verdict_is_told(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let independent = json!({ "pairing": "INDEPENDENT" });
    let mean = json!({ "unit": "MEAN", "pairing": "INDEPENDENT" });
    let count = json!({ "unit": "COUNT", "pairing": "INDEPENDENT" });
    let absolute = json!({ "basis": "ABSOLUTE_CHANGE", "threshold": "0.1", "pairing": "INDEPENDENT" });
    let of_mean = |mean: &str| json!({ "mean": mean, "sd": "2", "n": 40 });
    let of_count = |count: i32, exposure: Value| json!({ "count": count, "exposure": exposure });
    let cases = [
        ("nothing is recorded", json!({}), None, None, Some("MISSING_AFTER")),
        ("no after", json!({}), Some(share(13, 43)), None, Some("MISSING_AFTER")),
        ("no before", json!({}), None, Some(share(5, 43)), Some("MISSING_BEFORE")),
        ("an after to come", json!({}), Some(share(13, 43)), Some(absent("NOT_YET")), Some("MISSING_AFTER")),
        (
            "an after not stated",
            json!({}),
            Some(share(13, 43)),
            Some(absent("NOT_STATED")),
            Some("MISSING_AFTER"),
        ),
        (
            "a before not stated",
            json!({}),
            Some(absent("NOT_STATED")),
            Some(share(5, 43)),
            Some("MISSING_BEFORE"),
        ),
        (
            "it begins in prison",
            json!({}),
            Some(absent("NOT_APPLICABLE")),
            Some(share(5, 43)),
            Some("BASELINE_NOT_APPLICABLE"),
        ),
        (
            "there can be no before, and no after is there",
            json!({}),
            Some(absent("NOT_APPLICABLE")),
            None,
            Some("BASELINE_NOT_APPLICABLE"),
        ),
        ("from zero", independent.clone(), Some(share(0, 43)), Some(share(5, 43)), Some("BASELINE_ZERO")),
        ("a difference from zero", absolute, Some(share(0, 43)), Some(share(5, 43)), None),
        (
            "the same persons, and fewer",
            json!({}),
            Some(share(13, 43)),
            Some(share(5, 40)),
            Some("INCONSISTENT_INPUT"),
        ),
        ("others, and fewer", independent.clone(), Some(share(13, 43)), Some(share(5, 40)), None),
        ("nobody", independent, Some(share(13, 43)), Some(share(0, 0)), Some("NO_DATA")),
        ("means", mean.clone(), Some(of_mean("12")), Some(of_mean("5")), None),
        (
            "a mean of which only the range is known",
            mean.clone(),
            Some(of_mean("12")),
            Some(json!({ "mean": "5", "median": "4", "minimum": "1", "maximum": "20" })),
            Some("NO_METHOD"),
        ),
        ("a mean from zero", mean, Some(of_mean("0")), Some(of_mean("5")), Some("BASELINE_ZERO")),
        (
            "a count, then a rate",
            count.clone(),
            Some(of_count(12, Value::Null)),
            Some(of_count(5, json!("2.5"))),
            Some("INCONSISTENT_INPUT"),
        ),
        ("rates", count, Some(of_count(12, json!("2.5"))), Some(of_count(5, json!("2.5"))), None),
    ];
    let changes: Vec<_> = cases.iter().map(|(_, changes, ..)| changes.clone()).collect();
    let criteria = planned(&evaluator, &changes);
    for ((what, _, before, after, reason), criterion) in cases.into_iter().zip(criteria) {
        for (wave, measured) in [("BEFORE", before), ("AFTER", after)] {
            if let Some(measured) = measured {
                evaluator.recorded(&criterion, wave, measured);
            }
        }
        let result = evaluator.criterion(&criterion, "result { verdict notAssessable attainment sentence }");
        let result = &result["result"];
        assert_eq!(result["notAssessable"], json!(reason), "{what}");
        assert_eq!(result["verdict"] == "NOT_ASSESSABLE", reason.is_some(), "{what}");
        // Means and rates tell whether the goal is met, and not how sure that is.
        let no_light = reason.is_some_and(|reason| reason != "NO_METHOD");
        assert_eq!(result["attainment"] == "NOT_ASSESSABLE", no_light, "{what}");
        assert!(!result["sentence"].as_str().expect("a sentence").is_empty(), "{what}");
    }
}

fn an_absence_takes_no_value_and_a_value_no_absence(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let criterion = &planned(&evaluator, &[json!({})])[0];
    let before = server.database().count("measurement");
    for (measured, code, field) in [
        (json!({ "absence": "NOT_YET", "numerator": 1, "denominator": 2 }), "VALUE_OR_ABSENCE", "absence"),
        (json!({ "absence": "NOT_YET", "denominator": 2 }), "VALUE_OR_ABSENCE", "absence"),
        (
            json!({ "absenceReason": "Derfor", "numerator": 1, "denominator": 2 }),
            "VALUE_OR_ABSENCE",
            "absenceReason",
        ),
        (json!({ "numerator": 1 }), "REQUIRED", "denominator"),
        (json!({ "denominator": 1 }), "REQUIRED", "numerator"),
        (json!({}), "REQUIRED", "denominator"),
    ] {
        let refused = evaluator.record(criterion, "BEFORE", measured.clone());
        assert_eq!(fault(&refused), (code, &json!([field])), "{measured}");
    }
    assert_eq!(server.database().count("measurement"), before);
    for kind in ["NOT_YET", "NOT_STATED", "NOT_APPLICABLE"] {
        let id = evaluator.plan("den-korte-snor");
        let criterion = evaluator.add_criterion(&id, json!({}));
        evaluator.recorded(&criterion, "BEFORE", json!({ "absence": kind }));
        let read = evaluator.criterion(&criterion, "baseline { value numerator absence { kind reason } }");
        let absence =
            json!({ "value": null, "numerator": null, "absence": { "kind": kind, "reason": null } });
        assert_eq!(read["baseline"], absence);
    }
}

fn a_level_needs_no_measurement_before(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let level = json!({ "basis": "LEVEL", "threshold": "0.3", "pairing": "INDEPENDENT" });
    let [missing, inapplicable, known] = &planned(&evaluator, &[level.clone(), level.clone(), level])[..]
    else {
        panic!("three criteria")
    };
    evaluator.recorded(inapplicable, "BEFORE", absent("NOT_APPLICABLE"));
    evaluator.recorded(known, "BEFORE", share(13, 43));
    for (criterion, design, change) in
        [(missing, "AFTER_ONLY", Value::Null), (known, "BEFORE_AFTER", json!("IMPROVED"))]
    {
        evaluator.recorded(criterion, "AFTER", share(5, 43));
        let selection = "result { verdict attainment notAssessable design change interval { method } }";
        let result = evaluator.criterion(criterion, selection)["result"].clone();
        assert_eq!(
            result,
            json!({
                "verdict": "ACHIEVED", "attainment": "MET", "notAssessable": null, "design": design, "change": change,
                "interval": { "method": "WILSON" },
            })
        );
    }
    evaluator.recorded(inapplicable, "AFTER", share(5, 43));
    let result =
        evaluator.criterion(inapplicable, "result { verdict notAssessable change }")["result"].clone();
    assert_eq!(result, json!({ "verdict": "ACHIEVED", "notAssessable": null, "change": null }));
}

fn what_was_not_there_yet_gives_way_to_what_comes(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let [expected, lost] = &planned(&evaluator, &[json!({}), json!({})])[..] else { panic!("two criteria") };
    let selection =
        "measurements { wave value absence { kind } corrects { id } } result { verdict warnings { code } }";
    for (criterion, kind) in [(expected, "NOT_YET"), (lost, "NOT_STATED")] {
        evaluator.recorded(criterion, "BEFORE", share(13, 43));
        evaluator.recorded(criterion, "AFTER", absent(kind));
        let result = evaluator.criterion(criterion, selection)["result"].clone();
        let unmarked = json!({ "verdict": "NOT_ASSESSABLE", "warnings": [] });
        assert_eq!(result, unmarked, "what was not measured cannot be post hoc");
    }
    assert_eq!(fault(&evaluator.record(lost, "AFTER", share(5, 43))), ("ALREADY_MEASURED", &json!(["wave"])));
    evaluator.recorded(expected, "AFTER", share(5, 43));
    let of_all =
        |wave: &str, value: &str| json!({ "wave": wave, "value": value, "absence": null, "corrects": null });
    assert_eq!(
        evaluator.criterion(expected, selection),
        json!({
            "measurements": [of_all("BEFORE", "0.302326"), of_all("AFTER", "0.116279")],
            "result": { "verdict": "INCONCLUSIVE", "warnings": [{ "code": "POST_HOC" }, { "code": "PAIRING_UNKNOWN" }] },
        })
    );
}
