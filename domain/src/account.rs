//! The people and scripts that can act.

mod change_password;
mod password_link;

pub use change_password::ChangePassword;
pub use entity::account::Model as Account;
pub use password_link::{Link, Redeemed, Reset, redeem};

use std::collections::{HashMap, HashSet};
use std::fmt;

use data_encoding::HEXLOWER;
use entity::account;
use sea_orm::{Condition, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect, Select};

use crate::access_log::{Name, named};
use crate::columns::{AccessedKind, Action, Role, SubjectKind, Uuid};
use crate::context::Context;
use crate::error::{Error, Faults, Problem, Result};
use crate::event::{FieldValue, Fields, text, text_or_none};
use crate::input::text::{IDENTIFIER, LINE, email, exact, folded, required};
use crate::operation::{Aggregate, Given, Operation, Scope, Store, perform, versioned};
use crate::page::{Connection, Direction, Key, Listing, Page};
use crate::policy::{Owners, Verb, permits};
use crate::{api_token, password, role_grant, session};

/// All accounts for those who may see accounts, else one's own.
fn visible(context: &Context) -> Select<account::Entity> {
    let all = permits(&context.actor, Verb::See, SubjectKind::Account, &Owners::default());
    let own = Condition::all().add(account::COLUMN.id.eq(context.actor.id));
    account::Entity::find().filter(if all { Condition::all() } else { own })
}

pub async fn by_id(context: &Context, id: Uuid) -> Result<Option<Account>> {
    Ok(by_ids(context, &[id]).await?.remove(&id))
}

pub async fn by_ids(context: &Context, ids: &[Uuid]) -> Result<HashMap<Uuid, Account>> {
    let snapshot = context.snapshot().await?;
    let rows =
        visible(context).filter(account::COLUMN.id.is_in(ids.iter().copied())).all(&snapshot.db).await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// Those of these accounts that an identity provider signs in.
pub(crate) async fn signing_in_elsewhere(context: &Context, ids: &[Uuid]) -> Result<HashSet<Uuid>> {
    let snapshot = context.snapshot().await?;
    let elsewhere = account::Entity::find()
        .filter(account::COLUMN.id.is_in(ids.iter().copied()))
        .filter(account::COLUMN.issuer.is_not_null());
    Ok(elsewhere.all(&snapshot.db).await?.into_iter().map(|row| row.id).collect())
}

/// Accounts in the order in which they were made.
pub async fn list(context: &Context, page: &Page) -> Result<Connection<Account>> {
    let snapshot = context.snapshot().await?;
    let listing = Listing {
        list: 1,
        key: Key::Id,
        direction: Direction::Ascending,
        id_column: account::Column::Id,
        id: |row: &Account| row.id,
    };
    listing.fetch(&snapshot.db, visible(context), page).await
}

versioned!(Account);

impl Aggregate for Account {
    const KIND: SubjectKind = SubjectKind::Account;
    type Table = account::Entity;

    fn fields(&self) -> Fields {
        vec![
            ("email", text(&self.email)),
            ("name", text(&self.name)),
            ("active", self.active.into()),
            ("password", FieldValue::Secret(self.password_hash.clone())),
            ("issuer", text_or_none(self.issuer.as_ref())),
            ("subject", text_or_none(self.subject.as_ref())),
            (
                "passwordLink",
                FieldValue::Secret(self.link_digest.as_ref().map(|digest| HEXLOWER.encode(digest))),
            ),
            ("passwordLinkExpiresAt", text_or_none(self.link_expires_at)),
        ]
    }

    async fn load(db: &DatabaseTransaction, id: Uuid) -> Result<Option<Self>> {
        Ok(account::Entity::find_by_id(id).one(db).await?)
    }

    async fn store(&self, store: &mut Store<'_>, before: Option<&Self>) -> Result<()> {
        store
            .save::<account::Entity>(self.clone(), account::Column::Version, before.map(|row| row.version))
            .await
    }
}

/// A password on its way to being hashed. It is never printed.
#[derive(Clone)]
pub struct Password(pub String);

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password")
    }
}

