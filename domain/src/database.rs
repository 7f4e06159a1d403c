//! The one road to the database: snapshots to read from, transactions to write in.

mod barrier;
pub(crate) mod deadline;
mod pools;
pub mod statements;
mod writing;

pub use pools::become_worker;
pub(crate) use writing::Writing;

use std::fs::OpenOptions;
use std::net::IpAddr;
use std::os::unix::fs::OpenOptionsExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sea_orm::sqlx::postgres::{PgConnectOptions, PgSslMode};
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection, DatabaseTransaction, TransactionTrait};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::Instant;

use crate::error::{Error, Result};
use barrier::{Barrier, COMMITS_AT_ONCE};
use pools::Pools;
use writing::{Company, Desk, Writers};

/// How long a request may ask the database, where nothing else is set: longer than any honest query takes, and short enough
/// that a few heavy ones do not keep all connections.
pub const QUERY_TIME: Duration = Duration::from_secs(20);
/// How long a request waits for a connection before it is told that the database is unavailable.
const ACQUIRE: Duration = Duration::from_secs(4);
/// How long a transaction may lie idle before PostgreSQL ends it.
const IDLE_MILLISECONDS: &str = "10000";
/// How long a connection may lie idle before it is asked whether it still is one.
const TRUSTED_IDLE: Duration = Duration::from_secs(5);
/// How many rows SQLite's thread may be ahead of whoever reads them: with fewer, two threads wait for each other all the time.
const ROWS_AHEAD: usize = 1_000;
/// How many of those who follow the history may read at one moment. When something is written all of them want to, and
/// requests must find connections too.
const FOLLOWING: usize = 3;

/// Connections to read with and to write with.
#[derive(Clone, Debug)]
pub struct Database {
    read: Pools,
    /// On SQLite a pool of one, for whose turn it is at the desk.
    write: Pools,
    writers: Writers,
    /// Told after each commit that may have appended events, for those who follow the history.
    written: watch::Sender<()>,
    /// How often this process has changed who may do what.
    access_changes: Arc<AtomicU64>,
    following: Arc<Semaphore>,
    query_time: Duration,
}

/// A database address that is neither SQLite nor PostgreSQL.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("give sqlite://PATH for a file, or postgres://USER:PASSWORD@HOST:PORT/NAME")]
pub struct InvalidUrl;

impl Database {
    pub fn check_url(url: &str) -> Result<(), InvalidUrl> {
        let known = url.starts_with("postgres://") || url.starts_with("postgresql://");
        let file = url.strip_prefix("sqlite://").is_some_and(|path| !path.is_empty());
        if known || file { Ok(()) } else { Err(InvalidUrl) }
    }

    /// Whether what goes to the database and comes back can be read on the way: it is another machine's, and nothing demands
    /// that the connection is encrypted.
    pub fn is_exposed(url: &str) -> bool {
        let local = |host: &str| {
            host == "localhost"
                || host.starts_with('/')
                || host.parse().is_ok_and(|address: IpAddr| address.is_loopback())
        };
        !url.starts_with("sqlite:")
            && url.parse().is_ok_and(|options: PgConnectOptions| {
                let encrypted = matches!(
                    options.get_ssl_mode(),
                    PgSslMode::Require | PgSslMode::VerifyCa | PgSslMode::VerifyFull
                );
                !encrypted && options.get_socket().is_none() && !local(options.get_host())
            })
    }

    /// Opens the database at `url`, making the file where it is SQLite's and absent. Nothing is migrated.
    pub async fn connect(url: &str, query_time: Duration) -> Result<Self> {
        let (read, write, writers) = if let Some(path) = url.strip_prefix("sqlite://") {
            make_private_file(path).map_err(|error| Error::Unavailable(format!("{path}: {error}")))?;
            let open = async |connections, lazy| open_sqlite(url, connections, lazy, query_time).await;
            let desk = Desk::new(acquire_time(query_time));
            (Pools::open(open).await?, Pools::of_one(open).await?, Writers::AtDesk(desk))
        } else {
            let open = async |purpose, connections, lazy| {
                open_postgres(url, purpose, connections, lazy, query_time).await
            };
            let read =
                Pools::open(async |connections, lazy| open(Use::Read, connections, lazy).await).await?;
            let write =
                Pools::open(async |connections, lazy| open(Use::Write, connections, lazy).await).await?;
            let barrier = Arc::new(Barrier::new(open(Use::Flush, 1, true).await?));
            (read, write, Writers::Before(barrier))
        };
        let following = Arc::new(Semaphore::new(FOLLOWING));
        Ok(Self {
            read,
            write,
            writers,
            written: watch::Sender::new(()),
            access_changes: Arc::default(),
            following,
            query_time,
        })
    }

