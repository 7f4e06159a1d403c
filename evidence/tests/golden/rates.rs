//! Rates of different people.

use evidence::rate::{Rate, garwood, rate_ratio, rate_ratio_p};
use serde_json::{Value, json};

use crate::{confidence, count, with_estimate};

pub fn run(method: &str, input: &Value) -> Option<Value> {
    Some(match method {
        "poisson_rate_exact" => {
            let rate = rate(&input["count"], &input["exposure"]);
            with_estimate(rate.map(Rate::value), rate.map(|rate| garwood(rate, confidence(input))))
        }
        "rate_ratio_exact" => {
            let before = rate(&input["count0"], &input["exposure0"]);
            let after = rate(&input["count1"], &input["exposure1"]);
            before.zip(after).map_or(Value::Null, |(before, after)| {
                let estimate = (before.count() > 0).then(|| after.value() / before.value());
                let mut result = with_estimate(estimate, Some(rate_ratio(before, after, confidence(input))));
                result["p_value"] = json!(rate_ratio_p(before, after));
                result
            })
        }
        _ => return None,
    })
}

pub fn rate(events: &Value, exposure: &Value) -> Option<Rate> {
    Rate::new(count(events).unwrap(), exposure.as_f64().unwrap())
}
