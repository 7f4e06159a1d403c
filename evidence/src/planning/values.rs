//! Two means of different people, as many in each group.

use super::paired_values::{detectable_shift, of_shift};
use crate::interval::Confidence;
use crate::planning::{Power, smallest};

/// The power of the t test with n people in each group to find a difference of `difference` where the values of both have
/// the standard deviation `sd`, in their unit: P(|T| > t) for T non-central with 2n − 2 degrees of freedom and the shift
/// √(n/2)·difference/sd (Johnson and Welch 1940). Both tails count.
///
/// None where n < 2, the difference is not a finite number or the standard deviation not a finite one above 0.
pub fn power(difference: f64, sd: f64, n: u32, confidence: Confidence) -> Option<f64> {
    (n >= 2 && difference.is_finite() && sd > 0.0 && sd.is_finite())
        .then(|| of_shift((f64::from(n) / 2.0).sqrt() * (difference / sd), freedom(n), confidence))
}

/// The smallest difference, up or down, that n people in each group find with that power: not negative.
///
/// None where n < 2, the standard deviation is not a finite number above 0 or the difference is too large for one.
pub fn detectable(sd: f64, n: u32, confidence: Confidence, target: Power) -> Option<f64> {
    if n < 2 || !(sd > 0.0 && sd.is_finite()) {
        return None;
    }
    let shift = detectable_shift(freedom(n), confidence, target);
    Some(shift / (f64::from(n) / 2.0).sqrt() * sd).filter(|difference| difference.is_finite())
}

/// How many people each group needs to find the difference with that power; none where no number is enough.
pub fn needed(difference: f64, sd: f64, confidence: Confidence, target: Power) -> Option<u32> {
    smallest(2, |n| power(difference, sd, n, confidence).is_some_and(|power| power >= target.level))
}

fn freedom(n: u32) -> f64 {
    2.0 * f64::from(n) - 2.0
}
