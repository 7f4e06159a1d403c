//! Printed figures.

use evidence::claim::{ChangeClaim, check_change, reconstruct_count};
use serde_json::{Value, json};

use crate::count;

pub fn run(method: &str, input: &Value) -> Option<Value> {
    Some(match method {
        "reconstruct_count" => {
            let counts = reconstruct_count(input["percent"].as_str().unwrap(), count(&input["n"]).unwrap());
            json!({"counts": counts.collect::<Vec<_>>()})
        }
        "claim_check" => claim_check(input),
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
