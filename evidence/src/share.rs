//! Shares: so many of so many. One share, and two shares of different people.

use crate::interval::{Confidence, Interval};
use crate::score::{LOG_FAR, log_edge};

/// How many of how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    successes: u32,
    n: u32,
}

impl Share {
    /// None where there are more successes than people. A share of nobody is allowed and means that there are no data.
    pub const fn new(successes: u32, n: u32) -> Option<Self> {
        if successes <= n { Some(Self { successes, n }) } else { None }
    }

    pub const fn successes(self) -> u32 {
        self.successes
    }

    pub const fn n(self) -> u32 {
        self.n
    }

    /// From 0 to 1; none without data.
    pub fn value(self) -> Option<f64> {
        (self.n > 0).then(|| f64::from(self.successes) / f64::from(self.n))
    }
}

/// The interval of one share (Wilson 1927), without continuity correction:
/// (x + z²/2 ± z·√(x(n − x)/n + z²/4)) / (n + z²).
///
/// None without data. At x = 0 the lower end is exactly 0, at x = n the upper end is exactly 1.
pub fn wilson(share: Share, confidence: Confidence) -> Option<Interval> {
    let estimate = share.value()?;
    let (x, n, z) = (f64::from(share.successes), f64::from(share.n), confidence.z());
    let centre = x + z * z / 2.0;
    let half = z * (x * (n - x) / n + z * z / 4.0).sqrt();
    let low = if share.successes == 0 { 0.0 } else { (centre - half) / (n + z * z) };
    let high = if share.successes == share.n { 1.0 } else { (centre + half) / (n + z * z) };
    Some(Interval { low: low.max(0.0), high: Some(high.min(1.0)) }.including(estimate))
}

/// The interval of the difference p1 − p0 of two shares of different people (Newcombe 1998, method 10), without
/// continuity correction: from d − √((p1 − l1)² + (u0 − p0)²) to d + √((u1 − p1)² + (p0 − l0)²), where l and u are the
/// Wilson limits.
///
/// None where either has no data. Within −1 and 1.
pub fn newcombe(before: Share, after: Share, confidence: Confidence) -> Option<Interval> {
    let ((p0, low0, high0), (p1, low1, high1)) =
        (wilson_limits(before, confidence)?, wilson_limits(after, confidence)?);
    let low = p1 - p0 - (p1 - low1).hypot(high0 - p0);
    let high = p1 - p0 + (high1 - p1).hypot(p0 - low0);
    Some(Interval { low: low.max(-1.0), high: Some(high.min(1.0)) })
}

fn wilson_limits(share: Share, confidence: Confidence) -> Option<(f64, f64, f64)> {
    let Interval { low, high } = wilson(share, confidence)?;
    Some((share.value()?, low, high?))
}

/// The interval of the ratio t = p1 / p0 of two shares of different people by the score test (Koopman 1984): every t
/// with (p1 − t·p0)² ≤ z²·(q1(1 − q1)/n1 + t²·q0(1 − q0)/n0), where q0 and q1 = t·q0 are the likeliest shares if the
/// ratio is t.
///
/// None where either has no data. At x1 = 0 the lower end is 0; at x0 = 0 there is no upper end (and no estimate).
pub fn koopman(before: Share, after: Share, confidence: Confidence) -> Option<Interval> {
    let (p0, p1) = (before.value()?, after.value()?);
    let estimate = match (before.successes, after.successes) {
        (0, 0) => return Some(Interval { low: 0.0, high: None }),
        (0, _) => LOG_FAR,
        (_, 0) => -LOG_FAR,
        (..) => (p1 / p0).ln(),
    };
    let accepts = |log_ratio: f64| koopman_accepts(before, after, log_ratio.exp(), confidence.z());
    let low = if after.successes == 0 { 0.0 } else { log_edge(estimate, -1.0, accepts).exp() };
    if before.successes == 0 {
        return Some(Interval { low, high: None });
    }
    let high = log_edge(estimate, 1.0, accepts).exp();
    Some(Interval { low, high: Some(high) }.including(p1 / p0))
}

fn koopman_accepts(before: Share, after: Share, t: f64, z: f64) -> bool {
    let (x0, n0) = (f64::from(before.successes), f64::from(before.n));
    let (x1, n1) = (f64::from(after.successes), f64::from(after.n));
    // q0 solves A·q0² + B·q0 + C = 0 with A = (n0 + n1)t, B = −(t(n1 + x0) + n0 + x1), C = x0 + x1. The discriminant
    // is written as a sum of squares and products that are never negative: B² − 4AC would cancel.
    let (a, b) = (t * (n1 + x0), n0 + x1);
    let root = ((a - b).powi(2) + 4.0 * t * (n0 - x0) * (n1 - x1)).sqrt();
    let q0 = (2.0 * (x0 + x1) / (a + b + root)).min(1.0);
    let q1 = (t * q0).min(1.0);
    let variance = q1 * (1.0 - q1) / n1 + t * t * q0 * (1.0 - q0) / n0;
    (x1 / n1 - t * x0 / n0).powi(2) <= z * z * variance
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(successes: u32, n: u32) -> Share {
        Share::new(successes, n).unwrap()
    }

    fn rounded(interval: Option<Interval>) -> String {
        let Interval { low, high } = interval.unwrap();
        format!("[{low:.3}; {:.3}]", high.unwrap())
    }

    #[test]
    fn more_successes_than_people_are_no_share() {
        assert_eq!(Share::new(2, 1), None);
        assert_eq!(share(0, 0).value(), None);
    }

    #[test]
    fn the_report_as_if_its_waves_were_different_people() {
        let absence = koopman(share(13, 43), share(5, 43), Confidence::P95);
        assert_eq!(rounded(absence), "[0.152; 0.936]");
        let friendships = koopman(share(14, 43), share(26, 43), Confidence::P95);
        assert_eq!(rounded(friendships), "[1.158; 3.097]");
    }

    #[test]
    fn a_ratio_to_nothing_has_no_upper_end() {
        let from_nothing = koopman(share(0, 12), share(3, 15), Confidence::P95).unwrap();
        assert!(from_nothing.low > 0.0 && from_nothing.high.is_none());
        let to_nothing = koopman(share(3, 15), share(0, 12), Confidence::P95).unwrap();
        assert!(to_nothing.low.abs() < f64::MIN_POSITIVE && to_nothing.high.unwrap() > 0.0);
    }

    #[test]
    fn without_data_there_is_no_interval() {
        let (none, some) = (share(0, 0), share(3, 15));
        assert_eq!(wilson(none, Confidence::P95), None);
        assert_eq!(newcombe(none, some, Confidence::P95), None);
        assert_eq!(koopman(some, none, Confidence::P95), None);
    }
}
