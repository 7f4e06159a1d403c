//! The keys that an issuer publishes, each for the algorithms of its own type alone.

use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use serde_json::Value;

/// A key of an issuer.
pub struct Key {
    id: String,
    /// What it may verify: a token's header chooses among these at most.
    algorithms: &'static [Algorithm],
    decoding: DecodingKey,
}

impl Key {
    pub fn verifies(&self, id: &str, algorithm: Algorithm) -> bool {
        self.id == id && self.algorithms.contains(&algorithm)
    }

    pub fn decoding(&self) -> &DecodingKey {
        &self.decoding
    }
}

/// A key set as it is published. What a key is, is looked at one by one: one that is odd does not spoil the others.
#[derive(Deserialize)]
pub struct KeySet {
    keys: Vec<Value>,
}

impl KeySet {
    /// Those that tokens can be verified with here.
    pub fn usable(self) -> Vec<Key> {
        let keys = self.keys.into_iter();
        keys.filter_map(|key| serde_json::from_value::<Published>(key).ok()?.usable()).collect()
    }
}

/// What counts of a key, by RFC 7517 and 7518.
#[derive(Deserialize)]
struct Published {
    kty: String,
    kid: String,
    #[serde(rename = "use")]
    purpose: Option<String>,
    key_ops: Option<Vec<String>>,
    alg: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
    /// The private half. Whoever publishes it has no key any more.
    d: Option<Value>,
}

impl Published {
    fn usable(self) -> Option<Key> {
        let signs = self.purpose.is_none_or(|purpose| purpose == "sig")
            && self.key_ops.is_none_or(|operations| operations.iter().any(|one| one == "verify"));
        if !signs || self.d.is_some() {
            return None;
        }
        let algorithms: &[Algorithm] = match (self.kty.as_str(), self.crv.as_deref(), self.alg.as_deref()) {
            ("RSA", _, None) => &[Algorithm::RS256, Algorithm::PS256],
            ("RSA", _, Some("RS256")) => &[Algorithm::RS256],
            ("RSA", _, Some("PS256")) => &[Algorithm::PS256],
            ("EC", Some("P-256"), None | Some("ES256")) => &[Algorithm::ES256],
            ("OKP", Some("Ed25519"), None | Some("EdDSA" | "Ed25519")) => &[Algorithm::EdDSA],
            _ => return None,
        };
        let decoding = match self.kty.as_str() {
            "RSA" => DecodingKey::from_rsa_components(&self.n?, &self.e?),
            "EC" => DecodingKey::from_ec_components(&self.x?, &self.y?),
            _ => DecodingKey::from_ed_components(&self.x?),
        };
        Some(Key { id: self.kid, algorithms, decoding: decoding.ok()? })
    }
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::Algorithm::{ES256, EdDSA, HS256, PS256, RS256};
    use serde_json::json;

    use super::*;

    fn algorithms(key: &Value) -> Vec<Algorithm> {
        let set: KeySet = serde_json::from_value(json!({ "keys": [key] })).expect("a set");
        set.usable().first().map(|key| key.algorithms.to_vec()).unwrap_or_default()
    }

    #[test]
    fn a_key_verifies_what_its_type_and_use_allow() {
        let rsa = json!({ "kty": "RSA", "kid": "a", "n": "AQAB", "e": "AQAB" });
        let ec = json!({ "kty": "EC", "kid": "a", "crv": "P-256", "x": "AQAB", "y": "AQAB" });
        let ed = json!({ "kty": "OKP", "kid": "a", "crv": "Ed25519", "x": "AQAB" });
        let with = |key: &Value, name: &str, value: Value| {
            let mut key = key.clone();
            key[name] = value;
            algorithms(&key)
        };
        assert_eq!(algorithms(&rsa), [RS256, PS256]);
        assert_eq!(with(&rsa, "alg", json!("PS256")), [PS256]);
        assert_eq!(with(&rsa, "use", json!("sig")), [RS256, PS256]);
        assert_eq!(with(&rsa, "key_ops", json!(["verify"])), [RS256, PS256]);
        assert_eq!(algorithms(&ec), [ES256]);
        assert_eq!(algorithms(&ed), [EdDSA]);
        for (key, name, value) in [
            (&rsa, "alg", json!("HS256")),
            (&rsa, "alg", json!("ES256")),
            (&rsa, "alg", json!("RSA-OAEP")),
            (&rsa, "use", json!("enc")),
            (&rsa, "key_ops", json!(["encrypt"])),
            (&rsa, "d", json!("AQAB")),
            (&rsa, "kty", json!("oct")),
            (&rsa, "kty", json!("unheard of")),
            (&rsa, "kid", Value::Null),
            (&ec, "crv", json!("P-384")),
            (&ec, "crv", json!("secp256k1")),
            (&ec, "alg", json!("RS256")),
            (&ed, "crv", json!("X25519")),
        ] {
            assert_eq!(with(key, name, value.clone()), Vec::<Algorithm>::new(), "{name} {value}");
        }
        assert_eq!(algorithms(&json!({ "kty": "oct", "kid": "a", "k": "AQAB" })), []);
        assert!(!algorithms(&rsa).contains(&HS256));
    }

    #[test]
    fn an_odd_key_does_not_spoil_the_others() {
        let good = json!({ "kty": "OKP", "kid": "b", "crv": "Ed25519", "x": "AQAB" });
        let set: KeySet =
            serde_json::from_value(json!({ "keys": [1, {}, { "kty": 2 }, good] })).expect("a set");
        assert_eq!(set.usable().len(), 1);
    }
}
