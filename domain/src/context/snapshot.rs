//! The transaction a request reads from.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sea_orm::DatabaseTransaction;
use tokio::sync::OnceCell;

use crate::columns::Uuid;
use crate::error::Result;
use crate::reference::Reference;
use crate::success_criterion::{CriterionVersion, Said};

/// The transaction a request reads from, and what it has read once for all of the request.
pub struct Snapshot {
    pub db: DatabaseTransaction,
    reference: OnceCell<Reference>,
    said: Mutex<HashMap<Uuid, Said>>,
    evaluation_counts: Mutex<HashMap<Uuid, u64>>,
}

impl Snapshot {
    pub(super) fn new(db: DatabaseTransaction) -> Arc<Self> {
        let (said, evaluation_counts) = (Mutex::default(), Mutex::default());
        Arc::new(Self { db, reference: OnceCell::new(), said, evaluation_counts })
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

    /// How many evaluations of each of these interventions the actor sees, where all are known.
    pub fn remembered_evaluation_counts(&self, interventions: &[Uuid]) -> Option<HashMap<Uuid, u64>> {
        let counts = locked(&self.evaluation_counts);
        interventions.iter().map(|id| Some((*id, *counts.get(id)?))).collect()
    }

    pub fn remember_evaluation_counts(&self, read: impl Iterator<Item = (Uuid, i64)>) {
        let read = read.map(|(id, count)| (id, u64::try_from(count).unwrap_or_default()));
        locked(&self.evaluation_counts).extend(read);
    }
}

fn locked<T>(memory: &Mutex<T>) -> MutexGuard<'_, T> {
    memory.lock().unwrap_or_else(PoisonError::into_inner)
}
