//! Who comes with a token of an identity provider: the account, told by issuer and subject alone, and the session that the
//! token begins when it is first seen. From then on that session is as any other: it can be signed out of, is ended with all
//! others, and is looked up with each request.

mod groups;
mod newcomer;

pub use groups::{Groups, Mapping};

use std::sync::Arc;

use entity::{account, account_token_bounds, issued_session, session};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect,
};

use crate::account::{Account, by_subject};
use crate::columns::{Timestamp, Uuid};
use crate::context::{Context, Services};
use crate::database::statements;
use crate::error::{Error, Problem, Result};
use crate::input::text::{IDENTIFIER, exact};
use crate::operation::{Given, Operation, Scope, perform};
use newcomer::FirstSeen;

/// How long the session of a token is kept after the token has ended.
const KEPT_SECONDS: i64 = 24 * 60 * 60;
/// How many sessions are deleted at a time, so that those who sign in get their turn between.
pub const BATCH: u64 = 500;

/// What a token says that was verified.
#[derive(Clone)]
pub struct Assertion {
    pub issuer: String,
    pub subject: String,
    /// SHA-256 of the token.
    pub digest: [u8; 32],
    pub issued_at: Timestamp,
    pub expires_at: Timestamp,
    pub name: Option<String>,
    /// Only where the issuer says that it has verified it.
    pub email: Option<String>,
    /// The groups that the token names, whatever they mean here.
    pub groups: Vec<String>,
}

/// How far an issuer is trusted.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    /// Whether someone who is not known here gets an account, which can do nothing by itself.
    pub accounts_on_first_sight: bool,
    pub groups: Groups,
}

/// Whose a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recognised {
    pub account_id: Uuid,
    pub session_id: Uuid,
}

/// The session of a token. One that is seen for the first time begins it, with the grants that its groups stand for.
pub async fn recognise(
    services: &Services,
    trust: Arc<Trust>,
    assertion: Assertion,
    request_id: Uuid,
) -> Result<Recognised> {
    for field in [&assertion.issuer, &assertion.subject] {
        if let Err(problem) = exact(field, IDENTIFIER) {
            tracing::warn!(problem = problem.code(), "a token's subject cannot be kept, so it is refused");
            return Err(Error::Unauthenticated);
        }
    }
    let services = services.clone();
    let work = async move {
        let known = services.database.glimpse(async |db| by_digest(db, &assertion.digest).await).await?;
        if let Some(known) = known {
            return Ok(known);
        }
        match begin(&services, &trust, &assertion, request_id).await {
            // Of two newcomers at once, who are one, the other was faster: then all is there.
            Err(Error::Refused(faults)) if faults.iter().all(|fault| fault.problem == Problem::Taken) => {
                begin(&services, &trust, &assertion, request_id).await
            }
            outcome => outcome,
        }
    };
    statements::detached(work).await.map_err(Error::internal)?
}

async fn by_digest(db: &DatabaseTransaction, digest: &[u8; 32]) -> Result<Option<Recognised>> {
    let found = issued_session::Entity::find_by_id(digest.to_vec())
        .find_also_related(session::Entity)
        .one(db)
        .await?;
    let session = found.and_then(|(_, session)| session);
    Ok(session.map(|session| Recognised { account_id: session.account_id, session_id: session.id }))
}

async fn begin(
    services: &Services,
    trust: &Trust,
    assertion: &Assertion,
    request_id: Uuid,
) -> Result<Recognised> {
    let db = services.database.begin().await?;
    match Box::pin(first_seen(services, &db, trust, assertion, request_id)).await {
        Ok(recognised) => {
            services.database.commit(db).await?;
            Ok(recognised)
        }
        Err(error) => {
            db.rollback().await?;
            Err(error)
        }
    }
}

