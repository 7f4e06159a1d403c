//! Making commits last on PostgreSQL.
//!
//! An event's place in the log is taken inside COMMIT, under a lock. If a commit waited there for the disk, nobody could
//! commit as quickly as the disk turns; so it does not, and whoever has committed waits behind the lock until a flush that
//! began afterwards is done. One flush serves all who wait for it. Nobody is told that something is written before.

use sea_orm::{ConnectionTrait, DatabaseConnection};

use crate::error::Result;
use crate::once_for_all::OnceForAll;

/// What a connection is told that need not wait for the disk.
pub(super) const COMMITS_AT_ONCE: (&str, &str) = ("synchronous_commit", "off");

/// The smallest thing to commit. Whatever was committed before is on the disk once it is.
const FLUSH: &str = "SELECT pg_logical_emit_message(true, 'virkning', '')";

#[derive(Debug)]
pub(super) struct Barrier {
    /// One that does wait, as the operator of the database has set it.
    connection: DatabaseConnection,
    flushes: OnceForAll<()>,
}

impl Barrier {
    pub fn new(connection: DatabaseConnection) -> Self {
        Self { connection, flushes: OnceForAll::default() }
    }

    pub fn connection(&self) -> &DatabaseConnection {
        &self.connection
    }

    /// Returns once all that was committed before the call lasts.
    pub async fn pass(&self) -> Result<()> {
        let flush = async || {
            self.connection.execute_unprepared(FLUSH).await?;
            Ok(())
        };
        self.flushes.after_now(flush).await
    }
}
