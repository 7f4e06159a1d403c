//! Results of all kinds of measurement, with the values that other software gives for them.

use serde_json::{Value, json};

use crate::support::{Backend, Client, Server, code, fault};

on_both_databases!(
    means_are_judged_by_their_spread,
    counts_are_judged_by_their_exposure,
    p_values_are_corrected_for_several_criteria,
    cautions_are_told_with_each_result,
    no_more_than_were_enrolled_are_measured,
    a_missing_few_can_turn_the_verdict,
    what_follows_up_has_a_result_of_its_own,
    a_comparison_group_in_both_waves_shows_differences,
    a_comparison_group_in_one_wave_shows_a_gap,
);

fn criterion(evaluator: &Client, changes: Value) -> String {
    let id = evaluator.plan("ny-start");
    let criterion = evaluator.add_criterion(&id, changes);
    evaluator.steps("register", &id);
    criterion
}

const RESULT: &str = "result { attainment verdict difference interval { low high method } pValue { lowest highest adjusted } \
                      effectSize { kind estimate low high } warnings { code } sentence(language: DA) }";

fn means_are_judged_by_their_spread(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let points = json!({
        "unit": "MEAN", "basis": "ABSOLUTE_CHANGE", "direction": "UP", "threshold": "2", "pairing": "INDEPENDENT",
    });
    let criterion = criterion(&evaluator, points);
    evaluator.recorded(&criterion, "BEFORE", json!({ "mean": "48.2", "sd": "18.5", "n": 62 }));
    evaluator.recorded(&criterion, "AFTER", json!({ "mean": "56.9", "sd": "17.1", "n": 51 }));
    // R: Welch's t-test of the summaries; metafor: SMD with LS variance.
    let result = evaluator.criterion(&criterion, RESULT)["result"].clone();
    assert_eq!(
        result,
        json!({
            "attainment": "MET", "verdict": "ACHIEVED", "difference": "8.7",
            "interval": { "low": "2.051502", "high": "15.348498", "method": "WELCH" },
            "pValue": { "lowest": "0.010802", "highest": "0.010802", "adjusted": "0.010802" },
            "effectSize": { "kind": "HEDGES_G", "estimate": "0.483201", "low": "0.107368", "high": "0.859034" },
            "warnings": [{ "code": "POST_HOC" }],
            "sentence": "Gennemsnittet er steget med 8,7 (48,2 til 56,9). Målet på mindst 2 er nået, også når usikkerheden regnes med.",
        })
    );
}

fn counts_are_judged_by_their_exposure(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let charges = json!({ "unit": "COUNT", "threshold": "0.3", "pairing": "INDEPENDENT" });
    let criterion = criterion(&evaluator, charges);
    evaluator.recorded(&criterion, "BEFORE", json!({ "count": 53, "exposure": "43" }));
    evaluator.recorded(&criterion, "AFTER", json!({ "count": 31, "exposure": "43" }));
    let result = evaluator.criterion(&criterion, RESULT)["result"].clone();
    assert_eq!(
        result["interval"],
        json!({ "low": "-0.637081", "high": "-0.07197", "method": "RATE_RATIO_EXACT" })
    );
    assert_eq!(result["pValue"]["highest"], "0.021384");
    assert_eq!((&result["attainment"], &result["verdict"]), (&json!("MET"), &json!("INCONCLUSIVE")));
    assert_eq!(result["warnings"], json!([{ "code": "POST_HOC" }, { "code": "OVERDISPERSION_UNKNOWN" }]));
}

fn p_values_are_corrected_for_several_criteria(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let id = evaluator.plan("ny-start");
    let independent = || json!({ "pairing": "INDEPENDENT" });
    let criteria = [(); 3].map(|()| evaluator.add_criterion(&id, independent()));
    evaluator.steps("register", &id);
    for (criterion, after) in criteria.iter().zip([5, 2, 12]) {
        evaluator.recorded_share(criterion, "BEFORE", 13, 43);
        evaluator.recorded_share(criterion, "AFTER", after, 43);
    }
    let p = |criterion: &String| -> (f64, f64) {
        let read = evaluator.criterion(criterion, "result { pValue { highest adjusted } }");
        let number = |field: &str| {
            read["result"]["pValue"][field].as_str().expect("a number").parse().expect("a number")
        };
        (number("highest"), number("adjusted"))
    };
    let [(middle, middle_adjusted), (smallest, smallest_adjusted), (largest, largest_adjusted)] =
        criteria.each_ref().map(p);
    assert!(smallest < middle && middle < largest);
    assert!((smallest_adjusted - 3.0 * smallest).abs() < 4e-6, "{smallest} {smallest_adjusted}");
    assert!((middle_adjusted - 2.0 * middle).abs() < 4e-6, "{middle} {middle_adjusted}");
    assert!((largest_adjusted - largest).abs() < 4e-6, "{largest} {largest_adjusted}");
}

