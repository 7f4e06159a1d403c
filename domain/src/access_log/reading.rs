//! Readings of what single participants answered: each is written before it is answered.

use entity::access_log_entry;
use sea_orm::{ActiveModelTrait, IntoActiveModel};
use sha2::{Digest, Sha256};

use super::Target;
use crate::columns::{AccessOutcome, TextList, Uuid};
use crate::context::Context;
use crate::database::statements;
use crate::error::{Error, Result};

/// Writes that the actor reads what participants answered, and for what purpose. The request then reads from a new snapshot.
pub(crate) async fn read(
    context: &Context,
    target: Target,
    intervention_id: Option<Uuid>,
    purpose: String,
) -> Result<()> {
    context.tell();
    context.release().await;
    let (id, at) = (context.services.environment.new_id(), context.now());
    let entry = access_log_entry::Model {
        id,
        // No two readings are the same one.
        digest: Sha256::digest(id.as_bytes()).to_vec(),
        actor_id: context.actor.id,
        actor_roles: TextList(context.actor.grants.iter().map(ToString::to_string).collect()),
        action: None,
        subject_kind: Some(target.kind),
        named_kind: target.id.map(|_| target.kind),
        named_id: target.id,
        intervention_id,
        outcome: AccessOutcome::Read,
        purpose: Some(purpose),
        first_at: at,
        last_at: at,
        count: 1,
        request_id: context.request_id,
    };
    let database = context.services.database.clone();
    let work = async move {
        database.bookkeep(async |db| Ok(entry.into_active_model().insert(db).await.map(drop)?)).await
    };
    statements::detached(work).await.map_err(Error::internal)?
}
