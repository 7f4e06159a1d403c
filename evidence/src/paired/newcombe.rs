//! The difference of paired shares without a search.

use crate::interval::{Confidence, Interval};
use crate::paired::PairedTable;
use crate::share::wilson_limits;

/// The interval of the difference d = p1 − p0 of paired shares (Newcombe 1998, paired, method 10): from
/// d − √(a² − 2φab + b²) with a = p1 − l1 and b = u0 − p0 to d + √(a² − 2φab + b²) with a = u1 − p1 and b = p0 − l0, where
/// l and u are the Wilson limits and φ is the correlation, corrected for continuity. A check of Tango's.
///
/// None without people, or with more than a share counts. Within −1 and 1; defined also where nobody changes.
pub fn newcombe(table: &PairedTable, confidence: Confidence) -> Option<Interval> {
    let [low0, p0, high0] = wilson_limits(table.before()?, confidence.z())?;
    let [low1, p1, high1] = wilson_limits(table.after()?, confidence.z())?;
    let [n11, n10, n01, n00] = table.cells();
    let phi = correlation([n11, n10, n01, n00]);
    // (a − b)² + 2(1 − φ)ab, which does not cancel.
    let half = |a: f64, b: f64| (a - b).hypot((2.0 * (1.0 - phi) * a * b).sqrt());
    let estimate = (n01 - n10) / (n11 + n10 + n01 + n00);
    Some(Interval {
        low: (estimate - half(p1 - low1, high0 - p0)).max(-1.0),
        high: Some((estimate + half(high1 - p1, p0 - low0)).min(1.0)),
    })
}

/// (n11·n00 − n10·n01)/√(x0(n − x0)x1(n − x1)), of which the numerator, where it is positive, is less by n/2 but not below
/// 0; and 0 where all or none have the outcome at one time.
fn correlation([n11, n10, n01, n00]: [f64; 4]) -> f64 {
    let excess = n11 * n00 - n10 * n01;
    let corrected = if excess > 0.0 { (excess - (n11 + n10 + n01 + n00) / 2.0).max(0.0) } else { excess };
    let square = (n11 + n10) * (n01 + n00) * ((n11 + n01) * (n10 + n00));
    if square > 0.0 { (corrected / square.sqrt()).clamp(-1.0, 1.0) } else { 0.0 }
}
