//! Who asks: what a request's credential names, and the context that it opens.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap};
use domain::{Context, Error, Uuid};

use super::App;
use super::graphql::{Rejected, late, rejected};
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

/// The session that the token names; none without a token. It is not known yet whether it goes on: that is [`identify`]'s to find.
pub fn named(app: &App, token: Option<&str>) -> Result<Option<Named>, Rejected> {
    let read = |token| app.tokens.read(token, &*app.services.environment).ok_or_else(unauthenticated);
    token.map(read).transpose()
}

pub async fn identify(
    app: &App,
    named: Option<Named>,
    request_id: Uuid,
) -> Result<Option<Context>, Rejected> {
    let Some(named) = named else { return Ok(None) };
    match Context::of_session(&app.services, named.session_id, named.account_id, request_id).await {
        Ok(context) => Ok(Some(context)),
        Err(Error::Unavailable(cause)) => {
            tracing::warn!(request = %request_id, cause, "database unavailable");
            Err(rejected(
                StatusCode::SERVICE_UNAVAILABLE,
                "UNAVAILABLE",
                "The database does not answer. Try again shortly.",
            ))
        }
        Err(Error::Timeout) => {
            tracing::warn!(request = %request_id, "out of time");
            Err(late())
        }
        Err(Error::Unauthenticated) => Err(unauthenticated()),
        Err(error) => {
            tracing::error!(request = %request_id, %error, "session not read");
            Err(rejected(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL", "Something went wrong on our side."))
        }
    }
}
