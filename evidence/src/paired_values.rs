//! Values of the same people measured twice.

mod hodges_lehmann;
mod signed_rank;

use crate::binomial::point_and_tail;
use crate::exact::Ratio;
use crate::goal::Millionths;
use crate::interval::Confidence;
use crate::mean::{LARGEST, Mean, TTest};

pub use hodges_lehmann::{HodgesLehmann, hodges_lehmann};
pub use signed_rank::{SignedRank, SignedRankMethod, wilcoxon_signed_rank};

/// The values of the same people before and after, in the same order.
#[derive(Clone, Debug, PartialEq)]
pub struct PairedValues {
    before: Vec<f64>,
    after: Vec<f64>,
    differences: Vec<f64>,
    n: u32,
}

impl PairedValues {
    /// None where the lists are not equally long, or a value is not finite or beyond 10^100 in size.
    ///
    /// A difference is that of the floating-point numbers: 0.3 − 0.2 and 0.2 − 0.1 are then no ties. Whole numbers have
    /// exact differences, and so have decimals by `of_decimals`.
    pub fn new(before: Vec<f64>, after: Vec<f64>) -> Option<Self> {
        let n = u32::try_from(before.len()).ok()?;
        let is_measured = |value: &f64| value.abs() <= LARGEST;
        let are_pairs = before.len() == after.len() && before.iter().chain(&after).all(is_measured);
        are_pairs.then(|| {
            let differences = before.iter().zip(&after).map(|(before, after)| after - before).collect();
            Self { before, after, differences, n }
        })
    }

    /// With differences taken before anything is rounded, so that those which are equal are ties.
    pub fn of_decimals(before: &[Millionths], after: &[Millionths]) -> Option<Self> {
        let rounded =
            |values: &[Millionths]| values.iter().map(|value| Ratio::from(*value).to_f64()).collect();
        let differences = before.iter().zip(after);
        let differences = differences
            .map(|(before, after)| Ratio::from(*after).minus(Ratio::from(*before)).to_f64())
            .collect();
        Some(Self { differences, ..Self::new(rounded(before), rounded(after))? })
    }

    /// The number of pairs.
    pub const fn n(&self) -> u32 {
        self.n
    }

    /// after − before.
    pub(crate) fn differences(&self) -> &[f64] {
        &self.differences
    }

    pub fn before(&self) -> Mean {
        Mean::of(&self.before)
    }

    pub fn after(&self) -> Mean {
        Mean::of(&self.after)
    }

    /// That of the differences after − before.
    pub fn difference(&self) -> Mean {
        Mean::of(&self.differences)
    }

    /// Pearson's r, as 1 − Σ(u − v)² / (2(n − 1)) of the standardised values u and v, so that it is exactly 1 where both
    /// waves are the same. From −1 to 1; none where all values of a wave are equal, or of fewer than two pairs.
    pub fn correlation(&self) -> Option<f64> {
        let (before, after) = (self.before(), self.after());
        if before.sd() == 0.0 || after.sd() == 0.0 {
            return None;
        }
        let standardised = |value: &f64, of: Mean| (value - of.mean()) / of.sd();
        let pairs = self.before.iter().zip(&self.after);
        let squares = pairs.map(|(u, v)| (standardised(u, before) - standardised(v, after)).powi(2));
        let r = 1.0 - squares.sum::<f64>() / (2.0 * (f64::from(self.n) - 1.0));
        Some(r.clamp(-1.0, 1.0))
    }
}

/// Student's paired t-test (Student 1908) that the mean difference is 0, and the interval of the mean difference:
/// d ± t·s/√n with n − 1 degrees of freedom, in the unit of the values.
///
/// None of fewer than two pairs, or where all differences are equal.
pub fn paired_t(values: &PairedValues, confidence: Confidence) -> Option<TTest> {
    let difference = values.difference();
    TTest::new(difference.mean(), difference.standard_error()?, f64::from(values.n) - 1.0, confidence)
}

/// How many rose and fell, and the exact sign test (Arbuthnott 1710) that as many rise as fall.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SignTest {
    pub positive: u32,
    pub negative: u32,
    pub zero: u32,
    /// Twice the binomial tail of the rarer sign, at most 1; 1 where nobody changes.
    pub p_value: f64,
}

/// For values of which only the order counts, such as answers on a scale of five. Those who do not change are left out
/// of the test.
pub fn sign_test(values: &PairedValues) -> SignTest {
    let (mut positive, mut negative) = (0, 0);
    for difference in &values.differences {
        positive += u32::from(*difference > 0.0);
        negative += u32::from(*difference < 0.0);
    }
    let p_value = match (positive.min(negative), positive.max(negative)) {
        (_, 0) => 1.0,
        (few, many) => (2.0 * point_and_tail(few, many).1).min(1.0),
    };
    SignTest { positive, negative, zero: values.n - positive - negative, p_value }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn correlation(before: &[f64], after: &[f64]) -> Option<f64> {
        PairedValues::new(before.to_vec(), after.to_vec()).unwrap().correlation()
    }

    #[test]
    fn what_is_no_pair_of_numbers_is_refused() {
        assert_eq!(PairedValues::new(vec![1.0, 2.0], vec![1.0]), None);
        assert_eq!(PairedValues::of_decimals(&[Millionths(1)], &[]), None);
        for wrong in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX] {
            assert_eq!(PairedValues::new(vec![wrong], vec![1.0]), None);
            assert_eq!(PairedValues::new(vec![1.0], vec![wrong]), None);
        }
    }

    #[test]
    fn the_largest_decimals_have_a_difference() {
        let values = PairedValues::of_decimals(&[Millionths(i64::MIN)], &[Millionths(i64::MAX)]).unwrap();
        assert!((values.difference().mean() / 18_446_744_073_709.553 - 1.0).abs() < 1e-15);
    }

    #[test]
    fn a_correlation_is_complete_or_undefined_at_its_ends() {
        let scores = [3.1, 0.2, 4.7, 3.0];
        assert_eq!(correlation(&scores, &scores), Some(1.0));
        assert!(correlation(&scores, &scores.map(|score| 9.0 - 2.0 * score)).unwrap() < -1.0 + 1e-15);
        assert_eq!(correlation(&scores, &[0.1; 4]), None);
        assert_eq!(correlation(&[1.0], &[2.0]), None);
    }
}
