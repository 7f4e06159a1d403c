use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use domain::account::Password;
use domain::session::{self, ACCESS_SECONDS, SignedIn};
use domain::{Actor, Error};

use crate::errors;
use crate::payload::{UserError, outcome};
use crate::plan::One;
use crate::request::{Shared, signed_in};
use crate::scalars::DateTime;

/// What signing in takes.
#[derive(InputObject)]
pub struct SignInInput {
    /// The account's address, whatever its case.
    email: String,
    /// The password, of at most 1,024 bytes.
    #[graphql(secret)]
    password: String,
}

/// What renewing a session takes.
#[derive(InputObject)]
pub struct RefreshSessionInput {
    /// The newest refresh token of the session. Using one twice ends the session.
    #[graphql(secret)]
    refresh_token: String,
}

/// A session, begun or renewed.
#[derive(SimpleObject)]
pub struct SessionPayload {
    /// To be sent as `Authorization: Bearer …` with each request.
    access_token: Option<String>,
    /// To be used once, for `refreshSession`. Kept no longer than 14 days.
    refresh_token: Option<String>,
    /// When the access token ends.
    expires_at: Option<DateTime>,
    /// Who is signed in.
    viewer: One<Actor>,
    /// What there is to mend; empty where it is done.
    user_errors: Vec<UserError>,
}

/// The end of a session.
#[derive(SimpleObject)]
pub struct SignOutPayload {
    /// What there is to mend; empty where it is done.
    user_errors: Vec<UserError>,
}

#[derive(Default)]
pub struct SessionMutations;

#[Object]
impl SessionMutations {
    /// Begins a session. Needs no token. An unknown address and a wrong password are answered alike. After ten wrong passwords
    /// for an address, or thirty from one place, further ones are refused with `RATE_LIMITED` for the seconds in `retryAfter`: 5
    /// at first, then longer, at most 900. A request checks one password, however many fields it has.
    async fn sign_in(&self, field: &Context<'_>, input: SignInInput) -> Result<Option<SessionPayload>> {
        let shared = shared(field).await?;
        let begun =
            session::sign_in(&shared.services, &shared.caller, &input.email, Password(input.password)).await;
        payload(field, shared, begun).await.map(Some)
    }

    /// Takes a refresh token for a new access token and a new refresh token. Needs no access token.
    async fn refresh_session(
        &self,
        field: &Context<'_>,
        input: RefreshSessionInput,
    ) -> Result<Option<SessionPayload>> {
        let shared = shared(field).await?;
        let renewed = session::refresh(&shared.services, &input.refresh_token).await;
        payload(field, shared, renewed).await.map(Some)
    }

    /// Ends the session of the access token. It and its refresh tokens are worth nothing from then on. Not by an API token.
    async fn sign_out(&self, field: &Context<'_>) -> Result<Option<SignOutPayload>> {
        let end = async { session::sign_out(signed_in(field)?).await };
        let (_, user_errors) = outcome(field, end.await)?;
        Ok(Some(SignOutPayload { user_errors }))
    }

    /// Ends all your sessions, that of the access token among them. Your API tokens go on. Not by an API token.
    async fn sign_out_everywhere(&self, field: &Context<'_>) -> Result<Option<SignOutPayload>> {
        let end = async { session::sign_out_everywhere(signed_in(field)?).await };
        let (_, user_errors) = outcome(field, end.await)?;
        Ok(Some(SignOutPayload { user_errors }))
    }
}

/// What the request has. A session begins or goes on by itself: whoever sent it, its connection is given back first.
pub(super) async fn shared<'a>(field: &Context<'a>) -> Result<&'a Shared> {
    let shared = field.data::<Shared>();
    let shared = shared.map_err(|error| errors::told(field, &Error::Internal(error.message)))?;
    if let Some(context) = &shared.context {
        context.release().await;
    }
    Ok(shared)
}

async fn payload(
    field: &Context<'_>,
    shared: &Shared,
    session: domain::Result<SignedIn>,
) -> Result<SessionPayload> {
    let (session, user_errors) = outcome(field, session)?;
    let Some(session) = session else {
        let viewer = None.into();
        return Ok(SessionPayload {
            access_token: None,
            refresh_token: None,
            expires_at: None,
            viewer,
            user_errors,
        });
    };
    let expires_at = session.at.plus_seconds(ACCESS_SECONDS);
    let told = |error| errors::told(field, &error);
    let access_token = shared.tokens.issue(&session, expires_at).map_err(told)?;
    let context =
        domain::Context::of_signed_in(&shared.services, &session, shared.request_id).await.map_err(told)?;
    let actor = (*context.actor).clone();
    Ok(SessionPayload {
        access_token: Some(access_token),
        refresh_token: Some(session.refresh_token),
        expires_at: Some(DateTime(expires_at)),
        viewer: One::read_by(context, actor),
        user_errors,
    })
}
