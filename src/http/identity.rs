//! Who asks: what a request's credential names, and the context that it opens.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap};
use domain::identity::{self, Assertion, Recognised};
use domain::{Context, Credential, Error, Uuid, api_token};

use super::App;
use super::graphql::{Rejected, failed, late, rejected};
use crate::tokens::{Issuer, Named, Read, Refused};

/// The token of the request. Two are none: it would be anyone's guess which one counts.
pub fn bearer(headers: &HeaderMap) -> Result<Option<String>, Rejected> {
    let mut given = headers.get_all(header::AUTHORIZATION);
    let Some(first) = given.next() else {
        return Ok(None);
    };
    match (first.to_str().ok().and_then(token_of), given.next()) {
        (Some(token), None) => Ok(Some(token.to_owned())),
        _ => Err(unauthenticated()),
    }
}

fn unauthenticated() -> Rejected {
    rejected(
        StatusCode::UNAUTHORIZED,
        "UNAUTHENTICATED",
        "This token is not valid, or no longer. Sign in again.",
    )
}

/// The token of an `Authorization`.
pub fn token_of(authorization: &str) -> Option<&str> {
    let (scheme, token) = authorization.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// What the token names; none without a token. It is not known yet whether it goes on: that is [`identify`]'s to find.
pub async fn named(app: &App, token: Option<&str>, request_id: Uuid) -> Result<Option<Named>, Rejected> {
    let Some(token) = token else { return Ok(None) };
    if api_token::is_meant_by(token) {
        let found = api_token::named_by(&app.services, token).await;
        let found = found.map_err(|error| refusal(&error, request_id))?.ok_or_else(unauthenticated)?;
        return Ok(Some(Named {
            account_id: found.account_id,
            credential: Credential::ApiToken(found.id),
            expires_at: found.expires_at,
        }));
    }
    match app.tokens.read(token, app.services.environment.now()).await {
        Ok(Read::Session(named)) => Ok(Some(named)),
        Ok(Read::Issued(issuer, assertion)) => issued(app, issuer, assertion, request_id).await.map(Some),
        Err(Refused::Because(reason)) => {
            tracing::info!(request = %request_id, reason, "token refused");
            Err(unauthenticated())
        }
        Err(Refused::NoKeys) => Err(rejected(
            StatusCode::SERVICE_UNAVAILABLE,
            "UNAVAILABLE",
            "The identity provider does not answer. Try again shortly.",
        )),
    }
}

/// The session of an issuer's token, which begins when the token is first seen.
async fn issued(
    app: &App,
    issuer: &Issuer,
    assertion: Assertion,
    request_id: Uuid,
) -> Result<Named, Rejected> {
    if let Some(named) = issuer.seen(&assertion) {
        return Ok(named);
    }
    let (digest, expires_at) = (assertion.digest, assertion.expires_at);
    let recognised = identity::recognise(&app.services, Arc::clone(&issuer.trust), assertion, request_id);
    let Recognised { account_id, session_id } =
        recognised.await.map_err(|error| refusal(&error, request_id))?;
    let named = Named { account_id, credential: Credential::Session(session_id), expires_at };
    issuer.remember(digest, named, app.services.environment.now());
    Ok(named)
}

pub async fn identify(
    app: &App,
    named: Option<Named>,
    request_id: Uuid,
) -> Result<Option<Context>, Rejected> {
    let Some(named) = named else { return Ok(None) };
    let opened = named.credential.open_remembered(&app.services, named.account_id, request_id).await;
    opened.map(Some).map_err(|error| refusal(&error, request_id))
}

fn refusal(error: &Error, request_id: Uuid) -> Rejected {
    match error {
        Error::Unavailable(cause) => {
            tracing::warn!(request = %request_id, cause, "database unavailable");
            rejected(
                StatusCode::SERVICE_UNAVAILABLE,
                "UNAVAILABLE",
                "The database does not answer. Try again shortly.",
            )
        }
        Error::Timeout => {
            tracing::warn!(request = %request_id, "out of time");
            late()
        }
        Error::Unauthenticated => unauthenticated(),
        error => {
            tracing::error!(request = %request_id, %error, "credential not read");
            failed()
        }
    }
}