fn cautions_are_told_with_each_result(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let cautions = json!({ "cautions": ["REGRESSION_TO_MEAN", "MATURATION", "REGRESSION_TO_MEAN"], "pairing": "INDEPENDENT" });
    let criterion = criterion(&evaluator, cautions);
    let told = || {
        let read =
            evaluator.criterion(&criterion, "cautions result { warnings { code text(language: DA) } }");
        let codes: Vec<_> = read["result"]["warnings"]
            .as_array()
            .expect("warnings")
            .iter()
            .map(|warning| warning["code"].clone())
            .collect();
        (read["cautions"].clone(), codes)
    };
    assert_eq!(told(), (json!(["MATURATION", "REGRESSION_TO_MEAN"]), vec![]), "nothing is measured yet");
    evaluator.recorded_share(&criterion, "BEFORE", 13, 43);
    evaluator.recorded_share(&criterion, "AFTER", 5, 43);
    assert_eq!(told().1, ["POST_HOC", "MATURATION", "REGRESSION_TO_MEAN"]);
}

fn no_more_than_were_enrolled_are_measured(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let id = evaluator.plan("ny-start");
    let criterion = evaluator.add_criterion(&id, json!({ "pairing": "INDEPENDENT" }));
    let enrol = |enrolled: Value| {
        let input = json!({ "id": id, "expectedVersion": evaluator.version(&id), "enrolled": enrolled });
        evaluator.mutate("updateVirkningsevaluering", &input, "virkningsevaluering { enrolled }")
    };
    assert_eq!(fault(&enrol(json!(-1))), ("OUT_OF_RANGE", &json!(["enrolled"])));
    assert_eq!(enrol(json!(50))["virkningsevaluering"]["enrolled"], 50);
    let refused = evaluator.record(&criterion, "BEFORE", json!({ "numerator": 13, "denominator": 51 }));
    assert_eq!(fault(&refused), ("OVER_ENROLLED", &json!(["denominator"])));
    evaluator.recorded_share(&criterion, "BEFORE", 13, 43);
    assert_eq!(fault(&enrol(json!(42))), ("OVER_ENROLLED", &json!(["enrolled"])));
    let group = json!({ "kind": "COMPARISON", "name": "Andre", "comparability": "GENERAL_POPULATION" });
    let others = json!({ "numerator": 130, "denominator": 430, "group": group });
    evaluator.recorded(&criterion, "BEFORE", others);
    let participation = || {
        evaluator.criterion(&criterion, "result { participation { enrolled before attrition } }")["result"]["participation"].clone()
    };
    assert_eq!(participation(), json!({ "enrolled": 50, "before": 43, "attrition": null }));
    assert_eq!(code(&enrol(json!(45))), "OK");
    assert_eq!(participation()["enrolled"], 45, "results follow");
    let clear = json!({ "id": id, "expectedVersion": evaluator.version(&id), "clear": ["ENROLLED"] });
    evaluator.mutate("updateVirkningsevaluering", &clear, "virkningsevaluering { enrolled }");
    assert_eq!(participation()["enrolled"], Value::Null);
}

fn a_missing_few_can_turn_the_verdict(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let id = evaluator.plan("ny-start");
    let criterion = evaluator.add_criterion(&id, json!({ "basis": "LEVEL", "threshold": "0.25" }));
    evaluator.states_processing(&id);
    evaluator.steps("register", &id);
    let answers = |has: usize, n: usize| (0..n).map(|at| json!(at < has)).collect::<Vec<_>>();
    evaluator.observed(&criterion, "BEFORE", "outcome", &answers(30, 60));
    evaluator.observed(&criterion, "AFTER", "outcome", &answers(3, 45));
    let read = evaluator.criterion(&criterion, "result { verdict warnings { code } participation { paired attrition bounds { after { low high } } } }");
    let result = &read["result"];
    assert_eq!(result["verdict"], "ACHIEVED", "of those who were measured both times");
    assert_eq!(result["warnings"], json!([{ "code": "POST_HOC" }, { "code": "NOT_ROBUST_TO_ATTRITION" }]));
    assert_eq!(
        result["participation"],
        json!({ "paired": 45, "attrition": "0.25", "bounds": { "after": { "low": "0.05", "high": "0.3" } } })
    );
}

