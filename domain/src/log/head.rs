//! How far the log goes: the version of all that is a function of the log.

use std::sync::atomic::{AtomicU64, Ordering};

use entity::log_entry;
use sea_orm::{ColumnTrait, EntityTrait, QuerySelect};
use tokio::sync::Mutex;

use crate::context::Services;
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

impl Heads {
    /// The head at a moment after the call.
    pub async fn current(&self, services: &Services) -> Result<Head> {
        let earlier = self.begun.load(Ordering::Acquire);
        let mut last = self.last.lock().await;
        if let Some(head) = last.head.filter(|_| last.number > earlier) {
            return Ok(head);
        }
        let number = self.begun.fetch_add(1, Ordering::AcqRel) + 1;
        let database = services.database.clone();
        let reading = async move {
            let newest = log_entry::Entity::find().select_only().expr(log_entry::Column::Index.max());
            Ok(newest.into_tuple::<Option<i64>>().one(database.reading()).await?.flatten())
        };
        // A client that hangs up leaves no connection in the middle of a statement.
        let head: Result<_> = statements::detached(reading).await.map_err(Error::internal)?;
        let head = Head(head?);
        *last = Read { number, head: Some(head) };
        Ok(head)
    }
}
