//! The account of someone who comes with a token of the issuer and was never here.

use entity::account;
use sea_orm::{EntityTrait, QueryFilter};

use super::Assertion;
use crate::account::Account;
use crate::columns::{Action, Uuid};
use crate::error::{Problem, Result};
use crate::input::text::{LINE, email, folded, required};
use crate::operation::{Operation, Scope};

/// Makes the account, without a role.
#[derive(Clone, Debug)]
pub(super) struct FirstSeen {
    pub id: Uuid,
    /// What the issuer calls its holder, or else the subject.
    pub name: String,
    email: Option<String>,
    issuer: String,
    subject: String,
}

impl FirstSeen {
    pub fn new(id: Uuid, assertion: &Assertion) -> Self {
        let Assertion { issuer, subject, name, email: address, .. } = assertion;
        let name = kept("name", name.as_deref(), |name| required(name, LINE));
        Self {
            id,
            name: name.unwrap_or_else(|| subject.clone()),
            email: kept("email", address.as_deref(), email),
            issuer: issuer.clone(),
            subject: subject.clone(),
        }
    }
}

/// What a claim says, where that is fit to be kept.
fn kept(
    claim: &str,
    value: Option<&str>,
    check: impl FnOnce(&str) -> Result<String, Problem>,
) -> Option<String> {
    check(value?)
        .inspect_err(|problem| {
            tracing::warn!(claim, problem = problem.code(), "a token's claim is left out: it cannot be kept");
        })
        .ok()
}

impl Operation for FirstSeen {
    const ACTION: Action = Action::Create;
    const BY_ISSUER: bool = true;
    type Subject = Account;

    async fn decide(&self, scope: &Scope<'_>, _subject: Option<&Account>) -> Result<Account> {
        let mut address = self.email.clone();
        if let Some(given) = &address {
            let holder = account::Entity::find().filter(account::COLUMN.email_key.eq(folded(given)));
            // Whoever has the address keeps it: that someone else is known by it elsewhere is no claim to their account.
            if holder.one(scope.db).await?.is_some() {
                tracing::warn!(account = %self.id, "the address in a token is another account's, and is left out");
                address = None;
            }
        }
        // An address is unique and always there. This one reaches nobody, by RFC 2606.
        let email = address.unwrap_or_else(|| format!("{}@account.invalid", self.id));
        Ok(Account {
            id: self.id,
            email_key: folded(&email),
            email,
            name: self.name.clone(),
            password_hash: None,
            active: true,
            issuer: Some(self.issuer.clone()),
            subject: Some(self.subject.clone()),
            link_digest: None,
            link_expires_at: None,
            version: 0,
        })
    }
}
