//! The tree over all leaves, against what was signed of it.

use std::collections::BTreeMap;

use entity::{log_checkpoint, log_subtree};
use sea_orm::{DatabaseTransaction, EntityTrait, QueryOrder};
use tlog_tiles::{EMPTY_HASH, Hash, node_hash};

use super::{Findings, Verify};
use crate::error::Result;
use crate::log::checkpoint::Anchor;
use crate::log::key::PublicKey;
use crate::log::tree::STEP;

/// What a checkpoint says of the log.
struct Signed {
    name: String,
    size: u64,
    root: Hash,
    outside: bool,
    /// Why it counts for nothing.
    fault: Option<&'static str>,
    /// Whether it can be one that was never signed: it lies in the database, and there is no key to tell.
    doubtful: bool,
}

/// All checkpoints to compare with, the smallest first.
pub(super) struct Anchors(Vec<Signed>);

/// What the leaves make.
pub(super) struct Root {
    pub hash: Option<[u8; 32]>,
    pub outside: u64,
    pub kept: u64,
}

impl Anchors {
    pub async fn read(db: &DatabaseTransaction, verify: &Verify) -> Result<Self> {
        let (key, mut all) = (verify.key.as_ref(), Vec::new());
        for anchor in &verify.anchors {
            all.push(Signed {
                name: format!("checkpoint {}", anchor.name),
                size: anchor.size,
                root: anchor.root,
                outside: true,
                fault: unsigned(key, &anchor.note),
                doubtful: false,
            });
        }
        let kept = log_checkpoint::Entity::find().order_by_asc(log_checkpoint::COLUMN.size).all(db).await?;
        for row in kept {
            let name = format!("log checkpoint {} in the database", row.size);
            let size = u64::try_from(row.size).unwrap_or_default();
            let said = Anchor::read(String::new(), row.note).ok().filter(|said| said.size == size);
            let fault = match &said {
                Some(said) => unsigned(key, &said.note),
                None => Some("it is no checkpoint of its size"),
            };
            let root = said.map_or(EMPTY_HASH, |said| said.root);
            all.push(Signed { name, size, root, outside: false, fault, doubtful: key.is_none() });
        }
        all.sort_by_key(|signed| signed.size);
        Ok(Self(all))
    }

    /// The size of the largest one that was kept outside.
    pub fn largest(&self) -> u64 {
        let good = self.0.iter().filter(|signed| signed.outside && signed.fault.is_none());
        good.map(|signed| signed.size).max().unwrap_or_default()
    }
}

fn unsigned(key: Option<&PublicKey>, note: &str) -> Option<&'static str> {
    key.is_some_and(|key| !key.signed(note)).then_some("it is not signed with the key")
}

/// The tree as it grows: the roots of its whole subtrees, the largest first, with their levels.
#[derive(Default)]
struct Frontier(Vec<(u8, Hash)>);

impl Frontier {
    /// Adds a leaf; `whole` is told of each subtree that becomes whole by it.
    fn push(&mut self, leaf: Hash, mut whole: impl FnMut(u8, Hash)) {
        let mut top = (0, leaf);
        while let Some((level, left)) = self.0.last().copied().filter(|(level, _)| *level == top.0) {
            self.0.pop();
            top = (level + 1, node_hash(left, top.1));
            whole(top.0, top.1);
        }
        self.0.push(top);
    }

    fn root(&self) -> Hash {
        let mut subtrees = self.0.iter().rev().map(|(_, hash)| *hash);
        let last = subtrees.next().unwrap_or(EMPTY_HASH);
        subtrees.fold(last, |right, left| node_hash(left, right))
    }
}

/// Builds the tree again, and compares it with each checkpoint and with the hashes that are kept of it.
pub(super) async fn compare(
    db: &DatabaseTransaction,
    anchors: &Anchors,
    findings: &mut Findings,
) -> Result<Root> {
    let rows = log_subtree::Entity::find().all(db).await?;
    let mut kept: BTreeMap<(i32, i64), Vec<u8>> =
        rows.into_iter().map(|row| ((row.level, row.position), row.hash)).collect();
    let leaves = std::mem::take(&mut findings.leaves);
    let mut tree = Frontier::default();
    let (mut size, mut agreed) = (0_u64, 0_u64);
    let mut root = Root { hash: None, outside: 0, kept: 0 };
    let mut waiting = anchors.0.iter().peekable();
    let mut leaves = leaves.into_iter();
    loop {
        while let Some(signed) = waiting.next_if(|signed| signed.size == size) {
            if let Some(fault) = signed.fault {
                findings.add(None, signed.name.clone(), fault.into());
            } else if signed.root == tree.root() {
                if !signed.doubtful {
                    agreed = size;
                }
                *(if signed.outside { &mut root.outside } else { &mut root.kept }) += 1;
            } else {
                let wrong = format!(
                    "it was signed for another log: one of the entries {agreed} to {} is not what it was, or not where it was",
                    size.saturating_sub(1)
                );
                findings.add(Some(size.saturating_sub(1)), format!("log against {}", signed.name), wrong);
            }
        }
        match leaves.next() {
            Some(Some(leaf)) => {
                let mut differing = Vec::new();
                size += 1;
                tree.push(Hash(leaf), |level, hash| {
                    let position = i64::try_from((size >> level) - 1).unwrap_or(i64::MAX);
                    if level % STEP == 0
                        && kept.remove(&(i32::from(level), position)).is_some_and(|kept| kept != hash.0)
                    {
                        differing.push((level, position, size - (1 << level)));
                    }
                });
                for (level, position, first) in differing {
                    let record = format!("log subtree {position} of level {level}");
                    // What was signed of a part of it narrows it down.
                    let wrong = format!(
                        "its kept hash is not that of its entries: it, or one of the entries {} to {}, is not what it was",
                        Ord::max(first, agreed),
                        size - 1
                    );
                    findings.add(Some(size - 1), record, wrong);
                }
            }
            // What lies beyond a gap cannot be told; the gap itself was.
            Some(None) => return Ok(root),
            None => break,
        }
    }
    for signed in waiting {
        // If the log agreed with a checkpoint of the size that it has, it was cut there and nowhere else.
        let elsewhere = if agreed < size {
            format!(", or some after entry {agreed} were taken out")
        } else {
            String::new()
        };
        let wrong = format!(
            "it knows {} entries, and the log has {size}: those from entry {size} on are cut off{elsewhere}",
            signed.size
        );
        findings.add(
            Some(size),
            format!("log against {}", signed.name),
            signed.fault.map_or(wrong, str::to_owned),
        );
    }
    for ((level, position), _) in kept {
        findings.add(
            Some(size),
            format!("log subtree {position} of level {level}"),
            "the log does not reach it".into(),
        );
    }
    root.hash = Some(tree.root().0);
    Ok(root)
}
