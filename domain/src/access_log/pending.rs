//! Denials that are not written yet: in memory, counted, and never more than fit.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::columns::{AccessOutcome, AccessedKind, Action, Timestamp, Uuid};

/// How many different denials of one actor in one hour are told apart. What comes beyond them is only counted.
pub(super) const MOST_OF_ACTOR: usize = 100;
/// How many entries wait in memory, of all actors: some megabytes.
const MOST_WAITING: usize = 20_000;
const HOUR_SECONDS: i64 = 60 * 60;

/// What was denied. Two that are equal, of one actor in one hour, are one entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Denial {
    pub action: Option<Action>,
    pub kind: Option<AccessedKind>,
    pub target: Option<(AccessedKind, Uuid)>,
    pub outcome: AccessOutcome,
}

impl Denial {
    /// Whatever came beyond the denials that are told apart.
    pub const OVERFLOW: Self =
        Self { action: None, kind: None, target: None, outcome: AccessOutcome::Overflow };
}

/// The hour in which an actor was denied something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Bucket {
    pub actor_id: Uuid,
    /// Hours since 1970.
    pub hour: i64,
}

impl Bucket {
    pub fn of(actor_id: Uuid, at: Timestamp) -> Self {
        Self { actor_id, hour: at.unix_seconds().div_euclid(HOUR_SECONDS) }
    }

    pub fn start(self) -> Timestamp {
        Timestamp::from_micros(0).plus_seconds(self.hour.saturating_mul(HOUR_SECONDS))
    }
}

/// When something was denied, and the id that its entry gets if it is the first of its kind.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    pub id: Uuid,
    pub at: Timestamp,
    pub request_id: Uuid,
}

/// How often something was denied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tally {
    pub id: Uuid,
    pub roles: Vec<String>,
    pub first_at: Timestamp,
    pub last_at: Timestamp,
    pub request_id: Uuid,
    pub count: i64,
}

impl Tally {
    /// Both together; the earlier one says when it began and by which request.
    pub fn and(self, other: Self) -> Self {
        let (first, second) = if self.id <= other.id { (self, other) } else { (other, self) };
        Self {
            last_at: first.last_at.max(second.last_at),
            count: first.count.saturating_add(second.count),
            ..first
        }
    }
}

pub(super) type Batch = HashMap<(Bucket, Denial), Tally>;

#[derive(Debug, Default)]
struct Pending {
    tallies: Batch,
    /// How many different denials wait of each actor and hour.
    different: HashMap<Bucket, usize>,
    lost: u64,
}

impl Pending {
    fn add(&mut self, bucket: Bucket, denial: Denial, tally: Tally) {
        let known = self.tallies.contains_key(&(bucket, denial));
        let different = self.different.get(&bucket).copied().unwrap_or_default();
        let told_apart = known || different < MOST_OF_ACTOR;
        let denial = if told_apart { denial } else { Denial::OVERFLOW };
        let full = self.tallies.len() >= MOST_WAITING;
        match self.tallies.entry((bucket, denial)) {
            Entry::Occupied(mut present) => {
                let both = present.get().clone().and(tally);
                present.insert(both);
            }
            Entry::Vacant(_) if full => self.lost = self.lost.saturating_add(tally.count.unsigned_abs()),
            Entry::Vacant(place) => {
                place.insert(tally);
                if denial != Denial::OVERFLOW {
                    *self.different.entry(bucket).or_default() += 1;
                }
            }
        }
    }
}

/// The denials of this process that are not written yet. Shared by all of its requests.
#[derive(Clone, Debug, Default)]
pub struct AccessLog(Arc<Mutex<Pending>>);

impl AccessLog {
    /// Counts a denial.
    pub(super) fn add(&self, actor_id: Uuid, denial: Denial, moment: Moment, roles: Vec<String>) {
        let Moment { id, at, request_id } = moment;
        let tally = Tally { id, roles, first_at: at, last_at: at, request_id, count: 1 };
        self.pending().add(Bucket::of(actor_id, at), denial, tally);
    }

    /// Takes what waits, to write it.
    pub(super) fn take(&self) -> Batch {
        let mut pending = self.pending();
        pending.different.clear();
        std::mem::take(&mut pending.tallies)
    }

    /// Puts back what could not be written.
    pub(super) fn put_back(&self, batch: Batch) {
        let mut pending = self.pending();
        for ((bucket, denial), tally) in batch {
            pending.add(bucket, denial, tally);
        }
    }

    /// How many denials found no place since this was last asked.
    pub fn take_lost(&self) -> u64 {
        std::mem::take(&mut self.pending().lost)
    }

    /// Nothing is left half done under the lock, so what a panic elsewhere left behind is whole.
    fn pending(&self) -> MutexGuard<'_, Pending> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACTOR: Uuid = Uuid::from_u128(1);

    fn denial(id: u128) -> Denial {
        let target = Some((AccessedKind::Intervention, Uuid::from_u128(id)));
        Denial {
            action: None,
            kind: Some(AccessedKind::Intervention),
            target,
            outcome: AccessOutcome::NotFound,
        }
    }

    fn moment(second: i64) -> Moment {
        let at = Timestamp::from_micros(0).plus_seconds(second);
        let id = Uuid::from_u128(u128::from(second.unsigned_abs()));
        Moment { id, at, request_id: id }
    }

    fn counts(batch: &Batch) -> i64 {
        batch.values().map(|tally| tally.count).sum()
    }

    #[test]
    fn equal_denials_of_an_hour_are_one() {
        let log = AccessLog::default();
        for second in [5, 3599, 3600] {
            log.add(ACTOR, denial(1), moment(second), Vec::new());
        }
        log.add(Uuid::from_u128(2), denial(1), moment(5), Vec::new());
        let batch = log.take();
        assert_eq!(batch.len(), 3, "two hours of one actor, one of another");
        let first = &batch[&(Bucket { actor_id: ACTOR, hour: 0 }, denial(1))];
        assert_eq!((first.count, first.request_id), (2, moment(5).id));
        assert_eq!((first.first_at, first.last_at), (moment(5).at, moment(3599).at));
        assert!(log.take().is_empty());
    }

    #[test]
    fn a_flood_is_counted_and_stays_small() {
        let log = AccessLog::default();
        for id in 0..5_000 {
            log.add(ACTOR, denial(id), moment(7), Vec::new());
        }
        let batch = log.take();
        assert_eq!((batch.len(), counts(&batch)), (MOST_OF_ACTOR + 1, 5_000));
        // What could not be written meets what came since.
        log.add(ACTOR, denial(0), moment(9), Vec::new());
        log.add(ACTOR, denial(6_000), moment(9), Vec::new());
        log.put_back(batch);
        let batch = log.take();
        assert_eq!((batch.len(), counts(&batch)), (MOST_OF_ACTOR + 1, 5_002));
    }

    #[test]
    fn what_finds_no_place_is_told() {
        let log = AccessLog::default();
        let most = u128::try_from(MOST_WAITING).unwrap_or_default();
        for actor in 0..most + 5 {
            log.add(Uuid::from_u128(actor), denial(1), moment(1), Vec::new());
        }
        assert_eq!((log.take_lost(), log.take_lost()), (5, 0));
        assert_eq!(log.take().len(), MOST_WAITING);
    }
}
