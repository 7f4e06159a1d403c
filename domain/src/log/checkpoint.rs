//! Checkpoints: what the log was, signed, so that whoever kept one can tell later that nothing before it has changed.

use entity::log_checkpoint;
use sea_orm::{DatabaseTransaction, EntityTrait, QueryOrder};
use tlog_tiles::{Checkpoint as Text, Hash};

use super::key::Key;
use super::{Kept, authorize, keep, tree};
use crate::context::{Context, Services};
use crate::error::{Error, Problem, Result};

/// The log when it had `size` entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The name of the key that signed it.
    pub origin: String,
    pub size: u64,
    /// The root of the tree over the entries (RFC 6962, section 2.1).
    pub root: [u8; 32],
    /// The signed note (C2SP tlog-checkpoint) that says all this.
    pub note: String,
}

/// A text that is no checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no checkpoint: a signed note with the log's name, its size and its root")]
pub struct NoCheckpoint;

/// A checkpoint that was kept, and where.
pub struct Anchor {
    pub name: String,
    pub(super) note: String,
    pub(super) size: u64,
    pub(super) root: Hash,
}

impl Anchor {
    pub fn read(name: String, note: String) -> Result<Self, NoCheckpoint> {
        let (text, _signatures) = note.split_once("\n\n").ok_or(NoCheckpoint)?;
        let text = Text::from_bytes(format!("{text}\n").as_bytes()).map_err(|_malformed| NoCheckpoint)?;
        Ok(Self { name, size: text.size(), root: *text.hash(), note })
    }
}

impl Checkpoint {
    /// Of a log that can be read; it is signed once that lasts.
    pub(super) async fn at(
        services: &Services,
        db: &DatabaseTransaction,
        key: &Key,
        size: u64,
    ) -> Result<Self> {
        let root = tree::root(db, size).await?.0;
        services.database.lasting().await?;
        Ok(Self { origin: key.public().name().to_owned(), size, root, note: key.sign(size, root)? })
    }
}

/// The checkpoint of the log as it is, or as it was with `size` entries.
pub async fn checkpoint(context: &Context, key: &Key, size: Option<u64>) -> Result<Checkpoint> {
    authorize(context)?;
    let snapshot = context.snapshot().await?;
    let present = tree::size(&snapshot.db).await?;
    Checkpoint::at(&context.services, &snapshot.db, key, known(size, present, "size")?).await
}

/// The size that was given, which the log has reached, or the one that it has.
pub(super) fn known(given: Option<u64>, present: u64, field: &str) -> Result<u64> {
    match given {
        Some(size) if size > present => Err(Error::refused(
            field,
            Problem::OutOfRange { from: 0, to: i64::try_from(present).unwrap_or(i64::MAX) },
        )),
        Some(size) => Ok(size),
        None => Ok(present),
    }
}

/// The same, for an operator at the database.
pub async fn checkpoint_of(services: &Services, key: &Key) -> Result<Checkpoint> {
    let snapshot = services.database.snapshot().await?;
    let size = tree::size(&snapshot).await?;
    let checkpoint = Checkpoint::at(services, &snapshot, key, size).await?;
    snapshot.rollback().await?;
    Ok(checkpoint)
}

/// The newest checkpoint that is kept in the database: of the log as it is, which is signed where it has grown since. None
/// while the log is empty.
pub async fn keep_checkpoint(services: &Services, key: &Key) -> Result<Option<Kept>> {
    let snapshot = services.database.snapshot().await?;
    let size = tree::size(&snapshot).await?;
    let last =
        log_checkpoint::Entity::find().order_by_desc(log_checkpoint::COLUMN.size).one(&snapshot).await?;
    let grown = last.as_ref().map_or(0, |row| row.size) < tree::stored(size)?;
    let signed = if grown { Some(Checkpoint::at(services, &snapshot, key, size).await?) } else { None };
    snapshot.rollback().await?;
    let Some(signed) = signed else { return Ok(last) };
    let row = Kept { size: tree::stored(size)?, note: signed.note };
    keep::<log_checkpoint::Entity>(services, vec![row.clone()]).await?;
    Ok(Some(row))
}
