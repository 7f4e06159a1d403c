//! A group against its comparison group, several criteria, and those who are missing.

use evidence::attrition::attrition_bounds;
use evidence::comparison::{
    Comparison, MeanComparison, Waves, compare_changes, compare_means, compare_rates, compare_shares,
};
use evidence::mean::Mean;
use evidence::multiplicity::holm;
use serde_json::{Value, json};

use crate::rates::rate;
use crate::{confidence, count, share};

pub fn run(method: &str, input: &Value) -> Option<Value> {
    Some(match method {
        "did_proportions_mover" => {
            let cell = |key: &str| share(&input[key], "x", "n");
            let [treated, control] = groups(cell);
            let comparison = compare_shares(treated, control, confidence(input));
            results(comparison, "wald_se")
        }
        "did_means" => {
            let [treated, control] = groups(|key| mean(&input[key]));
            both(treated).zip(both(control)).map_or(Value::Null, |(treated, control)| {
                let estimate = change(treated) - change(control);
                mean_results(Some(estimate), compare_means(treated, control, confidence(input)))
            })
        }
        "did_paired_changes" => {
            let (treated, control) = (numbers(&input["treated_changes"]), numbers(&input["control_changes"]));
            let estimate =
                average(&treated).zip(average(&control)).map(|(treated, control)| treated - control);
            mean_results(estimate, compare_changes(&treated, &control, confidence(input)))
        }
        "did_rate_ratio" => {
            let [treated, control] = groups(|key| rate(&input[key]["count"], &input[key]["exposure"]));
            let rates = both(treated).zip(both(control));
            let compare = |(treated, control)| compare_rates(treated, control, confidence(input));
            results(rates.and_then(compare), "log_se")
        }
        "holm" => {
            let adjusted = holm(&numbers(&input["p_values"]), input["alpha"].as_f64().unwrap()).unwrap();
            json!({
                "adjusted": adjusted.iter().map(|adjusted| adjusted.p_value).collect::<Vec<_>>(),
                "reject": adjusted.iter().map(|adjusted| adjusted.rejected).collect::<Vec<_>>(),
            })
        }
        "attrition_bounds_binary" => attrition(input),
        _ => return None,
    })
}

fn groups<T>(cell: impl Fn(&str) -> T) -> [Waves<T>; 2] {
    ["treated", "control"].map(|group| Waves {
        before: cell(&format!("{group}_before")),
        after: cell(&format!("{group}_after")),
    })
}

fn both<T>(waves: Waves<Option<T>>) -> Option<Waves<T>> {
    Some(Waves { before: waves.before?, after: waves.after? })
}

fn mean(cell: &Value) -> Option<Mean> {
    Mean::new(cell["mean"].as_f64()?, cell["sd"].as_f64().unwrap_or(0.0), count(&cell["n"])?)
}

fn change(waves: Waves<Mean>) -> f64 {
    waves.after.mean() - waves.before.mean()
}

fn numbers(values: &Value) -> Vec<f64> {
    values.as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect()
}

fn average(values: &[f64]) -> Option<f64> {
    let n = u32::try_from(values.len()).unwrap();
    (n > 0).then(|| values.iter().sum::<f64>() / f64::from(n))
}

fn results(comparison: Option<Comparison>, standard_error: &str) -> Value {
    comparison.map_or(Value::Null, |comparison| {
        json!({
            "estimate": comparison.estimate,
            "ci_low": comparison.interval.low,
            "ci_high": comparison.interval.high,
            standard_error: comparison.se,
            "p_value": comparison.p_value,
        })
    })
}

/// The estimate stands also where nothing can be said of its uncertainty.
fn mean_results(estimate: Option<f64>, comparison: Option<MeanComparison>) -> Value {
    let test = comparison.and_then(|comparison| comparison.test);
    json!({
        "estimate": estimate,
        "se": comparison.map(|comparison| comparison.se),
        "df": test.map(|test| test.df),
        "t": test.map(|test| test.t),
        "p_value": test.map(|test| test.p_value),
        "ci_low": test.map(|test| test.interval.low),
        "ci_high": test.and_then(|test| test.interval.high),
    })
}

fn attrition(input: &Value) -> Value {
    let (before, after) = (share(input, "x0", "n_enrolled"), share(input, "x1", "n1"));
    attrition_bounds(before, after).map_or(Value::Null, |bounds| {
        json!({
            "attrition_rate": bounds.attrition,
            "complete_case": bounds.complete_case,
            "after_min": bounds.after.low,
            "after_max": bounds.after.high,
            "diff_min": bounds.difference.low,
            "diff_max": bounds.difference.high,
            "rel_min": bounds.relative_change.map(|interval| interval.low),
            "rel_max": bounds.relative_change.and_then(|interval| interval.high),
        })
    })
}
