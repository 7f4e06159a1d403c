//! Who acts, on which database, at what time: the first parameter of every operation and every read.

mod remembered;
mod snapshot;

pub use remembered::Remembered;
use snapshot::Reading;
pub(crate) use snapshot::Snapshot;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use entity::{account, api_token, forvaltning, role_grant, session};
use evidence::disclosure::Threshold;
use sea_orm::{DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder};
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::access_log::AccessLog;
use crate::api_token::handed_on;
use crate::columns::{Role, Timestamp, Uuid};
use crate::credential::Credential;
use crate::database::Database;
use crate::error::{Error, Problem, Result};
use crate::forvaltning::Forvaltning;
use crate::history::past::Past;
use crate::input::text::{folded, sought};
use crate::last_use::LastUse;
use crate::role_grant::{confirmed, going_on};
use crate::session::SignedIn;

/// Where time, ids and secrets come from. A parameter, so that tests are repeatable.
pub trait Environment: Send + Sync + 'static {
    fn now(&self) -> Timestamp;
    /// A new `UUIDv7`.
    fn new_id(&self) -> Uuid;
    /// Fills `bytes` with what nobody can guess.
    fn fill_random(&self, bytes: &mut [u8]) -> Result<()>;
}

/// The machine's clock and randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEnvironment;

#[expect(
    clippy::disallowed_methods,
    reason = "this is where the clock and the ids of a running server come from"
)]
impl Environment for SystemEnvironment {
    fn now(&self) -> Timestamp {
        time::OffsetDateTime::now_utc().try_into().unwrap_or(Timestamp::from_micros(0))
    }

    fn new_id(&self) -> Uuid {
        Uuid::now_v7()
    }

    fn fill_random(&self, bytes: &mut [u8]) -> Result<()> {
        getrandom::fill(bytes).map_err(Error::internal)
    }
}

/// What every request shares.
#[derive(Clone)]
pub struct Services {
    pub database: Database,
    pub environment: Arc<dyn Environment>,
    /// What was denied and is not written yet.
    pub access_log: AccessLog,
    /// Whether accounts sign in here with passwords, rather than only at an identity provider.
    pub local_accounts: bool,
    /// When credentials were used, as far as it is not written yet.
    pub last_use: LastUse,
    /// Who acted a moment ago.
    pub remembered: Remembered,
    /// The fewest people of whom those are told anything who may not see the people themselves.
    pub disclosure_threshold: Threshold,
}

impl Services {
    /// All as it is where nothing is set.
    pub fn of(database: Database) -> Self {
        Self {
            database,
            environment: Arc::new(SystemEnvironment),
            access_log: AccessLog::default(),
            local_accounts: true,
            last_use: LastUse::default(),
            remembered: Remembered::default(),
            disclosure_threshold: Threshold::default(),
        }
    }
}

/// A role that holds now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    pub role: Role,
    /// The forvaltning it holds in; none is the whole municipality.
    pub forvaltning: Option<Forvaltning>,
}

impl Grant {
    pub fn forvaltning_id(&self) -> Option<Uuid> {
        self.forvaltning.as_ref().map(|forvaltning| forvaltning.id)
    }
}

impl fmt::Display for Grant {
    /// `COORDINATOR`, or `EVALUATOR SOF`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.role)?;
        self.forvaltning.as_ref().map_or(Ok(()), |forvaltning| write!(f, " {}", forvaltning.code))
    }
}

/// The account that acts, with the roles it has now.
#[derive(Clone, Debug)]
pub struct Actor {
    pub id: Uuid,
    pub name: String,
    pub grants: Vec<Grant>,
    pub credential: Credential,
    /// When one of its roles ends or another begins, or its token ends: then it is to be read anew.
    pub(crate) until: Option<Timestamp>,
}

/// One authenticated request.
///
/// All reads see one snapshot, so a nested answer is of one moment. A write of the same request begins a new one, so that
/// what it changed is seen.
#[derive(Clone)]
pub struct Context {
    pub actor: Arc<Actor>,
    pub request_id: Uuid,
    pub(crate) services: Services,
    reading: Arc<Mutex<Reading>>,
    /// The moment that is read as of, where that is not now.
    past: Option<Arc<Past>>,
    /// When it has read for long enough. None for a named operator, who may wait.
    deadline: Option<Instant>,
    /// Whether the access log has been told anything of it.
    told: Arc<AtomicBool>,
}

