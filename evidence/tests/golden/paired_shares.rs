//! Shares of the same people.

use evidence::paired::{envelope, margin_bounds, mcnemar, nam_blackwelder, newcombe, tango};
use serde_json::{Value, json};

use crate::{confidence, difference, ratio, share, table, with_estimate};

pub fn run(method: &str, input: &Value) -> Option<Value> {
    let same = |x: &str| share(input, x, "n");
    Some(match method {
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
        "paired_diff_newcombe" => {
            let table = table(input);
            let estimate = difference(table.before().unwrap(), table.after().unwrap());
            with_estimate(estimate, newcombe(&table, confidence(input)))
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
        _ => return None,
    })
}
