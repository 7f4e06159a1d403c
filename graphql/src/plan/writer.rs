//! JSON, written as it will be sent.

use std::fmt::{Display, Write};

use async_graphql::{Name, Value, indexmap::IndexMap};
use domain::{Error, Problem};

/// Marks a value that is JSON already, for the one who writes the response.
pub const RAW: &str = "$raw";

/// The largest part of an answer that one root field may write, in bytes. Lists of lists can multiply beyond any cost that
/// is reckoned beforehand.
const LARGEST: usize = 16 * 1024 * 1024;

/// The error of an answer that grew too large.
pub fn too_large() -> Error {
    Error::refused("", Problem::AnswerTooLarge)
}

/// JSON being written. Once it is too large it takes no more.
#[derive(Default)]
pub struct Json {
    text: String,
}

impl Json {
    /// The finished JSON as a value of async-graphql, to be sent as it is; none where it is too large.
    pub fn into_value(self) -> Option<Value> {
        if self.is_full() {
            return None;
        }
        Some(Value::Object(IndexMap::from([(Name::new(RAW), Value::String(self.text))])))
    }

    fn is_full(&self) -> bool {
        self.text.len() > LARGEST
    }

    pub fn null(&mut self) {
        self.text.push_str("null");
    }

    /// Something whose text is JSON: a number, `true` or `false`.
    pub fn bare(&mut self, value: impl Display) {
        // Writing to a String cannot fail.
        let _infallible = write!(self.text, "{value}");
    }

    /// A whole number.
    pub fn integer(&mut self, value: impl itoa::Integer) {
        self.text.push_str(itoa::Buffer::new().format(value));
    }

    /// Something whose text needs no escapes, quoted.
    pub fn plain(&mut self, value: impl Display) {
        // Writing to a String cannot fail.
        let _infallible = write!(self.text, "\"{value}\"");
    }

    /// A text, quoted.
    pub fn string(&mut self, text: &str) {
        self.text.push('"');
        let mut plain_from = 0;
        for (at, byte) in text.bytes().enumerate() {
            let escape = match byte {
                b'"' => "\\\"",
                b'\\' => "\\\\",
                b'\n' => "\\n",
                b'\r' => "\\r",
                b'\t' => "\\t",
                0..=0x1f => "",
                _ => continue,
            };
            self.text.push_str(&text[plain_from..at]);
            if escape.is_empty() {
                let _infallible = write!(self.text, "\\u{byte:04x}");
            } else {
                self.text.push_str(escape);
            }
            plain_from = at + 1;
        }
        self.text.push_str(&text[plain_from..]);
        self.text.push('"');
    }

    /// A field's name within an object. Names of GraphQL need no escapes.
    pub fn key(&mut self, name: &str) {
        if !self.text.ends_with('{') {
            self.text.push(',');
        }
        self.text.push('"');
        self.text.push_str(name);
        self.text.push_str("\":");
    }

    pub fn object(&mut self, fields: impl FnOnce(&mut Self)) {
        self.text.push('{');
        fields(self);
        self.text.push('}');
    }

    pub fn list<T>(&mut self, items: impl IntoIterator<Item = T>, mut item: impl FnMut(T, &mut Self)) {
        self.text.push('[');
        for (at, value) in items.into_iter().enumerate() {
            if self.is_full() {
                break;
            }
            if at > 0 {
                self.text.push(',');
            }
            item(value, self);
        }
        self.text.push(']');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_no_more_than_fits() {
        let mut out = Json::default();
        let mut written = 0;
        out.list(0..1_000_000, |_, out| {
            written += 1;
            out.string(&"x".repeat(1_000));
        });
        assert!(written < 17_000, "{written}");
        assert!(out.into_value().is_none());
    }

    #[test]
    fn writes_what_a_json_reader_reads_back() {
        let text = "Ærø \"x\" \\ \n\r\t\u{0}\u{1f} \u{2028} 😀";
        let mut out = Json::default();
        out.object(|out| {
            out.key("a");
            out.list([1, 2], |number, out| out.bare(number));
            out.key("b");
            out.string(text);
            out.key("c");
            out.object(|_| {});
            out.key("d");
            out.null();
        });
        let read: serde_json::Value = serde_json::from_str(&out.text).unwrap();
        assert_eq!(read, serde_json::json!({ "a": [1, 2], "b": text, "c": {}, "d": null }));
    }
}
