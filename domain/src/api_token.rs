//! API tokens: by which front-ends and scripts act for an account, with some of its roles, for a time.
//!
//! A token is told by its beginning, so that scanners find one that someone has published, and ends with a checksum, so that
//! a slip of the pen costs no look-up. What is behind it is 256 random bits, stored as their digest alone.

pub use entity::api_token::Model as ApiToken;

use std::collections::HashMap;
use std::fmt;

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use entity::{account, api_token};
use sea_orm::{Condition, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use sha2::{Digest, Sha256};

use crate::access_log::{Name, named};
use crate::columns::{AccessedKind, Action, Role, SubjectKind, TextList, Timestamp, Uuid};
use crate::context::{Context, Grant, Services};
use crate::database::statements;
use crate::error::{Error, Faults, Problem, Result};
use crate::event::{FieldValue, Fields, text, text_or_none, texts};
use crate::input::text::{LINE, required};
use crate::last_use;
use crate::operation::{Aggregate, Given, Operation, Scope, Store, perform, versioned};
use crate::page::grouped_by;
use crate::policy::{Owners, Verb, permits};
use crate::secret::{self, digest};

/// What each token begins with.
const PREFIX: &str = "virkning_";
const CHECKSUM_BYTES: usize = 4;
/// The longest that a token lives.
const LONGEST_DAYS: i64 = 366;
/// The most roles of one token.
const MOST_ROLES: usize = 20;

/// A role that a token is scoped to, where its owner holds it: exactly there, since a role in one forvaltning is not a part of
/// the same role in the whole municipality.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScopedRole {
    pub role: Role,
    /// None is the whole municipality.
    pub forvaltning_id: Option<Uuid>,
}

impl ScopedRole {
    fn of(grant: &Grant) -> Self {
        Self { role: grant.role, forvaltning_id: grant.forvaltning_id() }
    }

    fn read(stored: &str) -> Option<Self> {
        match stored.split_once(' ') {
            None => Some(Self { role: stored.parse().ok()?, forvaltning_id: None }),
            Some((role, forvaltning)) => {
                Some(Self { role: role.parse().ok()?, forvaltning_id: Some(forvaltning.parse().ok()?) })
            }
        }
    }
}

impl fmt::Display for ScopedRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.role)?;
        self.forvaltning_id.map_or(Ok(()), |forvaltning| write!(f, " {forvaltning}"))
    }
}

fn scope_of(token: &ApiToken) -> impl Iterator<Item = ScopedRole> {
    token.roles.0.iter().filter_map(|stored| ScopedRole::read(stored))
}

/// Those of the owner's grants that the token is scoped to.
pub(crate) fn handed_on(mut grants: Vec<Grant>, token: &ApiToken) -> Vec<Grant> {
    grants.retain(|grant| {
        grant.role != Role::Admin && scope_of(token).any(|role| role == ScopedRole::of(grant))
    });
    grants
}

/// What a token's text names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NamedToken {
    pub id: Uuid,
    pub account_id: Uuid,
    pub expires_at: Timestamp,
}

/// Whether a text presents itself as an API token.
pub fn is_meant_by(text: &str) -> bool {
    text.starts_with(PREFIX)
}

/// The token behind a text. It is not known yet whether it goes on: that is [`Context::of_api_token`]'s to find.
pub async fn named_by(services: &Services, text: &str) -> Result<Option<NamedToken>> {
    if !is_whole(text) {
        return Ok(None);
    }
    let (digest, database) = (digest(text), services.database.clone());
    let work = async move {
        let select = api_token::Entity::find().filter(api_token::COLUMN.digest.eq(digest));
        let found = database.glimpse(async |db| Ok(select.one(db).await?)).await?;
        let named =
            |row: ApiToken| NamedToken { id: row.id, account_id: row.account_id, expires_at: row.expires_at };
        Ok(found.map(named))
    };
    statements::detached(work).await.map_err(Error::internal)?
}

fn checksum(secret: &str) -> String {
    BASE64URL_NOPAD.encode(&Sha256::digest(secret)[..CHECKSUM_BYTES])
}

fn is_whole(text: &str) -> bool {
    let length = PREFIX.len() + BASE64URL_NOPAD.encode_len(secret::BYTES);
    text.split_at_checked(length).is_some_and(|(secret, sum)| is_meant_by(secret) && checksum(secret) == sum)
}

/// A token as it is listed.
#[derive(Clone, Debug)]
pub struct Listed {
    pub row: ApiToken,
    /// To the minute.
    pub last_used_at: Option<Timestamp>,
}

