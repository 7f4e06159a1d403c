//! Who asks: what a request's credential names, and the context that it opens.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap};
use domain::{Context, Credential, Error, Uuid, api_token};

use tracing::field::display;

use super::App;
use super::graphql::{Rejected, rejected};
use crate::tokens::Named;

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
pub async fn named(app: &App, token: Option<&str>) -> Result<Option<Named>, Rejected> {
    let Some(token) = token else { return Ok(None) };
    let named = if api_token::is_meant_by(token) {
        let found = api_token::named_by(&app.services, token).await.map_err(|error| failed(&error, None))?;
        found.map(|found| Named {
            account_id: found.account_id,
            credential: Credential::ApiToken(found.id),
            expires_at: found.expires_at,
        })
    } else {
        app.tokens.read(token, &*app.services.environment)
    };
    named.map(Some).ok_or_else(unauthenticated)
}

pub async fn identify(
    app: &App,
    named: Option<Named>,
    request_id: Uuid,
) -> Result<Option<Context>, Rejected> {
    let Some(named) = named else { return Ok(None) };
    let opened = named.credential.open(&app.services, named.account_id, request_id).await;
    opened.map(Some).map_err(|error| failed(&error, Some(request_id)))
}

/// Why it cannot be told who asks.
fn failed(error: &Error, request_id: Option<Uuid>) -> Rejected {
    let request = request_id.map(display);
    match error {
        Error::Unavailable(cause) => {
            tracing::warn!(request, cause, "database unavailable");
            rejected(
                StatusCode::SERVICE_UNAVAILABLE,
                "UNAVAILABLE",
                "The database does not answer. Try again shortly.",
            )
        }
        Error::Unauthenticated => unauthenticated(),
        error => {
            tracing::error!(request, %error, "credential not read");
            rejected(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL", "Something went wrong on our side.")
        }
    }
}
