//! The hypergeometric distribution.

use crate::distribution::saddle::ln_binomial;

/// ln P(X = x) for X the successes among n people drawn from N of whom K are successes, as the two groups of a fourfold
/// table: x successes and n − x failures drawn, K − x and N − K − n + x left.
pub fn ln_probability(drawn: [f64; 2], left: [f64; 2]) -> f64 {
    let [[successes, failures], [other_successes, other_failures]] = [drawn, left];
    let (drawn, left) = (successes + failures, other_successes + other_failures);
    let n = drawn + left;
    let odds = [drawn / n, left / n];
    // Loader 2000: whether each success, and each failure, is among those drawn, given that so many are drawn.
    ln_binomial([successes, other_successes], odds) + ln_binomial([failures, other_failures], odds)
        - ln_binomial([drawn, left], odds)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From exact integers.
    #[test]
    fn known_probabilities() {
        for (drawn, left, probability) in [
            ([5.0, 38.0], [13.0, 30.0], 0.023_075_377_287_879_038),
            ([300.0, 700.0], [700.0, 1300.0], 0.000_756_522_384_114_872_5),
            ([0.0, 12.0], [3.0, 12.0], 455.0 / 2925.0),
            ([0.0, 3.0], [0.0, 4.0], 1.0),
        ] {
            let got = ln_probability(drawn, left).exp();
            assert!((got / probability - 1.0).abs() < 1e-12, "{drawn:?} {left:?}: {got}");
        }
    }

    #[test]
    fn probabilities_add_up_to_one() {
        for (n, successes, all) in [(3, 2, 7), (40, 60, 100), (500, 30, 1000)] {
            let possible = 0_i32.max(n + successes - all)..=n.min(successes);
            let probability = |x: i32| {
                let drawn = [x, n - x].map(f64::from);
                ln_probability(drawn, [successes - x, all - successes - n + x].map(f64::from)).exp()
            };
            assert!((possible.map(probability).sum::<f64>() - 1.0).abs() < 1e-12);
        }
    }
}