impl Listed {
    pub fn roles(&self) -> Vec<ScopedRole> {
        scope_of(&self.row).collect()
    }
}

/// The tokens of each account, the oldest first, those that have ended among them: all for those who may see them, else one's
/// own.
pub async fn of_accounts(context: &Context, accounts: &[Uuid]) -> Result<HashMap<Uuid, Vec<Listed>>> {
    let snapshot = context.snapshot().await?;
    let rows = visible(context)
        .filter(api_token::COLUMN.account_id.is_in(accounts.iter().copied()))
        .order_by_asc(api_token::COLUMN.id)
        .all(&snapshot.db)
        .await?;
    let uses = last_use::of_credentials(context, rows.iter().map(|row| row.id)).await?;
    let listed = rows.into_iter().map(|row| Listed { last_used_at: uses.get(&row.id).copied(), row });
    Ok(grouped_by(listed, |listed| listed.row.account_id))
}

/// Those of these tokens that the actor sees.
pub(crate) async fn by_ids(context: &Context, ids: &[Uuid]) -> Result<Vec<ApiToken>> {
    let snapshot = context.snapshot().await?;
    let seen = visible(context).filter(api_token::COLUMN.id.is_in(ids.iter().copied()));
    Ok(seen.all(&snapshot.db).await?)
}

/// A token as it is told after a change.
pub async fn listed(context: &Context, row: ApiToken) -> Result<Listed> {
    let uses = last_use::of_credentials(context, [row.id]).await?;
    Ok(Listed { last_used_at: uses.get(&row.id).copied(), row })
}

fn visible(context: &Context) -> Select<api_token::Entity> {
    let all = permits(&context.actor, Verb::See, SubjectKind::ApiToken, &Owners::default());
    let own = Condition::all().add(api_token::COLUMN.account_id.eq(context.actor.id));
    api_token::Entity::find().filter(if all { Condition::all() } else { own })
}

versioned!(ApiToken);

impl Aggregate for ApiToken {
    const KIND: SubjectKind = SubjectKind::ApiToken;
    type Table = api_token::Entity;

    fn fields(&self) -> Fields {
        vec![
            ("accountId", text(self.account_id)),
            ("name", text(&self.name)),
            ("roles", texts(&self.roles.0)),
            ("token", FieldValue::Secret(Some(HEXLOWER.encode(&self.digest)))),
            ("createdAt", text(self.created_at)),
            ("expiresAt", text(self.expires_at)),
            ("revokedAt", text_or_none(self.revoked_at)),
        ]
    }

    async fn load(db: &DatabaseTransaction, id: Uuid) -> Result<Option<Self>> {
        Ok(api_token::Entity::find_by_id(id).one(db).await?)
    }

    async fn store(&self, store: &mut Store<'_>, before: Option<&Self>) -> Result<()> {
        store
            .save::<api_token::Entity>(
                self.clone(),
                api_token::Column::Version,
                before.map(|row| row.version),
            )
            .await
    }
}

/// A role as an input names it.
#[derive(Clone, Debug)]
pub struct WantedRole {
    pub role: Role,
    /// Code; none is the whole municipality.
    pub forvaltning: Option<String>,
}

/// Makes a token for the actor's own account.
#[derive(Clone, Debug)]
pub struct Create {
    name: String,
    roles: Vec<WantedRole>,
    expires_at: Timestamp,
    digest: Vec<u8>,
}

impl Create {
    /// The operation, and the token: shown once.
    pub fn new(
        context: &Context,
        name: String,
        roles: Vec<WantedRole>,
        expires_at: Timestamp,
    ) -> Result<(Self, String)> {
        let secret = format!("{PREFIX}{}", secret::made(&*context.services.environment)?);
        let token = format!("{secret}{}", checksum(&secret));
        Ok((Self { name, roles, expires_at, digest: digest(&token) }, token))
    }
}

impl Operation for Create {
    const ACTION: Action = Action::Create;
    const NAMED_BY: &'static str = "name";
    type Subject = ApiToken;

