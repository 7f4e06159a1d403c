//! Transactions to write in, which count once they lie on the disk.
//!
//! On PostgreSQL everyone who has committed passes the barrier. SQLite has one writer at a time, and most of what a small write
//! takes is the wait for the disk. So those who come one after the other share a transaction, each in a savepoint of its own,
//! and wait for one commit: nobody is told that something is written before it lies on the disk, and what one takes back the
//! others keep.

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use sea_orm::{
    DatabaseConnection, DatabaseTransaction, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use tokio::runtime::Handle;
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};
use tokio::time::Instant;

use super::barrier::Barrier;
use crate::error::{Error, Result};

/// The most writes that share a commit, and how long it waits for more of them.
const MOST: usize = 32;
const LONGEST: Duration = Duration::from_millis(10);

/// The one place to write in an SQLite file, for one after the other in the order in which they came.
#[derive(Clone, Debug)]
pub(super) struct Desk {
    shared: Arc<Mutex<Option<Shared>>>,
    waiting: Arc<AtomicUsize>,
    patience: Duration,
}

/// A transaction that several share.
#[derive(Debug)]
struct Shared {
    db: DatabaseTransaction,
    since: Instant,
    /// Who has written and waits for the commit.
    written: Vec<oneshot::Sender<()>>,
}

/// A transaction to write in. One that is neither committed nor rolled back comes to nothing.
pub(crate) struct Writing {
    // Ends before its seat is free.
    db: DatabaseTransaction,
    place: Place,
}

/// Where it is written, and so what it waits for once it is committed.
enum Place {
    AtDesk(Seat),
    Before(Arc<Barrier>),
}

/// Where all transactions of a database are written.
#[derive(Clone, Debug)]
pub(super) enum Writers {
    AtDesk(Desk),
    Before(Arc<Barrier>),
}

impl Writers {
    pub async fn begin(&self, connection: &DatabaseConnection, company: Company) -> Result<Writing> {
        match self {
            Self::AtDesk(desk) => desk.begin(connection, company).await,
            Self::Before(barrier) => {
                Ok(Writing { db: connection.begin().await?, place: Place::Before(Arc::clone(barrier)) })
            }
        }
    }
}

/// Whether others may share the commit: not with what takes long.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Company {
    Welcome,
    None,
}

impl Desk {
    pub fn new(patience: Duration) -> Self {
        Self { shared: Arc::default(), waiting: Arc::default(), patience }
    }

    pub async fn begin(&self, connection: &DatabaseConnection, company: Company) -> Result<Writing> {
        let mut seat = self.seat().await?;
        if company == Company::None {
            // Whether it succeeds is for those who wait for it.
            let _told = seat.close().await;
            return Ok(Writing { db: immediate(connection).await?, place: Place::AtDesk(seat) });
        }
        let shared = match &mut *seat.shared {
            Some(shared) => shared,
            none => none.insert(Shared {
                db: immediate(connection).await?,
                since: Instant::now(),
                written: Vec::new(),
            }),
        };
        Ok(Writing { db: shared.db.begin().await?, place: Place::AtDesk(seat) })
    }

    async fn seat(&self) -> Result<Seat> {
        let waiting = Waiting::at(self);
        let turn = tokio::time::timeout(self.patience, Arc::clone(&self.shared).lock_owned()).await;
        let shared = turn.map_err(|_elapsed| Error::Unavailable("others write for too long".to_owned()))?;
        waiting.end();
        Ok(Seat { desk: self.clone(), shared })
    }

    fn is_wanted(&self) -> bool {
        self.waiting.load(Ordering::Acquire) > 0
    }

    /// Sees to it that what was written is committed though nobody comes any more.
    fn close_unless_wanted(&self) {
        if let (false, Ok(runtime)) = (self.is_wanted(), Handle::try_current()) {
            let desk = self.clone();
            runtime.spawn(async move {
                let shared = Arc::clone(&desk.shared).lock_owned().await;
                if !desk.is_wanted() {
                    let _told = Seat { desk, shared }.close().await;
                }
            });
        }
    }
}

async fn immediate(connection: &DatabaseConnection) -> Result<DatabaseTransaction> {
    // A transaction that reads first and locks later fails under load.
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    Ok(connection.begin_with_options(options).await?)
}

/// Someone who waits for a turn; none once it has come.
struct Waiting<'a>(Option<&'a Desk>);

impl<'a> Waiting<'a> {
    fn at(desk: &'a Desk) -> Self {
        desk.waiting.fetch_add(1, Ordering::AcqRel);
        Self(Some(desk))
    }

    fn end(mut self) {
        self.leave();
    }

    fn leave(&mut self) -> Option<&'a Desk> {
        let desk = self.0.take()?;
        desk.waiting.fetch_sub(1, Ordering::AcqRel);
        Some(desk)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        if let Some(desk) = self.leave() {
            desk.close_unless_wanted();
        }
    }
}

/// A turn at the desk.
struct Seat {
    desk: Desk,
    shared: OwnedMutexGuard<Option<Shared>>,
}

impl Seat {
    /// Commits what was written together, and lets those know who wait for it.
    async fn close(&mut self) -> Result<()> {
        let Some(Shared { db, written, .. }) = self.shared.take() else { return Ok(()) };
        db.commit().await?;
        for waits in written {
            let _has_gone = waits.send(());
        }
        Ok(())
    }

