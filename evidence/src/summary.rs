//! What many values of a register add up to.

use crate::exact::rounded;
use crate::goal::Millionths;

/// The mean and the spread of some values, as they are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Rounded to six places, half away from zero.
    pub mean: Millionths,
    /// The standard deviation with n − 1 in the denominator, to six places. None of a single value, or where it is beyond
    /// what a decimal holds.
    pub sd: Option<Millionths>,
}

/// None of no values.
pub fn summary(values: &[Millionths]) -> Option<Summary> {
    let n = i128::try_from(values.len()).ok().filter(|n| *n > 0)?;
    // 2^63 millionths of each of 2^63 values would still fit.
    let sum: i128 = values.iter().map(|value| i128::from(value.0)).sum();
    let mean = Millionths(i64::try_from(rounded(sum, n)).ok()?);
    Some(Summary { mean, sd: sd(values, sum, n) })
}

#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "a spread is no exact number; one that does not fit is refused before"
)]
fn sd(values: &[Millionths], sum: i128, n: i128) -> Option<Millionths> {
    if n < 2 {
        return None;
    }
    let mean = sum as f64 / n as f64;
    let squares: f64 = values.iter().map(|value| (value.0 as f64 - mean).powi(2)).sum();
    let sd = (squares / (n - 1) as f64).sqrt().round();
    (sd < i64::MAX as f64).then_some(Millionths(sd as i64))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[i64]) -> Option<Summary> {
        summary(&values.iter().map(|value| Millionths(value * 1_000_000)).collect::<Vec<_>>())
    }

    #[test]
    fn of_few_values() {
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[7]), Some(Summary { mean: Millionths(7_000_000), sd: None }));
        assert_eq!(of(&[1, 2]).unwrap().mean, Millionths(1_500_000));
        assert_eq!(of(&[3, 3, 3]).unwrap().sd, Some(Millionths(0)));
    }

    /// From R: mean(c(40, 52, 36, 60, 28, 44, 56, 48)), sd of the same.
    #[test]
    fn as_others_compute_it() {
        let said = of(&[40, 52, 36, 60, 28, 44, 56, 48]).unwrap();
        assert_eq!(said, Summary { mean: Millionths(45_500_000), sd: Some(Millionths(10_677_078)) });
    }

    #[test]
    fn the_largest_values_do_not_overflow() {
        let extremes = [Millionths(i64::MAX), Millionths(i64::MIN), Millionths(i64::MAX)];
        assert_eq!(summary(&extremes).unwrap().sd, None);
    }
}
