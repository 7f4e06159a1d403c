//! The binomial distribution.

use crate::distribution::Tails;
use crate::distribution::beta::beta;
use crate::distribution::saddle::ln_binomial;
use crate::interval::Confidence;
use crate::score::{LOG_FAR, log_edge};

/// P(X ≤ x) and P(X ≥ x), both with x, for so many successes x and failures, where a trial has the probabilities p of
/// success and q = 1 − p of failure.
pub fn tails([successes, failures]: [f64; 2], at: [f64; 2]) -> Tails {
    Tails {
        lower: if failures > 0.0 { beta([successes + 1.0, failures], at).upper } else { 1.0 },
        upper: if successes > 0.0 { beta([successes, failures + 1.0], at).lower } else { 1.0 },
    }
}

/// The lowest logarithm of the odds p/q at which so many successes, or more, are not too many: their tail is half of what
/// the confidence leaves (Clopper and Pearson 1934). None, for no limit, without successes.
pub fn lowest_log_odds([successes, failures]: [f64; 2], confidence: Confidence) -> Option<f64> {
    let accepts = |log_odds: f64| {
        let at = [1.0 / (1.0 + (-log_odds).exp()), 1.0 / (1.0 + log_odds.exp())];
        tails([successes, failures], at).upper >= confidence.significance() / 2.0
    };
    let estimate = if failures > 0.0 { (successes / failures).ln() } else { LOG_FAR };
    (successes > 0.0).then(|| log_edge(estimate, -1.0, accepts))
}

/// P(X = few) and P(X ≤ few) for X binomial with few + many trials and probability ½, where few ≤ many.
///
/// The tail is summed from its largest term, each next one by the ratio to the last, until the rest cannot be seen:
/// some multiple of √(few + many) terms. Not by the incomplete beta function of `statrs`, which is wrong in the third
/// digit at shapes of half a million.
pub fn point_and_tail(few: u32, many: u32) -> (f64, f64) {
    let many = f64::from(many.max(few));
    let point = ln_binomial([f64::from(few), many], [0.5, 0.5]).exp();
    let (mut term, mut tail, mut left) = (point, point, f64::from(few));
    while left > 0.0 && term > tail * f64::EPSILON / 4.0 {
        term *= left / (f64::from(few) + many - left + 1.0);
        tail += term;
        left -= 1.0;
    }
    (point, tail.min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From Pascal's triangle, in floating point without rounding up to 50 trials.
    fn by_counting(few: u32, n: u32) -> (f64, f64) {
        let mut row = vec![1.0];
        for _ in 0..n {
            let sums = row.windows(2).map(|pair| pair[0] + pair[1]);
            row = std::iter::once(1.0).chain(sums).chain([1.0]).collect::<Vec<f64>>();
        }
        let all = f64::from(n).exp2();
        let few = usize::try_from(few).unwrap();
        (row[few] / all, row[..=few].iter().sum::<f64>() / all)
    }

    #[test]
    fn small_cases_are_as_counted() {
        for n in 0..=50 {
            for few in 0..=n / 2 {
                let (point, tail) = point_and_tail(few, n - few);
                let (counted_point, counted_tail) = by_counting(few, n);
                assert!((point / counted_point - 1.0).abs() < 1e-12, "{few} of {n}");
                assert!((tail / counted_tail - 1.0).abs() < 1e-12, "{few} of {n}");
            }
        }
    }

    #[test]
    fn tails_of_any_trial_are_as_summed() {
        for (few, many) in [(0, 0), (0, 7), (3, 4), (20, 30), (12_000, 12_500), (400_000, 401_000)] {
            let (point, tail) = point_and_tail(few, many);
            let tails = tails([few, many].map(f64::from), [0.5, 0.5]);
            assert!((tails.lower / tail - 1.0).abs() < 1e-11, "{few} {many}");
            assert!((tails.upper - (1.0 - tail + point)).abs() < 1e-11, "{few} {many}");
        }
    }

    #[test]
    fn at_the_lowest_odds_the_tail_is_half_of_what_is_left() {
        for cells in [[1.0, 0.0], [1.0, 1e9], [13.0, 30.0], [1e6, 1.0]] {
            let odds = lowest_log_odds(cells, Confidence::P95).unwrap().exp();
            let upper = tails(cells, [odds / (1.0 + odds), 1.0 / (1.0 + odds)]).upper;
            assert!((upper / 0.025 - 1.0).abs() < 1e-9, "{cells:?}");
        }
        assert_eq!(lowest_log_odds([0.0, 5.0], Confidence::P95), None);
    }

    #[test]
    fn the_lower_half_of_a_large_case_is_a_half() {
        for half in [1_000_000, 1_000_000_000] {
            // P(X ≤ half) = ½ + P(X = half)/2 by symmetry.
            let (point, tail) = point_and_tail(half, half);
            assert!((tail - 0.5 - point / 2.0).abs() < 1e-9);
        }
    }

    #[test]
    fn the_furthest_tails_are_nought() {
        let (point, tail) = point_and_tail(3, u32::MAX);
        assert!(point.abs() < f64::MIN_POSITIVE && tail.abs() < f64::MIN_POSITIVE);
    }
}
