use std::fmt;
use std::str::FromStr;

use sea_orm::DeriveValueType;

/// An exact decimal with up to six places, stored as a count of millionths.
///
/// SQLite would keep a decimal column as floating point, so the integer is what both databases store. The largest
/// magnitude is 2^53 − 1 millionths (about nine billion), the largest integer that JSON readers keep exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, DeriveValueType)]
pub struct Decimal(i64);

const PLACES: usize = 6;
const ONE: u64 = 1_000_000;
const MAX_MILLIONTHS: u64 = (1 << 53) - 1;

/// A text that is no decimal of at most six places within the range of [`Decimal`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a decimal number with at most six places and a magnitude below nine billion")]
pub struct InvalidDecimal;

impl Decimal {
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// The whole number that is stored.
    pub const fn millionths(self) -> i64 {
        self.0
    }

    /// The decimal of that many millionths; none beyond what JSON readers keep exactly.
    pub fn from_millionths(millionths: i64) -> Option<Self> {
        (millionths.unsigned_abs() <= MAX_MILLIONTHS).then_some(Self(millionths))
    }
}

impl From<u32> for Decimal {
    fn from(whole: u32) -> Self {
        // 2^32 millions stay below 2^53 millionths.
        Self(i64::from(whole) * 1_000_000)
    }
}

impl fmt::Display for Decimal {
    /// Without trailing zeros: `12.4`, `28`, `-0.6`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let magnitude = self.0.unsigned_abs();
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, rest) = (magnitude / ONE, magnitude % ONE);
        if rest == 0 {
            return write!(f, "{sign}{whole}");
        }
        let (mut rest, mut places) = (rest, PLACES);
        while rest % 10 == 0 {
            rest /= 10;
            places -= 1;
        }
        write!(f, "{sign}{whole}.{rest:0places$}")
    }
}

impl FromStr for Decimal {
    type Err = InvalidDecimal;

    fn from_str(text: &str) -> Result<Self, InvalidDecimal> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, places) = digits.split_once('.').unwrap_or((digits, "0"));
        let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !all_digits(whole) || !all_digits(places) {
            return Err(InvalidDecimal);
        }
        let places = places.trim_end_matches('0');
        if places.len() > PLACES {
            return Err(InvalidDecimal);
        }
        let whole: u64 = whole.parse().map_err(|_out_of_range| InvalidDecimal)?;
        let rest: u64 = format!("{places:0<PLACES$}").parse().map_err(|_out_of_range| InvalidDecimal)?;
        let magnitude = whole
            .checked_mul(ONE)
            .and_then(|millionths| millionths.checked_add(rest))
            .filter(|millionths| *millionths <= MAX_MILLIONTHS)
            .ok_or(InvalidDecimal)?;
        let magnitude = i64::try_from(magnitude).map_err(|_out_of_range| InvalidDecimal)?;
        Ok(Self(if negative { -magnitude } else { magnitude }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_what_it_reads_in_its_shortest_form() {
        for (given, printed) in [
            ("0", "0"),
            ("-0", "0"),
            ("12.40", "12.4"),
            ("28.0", "28"),
            ("007", "7"),
            ("-0.6154", "-0.6154"),
            ("17.5", "17.5"),
            ("0.000001", "0.000001"),
            ("9007199254.740991", "9007199254.740991"),
        ] {
            assert_eq!(given.parse::<Decimal>().map(|decimal| decimal.to_string()), Ok(printed.to_owned()));
        }
    }

    #[test]
    fn refuses_what_it_cannot_keep_exactly() {
        for given in [
            "",
            "-",
            ".5",
            "5.",
            "1e3",
            "NaN",
            "Infinity",
            "0.0000001",
            "9007199254.740992",
            "1,5",
            "+1",
            " 1",
        ] {
            assert_eq!(given.parse::<Decimal>(), Err(InvalidDecimal), "{given}");
        }
    }
}
