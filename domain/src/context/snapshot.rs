//! The transaction a request reads from.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sea_orm::{DatabaseExecutor, DatabaseTransaction};
use tokio::sync::OnceCell;

use super::Context;
use crate::columns::Uuid;
use crate::database::deadline;
use crate::error::Result;
use crate::reference::Reference;
use crate::success_criterion::{CriterionVersion, Said};

/// The transaction a request reads from, and what it has read once for all of the request.
pub struct Snapshot {
    pub db: DatabaseTransaction,
    reference: OnceCell<Reference>,
    said: Mutex<HashMap<Uuid, Said>>,
}

/// What a request has read from and counted since it began or last wrote.
#[derive(Default)]
pub(super) struct Reading {
    pub snapshot: Option<Arc<Snapshot>>,
    /// Whether it has read by a statement that was said to be the only one.
    pub alone: bool,
    evaluation_counts: HashMap<Uuid, u64>,
}

impl Reading {
    pub fn of(db: Option<DatabaseTransaction>) -> Self {
        Self { snapshot: db.map(Snapshot::new), ..Self::default() }
    }
}

impl Context {
    /// Reads by one statement. Where it is the `only` one of the request it needs no transaction around it, which would be two
    /// more ways to the database: it is a snapshot by itself. It reads in one all the same where that has begun already, or
    /// where too little time is left for a statement as it is.
    pub(crate) async fn read<T>(
        &self,
        only: bool,
        statement: impl AsyncFnOnce(DatabaseExecutor<'_>) -> Result<T>,
    ) -> Result<T> {
        let database = &self.services.database;
        if only && self.past.is_none() && database.is_in_time(self.deadline) && self.begin_alone().await {
            let db = DatabaseExecutor::from(database.reading());
            return deadline::scope(self.deadline, statement(db)).await;
        }
        let snapshot = self.snapshot().await?;
        statement(DatabaseExecutor::from(&snapshot.db)).await
    }

    /// Whether nothing has been read yet, so that the one statement may read alone.
    async fn begin_alone(&self) -> bool {
        let mut reading = self.reading.lock().await;
        debug_assert!(!reading.alone, "two statements cannot both be the only one");
        reading.alone = reading.snapshot.is_none();
        reading.alone
    }

    /// How many evaluations of each of these interventions the actor sees, where all are known.
    pub(crate) async fn remembered_evaluation_counts(
        &self,
        interventions: &[Uuid],
    ) -> Option<HashMap<Uuid, u64>> {
        let counts = &self.reading.lock().await.evaluation_counts;
        interventions.iter().map(|id| Some((*id, *counts.get(id)?))).collect()
    }

    pub(crate) async fn remember_evaluation_counts(&self, read: impl Iterator<Item = (Uuid, i64)>) {
        let read = read.map(|(id, count)| (id, u64::try_from(count).unwrap_or_default()));
        self.reading.lock().await.evaluation_counts.extend(read);
    }
}

impl Snapshot {
    pub(super) fn new(db: DatabaseTransaction) -> Arc<Self> {
        Arc::new(Self { db, reference: OnceCell::new(), said: Mutex::default() })
    }

    pub async fn reference(&self) -> Result<&Reference> {
        self.reference.get_or_try_init(|| Reference::load(&self.db)).await
    }

    /// What these criteria ever said, as far as it was read.
    pub fn remembered_said(&self, criteria: &HashSet<Uuid>) -> HashMap<Uuid, Said> {
        let said = locked(&self.said);
        criteria.iter().filter_map(|id| Some((*id, Arc::clone(said.get(id)?)))).collect()
    }

    pub fn remember_said(&self, read: HashMap<Uuid, Vec<CriterionVersion>>) -> HashMap<Uuid, Said> {
        let read: HashMap<_, Said> = read.into_iter().map(|(id, versions)| (id, versions.into())).collect();
        locked(&self.said).extend(read.clone());
        read
    }
}

fn locked<T>(memory: &Mutex<T>) -> MutexGuard<'_, T> {
    memory.lock().unwrap_or_else(PoisonError::into_inner)
}
