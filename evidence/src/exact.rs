//! Exact fractions: what thresholds are decided by and figures rounded from.

use std::cmp::Ordering;

use crate::goal::{Basis, Direction, Goal, Millionths};
use crate::rate::Count;
use crate::share::Share;

const MILLION: i128 = 1_000_000;

/// A fraction with a positive denominator. Made of shares, millionths or short decimals, and also as the difference or
/// the relative change of two such, its parts stay below 2^85, so that they can be multiplied by a hundred million
/// without overflow. Made of counts per exposure they stay below 2^127, and can only be compared.
#[derive(Clone, Copy, Debug)]
pub struct Ratio {
    numerator: i128,
    denominator: i128,
}

impl From<Millionths> for Ratio {
    fn from(value: Millionths) -> Self {
        Self { numerator: value.0.into(), denominator: MILLION }
    }
}

impl Ratio {
    /// So many units of the last of so many places.
    pub const fn of_decimal(units: i128, places: u32) -> Self {
        Self { numerator: units, denominator: 10_i128.pow(places) }
    }

    /// None without data.
    pub fn of_share(share: Share) -> Option<Self> {
        (share.n() > 0).then(|| Self { numerator: share.successes().into(), denominator: share.n().into() })
    }

    /// Events per unit of exposure.
    pub fn of_count(count: Count) -> Self {
        let events = i128::from(count.count());
        match count.exposure() {
            Some(exposure) => Self { numerator: events * MILLION, denominator: exposure.0.into() },
            None => Self { numerator: events, denominator: 1 },
        }
    }

    pub const fn is_zero(self) -> bool {
        self.numerator == 0
    }

    pub const fn is_negative(self) -> bool {
        self.numerator < 0
    }

    pub const fn abs(self) -> Self {
        Self { numerator: self.numerator.abs(), denominator: self.denominator }
    }

    pub const fn minus(self, other: Self) -> Self {
        if self.denominator == other.denominator {
            return Self { numerator: self.numerator - other.numerator, denominator: self.denominator };
        }
        Self {
            numerator: self.numerator * other.denominator - other.numerator * self.denominator,
            denominator: self.denominator * other.denominator,
        }
    }

    /// (self − base) / base; none where the base is zero or below, from which no relative change can be stated.
    pub fn relative_to(self, base: Self) -> Option<Self> {
        (base.numerator > 0).then(|| {
            if self.denominator == base.denominator {
                return Self { numerator: self.numerator - base.numerator, denominator: base.numerator };
            }
            Self {
                numerator: self.numerator * base.denominator - base.numerator * self.denominator,
                denominator: base.numerator * self.denominator,
            }
        })
    }

    pub const fn times_hundred(self) -> Self {
        Self { numerator: self.numerator * 100, denominator: self.denominator }
    }

    pub fn compare(self, millionths: i128) -> Ordering {
        compare((self.numerator, self.denominator), (millionths, MILLION))
    }

    /// In units of the last of so many places (at most six), half away from zero.
    pub fn rounded(self, places: u32) -> i128 {
        rounded(self.numerator * 10_i128.pow(places), self.denominator)
    }

    #[expect(
        clippy::as_conversions,
        clippy::cast_precision_loss,
        reason = "the nearest number is what is wanted"
    )]
    pub fn to_f64(self) -> f64 {
        self.numerator as f64 / self.denominator as f64
    }
}

impl Goal {
    /// Where success begins on the scale of the basis, in millionths: on this side of it the wanted way, or on it.
    fn bound(&self) -> i128 {
        let threshold = i128::from(self.threshold.0);
        match (self.basis, self.direction) {
            (Basis::Level, _)
            | (Basis::RelativeChange | Basis::AbsoluteChange, Direction::Up)
            | (Basis::Maintain, Direction::Down) => threshold,
            (Basis::RelativeChange | Basis::AbsoluteChange, Direction::Down)
            | (Basis::Maintain, Direction::Up) => -threshold,
        }
    }

