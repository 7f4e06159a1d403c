//! Access tokens: short-lived, signed with one algorithm, and believed only as far as the session they name.

use domain::session::SignedIn;
use domain::{Credential, Environment, Error, Timestamp, Uuid};
use graphql::AccessTokens;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};

const ISSUER: &str = "virkning";
const AUDIENCE: &str = "virkning";
const ALGORITHM: Algorithm = Algorithm::HS256;
/// How far two clocks may be apart.
const LEEWAY_SECONDS: u64 = 5;
/// What 128 random bits and then some look like; less can be guessed.
pub const SHORTEST_SECRET: usize = 32;

#[derive(serde::Serialize, serde::Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: Uuid,
    /// The session.
    sid: Uuid,
    iat: i64,
    nbf: i64,
    exp: i64,
}

/// The session or API token that a token names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named {
    pub account_id: Uuid,
    pub credential: Credential,
    pub expires_at: Timestamp,
}

/// Makes and reads tokens with one secret.
pub struct Tokens {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
}

impl Tokens {
    pub fn new(secret: &[u8]) -> Self {
        let mut validation = Validation::new(ALGORITHM);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "nbf", "aud", "iss", "sub"]);
        validation.validate_nbf = true;
        validation.leeway = LEEWAY_SECONDS;
        Self {
            encoding: EncodingKey::from_secret(secret),
            decoding: DecodingKey::from_secret(secret),
            validation,
        }
    }

    /// The session that a token names, if the token is one of ours and in its time.
    pub fn read(&self, token: &str, environment: &dyn Environment) -> Option<Named> {
        let header = decode_header(token).ok()?;
        // One key is configured: a token that brings or names another is none of ours.
        if header.kid.is_some() || header.jku.is_some() || header.jwk.is_some() || header.x5u.is_some() {
            return None;
        }
        let claims = decode::<Claims>(token, &self.decoding, &self.validation).ok()?.claims;
        let leeway = i64::try_from(LEEWAY_SECONDS).unwrap_or_default();
        let issued = claims.iat <= environment.now().unix_seconds().saturating_add(leeway);
        let expires_at = Timestamp::from_micros(0).plus_seconds(claims.exp);
        issued.then_some(Named {
            account_id: claims.sub,
            credential: Credential::Session(claims.sid),
            expires_at,
        })
    }
}

impl AccessTokens for Tokens {
    fn issue(&self, session: &SignedIn, expires_at: Timestamp) -> domain::Result<String> {
        let now = session.at.unix_seconds();
        let claims = Claims {
            iss: ISSUER.into(),
            aud: AUDIENCE.into(),
            sub: session.account_id,
            sid: session.session_id,
            iat: now,
            nbf: now,
            exp: expires_at.unix_seconds(),
        };
        encode(&Header::new(ALGORITHM), &claims, &self.encoding)
            .map_err(|error| Error::Internal(error.to_string()))
    }
}
