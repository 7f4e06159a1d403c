//! The difference of two shares of different people.

use crate::distribution::two_sided;
use crate::interval::{Confidence, Interval};
use crate::score::edge;
use crate::share::{Share, wilson_limits};

/// The interval of the difference p1 − p0 of two shares of different people (Newcombe 1998, method 10), without
/// continuity correction: from d − √((p1 − l1)² + (u0 − p0)²) to d + √((u1 − p1)² + (p0 − l0)²), where l and u are the
/// Wilson limits.
///
/// None where either has no data. Within −1 and 1.
pub fn newcombe(before: Share, after: Share, confidence: Confidence) -> Option<Interval> {
    let [low, high] = limits(before, after, confidence.z())?;
    Some(Interval { low: low.max(-1.0), high: Some(high.min(1.0)) })
}

/// The p-value of no difference that belongs to the interval of Newcombe: 1 less the highest confidence at which it
/// excludes 0, searched by halving. Like the Wald test, but each variance is that of the Wilson limit on the side of the
/// other share, and not of the share itself.
///
/// None where either has no data; 1 where the shares are equal.
pub fn newcombe_p(before: Share, after: Share) -> Option<f64> {
    /// The tail beyond it is nought.
    const FAR: f64 = 40.0;
    limits(before, after, 0.0)?;
    let excludes_zero = |z| limits(before, after, z).is_some_and(|[low, high]| low > 0.0 || high < 0.0);
    Some(two_sided(edge(0.0, FAR, excludes_zero)))
}

fn limits(before: Share, after: Share, z: f64) -> Option<[f64; 2]> {
    let ([low0, p0, high0], [low1, p1, high1]) = (wilson_limits(before, z)?, wilson_limits(after, z)?);
    Some([p1 - p0 - (p1 - low1).hypot(high0 - p0), p1 - p0 + (high1 - p1).hypot(p0 - low0)])
}
