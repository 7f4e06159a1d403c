//! The log: the leaves of all events in the order of their commits, under one tree (RFC 6962).
//!
//! The database appends to it (`migration`); here it is read: to sign checkpoints, to prove what is in it, and to verify that
//! data and history still agree. Its size and root tell how much everyone writes, so they are for those alone who read
//! everyone's history.

mod checkpoint;
mod head;
mod key;
mod proof;
mod tree;
mod verify;

pub use checkpoint::{Anchor, Checkpoint, NoCheckpoint, checkpoint, checkpoint_of, keep_checkpoint};
pub use entity::log_checkpoint::Model as Kept;
pub use head::{Head, Heads};
pub use key::{InvalidKey, Key, PublicKey};
pub use proof::{Consistency, Inclusion, base64, consistency, consistency_since, inclusion, inclusion_of};
pub use tree::settle;
pub use verify::{Fault, Report, Verify, verify};

use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Iterable, PrimaryKeyToColumn};

use crate::access_log::{self, Attempt};
use crate::columns::AccessedKind;
use crate::context::{Context, Services};
use crate::database::statements;
use crate::error::{Error, Result};
use crate::policy;

/// Keeps rows that every server makes alike: where another was quicker, the same is there already.
async fn keep<E>(services: &Services, rows: Vec<E::Model>) -> Result<()>
where
    E: EntityTrait,
    E::ActiveModel: ActiveModelTrait<Entity = E> + Send,
    E::Model: IntoActiveModel<E::ActiveModel>,
{
    let database = services.database.clone();
    let work = async move {
        let db = database.begin().await?;
        let key = E::PrimaryKey::iter().map(PrimaryKeyToColumn::into_column);
        E::insert_many(rows.into_iter().map(IntoActiveModel::into_active_model))
            .on_conflict(OnConflict::columns(key).do_nothing().to_owned())
            .exec_without_returning(&*db)
            .await?;
        database.commit_of(db, false).await
    };
    statements::detached(work).await.map_err(Error::internal)?
}

/// Refuses whoever could count by the log what others write.
fn authorize(context: &Context) -> Result<()> {
    if policy::reads_all_history(&context.actor) {
        return Ok(());
    }
    access_log::refused(context, &Attempt::to_read(AccessedKind::Event), &Error::Forbidden);
    Err(Error::Forbidden)
}
