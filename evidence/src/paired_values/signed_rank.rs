//! Signed ranks: Wilcoxon's test, and the distribution it shares with the interval of Hodges and Lehmann.

use super::PairedValues;
use crate::code::codes;
use crate::distribution::two_sided;

/// The most ranks whose distribution is counted out.
pub(super) const MOST_COUNTED: u32 = 50;

codes! {
    /// Where the p-value of the signed ranks comes from.
    SignedRankMethod {
        /// All sign vectors counted.
        Exact => "EXACT",
        /// The normal distribution, above 50 differences.
        Normal => "NORMAL",
        /// Nobody changes, and there is nothing to test.
        None => "NONE",
    }
}

/// Wilcoxon's signed ranks and the test that the differences lie symmetrically around 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SignedRank {
    /// How many differences are not 0.
    pub n_used: u32,
    /// The sum of the ranks of the positive differences.
    pub w_plus: f64,
    /// Two-sided; 1 where nobody changes.
    pub p_value: f64,
    pub method: SignedRankMethod,
}

/// The signed-rank test (Wilcoxon 1945). Differences of 0 are dropped, equal ones share the mean of their ranks.
///
/// To 50 differences the p-value is twice the tail of W⁺ over all sign vectors of these very ranks, ties among them, at
/// most 1. Above, it is 2Φ(−(|W⁺ − n(n+1)/4| − ½)/σ) with σ² = n(n+1)(2n+1)/24 − Σ(t³ − t)/48 over the ties of t.
pub fn wilcoxon_signed_rank(values: &PairedValues) -> SignedRank {
    let mut differences: Vec<f64> = values.differences.iter().copied().filter(|d| *d != 0.0).collect();
    differences.sort_unstable_by(|one, other| one.abs().total_cmp(&other.abs()));
    let of_one_size = |one: &f64, other: &f64| one.abs().total_cmp(&other.abs()).is_eq();
    let ties: Vec<Tie> = differences.chunk_by(of_one_size).map(Tie::of).collect();
    let (mut n, mut w_plus) = (0, 0.0);
    for tie in &ties {
        w_plus += f64::from(tie.positive) * f64::midpoint(f64::from(n) + 1.0, f64::from(n + tie.size));
        n += tie.size;
    }
    let (p_value, method) = match n {
        0 => (1.0, SignedRankMethod::None),
        1..=MOST_COUNTED => (exact(&ties), SignedRankMethod::Exact),
        _ => (normal(&ties, f64::from(n), w_plus), SignedRankMethod::Normal),
    };
    SignedRank { n_used: n, w_plus, p_value, method }
}

/// Differences of one size.
struct Tie {
    size: u32,
    positive: u32,
}

impl Tie {
    fn of(tied: &[f64]) -> Self {
        tied.iter().fold(Self { size: 0, positive: 0 }, |tie, difference| Self {
            size: tie.size + 1,
            positive: tie.positive + u32::from(*difference > 0.0),
        })
    }
}

fn exact(ties: &[Tie]) -> f64 {
    let (mut doubled_ranks, mut doubled_w) = (Vec::new(), 0);
    for tie in ties {
        let [size, positive] = [tie.size, tie.positive].map(|count| usize::try_from(count).unwrap_or(0));
        let rank = 2 * doubled_ranks.len() + size + 1;
        doubled_ranks.resize(doubled_ranks.len() + size, rank);
        doubled_w += positive * rank;
    }
    let total = doubled_ranks.iter().sum::<usize>();
    let sums = distribution(&doubled_ranks);
    let tail = sums.iter().take(doubled_w.min(total - doubled_w) + 1).sum::<f64>();
    (2.0 * tail).min(1.0)
}

fn normal(ties: &[Tie], n: f64, w_plus: f64) -> f64 {
    let cubes = ties.iter().map(|tie| f64::from(tie.size).powi(3) - f64::from(tie.size));
    let variance = n * (n + 1.0) * (2.0 * n + 1.0) / 24.0 - cubes.sum::<f64>() / 48.0;
    let distance = (w_plus - n * (n + 1.0) / 4.0).abs() - 0.5;
    two_sided(distance.max(0.0) / variance.sqrt())
}

/// The probability of each sum of the ranks that a random sign leaves in, from 0 to the sum of all.
pub(super) fn distribution(ranks: &[usize]) -> Vec<f64> {
    let mut sums = vec![1.0];
    for rank in ranks {
        let mut with = vec![0.0; *rank];
        with.extend_from_slice(&sums);
        sums.resize(with.len(), 0.0);
        sums.iter_mut().zip(with).for_each(|(without, with)| *without = f64::midpoint(*without, with));
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::goal::Millionths;

    fn tested(differences: &[f64]) -> SignedRank {
        let before = vec![0.0; differences.len()];
        wilcoxon_signed_rank(&PairedValues::new(before, differences.to_vec()).unwrap())
    }

    #[test]
    fn the_method_is_told() {
        let of = |n: u32| tested(&(1..=n).map(f64::from).collect::<Vec<_>>());
        assert_eq!(
            (tested(&[]).method, tested(&[0.0; 60]).method),
            (SignedRankMethod::None, SignedRankMethod::None)
        );
        assert_eq!((of(50).method, of(51).method), (SignedRankMethod::Exact, SignedRankMethod::Normal));
        assert!((of(50).p_value / (-49_f64).exp2() - 1.0).abs() < 1e-12);
    }

    /// Of n differences of one size each has the rank (n + 1)/2, and W⁺ the variance n(n + 1)²/16.
    #[test]
    fn ties_narrow_the_normal_distribution() {
        let mut differences = vec![1.0; 60];
        differences[..20].fill(-1.0);
        let test = tested(&differences);
        assert!((test.w_plus - 40.0 * 30.5).abs() < 1e-12);
        let z = (10.0 * 30.5 - 0.5) / (60_f64.sqrt() * 61.0 / 4.0);
        assert!((test.p_value / two_sided(z) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn decimals_are_ties_where_they_are_equal() {
        let tenths = |tenths: [i64; 3]| tenths.map(|tenth| Millionths(tenth * 100_000));
        let values = PairedValues::of_decimals(&tenths([1, 2, 3]), &tenths([2, 3, 2])).unwrap();
        assert!((wilcoxon_signed_rank(&values).w_plus - 4.0).abs() < 1e-12);
    }
}