    /// The same bound as the nearest floating-point number, for comparison with an interval.
    pub(crate) fn bound_f64(&self) -> f64 {
        Ratio { numerator: self.bound(), denominator: MILLION }.to_f64()
    }

    /// Whether a value on the scale of the basis meets the goal; the bound itself does.
    pub(crate) fn is_met_by(&self, value: Ratio) -> bool {
        match self.direction {
            Direction::Up => value.compare(self.bound()).is_ge(),
            Direction::Down => value.compare(self.bound()).is_le(),
        }
    }
}

/// Two fractions with positive denominators by their whole parts, and where those are equal by the inverses of what is
/// left over, the other way round: no product can overflow.
fn compare(mut one: (i128, i128), mut other: (i128, i128)) -> Ordering {
    loop {
        let whole = one.0.div_euclid(one.1).cmp(&other.0.div_euclid(other.1));
        let (left, other_left) = (one.0.rem_euclid(one.1), other.0.rem_euclid(other.1));
        if whole.is_ne() || left == 0 || other_left == 0 {
            return whole.then(left.min(1).cmp(&other_left.min(1)));
        }
        (one, other) = ((other.1, other_left), (one.1, left));
    }
}

/// The quotient rounded to a whole number, half away from zero. The denominator is positive.
pub const fn rounded(numerator: i128, denominator: i128) -> i128 {
    let half_up = (2 * numerator.abs() + denominator) / (2 * denominator);
    if numerator < 0 { -half_up } else { half_up }
}

/// A whole number of units of the last of so many places, as a decimal: never "-0".
pub fn decimal(units: i128, places: u32) -> String {
    let sign = if units < 0 { "-" } else { "" };
    let scale = 10_u128.pow(places);
    let (whole, rest) = (units.unsigned_abs() / scale, units.unsigned_abs() % scale);
    if places == 0 {
        return format!("{sign}{whole}");
    }
    let width = usize::try_from(places).unwrap_or_default();
    format!("{sign}{whole}.{rest:0width$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_rounded_away_from_zero() {
        assert_eq!([rounded(5, 2), rounded(-5, 2), rounded(4, 3), rounded(0, 3)], [3, -3, 1, 0]);
    }

    #[test]
    fn decimals_have_no_negative_zero() {
        assert_eq!([decimal(-5, 1), decimal(0, 1), decimal(-615, 1)], ["-0.5", "0.0", "-61.5"]);
        assert_eq!(decimal(12, 0), "12");
    }

    #[test]
    fn fractions_are_compared_whatever_their_size() {
        for (one, other, order) in [
            ((1, 3), (2, 6), Ordering::Equal),
            ((-7, 2), (-10, 3), Ordering::Less),
            ((10, 3), (7, 2), Ordering::Less),
            ((4, 2), (2, 1), Ordering::Equal),
            ((2, 1), (5, 2), Ordering::Less),
            ((i128::MAX, i128::MAX - 1), (i128::MAX - 1, i128::MAX - 2), Ordering::Less),
            ((i128::MIN, i128::MAX), (-1, 1), Ordering::Less),
        ] {
            assert_eq!(compare(one, other), order, "{one:?} {other:?}");
            assert_eq!(compare(other, one), order.reverse(), "{one:?} {other:?}");
        }
    }

    #[test]
    fn the_largest_numbers_are_compared_without_overflow() {
        let largest = Ratio::from(Millionths(i64::MAX));
        let smallest = Ratio::from(Millionths(i64::MIN));
        let share = Ratio::of_share(Share::new(1, u32::MAX).unwrap()).unwrap();
        for (before, after) in [(largest, smallest), (smallest, largest), (share, largest), (largest, share)]
        {
            let change = after.minus(before);
            let _ = (change.compare(i64::MAX.into()), change.times_hundred().rounded(6));
            if let Some(change) = after.relative_to(before) {
                let _ = (change.compare(i64::MIN.into()), change.times_hundred().rounded(6));
            }
        }
    }
}
