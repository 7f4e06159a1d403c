//! The one place where text from outside is normalised and refused: mutations, import and command line all pass here.

use std::sync::LazyLock;

use icu_collator::options::{CollatorOptions, Strength};
use icu_collator::{Collator, CollatorBorrowed};
use icu_locale_core::locale;
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

use crate::error::Problem;

/// The most characters of a name, a label or another text of one line.
pub const LINE: usize = 300;
/// The most characters of a printed claim. They are unique, and of more an index of PostgreSQL could not hold the bytes.
pub const SENTENCES: usize = 600;
/// The most characters of a description, a reason or a note.
pub const PROSE: usize = 10_000;
/// The most characters of what an identity provider calls someone, or is called itself.
pub const IDENTIFIER: usize = 255;
const SLUG: usize = 80;
const EMAIL: usize = 254;

/// A required text: trimmed, in NFC, not empty.
pub fn required(text: &str, limit: usize) -> Result<String, Problem> {
    match normalised(text, limit)? {
        text if text.is_empty() => Err(Problem::NotEmpty),
        text => Ok(text),
    }
}

/// A required text by which something is told apart elsewhere. It is kept as it is: of two that normalising would make one,
/// each names another.
pub fn exact(text: &str, limit: usize) -> Result<String, Problem> {
    match required(text, limit)? {
        normal if normal == text => Ok(normal),
        _changed => Err(Problem::NotExact),
    }
}

/// A text that may be left out. A blank one is left out too.
pub fn optional(text: Option<&str>, limit: usize) -> Result<Option<String>, Problem> {
    let text = text.map(|text| normalised(text, limit)).transpose()?;
    Ok(text.filter(|text| !text.is_empty()))
}

/// A short name for addresses: lower-case ASCII letters, digits and single hyphens inside.
pub fn slug(text: &str) -> Result<String, Problem> {
    let text = required(text, SLUG)?;
    let tidy = text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        && text.split('-').all(|part| !part.is_empty());
    if tidy { Ok(text) } else { Err(Problem::NotASlug) }
}

/// An address that mail could reach; whether it does is not ours to know.
pub fn email(text: &str) -> Result<String, Problem> {
    let text = required(text, EMAIL)?;
    let plausible = text.split_once('@').is_some_and(|(user, host)| {
        !user.is_empty() && !host.is_empty() && !host.contains('@') && !text.chars().any(char::is_whitespace)
    });
    if plausible { Ok(text) } else { Err(Problem::NotAnEmail) }
}

/// What two texts share that a person would call the same word: case and composition folded.
pub fn folded(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).nfc().collect()
}

/// What `LIKE`, with `\\` as its escape, finds the text by, wherever it stands.
pub fn like_pattern(text: &str) -> String {
    format!("%{}%", text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
}

/// Bytes that sort as Danish does: Aa with Å, and Æ, Ø, Å after Z.
pub fn sort_key(text: &str) -> Vec<u8> {
    let mut key = Vec::new();
    let Ok(()) = DANISH.write_sort_key_to(text, &mut key);
    key
}

#[expect(clippy::expect_used, reason = "Danish is compiled into the collator's data; a test reads it")]
static DANISH: LazyLock<CollatorBorrowed<'static>> = LazyLock::new(|| {
    let mut options = CollatorOptions::default();
    options.strength = Some(Strength::Tertiary);
    Collator::try_new(locale!("da").into(), options).expect("Danish collation data")
});

fn normalised(text: &str, limit: usize) -> Result<String, Problem> {
    if text.contains('\0') {
        return Err(Problem::NulCharacter);
    }
    let text: String = text.trim().nfc().collect();
    if text.chars().count() > limit {
        return Err(Problem::TooLong { limit });
    }
    if has_cpr_number(&text) {
        return Err(Problem::CprNumber);
    }
    Ok(text)
}

