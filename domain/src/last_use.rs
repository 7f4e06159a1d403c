//! When sessions and API tokens were last used: kept in memory, and written once a minute for each.
//!
//! A use costs its request nothing but a place in memory, as a denial does. What is written is bookkeeping and no part of the
//! history.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use entity::last_use;
use sea_orm::sea_query::{CaseStatement, Expr, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};

use crate::columns::{Timestamp, Uuid};
use crate::context::{Context, Services};
use crate::database::statements;
use crate::error::{Error, Result};

/// How long after it was written a use is written again.
const EVERY_SECONDS: i64 = 60;
/// How many credentials are kept in memory; of those beyond them the use is not kept until others have been idle.
const MOST: usize = 20_000;
/// How many rows are written by one statement.
const BATCH: usize = 500;

#[derive(Clone, Copy, Debug)]
struct Use {
    account_id: Uuid,
    at: Timestamp,
    /// The use that the database knows of.
    written: Option<Timestamp>,
}

impl Use {
    fn is_due(&self, now: Timestamp) -> bool {
        match self.written {
            None => true,
            Some(written) => written.plus_seconds(EVERY_SECONDS) <= now && written < self.at,
        }
    }
}

/// What was used since the server began, as far as it is still of interest.
#[derive(Clone, Debug, Default)]
pub struct LastUse(Arc<Mutex<HashMap<Uuid, Use>>>);

impl LastUse {
    pub(crate) fn note(&self, credential_id: Uuid, account_id: Uuid, at: Timestamp) {
        let mut uses = self.uses();
        let full = uses.len() >= MOST;
        match uses.entry(credential_id) {
            Entry::Occupied(mut known) => known.get_mut().at = at,
            Entry::Vacant(_) if full => {}
            Entry::Vacant(place) => {
                place.insert(Use { account_id, at, written: None });
            }
        }
    }

    /// What is to be written now; all that is not written yet where the server stops.
    fn due(&self, now: Timestamp, stopping: bool) -> Vec<last_use::Model> {
        let mut uses = self.uses();
        // What is written and has been idle since is known to the database.
        uses.retain(|_, one| one.written != Some(one.at) || one.at.plus_seconds(EVERY_SECONDS) > now);
        let is_due = |one: &Use| one.is_due(now) || (stopping && one.written != Some(one.at));
        let rows = uses.iter().filter(|(_, one)| is_due(one)).map(|(id, one)| last_use::Model {
            credential_id: *id,
            account_id: one.account_id,
            used_at: one.at,
        });
        rows.collect()
    }

    fn written(&self, rows: &[last_use::Model]) {
        let mut uses = self.uses();
        for row in rows {
            if let Some(one) = uses.get_mut(&row.credential_id) {
                one.written = Some(row.used_at);
            }
        }
    }

    /// Nothing is left half done under the lock, so what a panic elsewhere left behind is whole.
    fn uses(&self) -> MutexGuard<'_, HashMap<Uuid, Use>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes the uses whose minute is over. Those that cannot be written go on waiting.
pub async fn write(services: &Services) -> Result<()> {
    store(services, false).await
}

/// Writes all uses that are not written yet, for the server stops.
pub async fn write_last(services: &Services) -> Result<()> {
    store(services, true).await
}

async fn store(services: &Services, stopping: bool) -> Result<()> {
    let mut rows = services.last_use.due(services.environment.now(), stopping);
    if rows.is_empty() {
        return Ok(());
    }
    // Two servers take the rows in one order.
    rows.sort_by_key(|row| row.credential_id);
    let services = services.clone();
    let work = async move {
        for part in rows.chunks(BATCH) {
            let models = part.iter().map(|row| row.clone().into_active_model());
            let insert = last_use::Entity::insert_many(models).on_conflict(later());
            services.database.bookkeep(async |db| Ok(insert.exec_without_returning(db).await?)).await?;
            services.last_use.written(part);
        }
        Ok(())
    };
    statements::detached(work).await.map_err(Error::internal)?
}

/// Of two servers, the one that saw it last tells when it was.
fn later() -> OnConflict {
    let stored = Expr::col((last_use::Entity, last_use::Column::UsedAt));
    let added = Expr::col(("excluded", last_use::Column::UsedAt));
    let newest = CaseStatement::new()
        .case(sea_orm::ExprTrait::gt(added.clone(), stored.clone()), added)
        .finally(stored);
    OnConflict::column(last_use::Column::CredentialId).value(last_use::Column::UsedAt, newest).to_owned()
}

/// When each of these credentials was last used, as far as the database knows.
pub(crate) async fn of_credentials(
    context: &Context,
    credentials: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Timestamp>> {
    let snapshot = context.snapshot().await?;
    let rows = last_use::Entity::find()
        .filter(last_use::Column::CredentialId.is_in(credentials))
        .all(&snapshot.db)
        .await?;
    Ok(rows.into_iter().map(|row| (row.credential_id, row.used_at)).collect())
}

/// When each of these accounts was last seen, by whatever credential: what a review of access asks. It is for those who know
/// that they may see the accounts.
pub async fn last_seen(context: &Context, account_ids: &[Uuid]) -> Result<HashMap<Uuid, Timestamp>> {
    let snapshot = context.snapshot().await?;
    let newest: Vec<(Uuid, Timestamp)> = last_use::Entity::find()
        .select_only()
        .column(last_use::Column::AccountId)
        .column_as(last_use::Column::UsedAt.max(), "used_at")
        .filter(last_use::Column::AccountId.is_in(account_ids.iter().copied()))
        .group_by(last_use::Column::AccountId)
        .into_tuple()
        .all(&snapshot.db)
        .await?;
    Ok(newest.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: Uuid = Uuid::from_u128(1);

    fn moment(second: i64) -> Timestamp {
        Timestamp::from_micros(0).plus_seconds(second)
    }

    #[test]
    fn a_use_is_written_once_a_minute() {
        let uses = LastUse::default();
        let note = |at: i64| uses.note(ID, ID, moment(at));
        let due = |at: i64| {
            let rows = uses.due(moment(at), false);
            uses.written(&rows);
            rows.into_iter().map(|row| row.used_at).collect::<Vec<_>>()
        };
        note(0);
        assert_eq!(due(1), [moment(0)], "the first use at once");
        note(2);
        assert_eq!(due(3), []);
        note(59);
        assert_eq!(due(61), [moment(59)], "and then what is newest after a minute");
        assert_eq!(due(200), []);
        assert!(uses.uses().is_empty(), "what is idle is forgotten");
        note(201);
        uses.written(&uses.due(moment(201), false));
        note(202);
        assert_eq!(uses.due(moment(203), true).len(), 1, "a server that stops writes the rest");
    }

    #[test]
    fn the_memory_is_bounded() {
        let uses = LastUse::default();
        for id in 0..u128::try_from(MOST).unwrap_or_default() + 5 {
            uses.note(Uuid::from_u128(id), ID, moment(1));
        }
        assert_eq!(uses.due(moment(2), false).len(), MOST);
    }
}
