//! Numbers as they are printed.

use std::ops::RangeInclusive;

use crate::exact::Ratio;

/// A decimal as it is printed: so many units of the last of its places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Printed {
    pub units: i128,
    pub places: u32,
}

impl Printed {
    const MOST_DIGITS: usize = 12;
    const MOST_PLACES: usize = 6;

    /// With a hyphen or a minus sign for a negative number.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix(['-', '\u{2212}']);
        let sign = if digits.is_some() { -1 } else { 1 };
        let digits = digits.unwrap_or(text);
        let (whole, places) = match digits.split_once('.') {
            Some((_, "")) => return None,
            Some(parts) => parts,
            None => (digits, ""),
        };
        let all = format!("{whole}{places}");
        let is_decimal = !whole.is_empty()
            && places.len() <= Self::MOST_PLACES
            && all.len() <= Self::MOST_DIGITS
            && all.bytes().all(|byte| byte.is_ascii_digit());
        let units: i128 = is_decimal.then(|| all.parse().ok())??;
        Some(Self { units: sign * units, places: u32::try_from(places.len()).ok()? })
    }

    pub const fn ratio(self) -> Ratio {
        Ratio::of_decimal(self.units, self.places)
    }

    /// All k with 100·k/n rounded to this, that is from (u − ½)·n/s to just below (u + ½)·n/s with s = 100·10^places.
    pub fn counts(self, n: u32) -> Option<RangeInclusive<u32>> {
        let (n_wide, scale) = (i128::from(n), 200 * 10_i128.pow(self.places));
        if n == 0 || self.units < 0 {
            return None;
        }
        let first = ((2 * self.units - 1) * n_wide + scale - 1).div_euclid(scale).max(0);
        let last = ((2 * self.units + 1) * n_wide - 1).div_euclid(scale).min(n_wide);
        Some(u32::try_from(first).ok()?..=u32::try_from(last).ok()?)
    }
}
