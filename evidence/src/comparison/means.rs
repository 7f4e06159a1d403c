//! The same for means, by t.

use crate::comparison::Waves;
use crate::distribution::student::{quantile, two_sided};
use crate::interval::{Confidence, Interval};
use crate::mean::Mean;

/// The change of a group against that of its comparison group, in the unit of the values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MeanComparison {
    pub estimate: f64,
    pub interval: Interval,
    pub standard_error: f64,
    /// Degrees of freedom by Satterthwaite 1946, seldom whole.
    pub df: f64,
    pub t: f64,
    /// Of no difference between the changes, two-sided.
    pub p: f64,
}

/// The difference in differences of means of different people, (m1 − m0) − (c1 − c0) with c those of the comparison
/// group: t = D/√(Σ s²/n) with the degrees of freedom of Satterthwaite 1946 over all four.
///
/// None where a mean is of fewer than two, or nobody differs from another.
pub fn compare_means(
    treated: Waves<Mean>,
    control: Waves<Mean>,
    confidence: Confidence,
) -> Option<MeanComparison> {
    let change = |waves: Waves<Mean>| waves.after.mean() - waves.before.mean();
    let means = [treated.before, treated.after, control.before, control.after];
    by_t(change(treated) - change(control), &means, confidence)
}

/// The difference in differences of the same people measured twice: the difference of the mean changes of the two groups
/// (Welch 1947), from the change, after − before, of each person.
///
/// None where a group is of fewer than two, where in neither anybody changed otherwise than another, and where a number
/// is not finite or beyond 10^100 in size.
pub fn compare_changes(treated: &[f64], control: &[f64], confidence: Confidence) -> Option<MeanComparison> {
    let (treated, control) = (mean_of(treated)?, mean_of(control)?);
    by_t(treated.mean() - control.mean(), &[treated, control], confidence)
}

/// From the differences to the first value, so that equal values have no standard deviation at all.
fn mean_of(values: &[f64]) -> Option<Mean> {
    let (first, n) = (*values.first()?, u32::try_from(values.len()).ok()?);
    let mean = values.iter().map(|value| value - first).sum::<f64>() / f64::from(n);
    let squares = values.iter().map(|value| (value - first - mean).powi(2)).sum::<f64>();
    Mean::new(first + mean, (squares / f64::from(n.max(2) - 1)).sqrt(), n)
}

fn by_t(estimate: f64, means: &[Mean], confidence: Confidence) -> Option<MeanComparison> {
    if means.iter().any(|mean| mean.n() < 2) {
        return None;
    }
    let error = |mean: &Mean| mean.sd() / f64::from(mean.n()).sqrt();
    let standard_error = means.iter().map(error).fold(0.0, f64::hypot);
    if standard_error == 0.0 {
        return None;
    }
    let part = |mean: &Mean| (error(mean) / standard_error).powi(4) / f64::from(mean.n() - 1);
    let df = means.iter().map(part).sum::<f64>().recip();
    let t = estimate / standard_error;
    let half = quantile(df, confidence) * standard_error;
    let interval = Interval { low: estimate - half, high: Some(estimate + half) };
    t.is_finite().then(|| MeanComparison { estimate, interval, standard_error, df, t, p: two_sided(t, df) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_person_or_no_difference_between_people_gives_no_result() {
        let some = [1.0, 2.0];
        for (treated, control) in [(&[][..], &some[..]), (&[1.0], &some), (&[0.1; 3], &[0.3; 7])] {
            assert_eq!(compare_changes(treated, control, Confidence::P95), None);
            assert_eq!(compare_changes(control, treated, Confidence::P95), None);
        }
        assert!(compare_changes(&some, &[0.1; 3], Confidence::P95).is_some());
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
