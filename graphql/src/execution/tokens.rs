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
            b'"' => at = end_of_string(bytes, at),
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

fn end_of_string(bytes: &[u8], from: usize) -> usize {
    let block = bytes[from..].starts_with(b"\"\"\"");
    let quotes: &[u8] = if block { b"\"\"\"" } else { b"\"" };
    let mut at = from + quotes.len();
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'"' if bytes[at..].starts_with(quotes) => return at + quotes.len(),
            _ => at += 1,
        }
    }
    bytes.len()
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
        assert!(check(query, &limits(15)).is_ok());
        assert!(check(query, &limits(14)).is_err());
    }

    #[test]
    fn refuses_deep_nesting_before_parsing() {
        let deep = |levels: usize| "{a".repeat(levels) + &"}".repeat(levels);
        assert!(check(&deep(64), &limits(10_000)).is_ok());
        assert!(check(&deep(65), &limits(10_000)).is_err());
        assert!(check(&"[".repeat(100_000), &limits(1_000_000)).is_err());
    }

    #[test]
    fn ends_at_an_unfinished_string() {
        for query in ["\"", "\"\\", "\"\"\"abc\"\"", "\"\"\""] {
            assert!(check(query, &limits(10)).is_ok(), "{query}");
        }
    }
}
