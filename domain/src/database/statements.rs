//! How many SQL statements a piece of work costs: what grows with a query's shape must not grow with its rows.

use std::ops::AddAssign;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// What a piece of work cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Those that begin and end transactions are not among them.
    pub statements: u32,
    pub transactions: u32,
}

impl AddAssign for Cost {
    fn add_assign(&mut self, other: Self) {
        self.statements += other.statements;
        self.transactions += other.transactions;
    }
}

#[derive(Default)]
struct Counts {
    statements: AtomicU32,
    transactions: AtomicU32,
}

tokio::task_local! {
    static COUNTS: Arc<Counts>;
}

pub(super) fn count(_info: &sea_orm::metric::Info<'_>) {
    // Work outside a counted request (migrating, importing) is not counted.
    let _uncounted = COUNTS.try_with(|counts| counts.statements.fetch_add(1, Ordering::Relaxed));
}

pub(super) fn count_transaction() {
    let _uncounted = COUNTS.try_with(|counts| counts.transactions.fetch_add(1, Ordering::Relaxed));
}

/// Runs `work` and counts what it asks of the database.
pub async fn counted<T>(work: impl Future<Output = T>) -> (T, Cost) {
    let counts = Arc::<Counts>::default();
    let output = COUNTS.scope(Arc::clone(&counts), work).await;
    let cost = Cost {
        statements: counts.statements.load(Ordering::Relaxed),
        transactions: counts.transactions.load(Ordering::Relaxed),
    };
    (output, cost)
}

/// Starts a task that counts into the same request as the caller, and that no cancellation of the caller ends.
pub(crate) async fn detached<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> Result<T, Panicked> {
    let done = match COUNTS.try_with(Arc::clone) {
        Ok(counts) => tokio::spawn(COUNTS.scope(counts, work)).await,
        Err(_uncounted) => tokio::spawn(work).await,
    };
    done.map_err(|_told_by_the_hook| Panicked)
}

/// What is said of a task that panicked: not its message, which may hold what was being worked on.
#[derive(Debug, thiserror::Error)]
#[error("a task panicked")]
pub(crate) struct Panicked;
