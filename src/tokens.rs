//! Who may say who someone is: this server by its own tokens, and an identity provider if one is configured. What verifies a
//! token is decided here; of what the token says of itself, only its issuer is asked, to pick among those two.

mod claims;
mod fetch;
mod header;
mod issuer;
mod jwk;
mod keys;
mod own;
mod seen;

pub use fetch::check_url;
pub use issuer::{Issuer, Provider};
pub use own::{Own, SHORTEST_SECRET};

use claims::is_over;
use domain::identity::Assertion;
use domain::session::SignedIn;
use domain::{Credential, Timestamp, Uuid};
use graphql::AccessTokens;
use seen::Seen;
use sha2::{Digest, Sha256};

/// No token of use is longer, in bytes.
const LONGEST: usize = 16 * 1024;

/// The session or API token that a token names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named {
    pub account_id: Uuid,
    pub credential: Credential,
    pub expires_at: Timestamp,
}

/// What was read in a token that is good.
pub enum Read<'a> {
    Session(Named),
    /// Someone whom the issuer vouches for; which session it is has to be found.
    Issued(&'a Issuer, Assertion),
}

/// Why a token is not taken.
pub enum Refused {
    /// It is none of ours, or no longer.
    Because(&'static str),
    /// The issuer's keys were never to be had, so nobody can tell.
    NoKeys,
}

/// Reads all tokens that are believed here.
pub struct Tokens {
    own: Own,
    /// What was read in our own tokens. They are signed by secrets that stay: what was good is, until it expires.
    read_before: Seen,
    local_accounts: bool,
    issuer: Option<Issuer>,
}

impl Tokens {
    pub fn new(own: Own, local_accounts: bool, issuer: Option<Issuer>) -> Self {
        Self { own, read_before: Seen::default(), local_accounts, issuer }
    }

    pub fn issuer(&self) -> Option<&Issuer> {
        self.issuer.as_ref()
    }

    pub async fn read(&self, token: &str, now: Timestamp) -> Result<Read<'_>, Refused> {
        if token.len() > LONGEST {
            return Err(Refused::Because("it is too long"));
        }
        let digest = Sha256::digest(token).into();
        if let Some(named) = self.read_before.find(&digest).filter(|named| !is_over(named.expires_at, now)) {
            return Ok(Read::Session(named));
        }
        let said = claims::said_issuer(token).ok_or(Refused::Because("it is no token"))?;
        if said == own::ISSUER && self.local_accounts {
            let named = self.own.read(token, now);
            let named = named.ok_or(Refused::Because("it is not valid, or no longer"))?;
            self.read_before.remember(digest, named, now);
            return Ok(Read::Session(named));
        }
        match &self.issuer {
            Some(issuer) if issuer.is(&said) => {
                let assertion = issuer.read(token, now).await?;
                Ok(Read::Issued(issuer, assertion))
            }
            _ => Err(Refused::Because("it is of another issuer")),
        }
    }
}

impl AccessTokens for Tokens {
    fn issue(&self, session: &SignedIn, expires_at: Timestamp) -> domain::Result<String> {
        self.own.issue(session, expires_at)
    }
}

#[cfg(test)]
mod tests {
    use domain::{Environment, SystemEnvironment};

    use super::claims::LEEWAY_SECONDS;
    use super::*;

    #[tokio::test]
    async fn a_token_that_was_read_before_is_good_until_it_expires_and_unchanged() {
        let tokens = Tokens::new(Own::new(b"f3a9c1d27b5e48609a1c3e5f7b9d2046", None), true, None);
        let at = SystemEnvironment.now();
        let id = SystemEnvironment.new_id();
        let session = SignedIn { account_id: id, session_id: id, refresh_token: String::new(), at };
        let token = tokens.issue(&session, at.plus_seconds(600)).unwrap_or_default();
        let reads = async |token: &str, seconds| {
            let read = tokens.read(token, at.plus_seconds(seconds)).await;
            matches!(read, Ok(Read::Session(named)) if named.account_id == id)
        };
        let last = 600 + LEEWAY_SECONDS - 1;
        assert!(reads(&token, 0).await && reads(&token, last).await);
        assert!(!reads(&token, last + 1).await);
        assert!(!reads(&format!("{token}A"), 0).await && !reads(&token[1..], 0).await);
    }
}
