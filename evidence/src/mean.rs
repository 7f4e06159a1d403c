//! Means: of one wave, and of two waves of different people or of the same.

use crate::distribution::student::{quantile, two_sided as student_two_sided};
use crate::distribution::two_sided;
use crate::exact::Ratio;
use crate::goal::Millionths;
use crate::interval::{Confidence, Interval};

/// Beyond it nothing is measured, and squares and sums of what is measured stay finite.
pub(crate) const LARGEST: f64 = 1e100;

/// The mean of so many values and their sample standard deviation (divisor n − 1), in the unit of the values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mean {
    value: f64,
    sd: f64,
    n: u32,
}

impl Mean {
    /// None where a number is not finite or beyond 10^100 in size, or the standard deviation is negative. A mean of
    /// nobody is allowed and means that there are no data; of one there is no standard deviation, whatever is given.
    pub fn new(mean: f64, sd: f64, n: u32) -> Option<Self> {
        (mean.abs() <= LARGEST && (0.0..=LARGEST).contains(&sd)).then_some(Self { value: mean, sd, n })
    }

    /// That of the values; none where one is not finite or beyond 10^100 in size.
    pub fn of_values(values: &[f64]) -> Option<Self> {
        values.iter().all(|value| value.abs() <= LARGEST).then(|| Self::of(values))
    }

    /// It is measured from the first value, so that equal values have no spread.
    pub(crate) fn of(values: &[f64]) -> Self {
        let n = u32::try_from(values.len()).unwrap_or(u32::MAX);
        let Some(first) = values.first() else { return Self { value: 0.0, sd: 0.0, n } };
        let value = first + values.iter().map(|value| value - first).sum::<f64>() / f64::from(n);
        let deviations = || values.iter().map(|other| (other - value).abs());
        let largest = deviations().fold(0.0, f64::max);
        let sd = if largest > 0.0 {
            let squares = deviations().map(|deviation| (deviation / largest).powi(2)).sum::<f64>();
            largest * (squares / (f64::from(n) - 1.0)).sqrt()
        } else {
            0.0
        };
        Self { value, sd, n }
    }

    pub const fn mean(self) -> f64 {
        self.value
    }

    pub const fn sd(self) -> f64 {
        self.sd
    }

    pub const fn n(self) -> u32 {
        self.n
    }

    /// Of the mean; none of fewer than two.
    pub(crate) fn standard_error(self) -> Option<f64> {
        (self.n > 1).then(|| self.sd / f64::from(self.n).sqrt())
    }
}

/// A mean as it is stored, with as much as is stated of the values that it is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatedMean {
    pub mean: Millionths,
    /// The sample standard deviation.
    pub sd: Option<Millionths>,
    pub n: Option<u32>,
}

impl StatedMean {
    /// None where the standard deviation or the number is not stated, or that deviation is negative.
    pub fn with_spread(self) -> Option<Mean> {
        let number = |millionths| Ratio::from(millionths).to_f64();
        Mean::new(number(self.mean), number(self.sd?), self.n?)
    }
}

/// A t-test that a difference of means is 0, and the interval of the difference.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TTest {
    pub t: f64,
    /// Degrees of freedom.
    pub df: f64,
    /// Two-sided.
    pub p_value: f64,
    /// In the unit of the values.
    pub interval: Interval,
}

impl TTest {
    /// None without a standard error, or where it is so small beside the difference that their ratio is no number.
    pub(crate) fn new(difference: f64, se: f64, df: f64, confidence: Confidence) -> Option<Self> {
        let t = difference / se;
        t.is_finite().then(|| Self {
            t,
            df,
            p_value: student_two_sided(t, df),
            interval: around(difference, quantile(df, confidence) * se),
        })
    }
}

fn around(estimate: f64, margin: f64) -> Interval {
    Interval { low: estimate - margin, high: Some(estimate + margin) }
}

/// The interval of one mean (Student 1908): m ± t·s/√n with n − 1 degrees of freedom, in the unit of the values.
///
/// None of fewer than two, or without a spread.
pub fn t_interval(mean: Mean, confidence: Confidence) -> Option<Interval> {
    let se = mean.standard_error().filter(|se| *se > 0.0)?;
    Some(around(mean.value, quantile(f64::from(mean.n) - 1.0, confidence) * se))
}

