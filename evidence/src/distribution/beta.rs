//! The beta distribution, and with it the tails of the binomial one.

use std::f64::consts::TAU;

use crate::distribution::saddle::ln_kernel;
use crate::distribution::{Tails, continued_fraction};

/// The beta distribution of those two shapes at x, given with y = 1 − x: the regularised incomplete beta function by the
/// continued fraction of `DiDonato` and Morris 1992, on the side of the mean where that converges.
///
/// For shapes above 0 and x from 0 to 1; the smaller of x and y carries the digits. Takes some multiple of the root of
/// the larger shape in steps near the mean, and few elsewhere.
pub fn beta(shapes: [f64; 2], at: [f64; 2]) -> Tails {
    let ([a, b], [x, y]) = (shapes, at);
    if b * x > a * y { lower([b, a], [y, x]).swapped() } else { lower(shapes, at) }
}

fn lower(shapes: [f64; 2], at: [f64; 2]) -> Tails {
    let [a, b] = shapes;
    // xᵃ·yᵇ/B(a, b).
    let prefactor = ln_kernel(shapes, at).exp() * (a / TAU * (b / (a + b))).sqrt();
    Tails::from_lower(prefactor * fraction(shapes, at))
}

/// 1/(d₀ + n₁/(d₁ + n₂/(d₂ + …))), in which nothing cancels where x is not above the mean.
fn fraction([a, b]: [f64; 2], [x, y]: [f64; 2]) -> f64 {
    let below_mean = a * y - b * x;
    let turn = |m: f64| if m > 0.0 { m * (b - m) * x / (a + 2.0 * m - 1.0) } else { 0.0 };
    let denominator =
        |m: f64| m + turn(m) + (a + m) / (a + 2.0 * m + 1.0) * (below_mean + 1.0 + m * (1.0 + y));
    let numerator = |m: f64| turn(m) * x * (a + m - 1.0) / (a + 2.0 * m - 1.0) * (a + b + m - 1.0);
    continued_fraction(|m| numerator(m) / denominator(m - 1.0) / denominator(m)) / denominator(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::saddle::ln_binomial;

    fn at(a: f64, b: f64, x: f64) -> Tails {
        beta([a, b], [x, 1.0 - x])
    }

    fn assert_near(got: f64, expected: f64, what: &str) {
        assert!((got / expected - 1.0).abs() < 1e-11, "{what}: {got}, expected {expected}");
    }

    #[test]
    fn closed_forms() {
        for x in [1e-9_f64, 0.1, 0.5, 0.9] {
            assert_near(at(1.0, 1.0, x).lower, x, "uniform");
            assert_near(at(3.0, 1.0, x).lower, x.powi(3), "a power");
            assert_near(at(1.0, 3.0, x).upper, (1.0 - x).powi(3), "a power");
            assert_near(at(0.5, 0.5, x).lower, 2.0 / std::f64::consts::PI * x.sqrt().asin(), "the arcsine");
        }
    }

    #[test]
    fn sums_of_binomial_probabilities() {
        for (n, p) in [(10, 0.3), (43, 0.01), (200, 0.5), (2000, 0.7)] {
            let (total, mut below) = (f64::from(n), 0.0);
            for k in 0..n {
                let k = f64::from(k);
                below += ln_binomial([k, total - k], [p, 1.0 - p]).exp();
                assert!((at(k + 1.0, total - k, p).upper - below).abs() < 1e-12, "{k} of {n} at {p}");
            }
        }
    }

    /// From exact integers and decimals of fifty digits.
    #[test]
    fn tails_of_large_shapes() {
        assert_near(beta([312.0, 689.0], [0.3, 0.7]).lower, 0.213_229_451_846_805_06, "312");
        assert_near(beta([500_000.0, 500_001.0], [0.499, 0.501]).lower, 0.022_804_041_698_683_07, "500,000");
    }

    #[test]
    fn the_largest_shapes_keep_their_digits() {
        for shape in [5e5_f64, 1e7, 1e9] {
            assert!((at(shape, shape, 0.5).lower - 0.5).abs() < 1e-11, "the middle");
            let x = 0.5 - 0.3 / shape.sqrt();
            let point = ln_binomial([shape, shape - 1.0], [x, 1.0 - x]).exp() * (1.0 - x);
            let step = at(shape, shape, x).lower - at(shape + 1.0, shape, x).lower;
            assert!((step / point - 1.0).abs() < 1e-6, "{step} {point}");
        }
    }

    #[test]
    fn the_two_tails_are_each_other_s_mirror() {
        for (a, b) in [(0.3, 7.0), (12.0, 12.0), (4e6, 20.0), (1e-3, 1e-3)] {
            for x in [1e-6, 0.25, 0.5, 0.999] {
                let (one, other) = (at(a, b, x), beta([b, a], [1.0 - x, x]));
                assert!((one.lower - other.upper).abs() < 1e-13, "{a} {b} {x}");
                assert!((one.lower + one.upper - 1.0).abs() < 1e-15);
            }
            assert_eq!((at(a, b, 0.0).lower, at(a, b, 1.0).upper), (0.0, 0.0));
        }
    }
}