    async fn decide(&self, scope: &Scope<'_>, _subject: Option<&ApiToken>) -> Result<ApiToken> {
        // Held against what ends all tokens of the account.
        let owner = account::Entity::find_by_id(scope.context.actor.id).lock_shared().one(scope.db).await?;
        if owner.is_none_or(|owner| !owner.active) {
            return Err(Error::Unauthenticated);
        }
        let mut faults = Faults::default();
        let name = faults.take("name", required(&self.name, LINE));
        let most = i64::try_from(MOST_ROLES).unwrap_or(i64::MAX);
        faults.unless(
            (1..=MOST_ROLES).contains(&self.roles.len()),
            "roles",
            Problem::OutOfRange { from: 1, to: most },
        );
        let mut roles: Vec<String> = Vec::new();
        for (at, wanted) in self.roles.iter().enumerate().take(MOST_ROLES) {
            let stored = wanted.held(scope).await?.map(|role| role.to_string());
            match stored {
                Ok(stored) => {
                    faults.unless(!roles.contains(&stored), &format!("roles.{at}"), Problem::Repeated);
                    roles.push(stored);
                }
                Err(problem) => faults.add(&format!("roles.{at}"), problem),
            }
        }
        let now = scope.now();
        let latest = now.plus_seconds(LONGEST_DAYS * 24 * 60 * 60);
        let life = Problem::LifeOfToken { days: LONGEST_DAYS };
        faults.unless(self.expires_at > now && self.expires_at <= latest, "expiresAt", life);
        faults.finish()?;
        Ok(ApiToken {
            id: scope.new_id(),
            account_id: scope.context.actor.id,
            name,
            roles: TextList(roles),
            digest: self.digest.clone(),
            created_at: now,
            expires_at: self.expires_at,
            revoked_at: None,
            version: 0,
        })
    }
}

impl WantedRole {
    /// The role, if the actor holds it there and may hand it on.
    async fn held(&self, scope: &Scope<'_>) -> Result<Result<ScopedRole, Problem>> {
        if self.role == Role::Admin {
            return Ok(Err(Problem::TokenOfAdmin));
        }
        let forvaltning_id = match &self.forvaltning {
            None => None,
            Some(code) => match scope.reference().await?.forvaltning(code) {
                Some(forvaltning) => Some(forvaltning.id),
                None => return Ok(Err(Problem::NotFound)),
            },
        };
        let wanted = ScopedRole { role: self.role, forvaltning_id };
        let held = scope.context.actor.grants.iter().any(|grant| ScopedRole::of(grant) == wanted);
        Ok(if held { Ok(wanted) } else { Err(Problem::RoleNotHeld) })
    }
}

/// Ends a token now: one's own, or as ADMIN anyone's.
#[derive(Clone, Debug)]
pub struct Revoke {
    pub id: Option<Uuid>,
}

impl Operation for Revoke {
    const ACTION: Action = Action::Revoke;
    type Subject = ApiToken;

    fn names(&self) -> Vec<Name> {
        vec![named(Self::NAMED_BY, AccessedKind::ApiToken, self.id)]
    }

    async fn find(&self, scope: &Scope<'_>) -> Result<Option<ApiToken>> {
        let absent = || Error::refused(Self::NAMED_BY, Problem::NotFound);
        let id = self.id.ok_or_else(absent)?;
        let found = visible(scope.context).filter(api_token::COLUMN.id.eq(id)).one(scope.db).await?;
        found.map(Some).ok_or_else(absent)
    }

    fn is_own(&self, scope: &Scope<'_>, subject: &ApiToken) -> bool {
        subject.account_id == scope.context.actor.id
    }

    async fn decide(&self, scope: &Scope<'_>, subject: Option<&ApiToken>) -> Result<ApiToken> {
        let row = subject.ok_or_else(|| Error::refused(Self::NAMED_BY, Problem::NotFound))?;
        let now = scope.now();
        revocable(row, now).map_err(|problem| Error::refused(Self::NAMED_BY, problem))?;
        Ok(ApiToken { revoked_at: Some(now), ..row.clone() })
    }
}

/// Whether there is anything left to end.
pub(crate) fn revocable(token: &ApiToken, now: Timestamp) -> Result<(), Problem> {
    if token.revoked_at.is_some() || token.expires_at <= now { Err(Problem::TokenOver) } else { Ok(()) }
}

/// Ends all tokens of an account that have not ended, each with an event of its own.
pub(crate) async fn revoke_all(scope: &Scope<'_>, account_id: Uuid) -> Result<()> {
    let open = api_token::Entity::find()
        .filter(api_token::COLUMN.account_id.eq(account_id))
        .filter(api_token::COLUMN.revoked_at.is_null())
        .filter(api_token::COLUMN.expires_at.gt(scope.now()))
        .order_by_asc(api_token::COLUMN.id)
        .all(scope.db)
        .await?;
    for token in open {
        perform(scope, &Revoke { id: Some(token.id) }, &Given::default(), Revoke::ACTION).await?;
    }
    Ok(())
}
