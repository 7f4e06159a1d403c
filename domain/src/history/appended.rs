//! Following the history: each event as it is appended, in the order of the commits.
//!
//! The order is the log's, whose indexes have no gaps and are visible in their order, so whoever has read up to an index has
//! missed nothing before it. An index never leaves this file: by it one could count the writes of others.

use std::collections::VecDeque;
use std::time::Duration;

use entity::{event, log_entry};
use sea_orm::{ColumnTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect};
use tokio::sync::{OwnedSemaphorePermit, watch};

use super::{Event, Filter, by_id, visible};
use crate::GivenId;
use crate::access_log::{self, Attempt, Target};
use crate::columns::{AccessedKind, Timestamp, Uuid};
use crate::context::{Context, Grant, Services};
use crate::credential::Credential;
use crate::error::{Error, Problem, Result};
use crate::policy::reads_any_history;

/// How long may pass until events of other servers are found, and lost rights noticed, while nothing is written here.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// The most events that one statement looks for, and the most entries of the log that it looks through: a reader of little
/// must not keep a statement at the whole log.
const BATCH: u64 = 100;
const STRETCH: i64 = 1_000;

/// How long a stream may last.
#[derive(Clone)]
pub struct Lifetime {
    /// When the token with which it was begun is no longer believed.
    pub expires_at: Timestamp,
    /// Whoever listens holds the other end; when it is dropped, nobody does. A stream is not dropped half-way instead, since
    /// that could cut a statement short.
    pub listened_to: watch::Receiver<()>,
}

/// What was read just now, and the context in which all below it is to be read: by the rights of this moment, and for this
/// row alone. It keeps the turn to read until it is dropped.
pub struct Fresh<T> {
    pub row: T,
    pub reader: Context,
    _turn: OwnedSemaphorePermit,
}

/// A reader of all that is appended.
pub struct Following {
    services: Services,
    credential: Credential,
    account_id: Uuid,
    request_id: Uuid,
    /// The roles held as it began: it ends with the first that is lost.
    held: Vec<Grant>,
    filter: Filter,
    lifetime: Lifetime,
    news: watch::Receiver<()>,
    /// The index up to which the log has been looked through.
    position: i64,
    /// What was found there and is still to be given.
    found: VecDeque<Uuid>,
}

impl Following {
    /// Begins after the event that `after` names, or without it with what is appended from now on.
    pub async fn begin(
        context: &Context,
        filter: Filter,
        after: Option<GivenId>,
        lifetime: Lifetime,
    ) -> Result<Self> {
        if !reads_any_history(&context.actor) {
            access_log::refused(context, &Attempt::to_read(AccessedKind::Event), &Error::Forbidden);
            return Err(Error::Forbidden);
        }
        let position = match after {
            Some(GivenId(id)) => {
                let event = match id {
                    Some(id) => index_of(context, id).await?,
                    None => None,
                };
                access_log::found(context, Some(Target { kind: AccessedKind::Event, id }), event)
                    .ok_or_else(|| Error::refused("after", Problem::NotFound))?
            }
            None => last_index(context).await?,
        };
        context.release().await;
        Ok(Self {
            services: context.services.clone(),
            credential: context.actor.credential,
            account_id: context.actor.id,
            request_id: context.request_id,
            held: context.actor.grants.clone(),
            filter,
            lifetime,
            news: context.services.database.news(),
            position,
            found: VecDeque::new(),
        })
    }

    /// The next event, however long it takes; none once nobody listens. After an error there is nothing more.
    pub async fn next(&mut self) -> Result<Option<Fresh<Event>>> {
        loop {
            if self.lifetime.listened_to.has_changed().is_err() {
                return Ok(None);
            }
            // Marked before looking: what is written while it looks is news.
            self.news.mark_unchanged();
            if let Some(id) = self.found.pop_front() {
                if let Some(fresh) = self.read(id).await? {
                    return Ok(Some(fresh));
                }
            } else if self.look().await? {
                self.wait().await;
            }
        }
    }

