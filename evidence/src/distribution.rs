//! The distributions that intervals and p-values come from.
//!
//! Own code where `statrs` loses digits at large shapes; both tails are always computed, each without cancellation.

pub mod beta;
pub mod gamma;
pub mod hypergeometric;
pub mod noncentral;
pub mod saddle;
pub mod student;

use statrs::distribution::{ContinuousCDF, Normal};

/// Terms of a series or a fraction after which it ends whether or not it has converged: at shapes of ten thousand million
/// it has.
const STEPS: u32 = 1_000_000;

/// P(X ≤ x) and P(X > x).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tails {
    pub lower: f64,
    pub upper: f64,
}

impl Tails {
    fn from_lower(lower: f64) -> Self {
        let lower = lower.min(1.0);
        Self { lower, upper: 1.0 - lower }
    }

    fn from_upper(upper: f64) -> Self {
        Self::from_lower(upper).swapped()
    }

    const fn swapped(self) -> Self {
        Self { lower: self.upper, upper: self.lower }
    }
}

/// The standard normal distribution at z, which is not NaN: by the gamma distribution of Z²/2, since erfc of `statrs` has
/// but ten digits.
pub fn normal(z: f64) -> Tails {
    let upper = gamma::gamma(0.5, z * z / 2.0).upper / 2.0;
    let tails = Tails { lower: 1.0 - upper, upper };
    if z < 0.0 { tails.swapped() } else { tails }
}

/// P(|Z| ≥ |z|) for Z standard normal.
pub fn two_sided(z: f64) -> f64 {
    (2.0 * normal(z.abs()).upper).min(1.0)
}

/// The z with P(Z ≤ z) = p, for p strictly between 0 and 1.
pub fn normal_quantile(p: f64) -> f64 {
    Normal::standard().inverse_cdf(p)
}

/// The value of the continued fraction 1/(1 + c₁/(1 + c₂/(1 + …))) by the modified method of Lentz (Thompson and Barnett
/// 1986). It ends when a step changes nothing any more, and in any case.
fn continued_fraction(coefficient: impl Fn(f64) -> f64) -> f64 {
    let away_from_zero = |value: f64| if value.abs() < f64::MIN_POSITIVE { f64::MIN_POSITIVE } else { value };
    let (mut value, mut c, mut d) = (1.0, 1.0, 0.0);
    for step in 1..=STEPS {
        let coefficient = coefficient(f64::from(step));
        d = away_from_zero(1.0 + coefficient * d).recip();
        c = away_from_zero(1.0 + coefficient / c);
        let factor = c * d;
        value *= factor;
        if (factor - 1.0).abs() < f64::EPSILON {
            break;
        }
    }
    value.recip()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tails_of_the_normal_distribution() {
        assert!((normal(1.0).upper / 0.158_655_253_931_457_07 - 1.0).abs() < 1e-14);
        assert!((normal(-10.0).lower / 7.619_853_024_160_526e-24 - 1.0).abs() < 1e-12);
        assert!((two_sided(-1.959_963_984_540_054) - 0.05).abs() < 1e-15);
        assert!((normal_quantile(0.8) - 0.841_621_233_572_914_2).abs() < 1e-14);
        for p in [1e-300, 1e-16, 1e-6, 0.01, 0.3, 0.5, 0.7, 0.99] {
            assert!((normal(normal_quantile(p)).lower / p - 1.0).abs() < 1e-11, "{p}");
        }
        for z in [0.0, 1e300, f64::INFINITY, f64::NEG_INFINITY] {
            assert!((normal(z).lower + normal(z).upper - 1.0).abs() < 1e-15 && two_sided(z) <= 1.0);
        }
    }
}
