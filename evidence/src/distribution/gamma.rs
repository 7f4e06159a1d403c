//! The gamma distribution, and with it the tails of the Poisson one.

use std::f64::consts::TAU;

use crate::distribution::saddle::{log_less, stirling_error};
use crate::distribution::{STEPS, Tails, continued_fraction};

/// The gamma distribution of that shape and rate 1 at x: the regularised incomplete gamma function (DLMF 8.7.1 and
/// 8.9.2), by its series below the shape and its continued fraction above it.
///
/// For a shape above 0 and x ≥ 0, also infinite. Takes some multiple of √shape steps near the mean and few elsewhere.
pub fn gamma(shape: f64, x: f64) -> Tails {
    // xᵃ·e⁻ˣ/Γ(a + 1) with the shape a.
    let deviance = shape * log_less(x / shape, (x - shape) / shape);
    let prefactor = (deviance - stirling_error(shape)).exp() / (TAU * shape).sqrt();
    if x < shape + 1.0 {
        Tails::from_lower(prefactor * series(shape, x))
    } else if prefactor == 0.0 {
        Tails::from_upper(0.0)
    } else {
        Tails::from_upper(prefactor * shape * fraction(shape, x))
    }
}

/// 1 + x/(a + 1) + x²/((a + 1)(a + 2)) + …, whose terms fall.
fn series(shape: f64, x: f64) -> f64 {
    let (mut term, mut sum) = (1.0, 1.0);
    for step in 1..=STEPS {
        term *= x / (shape + f64::from(step));
        sum += term;
        if term < sum * f64::EPSILON / 4.0 {
            break;
        }
    }
    sum
}

/// 1/(x + 1 − a − 1·(1 − a)/(x + 3 − a − 2·(2 − a)/(x + 5 − a − …))).
fn fraction(shape: f64, x: f64) -> f64 {
    let denominator = |step: f64| x - shape + 1.0 + 2.0 * step;
    let coefficient = |step: f64| step * (shape - step) / (denominator(step - 1.0) * denominator(step));
    continued_fraction(coefficient) / denominator(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::two_sided;

    fn assert_near(got: f64, expected: f64) {
        assert!((got / expected - 1.0).abs() < 1e-11, "{got}, expected {expected}");
    }

    #[test]
    fn closed_forms() {
        for x in [1e-9_f64, 0.5, 2.0, 40.0] {
            assert_near(gamma(1.0, x).upper, (-x).exp());
            assert_near(gamma(3.0, x).upper, (-x).exp() * (1.0 + x + x * x / 2.0));
            assert_near(gamma(0.5, x).upper, two_sided((2.0 * x).sqrt()));
        }
    }

    /// From exact integers and decimals of fifty digits.
    #[test]
    fn tails_of_large_shapes() {
        assert_near(gamma(31.0, 20.0).lower, 0.013_474_681_279_922_283);
        assert_near(gamma(100_000.0, 99_500.0).lower, 0.056_741_823_212_792_26);
        assert_near(gamma(1e10, 1e10).lower + gamma(1e10, 1e10).upper, 1.0);
    }

    #[test]
    fn the_ends() {
        for shape in [1e-9, 1.0, 1e7, 1e10] {
            assert_eq!(gamma(shape, 0.0), Tails { lower: 0.0, upper: 1.0 });
            assert_eq!(gamma(shape, f64::INFINITY), Tails { lower: 1.0, upper: 0.0 });
            assert_eq!(gamma(shape, f64::MAX), Tails { lower: 1.0, upper: 0.0 });
        }
    }
}
