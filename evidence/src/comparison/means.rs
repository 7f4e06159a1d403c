//! The same for means, by t.

use crate::comparison::Waves;
use crate::interval::Confidence;
use crate::mean::{Mean, TTest, satterthwaite};

/// The change of a group against that of its comparison group, in the unit of the values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MeanComparison {
    pub estimate: f64,
    pub se: f64,
    /// Of no difference between the changes; none without a spread.
    pub test: Option<TTest>,
}

impl MeanComparison {
    fn new(estimate: f64, means: &[Mean], confidence: Confidence) -> Option<Self> {
        let (se, df) = satterthwaite(means)?;
        Some(Self { estimate, se, test: TTest::new(estimate, se, df, confidence) })
    }
}

/// The difference in differences of means of different people, (m1 − m0) − (c1 − c0) with c those of the comparison
/// group: t = D/√(Σ s²/n) with the degrees of freedom of Satterthwaite 1946 over all four.
///
/// None where any mean is of fewer than two.
pub fn compare_means(
    treated: Waves<Mean>,
    control: Waves<Mean>,
    confidence: Confidence,
) -> Option<MeanComparison> {
    let change = |waves: Waves<Mean>| waves.after.mean() - waves.before.mean();
    let means = [treated.before, treated.after, control.before, control.after];
    MeanComparison::new(change(treated) - change(control), &means, confidence)
}

/// The difference in differences of the same people measured twice: the difference of the mean changes of the two groups
/// (Welch 1947), from the change, after − before, of each person.
///
/// None where a group is of fewer than two, or a change is not finite or beyond 10^100 in size.
pub fn compare_changes(treated: &[f64], control: &[f64], confidence: Confidence) -> Option<MeanComparison> {
    let means = [Mean::of_values(treated)?, Mean::of_values(control)?];
    MeanComparison::new(means[0].mean() - means[1].mean(), &means, confidence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_person_is_no_group() {
        let some = [1.0, 2.0];
        for few in [&[][..], &[1.0]] {
            assert_eq!(compare_changes(few, &some, Confidence::P95), None);
            assert_eq!(compare_changes(&some, few, Confidence::P95), None);
        }
    }

    #[test]
    fn without_a_spread_there_is_an_estimate_but_no_test() {
        let comparison = compare_changes(&[0.1; 3], &[0.3; 7], Confidence::P95).unwrap();
        assert!((comparison.estimate + 0.2).abs() < 1e-15 && comparison.se.abs() < f64::MIN_POSITIVE);
        assert_eq!(comparison.test, None);
        assert!(compare_changes(&[1.0, 2.0], &[0.3; 7], Confidence::P95).unwrap().test.is_some());
    }

    #[test]
    fn what_is_no_number_gives_none() {
        let some = [1.0, 2.0];
        for wrong in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX] {
            assert_eq!(compare_changes(&[wrong, 1.0], &some, Confidence::P95), None);
            assert_eq!(compare_changes(&some, &[1.0, wrong], Confidence::P95), None);
        }
    }
}
