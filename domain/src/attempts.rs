//! How many wrong passwords are taken, from whom. Counted in the database, so that servers count together and a restart
//! forgets nothing.
//!
//! Each attempt is judged and counted before its password is looked at; the right one takes the counts back. So attempts that
//! come together are counted apart, and one that is cut short counts. The rules:
//!
//! 1. **Of an account** ten wrong passwords are taken. After them one is taken each time a delay is over: 5 seconds after the
//!    tenth, twice as long after each further one, at most a quarter of an hour. A refused attempt is not counted, so nobody
//!    can lengthen a delay by going on.
//! 2. **Where the account has signed in before** (from the same address, within 90 days) its attempts are counted by
//!    themselves. Strangers elsewhere use up what is taken from elsewhere, never what its owner has at the usual place; whoever
//!    sits at the usual place never uses up what is taken from elsewhere.
//! 3. **Of an address**, whatever the accounts, 30 are taken, 300 of one that is declared to be shared, and then the same
//!    delays hold. This judges only accounts that have not signed in from there: one person in a town hall does not lock out
//!    those who work there. But at an address that is over its number each of them has three instead of ten.
//! 4. **The right password** ends the counts that it was judged by, and makes the address one that the account is known at. A
//!    day without a wrong one does too.
//! 5. An account that does not exist is counted as one that does.
//!
//! Refresh tokens, one-time links and API tokens hold 256 random bits, so no count is needed to keep them from being guessed;
//! a wrong one costs one look-up by an index, as any request does.

mod caller;
mod keeping;

pub use caller::Caller;
pub use keeping::{BATCH, delete_old};

use entity::attempt_count::{self, Model as Count};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect,
};
use sha2::{Digest, Sha256};

use crate::columns::{Timestamp, Uuid};
use crate::context::Services;
use crate::database::statements;
use crate::error::{Error, Result};

const OF_ACCOUNT: i32 = 10;
const OF_ACCOUNT_WHERE_CROWDED: i32 = 3;
const OF_ADDRESS: i32 = 30;
const OF_SHARED_ADDRESS: i32 = 300;
const FIRST_DELAY_SECONDS: i64 = 5;
const LONGEST_DELAY_SECONDS: i64 = 15 * 60;
const DAY_SECONDS: i64 = 24 * 60 * 60;
const KNOWN_SECONDS: i64 = 90 * DAY_SECONDS;

type Key = Vec<u8>;

/// One attempt to say a password.
#[derive(Clone, Debug)]
pub(crate) struct Attempt {
    /// The account from anywhere that it is not known at.
    account: Key,
    /// The account at this address, and the address, with how many it has; none where who asks is signed in already.
    place: Option<(Key, Key, i32)>,
}

impl Attempt {
    /// To sign in as an account, there or not, whose address folds to `email_key`.
    pub fn to_sign_in(email_key: &str, caller: &Caller) -> Self {
        let place = caller.place();
        let most = if caller.shared { OF_SHARED_ADDRESS } else { OF_ADDRESS };
        Self {
            account: key(&["account", email_key]),
            place: Some((key(&["account", email_key, &place]), key(&["address", &place]), most)),
        }
    }

    /// To say the present password of an account that one is signed in as.
    pub fn of_signed_in(account_id: Uuid) -> Self {
        Self { account: key(&["signed in", &account_id.to_string()]), place: None }
    }

    /// All keys, in the order in which every transaction takes them.
    fn keys(&self) -> Vec<Key> {
        let mut keys = vec![self.account.clone()];
        if let Some((pair, address, _)) = &self.place {
            keys.extend([pair.clone(), address.clone()]);
        }
        keys.sort();
        keys
    }
}

/// Length before text, so that no two lists of parts are one text.
fn key(parts: &[&str]) -> Key {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().to_vec()
}

/// An attempt that may be made, and is counted.
#[derive(Clone, Debug)]
pub(crate) struct Counted {
    attempt: Attempt,
    counts: Vec<Key>,
}

