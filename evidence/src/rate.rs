//! Rates: so many events in so much time at risk. One rate, and two rates of different people.

use std::f64::consts::LN_2;

use crate::binomial::{lowest_log_odds, tails};
use crate::distribution::gamma::gamma;
use crate::exact::Ratio;
use crate::goal::Millionths;
use crate::interval::{Confidence, Interval};
use crate::score::{LOG_FAR, edge, log_edge};

/// So many events during the time, summed over all people, in which they could happen.
///
/// Every event counts, also several of one person; the intervals take events as independent, so where few people have
/// many each (overdispersion) they are too narrow.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    count: u32,
    exposure: f64,
}

impl Rate {
    /// None where the exposure is not a positive number, or so small or large (beyond 10^±50) that a ratio of rates would
    /// not be a number. In any unit of time; rates that are compared need the same.
    pub fn new(count: u32, exposure: f64) -> Option<Self> {
        (1e-50..=1e50).contains(&exposure).then_some(Self { count, exposure })
    }

    pub const fn count(self) -> u32 {
        self.count
    }

    pub const fn exposure(self) -> f64 {
        self.exposure
    }

    /// Events per unit of exposure.
    pub fn value(self) -> f64 {
        f64::from(self.count) / self.exposure
    }
}

/// A number of events as it is stored, and the exposure where that is stated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    count: u32,
    exposure: Option<Millionths>,
}

impl Count {
    /// None where the exposure is not positive.
    pub fn new(count: u32, exposure: Option<Millionths>) -> Option<Self> {
        let is_possible = exposure.is_none_or(|exposure| exposure > Millionths(0));
        is_possible.then_some(Self { count, exposure })
    }

    pub const fn count(self) -> u32 {
        self.count
    }

    pub const fn exposure(self) -> Option<Millionths> {
        self.exposure
    }

    /// Over an exposure of 1 where none is stated.
    pub fn rate(self) -> Rate {
        let exposure = self.exposure.map_or(1.0, |exposure| Ratio::from(exposure).to_f64());
        Rate { count: self.count, exposure }
    }
}

/// The exact interval of one rate (Garwood 1936): every rate at which neither so many events or more nor so many or fewer
/// have a probability below half of what the confidence leaves. Per unit of exposure.
///
/// Without events the lower end is exactly 0.
pub fn garwood(rate: Rate, confidence: Confidence) -> Interval {
    let [low, high] = limits(rate, confidence.significance() / 2.0);
    Interval { low, high: Some(high) }
}

fn limits(rate: Rate, tail: f64) -> [f64; 2] {
    let count = f64::from(rate.count);
    let estimate = if rate.count == 0 { -LOG_FAR } else { count.ln() };
    let low = if rate.count == 0 {
        0.0
    } else {
        log_edge(estimate, -1.0, |mean| gamma(count, mean.exp()).lower >= tail).exp() / rate.exposure
    };
    let high = log_edge(estimate, 1.0, |mean| gamma(count + 1.0, mean.exp()).upper >= tail).exp();
    [low.min(rate.value()), (high / rate.exposure).max(rate.value())]
}

/// The exact interval of the ratio of two rates of different people, after over before (Przyborowski and Wilenski 1940):
/// given the events in all, those after are binomial, and the limits of Clopper and Pearson for their odds, times e0/e1,
/// are those of the ratio.
///
/// Without events after the lower end is 0; without events before there is no upper end (and no estimate).
pub fn rate_ratio(before: Rate, after: Rate, confidence: Confidence) -> Interval {
    let (x0, x1) = (f64::from(before.count), f64::from(after.count));
    let scale = before.exposure / after.exposure;
    let low = lowest_log_odds([x1, x0], confidence).map_or(0.0, |log_odds| log_odds.exp() * scale);
    let high = lowest_log_odds([x0, x1], confidence).map(|log_odds| (-log_odds).exp() * scale);
    let interval = Interval { low, high };
    if before.count == 0 { interval } else { interval.including(after.value() / before.value()) }
}

/// The p-value of two equal rates that belongs to that interval: twice the smaller binomial tail, at most 1.
///
/// 1 without events.
pub fn rate_ratio_p(before: Rate, after: Rate) -> f64 {
    let all = before.exposure + after.exposure;
    let counts = [f64::from(after.count), f64::from(before.count)];
    let tails = tails(counts, [after.exposure / all, before.exposure / all]);
    (2.0 * tails.lower.min(tails.upper)).min(1.0)
}

/// The interval of the difference r1 − r0 of two rates of different people by MOVER (Zou and Donner 2008) over the two
/// intervals of Garwood (Li, Tang, Poon and Tang 2011): from d − √((r1 − l1)² + (u0 − r0)²) to
/// d + √((u1 − r1)² + (r0 − l0)²). Per unit of exposure.
///
/// Defined without events too.
pub fn rate_difference(before: Rate, after: Rate, confidence: Confidence) -> Interval {
    let [low, high] = difference_limits(before, after, confidence.significance() / 2.0);
    Interval { low, high: Some(high) }
}

fn difference_limits(before: Rate, after: Rate, tail: f64) -> [f64; 2] {
    let ([low0, high0], [low1, high1]) = (limits(before, tail), limits(after, tail));
    let (r0, r1) = (before.value(), after.value());
    [r1 - r0 - (r1 - low1).hypot(high0 - r0), r1 - r0 + (high1 - r1).hypot(r0 - low0)]
}

/// The p-value of no difference that belongs to that interval: 1 less the highest confidence at which it excludes 0,
/// searched by halving.
///
/// 1 where it does at none; never below 1e-260.
pub fn rate_difference_p(before: Rate, after: Rate) -> f64 {
    const LEAST_LOG_TAIL: f64 = -600.0;
    let excludes_zero = |log_tail: f64| {
        let [low, high] = difference_limits(before, after, log_tail.exp());
        low > 0.0 || high < 0.0
    };
    let half = -LN_2;
    if excludes_zero(half) { 2.0 * edge(half, LEAST_LOG_TAIL, excludes_zero).exp() } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exposure_is_a_positive_number() {
        for exposure in [0.0, -1.0, f64::NAN, f64::INFINITY, f64::MIN_POSITIVE, f64::MAX] {
            assert_eq!(Rate::new(1, exposure), None);
        }
        let rate = Rate::new(31, 43.0).unwrap();
        assert_eq!((rate.count(), rate.exposure(), rate.value()), (31, 43.0, 31.0 / 43.0));
    }

    #[test]
    fn without_events_there_is_an_upper_end_only() {
        let none = Rate::new(0, 10.0).unwrap();
        // e^(−10r) = 0.025.
        let high = -(0.025_f64.ln()) / 10.0;
        let interval = garwood(none, Confidence::P95);
        assert!(
            interval.low.abs() < f64::MIN_POSITIVE && (interval.high.unwrap() / high - 1.0).abs() < 1e-12
        );
        assert_eq!(rate_ratio(none, none, Confidence::P95), Interval { low: 0.0, high: None });
        assert!((rate_ratio_p(none, none) - 1.0).abs() < f64::EPSILON);
    }
}
