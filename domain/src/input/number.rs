//! Numbers from outside: exact, within range, and in one way of writing.

use entity::columns::Decimal;

use crate::error::{Problem, expectation};

/// The digits that floating point holds of every decimal number.
const EXACT_DIGITS: usize = 15;

const fn no_decimal() -> Problem {
    Problem::Malformed { expected: expectation::DECIMAL }
}

/// An exact decimal as it is written everywhere: digits with a point, a minus before; neither exponent nor infinity.
pub fn decimal(text: &str) -> Result<Decimal, Problem> {
    text.parse().map_err(|_unreadable| no_decimal())
}

/// The decimal that a number of JSON or of a document says. Their readers keep a fraction as floating point, so one with more
/// digits than that holds could be another than was written, and is refused; as text it is welcome.
pub fn decimal_of(number: &serde_json::Number) -> Result<Decimal, Problem> {
    if let Some(whole) = number.as_i64() {
        return decimal(&whole.to_string());
    }
    let text = number.as_f64().ok_or_else(no_decimal)?.to_string();
    let digits = text.trim_start_matches(['-', '0', '.']).bytes().filter(u8::is_ascii_digit).count();
    if digits > EXACT_DIGITS { Err(no_decimal()) } else { decimal(&text) }
}

/// A whole number: digits alone, a minus before.
pub fn whole<T: TryFrom<i64>>(text: &str) -> Result<T, Problem> {
    let unreadable = || Problem::Malformed { expected: expectation::WHOLE_NUMBER };
    // What Rust reads beside this is a plus.
    let number = text.parse::<i64>().ok().filter(|_| !text.starts_with('+'));
    number.and_then(|number| number.try_into().ok()).ok_or_else(unreadable)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of_json(text: &str) -> Option<String> {
        let number = serde_json::from_str(text).ok()?;
        decimal_of(&number).ok().map(|decimal| decimal.to_string())
    }

    #[test]
    fn numbers_are_exact_or_refused() {
        for (given, read) in [
            ("12.40", "12.4"),
            ("-0", "0"),
            ("-0.0", "0"),
            ("0.000001", "0.000001"),
            ("-0.000001", "-0.000001"),
            ("1e3", "1000"),
            ("9007199254", "9007199254"),
            ("123456789.012345", "123456789.012345"),
        ] {
            assert_eq!(of_json(given).as_deref(), Some(read), "{given}");
        }
        for given in [
            "9007199254740993",
            "9007199254.740991",
            "18446744073709551615",
            "1e300",
            "-1e300",
            "1e-300",
            "0.0000001",
        ] {
            assert_eq!(of_json(given), None, "{given}");
        }
    }

    #[test]
    fn whole_numbers_have_one_form() {
        assert_eq!(whole::<i32>("-5"), Ok(-5));
        assert_eq!(whole::<i64>("9007199254740993"), Ok(9_007_199_254_740_993));
        for wrong in ["", "+5", " 5", "5.0", "1e3", "2147483648", "NaN", "٣"] {
            assert!(whole::<i32>(wrong).is_err(), "{wrong}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_decimal_reads_back_as_it_is_printed(millionths in -9_007_199_254_740_991_i64..=9_007_199_254_740_991) {
            let number = Decimal::from_millionths(millionths);
            let printed = number.map(|number| number.to_string()).unwrap_or_default();
            prop_assert_eq!(decimal(&printed).ok(), number);
        }

        #[test]
        fn a_number_of_json_of_fifteen_digits_is_what_was_written(text in "-?(0|[1-9][0-9]{0,8})(\\.[0-9]{1,6})?") {
            prop_assert_eq!(of_json(&text), decimal(&text).ok().map(|decimal| decimal.to_string()));
        }

        #[test]
        fn no_text_is_too_strange(text in any::<String>()) {
            let _either = (decimal(&text), whole::<i32>(&text));
        }
    }
}
