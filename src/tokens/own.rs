//! Our own tokens: signed by one secret, and verified by it and by one more while secrets are being exchanged.

use domain::session::SignedIn;
use domain::{Credential, Error, Timestamp, Uuid};
use graphql::AccessTokens;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, encode};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::claims::{Claims, Parties, signed};
use super::{Named, header};

pub const ISSUER: &str = "virkning";
const PARTIES: Parties<'static> = Parties { issuer: ISSUER, audience: "virkning" };
const ALGORITHM: Algorithm = Algorithm::HS256;
/// What 128 random bits and then some look like; less can be guessed.
pub const SHORTEST_SECRET: usize = 32;

/// What we write into a token; [`Claims`] is what is read.
#[derive(Serialize)]
struct Written<'a> {
    iss: &'a str,
    aud: &'a str,
    sub: Uuid,
    /// The session.
    sid: Uuid,
    iat: i64,
    nbf: i64,
    exp: i64,
}

#[derive(Deserialize)]
struct OfSession {
    sid: Uuid,
}

/// Makes tokens with one secret, and reads them with all.
pub struct Own {
    signing: EncodingKey,
    header: Header,
    /// By what tokens name them.
    keys: Vec<(String, DecodingKey)>,
}

impl Own {
    /// The secret that signs, and another that is believed as well.
    pub fn new(signing: &[u8], other: Option<&[u8]>) -> Self {
        let secrets = [signing].into_iter().chain(other);
        let mut header = Header::new(ALGORITHM);
        header.kid = Some(key_id(signing));
        Self {
            signing: EncodingKey::from_secret(signing),
            header,
            keys: secrets.map(|secret| (key_id(secret), DecodingKey::from_secret(secret))).collect(),
        }
    }

    /// The session that a token names, if the token is one of ours and in its time.
    pub fn read(&self, token: &str, now: Timestamp) -> Option<Named> {
        let header = header::plain(token)?;
        let kid = header.kid.filter(|_| header.alg == ALGORITHM)?;
        let (_, key) = self.keys.iter().find(|(own, _)| *own == kid)?;
        let claims: Claims<OfSession> = signed(token, key, ALGORITHM)?;
        if claims.nbf.is_none() || claims.fault(&PARTIES, now).is_some() {
            return None;
        }
        let account_id = Uuid::try_parse(&claims.sub).ok()?;
        Some(Named {
            account_id,
            credential: Credential::Session(claims.rest.sid),
            expires_at: claims.exp.moment(),
        })
    }
}

/// What tokens call a secret. It tells no more of it than the tokens themselves do.
fn key_id(secret: &[u8]) -> String {
    let digest = Sha256::new().chain_update(b"virkning access token key\0").chain_update(secret).finalize();
    data_encoding::HEXLOWER.encode(&digest[..8])
}

impl AccessTokens for Own {
    fn issue(&self, session: &SignedIn, expires_at: Timestamp) -> domain::Result<String> {
        let now = session.at.unix_seconds();
        let claims = Written {
            iss: PARTIES.issuer,
            aud: PARTIES.audience,
            sub: session.account_id,
            sid: session.session_id,
            iat: now,
            nbf: now,
            exp: expires_at.unix_seconds(),
        };
        encode(&self.header, &claims, &self.signing).map_err(|error| Error::Internal(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use domain::{Environment, SystemEnvironment};
    use proptest::prelude::*;
    use proptest::sample::Index;

    use super::*;
    use crate::tokens::claims::said_issuer;

    fn own() -> Own {
        Own::new(b"f3a9c1d27b5e48609a1c3e5f7b9d2046", None)
    }

    fn token() -> String {
        let at = SystemEnvironment.now();
        let id = SystemEnvironment.new_id();
        let session = SignedIn { account_id: id, session_id: id, refresh_token: String::new(), at };
        own().issue(&session, at.plus_seconds(600)).unwrap_or_default()
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_text_is_too_strange(text in any::<String>(), alike in "[A-Za-z0-9_-]{0,40}(\\.[A-Za-z0-9_-]{0,80}){0,4}") {
            for text in [text, alike] {
                prop_assert_eq!(own().read(&text, SystemEnvironment.now()), None);
                prop_assert_eq!(said_issuer(&text), None);
            }
        }

        #[test]
        fn a_token_is_believed_only_unchanged(place in any::<Index>(), replaced in 0..3_usize, by in "[A-Za-z0-9_.=-]{0,3}|\\PC") {
            let token = token();
            prop_assert!(own().read(&token, SystemEnvironment.now()).is_some());
            let at = place.index(token.len());
            let end = token.len().min(at + replaced);
            let changed = format!("{}{by}{}", &token[..at], &token[end..]);
            prop_assert_eq!(own().read(&changed, SystemEnvironment.now()).is_some(), changed == token, "{}", changed);
        }

        #[test]
        fn whatever_is_signed_by_us_does_not_panic(claims in "\\PC{0,40}", iat in any::<i64>(), exp in any::<f64>()) {
            let claims = serde_json::json!({
                "iss": ISSUER, "aud": PARTIES.audience, "sub": claims, "sid": claims, "iat": iat, "nbf": iat, "exp": exp,
            });
            let signed = encode(&own().header, &claims, &own().signing).unwrap_or_default();
            prop_assert_eq!(own().read(&signed, SystemEnvironment.now()), None);
        }
    }
}
