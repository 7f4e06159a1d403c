//! Deleting what no longer counts.

use entity::attempt_count;
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
};

use super::{DAY_SECONDS, KNOWN_SECONDS};
use crate::columns::Timestamp;
use crate::context::Services;
use crate::database::statements;
use crate::error::{Error, Result};

/// The most counts of failures that are kept; beyond them the oldest go first. A flood from everywhere at once thereby buys
/// some guesses at the price of a hundred thousand, and no more room than this.
const MOST: u64 = 100_000;
/// How many rows are deleted by one statement.
pub const BATCH: u64 = 500;

/// Deletes counts that no longer count, and the oldest beyond the most that are kept; no more than [`BATCH`], so that nothing
/// waits for long. How many there were: fewer than that once none is left.
pub async fn delete_old(services: &Services) -> Result<u64> {
    let services = services.clone();
    let work = async move {
        let now = services.environment.now();
        services.database.bookkeep(async |db| delete_old_in(db, now).await).await
    };
    statements::detached(work).await.map_err(Error::internal)?
}

async fn delete_old_in(db: &DatabaseTransaction, now: Timestamp) -> Result<u64> {
    let (known_at, counted_at) = (attempt_count::Column::KnownAt, attempt_count::Column::CountedAt);
    let of_failures = || Condition::all().add(known_at.is_null());
    let kept = attempt_count::Entity::find().filter(of_failures()).count(db).await?;
    let old = Condition::any()
        .add(of_failures().add(counted_at.lt(now.plus_seconds(-DAY_SECONDS))))
        .add(known_at.lt(now.plus_seconds(-KNOWN_SECONDS)));
    let which = if kept > MOST { of_failures() } else { old };
    let limit = if kept > MOST { BATCH.min(kept - MOST) } else { BATCH };
    let digests = attempt_count::Entity::find()
        .select_only()
        .column(attempt_count::Column::Digest)
        .filter(which)
        .order_by_asc(counted_at)
        .limit(limit)
        .into_query();
    let deleted = attempt_count::Entity::delete_many()
        .filter(attempt_count::Column::Digest.in_subquery(digests))
        .exec(db)
        .await?;
    Ok(deleted.rows_affected)
}
