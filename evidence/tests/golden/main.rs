//! Every reference value, from other people's software: `EVIDENCE_GOLDEN=file cargo test -p evidence --test golden`.
//! Without the variable it is the file beside this one. A method that is not known here fails.

#![expect(clippy::unwrap_used, reason = "a case that cannot be read has failed")]

mod claims;
mod comparisons;
mod disclosure;
mod means;
mod paired_shares;
mod planning;
mod rates;
mod shares;
mod values;
mod verdicts;

use std::collections::BTreeSet;

use evidence::effect_size::EffectSize;
use evidence::interval::{Confidence, Interval};
use evidence::mean::TTest;
use evidence::paired::PairedTable;
use evidence::share::Share;
use serde_json::{Value, json};

/// Below it two numbers are the same whatever the tolerance of the case.
const NOISE: f64 = 1e-9;

/// Each runs the methods of its family, and gives none for any other.
const FAMILIES: [fn(&str, &Value) -> Option<Value>; 10] = [
    shares::run,
    paired_shares::run,
    means::run,
    values::run,
    rates::run,
    comparisons::run,
    planning::run,
    claims::run,
    disclosure::run,
    verdicts::run,
];

#[test]
fn golden() {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/cases.json");
    let path = std::env::var("EVIDENCE_GOLDEN").unwrap_or_else(|_| beside.to_owned());
    let file: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    let cases = file["cases"].as_array().unwrap();
    let mut faults = Vec::new();
    let mut methods = BTreeSet::new();
    for case in cases {
        let method = case["method"].as_str().unwrap();
        methods.insert(method);
        let Some(got) = FAMILIES.iter().find_map(|run| run(method, &case["input"])) else {
            faults.push(format!("{}: no method {method}", case["id"]));
            continue;
        };
        let tolerance = case["tolerance_rel"].as_f64().unwrap();
        for (key, expected) in case["expected"].as_object().unwrap() {
            if !agrees(&got[key], expected, tolerance) {
                faults.push(format!("{}: {key} is {}, expected {expected}", case["id"], got[key]));
            }
        }
    }
    println!("{} cases of {} methods from {path}", cases.len(), methods.len());
    assert!(!cases.is_empty() && faults.is_empty(), "{}", faults.join("\n"));
}

fn agrees(got: &Value, expected: &Value, tolerance: f64) -> bool {
    match (got, expected) {
        (Value::Array(got), Value::Array(expected)) => {
            got.len() == expected.len()
                && got.iter().zip(expected).all(|(got, expected)| agrees(got, expected, tolerance))
        }
        (_, Value::Number(expected)) => {
            let expected = expected.as_f64().unwrap();
            let got = got.as_f64().or_else(|| got.as_str()?.parse().ok());
            got.is_some_and(|got| (got - expected).abs() <= (tolerance * expected.abs()).max(NOISE))
        }
        _ => got == expected,
    }
}

fn confidence(input: &Value) -> Confidence {
    Confidence::new(input["conf"].as_f64().unwrap()).unwrap()
}

/// A whole number, also where it is written as 5.0.
fn count(value: &Value) -> Option<u32> {
    let whole = |number: f64| format!("{number:.0}").parse().ok().filter(|_| number.fract() == 0.0);
    value.as_u64().or_else(|| value.as_f64().and_then(whole)).and_then(|number| u32::try_from(number).ok())
}

fn share(input: &Value, x: &str, n: &str) -> Share {
    Share::new(count(&input[x]).unwrap(), count(&input[n]).unwrap()).unwrap()
}

fn table(input: &Value) -> PairedTable {
    let cell = |key: &str| count(&input[key]).unwrap();
    PairedTable { n11: cell("n11"), n10: cell("n10"), n01: cell("n01"), n00: cell("n00") }
}

fn difference(before: Share, after: Share) -> Option<f64> {
    Some(after.value()? - before.value()?)
}

fn ratio(before: Share, after: Share) -> Option<f64> {
    let before = before.value().filter(|before| *before > 0.0)?;
    Some(after.value()? / before)
}

fn with_estimate(estimate: Option<f64>, interval: Option<Interval>) -> Value {
    json!({
        "estimate": estimate,
        "ci_low": interval.map(|interval| interval.low),
        "ci_high": interval.and_then(|interval| interval.high),
    })
}

fn with_test(estimate: Option<f64>, test: Option<TTest>) -> Value {
    let mut answer = with_estimate(estimate, test.map(|test| test.interval));
    answer["t"] = json!(test.map(|test| test.t));
    answer["df"] = json!(test.map(|test| test.df));
    answer["p_value"] = json!(test.map(|test| test.p_value));
    answer
}

fn with_effect_size(g: Option<EffectSize>) -> Value {
    let mut answer = with_estimate(g.map(|g| g.estimate), g.and_then(|g| g.interval));
    answer["se"] = json!(g.and_then(|g| g.se));
    answer
}
