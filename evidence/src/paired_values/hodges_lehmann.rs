//! The median of all Walsh averages, and its interval.

use super::PairedValues;
use super::signed_rank::{MOST_COUNTED, distribution};
use crate::interval::{Confidence, Interval};

/// The estimate of Hodges and Lehmann (1963) of the typical difference, in the unit of the values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HodgesLehmann {
    pub estimate: f64,
    /// None where so few pairs cannot be so sure: below 6 at 95%.
    pub interval: Option<Interval>,
}

/// The median of the Walsh averages (dᵢ + dⱼ)/2, i ≤ j, of all N = n(n + 1)/2 pairs of differences, those of 0 among
/// them, and the interval from the k-th smallest average to the k-th largest (Tukey 1949).
///
/// To 50 differences k is the largest with P(W ≤ k − 1) ≤ (1 − confidence)/2 under the signed-rank distribution without
/// ties; above, k = ⌊n(n + 1)/4 − z√(n(n + 1)(2n + 1)/24)⌋. None without pairs.
pub fn hodges_lehmann(values: &PairedValues, confidence: Confidence) -> Option<HodgesLehmann> {
    let mut sorted = values.differences.clone();
    sorted.sort_unstable_by(f64::total_cmp);
    let n = u64::from(values.n);
    let averages = n * (n + 1) / 2;
    let of_rank = |k: u64| walsh_average(&sorted, k);
    let estimate = f64::midpoint(of_rank(averages.div_ceil(2))?, of_rank(averages / 2 + 1)?);
    let interval = rank_of_limit(values.n, confidence).and_then(|k| {
        Some(Interval { low: of_rank(k)?, high: Some(of_rank(averages + 1 - k)?) }.including(estimate))
    });
    Some(HodgesLehmann { estimate, interval })
}

/// Which smallest Walsh average is the lower limit; none where not even the first is sure enough.
fn rank_of_limit(n: u32, confidence: Confidence) -> Option<u64> {
    let k = if n <= MOST_COUNTED {
        let ranks: Vec<usize> = (1..=n).filter_map(|rank| usize::try_from(rank).ok()).collect();
        let most = confidence.significance() / 2.0;
        let tails = distribution(&ranks).into_iter().scan(0.0, |tail, probability| {
            *tail += probability;
            Some(*tail)
        });
        u64::try_from(tails.take_while(|tail| *tail <= most).count()).ok()?
    } else {
        let n = f64::from(n);
        let sd = (n * (n + 1.0) * (2.0 * n + 1.0) / 24.0).sqrt();
        floor(n * (n + 1.0) / 4.0 - confidence.z() * sd)
    };
    (k > 0).then_some(k)
}

#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "what is below zero is none"
)]
fn floor(number: f64) -> u64 {
    number.max(0.0) as u64
}

/// The k-th smallest of all Walsh averages of sorted differences, without listing them: the smallest number that at least
/// k sums are not above, found by halving the floating-point numbers between the ends in at most 64 counts.
///
/// Exact, with ties too: the sums are rounded alike wherever they are formed. None without differences.
fn walsh_average(sorted: &[f64], k: u64) -> Option<f64> {
    let (mut low, mut high) = (place(2.0 * sorted.first()?), place(2.0 * sorted.last()?));
    while low < high {
        let middle = low.midpoint(high);
        if sums_up_to(sorted, number(middle)) >= k {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    // Not −0.
    Some(number(low) / 2.0 + 0.0)
}

/// How many sums of a difference with itself or a later one are not above the limit: the smallest and the largest that
/// are left are added, and one of the two is done with.
fn sums_up_to(sorted: &[f64], limit: f64) -> u64 {
    let mut count = 0;
    let (mut left, mut size) = (sorted, u64::try_from(sorted.len()).unwrap_or(u64::MAX));
    while let ([smallest, above @ ..], [below @ .., largest]) = (left, left) {
        if smallest + largest <= limit {
            count += size;
            left = above;
        } else {
            left = below;
        }
        size -= 1;
    }
    count
}

/// Where a number stands in the order of all floating-point numbers.
const fn place(number: f64) -> u64 {
    let bits = number.to_bits();
    if number.is_sign_negative() { !bits } else { bits | SIGN }
}

/// The number that stands at a place.
const fn number(place: u64) -> f64 {
    f64::from_bits(if place < SIGN { !place } else { place & !SIGN })
}

const SIGN: u64 = 1 << 63;

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(sorted: &[f64]) -> Vec<f64> {
        let sums = (0..sorted.len()).flat_map(|i| sorted[i..].iter().map(move |other| sorted[i] + other));
        let mut averages: Vec<f64> = sums.map(|sum| sum / 2.0).collect();
        averages.sort_unstable_by(f64::total_cmp);
        averages
    }

    #[test]
    fn the_averages_are_those_that_a_list_would_give() {
        let large = f64::MAX / 4.0;
        for mut differences in [
            vec![0.0],
            vec![3.5; 7],
            vec![-1.0, 1.0, -1.0, 1.0, -1.0],
            vec![0.1, 0.2, 0.3, 0.1 + 0.2, -0.0, 0.0, -0.3],
            vec![-large, -1.0, f64::MIN_POSITIVE, 5e-324, large],
            (0..60).map(|i| f64::from(i * i % 17) / 10.0 - 0.7).collect(),
        ] {
            differences.sort_unstable_by(f64::total_cmp);
            for (k, average) in (1..).zip(listed(&differences)) {
                let found = walsh_average(&differences, k);
                assert_eq!(found, Some(average + 0.0), "{k} of {differences:?}");
            }
        }
    }

    #[test]
    fn the_limits_are_those_of_the_printed_tables() {
        let k = |n, level| rank_of_limit(n, Confidence::new(level).unwrap());
        assert_eq!(
            [5, 6, 8, 10, 25, 50].map(|n| k(n, 0.95)),
            [None, Some(1), Some(4), Some(9), Some(90), Some(435)]
        );
        assert_eq!([4, 5, 7, 8].map(|n| k(n, 0.9)), [None, Some(1), Some(4), Some(6)]);
        assert_eq!([0, 1, 7, 8].map(|n| k(n, 0.99)), [None, None, None, Some(1)]);
        assert_eq!((k(51, 0.95), k(51, 1.0 - 1e-12)), (Some(453), None));
    }

    #[test]
    fn a_million_pairs_take_no_list_of_averages() {
        let half: Vec<f64> = (0..1_000_000).map(|i| f64::from(i % 1000)).collect();
        let values = PairedValues::new(vec![0.0; half.len()], half).unwrap();
        let found = hodges_lehmann(&values, Confidence::P95).unwrap();
        assert!((found.estimate - 499.5).abs() < 1e-9, "{found:?}");
        let interval = found.interval.unwrap();
        assert!(interval.low > 498.5 && interval.high.unwrap() < 500.5, "{interval:?}");
    }
}
