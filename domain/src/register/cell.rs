//! What a cell of a file says, and how it is written so that a spreadsheet runs none of it.

/// What separates the items of a list within a cell, and what takes that meaning away from it.
const SEPARATOR: char = ';';
const ESCAPE: char = '\\';
/// What tells a spreadsheet that the rest of a cell is text.
const TEXT: char = '\'';

/// Whether a spreadsheet would take a cell that begins so for a formula.
fn begins_formula(c: char) -> bool {
    matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠')
}

fn is_number(cell: &str) -> bool {
    let digits = cell.strip_prefix('-').unwrap_or(cell);
    digits.split(['.', ',']).all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Whether it is a formula to a spreadsheet, behind however many signs that it is text.
fn is_formula(cell: &str) -> bool {
    !is_number(cell) && cell.trim_start_matches(TEXT).starts_with(begins_formula)
}

/// The cell as it is written: what a spreadsheet would run, told to be text.
pub(crate) fn neutral(cell: &str) -> String {
    if is_formula(cell) { format!("{TEXT}{cell}") } else { cell.to_owned() }
}

/// What was made neutral, as it was.
pub(super) fn plain(cell: &str) -> &str {
    cell.strip_prefix(TEXT).filter(|_| is_formula(cell)).unwrap_or(cell)
}

/// The items of a list as a cell. Each is neutral by itself, since a spreadsheet may take the separator for its own.
pub(super) fn joined(items: &[String]) -> String {
    let escaped = |item: &String| {
        let item = neutral(item).replace(ESCAPE, &format!("{ESCAPE}{ESCAPE}"));
        item.replace(SEPARATOR, &format!("{ESCAPE}{SEPARATOR}"))
    };
    items.iter().map(escaped).collect::<Vec<_>>().join(&SEPARATOR.to_string())
}

/// The items that a cell holds, without the empty ones.
pub(super) fn split(cell: &str) -> Vec<String> {
    let mut items = vec![String::new()];
    let mut characters = cell.chars();
    while let Some(character) = characters.next() {
        let item = match character {
            SEPARATOR => {
                items.push(String::new());
                continue;
            }
            ESCAPE => characters.next().unwrap_or(ESCAPE),
            plain => plain,
        };
        if let Some(last) = items.last_mut() {
            last.push(item);
        }
    }
    items.iter().map(|item| plain(item.trim())).filter(|item| !item.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_list_reads_back_as_it_was_written() {
        for items in
            [vec![], vec!["BIF", "SOF"], vec!["a;b", "c\\", "\\;"], vec!["\\\\;;"], vec!["=1;+2", "-3", "@"]]
        {
            let items: Vec<String> = items.into_iter().map(str::to_owned).collect();
            assert_eq!(split(&joined(&items)), items);
        }
        assert_eq!(split(" a ; ;b\\"), ["a", "b\\"]);
    }

    #[test]
    fn formulas_are_neutral_and_numbers_stay_numbers() {
        for (cell, written) in [
            ("=1+1", "'=1+1"),
            ("+45 12345678", "'+45 12345678"),
            ("-", "'-"),
            ("-x", "'-x"),
            ("-1+2", "'-1+2"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\tx", "'\tx"),
            ("\rx", "'\rx"),
            ("＝1", "'＝1"),
            ("'=1", "''=1"),
            ("-5", "-5"),
            ("-0.6154", "-0.6154"),
            ("-61,6", "-61,6"),
            ("5", "5"),
            ("'t Hart", "'t Hart"),
            ("", ""),
        ] {
            assert_eq!(neutral(cell), written);
            assert_eq!(plain(written), cell);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_is_written_reads_back(cell in "['=+@\\-\t\r0-9a;.,\\\\]{0,6}|\\PC*") {
            let written = neutral(&cell);
            prop_assert_eq!(plain(&written), cell.as_str());
            prop_assert!(is_number(&written) || !written.starts_with(begins_formula), "{}", written);
        }

        #[test]
        fn a_list_of_anything_reads_back(items in vec("['=+@\\-;\\\\a1]{1,5}", 0..5)) {
            prop_assert_eq!(split(plain(&neutral(&joined(&items)))), items);
        }
    }
}
