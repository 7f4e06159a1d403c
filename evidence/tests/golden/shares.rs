//! Shares of different people.

use evidence::share::{clopper_pearson, fisher, katz, koopman, newcombe, wilson};
use serde_json::{Value, json};

use crate::{confidence, difference, ratio, share, with_estimate};

pub fn run(method: &str, input: &Value) -> Option<Value> {
    let before = || share(input, "x0", "n0");
    let after = || share(input, "x1", "n1");
    Some(match method {
        "proportion_wilson" => {
            let share = share(input, "x", "n");
            with_estimate(share.value(), wilson(share, confidence(input)))
        }
        "proportion_clopper_pearson" => {
            let share = share(input, "x", "n");
            with_estimate(share.value(), clopper_pearson(share, confidence(input)))
        }
        "fisher_exact" => json!({"p_value": fisher(before(), after())}),
        "relative_change_katz" => {
            let estimate = ratio(before(), after()).map(|ratio| ratio - 1.0);
            with_estimate(estimate, katz(before(), after(), confidence(input)))
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
