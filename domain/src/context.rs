//! Who acts, on which database, at what time: the first parameter of every operation and every read.

use std::fmt;
use std::sync::Arc;

use entity::{account, forvaltning, role_grant, session};
use evidence::disclosure::Threshold;
use sea_orm::{DatabaseTransaction, EntityTrait, ExprTrait, QueryFilter, QueryOrder};
use tokio::sync::{Mutex, OnceCell};
use tokio::time::Instant;

use crate::access_log::AccessLog;
use crate::columns::{Role, Timestamp, Uuid};
use crate::database::Database;
use crate::error::{Error, Problem, Result};
use crate::forvaltning::Forvaltning;
use crate::history::past::Past;
use crate::reference::Reference;

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
    /// The fewest people of whom those are told anything who may not see the people themselves.
    pub disclosure_threshold: Threshold,
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
    /// None for a named operator at the command line.
    pub session_id: Option<Uuid>,
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
    snapshot: Arc<Mutex<Option<Arc<Snapshot>>>>,
    /// The moment that is read as of, where that is not now.
    past: Option<Arc<Past>>,
    /// When it has read for long enough. None for a named operator, who may wait.
    deadline: Option<Instant>,
}

/// The transaction a request reads from, and what it has read once for all of the request.
pub(crate) struct Snapshot {
    pub db: DatabaseTransaction,
    reference: OnceCell<Reference>,
}

impl Snapshot {
    fn new(db: DatabaseTransaction) -> Arc<Self> {
        Arc::new(Self { db, reference: OnceCell::new() })
    }

    pub async fn reference(&self) -> Result<&Reference> {
        self.reference.get_or_try_init(|| Reference::load(&self.db)).await
    }
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
        let context = Self::of_account(services, snapshot, account, Some(session_id), request_id).await?;
        Ok(Self { deadline: Some(deadline), ..context })
    }

    /// The context of a named operator at the command line.
    pub async fn of_operator(services: &Services, email: &str, request_id: Uuid) -> Result<Option<Self>> {
        let snapshot = services.database.snapshot().await?;
        let account = account::Entity::find()
            .filter(account::COLUMN.email_key.eq(crate::text::folded(email)))
            .one(&snapshot)
            .await?;
        match account {
            Some(account) => Self::of_account(services, snapshot, account, None, request_id).await.map(Some),
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
        let actor =
            Actor { id: services.environment.new_id(), name: name.to_owned(), grants, session_id: None };
        Ok(Some(Self::new(services, snapshot, actor, request_id)))
    }

    async fn of_account(
        services: &Services,
        snapshot: DatabaseTransaction,
        account: account::Model,
        session_id: Option<Uuid>,
        request_id: Uuid,
    ) -> Result<Self> {
        if !account.active {
            return Err(Error::Unauthenticated);
        }
        let now = services.environment.now();
        let grants = role_grant::Entity::find()
            .filter(role_grant::COLUMN.account_id.eq(account.id))
            .filter(role_grant::COLUMN.valid_from.lte(now))
            .filter(role_grant::COLUMN.valid_to.is_null().or(role_grant::COLUMN.valid_to.gt(now)))
            .order_by_asc(role_grant::COLUMN.id)
            .find_also_related(forvaltning::Entity)
            .all(&snapshot)
            .await?
            .into_iter()
            .map(|(grant, forvaltning)| Grant { role: grant.role, forvaltning })
            .collect();
        let actor = Actor { id: account.id, name: account.name, grants, session_id };
        Ok(Self::new(services, snapshot, actor, request_id))
    }

    fn new(services: &Services, snapshot: DatabaseTransaction, actor: Actor, request_id: Uuid) -> Self {
        Self {
            actor: Arc::new(actor),
            request_id,
            services: services.clone(),
            snapshot: Arc::new(Mutex::new(Some(Snapshot::new(snapshot)))),
            past: None,
            deadline: None,
        }
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
        let mut current = self.snapshot.lock().await;
        if let Some(snapshot) = current.as_ref() {
            self.services.database.hasten(&snapshot.db, self.deadline).await?;
            return Ok(Arc::clone(snapshot));
        }
        let snapshot = Snapshot::new(self.services.database.snapshot_until(self.deadline).await?);
        *current = Some(Arc::clone(&snapshot));
        Ok(snapshot)
    }

    /// Lets go of the snapshot: before a write, so that the same request then reads what it wrote, and at the end of the
    /// request.
    pub async fn release(&self) -> Result<()> {
        if let Some(snapshot) = self.snapshot.lock().await.take().and_then(Arc::into_inner) {
            snapshot.db.rollback().await?;
        }
        Ok(())
    }
}
