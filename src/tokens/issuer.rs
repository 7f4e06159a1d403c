//! The tokens of an identity provider, as OpenID Connect and RFC 9068 have them.

use std::sync::Arc;
use std::time::Duration;

use domain::Timestamp;
use domain::identity::{Assertion, Trust};
use jsonwebtoken::{Algorithm, Header};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::claims::{Claims, Parties, signed};
use super::fetch::Source;
use super::keys::{Keys, NoKeys};
use super::seen::Seen;
use super::{Named, Refused, header};
use crate::background::Background;

const ALGORITHMS: [Algorithm; 4] = [Algorithm::RS256, Algorithm::ES256, Algorithm::PS256, Algorithm::EdDSA];
/// How long a token is believed at most, whatever it says.
const LONGEST_SECONDS: i64 = 24 * 60 * 60;

/// What is configured of a provider.
#[derive(Clone, Debug)]
pub struct Provider {
    pub issuer: String,
    pub audience: String,
    /// Where its keys are; by its discovery document where nothing is given.
    pub keys: Option<String>,
    /// One of these is required; anything will do where there are none.
    pub acr: Vec<String>,
    pub groups_claim: String,
    pub refresh: Duration,
    pub trust: Trust,
}

/// Judges its tokens.
pub struct Issuer {
    name: String,
    audience: String,
    acr: Vec<String>,
    groups_claim: String,
    refresh: Duration,
    keys: Arc<Keys>,
    pub trust: Arc<Trust>,
    seen: Seen,
}

impl Issuer {
    pub fn new(provider: Provider) -> Self {
        let Provider { issuer, audience, keys, acr, groups_claim, refresh, trust } = provider;
        Self {
            keys: Arc::new(Keys::new(Source::new(issuer.clone(), keys))),
            name: issuer,
            audience,
            acr,
            groups_claim,
            refresh,
            trust: Arc::new(trust),
            seen: Seen::default(),
        }
    }

    /// Keeps its keys fresh from now on.
    pub fn keep_fresh(&self) -> Background {
        self.keys.keep_fresh(self.refresh)
    }

    pub fn is(&self, name: &str) -> bool {
        self.name == name
    }

    /// What a token says, if it is for us, of now, and signed by the issuer.
    pub async fn read(&self, token: &str, now: Timestamp) -> Result<Assertion, Refused> {
        let header = header::plain(token).ok_or(Refused::Because("its header is not a plain one"))?;
        if !ALGORITHMS.contains(&header.alg) || !is_of_access(&header) {
            return Err(Refused::Because("it is signed by another algorithm, or is of another type"));
        }
        let id = header.kid.ok_or(Refused::Because("it names no key"))?;
        let keys = self.keys.with(&id, header.alg).await.map_err(|NoKeys| Refused::NoKeys)?;
        let keys = keys.ok_or(Refused::Because("its key is not known"))?;
        let key = keys.iter().find(|key| key.verifies(&id, header.alg));
        let claims: Option<Claims<Map<String, Value>>> =
            key.and_then(|key| signed(token, key.decoding(), header.alg));
        let claims = claims.ok_or(Refused::Because("its signature or its claims are none"))?;
        let parties = Parties { issuer: &self.name, audience: &self.audience };
        if let Some(fault) = claims.fault(&parties, now).or_else(|| self.fault(&claims, now)) {
            return Err(Refused::Because(fault));
        }
        Ok(self.assertion(token, claims))
    }

    fn fault(&self, claims: &Claims<Map<String, Value>>, now: Timestamp) -> Option<&'static str> {
        let text = |name: &str| claims.rest.get(name).and_then(Value::as_str);
        let is_for_another = is_identity(&claims.rest)
            && claims.aud.is_several()
            && text("azp").is_some_and(|party| party != self.audience);
        let level = text("acr");
        let is_weak = !self.acr.is_empty() && !self.acr.iter().any(|enough| level == Some(enough));
        let faults = [
            (is_for_another, "it was made for another party"),
            (is_weak, "its acr is not enough"),
            (
                claims.iat.0.saturating_add(LONGEST_SECONDS) <= now.unix_seconds(),
                "it was issued too long ago",
            ),
        ];
        faults.into_iter().find_map(|(is_so, why)| is_so.then_some(why))
    }

    fn assertion(&self, token: &str, claims: Claims<Map<String, Value>>) -> Assertion {
        let Claims { iss, sub, iat, exp, rest, .. } = claims;
        let text = |name: &str| rest.get(name).and_then(Value::as_str).map(str::to_owned);
        let verified = rest.get("email_verified") == Some(&Value::Bool(true));
        let groups = match rest.get(&self.groups_claim) {
            Some(Value::String(one)) => vec![one.clone()],
            Some(Value::Array(several)) => {
                several.iter().filter_map(Value::as_str).map(str::to_owned).collect()
            }
            _ => Vec::new(),
        };
        // What is signed, and not the signature: by some algorithms another one can be made of it that is as good.
        let said = token.rsplit_once('.').map_or(token, |(said, _signature)| said);
        let longest = iat.moment().plus_seconds(LONGEST_SECONDS);
        Assertion {
            issuer: iss,
            subject: sub,
            digest: Sha256::digest(said).into(),
            issued_at: iat.moment(),
            expires_at: Ord::min(exp.moment(), longest),
            name: text("name").or_else(|| text("preferred_username")),
            email: text("email").filter(|_| verified),
            groups,
        }
    }

    /// The session of a token that was seen here before.
    pub fn seen(&self, assertion: &Assertion) -> Option<Named> {
        self.seen.find(&assertion.digest)
    }

    pub fn remember(&self, digest: [u8; 32], named: Named, now: Timestamp) {
        self.seen.remember(digest, named, now);
    }
}

/// Whether a token is of a type that says who someone is: not one that ends a session, say, or proves a key.
fn is_of_access(header: &Header) -> bool {
    let Some(kind) = &header.typ else { return true };
    let kind = kind.to_ascii_lowercase();
    matches!(kind.strip_prefix("application/").unwrap_or(&kind), "jwt" | "at+jwt")
}

/// Whether it is an ID token, which is made for the party that asked for it.
fn is_identity(claims: &Map<String, Value>) -> bool {
    ["nonce", "at_hash", "c_hash", "s_hash"].iter().any(|name| claims.contains_key(*name))
        || claims.get("typ").and_then(Value::as_str) == Some("ID")
}
