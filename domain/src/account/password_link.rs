//! One-time links by which an account's owner sets a password: made by an administrator, who never learns the password.
//!
//! An account has one link at most. Making one changes nothing else: until it is used the old password and what is signed in
//! go on, so a link made by mistake locks nobody out. Whoever is to be out at once is deactivated.

use entity::account;
use sea_orm::{EntityTrait, QueryFilter, QuerySelect};

use super::{Account, Password, kept};
use crate::access_log::{Name, named};
use crate::attempts::{self, Caller};
use crate::columns::{AccessedKind, Action, Timestamp, Uuid};
use crate::context::{Context, Services};
use crate::database::statements;
use crate::error::{Error, Problem, Result};
use crate::operation::{Given, Operation, Scope, operate};
use crate::secret::{self, digest};
use crate::{api_token, password, session};

/// How long a link is good for.
const SECONDS: i64 = 24 * 60 * 60;

/// Makes a link, in place of one that there may be.
#[derive(Clone, Debug)]
pub struct Reset {
    account_id: Option<Uuid>,
    digest: Vec<u8>,
}

/// The secret part of a link: shown once, stored only as its digest.
pub struct Link(pub String);

impl Reset {
    pub fn new(context: &Context, account_id: Option<Uuid>) -> Result<(Self, Link)> {
        let token = secret::made(&*context.services.environment)?;
        Ok((Self { account_id, digest: digest(&token) }, Link(token)))
    }
}

impl Operation for Reset {
    const ACTION: Action = Action::ResetPassword;
    const NAMED_BY: &'static str = "accountId";
    type Subject = Account;

    fn names(&self) -> Vec<Name> {
        vec![named(Self::NAMED_BY, AccessedKind::Account, self.account_id)]
    }

    async fn find(&self, scope: &Scope<'_>) -> Result<Option<Account>> {
        kept::<Self>(scope, self.account_id).await.map(Some)
    }

    async fn decide(&self, scope: &Scope<'_>, subject: Option<&Account>) -> Result<Account> {
        let row = subject.ok_or_else(|| Error::refused(Self::NAMED_BY, Problem::NotFound))?;
        session::require_local_accounts(&scope.context.services)?;
        if row.issuer.is_some() {
            return Err(Error::refused(Self::NAMED_BY, Problem::SignsInElsewhere));
        }
        Ok(Account {
            link_digest: Some(self.digest.clone()),
            link_expires_at: Some(scope.now().plus_seconds(SECONDS)),
            ..row.clone()
        })
    }
}

/// The account whose password was set.
#[derive(Clone, Debug)]
pub struct Redeemed {
    pub email: String,
}

/// Sets the password of the account that a link was made for. Whoever has the link needs nothing else.
pub async fn redeem(
    services: &Services,
    caller: &Caller,
    token: &str,
    password: Password,
    request_id: Uuid,
) -> Result<Redeemed> {
    session::require_local_accounts(services)?;
    let digest = digest(token);
    let account_id = holder(services, digest.clone()).await?;
    password::check(&password.0).map_err(|problem| Error::refused("password", problem))?;
    caller.check_once()?;
    let hash = password::hashed(password.0).await?;
    let context = Context::of_password_link(services, account_id, request_id).await?;
    let account =
        operate(&context, Redeem { digest, hash, caller: caller.clone() }, Given::default()).await?;
    Ok(Redeemed { email: account.email })
}

/// Whose link it is, while it is good. Looked up before anything is hashed or written.
async fn holder(services: &Services, digest: Vec<u8>) -> Result<Uuid> {
    let services = services.clone();
    let work = async move {
        let select = account::Entity::find().filter(account::COLUMN.link_digest.eq(digest));
        let found = services.database.glimpse(async |db| Ok(select.one(db).await?)).await?;
        let holder = found.filter(|account| account.active && is_good(account, services.environment.now()));
        holder.map(|account| account.id).ok_or_else(over)
    };
    statements::detached(work).await.map_err(Error::internal)?
}

fn is_good(account: &Account, now: Timestamp) -> bool {
    account.link_expires_at.is_some_and(|expires_at| expires_at > now)
}

fn over() -> Error {
    Error::refused("token", Problem::LinkOver)
}

/// Sets the actor's own password by their link, and ends all that was begun by the old one: someone else may have known it.
#[derive(Clone)]
struct Redeem {
    digest: Vec<u8>,
    hash: String,
    caller: Caller,
}

impl std::fmt::Debug for Redeem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Redeem")
    }
}

impl Operation for Redeem {
    const ACTION: Action = Action::ChangePassword;
    const NAMED_BY: &'static str = "token";
    type Subject = Account;

    async fn find(&self, scope: &Scope<'_>) -> Result<Option<Account>> {
        // Held, so that of two at once one finds the link used.
        let own = account::Entity::find_by_id(scope.context.actor.id).lock_exclusive();
        Ok(own.one(scope.db).await?)
    }

    fn is_own(&self, scope: &Scope<'_>, subject: &Account) -> bool {
        subject.id == scope.context.actor.id
    }

    async fn decide(&self, scope: &Scope<'_>, subject: Option<&Account>) -> Result<Account> {
        let row = subject.ok_or_else(over)?;
        if row.link_digest.as_ref() != Some(&self.digest) || !is_good(row, scope.now()) {
            return Err(over());
        }
        Ok(Account {
            password_hash: Some(self.hash.clone()),
            link_digest: None,
            link_expires_at: None,
            ..row.clone()
        })
    }

    async fn follow(&self, scope: &Scope<'_>, account: &Account) -> Result<()> {
        session::end_all(scope, account.id, None).await?;
        api_token::revoke_all(scope, account.id).await?;
        attempts::forgiven(scope.db, &account.email_key, account.id, &self.caller, scope.now()).await
    }
}
