//! Before measuring: how likely a change of some size would be found, which change would, and how many it takes.
//!
//! The tests are two-sided and misses as often as the confidence leaves: `Confidence::P95` is a test at 5%.

pub mod paired_shares;
pub mod paired_values;
pub mod shares;
pub mod values;

mod study;
mod tried;

pub use study::{Baseline, Needed, Obstacle, People, Plan, Span, Study, plan};

use crate::distribution::normal_quantile;
use crate::settle::settled_by;

/// How often a study finds a change that is there: strictly between 0 and 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Power {
    level: f64,
    z: f64,
}

impl Power {
    /// What studies are planned with unless something else is asked for.
    pub const P80: Self = Self { level: 0.8, z: 0.841_621_233_572_914_3 };

    pub const fn level(self) -> f64 {
        self.level
    }

    pub fn new(level: f64) -> Option<Self> {
        (level > 0.0 && level < 1.0).then(|| Self { level, z: normal_quantile(level) })
    }
}

/// The smallest number from `fewest` on that is enough, where all larger ones are too; none where no number that can be
/// counted is.
fn smallest(fewest: u32, is_enough: impl Fn(u32) -> bool) -> Option<u32> {
    settled_by(&(fewest..=u32::MAX), is_enough).map(|(smallest, _)| smallest)
}

fn is_probability(p: f64) -> bool {
    (0.0..=1.0).contains(&p)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_power_has_its_quantile() {
        assert!((Power::new(0.8).unwrap().z - Power::P80.z).abs() < 1e-14);
    }

    #[test]
    fn a_power_lies_strictly_between_never_and_always() {
        for level in [0.0, 1.0, -0.5, 80.0, f64::NAN, f64::INFINITY] {
            assert_eq!(Power::new(level), None);
        }
        for level in [f64::MIN_POSITIVE, 0.5, 1.0 - f64::EPSILON / 2.0] {
            assert!(Power::new(level).unwrap().z.is_finite());
        }
    }
}
