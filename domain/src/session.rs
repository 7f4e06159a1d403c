//! Signing in and staying so: a short-lived access token names a session here, a refresh token is used once.

mod listed;

pub use listed::{Listed, of_accounts};

use entity::{account, refresh_token, session};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
};

use crate::account::Password;
use crate::attempts::{self, Attempt, Caller};
use crate::columns::{Timestamp, Uuid};
use crate::context::{Context, Services};
use crate::credential::Credential;
use crate::database::statements;
use crate::error::{Error, Problem, Result};
use crate::input::text::{folded, sought};
use crate::operation::Scope;
use crate::secret::{self, digest};
use crate::{identity, password};

/// How long an access token is believed.
pub const ACCESS_SECONDS: i64 = 15 * 60;
/// How long a session lives without being refreshed.
const REFRESH_SECONDS: i64 = 14 * 24 * 60 * 60;

/// A session as it is handed to its owner.
#[derive(Clone)]
pub struct SignedIn {
    pub account_id: Uuid,
    pub session_id: Uuid,
    /// Shown once; stored only as its digest.
    pub refresh_token: String,
    pub at: Timestamp,
}

/// Begins a session. An unknown address and a wrong password are answered alike, and take as long. How many are taken,
/// [`attempts`] says.
pub async fn sign_in(
    services: &Services,
    caller: &Caller,
    email: &str,
    password: Password,
) -> Result<SignedIn> {
    require_local_accounts(services)?;
    let email = sought(email).map_err(|problem| Error::refused("email", problem))?;
    if !password::is_readable(&password.0) {
        return Err(Error::refused("", Problem::WrongCredentials));
    }
    caller.check_once()?;
    let email_key = folded(&email);
    let attempt = Attempt::to_sign_in(&email_key, caller);
    attempts::look(services, &attempt).await?;
    let turn = password::turn().await?;
    // Counted in one's turn: so few are under way at once that a crowd with the right password is not taken for guessing.
    let counted = attempts::count(services, attempt).await?;
    let select = account::Entity::find().filter(account::COLUMN.email_key.eq(email_key));
    let found = services.database.glimpse(async |db| Ok(select.one(db).await?)).await?;
    let account = found.filter(|account| account.active);
    let hash = account.as_ref().and_then(|account| account.password_hash.clone());
    let verified = password::verified(turn, password.0, hash).await?;
    let Some(account) = account.filter(|_| verified) else {
        return Err(Error::refused("", Problem::WrongCredentials));
    };
    let services = services.clone();
    statements::detached(async move {
        let db = services.database.begin().await?;
        // While the password was being verified it may have been changed, or the account deactivated.
        let present = account::Entity::find_by_id(account.id).lock_shared().one(&*db).await?;
        if present.as_ref() != Some(&account) {
            db.rollback().await?;
            return Err(Error::refused("", Problem::WrongCredentials));
        }
        let at = services.environment.now();
        attempts::succeeded(&db, &counted, at).await?;
        let session = session::Model {
            id: services.environment.new_id(),
            account_id: account.id,
            started_at: at,
            ended_at: None,
        };
        let session_id = session.id;
        session.into_active_model().insert(&*db).await?;
        let refresh_token = issue(&services, &db, session_id, at).await?;
        services.database.commit_of(db, false).await?;
        Ok(SignedIn { account_id: account.id, session_id, refresh_token, at })
    })
    .await
    .map_err(Error::internal)?
}

/// Takes a refresh token for a new one. One that was used before is in wrong hands: the session ends, both branches of it.
pub async fn refresh(services: &Services, token: &str) -> Result<SignedIn> {
    require_local_accounts(services)?;
    let digest = digest(token);
    let services = services.clone();
    statements::detached(async move {
        // What was never a token is not worth a place among those who write.
        let select = refresh_token::Entity::find_by_id(digest);
        let known = services.database.glimpse(async |db| Ok(select.one(db).await?)).await?;
        let Some(known) = known else {
            return Err(Error::refused("refreshToken", Problem::SessionOver));
        };
        let db = services.database.begin().await?;
        let outcome = rotate(&services, &db, known).await;
        // A token used twice must end the session even though the answer is a refusal.
        services.database.commit(db).await?;
        outcome
    })
    .await
    .map_err(Error::internal)?
}