    /// For migrating, which is not the domain's work.
    pub fn connection(&self) -> &DatabaseConnection {
        match &self.writers {
            Writers::AtDesk(_) => self.write.own(),
            Writers::Before(barrier) => barrier.connection(),
        }
    }

    /// Closes all connections. SQLite then folds its write-ahead log into the one file.
    pub async fn close(self) -> Result<()> {
        self.write.close().await?;
        if let Writers::Before(barrier) = &self.writers {
            barrier.connection().close_by_ref().await?;
        }
        self.read.close().await
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        self.read.own().execute_unprepared("SELECT 1").await?;
        Ok(())
    }

    /// For a single statement, which is a snapshot by itself.
    pub(crate) fn reading(&self) -> &DatabaseConnection {
        self.read.own()
    }

    /// When a request that begins now has asked long enough.
    pub(crate) fn deadline(&self) -> Instant {
        Instant::now() + self.query_time
    }

    /// Whether a statement is done before the deadline even where it waits for a connection and takes as long as any may.
    pub(crate) fn is_in_time(&self, deadline: Option<Instant>) -> bool {
        let longest = acquire_time(self.query_time) + statement_time(self.query_time);
        deadline.is_none_or(|deadline| deadline.saturating_duration_since(Instant::now()) >= longest)
    }

    /// A snapshot: all that is read in it is of one moment, and on SQLite no statement in it outlasts the deadline.
    pub(crate) async fn snapshot_until(&self, deadline: Option<Instant>) -> Result<DatabaseTransaction> {
        let db = deadline::scope(deadline, self.snapshot()).await?;
        self.hasten(&db, deadline).await?;
        Ok(db)
    }

    /// Lets the next statement in a snapshot begin only before the deadline, and on PostgreSQL ends it there: a statement may
    /// take half of the time by itself, and once half is used no more than what is left.
    pub(crate) async fn hasten(&self, db: &DatabaseTransaction, deadline: Option<Instant>) -> Result<()> {
        let Some(deadline) = deadline else { return Ok(()) };
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(Error::Timeout);
        }
        if self.is_postgres() && left < statement_time(self.query_time) {
            // None at all would be for ever.
            let milliseconds = left.as_millis().max(1);
            db.execute_unprepared(&format!("SET LOCAL statement_timeout = {milliseconds}")).await?;
        }
        Ok(())
    }

    /// A snapshot for work that is no one's request, or too short to be cut.
    pub(crate) async fn snapshot(&self) -> Result<DatabaseTransaction> {
        statements::count_transaction();
        Ok(self.read.own().begin().await?)
    }

    /// A transaction to write in.
    pub(crate) async fn begin(&self) -> Result<Writing> {
        let alone = cfg!(feature = "bench-without-history");
        self.begin_in(if alone { Company::None } else { Company::Welcome }).await
    }

    /// The same for what takes long: no one else's commit waits for it.
    pub(crate) async fn begin_alone(&self) -> Result<Writing> {
        self.begin_in(Company::None).await
    }

    async fn begin_in(&self, company: Company) -> Result<Writing> {
        statements::count_transaction();
        self.writers.begin(self.write.own(), company).await
    }

    /// What a reading comes to that is no part of a request's own snapshot.
    pub(crate) async fn glimpse<T>(
        &self,
        reading: impl AsyncFnOnce(&DatabaseTransaction) -> Result<T>,
    ) -> Result<T> {
        reading(&self.snapshot().await?).await
    }

    /// What a writing comes to that leaves no event: all of it is stored, or nothing where it fails.
    pub(crate) async fn bookkeep<T>(
        &self,
        writing: impl AsyncFnOnce(&DatabaseTransaction) -> Result<T>,
    ) -> Result<T> {
        let db = self.begin().await?;
        match writing(&db).await {
            Ok(written) => {
                db.commit().await?;
                Ok(written)
            }
            Err(error) => {
                db.rollback().await?;
                Err(error)
            }
        }
    }

    /// Commits what has written events.
    pub(crate) async fn commit(&self, db: Writing) -> Result<()> {
        self.commit_of(db, true).await
    }

    /// The same, where it is known whether anyone's access may change by it.
    pub(crate) async fn commit_of(&self, db: Writing, bears_access: bool) -> Result<()> {
        db.commit().await?;
        self.written.send_replace(());
        if bears_access {
            self.access_changed();
        }
        Ok(())
    }

    /// Returns once all that can be read now lasts, whatever happens to the database.
    pub(crate) async fn lasting(&self) -> Result<()> {
        match &self.writers {
            Writers::AtDesk(_) => Ok(()),
            Writers::Before(barrier) => barrier.pass().await,
        }
    }

    /// Makes the process forget who may do what.
    pub(crate) fn access_changed(&self) {
        self.access_changes.fetch_add(1, Ordering::AcqRel);
    }

    pub(crate) fn access_changes(&self) -> u64 {
        self.access_changes.load(Ordering::Acquire)
    }

    /// Changes with each commit of this process.
    pub(crate) fn news(&self) -> watch::Receiver<()> {
        self.written.subscribe()
    }

    /// Waits for a turn to read among those who follow the history.
    pub(crate) async fn turn_to_follow(&self) -> Result<OwnedSemaphorePermit> {
        Arc::clone(&self.following).acquire_owned().await.map_err(Error::internal)
    }

    fn is_postgres(&self) -> bool {
        self.read.own().get_database_backend() == sea_orm::DbBackend::Postgres
    }
}

