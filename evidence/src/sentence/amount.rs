//! Numbers as they are read: as few places as tell what is to be told.

use super::Language;
use crate::exact::{Ratio, decimal, rounded};
use crate::goal::Millionths;

const PLACES: u32 = 6;

/// A number with the unit it is read in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amount {
    text: String,
    pub unit: Unit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Percent,
    /// Percentage points.
    Points,
    /// The unit of the mean or the rate.
    Own,
}

impl Amount {
    /// A fraction is given per hundred, to one place, half away from zero, and to more where it would look like the
    /// threshold or like nothing, and is not. What is in its own unit is given to the last of its six places.
    pub fn measured(value: Ratio, unit: Unit, threshold: Option<Millionths>) -> Self {
        if unit == Unit::Own {
            return Self { text: without_trailing_zeros(&decimal(value.rounded(PLACES), PLACES)), unit };
        }
        let value = value.times_hundred();
        let threshold = threshold.map(|threshold| 100 * i128::from(threshold.0));
        let units = |places: u32| value.rounded(places);
        let misleads = |places: u32| {
            [threshold, Some(0)].into_iter().flatten().any(|other| {
                value.compare(other).is_ne() && units(places) == rounded(other, 10_i128.pow(PLACES - places))
            })
        };
        let places = (1..PLACES).find(|places| !misleads(*places)).unwrap_or(PLACES);
        let text = decimal(units(places), places);
        let is_exact = value.compare(units(places) * 10_i128.pow(PLACES - places)).is_eq();
        Self { text: if is_exact { without_trailing_zeros(&text) } else { text }, unit }
    }

    /// As it was given. A fraction is given per hundred.
    pub fn given(value: Millionths, unit: Unit) -> Self {
        let scale = if unit == Unit::Own { 1 } else { 100 };
        Self { text: without_trailing_zeros(&decimal(scale * i128::from(value.0), PLACES)), unit }
    }

    pub fn is_one(&self) -> bool {
        self.text == "1"
    }

    /// The number alone, in the manner of the language.
    pub fn number(&self, language: Language) -> String {
        let (whole, places) = self.text.split_once('.').unwrap_or((&self.text, ""));
        let point = match (places, language) {
            ("", _) => "",
            (_, Language::Danish) => ",",
            (_, Language::English) => ".",
        };
        format!("{}{point}{places}", grouped(whole, language))
    }
}

pub fn count(count: u32, language: Language) -> String {
    grouped(&count.to_string(), language)
}

fn without_trailing_zeros(decimal: &str) -> String {
    decimal.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// In groups of three from five digits on; four are read without.
fn grouped(whole: &str, language: Language) -> String {
    let digits = whole.trim_start_matches('-');
    if digits.len() < 5 {
        return whole.to_owned();
    }
    let separator = match language {
        Language::Danish => '.',
        Language::English => ',',
    };
    let mut text = whole[..whole.len() - digits.len()].to_owned();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::share::Share;

    fn measured(successes: u32, n: u32, threshold: i64) -> String {
        let share = Ratio::of_share(Share::new(successes, n).unwrap()).unwrap();
        Amount::measured(share, Unit::Percent, Some(Millionths(threshold))).number(Language::Danish)
    }

    #[test]
    fn one_place_unless_it_would_mislead() {
        assert_eq!(measured(37, 84, 300_000), "44,0");
        assert_eq!(measured(37, 84, 440_000), "44,05");
        assert_eq!(measured(1, 2, 500_000), "50");
        assert_eq!(measured(4_999_999, 10_000_000, 500_000), "49,99999");
        assert_eq!(measured(1, 3_000, 0), "0,03");
        assert_eq!(measured(0, 3_000, 500_000), "0");
        assert_eq!(measured(1, 4_000_000_000, 0), "0,000000");
    }

    #[test]
    fn large_numbers_are_grouped() {
        assert_eq!(count(9999, Language::Danish), "9999");
        assert_eq!(count(1_000_000, Language::Danish), "1.000.000");
        let amount = Amount::given(Millionths(-12_345_500_000), Unit::Own);
        assert_eq!(amount.number(Language::Danish), "-12.345,5");
        assert_eq!(amount.number(Language::English), "-12,345.5");
    }

    #[test]
    fn the_largest_numbers_are_written_without_overflow() {
        for value in [i64::MIN, i64::MAX] {
            let value = Millionths(value);
            let _ = Amount::given(value, Unit::Percent);
            let _ = Amount::measured(Ratio::from(value), Unit::Percent, Some(value));
        }
    }
}