/// What becomes of an attempt: what counts it, or how long there is to wait.
fn judge(attempt: &Attempt, stored: &[Count], now: Timestamp) -> Result<Vec<Key>> {
    let find = |key: &Key| stored.iter().find(|count| count.digest == *key);
    let (counts, wait) = match &attempt.place {
        None => (vec![attempt.account.clone()], wait(find(&attempt.account), OF_ACCOUNT, now)),
        Some((pair, address, most)) => {
            let own = find(pair);
            let is_known =
                own.and_then(|count| count.known_at).is_some_and(|at| !is_past(at, KNOWN_SECONDS, now));
            let of_address = find(address);
            if is_known {
                let crowded = failures(of_address, now) >= *most;
                let most = if crowded { OF_ACCOUNT_WHERE_CROWDED } else { OF_ACCOUNT };
                (vec![pair.clone(), address.clone()], wait(own, most, now))
            } else {
                let elsewhere = wait(find(&attempt.account), OF_ACCOUNT, now);
                (vec![attempt.account.clone(), address.clone()], elsewhere.max(wait(of_address, *most, now)))
            }
        }
    };
    match wait {
        0 => Ok(counts),
        seconds => Err(Error::RateLimited { seconds }),
    }
}

fn is_past(moment: Timestamp, seconds: i64, now: Timestamp) -> bool {
    moment.plus_seconds(seconds) <= now
}

/// The failures that still count.
fn failures(count: Option<&Count>, now: Timestamp) -> i32 {
    count.filter(|count| !is_past(count.counted_at, DAY_SECONDS, now)).map_or(0, |count| count.failures)
}

/// How many seconds there are to wait, where so many are taken at once.
fn wait(count: Option<&Count>, most: i32, now: Timestamp) -> u64 {
    let Some(count) = count else { return 0 };
    let Ok(beyond) = u32::try_from(failures(Some(count), now) - most) else { return 0 };
    let delay = FIRST_DELAY_SECONDS.saturating_mul(1_i64.checked_shl(beyond.min(30)).unwrap_or(1));
    let left = count.counted_at.plus_seconds(delay.min(LONGEST_DELAY_SECONDS)).since(now);
    left.as_secs() + u64::from(left.subsec_nanos() > 0)
}

async fn stored(db: &impl ConnectionTrait, keys: Vec<Key>, hold: bool) -> Result<Vec<Count>> {
    let mut select = attempt_count::Entity::find()
        .filter(attempt_count::Column::Digest.is_in(keys))
        .order_by_asc(attempt_count::Column::Digest);
    if hold {
        select = select.lock_exclusive();
    }
    Ok(select.all(db).await?)
}

/// Refuses an attempt that is not to be made, before anything is spent on it.
pub(crate) async fn look(services: &Services, attempt: &Attempt) -> Result<()> {
    let (services, attempt) = (services.clone(), attempt.clone());
    let work = async move {
        let stored = services.database.glimpse(async |db| stored(db, attempt.keys(), false).await).await?;
        judge(&attempt, &stored, services.environment.now()).map(|_counts| ())
    };
    statements::detached(work).await.map_err(Error::internal)?
}

/// Counts an attempt as one that was in vain, or refuses it.
pub(crate) async fn count(services: &Services, attempt: Attempt) -> Result<Counted> {
    let services = services.clone();
    let work = async move {
        let now = services.environment.now();
        let counts = services.database.bookkeep(async |db| count_in(db, &attempt, now).await).await?;
        Ok(Counted { attempt, counts })
    };
    statements::detached(work).await.map_err(Error::internal)?
}

async fn count_in(db: &DatabaseTransaction, attempt: &Attempt, now: Timestamp) -> Result<Vec<Key>> {
    let keys = attempt.keys();
    // A row that is not there cannot be held: all are made first, and go again where the attempt is refused.
    let none =
        |digest: Key| Count { digest, failures: 0, counted_at: now, known_at: None }.into_active_model();
    attempt_count::Entity::insert_many(keys.iter().cloned().map(none))
        .on_conflict(OnConflict::column(attempt_count::Column::Digest).do_nothing().to_owned())
        .exec_without_returning(db)
        .await?;
    let stored = stored(db, keys, true).await?;
    let counts = judge(attempt, &stored, now)?;
    for count in stored {
        if counts.contains(&count.digest) {
            let failures = failures(Some(&count), now).saturating_add(1);
            let counted = Count { failures, counted_at: now, ..count };
            counted.into_active_model().reset_all().update(db).await?;
        } else if count.failures == 0 && count.known_at.is_none() {
            attempt_count::Entity::delete_by_id(count.digest).exec(db).await?;
        }
    }
    Ok(counts)
}

