//! Shares of different people.

use evidence::share::{koopman, newcombe, wilson};
use serde_json::Value;

use crate::{confidence, difference, ratio, share, with_estimate};

pub fn run(method: &str, input: &Value) -> Option<Value> {
    let before = || share(input, "x0", "n0");
    let after = || share(input, "x1", "n1");
    Some(match method {
        "proportion_wilson" => {
            let share = share(input, "x", "n");
            with_estimate(share.value(), wilson(share, confidence(input)))
        }
        "diff_proportions_newcombe" => {
            with_estimate(difference(before(), after()), newcombe(before(), after(), confidence(input)))
        }
        "ratio_proportions_koopman" => {
            with_estimate(ratio(before(), after()), koopman(before(), after(), confidence(input)))
        }
        _ => return None,
    })
}
