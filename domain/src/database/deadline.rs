//! Ending an SQLite statement at its deadline.
//!
//! SQLite has no time limit of its own. It asks a handler every so often whether to go on; each connection gets one as it is
//! acquired, with the deadline of whoever acquires it. The statement then ends with an error like any other, so nothing is cut
//! short half-way and the connection goes back to its pool whole.

use sea_orm::sqlx::pool::PoolOptions;
use sea_orm::sqlx::sqlite::SqliteConnection;
use sea_orm::sqlx::{self, Sqlite};
use tokio::time::Instant;

/// After how many instructions of SQLite's machine it is asked again: well below a millisecond.
const BETWEEN_LOOKS: i32 = 10_000;

tokio::task_local! {
    /// That of whoever acquires a connection just now: a pool tells its hooks nothing else of them.
    static DEADLINE: Option<Instant>;
}

/// Lets what acquires a connection have one whose statements end at a deadline.
pub async fn scope<T>(deadline: Option<Instant>, acquiring: impl Future<Output = T>) -> T {
    DEADLINE.scope(deadline, acquiring).await
}

/// A pool whose connections end their statements at the deadline of whoever acquired them.
pub fn watched(pool: PoolOptions<Sqlite>) -> PoolOptions<Sqlite> {
    pool.after_connect(|connection, _| Box::pin(watch(connection))).before_acquire(|connection, _| {
        Box::pin(async {
            watch(connection).await?;
            Ok(true)
        })
    })
}

async fn watch(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    let deadline = DEADLINE.try_with(|deadline| *deadline).ok().flatten();
    let mut handle = connection.lock_handle().await?;
    match deadline {
        Some(deadline) => handle.set_progress_handler(BETWEEN_LOOKS, move || Instant::now() < deadline),
        // That of whoever had the connection before would go on.
        None => handle.remove_progress_handler(),
    }
    Ok(())
}