/// Makes the file where it is absent, readable by its owner alone: it holds password hashes. SQLite gives the files that it
/// keeps beside it the same permissions.
fn make_private_file(path: &str) -> std::io::Result<()> {
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    match made {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// How long PostgreSQL lets one statement run or wait for a lock, those of writes and a commit too.
fn statement_time(query_time: Duration) -> Duration {
    query_time / 2
}

/// How long a request waits for a connection or for SQLite's lock.
fn acquire_time(query_time: Duration) -> Duration {
    ACQUIRE.min(query_time)
}

async fn open_sqlite(
    url: &str,
    connections: u32,
    lazy: bool,
    query_time: Duration,
) -> Result<DatabaseConnection> {
    let wait = acquire_time(query_time);
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .connect_lazy(lazy)
        .acquire_timeout(wait)
        .sqlx_logging(false)
        .test_before_acquire(false)
        .map_sqlx_sqlite_opts(move |sqlite| {
            sqlite
                .journal_mode(SqliteJournalMode::Wal)
                // NORMAL may lose acknowledged commits when the power goes.
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(wait)
                .row_buffer_size(ROWS_AHEAD)
        })
        .map_sqlx_sqlite_pool_opts(deadline::watched);
    Ok(sea_orm::Database::connect(options).await?)
}

/// What the connections of a pool are for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Read,
    Write,
    Flush,
}

async fn open_postgres(
    url: &str,
    purpose: Use,
    connections: u32,
    lazy: bool,
    query_time: Duration,
) -> Result<DatabaseConnection> {
    let wait = acquire_time(query_time);
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .connect_lazy(lazy)
        .acquire_timeout(wait)
        .connect_timeout(wait)
        .test_before_acquire_if_idle_for(TRUSTED_IDLE)
        .sqlx_logging(false)
        .map_sqlx_postgres_opts(move |postgres| {
            let postgres = postgres.application_name("virkning").options([
                ("statement_timeout", statement_time(query_time).as_millis().to_string()),
                ("idle_in_transaction_session_timeout", IDLE_MILLISECONDS.to_owned()),
                // Statements look rows up by key; to plan each anew took as long as many take.
                ("plan_cache_mode", "force_generic_plan".to_owned()),
                // As on any disk without arms. By default a page elsewhere costs four times the next one, and rather than to look
                // eighty rows up, a table was read whole.
                ("random_page_cost", "1.1".to_owned()),
            ]);
            match purpose {
                // As the connection's own, so that a snapshot begins with one statement.
                Use::Read => postgres.options([
                    ("default_transaction_isolation", "repeatable read"),
                    ("default_transaction_read_only", "on"),
                ]),
                Use::Write => postgres.options([COMMITS_AT_ONCE]),
                Use::Flush => postgres,
            }
        });
    Ok(sea_orm::Database::connect(options).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_to_another_machine_is_exposed_unless_encryption_is_demanded() {
        for exposed in [
            "postgres://u:p@db.example/virkning",
            "postgres://u:p@10.0.0.7:5432/virkning",
            "postgres://u:p@db.example/virkning?sslmode=prefer",
            "postgres://u:p@db.example/virkning?sslmode=disable",
        ] {
            assert!(Database::is_exposed(exposed), "{exposed}");
        }
        for safe in [
            "sqlite://virkning.db",
            "postgres://u:p@127.0.0.1/virkning",
            "postgres://u:p@localhost/virkning",
            "postgres://u:p@db.example/virkning?sslmode=verify-full",
            "postgres://u:p@db.example/virkning?sslmode=require",
        ] {
            assert!(!Database::is_exposed(safe), "{safe}");
        }
    }
}