impl Context {
    /// The context of a session that an access token names: the account active, the session not over.
    pub async fn of_session(
        services: &Services,
        session_id: Uuid,
        account_id: Uuid,
        request_id: Uuid,
    ) -> Result<Self> {
        let deadline = services.database.deadline();
        let snapshot = services.database.snapshot_until(Some(deadline)).await?;
        let found = session::Entity::find_by_id(session_id)
            .filter(session::COLUMN.account_id.eq(account_id))
            .filter(session::COLUMN.ended_at.is_null())
            .find_also_related(account::Entity)
            .one(&snapshot)
            .await?;
        let Some((_, Some(account))) = found else {
            return Err(Error::Unauthenticated);
        };
        let credential = Credential::Session(session_id);
        services.last_use.note(session_id, account.id, services.environment.now());
        let context = Self::of_account(services, snapshot, account, credential, request_id).await?;
        Ok(Self { deadline: Some(deadline), ..context })
    }

    /// The context of one who was found to act so a moment ago. Nothing is read before the first thing that is asked for.
    pub(crate) fn of_remembered(services: &Services, actor: Arc<Actor>, request_id: Uuid) -> Self {
        Self { deadline: Some(services.database.deadline()), ..Self::new(services, None, actor, request_id) }
    }

    /// The context of a session that has just begun or been renewed. Whether it goes on is for the next request to find: what
    /// happened to it since does not make this answer another.
    pub async fn of_signed_in(services: &Services, session: &SignedIn, request_id: Uuid) -> Result<Self> {
        services.last_use.note(session.session_id, session.account_id, session.at);
        let credential = Credential::Session(session.session_id);
        Self::of_known(services, session.account_id, credential, request_id).await
    }

    /// The context of an API token that goes on: its owner's, with those of the owner's roles that it is scoped to.
    pub async fn of_api_token(
        services: &Services,
        token_id: Uuid,
        account_id: Uuid,
        request_id: Uuid,
    ) -> Result<Self> {
        let deadline = services.database.deadline();
        let snapshot = services.database.snapshot_until(Some(deadline)).await?;
        let now = services.environment.now();
        let found = api_token::Entity::find_by_id(token_id)
            .filter(api_token::COLUMN.account_id.eq(account_id))
            .filter(api_token::COLUMN.revoked_at.is_null())
            .filter(api_token::COLUMN.expires_at.gt(now))
            .find_also_related(account::Entity)
            .one(&snapshot)
            .await?;
        let Some((token, Some(account))) = found else {
            return Err(Error::Unauthenticated);
        };
        services.last_use.note(token_id, account.id, now);
        let credential = Credential::ApiToken(token_id);
        let mut context = Self::of_account(services, snapshot, account, credential, request_id).await?;
        let mut actor = Arc::unwrap_or_clone(context.actor);
        actor.until = actor.until.into_iter().chain([token.expires_at]).min();
        actor.grants = handed_on(actor.grants, &token);
        context.actor = Arc::new(actor);
        Ok(Self { deadline: Some(deadline), ..context })
    }

    /// The context of whoever holds a one-time link. It is good for setting the password, and for nothing else.
    pub(crate) async fn of_password_link(
        services: &Services,
        account_id: Uuid,
        request_id: Uuid,
    ) -> Result<Self> {
        Self::of_known(services, account_id, Credential::PasswordLink, request_id).await
    }

    /// The context of an account whose credential was found to be good a moment ago.
    async fn of_known(
        services: &Services,
        account_id: Uuid,
        credential: Credential,
        request_id: Uuid,
    ) -> Result<Self> {
        let snapshot = services.database.snapshot().await?;
        let account = account::Entity::find_by_id(account_id).one(&snapshot).await?;
        let account = account.ok_or(Error::Unauthenticated)?;
        Self::of_account(services, snapshot, account, credential, request_id).await
    }

    /// The context of a named operator at the command line.
    pub async fn of_operator(services: &Services, email: &str, request_id: Uuid) -> Result<Option<Self>> {
        let email = sought(email).map_err(|problem| Error::refused("as", problem))?;
        let snapshot = services.database.snapshot().await?;
        let account = account::Entity::find()
            .filter(account::COLUMN.email_key.eq(folded(&email)))
            .one(&snapshot)
            .await?;
        match account {
            Some(account) => Self::of_account(services, snapshot, account, Credential::Operator, request_id)
                .await
                .map(Some),
            None => Ok(None),
        }
    }

    /// The context of whoever makes the very first account, which becomes an administrator's. None once there is an account.
    pub async fn of_founder(services: &Services, name: &str, request_id: Uuid) -> Result<Option<Self>> {
        let snapshot = services.database.snapshot().await?;
        if account::Entity::find().one(&snapshot).await?.is_some() {
            return Ok(None);
        }
        let grants = vec![Grant { role: Role::Admin, forvaltning: None }];
        let actor = Actor {
            id: services.environment.new_id(),
            name: name.to_owned(),
            grants,
            credential: Credential::Operator,
            until: None,
        };
        Ok(Some(Self::new(services, Some(snapshot), actor, request_id)))
    }

