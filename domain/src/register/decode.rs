//! From the bytes of a file to its text and its separator, as spreadsheets of different ages and countries save it.

use std::borrow::Cow;

/// What Windows-1252 holds where Latin-1 has control characters; five places are empty and stay what they are in Latin-1.
const WINDOWS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}',
    '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// UTF-8 as it is; else what was saved as "ANSI" here: Windows-1252, which holds Latin-1. None for UTF-8 that is damaged, which
/// as another encoding would be read as other letters.
pub(super) fn decoded(bytes: &[u8]) -> Option<Cow<'_, str>> {
    if let Ok(text) = str::from_utf8(bytes) {
        return Some(Cow::Borrowed(text));
    }
    let damaged = bytes.utf8_chunks().any(|chunk| !chunk.valid().is_ascii());
    (!damaged).then(|| Cow::Owned(bytes.iter().map(|byte| letter(*byte)).collect()))
}

fn letter(byte: u8) -> char {
    let place = byte.checked_sub(0x80).map(usize::from);
    place.and_then(|place| WINDOWS.get(place)).copied().unwrap_or(char::from(byte))
}

/// What stands between the cells: a semicolon where the first line has no comma, as where a comma begins the decimals.
pub(super) fn separator(text: &str) -> u8 {
    let first = text.split(['\r', '\n']).next().unwrap_or_default();
    if first.contains(';') && !first.contains(',') { b';' } else { b',' }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn encodings_are_told_apart() {
        for (bytes, text) in [
            (&b"plain"[..], Some("plain")),
            ("Ærø".as_bytes(), Some("Ærø")),
            (b"\xc6r\xf8 \x96 \x80", Some("Ærø – €")),
            (b"\xc3\xa6 \xe6", None),
        ] {
            assert_eq!(decoded(bytes).as_deref(), text);
        }
        assert_eq!([separator("a;b\n1,2;3"), separator("a,b;c"), separator("a"), separator("")], *b";,,,");
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn text_in_latin_1_is_read(text in "[a-z;,\r\n]{0,10}[æøåÆØÅ]{1,3}[ -~]{0,10}") {
            let bytes: Vec<u8> = text.chars().filter_map(|c| u8::try_from(u32::from(c)).ok()).collect();
            let read = decoded(&bytes);
            prop_assert_eq!(read.as_deref(), Some(text.as_str()));
        }
    }
}
