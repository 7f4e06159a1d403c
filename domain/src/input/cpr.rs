//! Danish personal numbers, which are kept out of every text.

use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

/// The most signs between date and serial, as in `010190 - 1234`.
const WIDEST_GAP: usize = 3;

/// Whether a personal number stands in the text: six digits that are a day, month and year, then four more, with or without
/// dashes or spaces between. The old check digit is not asked for, since valid numbers fail it since 2007.
pub fn is_in(text: &str) -> bool {
    let folded: String = text.nfkc().filter(|c| !is_invisible(*c)).collect();
    let separates = |c: char| c.is_whitespace() || "()[]{},;:\"'<>".contains(c);
    let words = folded.split_inclusive(separates);
    // A UUID may hold such digits by chance, and is no personal number.
    let rest: String = words
        .map(|word| if Uuid::try_parse(word.trim_end_matches(separates)).is_ok() { "uuid " } else { word })
        .collect();
    stands_in(&rest.chars().collect::<Vec<_>>())
}

/// What a reader does not see between two digits.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

fn is_gap(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '.' | '/')
}

fn stands_in(characters: &[char]) -> bool {
    let digit = |index: usize| characters.get(index).is_some_and(char::is_ascii_digit);
    (0..characters.len()).any(|start| {
        if start > 0 && digit(start - 1) || !(start..start + 6).all(digit) {
            return false;
        }
        let after = characters.iter().skip(start + 6);
        let gap = after.take(WIDEST_GAP).take_while(|c| is_gap(**c)).count();
        let serial = start + 6 + gap;
        (serial..serial + 4).all(digit) && !digit(serial + 4) && is_date(&characters[start..start + 6])
    })
}

fn is_date(ddmmyy: &[char]) -> bool {
    let pair = |at: usize| {
        ddmmyy[at..at + 2].iter().filter_map(|c| c.to_digit(10)).fold(0, |sum, digit| sum * 10 + digit)
    };
    let (day, month, year) = (pair(0), pair(2), pair(4));
    let last = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        // The century is not in the number: 00 may be the leap year 2000.
        2 if year.is_multiple_of(4) => 29,
        2 => 28,
        _ => return false,
    };
    (1..=last).contains(&day)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::{Date, Month};

    use super::*;

    #[test]
    fn finds_personal_numbers_in_any_dress() {
        for text in [
            "010190-1234",
            "barn 0101901234 sagt",
            "010190 1234",
            "010190\u{a0}1234",
            "010190 - 1234",
            "010190\u{2013}1234",
            "010190\u{2212}1234",
            "0101\u{ad}90\u{200b}1234",
            "(290200-0000)",
            "cpr:311299-9999.",
            "cpr311299-9999x",
            "\u{ff10}\u{ff11}\u{ff10}\u{ff11}\u{ff19}\u{ff10}-1234",
            "se 018f3c5e-0101-7901-8234-010190123456 og 010190-1234",
        ] {
            assert!(is_in(text), "{text}");
        }
    }

    #[test]
    fn lets_other_digits_pass() {
        for text in [
            "321390-1234",
            "0113901234",
            "290201-0000",
            "12345678901",
            "0101901234567",
            "010190    1234",
            "018f3c5e-0101-7901-8234-010190123456",
            "01019012-3400-7000-8000-000000000000",
            "01019012340070008000000000000000",
            "tlf. 33 66 33 66",
        ] {
            assert!(!is_in(text), "{text}");
        }
    }

    /// Each way to cut the text in three, told plainly: what is before does not end in a digit, what is after does not begin
    /// with one, and what is between is a date, a gap and four digits. For texts without UUIDs and signs that fold.
    fn told_plainly(text: &str) -> bool {
        let is_digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
        let bytes = text.as_bytes();
        (0..bytes.len()).any(|from| {
            (10..=13).any(|length| {
                let Some(number) = text.get(from..from + length) else { return false };
                let (date, rest) = number.split_at(6);
                let (gap, serial) = rest.split_at(length - 10);
                let day = |century: i32| {
                    let numbers: Vec<u8> =
                        [0, 2, 4].iter().filter_map(|at| date[*at..at + 2].parse().ok()).collect();
                    let [day, month, year] = numbers[..] else { return None };
                    Date::from_calendar_date(century + i32::from(year), Month::try_from(month).ok()?, day)
                        .ok()
                };
                [date, serial].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
                    && gap.bytes().all(|byte| b" -./".contains(&byte))
                    && (day(1900).is_some() || day(2000).is_some())
                    && !is_digit(from.checked_sub(1).and_then(|before| bytes.get(before)))
                    && !is_digit(bytes.get(from + length))
            })
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn agrees_with_what_is_told_plainly(text in "[a ]?[0-3][0-9][01][0-9][0-9]{2}[-./ ]{0,4}[0-9]{3,5}[a 1]?([ 0-3]{0,3}[0-9]{9,11})?") {
            prop_assert_eq!(is_in(&text), told_plainly(&text));
        }

        #[test]
        fn no_text_is_too_strange(text in any::<String>(), number in "[0-9]{6}-[0-9]{4}") {
            let _either = is_in(&text);
            prop_assert_eq!(is_in(&number), told_plainly(&number));
        }

        #[test]
        fn no_surroundings_hide_one(before in "\\PC*", after in "\\PC*") {
            let text = format!("{before} 010190-1234 {after}");
            prop_assert!(is_in(&text));
        }

        #[test]
        fn what_parses_as_a_uuid_passes(bits in any::<u128>()) {
            let uuid = Uuid::from_u128(bits);
            let text = format!("se {uuid} og {}", uuid.simple());
            prop_assert!(!is_in(&text));
        }
    }
}
