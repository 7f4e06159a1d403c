//! How many SQL statements a piece of work costs: what grows with a query's shape must not grow with its rows.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

tokio::task_local! {
    static STATEMENTS: Arc<AtomicU32>;
}

pub(super) fn count(_info: &sea_orm::metric::Info<'_>) {
    // Work outside a counted request (migrating, importing) is not counted.
    let _uncounted = STATEMENTS.try_with(|count| count.fetch_add(1, Ordering::Relaxed));
}

/// Runs `work` and counts the statements it sends.
pub async fn counted<T>(work: impl Future<Output = T>) -> (T, u32) {
    let count = Arc::new(AtomicU32::new(0));
    let output = STATEMENTS.scope(Arc::clone(&count), work).await;
    (output, count.load(Ordering::Relaxed))
}

/// Starts a task that counts into the same request as the caller, and that no cancellation of the caller ends.
pub(crate) async fn detached<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> Result<T, Panicked> {
    let done = match STATEMENTS.try_with(Arc::clone) {
        Ok(count) => tokio::spawn(STATEMENTS.scope(count, work)).await,
        Err(_uncounted) => tokio::spawn(work).await,
    };
    done.map_err(|_told_by_the_hook| Panicked)
}

/// What is said of a task that panicked: not its message, which may hold what was being worked on.
#[derive(Debug, thiserror::Error)]
#[error("a task panicked")]
pub(crate) struct Panicked;
