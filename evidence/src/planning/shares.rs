//! Two shares of different people, as many in each group.

use crate::distribution::normal;
use crate::goal::Direction;
use crate::interval::Confidence;
use crate::planning::{Power, is_probability, smallest};
use crate::score::edge;

/// The power to find that the shares p0 and p1 differ with n people in each group, by the normal approximation (Fleiss,
/// Levin and Paik 2003): Φ((√n·|p1 − p0| − z·√(2p(1 − p)))/√(p0(1 − p0) + p1(1 − p1))), where p is the mean of both. Only
/// finding it the right way round counts: without a difference it is half the significance level.
///
/// None where a share is not between 0 and 1, without people, and where neither share leaves anything to chance and they
/// are the same.
pub fn power(p0: f64, p1: f64, n: u32, confidence: Confidence) -> Option<f64> {
    if !is_probability(p0) || !is_probability(p1) || n == 0 {
        return None;
    }
    let (difference, mean) = ((p1 - p0).abs(), f64::midpoint(p0, p1));
    let margin = f64::from(n).sqrt() * difference - confidence.z() * (2.0 * mean * (1.0 - mean)).sqrt();
    let spread = (p0 * (1.0 - p0) + p1 * (1.0 - p1)).sqrt();
    if spread > 0.0 {
        return Some(normal(margin / spread).lower);
    }
    (difference > 0.0).then_some(if margin >= 0.0 { 1.0 } else { 0.0 })
}

/// The share p1 nearest to p0 in that direction which n people in each group find different with that power.
///
/// None where not even 0, or 1, is found so often, and where there is no power to speak of.
pub fn detectable(
    p0: f64,
    direction: Direction,
    n: u32,
    confidence: Confidence,
    target: Power,
) -> Option<f64> {
    let furthest = match direction {
        Direction::Up => 1.0,
        Direction::Down => 0.0,
    };
    let is_found = |p1| power(p0, p1, n, confidence).is_some_and(|power| power >= target.level);
    is_found(furthest).then(|| edge(p0, furthest, |p1| !is_found(p1)))
}

/// How many people each group needs to find that the shares differ with that power; none where no number is enough.
pub fn needed(p0: f64, p1: f64, confidence: Confidence, target: Power) -> Option<u32> {
    smallest(1, |n| power(p0, p1, n, confidence).is_some_and(|power| power >= target.level))
}