/// Whether a Danish personal number stands in the text: six digits that are a day, month and year, then four more, with or
/// without a dash or space between. The old check digit is not asked for, since valid numbers fail it since 2007.
fn has_cpr_number(text: &str) -> bool {
    let folded: String = text.nfkc().collect();
    let separates = |c: char| c.is_whitespace() || "()[]{},;:\"'<>".contains(c);
    let words = folded.split_inclusive(separates);
    // A UUID may hold such digits by chance, and is no personal number.
    let rest: String = words
        .map(|word| if Uuid::try_parse(word.trim_end_matches(separates)).is_ok() { "uuid " } else { word })
        .collect();
    scan_for_cpr(&rest)
}

fn scan_for_cpr(text: &str) -> bool {
    let characters: Vec<char> = text.chars().collect();
    let digit = |index: usize| characters.get(index).is_some_and(char::is_ascii_digit);
    (0..characters.len()).any(|start| {
        if start > 0 && digit(start - 1) || !(start..start + 6).all(digit) {
            return false;
        }
        let gap = characters
            .get(start + 6)
            .is_some_and(|c| matches!(c, '-' | '\u{2010}'..='\u{2015}' | ' ' | '.' | '/'));
        let serial = start + 6 + usize::from(gap);
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
    use super::*;

    #[test]
    fn sorts_as_danish_does() {
        let mut names = ["Årsplan", "Zebra", "Ærø", "Østerbro", "aaen", "Abe", "abe", "Alfa"];
        names.sort_by_key(|name| sort_key(name));
        assert_eq!(names, ["Abe", "abe", "Alfa", "Zebra", "Ærø", "Østerbro", "aaen", "Årsplan"]);
    }

    #[test]
    fn finds_personal_numbers_in_any_dress() {
        for text in [
            "010190-1234",
            "barn 0101901234 sagt",
            "010190 1234",
            "010190\u{2013}1234",
            "(290200-0000)",
            "cpr:311299-9999.",
            "\u{ff10}\u{ff11}\u{ff10}\u{ff11}\u{ff19}\u{ff10}-1234",
            "se 018f3c5e-0101-7901-8234-010190123456 og 010190-1234",
        ] {
            assert_eq!(required(text, PROSE), Err(Problem::CprNumber), "{text}");
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
            "018f3c5e-0101-7901-8234-010190123456",
            "01019012-3400-7000-8000-000000000000",
            "tlf. 33 66 33 66",
        ] {
            assert_eq!(required(text, PROSE).as_deref(), Ok(text), "{text}");
        }
    }

    #[test]
    fn normalises_before_it_measures() {
        assert_eq!(required(" A\u{30a}rhus ", 5).as_deref(), Ok("Århus"));
        assert_eq!(required("åååååå", 5), Err(Problem::TooLong { limit: 5 }));
        assert_eq!(required(" \t", 5), Err(Problem::NotEmpty));
        assert_eq!(optional(Some("  "), 5), Ok(None));
        assert_eq!(required("a\0b", 5), Err(Problem::NulCharacter));
        assert_eq!(folded("A\u{30A}RHUS"), "århus");
        assert_eq!(exact("Århus", 5).as_deref(), Ok("Århus"));
        assert_eq!(exact("A\u{30a}rhus", 6), Err(Problem::NotExact));
        assert_eq!(exact(" Århus", 6), Err(Problem::NotExact));
    }

    #[test]
    fn slugs_and_addresses() {
        assert_eq!(slug("den-korte-snor").as_deref(), Ok("den-korte-snor"));
        for wrong in ["Den", "a--b", "-a", "a-", "a b", "æ"] {
            assert_eq!(slug(wrong), Err(Problem::NotASlug), "{wrong}");
        }
        assert!(email("a@b.example").is_ok());
        for wrong in ["a", "@b", "a@", "a b@c", "a@b@c"] {
            assert_eq!(email(wrong), Err(Problem::NotAnEmail), "{wrong}");
        }
    }
}
