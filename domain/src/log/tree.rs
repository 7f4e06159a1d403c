//! The tree over the log, read with few statements however long the log is.
//!
//! `tlog_tiles` says which inner hashes an answer needs. Those of the levels 8, 16 and on are kept in the database; what lies
//! between is made from at most 256 hashes below.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use entity::{log_entry, log_subtree};
use futures_util::future::BoxFuture;
use sea_orm::{ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder};
use tlog_tiles::{EMPTY_HASH, Hash, HashReader, node_hash, split_stored_hash_index};

use super::keep;
use crate::context::Services;
use crate::error::{Error, Result};

/// Every eighth level is kept, as in the tiles of C2SP.
pub(super) const STEP: u8 = 8;
/// How many kept hashes are made at a time, each from 256 others.
const BATCH: u64 = 64;

/// The hashes that an answer needs: asked for once without, and once with them.
#[derive(Default)]
struct Hashes {
    wanted: RefCell<Vec<u64>>,
    known: HashMap<u64, Hash>,
}

impl HashReader for Hashes {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, tlog_tiles::Error> {
        self.wanted.borrow_mut().extend(indexes);
        Ok(indexes.iter().map(|index| self.known.get(index).copied().unwrap_or(EMPTY_HASH)).collect())
    }
}

/// How many entries the log has.
pub(super) async fn size(db: &DatabaseTransaction) -> Result<u64> {
    let last = log_entry::Entity::find().order_by_desc(log_entry::COLUMN.index).one(db).await?;
    last.map_or(Ok(0), |entry| u64::try_from(entry.index).map(|index| index + 1).map_err(Error::internal))
}

/// The hash over the first `size` leaves.
pub(super) async fn root(db: &DatabaseTransaction, size: u64) -> Result<Hash> {
    if size == 0 {
        return Ok(EMPTY_HASH);
    }
    with_hashes(db, |hashes| tlog_tiles::tree_hash(size, hashes)).await
}

/// The way from a leaf to the root over the first `size`.
pub(super) async fn inclusion(db: &DatabaseTransaction, size: u64, index: u64) -> Result<Vec<Hash>> {
    with_hashes(db, |hashes| tlog_tiles::prove_record(size, index, hashes)).await
}

/// That the first `earlier` leaves are the beginning of the first `size`.
pub(super) async fn consistency(db: &DatabaseTransaction, size: u64, earlier: u64) -> Result<Vec<Hash>> {
    if earlier == 0 {
        return Ok(Vec::new());
    }
    with_hashes(db, |hashes| tlog_tiles::prove_tree(size, earlier, hashes)).await
}

async fn with_hashes<T>(
    db: &DatabaseTransaction,
    compute: impl Fn(&Hashes) -> Result<T, tlog_tiles::Error>,
) -> Result<T> {
    let unknown = Hashes::default();
    compute(&unknown).map_err(Error::internal)?;
    let known = read(db, unknown.wanted.into_inner()).await?;
    compute(&Hashes { known, ..Hashes::default() }).map_err(Error::internal)
}

async fn read(db: &DatabaseTransaction, wanted: Vec<u64>) -> Result<HashMap<u64, Hash>> {
    let mut below: BTreeMap<u8, Vec<(u64, Range<u64>)>> = BTreeMap::new();
    for index in wanted {
        let (level, position) = split_stored_hash_index(index);
        let kept = level / STEP * STEP;
        let width = 1_u64 << (level - kept);
        below.entry(kept).or_default().push((index, position * width..(position + 1) * width));
    }
    let mut found = HashMap::new();
    for (level, ranges) in below {
        let nodes = nodes(db, level, ranges.iter().map(|(_, range)| range.clone()).collect()).await?;
        for (index, range) in ranges {
            found.insert(index, joined(nodes.range(range).map(|(_, hash)| *hash).collect())?);
        }
    }
    Ok(found)
}

/// The hash over hashes that stand next to each other; their number is a power of two.
fn joined(mut hashes: Vec<Hash>) -> Result<Hash> {
    while hashes.len() > 1 {
        hashes = hashes
            .chunks(2)
            .map(|pair| match pair {
                [left, right] => Ok(node_hash(*left, *right)),
                _ => Err(Error::internal("a subtree of the log is not whole")),
            })
            .collect::<Result<_>>()?;
    }
    hashes.first().copied().ok_or_else(|| Error::internal("a subtree of the log is empty"))
}

