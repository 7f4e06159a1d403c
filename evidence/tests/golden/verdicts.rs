//! Goals and whether they are reached.

use evidence::goal::{Basis, Direction, Goal, Millionths};
use evidence::paired::PairedTable;
use evidence::verdict::{Attainment, Pairing, Reason, Wave, assess_shares};
use serde_json::{Value, json};

use crate::{confidence, count, share};

pub fn run(method: &str, input: &Value) -> Option<Value> {
    (method == "verdict_proportion").then(|| verdict_proportion(input))
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
