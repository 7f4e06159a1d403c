//! Shares: so many of so many. One share, and two shares of different people.

mod difference;
mod fisher;
mod ratio;

use crate::binomial::lowest_log_odds;
use crate::interval::{Confidence, Interval};

pub use difference::{newcombe, newcombe_p};
pub use fisher::fisher;
pub use ratio::{katz, koopman, koopman_p};

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

    /// Those with the outcome and those without.
    fn cells(self) -> [f64; 2] {
        [self.successes, self.n - self.successes].map(f64::from)
    }
}

/// The interval of one share (Wilson 1927), without continuity correction:
/// (x + z²/2 ± z·√(x(n − x)/n + z²/4)) / (n + z²).
///
/// None without data. At x = 0 the lower end is exactly 0, at x = n the upper end is exactly 1.
pub fn wilson(share: Share, confidence: Confidence) -> Option<Interval> {
    let [low, _, high] = wilson_limits(share, confidence.z())?;
    Some(Interval { low, high: Some(high) })
}

/// The lower limit, the share and the upper limit at that quantile z.
pub(crate) fn wilson_limits(share: Share, z: f64) -> Option<[f64; 3]> {
    let estimate = share.value()?;
    let (x, n) = (f64::from(share.successes), f64::from(share.n));
    let centre = x + z * z / 2.0;
    let half = z * (x * (n - x) / n + z * z / 4.0).sqrt();
    let low = if share.successes == 0 { 0.0 } else { (centre - half) / (n + z * z) };
    let high = if share.successes == share.n { 1.0 } else { (centre + half) / (n + z * z) };
    Some([low.clamp(0.0, estimate), estimate, high.clamp(estimate, 1.0)])
}

/// The exact interval of one share (Clopper and Pearson 1934): every share at which neither x or more nor x or fewer
/// successes have a probability below half of what the confidence leaves. It covers at least as often as it says.
///
/// None without data. At x = 0 the lower end is exactly 0, at x = n the upper end is exactly 1.
pub fn clopper_pearson(share: Share, confidence: Confidence) -> Option<Interval> {
    let estimate = share.value()?;
    let [successes, failures] = share.cells();
    let low = lowest_log_odds([successes, failures], confidence);
    let high = lowest_log_odds([failures, successes], confidence);
    let interval = Interval {
        low: low.map_or(0.0, |log_odds| 1.0 / (1.0 + (-log_odds).exp())),
        high: Some(high.map_or(1.0, |log_odds| 1.0 / (1.0 + log_odds.exp()))),
    };
    Some(interval.including(estimate))
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
        assert_eq!(clopper_pearson(none, Confidence::P95), None);
        assert_eq!(newcombe(none, some, Confidence::P95), None);
        assert_eq!(koopman(some, none, Confidence::P95), None);
    }
}
