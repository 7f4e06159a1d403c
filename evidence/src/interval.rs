//! Intervals and how sure they are.

use statrs::distribution::{ContinuousCDF, Normal};

/// How often, in the long run, an interval covers what it is about: strictly between 0 and 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Confidence {
    level: f64,
    z: f64,
}

impl Confidence {
    pub const P95: Self = Self { level: 0.95, z: 1.959_963_984_540_054 };

    pub fn new(level: f64) -> Option<Self> {
        if !(level > 0.0 && level < 1.0) {
            return None;
        }
        // From the lower tail: 1 − (1 − level)/2 would round to 1 at the highest levels, whose quantile is infinite.
        let z = -Normal::standard().inverse_cdf((1.0 - level) / 2.0);
        Some(Self { level, z: z.max(0.0) })
    }

    /// That under which a score interval of `reference` people in each wave is the one of `n` with the same shares: every
    /// such interval depends on z²/n alone.
    pub(crate) fn of_fewer(self, n: u32, reference: f64) -> Self {
        Self { z: self.z * (reference / f64::from(n)).sqrt(), ..self }
    }

    pub const fn level(self) -> f64 {
        self.level
    }

    /// 1 less the level: how often an interval misses.
    pub(crate) const fn significance(self) -> f64 {
        1.0 - self.level
    }

    /// The two-sided quantile of the standard normal distribution: finite, not negative.
    pub(crate) const fn z(self) -> f64 {
        self.z
    }
}

/// A two-sided interval, closed at both ends. No bound is NaN or infinite.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    pub low: f64,
    /// None: no bound above.
    pub high: Option<f64>,
}

impl Interval {
    /// Rounding can leave the estimate a hair outside where a bound should touch it.
    pub(crate) fn including(self, estimate: f64) -> Self {
        Self { low: self.low.min(estimate), high: self.high.map(|high| high.max(estimate)) }
    }

    pub(crate) fn shifted(self, by: f64) -> Self {
        Self { low: self.low + by, high: self.high.map(|high| high + by) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_lies_strictly_between_none_and_all() {
        for level in [0.0, 1.0, -0.5, 95.0, f64::NAN, f64::INFINITY] {
            assert_eq!(Confidence::new(level), None);
        }
        for level in [f64::MIN_POSITIVE, 1e-17, 0.5, 1.0 - f64::EPSILON / 2.0] {
            assert!(Confidence::new(level).unwrap().z().is_finite());
        }
    }

    #[test]
    fn quantiles_are_those_of_the_normal_distribution() {
        assert!((Confidence::new(0.95).unwrap().z() - Confidence::P95.z()).abs() < 1e-14);
        assert!((Confidence::new(0.9).unwrap().z() - 1.644_853_626_951_472_7).abs() < 1e-14);
        assert!((Confidence::new(0.999).unwrap().z() - 3.290_526_731_491_895).abs() < 1e-13);
    }
}
