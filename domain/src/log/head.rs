//! How far the log goes: the version of all that is a function of the log.

use entity::log_entry;
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder, QuerySelect};

use crate::columns::Uuid;
use crate::context::{Context, Services};
use crate::database::statements;
use crate::error::{Error, Result};
use crate::once_for_all::OnceForAll;

/// Reads the head for all who wait for it at once.
#[derive(Default)]
pub struct Heads(OnceForAll<Head>);

/// The newest entry of the log; none while it is empty. Its event is named too: a place can be another's after a crash of
/// the database, for all that was not on the disk yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head(Option<(i64, Uuid)>);

impl Head {
    async fn read(db: &impl ConnectionTrait) -> Result<Self> {
        let newest = log_entry::Entity::find()
            .select_only()
            .columns([log_entry::Column::Index, log_entry::Column::EventId])
            .order_by_desc(log_entry::Column::Index)
            .limit(1);
        Ok(Self(newest.into_tuple().one(db).await?))
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
        let database = services.database.clone();
        // A client that hangs up leaves no connection in the middle of a statement.
        let reading = async move { Head::read(database.reading()).await };
        self.0.after_now(async || statements::detached(reading).await.map_err(Error::internal)?).await
    }
}
