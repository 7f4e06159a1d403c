//! The ratio of two shares of different people.

use crate::distribution::two_sided;
use crate::interval::{Confidence, Interval};
use crate::score::{LOG_FAR, log_edge};
use crate::share::Share;

/// The interval of the ratio t = p1 / p0 of two shares of different people by the score test (Koopman 1984): every t
/// with (p1 − t·p0)² ≤ z²·(q1(1 − q1)/n1 + t²·q0(1 − q0)/n0), where q0 and q1 = t·q0 are the likeliest shares if the
/// ratio is t.
///
/// None where either has no data. At x1 = 0 the lower end is 0; at x0 = 0 there is no upper end (and no estimate).
pub fn koopman(before: Share, after: Share, confidence: Confidence) -> Option<Interval> {
    let (p0, p1) = (before.value()?, after.value()?);
    let estimate = match (before.successes(), after.successes()) {
        (0, 0) => return Some(Interval { low: 0.0, high: None }),
        (0, _) => LOG_FAR,
        (_, 0) => -LOG_FAR,
        (..) => (p1 / p0).ln(),
    };
    let accepts = |log_ratio: f64| koopman_accepts(before, after, log_ratio.exp(), confidence.z());
    let low = if after.successes() == 0 { 0.0 } else { log_edge(estimate, -1.0, accepts).exp() };
    if before.successes() == 0 {
        return Some(Interval { low, high: None });
    }
    let high = log_edge(estimate, 1.0, accepts).exp();
    Some(Interval { low, high: Some(high) }.including(p1 / p0))
}

fn koopman_accepts(before: Share, after: Share, t: f64, z: f64) -> bool {
    let (x0, n0) = (f64::from(before.successes()), f64::from(before.n()));
    let (x1, n1) = (f64::from(after.successes()), f64::from(after.n()));
    // q0 solves A·q0² + B·q0 + C = 0 with A = (n0 + n1)t, B = −(t(n1 + x0) + n0 + x1), C = x0 + x1. The discriminant
    // is written as a sum of squares and products that are never negative: B² − 4AC would cancel.
    let (a, b) = (t * (n1 + x0), n0 + x1);
    let root = ((a - b).powi(2) + 4.0 * t * (n0 - x0) * (n1 - x1)).sqrt();
    let q0 = (2.0 * (x0 + x1) / (a + b + root)).min(1.0);
    let q1 = (t * q0).min(1.0);
    let variance = q1 * (1.0 - q1) / n1 + t * t * q0 * (1.0 - q0) / n0;
    (x1 / n1 - t * x0 / n0).powi(2) <= z * z * variance
}

/// The p-value of a ratio of 1 that belongs to the interval of Koopman, and also to a difference of 0: the score test
/// z = (p1 − p0)/√(p(1 − p)(1/n0 + 1/n1)) with p the share of all, two-sided (the root of Pearson's χ², 1900).
///
/// None where either has no data; 1 where all or none have the outcome.
pub fn koopman_p(before: Share, after: Share) -> Option<f64> {
    let difference = after.value()? - before.value()?;
    let ([x0, f0], [x1, f1]) = (before.cells(), after.cells());
    let n = x0 + f0 + x1 + f1;
    let variance = (x0 + x1) / (x0 + f0) * ((f0 + f1) / (x1 + f1)) / n;
    Some(if variance > 0.0 { two_sided(difference / variance.sqrt()) } else { 1.0 })
}

/// The interval of the relative change p1 / p0 − 1 of two shares of different people on the logarithmic scale (Katz et
/// al. 1978): RR·exp(±z·√(1/x1 − 1/n1 + 1/x0 − 1/n0)) − 1. A check of Koopman's, near it where the counts are large.
///
/// None where either count is 0, which has no logarithm.
pub fn katz(before: Share, after: Share, confidence: Confidence) -> Option<Interval> {
    if before.successes() == 0 || after.successes() == 0 {
        return None;
    }
    let estimate = after.value()? / before.value()?;
    let variance = |share: Share| {
        let [x, f] = share.cells();
        f / x / (x + f)
    };
    let half = confidence.z() * (variance(before) + variance(after)).sqrt();
    let interval = Interval { low: estimate * (-half).exp(), high: Some(estimate * half.exp()) };
    Some(interval.shifted(-1.0))
}