/// Makes an account. It can do nothing until it is granted a role, and without a password not sign in until one is set by a
/// one-time link.
#[derive(Clone, Debug)]
pub struct Create {
    email: String,
    name: String,
    credentials: Credentials,
    hash: Option<String>,
}

/// By what an account is to be told: a first password, or what an identity provider calls it.
#[derive(Clone, Debug, Default)]
pub struct Credentials {
    pub password: Option<Password>,
    pub issuer: Option<String>,
    pub subject: Option<String>,
}

impl From<Password> for Credentials {
    fn from(password: Password) -> Self {
        Self { password: Some(password), ..Self::default() }
    }
}

impl Create {
    pub fn new(email: String, name: String, credentials: impl Into<Credentials>) -> Self {
        Self { email, name, credentials: credentials.into(), hash: None }
    }

    pub fn name(&self) -> &str {
        &self.name
    }
}

/// Makes the first account, which is the actor's own, and makes it ADMIN.
#[derive(Clone, Debug)]
pub struct Found(pub Create);

/// Changes an account's name or address, or whether it can sign in. Deactivating ends its sessions and API tokens.
#[derive(Clone, Debug)]
pub struct Update {
    pub id: Option<Uuid>,
    pub email: Option<String>,
    pub name: Option<String>,
    pub active: Option<bool>,
}

impl Operation for Create {
    const ACTION: Action = Action::Create;
    const NAMED_BY: &'static str = "email";
    type Subject = Account;

    async fn prepare(&mut self, context: &Context) -> Result<()> {
        // Hashing is work that not everyone may cause; a bad password is told beside the other faults.
        let permitted =
            permits(&context.actor, Verb::Do(Self::ACTION), SubjectKind::Account, &Owners::default());
        if let Some(Password(password)) = &self.credentials.password
            && permitted
            && password::check(password).is_ok()
        {
            // Whoever waits for a turn to hash keeps no connection meanwhile.
            context.release().await;
            self.hash = Some(password::hashed(password.clone()).await?);
        }
        Ok(())
    }

    async fn decide(&self, scope: &Scope<'_>, _subject: Option<&Account>) -> Result<Account> {
        self.account(scope, scope.new_id()).await
    }
}

impl Create {
    async fn account(&self, scope: &Scope<'_>, id: Uuid) -> Result<Account> {
        let mut faults = Faults::default();
        let Credentials { password, issuer, subject } = &self.credentials;
        let mut named = |field, text: &String| faults.take(field, exact(text, IDENTIFIER));
        let issuer = issuer.as_ref().map(|issuer| named("issuer", issuer));
        let subject = subject.as_ref().map(|subject| named("subject", subject));
        match (password, &issuer, &subject) {
            // Without either, the account is opened by a one-time link.
            (None, None, None) => {}
            (Some(Password(password)), None, None) => {
                faults.take("password", password::check(password));
            }
            (None, Some(issuer), Some(subject)) => {
                let known = by_subject(scope.db, issuer, subject).await?;
                faults.unless(known.is_none(), "subject", Problem::Taken);
            }
            _ => faults.add("password", Problem::PasswordOrIssuer),
        }
        let account = checked(scope, id, &self.email, &self.name, faults).await?;
        Ok(Account { password_hash: self.hash.clone(), issuer, subject, ..account })
    }
}

impl Operation for Found {
    const ACTION: Action = Action::Create;
    const NAMED_BY: &'static str = "email";
    type Subject = Account;

    async fn prepare(&mut self, context: &Context) -> Result<()> {
        self.0.prepare(context).await
    }

    async fn decide(&self, scope: &Scope<'_>, _subject: Option<&Account>) -> Result<Account> {
        if account::Entity::find().one(scope.db).await?.is_some() {
            return Err(Error::Forbidden);
        }
        self.0.account(scope, scope.context.actor.id).await
    }

    async fn follow(&self, scope: &Scope<'_>, account: &Account) -> Result<()> {
        let grant = role_grant::GrantRole::now(account.id, Role::Admin, None);
        perform(scope, &grant, &Given::default(), role_grant::GrantRole::ACTION).await?;
        Ok(())
    }
}

