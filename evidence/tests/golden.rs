//! Every reference value, from other people's software: `EVIDENCE_GOLDEN=file cargo test -p evidence --test golden`.
//! Without the variable it is the file beside this one. A method that is not known here fails.

#![expect(clippy::unwrap_used, reason = "a case that cannot be read has failed")]

use std::collections::BTreeSet;

use evidence::claim::{ChangeClaim, check_change, reconstruct_count};
use evidence::goal::{Basis, Direction, Goal, Millionths};
use evidence::interval::{Confidence, Interval};
use evidence::paired::{PairedTable, envelope, margin_bounds, mcnemar, nam_blackwelder, tango};
use evidence::share::{Share, koopman, newcombe, wilson};
use evidence::verdict::{Attainment, Pairing, Reason, Wave, assess_shares};
use serde_json::{Value, json};

/// Below it two numbers are the same whatever the tolerance of the case.
const NOISE: f64 = 1e-9;

#[test]
fn golden() {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden.json");
    let path = std::env::var("EVIDENCE_GOLDEN").unwrap_or_else(|_| beside.to_owned());
    let file: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    let cases = file["cases"].as_array().unwrap();
    let mut faults = Vec::new();
    let mut methods = BTreeSet::new();
    for case in cases {
        let method = case["method"].as_str().unwrap();
        methods.insert(method);
        let Some(got) = run(method, &case["input"]) else {
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

/// None where the method is not known.
fn run(method: &str, input: &Value) -> Option<Value> {
    let before = || share(input, "x0", "n0");
    let after = || share(input, "x1", "n1");
    let same = |x: &str| share(input, x, "n");
    Some(match method {
        "proportion_wilson" => {
            let share = same("x");
            with_estimate(share.value(), wilson(share, confidence(input)))
        }
        "diff_proportions_newcombe" => {
            with_estimate(difference(before(), after()), newcombe(before(), after(), confidence(input)))
        }
        "ratio_proportions_koopman" => {
            with_estimate(ratio(before(), after()), koopman(before(), after(), confidence(input)))
        }
        "mcnemar" => {
            let p = mcnemar(&table(input));
            json!({"p_exact": p.exact, "p_midp": p.mid_p})
        }
        "mcnemar_margin_bounds" => margin_bounds(same("x0"), same("x1")).map_or(Value::Null, |bounds| {
            json!({
                "n11_min": bounds.n11.start(),
                "n11_max": bounds.n11.end(),
                "p_exact_min": bounds.lowest.exact,
                "p_exact_max": bounds.highest.exact,
                "p_midp_min": bounds.lowest.mid_p,
                "p_midp_max": bounds.highest.mid_p,
            })
        }),
        "paired_diff_tango" => {
            let table = table(input);
            let estimate = difference(table.before().unwrap(), table.after().unwrap());
            with_estimate(estimate, tango(&table, confidence(input)))
        }
        "paired_ratio_nam_blackwelder" => {
            let table = table(input);
            let estimate = ratio(table.before().unwrap(), table.after().unwrap());
            with_estimate(estimate, nam_blackwelder(&table, confidence(input)))
        }
        "paired_unknown_envelope" => {
            let (before, after) = (same("x0"), same("x1"));
            let envelope = envelope(before, after, confidence(input));
            json!({
                "diff": difference(before, after),
                "diff_low": envelope.map(|envelope| envelope.difference.low),
                "diff_high": envelope.and_then(|envelope| envelope.difference.high),
                "ratio": ratio(before, after),
                "ratio_low": envelope.and_then(|envelope| Some(envelope.ratio?.low)),
                "ratio_high": envelope.and_then(|envelope| envelope.ratio?.high),
            })
        }
        "reconstruct_count" => {
            let counts = reconstruct_count(input["percent"].as_str().unwrap(), count(&input["n"]).unwrap());
            json!({"counts": counts.collect::<Vec<_>>()})
        }
        "claim_check" => claim_check(input),
        "verdict_proportion" => verdict_proportion(input),
        _ => return None,
    })
}

fn claim_check(input: &Value) -> Value {
    let text = |key: &str| input[key].as_str().unwrap();
    let checked = check_change(&ChangeClaim {
        before: text("before"),
        after: text("after"),
        n0: count(&input["n0"]),
        n1: count(&input["n1"]),
        printed: text("reported_relative_change"),
    });
    json!({
        "from_rounded": checked.from_rounded,
        "from_counts": checked.from_counts,
        "label": checked.label.as_str(),
        "counts_before": checked.counts_before.collect::<Vec<_>>(),
        "counts_after": checked.counts_after.collect::<Vec<_>>(),
    })
}

fn verdict_proportion(input: &Value) -> Value {
    let goal = Goal {
        direction: if input["direction"] == "UP" { Direction::Up } else { Direction::Down },
        basis: match input["type"].as_str().unwrap() {
            "RELATIVE_CHANGE" => Basis::RelativeChange,
            "ABSOLUTE_CHANGE" => Basis::AbsoluteChange,
            "LEVEL" => Basis::Level,
            "MAINTAIN" => Basis::Maintain,
            other => panic!("no basis {other}"),
        },
        threshold: fraction(input["threshold"].as_str().unwrap()),
    };
    let pairing = match input["table"].as_array() {
        None => Pairing::Independent,
        Some(cells) => {
            let cell = |index: usize| count(&cells[index]).unwrap();
            Pairing::Paired(PairedTable { n11: cell(0), n10: cell(1), n01: cell(2), n00: cell(3) })
        }
    };
    let (before, after) = (share(input, "x0", "n0"), share(input, "x1", "n1"));
    let assessment =
        assess_shares(&goal, Wave::Given(before), Wave::Given(after), &pairing, confidence(input));
    json!({
        "verdict": assessment.verdict.code(),
        "reason": assessment.verdict.reason().map(Reason::as_str),
        "point_meets": match assessment.attainment {
            Attainment::Met => Some(true),
            Attainment::Partly | Attainment::NotMet => Some(false),
            Attainment::NotAssessable => None,
        },
        "estimate": assessment.estimate,
        "ci_low": assessment.interval.map(|interval| interval.low),
        "ci_high": assessment.interval.and_then(|interval| interval.high),
        "method": assessment.method.map(|method| method.as_str().to_lowercase()),
    })
}

/// Per cent, as text, to a fraction.
fn fraction(percent: &str) -> Millionths {
    let (whole, places) = percent.split_once('.').unwrap_or((percent, ""));
    assert!(places.len() <= 4, "{percent} has no fraction of six places");
    Millionths(format!("{whole}{places:0<4}").parse().unwrap())
}

fn confidence(input: &Value) -> Confidence {
    Confidence::new(input["conf"].as_f64().unwrap()).unwrap()
}

fn count(value: &Value) -> Option<u32> {
    u32::try_from(value.as_u64()?).ok()
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
