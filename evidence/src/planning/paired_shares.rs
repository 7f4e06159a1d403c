//! Shares of the same people measured twice, by those who change.

use crate::distribution::normal;
use crate::interval::Confidence;
use crate::planning::{Power, is_probability, smallest};

/// The power of `McNemar`'s test with n people to find that more change one way than the other (Connor 1987):
/// Φ((√n·|d| − z·√s)/√(s − d²)), with s = p10 + p01 the share who change, with the outcome before only or after only, and
/// d = p01 − p10. Only finding it the right way round counts.
///
/// None where the shares are none or add up to more than 1, without people, and where nobody changes.
pub fn power(p10: f64, p01: f64, n: u32, confidence: Confidence) -> Option<f64> {
    let Changes { difference, root, spread } = Changes::new(p10, p01).filter(|_| n > 0)?;
    let margin = f64::from(n).sqrt() * difference - confidence.z() * root;
    if spread > 0.0 {
        return Some(normal(margin / spread).lower);
    }
    Some(if margin >= 0.0 { 1.0 } else { 0.0 })
}

/// How many people it takes to find it with that power: the first whole number from (z·√s + z′·√(s − d²))²/d² on, with z′
/// the quantile of the power. None where no number is enough.
pub fn needed(p10: f64, p01: f64, confidence: Confidence, target: Power) -> Option<u32> {
    let Changes { difference, root, spread } = Changes::new(p10, p01)?;
    let least = ((confidence.z() * root + target.z * spread).max(0.0) / difference).powi(2);
    smallest(1, |n| f64::from(n) >= least)
}

struct Changes {
    /// |d|.
    difference: f64,
    /// √s, above 0.
    root: f64,
    /// √(s − d²).
    spread: f64,
}

impl Changes {
    fn new(p10: f64, p01: f64) -> Option<Self> {
        let (all, difference) = (p10 + p01, (p01 - p10).abs());
        let is_table = is_probability(p10) && is_probability(p01) && all > 0.0 && all <= 1.0;
        // s − d² = s(1 − s) + 4·p10·p01.
        let spread = (all * (1.0 - all) + 4.0 * p10 * p01).sqrt();
        is_table.then_some(Self { difference, root: all.sqrt(), spread })
    }
}
