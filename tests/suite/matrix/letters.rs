//! What an answer amounts to, as one letter.

use serde_json::Value;

pub const NO_OBJECT: char = '.';

/// Of a field of the objects that there are.
pub fn of_values<'a>(values: impl IntoIterator<Item = &'a Value>) -> char {
    let letters: Vec<_> = values.into_iter().map(of_value).collect();
    ['v', '0', 'n'].into_iter().find(|letter| letters.contains(letter)).unwrap_or(NO_OBJECT)
}

fn of_value(value: &Value) -> char {
    match value {
        Value::Null => 'n',
        Value::Array(items) if items.is_empty() => '0',
        Value::Object(fields) => fields.get("totalCount").map_or('v', of_count),
        _ => 'v',
    }
}

fn of_count(count: &Value) -> char {
    if *count == 0 { '0' } else { 'v' }
}

/// Of a count that a field is.
pub fn of_counts<'a>(counts: impl IntoIterator<Item = &'a Value>) -> char {
    let letters: Vec<_> = counts.into_iter().map(of_count).collect();
    ['v', '0'].into_iter().find(|letter| letters.contains(letter)).unwrap_or(NO_OBJECT)
}

/// Of the code of a refusal.
pub fn of_refusal(code: &str) -> Option<char> {
    match code {
        "FORBIDDEN" => Some('f'),
        "NOT_FOUND" => Some('a'),
        _ => None,
    }
}
