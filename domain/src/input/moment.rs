//! Dates and moments from outside, within the years that something of ours can be of.

use entity::columns::Timestamp;
use time::Date;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

use crate::error::{Problem, expectation};

/// The years that a report, a grant or a programme of ours can have.
pub const YEARS: std::ops::RangeInclusive<i32> = 1900..=2200;

const DATE: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");

/// A date as it is written everywhere: exactly `2024-01-31`, within [`YEARS`].
pub fn date(text: &str) -> Result<Date, Problem> {
    let date = Date::parse(text, DATE).ok();
    let date = date.filter(|date| text.len() == 10 && YEARS.contains(&date.year()));
    date.ok_or(Problem::Malformed { expected: expectation::DATE })
}

/// A moment by RFC 3339, within [`YEARS`] in UTC.
pub fn moment(text: &str) -> Result<Timestamp, Problem> {
    let moment = text.parse::<Timestamp>().ok();
    // A year has four digits, so its text sorts as it does.
    let year = moment.and_then(|moment| moment.to_string().get(..4)?.parse().ok());
    let moment = moment.filter(|_| year.is_some_and(|year| YEARS.contains(&year)));
    moment.ok_or(Problem::Malformed { expected: expectation::MOMENT })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_date_has_one_form() {
        assert_eq!(date("2024-02-29").map(|date| date.to_string()).as_deref(), Ok("2024-02-29"));
        for wrong in [
            "2023-02-29",
            "+2024-01-01",
            "-0005-01-01",
            "1899-12-31",
            "2201-01-01",
            "2024-1-1",
            "",
            "2024-01-01 ",
        ] {
            assert!(date(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_moment_lies_in_a_year_of_ours() {
        let noon = moment("2024-01-31T13:00:00.5+01:00").map(|moment| moment.to_string());
        assert_eq!(noon.as_deref(), Ok("2024-01-31T12:00:00.500000Z"));
        for wrong in [
            "1900-01-01T00:30:00+01:00",
            "2200-12-31T23:30:00-01:00",
            "9999-12-31T23:59:59Z",
            "0001-01-01T00:00:00Z",
            "2024-02-30T00:00:00Z",
            "2024-01-31",
            "",
        ] {
            assert!(moment(wrong).is_err(), "{wrong}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_is_read_is_printed_back(text in "(19|20|21|22)[0-9]{2}-[01][0-9]-[0-3][0-9]") {
            if let Ok(day) = date(&text) {
                prop_assert_eq!(day.to_string(), text);
            }
        }

        #[test]
        fn no_text_is_too_strange(text in any::<String>(), alike in "[-+0-9TZ:.]{0,30}") {
            let _either = (date(&text), moment(&text), date(&alike), moment(&alike));
        }
    }
}