/// The account that whoever keeps accounts names. One's own is seen, whatever one's roles; keeping it is another thing.
async fn kept<O: Operation>(scope: &Scope<'_>, id: Option<Uuid>) -> Result<Account> {
    let absent = || Error::refused(O::NAMED_BY, Problem::NotFound);
    let id = id.ok_or_else(absent)?;
    let named = visible(scope.context).filter(account::COLUMN.id.eq(id)).lock_exclusive();
    let account = named.one(scope.db).await?.ok_or_else(absent)?;
    let actor = &scope.context.actor;
    let permitted = permits(actor, Verb::Do(O::ACTION), SubjectKind::Account, &Owners::default());
    if permitted { Ok(account) } else { Err(Error::Forbidden) }
}

impl Operation for Update {
    const ACTION: Action = Action::Update;
    type Subject = Account;

    fn names(&self) -> Vec<Name> {
        vec![named(Self::NAMED_BY, AccessedKind::Account, self.id)]
    }

    async fn find(&self, scope: &Scope<'_>) -> Result<Option<Account>> {
        kept::<Self>(scope, self.id).await.map(Some)
    }

    async fn decide(&self, scope: &Scope<'_>, subject: Option<&Account>) -> Result<Account> {
        let row = subject.ok_or_else(|| Error::refused(Self::NAMED_BY, Problem::NotFound))?;
        let address = self.email.as_ref().unwrap_or(&row.email);
        let name = self.name.as_ref().unwrap_or(&row.name);
        let mut account = checked(scope, row.id, address, name, Faults::default()).await?;
        account.active = self.active.unwrap_or(row.active);
        account.password_hash.clone_from(&row.password_hash);
        account.issuer.clone_from(&row.issuer);
        account.subject.clone_from(&row.subject);
        account.link_digest.clone_from(&row.link_digest);
        account.link_expires_at = row.link_expires_at;
        account.version = row.version;
        if row.active && !account.active {
            let admins = role_grant::admins_held(scope).await?;
            if role_grant::is_last_admin(&admins, row.id) {
                return Err(Error::refused("active", Problem::LastAdmin));
            }
        }
        // Who comes back does not come back as ADMIN by one ADMIN's word.
        if !row.active && account.active && role_grant::holds_admin(scope, row.id).await? {
            return Err(Error::refused("active", Problem::HoldsAdmin));
        }
        Ok(account)
    }

    async fn follow(&self, scope: &Scope<'_>, account: &Account) -> Result<()> {
        if account.active {
            return Ok(());
        }
        session::end_all(scope, account.id, None).await?;
        api_token::revoke_all(scope, account.id).await
    }
}

async fn checked(
    scope: &Scope<'_>,
    id: Uuid,
    address: &str,
    name: &str,
    mut faults: Faults,
) -> Result<Account> {
    let address = faults.take("email", email(address));
    let name = faults.take("name", required(name, LINE));
    let email_key = folded(&address);
    if !address.is_empty() {
        let holder =
            account::Entity::find().filter(account::COLUMN.email_key.eq(&email_key)).one(scope.db).await?;
        faults.unless(holder.is_none_or(|holder| holder.id == id), "email", Problem::Taken);
    }
    faults.finish()?;
    Ok(Account {
        id,
        email: address,
        email_key,
        name,
        password_hash: None,
        active: true,
        issuer: None,
        subject: None,
        link_digest: None,
        link_expires_at: None,
        version: 0,
    })
}

/// The account that an identity provider calls by this subject. It is told by nothing else. Held, so that one is recognised at
/// a time.
pub(crate) async fn by_subject(
    db: &DatabaseTransaction,
    issuer: &str,
    subject: &str,
) -> Result<Option<Account>> {
    let found = account::Entity::find()
        .filter(account::COLUMN.issuer.eq(issuer))
        .filter(account::COLUMN.subject.eq(subject))
        .lock_exclusive()
        .one(db)
        .await?;
    Ok(found)
}
