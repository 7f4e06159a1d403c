//! Proofs that anyone can check with the public key alone: that an event is in the log, and that the log only grew.

use entity::{event, event_detail, log_entry};
use sea_orm::{DatabaseTransaction, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use tlog_tiles::Hash;

use super::checkpoint::{Anchor, Checkpoint, known};
use super::key::Key;
use super::{authorize, tree};
use crate::columns::Uuid;
use crate::context::{Context, Services};
use crate::error::{Error, Result};
use crate::event::leaf;

/// The name of a bundle's format.
const FORMAT: &str = "virkning-proof/1";

/// That an event is in the log, and where.
#[derive(Clone, Debug)]
pub struct Inclusion {
    /// Its place in the log, from 0.
    pub index: u64,
    /// The event's bytes, whose hash is the leaf.
    pub body: String,
    /// What the commitments in the body open to, as far as it is not erased: place to salt and value.
    pub openings: Value,
    /// The hashes on the way from the leaf to the root (RFC 6962, section 2.1.1).
    pub hashes: Vec<[u8; 32]>,
    pub checkpoint: Checkpoint,
}

/// That the log of one checkpoint is the beginning of that of another.
#[derive(Clone, Debug)]
pub struct Consistency {
    /// The note of the earlier one.
    pub earlier: String,
    pub later: Checkpoint,
    /// RFC 6962, section 2.1.2.
    pub hashes: Vec<[u8; 32]>,
}

impl Inclusion {
    /// The proof in the form of C2SP (tlog-proof).
    pub fn text(&self) -> String {
        let hashes: String = base64(&self.hashes).into_iter().map(|hash| hash + "\n").collect();
        format!("c2sp.org/tlog-proof@v1\nindex {}\n{hashes}\n{}", self.index, self.checkpoint.note)
    }

    /// All that it takes to check it: a JSON object, described in `docs/history.md`.
    pub fn bundle(&self) -> String {
        let bundle = json!({
            "format": FORMAT,
            "event": { "body": self.body, "openings": self.openings },
            "inclusion": self.text(),
        });
        format!("{bundle:#}\n")
    }

    pub fn leaf(&self) -> [u8; 32] {
        leaf(&self.body)
    }
}

impl Consistency {
    /// All that it takes to check it: a JSON object, described in `docs/history.md`.
    pub fn bundle(&self) -> String {
        let bundle = json!({
            "format": FORMAT,
            "consistency": {
                "earlier": self.earlier,
                "later": self.later.note,
                "hashes": base64(&self.hashes),
            },
        });
        format!("{bundle:#}\n")
    }
}

/// Hashes as proofs write them.
pub fn base64(hashes: &[[u8; 32]]) -> Vec<String> {
    hashes.iter().map(|hash| data_encoding::BASE64.encode(hash)).collect()
}

fn bytes(hashes: Vec<Hash>) -> Vec<[u8; 32]> {
    hashes.into_iter().map(|hash| hash.0).collect()
}

/// The proof for an event, against the log as it is or as it was with `size` entries. None where there is no such event, or
/// where it came later.
pub async fn inclusion(
    context: &Context,
    key: &Key,
    event: Uuid,
    size: Option<u64>,
) -> Result<Option<Inclusion>> {
    authorize(context)?;
    let snapshot = context.snapshot().await?;
    included(&context.services, &snapshot.db, key, event, size).await
}

/// The same, for an operator at the database.
pub async fn inclusion_of(services: &Services, key: &Key, event: Uuid) -> Result<Option<Inclusion>> {
    let snapshot = services.database.snapshot().await?;
    let inclusion = included(services, &snapshot, key, event, None).await?;
    snapshot.rollback().await?;
    Ok(inclusion)
}

async fn included(
    services: &Services,
    db: &DatabaseTransaction,
    key: &Key,
    event: Uuid,
    size: Option<u64>,
) -> Result<Option<Inclusion>> {
    let size = known(size, tree::size(db).await?, "size")?;
    let entry = log_entry::Entity::find().filter(log_entry::COLUMN.event_id.eq(event)).one(db).await?;
    let found = event_detail::Entity::find_by_id(event).find_also_related(event::Entity).one(db).await?;
    let (Some(entry), Some((detail, Some(row)))) = (entry, found) else { return Ok(None) };
    let index = u64::try_from(entry.index).map_err(Error::internal)?;
    if index >= size {
        return Ok(None);
    }
    Ok(Some(Inclusion {
        index,
        body: row.body,
        openings: serde_json::from_str(&detail.openings).map_err(Error::internal)?,
        hashes: bytes(tree::inclusion(db, size, index).await?),
        checkpoint: Checkpoint::at(services, db, key, size).await?,
    }))
}

/// The proof between the log with `earlier` entries and with `later`, or as it is.
pub async fn consistency(
    context: &Context,
    key: &Key,
    earlier: u64,
    later: Option<u64>,
) -> Result<Consistency> {
    authorize(context)?;
    let snapshot = context.snapshot().await?;
    let (services, db) = (&context.services, &snapshot.db);
    let later = known(later, tree::size(db).await?, "to")?;
    let earlier = known(Some(earlier), later, "from")?;
    let earlier = Checkpoint::at(services, db, key, earlier).await?;
    consistent(services, db, key, earlier.size, earlier.note, later).await
}

/// The proof that a kept checkpoint is of the beginning of the log as it is, for an operator at the database. None where the
/// log is shorter than it was. Whether it holds is told by checking it.
pub async fn consistency_since(services: &Services, key: &Key, kept: Anchor) -> Result<Option<Consistency>> {
    let snapshot = services.database.snapshot().await?;
    let size = tree::size(&snapshot).await?;
    let proof = if kept.size <= size {
        Some(consistent(services, &snapshot, key, kept.size, kept.note, size).await?)
    } else {
        None
    };
    snapshot.rollback().await?;
    Ok(proof)
}

async fn consistent(
    services: &Services,
    db: &DatabaseTransaction,
    key: &Key,
    from: u64,
    earlier: String,
    to: u64,
) -> Result<Consistency> {
    let later = Checkpoint::at(services, db, key, to).await?;
    Ok(Consistency { earlier, later, hashes: bytes(tree::consistency(db, to, from).await?) })
}
