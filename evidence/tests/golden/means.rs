//! Means of different people.

use evidence::effect_size::hedges_g;
use evidence::mean::{Mean, log_response_ratio, welch};
use serde_json::{Value, json};

use crate::{confidence, count, with_effect_size, with_estimate, with_test};

pub fn run(method: &str, input: &Value) -> Option<Value> {
    let waves = || (mean(input, "mean0", "sd0", "n0"), mean(input, "mean1", "sd1", "n1"));
    Some(match method {
        "welch_summary" => {
            let (before, after) = waves();
            with_test(difference(before, after), welch(before, after, confidence(input)))
        }
        "hedges_g_independent" => {
            let (before, after) = waves();
            with_effect_size(hedges_g(before, after, confidence(input)))
        }
        "relative_change_means_log" => {
            let (before, after) = waves();
            let r = input["r"].as_f64().unwrap_or(0.0);
            let change = log_response_ratio(before, after, r, confidence(input));
            let mut answer = with_estimate(ratio(before, after), change.map(|change| change.interval));
            answer["log_se"] = json!(change.map(|change| change.log_se));
            answer
        }
        _ => return None,
    })
}

/// Of one value there is no standard deviation.
fn mean(input: &Value, mean: &str, sd: &str, n: &str) -> Mean {
    let mean = input[mean].as_f64().unwrap_or_default();
    Mean::new(mean, input[sd].as_f64().unwrap_or_default(), count(&input[n]).unwrap()).unwrap()
}

fn difference(before: Mean, after: Mean) -> Option<f64> {
    (before.n() > 0 && after.n() > 0).then(|| after.mean() - before.mean())
}

fn ratio(before: Mean, after: Mean) -> Option<f64> {
    let is_positive = before.mean() > 0.0 && after.mean() > 0.0;
    difference(before, after).filter(|_| is_positive).map(|difference| difference / before.mean())
}
