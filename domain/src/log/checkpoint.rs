//! Checkpoints: what the log was, signed, so that whoever kept one can tell later that nothing before it has changed.

use entity::log_checkpoint;
use sea_orm::sea_query::OnConflict;
use sea_orm::{DatabaseTransaction, EntityTrait, IntoActiveModel, QueryOrder};

use tlog_tiles::{Checkpoint as Text, Hash};

use super::key::Key;
use super::{authorize, tree};
use crate::context::{Context, Services};
use crate::database::statements;
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
    pub(super) async fn at(db: &DatabaseTransaction, key: &Key, size: u64) -> Result<Self> {
        let root = tree::root(db, size).await?.0;
        Ok(Self { origin: key.public().name().to_owned(), size, root, note: key.sign(size, root)? })
    }
}

/// The checkpoint of the log as it is, or as it was with `size` entries.
pub async fn checkpoint(context: &Context, key: &Key, size: Option<u64>) -> Result<Checkpoint> {
    authorize(context)?;
    let snapshot = context.snapshot().await?;
    let present = tree::size(&snapshot.db).await?;
    Checkpoint::at(&snapshot.db, key, known(size, present, "size")?).await
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
    let checkpoint = Checkpoint::at(&snapshot, key, size).await?;
    snapshot.rollback().await?;
    Ok(checkpoint)
}

/// Signs the log as it is and keeps the checkpoint in the database, where the log has grown since the last one was kept.
pub async fn keep_checkpoint(services: &Services, key: &Key) -> Result<Option<Checkpoint>> {
    let snapshot = services.database.snapshot().await?;
    let size = tree::size(&snapshot).await?;
    let last =
        log_checkpoint::Entity::find().order_by_desc(log_checkpoint::COLUMN.size).one(&snapshot).await?;
    let grown = last.map_or(0, |row| row.size) < tree::stored(size)?;
    let checkpoint = if grown { Some(Checkpoint::at(&snapshot, key, size).await?) } else { None };
    snapshot.rollback().await?;
    let Some(checkpoint) = checkpoint else { return Ok(None) };
    let row = log_checkpoint::Model { size: tree::stored(size)?, note: checkpoint.note.clone() };
    let database = services.database.clone();
    let work = async move {
        let db = database.begin().await?;
        log_checkpoint::Entity::insert(row.into_active_model())
            .on_conflict(OnConflict::column(log_checkpoint::Column::Size).do_nothing().to_owned())
            .exec_without_returning(&db)
            .await?;
        db.commit().await?;
        Ok::<_, Error>(())
    };
    statements::detached(work).await.map_err(Error::internal)??;
    Ok(Some(checkpoint))
}
