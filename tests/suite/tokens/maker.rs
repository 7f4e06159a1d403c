//! Each way to make a bad token of what makes good ones.

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

use crate::support::hmac;
use crate::support::issuer::{SigningKey, compact, now};

/// How good tokens of one kind are made.
pub struct Maker<'a> {
    pub header: Value,
    pub claims: Value,
    pub sign: &'a dyn Fn(&[u8]) -> Vec<u8>,
    /// What someone might take for the secret of an HMAC.
    pub public: Vec<Vec<u8>>,
}

impl Maker<'_> {
    pub fn good(&self) -> String {
        self.with(&self.header, &self.claims)
    }

    pub fn with(&self, header: &Value, claims: &Value) -> String {
        compact(header, &claims.to_string(), self.sign)
    }

    pub fn header(&self, name: &str, value: Value) -> (String, String) {
        let mut header = self.header.clone();
        header[name] = value;
        (header.to_string(), self.with(&header, &self.claims))
    }

    pub fn claim(&self, name: &str, value: &Value) -> (String, String) {
        let mut claims = self.claims.clone();
        claims[name] = value.clone();
        (claims.to_string(), self.with(&self.header, &claims))
    }

    pub fn bad_headers(&self) -> Vec<(String, String)> {
        let mut bad = Vec::new();
        for none in ["none", "None", "NONE", "nOnE", "n\u{f6}ne", ""] {
            let (told, signed) = self.header("alg", json!(none));
            let (unsigned, _) = signed.rsplit_once('.').expect("a signature");
            bad.push((told.clone(), format!("{unsigned}.")));
            bad.push((told.clone(), unsigned.to_owned()));
            bad.push((told, signed));
        }
        for algorithm in ["HS384", "HS512", "RS384", "RS512", "ES384", "PS384", "PS512", "hs256", "HS256 "] {
            bad.push(self.header("alg", json!(algorithm)));
        }
        bad.push(self.header("alg", Value::Null));
        bad.push(("no alg".into(), self.with(&without(&self.header, "alg"), &self.claims)));
        for algorithm in ["HS256", "RS256", "ES256", "PS256", "EdDSA"] {
            if self.header["alg"] != algorithm {
                bad.push(self.header("alg", json!(algorithm)));
            }
        }
        for key in &self.public {
            let (told, signed) = self.header("alg", json!("HS256"));
            let (signed, _) = signed.rsplit_once('.').expect("a signature");
            let signature = BASE64URL_NOPAD.encode(&hmac(key, signed.as_bytes()));
            bad.push((format!("{told} by what is public"), format!("{signed}.{signature}")));
        }
        for kid in [
            json!("../../../../../../dev/null"),
            json!("/etc/passwd"),
            json!("x' UNION SELECT 'secret' --"),
            json!("http://127.0.0.1/key"),
            json!("x".repeat(5_000)),
            json!("\u{0}"),
            json!(""),
            json!(1),
            json!(["a"]),
        ] {
            bad.push(self.header("kid", kid));
        }
        bad.push(("no kid".into(), self.with(&without(&self.header, "kid"), &self.claims)));
        let stranger = SigningKey::ec("stranger");
        for (name, value) in [
            ("jku", json!("http://127.0.0.1/keys")),
            ("jwk", stranger.published()),
            ("x5u", json!("http://127.0.0.1/chain")),
            ("x5c", json!(["MIIB"])),
            ("crit", json!(["exp"])),
            ("crit", json!([])),
            ("b64", json!(false)),
            ("zip", json!("DEF")),
            ("enc", json!("A128GCM")),
        ] {
            bad.push(self.header(name, value));
        }
        // A key that is brought along, and has signed.
        let brought = json!({ "alg": "ES256", "kid": "stranger", "jwk": stranger.published() });
        let signed = compact(&brought, &self.claims.to_string(), |message| stranger.sign("ES256", message));
        bad.push(("a key brought along".into(), signed));
        bad
    }

    pub fn bad_claims(&self) -> Vec<(String, String)> {
        let now = now();
        let wrong: [(&str, &[Value]); 7] = [
            ("aud", &[json!("other"), json!([]), json!(["other"]), json!(1), json!(""), json!({})]),
            ("iss", &[json!("other"), json!(""), json!(1), json!([self.claims["iss"]])]),
            ("sub", &[json!(""), json!(1), json!(["x"])]),
            (
                "exp",
                &[
                    json!("tomorrow"),
                    json!((now + 300).to_string()),
                    json!(1e308),
                    json!(i64::MAX),
                    json!(-1),
                    json!(now - 60),
                    json!(0),
                    json!(true),
                ],
            ),
            ("iat", &[json!(now + 60), json!("now"), json!(1e308), json!(-1)]),
            ("nbf", &[json!(now + 60), json!("now"), json!(1e308), json!(-1)]),
            ("sid", &[]),
        ];
        let mut bad = Vec::new();
        for (name, values) in wrong {
            bad.extend(values.iter().map(|value| self.claim(name, value)));
            if self.claims.get(name).is_some() {
                bad.push(self.claim(name, &Value::Null));
                let told = format!("no {name}");
                bad.push((told, self.with(&self.header, &without(&self.claims, name))));
            }
        }
        // Twice the same name: which counts would be anyone's guess.
        let twice = self.claims.to_string().replacen('{', "{\"exp\":99999999999,", 1);
        bad.push((twice.clone(), compact(&self.header, &twice, self.sign)));
        for text in ["", "null", "[]", "{", "1"] {
            bad.push((format!("claims: {text}"), compact(&self.header, text, self.sign)));
        }
        bad
    }

    pub fn bad_signatures(&self) -> Vec<(String, String)> {
        let good = self.good();
        let (signed, signature) = good.rsplit_once('.').expect("a signature");
        let (header, claims) = signed.split_once('.').expect("two parts");
        let mut bytes = BASE64URL_NOPAD.decode(signature.as_bytes()).expect("base64");
        bytes[7] ^= 1;
        let flipped = BASE64URL_NOPAD.encode(&bytes);
        let mut bad: Vec<_> = [
            format!("{signed}."),
            signed.to_owned(),
            format!("{signed}.{flipped}"),
            format!("{signed}.{}", signature.chars().rev().collect::<String>()),
            format!("{signed}.{}", &signature[..signature.len() - 4]),
            format!("{signed}.{}", "A".repeat(signature.len())),
            format!("{header}.{}.{signature}", &claims[..claims.len() - 4]),
            format!("{good}.{signature}"),
            format!(".{good}"),
            format!("{good}="),
            "..".to_owned(),
            "x".to_owned(),
            String::new(),
            "x".repeat(60_000),
        ]
        .into_iter()
        .map(|token| (format!("signature of {token:.40}"), token))
        .collect();
        bad.push(("16 KiB".into(), self.claim("padding", &json!("x".repeat(16 * 1024))).1));
        bad
    }
}

pub fn without(part: &Value, name: &str) -> Value {
    let mut part = part.clone();
    part.as_object_mut().expect("an object").remove(name);
    part
}