    /// Looks through the next stretch of the log. Whether that was its end, with nothing found.
    async fn look(&mut self) -> Result<bool> {
        let (context, _turn) = self.renewed().await?;
        let last = last_index(&context).await?;
        let until = last.min(self.position.saturating_add(STRETCH));
        if until > self.position {
            let found = between(&context, &self.filter, self.position, until).await?;
            self.services.database.lasting().await?;
            let whole = u64::try_from(found.len()).is_ok_and(|count| count < BATCH);
            self.position = if whole { until } else { found.last().map_or(until, |(index, _)| *index) };
            self.found.extend(found.into_iter().map(|(_, id)| id));
        }
        context.release().await;
        Ok(self.found.is_empty() && self.position == last)
    }

    /// The event, if by now it may still be seen.
    async fn read(&self, id: Uuid) -> Result<Option<Fresh<Event>>> {
        let (reader, turn) = self.renewed().await?;
        if let Some(row) = by_id(&reader, id).await? {
            return Ok(Some(Fresh { row, reader, _turn: turn }));
        }
        reader.release().await;
        Ok(None)
    }

    /// The context of the one who listens, as it is now, and the turn to read in it.
    async fn renewed(&self) -> Result<(Context, OwnedSemaphorePermit)> {
        let turn = self.services.database.turn_to_follow().await?;
        if self.lifetime.expires_at <= self.services.environment.now() {
            return Err(Error::Unauthenticated);
        }
        let context = self.credential.open(&self.services, self.account_id, self.request_id).await?;
        if self.held.iter().all(|grant| holds(&context, grant)) {
            return Ok((context, turn));
        }
        context.release().await;
        Err(Error::Forbidden)
    }

    /// Until something is written here, or could have been elsewhere, or nobody listens.
    async fn wait(&mut self) {
        let left = self.lifetime.expires_at.since(self.services.environment.now());
        tokio::select! {
            // An error would mean that the database is gone, and this holds on to it.
            _ = self.news.changed() => {}
            // Nothing is ever sent: it ends when the other end is dropped.
            _ = self.lifetime.listened_to.changed() => {}
            () = tokio::time::sleep(left.min(LOOK_EVERY)) => {}
        }
    }
}

/// Whether the actor still has such a grant. A forvaltning may have got another name since.
fn holds(context: &Context, grant: &Grant) -> bool {
    let same = |own: &Grant| own.role == grant.role && own.forvaltning_id() == grant.forvaltning_id();
    context.actor.grants.iter().any(same)
}

/// Where the log ends; before its first entry where it is empty.
async fn last_index(context: &Context) -> Result<i64> {
    let snapshot = context.snapshot().await?;
    let last = log_entry::Entity::find()
        .select_only()
        .column(log_entry::Column::Index)
        .order_by_desc(log_entry::Column::Index)
        .limit(1)
        .into_tuple()
        .one(&snapshot.db)
        .await?;
    Ok(last.unwrap_or(-1))
}

/// Where an event stands that the actor may read.
async fn index_of(context: &Context, id: Uuid) -> Result<Option<i64>> {
    let snapshot = context.snapshot().await?;
    let index = visible(context)
        .filter(event::COLUMN.id.eq(id))
        .join(JoinType::InnerJoin, in_log())
        .select_only()
        .column(log_entry::Column::Index)
        .into_tuple()
        .one(&snapshot.db)
        .await?;
    Ok(index)
}

/// The events after one index and up to another that fit and that the actor may read, in the order of the log.
async fn between(context: &Context, filter: &Filter, after: i64, until: i64) -> Result<Vec<(i64, Uuid)>> {
    let snapshot = context.snapshot().await?;
    let rows = filter
        .applied(visible(context))
        .join(JoinType::InnerJoin, in_log())
        .filter(log_entry::Column::Index.gt(after))
        .filter(log_entry::Column::Index.lte(until))
        .select_only()
        .columns([log_entry::Column::Index, log_entry::Column::EventId])
        .order_by_asc(log_entry::Column::Index)
        .limit(BATCH)
        .into_tuple()
        .all(&snapshot.db)
        .await?;
    Ok(rows)
}

fn in_log() -> sea_orm::RelationDef {
    event::Entity::belongs_to(log_entry::Entity).from(event::Column::Id).to(log_entry::Column::EventId).into()
}
