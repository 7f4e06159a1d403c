//! Values of the same people measured twice.

use crate::distribution::noncentral::upper;
use crate::distribution::student::quantile;
use crate::interval::Confidence;
use crate::planning::{Power, smallest};
use crate::score::{LOG_FAR, log_edge};

/// The power of the paired t test with n people to find a mean change of `change` where the changes have the standard
/// deviation `sd`, both in the unit of the values: P(|T| > t) for T non-central with n − 1 degrees of freedom and the
/// shift √n·change/sd (Johnson and Welch 1940). Both tails count: without a change it is the significance level.
///
/// None where n < 2, the change is not a finite number or the standard deviation not a finite one above 0.
pub fn power(change: f64, sd: f64, n: u32, confidence: Confidence) -> Option<f64> {
    (n >= 2 && change.is_finite() && sd > 0.0 && sd.is_finite())
        .then(|| of_shift(f64::from(n).sqrt() * (change / sd), f64::from(n) - 1.0, confidence))
}

/// P(|T| > t) for T non-central with these degrees of freedom.
pub(super) fn of_shift(shift: f64, df: f64, confidence: Confidence) -> f64 {
    let t = quantile(df, confidence);
    (upper(t, df, shift) + upper(t, df, -shift)).min(1.0)
}

/// The smallest shift that is found with that power; 0 where the significance level already is that much.
pub(super) fn detectable_shift(df: f64, confidence: Confidence, target: Power) -> f64 {
    if target.level <= confidence.significance() {
        return 0.0;
    }
    let falls_short = |log_shift: f64| of_shift(log_shift.exp(), df, confidence) < target.level;
    log_edge(-LOG_FAR, 1.0, falls_short).exp()
}

/// The smallest mean change, up or down, that n people find with that power: not negative, in the unit of `sd`. It is 0
/// where the significance level already is that much.
///
/// None where n < 2, the standard deviation is not a finite number above 0 or the change is too large for one.
pub fn detectable(sd: f64, n: u32, confidence: Confidence, target: Power) -> Option<f64> {
    if n < 2 || !(sd > 0.0 && sd.is_finite()) {
        return None;
    }
    let shift = detectable_shift(f64::from(n) - 1.0, confidence, target);
    Some(shift / f64::from(n).sqrt() * sd).filter(|change| change.is_finite())
}

/// How many people it takes to find a mean change of `change` with that power; none where no number is enough, and where
/// there is no power to speak of.
pub fn needed(change: f64, sd: f64, confidence: Confidence, target: Power) -> Option<u32> {
    smallest(2, |n| power(change, sd, n, confidence).is_some_and(|power| power >= target.level))
}