async fn first_seen(
    services: &Services,
    db: &DatabaseTransaction,
    trust: &Trust,
    assertion: &Assertion,
    request_id: Uuid,
) -> Result<Recognised> {
    let account = match by_subject(db, &assertion.issuer, &assertion.subject).await? {
        Some(account) => account,
        None if trust.accounts_on_first_sight => make(services, db, assertion, request_id).await?,
        None => {
            tracing::info!(request = %request_id, "a token of the issuer is of nobody who has an account here");
            return Err(Error::Unauthenticated);
        }
    };
    // While this waited for the account, the same token may have been seen.
    if let Some(known) = by_digest(db, &assertion.digest).await? {
        return Ok(known);
    }
    let bounds = account_token_bounds::Entity::find_by_id(account.id).one(db).await?;
    let (refused_before, groups_of) =
        bounds.map_or((None, None), |bounds| (bounds.refused_before, bounds.groups_of));
    if !account.active || refused_before.is_some_and(|moment| assertion.issued_at < moment) {
        return Err(Error::Unauthenticated);
    }
    let session = session::Model {
        id: services.environment.new_id(),
        account_id: account.id,
        started_at: services.environment.now(),
        ended_at: None,
    };
    let recognised = Recognised { account_id: account.id, session_id: session.id };
    session.into_active_model().insert(db).await?;
    let issued = issued_session::Model {
        digest: assertion.digest.to_vec(),
        session_id: recognised.session_id,
        expires_at: assertion.expires_at,
    };
    issued.into_active_model().insert(db).await?;
    // An older token tells of groups that may be lost since.
    if groups_of.is_none_or(|newest| assertion.issued_at >= newest) {
        let known_as = (account.id, account.name);
        let context = Context::of_recognised(services, db, known_as, request_id).await?;
        let changed = trust.groups.apply(&Scope::new(&context, db), assertion).await?;
        if changed {
            let bounds = account_token_bounds::Column::GroupsOf;
            bound(db, account.id, bounds, assertion.issued_at).await?;
        }
    }
    Ok(recognised)
}

/// Makes the account of someone who was never seen. The event is the account's own.
async fn make(
    services: &Services,
    db: &DatabaseTransaction,
    assertion: &Assertion,
    request_id: Uuid,
) -> Result<Account> {
    let newcomer = FirstSeen::new(services.environment.new_id(), assertion);
    let known_as = (newcomer.id, newcomer.name.clone());
    let context = Context::of_recognised(services, db, known_as, request_id).await?;
    let (account, _) =
        perform(&Scope::new(&context, db), &newcomer, &Given::default(), FirstSeen::ACTION).await?;
    Ok(account)
}

/// Refuses, from now on, the account's tokens that were issued before a moment and that nobody has shown yet. The account is
/// held meanwhile, so that none of them is let in at the same time.
pub(crate) async fn refuse_earlier(db: &DatabaseTransaction, account_id: Uuid, at: Timestamp) -> Result<()> {
    account::Entity::find_by_id(account_id).lock_exclusive().one(db).await?;
    bound(db, account_id, account_token_bounds::Column::RefusedBefore, at).await
}

async fn bound(
    db: &DatabaseTransaction,
    account_id: Uuid,
    column: account_token_bounds::Column,
    at: Timestamp,
) -> Result<()> {
    let mut bounds = account_token_bounds::Model { account_id, refused_before: None, groups_of: None };
    match column {
        account_token_bounds::Column::RefusedBefore => bounds.refused_before = Some(at),
        _ => bounds.groups_of = Some(at),
    }
    account_token_bounds::Entity::insert(bounds.into_active_model())
        .on_conflict(
            OnConflict::column(account_token_bounds::Column::AccountId)
                .value(column, Expr::val(at))
                .to_owned(),
        )
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// Deletes sessions whose tokens ended long ago, some at a time. How many there were.
pub async fn delete_ended(services: &Services) -> Result<u64> {
    let services = services.clone();
    let work = async move {
        let before = services.environment.now().plus_seconds(-KEPT_SECONDS);
        services.database.bookkeep(async |db| delete_ended_before(db, before).await).await
    };
    statements::detached(work).await.map_err(Error::internal)?
}

async fn delete_ended_before(db: &DatabaseTransaction, before: Timestamp) -> Result<u64> {
    let ended: Vec<Uuid> = issued_session::Entity::find()
        .select_only()
        .column(issued_session::Column::SessionId)
        .filter(issued_session::COLUMN.expires_at.lt(before))
        .order_by_asc(issued_session::COLUMN.expires_at)
        .limit(BATCH)
        .into_tuple()
        .all(db)
        .await?;
    issued_session::Entity::delete_many()
        .filter(issued_session::Column::SessionId.is_in(ended.iter().copied()))
        .exec(db)
        .await?;
    let deleted = session::Entity::delete_many()
        .filter(session::Column::Id.is_in(ended.iter().copied()))
        .exec(db)
        .await?;
    Ok(deleted.rows_affected)
}
