//! Values of the same people, and instruments.

use evidence::effect_size::hedges_g_paired;
use evidence::goal::{Direction, Millionths};
use evidence::instrument::{Instrument, who5_score};
use evidence::paired_values::{PairedValues, hodges_lehmann, paired_t, sign_test, wilcoxon_signed_rank};
use evidence::share::{Share, wilson};
use serde_json::{Value, json};

use crate::{confidence, with_effect_size, with_estimate, with_test};

pub fn run(method: &str, input: &Value) -> Option<Value> {
    Some(match method {
        "paired_t" => {
            let values = values(input);
            let difference = values.difference();
            let mut answer =
                with_test((values.n() > 0).then(|| difference.mean()), paired_t(&values, confidence(input)));
            answer["sd"] = json!((values.n() > 1).then(|| difference.sd()));
            answer["df"] = json!(values.n().checked_sub(1));
            answer
        }
        "sign_test" => {
            let test = sign_test(&values(input));
            json!({"n_pos": test.positive, "n_neg": test.negative, "n_zero": test.zero, "p_value": test.p_value})
        }
        "wilcoxon_signed_rank" => {
            let test = wilcoxon_signed_rank(&values(input));
            json!({
                "n_used": test.n_used,
                "w_plus": test.w_plus,
                "p_value": test.p_value,
                "method": test.method.as_str().to_lowercase(),
            })
        }
        "hodges_lehmann" => {
            let differences = numbers(&input["diffs"]);
            let values = PairedValues::new(vec![0.0; differences.len()], differences).unwrap();
            let found = hodges_lehmann(&values, confidence(input));
            with_estimate(found.map(|found| found.estimate), found.and_then(|found| found.interval))
        }
        "hedges_g_paired_smcr" => {
            let values = values(input);
            let mut answer = with_effect_size(hedges_g_paired(&values, confidence(input)));
            answer["r"] = json!(values.correlation());
            answer
        }
        "who5_score" => {
            let answers = input["items"].as_array().unwrap().iter();
            let answers: Vec<_> = answers.map(|item| u8::try_from(item.as_u64()?).ok()).collect();
            let who5 = answers.try_into().ok().and_then(who5_score);
            json!({
                "raw": who5.map(|who5| who5.raw),
                "score": who5.map(|who5| who5.score),
                "band": who5.map(|who5| who5.band.as_str()),
            })
        }
        "who5_change" => who5_change(input),
        _ => return None,
    })
}

fn who5_change(input: &Value) -> Value {
    let scores = values(input);
    let range = Millionths(0)..=Millionths(100_000_000);
    let Some(instrument) = Instrument::new(Direction::Up, range, millionths(&input["mcid"])) else {
        return Value::Null;
    };
    let changes = instrument.changes(&scores);
    let share = changes.share_improved();
    let improved = share.and_then(|share| wilson(share, confidence(input)));
    let net = changes.net_interval(confidence(input));
    json!({
        "n": scores.n(),
        "improved": changes.improved(),
        "worsened": changes.worsened(),
        "unchanged": changes.unchanged(),
        "share_improved": share.and_then(Share::value),
        "share_improved_low": improved.map(|improved| improved.low),
        "share_improved_high": improved.and_then(|improved| improved.high),
        "net_change": changes.net_change(),
        "net_low": net.map(|net| net.low),
        "net_high": net.and_then(|net| net.high),
    })
}

fn values(input: &Value) -> PairedValues {
    PairedValues::new(numbers(&input["before"]), numbers(&input["after"])).unwrap()
}

fn numbers(list: &Value) -> Vec<f64> {
    list.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

fn millionths(number: &Value) -> Millionths {
    Millionths(format!("{:.6}", number.as_f64().unwrap()).replace('.', "").parse().unwrap())
}