/// The hashes at these places of a kept level. One that is not kept yet is made from those below.
fn nodes(
    db: &DatabaseTransaction,
    level: u8,
    ranges: Vec<Range<u64>>,
) -> BoxFuture<'_, Result<BTreeMap<u64, Hash>>> {
    Box::pin(async move {
        let mut found =
            if level == 0 { leaves(db, &ranges).await? } else { kept(db, level, &ranges).await? };
        let missing: Vec<u64> =
            ranges.into_iter().flatten().filter(|position| !found.contains_key(position)).collect();
        if let (0, Some(first)) = (level, missing.first()) {
            return Err(Error::internal(format!(
                "the log has no entry {first}; `virkning verify` tells more"
            )));
        }
        if !missing.is_empty() {
            let span = |position: u64| position << STEP..(position + 1) << STEP;
            let below =
                nodes(db, level - STEP, together(missing.iter().map(|position| span(*position)))).await?;
            for position in missing {
                let hashes = below.range(span(position)).map(|(_, hash)| *hash).collect();
                found.insert(position, joined(hashes)?);
            }
        }
        Ok(found)
    })
}

/// Ranges in their order, those that touch as one: a statement takes only so many.
fn together(ranges: impl Iterator<Item = Range<u64>>) -> Vec<Range<u64>> {
    let mut joined: Vec<Range<u64>> = Vec::new();
    for range in ranges {
        match joined.last_mut() {
            Some(last) if last.end == range.start => last.end = range.end,
            _ => joined.push(range),
        }
    }
    joined
}

async fn leaves(db: &DatabaseTransaction, ranges: &[Range<u64>]) -> Result<BTreeMap<u64, Hash>> {
    let rows = log_entry::Entity::find().filter(within(log_entry::Column::Index, ranges)?).all(db).await?;
    rows.into_iter().map(|row| numbered(row.index, &row.leaf)).collect()
}

async fn kept(db: &DatabaseTransaction, level: u8, ranges: &[Range<u64>]) -> Result<BTreeMap<u64, Hash>> {
    let rows = log_subtree::Entity::find()
        .filter(log_subtree::COLUMN.level.eq(i32::from(level)))
        .filter(within(log_subtree::Column::Position, ranges)?)
        .all(db)
        .await?;
    rows.into_iter().map(|row| numbered(row.position, &row.hash)).collect()
}

fn within(column: impl ColumnTrait, ranges: &[Range<u64>]) -> Result<Condition> {
    let mut any = Condition::any();
    for range in ranges {
        any = any.add(column.between(stored(range.start)?, stored(range.end)? - 1));
    }
    Ok(any)
}

pub(super) fn stored(number: u64) -> Result<i64> {
    i64::try_from(number).map_err(Error::internal)
}

pub(super) fn numbered(position: i64, hash: &[u8]) -> Result<(u64, Hash)> {
    let hash = hash.try_into().map_err(Error::internal)?;
    Ok((u64::try_from(position).map_err(Error::internal)?, Hash(hash)))
}

/// Keeps the hashes of those subtrees that have become whole. Several servers may do so at once: they find the same.
pub async fn settle(services: &Services) -> Result<()> {
    let mut level = STEP;
    loop {
        let snapshot = services.database.snapshot().await?;
        let whole = size(&snapshot).await? >> level;
        let last = log_subtree::Entity::find()
            .filter(log_subtree::COLUMN.level.eq(i32::from(level)))
            .order_by_desc(log_subtree::COLUMN.position)
            .one(&snapshot)
            .await?;
        let next = last.map_or(Ok(0), |row| u64::try_from(row.position).map(|position| position + 1));
        let next = next.map_err(Error::internal)?;
        let made = whole.min(next + BATCH);
        let found = if next < made {
            nodes(&snapshot, level, std::iter::once(next..made).collect()).await?
        } else {
            BTreeMap::new()
        };
        snapshot.rollback().await?;
        if found.is_empty() {
            if whole == 0 {
                return Ok(());
            }
            level += STEP;
            continue;
        }
        let rows = found.into_iter().map(|(position, hash)| {
            Ok(log_subtree::Model { level: level.into(), position: stored(position)?, hash: hash.0.to_vec() })
        });
        keep::<log_subtree::Entity>(services, rows.collect::<Result<_>>()?).await?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_that_touch_are_one() {
        let kept = |ranges: &[Range<u64>]| together(ranges.iter().cloned());
        assert_eq!(kept(&[0..256, 256..512, 768..1024]), [0..512, 768..1024]);
        // However long a log has never been settled, it is one range.
        let all: Vec<_> = (0..4_000).map(|position: u64| position << STEP..(position + 1) << STEP).collect();
        assert_eq!(kept(&all).len(), 1);
        assert!(kept(&[]).is_empty());
    }
}
