//! Canonical JSON (RFC 8785): one text for each value, from which hashes are made.

use serde_json::Value;

use crate::error::{Error, Result};

/// The greatest whole number up to which JSON tells each from the next.
const LARGEST: u64 = (1 << 53) - 1;

pub(crate) fn canonical(value: &Value) -> Result<String> {
    let text = if is_plain(value) {
        serde_json::to_string(value)
    } else {
        serde_json_canonicalizer::to_string(value)
    };
    text.map_err(Error::internal)
}

/// Whether the usual text is canonical already; writing that takes a tenth of the time. Numbers must be whole and at most
/// [`LARGEST`], and names in order: of ASCII, the order of bytes is that of UTF-16, which the standard asks for.
fn is_plain(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(_) | Value::String(_) => true,
        Value::Number(number) => number.as_i64().is_some_and(|number| number.unsigned_abs() <= LARGEST),
        Value::Array(items) => items.iter().all(is_plain),
        Value::Object(entries) => {
            entries.keys().is_sorted()
                && entries.iter().all(|(name, value)| name.is_ascii() && is_plain(value))
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Map, json};

    use super::*;

    fn values() -> impl Strategy<Value = Value> {
        let text = prop_oneof!["[ -~]{0,6}", "[\\x00-\\x20\"\\\\/\\x7f]{0,6}", any::<String>()];
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            (-9..9_i64).prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            text.clone().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 6, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::vec((text.clone(), inner), 0..6)
                    .prop_map(|entries| Value::Object(entries.into_iter().collect::<Map<_, _>>())),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_short_way_leads_to_the_same_text(value in values()) {
            let standard = serde_json_canonicalizer::to_string(&value);
            prop_assert_eq!(canonical(&value).ok(), standard.ok());
        }
    }

    #[test]
    fn what_is_not_plain_goes_the_whole_way() {
        for value in [json!(1.0), json!(1_u64 << 53), json!({"é": 1}), json!([{"a": [-1e30]}])] {
            assert!(!is_plain(&value), "{value}");
        }
        assert!(is_plain(&json!({"a": [1, -1, null, "é\n"], "b": {"c": true}})));
    }
}