    async fn of_account(
        services: &Services,
        snapshot: DatabaseTransaction,
        account: account::Model,
        credential: Credential,
        request_id: Uuid,
    ) -> Result<Self> {
        if !account.active {
            return Err(Error::Unauthenticated);
        }
        let (grants, until) = grants_of(&snapshot, account.id, services.environment.now()).await?;
        let actor = Actor { id: account.id, name: account.name, grants, credential, until };
        Ok(Self::new(services, Some(snapshot), actor, request_id))
    }

    /// The context of someone who is only just being recognised, by the word of an identity provider. It reads nothing by
    /// itself: what is done in it is done in the transaction that recognises.
    pub(crate) async fn of_recognised(
        services: &Services,
        db: &DatabaseTransaction,
        (id, name): (Uuid, String),
        request_id: Uuid,
    ) -> Result<Self> {
        let (grants, until) = grants_of(db, id, services.environment.now()).await?;
        let actor = Actor { id, name, grants, credential: Credential::Issuer, until };
        Ok(Self::new(services, None, actor, request_id))
    }

    fn new(
        services: &Services,
        snapshot: Option<DatabaseTransaction>,
        actor: impl Into<Arc<Actor>>,
        request_id: Uuid,
    ) -> Self {
        Self {
            actor: actor.into(),
            request_id,
            services: services.clone(),
            reading: Arc::new(Mutex::new(Reading::of(snapshot))),
            past: None,
            deadline: None,
            told: Arc::default(),
        }
    }

    /// Notes that the access log is told of this request: to ask the same again is to be told again.
    pub(crate) fn tell(&self) {
        self.told.store(true, Ordering::Relaxed);
    }

    /// Whether the access log was told anything of this request.
    pub fn was_told(&self) -> bool {
        self.told.load(Ordering::Relaxed)
    }

    /// The same actor, reading what stood at a moment. By the permissions of now: who may read is no part of the past.
    pub fn as_of(&self, at: Timestamp) -> Result<Self> {
        if at > self.now() {
            return Err(Error::refused("asOf", Problem::Later));
        }
        Ok(Self { past: Some(Arc::new(Past::new(at))), ..self.clone() })
    }

    /// The moment that is read as of; none where that is now.
    pub(crate) fn past(&self) -> Option<&Past> {
        self.past.as_deref()
    }

    pub fn now(&self) -> Timestamp {
        self.services.environment.now()
    }

    /// The snapshot that this request reads from, for what reads things as they are. In the past it is refused, so that no
    /// answer mixes times.
    pub(crate) async fn snapshot(&self) -> Result<Arc<Snapshot>> {
        match self.past {
            None => self.at_any_time().await,
            Some(_) => Err(Error::refused("asOf", Problem::NotInThePast)),
        }
    }

    /// The same, for what knows by itself what stood when.
    pub(crate) async fn at_any_time(&self) -> Result<Arc<Snapshot>> {
        let mut reading = self.reading.lock().await;
        debug_assert!(!reading.alone, "what was to be all that is read was of another moment");
        if let Some(snapshot) = &reading.snapshot {
            self.services.database.hasten(&snapshot.db, self.deadline).await?;
            return Ok(Arc::clone(snapshot));
        }
        let snapshot = Snapshot::new(self.services.database.snapshot_until(self.deadline).await?);
        reading.snapshot = Some(Arc::clone(&snapshot));
        Ok(snapshot)
    }

    /// Lets go of the snapshot: before a write, so that the same request then reads what it wrote, and at the end of the
    /// request. It ends on the way of its connection back to the pool, which nobody needs to wait for.
    pub async fn release(&self) {
        *self.reading.lock().await = Reading::default();
    }
}

/// The roles that an account has at a moment, and when that changes by itself. A role that it has twice, by a person and by a
/// group, is one.
async fn grants_of(
    db: &DatabaseTransaction,
    account_id: Uuid,
    at: Timestamp,
) -> Result<(Vec<Grant>, Option<Timestamp>)> {
    let rows = role_grant::Entity::find()
        .filter(role_grant::COLUMN.account_id.eq(account_id))
        .filter(confirmed())
        .filter(going_on(at))
        .order_by_asc(role_grant::COLUMN.id)
        .find_also_related(forvaltning::Entity)
        .all(db)
        .await?;
    let mut grants = Vec::with_capacity(rows.len());
    let mut until: Option<Timestamp> = None;
    for (row, forvaltning) in rows {
        let begins = Some(row.valid_from).filter(|begins| *begins > at);
        until = until.into_iter().chain(begins).chain(row.valid_to).min();
        let grant = Grant { role: row.role, forvaltning };
        if begins.is_none() && !grants.contains(&grant) {
            grants.push(grant);
        }
    }
    Ok((grants, until))
}
