//! Text from outside: normalised, measured, and without what must not be kept.

use std::sync::LazyLock;

use icu_collator::options::{CollatorOptions, Strength};
use icu_collator::{Collator, CollatorBorrowed};
use icu_locale_core::locale;
use unicode_normalization::UnicodeNormalization;

use super::cpr;
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

/// What is looked for: a name, a code, an address, or a part of one. It is stored nowhere, but what no stored text can be is
/// told rather than searched for.
pub fn sought(text: &str) -> Result<String, Problem> {
    normalised(text, LINE)
}

/// Whether it may be repeated in a message.
pub fn may_be_repeated(text: &str) -> bool {
    !cpr::is_in(text)
}

fn normalised(text: &str, limit: usize) -> Result<String, Problem> {
    if text.contains('\0') {
        return Err(Problem::NulCharacter);
    }
    let text: String = text.trim().nfc().collect();
    if text.chars().count() > limit {
        return Err(Problem::TooLong { limit });
    }
    if cpr::is_in(&text) {
        return Err(Problem::CprNumber);
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sorts_as_danish_does() {
        let mut names = ["Årsplan", "Zebra", "Ærø", "Østerbro", "aaen", "Abe", "abe", "Alfa"];
        names.sort_by_key(|name| sort_key(name));
        assert_eq!(names, ["Abe", "abe", "Alfa", "Zebra", "Ærø", "Østerbro", "aaen", "Årsplan"]);
    }

    #[test]
    fn no_text_holds_a_personal_number() {
        for text in ["010190-1234", "Barnet 0101901234"] {
            assert_eq!(required(text, PROSE), Err(Problem::CprNumber), "{text}");
            assert_eq!(optional(Some(text), PROSE), Err(Problem::CprNumber), "{text}");
            assert_eq!(sought(text), Err(Problem::CprNumber), "{text}");
            assert_eq!(slug(text), Err(Problem::CprNumber), "{text}");
            assert_eq!(email(&format!("{text}@example.dk")), Err(Problem::CprNumber), "{text}");
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
    proptest! {
        #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_was_read_once_is_read_again_as_it_is(text in any::<String>()) {
            if let Ok(read) = required(&text, PROSE) {
                prop_assert_eq!(required(&read, PROSE), Ok(read.clone()));
                prop_assert!(!sort_key(&read).is_empty() || folded(&read).chars().all(|c| !c.is_alphanumeric()));
            }
        }

        #[test]
        fn composition_makes_no_difference(text in "[a-zæøåÆØÅéüñ ]{0,20}") {
            let apart: String = text.nfd().collect();
            prop_assert_eq!(required(&apart, LINE), required(&text, LINE));
            prop_assert_eq!(folded(&apart), folded(&text));
        }
    }
}
