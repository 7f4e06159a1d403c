//! The claims of a token, each of the right kind, and whether they are for us and of now.

use domain::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, dangerous, decode};
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};

/// How far two clocks may be apart.
pub const LEEWAY_SECONDS: i64 = 5;
/// The end of the year 9999: what comes after it is no date of anyone's.
const LATEST: i64 = 253_402_300_799;

/// What every token must say, and the rest of what it says.
#[derive(Deserialize)]
pub struct Claims<Rest> {
    pub iss: String,
    pub aud: Audience,
    pub sub: String,
    pub exp: NumericDate,
    pub iat: NumericDate,
    pub nbf: Option<NumericDate>,
    #[serde(flatten)]
    pub rest: Rest,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Audience {
    pub fn holds(&self, name: &str) -> bool {
        match self {
            Self::One(one) => one == name,
            Self::Several(several) => several.iter().any(|one| one == name),
        }
    }

    pub fn is_several(&self) -> bool {
        matches!(self, Self::Several(several) if several.len() > 1)
    }
}

/// Seconds since 1970, of which a token may give parts.
#[derive(Clone, Copy)]
pub struct NumericDate(pub i64);

impl<'de> Deserialize<'de> for NumericDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = serde_json::Number::deserialize(deserializer)?;
        let whole = |seconds| time::Duration::saturating_seconds_f64(seconds).whole_seconds();
        let seconds = number.as_i64().or_else(|| number.as_f64().map(whole));
        seconds
            .filter(|seconds| (0..=LATEST).contains(seconds))
            .map(Self)
            .ok_or_else(|| D::Error::custom("no date"))
    }
}

impl NumericDate {
    pub fn moment(self) -> Timestamp {
        Timestamp::from_micros(0).plus_seconds(self.0)
    }
}

/// Whom a token is from and for.
pub struct Parties<'a> {
    pub issuer: &'a str,
    pub audience: &'a str,
}

impl<Rest> Claims<Rest> {
    /// Why these claims are not good now, if they are not.
    pub fn fault(&self, parties: &Parties<'_>, now: Timestamp) -> Option<&'static str> {
        let later = now.unix_seconds().saturating_add(LEEWAY_SECONDS);
        let faults = [
            (self.iss != parties.issuer, "it is of another issuer"),
            (!self.aud.holds(parties.audience), "it is for another audience"),
            (self.sub.is_empty(), "it has no subject"),
            (is_over(self.exp.moment(), now), "it has expired"),
            (self.iat.0 > later, "it is issued in the future"),
            (self.nbf.is_some_and(|nbf| nbf.0 > later), "it is not valid yet"),
        ];
        faults.into_iter().find_map(|(is_so, why)| is_so.then_some(why))
    }
}

/// Whether what was good until then no longer is.
pub fn is_over(expires_at: Timestamp, now: Timestamp) -> bool {
    expires_at.unix_seconds().saturating_add(LEEWAY_SECONDS) <= now.unix_seconds()
}

/// Whom a token says that it is from. Nothing is verified: it only picks who is to verify it.
pub fn said_issuer(token: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Said {
        iss: String,
    }
    dangerous::insecure_decode_claims::<Said>(token).ok().map(|said| said.iss)
}

/// The claims of a token that this key has signed by this algorithm.
pub fn signed<T: DeserializeOwned>(token: &str, key: &DecodingKey, algorithm: Algorithm) -> Option<T> {
    let mut validation = Validation::new(algorithm);
    // The claims are judged by [`Claims::fault`]: all of them, by one clock.
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_aud = false;
    decode(token, key, &validation).ok().map(|token| token.claims)
}
