//! The access log: who was refused what, and how often, and who read what participants answered. Kept apart from the
//! history, and for a time only.
//!
//! A refusal costs its request nothing but a place in memory ([`pending`]); one task writes what has gathered there
//! ([`write`]). What is not there and what the actor may not see leave the same.

mod attempt;
mod pending;
mod reading;
mod write;

pub(crate) use attempt::{Attempt, named, refused};
pub use attempt::{Name, Target, found};
pub use pending::AccessLog;
pub(crate) use reading::read;
pub use write::{BATCH, delete_before, write};

use std::collections::HashMap;

use entity::{access_log_entry, account};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Select};

use crate::columns::{AccessOutcome, AccessedKind, SubjectKind, Timestamp, Uuid};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::page::{Connection, Direction, Key, Listing, Page};
use crate::policy::{Sight, Verb, sight};
use crate::sight::within;

/// One entry, with the actor's name as it is now.
#[derive(Clone, Debug)]
pub struct Entry {
    pub row: access_log_entry::Model,
    pub actor_name: Option<String>,
}

impl Entry {
    /// What was named by an id.
    pub fn named(&self) -> Option<(AccessedKind, Uuid)> {
        self.row.named_kind.zip(self.row.named_id)
    }
}

/// Which entries a list holds.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub actor_id: Option<Uuid>,
    pub outcome: Option<AccessOutcome>,
    /// Those whose last time is not before this moment.
    pub from: Option<Timestamp>,
    /// Those whose first time is before this moment.
    pub to: Option<Timestamp>,
}

/// The entries that the actor may read: by the intervention that they are about, so that whoever reads for one forvaltning
/// reads of nothing else. None for an actor who may read no access log at all.
fn visible(context: &Context) -> Option<Select<access_log_entry::Entity>> {
    let sight = sight(&context.actor, Verb::ReadAccessLog, SubjectKind::Intervention);
    let seen = || within(&sight, access_log_entry::Column::InterventionId);
    (sight != Sight::default()).then(|| access_log_entry::Entity::find().filter(seen()))
}

/// The entries that fit, the newest first.
pub async fn list(context: &Context, filter: &Filter, page: &Page) -> Result<Connection<Entry>> {
    let Some(mut select) = visible(context) else {
        refused(context, &Attempt::to_read(AccessedKind::AccessLogEntry), &Error::Forbidden);
        return Err(Error::Forbidden);
    };
    if let Some(actor) = filter.actor_id {
        select = select.filter(access_log_entry::COLUMN.actor_id.eq(actor));
    }
    if let Some(outcome) = filter.outcome {
        select = select.filter(access_log_entry::Column::Outcome.eq(outcome));
    }
    if let Some(from) = filter.from {
        select = select.filter(access_log_entry::COLUMN.last_at.gte(from));
    }
    if let Some(to) = filter.to {
        select = select.filter(access_log_entry::COLUMN.first_at.lt(to));
    }
    let listing = Listing {
        list: 9,
        key: Key::Id,
        direction: Direction::Descending,
        id_column: access_log_entry::Column::Id,
        id: |row: &access_log_entry::Model| row.id,
    };
    let snapshot = context.snapshot().await?;
    let rows = listing.fetch(&snapshot.db, select, page).await?;
    let names = actor_names(context, rows.nodes.iter().map(|(_, row)| row.actor_id)).await?;
    Ok(rows.filter_map(|row| Some(Entry { actor_name: names.get(&row.actor_id).cloned(), row })))
}

pub async fn by_id(context: &Context, id: Uuid) -> Result<Option<Entry>> {
    let Some(select) = visible(context) else { return Ok(None) };
    let snapshot = context.snapshot().await?;
    let Some(row) = select.filter(access_log_entry::COLUMN.id.eq(id)).one(&snapshot.db).await? else {
        return Ok(None);
    };
    let names = actor_names(context, [row.actor_id]).await?;
    Ok(Some(Entry { actor_name: names.get(&row.actor_id).cloned(), row }))
}

/// Whoever may read of an attempt may read whose it was, as in the history.
async fn actor_names(
    context: &Context,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, String>> {
    let snapshot = context.snapshot().await?;
    let accounts = account::Entity::find().filter(account::COLUMN.id.is_in(ids)).all(&snapshot.db).await?;
    Ok(accounts.into_iter().map(|account| (account.id, account.name)).collect())
}
