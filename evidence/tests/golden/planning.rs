//! What is computed before measuring.

use evidence::goal::Direction;
use evidence::interval::Confidence;
use evidence::planning::{Power, paired_shares, paired_values, shares};
use serde_json::{Value, json};

use crate::count;

pub fn run(method: &str, input: &Value) -> Option<Value> {
    let number = |key: &str| input[key].as_f64().unwrap();
    let n = |key: &str| count(&input[key]).unwrap();
    let confidence = || Confidence::new(1.0 - number("alpha")).unwrap();
    let power = |key: &str| Power::new(number(key)).unwrap();
    Some(match method {
        "power_two_proportions" => {
            json!({"power": shares::power(number("p0"), number("p1"), n("n_per_group"), confidence())})
        }
        "mde_two_proportions" => {
            let direction = if input["direction"] == "UP" { Direction::Up } else { Direction::Down };
            let p0 = number("p0");
            let p1 = shares::detectable(p0, direction, n("n_per_group"), confidence(), power("power"));
            json!({"p1": p1, "mde_points": p1.map(|p1| 100.0 * (p1 - p0).abs())})
        }
        "power_paired_t" => {
            json!({"power": paired_values::power(number("delta"), number("sd_diff"), n("n"), confidence())})
        }
        "mde_paired_t" => {
            json!({"mde": paired_values::detectable(number("sd_diff"), n("n"), confidence(), power("power"))})
        }
        "power_mcnemar_connor" => {
            let (p10, p01) = (number("p10"), number("p01"));
            json!({
                "power": paired_shares::power(p10, p01, n("n"), confidence()),
                "n_required": paired_shares::needed(p10, p01, confidence(), power("target_power")),
            })
        }
        _ => return None,
    })
}
