//! How far the log goes: the version of all that is a function of the log.

use std::sync::atomic::{AtomicU64, Ordering};

use entity::log_entry;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QuerySelect};
use tokio::sync::Mutex;

use crate::context::{Context, Services};
use crate::database::statements;
use crate::error::{Error, Result};

/// Reads the head for all who wait for it at once: a read that began after a request came is as good as its own.
#[derive(Default)]
pub struct Heads {
    /// How many reads have begun.
    begun: AtomicU64,
    /// The last read that came to something. Whoever holds it reads.
    last: Mutex<Read>,
}

#[derive(Clone, Copy, Default)]
struct Read {
    number: u64,
    head: Option<Head>,
}

/// The newest entry of the log; none while it is empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head(Option<i64>);

impl Head {
    async fn read(db: &impl ConnectionTrait) -> Result<Self> {
        let newest = log_entry::Entity::find().select_only().expr(log_entry::Column::Index.max());
        Ok(Self(newest.into_tuple::<Option<i64>>().one(db).await?.flatten()))
    }

    /// The head in the snapshot that a request reads from. To read the current one beside it would take another connection:
    /// all who have one would wait for another.
    pub async fn of_snapshot(context: &Context) -> Result<Self> {
        Self::read(&context.snapshot().await?.db).await
    }
}

impl Heads {
    /// The head at a moment after the call, for whoever holds no snapshot.
    pub async fn current(&self, services: &Services) -> Result<Head> {
        let earlier = self.begun.load(Ordering::Acquire);
        let mut last = self.last.lock().await;
        if let Some(head) = last.head.filter(|_| last.number > earlier) {
            return Ok(head);
        }
        let number = self.begun.fetch_add(1, Ordering::AcqRel) + 1;
        let database = services.database.clone();
        // A client that hangs up leaves no connection in the middle of a statement.
        let reading = async move { Head::read(database.reading()).await };
        let head = statements::detached(reading).await.map_err(Error::internal)??;
        *last = Read { number, head: Some(head) };
        Ok(head)
    }
}