/// Takes a token for the next, given as it was when the request came.
async fn rotate(
    services: &Services,
    db: &DatabaseTransaction,
    token: refresh_token::Model,
) -> Result<SignedIn> {
    let at = services.environment.now();
    let over = || Error::refused("refreshToken", Problem::SessionOver);
    let session = session::Entity::find_by_id(token.session_id).one(db).await?.ok_or_else(over)?;
    if session.ended_at.is_some() || token.expires_at <= at {
        return Err(over());
    }
    // Of two at once, one finds the token unused: the condition is in the statement.
    let used = refresh_token::Entity::update_many()
        .col_expr(refresh_token::Column::UsedAt, Expr::val(at))
        .filter(refresh_token::COLUMN.digest.eq(token.digest))
        .filter(refresh_token::COLUMN.used_at.is_null())
        .exec(db)
        .await?;
    if used.rows_affected == 0 {
        // Two that were on their way together are one client in a hurry; one that comes when the token was used already is not.
        if token.used_at.is_some() {
            end(db, session::COLUMN.id.eq(session.id).into(), at).await?;
        }
        return Err(over());
    }
    let account = account::Entity::find_by_id(session.account_id).one(db).await?;
    if account.is_none_or(|account| !account.active) {
        return Err(over());
    }
    let refresh_token = issue(services, db, session.id, at).await?;
    Ok(SignedIn { account_id: session.account_id, session_id: session.id, refresh_token, at })
}

/// Ends the session of this request.
pub async fn sign_out(context: &Context) -> Result<()> {
    let Credential::Session(session_id) = context.actor.credential else {
        return Err(Error::Forbidden);
    };
    end_own(context, Some(session_id)).await
}

/// Ends all sessions of the account whose session this request is of, this one among them.
pub async fn sign_out_everywhere(context: &Context) -> Result<()> {
    let Credential::Session(_) = context.actor.credential else {
        return Err(Error::Forbidden);
    };
    end_own(context, None).await
}

/// Ends one session of the actor, or all of them.
async fn end_own(context: &Context, only: Option<Uuid>) -> Result<()> {
    context.release().await;
    let context = context.clone();
    statements::detached(async move {
        let (account_id, now) = (context.actor.id, context.now());
        let ending = async |db: &DatabaseTransaction| match only {
            Some(session_id) => end(db, session::COLUMN.id.eq(session_id).into(), now).await,
            None => end_all_of(db, account_id, None, now).await,
        };
        context.services.database.bookkeep(ending).await?;
        context.services.database.access_changed();
        Ok(())
    })
    .await
    .map_err(Error::internal)?
}

/// Ends the sessions of an account, but for the one of `but`.
pub(crate) async fn end_all(scope: &Scope<'_>, account_id: Uuid, but: Option<Credential>) -> Result<()> {
    end_all_of(scope.db, account_id, but, scope.now()).await
}

async fn end_all_of(
    db: &DatabaseTransaction,
    account_id: Uuid,
    but: Option<Credential>,
    now: Timestamp,
) -> Result<()> {
    let mut sessions = sea_orm::Condition::all().add(session::COLUMN.account_id.eq(account_id));
    if let Some(Credential::Session(kept)) = but {
        sessions = sessions.add(session::COLUMN.id.ne(kept));
    }
    // Tokens of an issuer that nobody has shown yet go with those that were.
    identity::refuse_earlier(db, account_id, now).await?;
    end(db, sessions, now).await
}

/// Refuses what takes a password, where nobody has one.
pub(crate) fn check_local_accounts(services: &Services) -> Result<(), Problem> {
    if services.local_accounts { Ok(()) } else { Err(Problem::LocalAccountsOff) }
}

/// The same, as an error that no field is to blame for.
pub(crate) fn require_local_accounts(services: &Services) -> Result<()> {
    check_local_accounts(services).map_err(|problem| Error::refused("", problem))
}

async fn end(db: &DatabaseTransaction, sessions: sea_orm::Condition, at: Timestamp) -> Result<()> {
    session::Entity::update_many()
        .col_expr(session::Column::EndedAt, Expr::val(at))
        .filter(sessions)
        .filter(session::COLUMN.ended_at.is_null())
        .exec(db)
        .await?;
    Ok(())
}

async fn issue(
    services: &Services,
    db: &DatabaseTransaction,
    session_id: Uuid,
    at: Timestamp,
) -> Result<String> {
    let token = secret::made(&*services.environment)?;
    let stored = refresh_token::Model {
        digest: digest(&token),
        session_id,
        expires_at: at.plus_seconds(REFRESH_SECONDS),
        used_at: None,
    };
    stored.into_active_model().insert(db).await?;
    Ok(token)
}