/// The t-test of two means of different people whose spreads need not be equal (Welch 1947), and the interval of
/// m1 − m0: with v = s²/n, (m1 − m0) / √(v0 + v1) has (v0 + v1)² / (v0²/(n0 − 1) + v1²/(n1 − 1)) degrees of freedom.
///
/// None where either is of fewer than two, or neither has a spread.
pub fn welch(before: Mean, after: Mean, confidence: Confidence) -> Option<TTest> {
    let (se, df) = satterthwaite(&[before, after])?;
    TTest::new(after.value - before.value, se, df, confidence)
}

/// The standard error of a sum or difference of means of different people, √(Σ v) with v = s²/n, and its degrees of
/// freedom, (Σ v)² / Σ v²/(n − 1) (Satterthwaite 1946), which are no number without a spread. None where any is of fewer
/// than two.
pub(crate) fn satterthwaite(means: &[Mean]) -> Option<(f64, f64)> {
    let of: Vec<f64> = means.iter().map(|mean| mean.standard_error()).collect::<Option<_>>()?;
    let se = of.iter().copied().fold(0.0, f64::hypot);
    let part = |(of, mean): (&f64, &Mean)| (of / se).powi(4) / (f64::from(mean.n) - 1.0);
    Some((se, of.iter().zip(means).map(part).sum::<f64>().recip()))
}

/// The paired t-test from two means of the same people and the correlation r of their values: as that of the
/// differences, whose mean has the variance v0 + v1 − 2r√(v0·v1) with v = s²/n.
///
/// None where the means are not of equally many, or of fewer than two, or the differences have no spread.
pub(crate) fn correlated_t(before: Mean, after: Mean, r: f64, confidence: Confidence) -> Option<TTest> {
    let (se0, se1) = (before.standard_error()?, after.standard_error()?);
    let variance = variance_of_difference(se0, se1, r);
    let df = f64::from(after.n) - 1.0;
    let test = TTest::new(after.value - before.value, variance.sqrt(), df, confidence);
    test.filter(|_| before.n == after.n)
}

/// s0² + s1² − 2r·s0·s1, so written that it is never negative.
fn variance_of_difference(s0: f64, s1: f64, r: f64) -> f64 {
    (s1 - s0).powi(2) + 2.0 * (1.0 - r) * s0 * s1
}

/// The relative change m1/m0 − 1 of two positive means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RelativeChange {
    pub estimate: f64,
    /// The standard error of ln(m1/m0).
    pub log_se: f64,
    pub interval: Interval,
    /// Two-sided, that the means are equal; none where there is no spread.
    pub p_value: Option<f64>,
}

/// The relative change by the log response ratio (Hedges, Gurevitch and Curtis 1999): with c = s/(m√n), the interval
/// exp(ln(m1/m0) ± z·√(c0² + c1² − 2r·c0·c1)) − 1, where r is the correlation of the values of the same people, and 0
/// for different people.
///
/// For a scale on which zero is nothing: none unless both means are positive, and of two or more each, and r is from −1
/// to 1. An upper end too large for a number is none.
pub fn log_response_ratio(
    before: Mean,
    after: Mean,
    r: f64,
    confidence: Confidence,
) -> Option<RelativeChange> {
    if !(before.value > 0.0 && after.value > 0.0 && (-1.0..=1.0).contains(&r)) {
        return None;
    }
    let (c0, c1) = (before.standard_error()? / before.value, after.standard_error()? / after.value);
    let log_ratio = after.value.ln() - before.value.ln();
    let log_se = variance_of_difference(c0, c1, r).sqrt();
    let estimate = (after.value - before.value) / before.value;
    let margin = confidence.z() * log_se;
    (estimate.is_finite() && log_se.is_finite()).then(|| {
        let interval = Interval {
            low: (log_ratio - margin).exp_m1(),
            high: Some((log_ratio + margin).exp_m1()).filter(|high| high.is_finite()),
        };
        RelativeChange {
            estimate,
            log_se,
            interval: interval.including(estimate),
            p_value: (log_se > 0.0).then(|| two_sided(log_ratio / log_se)),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_number_or_too_large_is_no_mean() {
        for (mean, sd) in [
            (f64::NAN, 1.0),
            (f64::INFINITY, 1.0),
            (f64::MAX, 1.0),
            (1.0, f64::NAN),
            (1.0, f64::INFINITY),
            (1.0, f64::MAX),
            (1.0, -f64::MIN_POSITIVE),
        ] {
            assert_eq!(Mean::new(mean, sd, 2), None);
        }
        let mean = Mean::new(-LARGEST, 0.0, u32::MAX).unwrap();
        assert_eq!((mean.mean() + LARGEST, mean.sd(), mean.n()), (0.0, 0.0, u32::MAX));
    }
}