fn what_follows_up_has_a_result_of_its_own(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let criterion = criterion(&evaluator, json!({ "pairing": "INDEPENDENT" }));
    evaluator.recorded_share(&criterion, "BEFORE", 13, 43);
    evaluator.recorded_share(&criterion, "AFTER", 5, 43);
    let months = json!({ "anchor": "END", "from": 6, "to": 6 });
    evaluator.recorded(
        &criterion,
        "FOLLOW_UP",
        json!({ "numerator": 11, "denominator": 40, "months": months }),
    );
    let read = evaluator.criterion(
        &criterion,
        "result { wave after { numerator } } results { wave months { from } after { numerator } attainment }",
    );
    assert_eq!(read["result"], json!({ "wave": "AFTER", "after": { "numerator": 5 } }));
    assert_eq!(
        read["results"],
        json!([
            { "wave": "AFTER", "months": null, "after": { "numerator": 5 }, "attainment": "MET" },
            { "wave": "FOLLOW_UP", "months": { "from": 6 }, "after": { "numerator": 11 }, "attainment": "PARTLY" },
        ])
    );
}

const COMPARISONS: &str = "comparisons { group comparability design estimate low high pValue method change sentence(language: EN) }";

fn a_comparison_group_in_both_waves_shows_differences(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let criterion = criterion(&evaluator, json!({ "pairing": "INDEPENDENT" }));
    evaluator.recorded_share(&criterion, "BEFORE", 13, 43);
    evaluator.recorded_share(&criterion, "AFTER", 5, 43);
    let group = |name: &str, comparability: &str| json!({ "kind": "COMPARISON", "name": name, "comparability": comparability });
    for (name, comparability) in [("Ventelisten", "MATCHED"), ("Byens unge", "GENERAL_POPULATION")] {
        for (wave, numerator) in [("BEFORE", 22), ("AFTER", 20)] {
            let measured =
                json!({ "numerator": numerator, "denominator": 80, "group": group(name, comparability) });
            evaluator.recorded(&criterion, wave, measured);
        }
    }
    let read = evaluator.criterion(&criterion, COMPARISONS)["comparisons"].clone();
    // statsmodels: MOVER over two Newcombe intervals; p by Wald.
    let found = json!({
        "group": "Ventelisten", "comparability": "MATCHED", "design": "DIFFERENCE_IN_DIFFERENCES", "estimate": "-0.161047",
        "low": "-0.372656", "high": "0.058238", "pValue": "0.143689", "method": "MOVER", "change": "NO_CLEAR_CHANGE",
        "sentence": "The change is -16.1 percentage points beside that of the comparison group (uncertainty from -37.3 \
                     percentage points to 5.8 percentage points). The uncertainty is too large to establish whether the \
                     intervention had an effect.",
    });
    assert_eq!(read[0], found);
    assert!(!read[1]["sentence"].as_str().expect("a sentence").contains("effect"), "{read}");
    let results = evaluator.criterion(&criterion, "results { group }");
    assert_eq!(results["results"], json!([{ "group": null }]), "no result is theirs");
}

fn a_comparison_group_in_one_wave_shows_a_gap(backend: Backend) {
    let server = Server::start(backend);
    let evaluator = server.signed_in("evaluator-sof");
    let criterion = criterion(&evaluator, json!({ "pairing": "INDEPENDENT" }));
    let randomised = json!({ "kind": "COMPARISON", "name": "Lodtrukne", "comparability": "RANDOMISED" });
    evaluator.recorded_share(&criterion, "BEFORE", 13, 43);
    evaluator.recorded(
        &criterion,
        "AFTER",
        json!({ "numerator": 20, "denominator": 80, "group": randomised }),
    );
    assert_eq!(
        evaluator.criterion(&criterion, COMPARISONS)["comparisons"],
        json!([]),
        "nothing to compare yet"
    );
    let after = evaluator.recorded_share(&criterion, "AFTER", 5, 43);
    let read = evaluator.criterion(&criterion, COMPARISONS)["comparisons"].clone();
    assert_eq!(
        read,
        json!([{
            "group": "Lodtrukne", "comparability": "RANDOMISED", "design": "DESCRIPTIVE_GAP", "estimate": "-0.133721",
            "low": null, "high": null, "pValue": null, "method": null, "change": null,
            "sentence": "The participants are 13.4 percentage points below the comparison group. The group was measured once \
                         only, so this describes a gap and says nothing of what has changed.",
        }])
    );
    let absent = json!({ "id": after, "correction": "SOURCE_REVISED", "reason": "Trukket tilbage", "absence": "NOT_STATED" });
    evaluator.mutate("correctMeasurement", &absent, "measurement { id }");
    assert_eq!(
        evaluator.criterion(&criterion, COMPARISONS)["comparisons"],
        json!([]),
        "what can no longer be compared ends"
    );
}
