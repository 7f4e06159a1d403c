//! A pool of connections for each thread that answers requests, and one for all else.
//!
//! What the database answers wakes the thread that opened the connection. In one pool for all, most answers would wake a
//! thread only for it to wake another.

use std::cell::Cell;
use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::available_parallelism;

use sea_orm::DatabaseConnection;

use super::statements;
use crate::error::Result;

/// How many connections all workers have together.
const CONNECTIONS: u32 = 10;
/// The fewest in a pool: one that is waited for must not keep all others waiting.
const FEWEST: u32 = 2;

/// The first is that of all threads that are no worker.
#[derive(Clone, Debug)]
pub struct Pools(Arc<[DatabaseConnection]>);

thread_local! {
    /// Which pool is this thread's.
    static PLACE: Cell<usize> = const { Cell::new(0) };
}

/// Gives the thread a pool of its own, as far as there are enough.
pub fn become_worker() {
    static NEXT: AtomicUsize = AtomicUsize::new(1);
    PLACE.set(NEXT.fetch_add(1, Ordering::Relaxed));
}

impl Pools {
    /// Opens as many pools as there are workers. Only the first is connected, which tells whether that is possible; a worker
    /// connects by itself.
    pub async fn open(open: impl AsyncFn(u32, bool) -> Result<DatabaseConnection>) -> Result<Self> {
        let threads = available_parallelism().map_or(1, NonZero::get);
        let workers = u32::try_from(threads).unwrap_or(u32::MAX).min(CONNECTIONS / FEWEST);
        let mut pools = vec![counted(open(FEWEST, false).await?)];
        for _ in 0..workers {
            pools.push(counted(open(CONNECTIONS / workers, true).await?));
        }
        Ok(Self(pools.into()))
    }

    /// One pool for all, of one connection.
    pub async fn of_one(open: impl AsyncFn(u32, bool) -> Result<DatabaseConnection>) -> Result<Self> {
        Ok(Self([counted(open(1, false).await?)].into()))
    }

    /// The pool of this thread.
    pub fn own(&self) -> &DatabaseConnection {
        let workers = self.0.len() - 1;
        match PLACE.get() {
            worker @ 1.. if workers > 0 => &self.0[1 + worker % workers],
            _ => &self.0[0],
        }
    }

    pub async fn close(&self) -> Result<()> {
        for pool in self.0.iter() {
            pool.close_by_ref().await?;
        }
        Ok(())
    }
}

fn counted(mut pool: DatabaseConnection) -> DatabaseConnection {
    pool.set_metric_callback(statements::count);
    pool
}

#[cfg(test)]
mod tests {
    use sea_orm::{ConnectionTrait, Statement};

    #[tokio::test]
    async fn connections_to_sqlite_share_no_lock() {
        let db = sea_orm::Database::connect("sqlite::memory:").await.expect("a database");
        let options = Statement::from_string(db.get_database_backend(), "PRAGMA compile_options");
        let options = db.query_all_raw(options).await.expect("options");
        let options: Vec<String> =
            options.iter().map(|row| row.try_get_by_index(0).expect("a text")).collect();
        let has = |option: &str| options.iter().any(|known| known == option);
        assert!(has("DEFAULT_MEMSTATUS=0"), ".cargo/config.toml is not read: {options:?}");
        assert!(!has("ENABLE_MEMORY_MANAGEMENT") && !has("ENABLE_API_ARMOR"), "{options:?}");
    }
}
