//! Keys of clients, each of which makes a repeated request harmless.
//!
//! A key is used last, together with the event, so that it costs no statement of its own. Whoever comes second with it waits
//! there until the first has committed; all that the second did is then undone, and it gets what the first one made.

use entity::idempotency;
use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait, IntoActiveModel, QueryTrait};
use sha2::{Digest, Sha256};

use super::{Aggregate, Operation, Scope, Store, authorize};
use crate::columns::Uuid;
use crate::context::Context;
use crate::error::{Error, Problem, Result};
use crate::input::text;

const FIELD: &str = "idempotencyKey";
const COLUMNS: usize = 5;

/// The key as it was given, fit to be kept.
fn checked(key: &str) -> Result<String> {
    text::required(key, text::LINE).map_err(|problem| Error::refused(FIELD, problem))
}

fn used_differently() -> Error {
    Error::refused(FIELD, Problem::KeyUsedDifferently)
}

/// A key before its first use, as far as is known.
pub(super) struct Key {
    key: String,
    fingerprint: Vec<u8>,
}

impl Key {
    pub fn of<O: Operation>(operation: &O, key: &str, reason: Option<&str>) -> Result<Self> {
        Ok(Self { key: checked(key)?, fingerprint: fingerprint(operation, reason) })
    }

    /// Lets the key stand for what the operation made, and stores all that waits. Of a key that was used before, whatever for,
    /// `again` tells more.
    pub async fn spend(self, scope: &Scope<'_>, store: &mut Store<'_>, made: Uuid) -> Result<()> {
        let row = idempotency::Model {
            account_id: scope.context.actor.id,
            key: self.key,
            fingerprint: self.fingerprint,
            subject_id: Some(made),
            at: scope.now(),
        };
        let unless_used = OnConflict::columns([idempotency::Column::AccountId, idempotency::Column::Key])
            .do_nothing()
            .to_owned();
        let statement = idempotency::Entity::insert(row.into_active_model()).on_conflict(unless_used);
        store.insert_by(statement.into_query(), COLUMNS).await?;
        if store.settle().await? == 0 { Err(used_differently()) } else { Ok(()) }
    }
}

/// What the same operation made when the key was used; none where it was not.
pub(super) async fn again<O: Operation>(
    context: &Context,
    operation: &O,
    key: &str,
    reason: Option<&str>,
) -> Result<Option<O::Subject>> {
    let Ok(key) = checked(key) else { return Ok(None) };
    let db = context.services.database.begin().await?;
    let found = made_by(&Scope::new(context, &db), operation, key, reason).await;
    db.rollback().await?;
    found
}

async fn made_by<O: Operation>(
    scope: &Scope<'_>,
    operation: &O,
    key: String,
    reason: Option<&str>,
) -> Result<Option<O::Subject>> {
    let used = idempotency::Entity::find_by_id((scope.context.actor.id, key)).one(scope.db).await?;
    let Some(used) = used else { return Ok(None) };
    if used.fingerprint != fingerprint(operation, reason) {
        return Err(used_differently());
    }
    let made = used.subject_id.ok_or_else(|| Error::internal("an idempotency key without a subject"))?;
    let subject = operation.find_again(scope, made).await?;
    let subject = subject.ok_or_else(|| Error::internal("the subject of an idempotency key is gone"))?;
    // What was made then is shown to those who may still make it.
    let owners = operation.owners(scope, Some(&subject)).await?;
    authorize::<O>(scope, O::ACTION, Some(&subject), &owners)?;
    Ok(Some(subject))
}

fn fingerprint<O: Operation>(operation: &O, reason: Option<&str>) -> Vec<u8> {
    Sha256::digest(format!("{} {} {operation:?} {reason:?}", O::Subject::KIND, O::ACTION)).to_vec()
}
