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

use domain::identity::Assertion;
use domain::session::SignedIn;
use domain::{Credential, Environment, Timestamp, Uuid};
use graphql::AccessTokens;

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
    local_accounts: bool,
    issuer: Option<Issuer>,
}

impl Tokens {
    pub fn new(own: Own, local_accounts: bool, issuer: Option<Issuer>) -> Self {
        Self { own, local_accounts, issuer }
    }

    pub fn issuer(&self) -> Option<&Issuer> {
        self.issuer.as_ref()
    }

    pub async fn read(&self, token: &str, environment: &dyn Environment) -> Result<Read<'_>, Refused> {
        if token.len() > LONGEST {
            return Err(Refused::Because("it is too long"));
        }
        let said = claims::said_issuer(token).ok_or(Refused::Because("it is no token"))?;
        if said == own::ISSUER && self.local_accounts {
            let named = self.own.read(token, environment);
            return named.map(Read::Session).ok_or(Refused::Because("it is not valid, or no longer"));
        }
        match &self.issuer {
            Some(issuer) if issuer.is(&said) => {
                let assertion = issuer.read(token, environment.now()).await?;
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
