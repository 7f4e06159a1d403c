//! The first look at a document: how many tokens, how deep its brackets. Linear in its length, before any parser recurses.

use async_graphql::ServerError;

use super::Limits;
use crate::errors::bad_request;

/// Brackets nested deeper than this would exhaust a recursive parser's stack.
const MOST_NESTED: usize = 64;

pub fn check(query: &str, limits: &Limits) -> Result<(), ServerError> {
    let bytes = query.as_bytes();
    let (mut at, mut tokens, mut nested) = (0, 0_usize, 0_usize);
    while let Some(byte) = bytes.get(at) {
        let start = at;
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' | b',' => {
                at += 1;
                continue;
            }
            b'#' => {
                at = end_of(bytes, at, |byte| byte != b'\n' && byte != b'\r');
                continue;
            }
            b'"' => {
                at = end_of_string(bytes, at)
                    .ok_or_else(|| bad_request("A string in the document does not end."))?;
            }
            b'{' | b'[' | b'(' => {
                nested += 1;
                at += 1;
            }
            b'}' | b']' | b')' => {
                nested = nested.saturating_sub(1);
                at += 1;
            }
            _ => at = end_of(bytes, at, |byte| byte.is_ascii_alphanumeric() || byte == b'_').max(start + 1),
        }
        tokens += 1;
        if tokens > limits.tokens {
            return Err(bad_request(format!("The document has more than {} tokens.", limits.tokens)));
        }
        if nested > MOST_NESTED {
            return Err(bad_request(format!("The document is nested deeper than {MOST_NESTED} brackets.")));
        }
    }
    Ok(())
}

fn end_of(bytes: &[u8], from: usize, inside: impl Fn(u8) -> bool) -> usize {
    bytes[from..].iter().position(|byte| !inside(*byte)).map_or(bytes.len(), |length| from + length)
}

/// Where a string ends, exactly as the parser has it: a string that this reader took for longer than the parser does would
/// hide brackets and tokens. None for a string without end.
fn end_of_string(bytes: &[u8], from: usize) -> Option<usize> {
    if bytes[from..].starts_with(BLOCK) { end_of_block(bytes, from) } else { end_on_line(bytes, from) }
}

const BLOCK: &[u8] = b"\"\"\"";

/// In a block string a backslash means something only before three quotes.
fn end_of_block(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from + BLOCK.len();
    while at < bytes.len() {
        let rest = &bytes[at..];
        if rest.starts_with(BLOCK) {
            return Some(at + BLOCK.len());
        }
        let escaped = rest.strip_prefix(b"\\").is_some_and(|rest| rest.starts_with(BLOCK));
        at += if escaped { 1 + BLOCK.len() } else { 1 };
    }
    None
}

fn end_on_line(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from + 1;
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at + 1),
            b'\n' | b'\r' => return None,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(tokens: usize) -> Limits {
        Limits { tokens, ..Limits::default() }
    }

    #[test]
    fn counts_names_and_marks_but_not_space_and_comments() {
        let query = "query Q { a(b: \"x } \\\" y\") # { { {\n ...F }";
        assert!(check(query, &limits(14)).is_ok());
        assert!(check(query, &limits(13)).is_err());
    }

    #[test]
    fn refuses_deep_nesting_before_parsing() {
        let deep = |levels: usize| "{a".repeat(levels) + &"}".repeat(levels);
        assert!(check(&deep(64), &limits(10_000)).is_ok());
        assert!(check(&deep(65), &limits(10_000)).is_err());
        assert!(check(&"[".repeat(100_000), &limits(1_000_000)).is_err());
    }

    #[test]
    fn refuses_a_string_without_end() {
        for query in ["\"", "\"\\", "\"\n\"", "\"\"\"abc\"\"", "\"\"\"", "\"\"\"\\\"\"\""] {
            assert!(check(query, &limits(10)).is_err(), "{query}");
        }
    }

    #[test]
    fn ends_strings_where_the_parser_does() {
        let strings = [
            r#""""\"""" x """"#,
            r#""""\""" " """"#,
            r#""""\\""" """"#,
            r#""""\"""""""#,
            r#""""\\"""""""#,
            r#""\\""#,
            r#""\"""#,
            r#""""#,
        ];
        for string in strings {
            let query = format!("{{ a(b: {string}) }}");
            assert!(check(&query, &limits(8)).is_ok(), "{query}");
            assert!(check(&query, &limits(7)).is_err(), "{query}");
        }
    }
}