    /// The same, unless there is someone whose write can still join.
    async fn close_if_full(&mut self) -> Result<()> {
        let is_full = |shared: &Shared| shared.written.len() >= MOST || shared.since.elapsed() >= LONGEST;
        if !self.desk.is_wanted() || self.shared.as_ref().is_some_and(is_full) {
            return self.close().await;
        }
        Ok(())
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        if self.shared.is_some() {
            self.desk.close_unless_wanted();
        }
    }
}

impl Writing {
    /// Returns once all of it lies on the disk.
    pub async fn commit(self) -> Result<()> {
        let Self { db, place } = self;
        db.commit().await?;
        let mut seat = match place {
            Place::AtDesk(seat) => seat,
            Place::Before(barrier) => return barrier.pass().await,
        };
        let Some(shared) = &mut *seat.shared else { return Ok(()) };
        let (written, committed) = oneshot::channel();
        shared.written.push(written);
        seat.close_if_full().await?;
        drop(seat);
        committed.await.map_err(|_dropped| Error::Unavailable("a commit failed".to_owned()))
    }

    pub async fn rollback(self) -> Result<()> {
        let Self { db, place } = self;
        db.rollback().await?;
        match place {
            Place::AtDesk(mut seat) => seat.close_if_full().await,
            Place::Before(_) => Ok(()),
        }
    }
}

impl Deref for Writing {
    type Target = DatabaseTransaction;

    fn deref(&self) -> &DatabaseTransaction {
        &self.db
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::{ConnectOptions, ConnectionTrait};
    use tokio::task::JoinHandle;

    use super::*;

    async fn file() -> DatabaseConnection {
        let mut options = ConnectOptions::new("sqlite::memory:");
        options.max_connections(1);
        let connection = sea_orm::Database::connect(options).await.expect("a database");
        connection.execute_unprepared("CREATE TABLE written (number INTEGER)").await.expect("a table");
        connection
    }

    async fn write(db: &Writing, number: u8) {
        let insert = format!("INSERT INTO written VALUES ({number})");
        db.execute_unprepared(&insert).await.expect("a row");
    }

    async fn rows(connection: &DatabaseConnection) -> Vec<i32> {
        let select = "SELECT number FROM written ORDER BY number";
        let select = sea_orm::Statement::from_string(connection.get_database_backend(), select);
        let rows = connection.query_all_raw(select).await.expect("rows");
        rows.iter().map(|row| row.try_get_by_index(0).expect("a number")).collect()
    }

    /// Someone who waits for a turn.
    async fn next(desk: &Desk, connection: &DatabaseConnection) -> JoinHandle<Writing> {
        let (waits_at, waits_for) = (desk.clone(), connection.clone());
        let waiting =
            tokio::spawn(async move { waits_at.begin(&waits_for, Company::Welcome).await.expect("a turn") });
        while !desk.is_wanted() {
            tokio::task::yield_now().await;
        }
        waiting
    }

    /// One who has written and waits for the commit, and the next, who has written too.
    async fn two(desk: &Desk, connection: &DatabaseConnection) -> (JoinHandle<Result<()>>, Writing) {
        let first = desk.begin(connection, Company::Welcome).await.expect("a turn");
        write(&first, 1).await;
        let second = next(desk, connection).await;
        let told = tokio::spawn(first.commit());
        let second = second.await.expect("no panic");
        write(&second, 2).await;
        (told, second)
    }

    #[tokio::test]
    async fn writers_share_a_commit_and_nobody_is_told_before() {
        let (desk, connection) = (Desk::new(Duration::from_secs(5)), file().await);
        let (told, second) = two(&desk, &connection).await;
        let third = next(&desk, &connection).await;
        // What one takes back the others keep.
        second.rollback().await.expect("nothing written");
        let third = third.await.expect("no panic");
        write(&third, 3).await;
        assert!(!told.is_finished(), "the first was told before the commit");
        third.commit().await.expect("a commit");
        told.await.expect("no panic").expect("a commit");
        assert_eq!(rows(&connection).await, [1, 3]);
    }

    #[tokio::test]
    async fn whoever_goes_without_a_word_takes_nobody_along() {
        let (desk, connection) = (Desk::new(Duration::from_secs(5)), file().await);
        let (told, second) = two(&desk, &connection).await;
        // The next one stops waiting, and the one whose turn it is goes: the commit of the first must not wait for ever.
        next(&desk, &connection).await.abort();
        drop(second);
        told.await.expect("no panic").expect("a commit");
        assert_eq!(rows(&connection).await, [1]);
    }

    #[tokio::test]
    async fn what_takes_long_keeps_no_commit_waiting() {
        let (desk, connection) = (Desk::new(Duration::from_millis(200)), file().await);
        let first = desk.begin(&connection, Company::Welcome).await.expect("a turn");
        write(&first, 1).await;
        let (waits_at, waits_for) = (desk.clone(), connection.clone());
        let long = tokio::spawn(async move { waits_at.begin(&waits_for, Company::None).await });
        while !desk.is_wanted() {
            tokio::task::yield_now().await;
        }
        let told = tokio::spawn(first.commit());
        let long = long.await.expect("no panic").expect("a turn");
        told.await.expect("no panic").expect("a commit");
        assert!(desk.begin(&connection, Company::Welcome).await.is_err(), "two write at once");
        long.rollback().await.expect("an end");
    }
}