/// Takes the counts of an attempt back that was not in vain, within the transaction of what followed from it.
pub(crate) async fn succeeded(db: &DatabaseTransaction, counted: &Counted, now: Timestamp) -> Result<()> {
    let Counted { attempt, counts } = counted;
    let mut known = counts.clone();
    known.extend(attempt.place.iter().map(|(pair, _, _)| pair.clone()));
    known.sort();
    known.dedup();
    for digest in known {
        let is_pair = attempt.place.as_ref().is_some_and(|(pair, _, _)| *pair == digest);
        let known_at = is_pair.then_some(now);
        let row = Count { digest, failures: 0, counted_at: now, known_at };
        let clean = [attempt_count::Column::Failures, attempt_count::Column::CountedAt];
        let columns = clean.into_iter().chain(is_pair.then_some(attempt_count::Column::KnownAt));
        attempt_count::Entity::insert(row.into_active_model())
            .on_conflict(OnConflict::column(attempt_count::Column::Digest).update_columns(columns).to_owned())
            .exec_without_returning(db)
            .await?;
    }
    Ok(())
}

/// Makes the way free for whoever has proved to be the account's owner by a one-time link.
pub(crate) async fn forgiven(
    db: &DatabaseTransaction,
    email_key: &str,
    account_id: Uuid,
    caller: &Caller,
    now: Timestamp,
) -> Result<()> {
    let attempt = Attempt::to_sign_in(email_key, caller);
    let counts = vec![attempt.account.clone(), Attempt::of_signed_in(account_id).account];
    succeeded(db, &Counted { attempt, counts }, now).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(second: i64) -> Timestamp {
        Timestamp::from_micros(0).plus_seconds(second)
    }

    fn count(failures: i32, at: i64) -> Count {
        Count { digest: Vec::new(), failures, counted_at: moment(at), known_at: None }
    }

    #[test]
    fn delays_grow_to_a_quarter_of_an_hour() {
        let after = |failures: i32| wait(Some(&count(failures, 0)), 10, moment(0));
        let delays: Vec<_> = (8..20).map(after).collect();
        assert_eq!(delays, [0, 0, 5, 10, 20, 40, 80, 160, 320, 640, 900, 900]);
        assert_eq!(after(i32::MAX), 900);
        assert_eq!(wait(Some(&count(10, 0)), 10, moment(4)), 1);
        assert_eq!(wait(Some(&count(10, 0)), 10, moment(5)), 0);
        assert_eq!(wait(Some(&count(10_000, 0)), 10, moment(DAY_SECONDS)), 0, "a day forgets all");
    }

    #[test]
    fn each_attempt_is_judged_by_what_it_belongs_to() {
        let here = Caller::new("192.0.2.1".parse().unwrap(), false);
        let attempt = Attempt::to_sign_in("a@example.dk", &here);
        let (pair, address, _) = attempt.place.clone().unwrap();
        let row = |digest: &Key, failures: i32, known_at: Option<i64>| Count {
            digest: digest.clone(),
            known_at: known_at.map(moment),
            ..count(failures, 0)
        };
        let judged = |rows: &[Count]| judge(&attempt, rows, moment(1)).ok();
        let elsewhere = Some(vec![attempt.account.clone(), address.clone()]);
        let at_home = Some(vec![pair.clone(), address.clone()]);
        assert_eq!(judged(&[]), elsewhere);
        assert_eq!(judged(&[row(&attempt.account, 10, None)]), None, "the account");
        assert_eq!(judged(&[row(&address, 30, None)]), None, "the address");
        // At a place that it is known at, neither counts.
        let strangers = [row(&attempt.account, 10, None), row(&address, 30, None)];
        assert_eq!(judged(&[strangers.as_slice(), &[row(&pair, 2, Some(0))]].concat()), at_home);
        assert_eq!(judged(&[strangers.as_slice(), &[row(&pair, 3, Some(0))]].concat()), None, "a crowd");
        assert_eq!(judged(&[row(&pair, 9, Some(0))]), at_home);
        assert_eq!(judged(&[row(&pair, 10, Some(0))]), None);
        assert_eq!(judged(&[row(&pair, 0, Some(-KNOWN_SECONDS))]), elsewhere, "known long ago");
        // Where many are declared to be, more are taken.
        let shared = Attempt::to_sign_in("a@example.dk", &Caller::new("192.0.2.1".parse().unwrap(), true));
        assert!(judge(&shared, &[row(&address, 299, None)], moment(1)).is_ok());
        assert!(judge(&shared, &[row(&address, 300, None)], moment(1)).is_err());
    }
}
