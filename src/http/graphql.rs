//! The endpoint of the API: reads the request under limits, finds out who asks, and answers.

use std::borrow::Cow;
use std::time::Instant;

use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, web};
use domain::{Language, Uuid, statements};
use futures_util::StreamExt;
use graphql::{Allowed, Document, Refusal, Shared};

use super::identity::{bearer, identify, named};
use super::streams::Wanted;
use super::{App, Limits, socket, sse};

const GRAPHQL_RESPONSE: &str = "application/graphql-response+json";

/// Why a request is not answered by the schema.
pub struct Rejected {
    pub status: StatusCode,
    pub code: &'static str,
    pub message: Cow<'static, str>,
}

pub const fn rejected(status: StatusCode, code: &'static str, message: &'static str) -> Rejected {
    Rejected { status, code, message: Cow::Borrowed(message) }
}

pub async fn endpoint(app: web::Data<App>, request: HttpRequest, payload: web::Payload) -> HttpResponse {
    let started = Instant::now();
    let request_id = app.services.environment.new_id();
    let media = media_type(request.headers());
    let answered = answer(&app, &request, payload, request_id, media).await;
    let (mut response, statements) = answered.unwrap_or_else(|rejected| {
        let errors = serde_json::json!({
            "errors": [{ "message": rejected.message, "extensions": { "code": rejected.code } }]
        });
        (respond(rejected.status, media, errors.to_string()), 0)
    });
    if response.status() == StatusCode::METHOD_NOT_ALLOWED {
        // By GET it was a mutation.
        let allowed = if request.method() == Method::GET { "POST" } else { "GET, POST" };
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allowed));
    }
    if let Ok(id) = HeaderValue::from_str(&request_id.to_string()) {
        response.headers_mut().insert(header::HeaderName::from_static("x-request-id"), id);
    }
    let milliseconds = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let status = response.status().as_u16();
    tracing::info!(request = %request_id, status, milliseconds, statements, "answered");
    response
}

async fn answer(
    app: &App,
    request: &HttpRequest,
    payload: web::Payload,
    request_id: Uuid,
    media: &'static str,
) -> Result<(HttpResponse, u32), Rejected> {
    if socket::is_wanted(request.headers()) {
        return Ok((socket::open(app, request, payload, request_id).await?, 0));
    }
    let (document, allowed) = match *request.method() {
        Method::GET => (from_query(request)?, Allowed::QueriesOnly),
        Method::POST => (from_body(request.headers(), payload, &app.limits).await?, Allowed::All),
        _ => {
            return Err(rejected(
                StatusCode::METHOD_NOT_ALLOWED,
                "BAD_USER_INPUT",
                "Use POST, or GET for queries.",
            ));
        }
    };
    let token = bearer(request.headers())?;
    let (named, first) = statements::counted(named(app, token.as_deref(), request_id)).await;
    let named = named?;
    let caller = app.networks.caller(request);
    let language = language(request.headers());
    let streams = sse::is_accepted(request.headers());
    if streams && app.schema.is_subscription(&document).await {
        let wanted =
            |listened_to| Wanted { app: app.clone(), document, named, language, request_id, listened_to };
        let (response, statements) = sse::answer(request, wanted, media).await?;
        return Ok((response, first + statements));
    }
    let (app, limits) = (app.clone(), app.limits);
    let asked_by = caller.clone();
    let (executed, statements) = in_time(&limits, async move {
        let shared = Shared {
            context: identify(&app, named, request_id).await?,
            services: app.services.clone(),
            tokens: app.tokens.clone(),
            checkpoint_key: app.checkpoint_key.clone(),
            language,
            request_id,
            caller: asked_by,
            public_url: app.public_url(),
            lifetime: None,
        };
        let context = shared.context.clone();
        let executed = app.schema.execute(document, allowed, shared).await;
        if let Some(context) = context
            && let Err(error) = context.release().await
        {
            tracing::warn!(request = %request_id, %error, "snapshot not released");
        }
        Ok(executed)
    })
    .await?;
    let mut response = match executed {
        Ok(answer) => respond(StatusCode::OK, media, answer.body),
        Err(Refusal::Answer(answer)) => {
            // A client that understands only JSON learns of a faulty request from the body.
            let known = media == GRAPHQL_RESPONSE || streams;
            let status = if known { StatusCode::BAD_REQUEST } else { StatusCode::OK };
            respond(status, media, answer.body)
        }
        Err(Refusal::Mutation | Refusal::NoSubscription) => {
            return Err(rejected(
                StatusCode::METHOD_NOT_ALLOWED,
                "BAD_USER_INPUT",
                "Send mutations by POST.",
            ));
        }
    };
    if let Some(seconds) = caller.told_to_wait() {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    Ok((response, first + statements))
}

/// What comes of some work, if it comes in time, and the number of statements that it took. The work is a task of its own: a
/// client that hangs up does not leave a connection in the middle of a statement.
async fn in_time<T: Send + 'static>(
    limits: &Limits,
    work: impl Future<Output = Result<T, Rejected>> + Send + 'static,
) -> Result<(T, u32), Rejected> {
    let (done, statements) = answered_in_time(limits, tokio::spawn(statements::counted(work))).await?;
    Ok((done?, statements))
}

/// What something comes to, if it does and in time.
pub async fn answered_in_time<T, E>(
    limits: &Limits,
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, Rejected> {
    match tokio::time::timeout(limits.answer_patience(), work).await {
        Ok(Ok(done)) => Ok(done),
        // The panic's message may hold what was asked; where it was, the hook has logged.
        Ok(Err(_panicked)) => {
            tracing::error!("request failed");
            Err(rejected(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL", "Something went wrong on our side."))
        }
        Err(_late) => Err(late()),
    }
}

pub fn late() -> Rejected {
    rejected(StatusCode::SERVICE_UNAVAILABLE, "TIMEOUT", "The answer took too long.")
}

pub fn respond(status: StatusCode, media: &str, body: String) -> HttpResponse {
    HttpResponse::build(status).content_type(format!("{media}; charset=utf-8")).body(body)
}

/// The media type of the answer: the one of GraphQL over HTTP where the client asks for it, else plain JSON.
fn media_type(headers: &HeaderMap) -> &'static str {
    let accepts = headers.get_all(header::ACCEPT).filter_map(|value| value.to_str().ok());
    if accepts.flat_map(|value| value.split(',')).any(|range| range.trim().starts_with(GRAPHQL_RESPONSE)) {
        GRAPHQL_RESPONSE
    } else {
        "application/json"
    }
}

const BAD_REQUEST: StatusCode = StatusCode::BAD_REQUEST;

fn from_query(request: &HttpRequest) -> Result<Document, Rejected> {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Parameters {
        query: String,
        operation_name: Option<String>,
        variables: Option<String>,
    }
    let unreadable = |_| rejected(BAD_REQUEST, "BAD_USER_INPUT", "Give the document as the parameter query.");
    let Parameters { query, operation_name, variables } =
        web::Query::<Parameters>::from_query(request.query_string()).map_err(unreadable)?.into_inner();
    let variables = match variables.filter(|variables| !variables.is_empty()) {
        Some(variables) => serde_json::from_str(&variables).map_err(|_unreadable| {
            rejected(BAD_REQUEST, "BAD_USER_INPUT", "The parameter variables is a JSON object.")
        })?,
        None => None,
    };
    Ok(Document { query, operation_name, variables, extensions: None })
}

async fn from_body(
    headers: &HeaderMap,
    mut payload: web::Payload,
    limits: &Limits,
) -> Result<Document, Rejected> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/json") {
        let message = "Send the document as application/json.";
        return Err(rejected(StatusCode::UNSUPPORTED_MEDIA_TYPE, "BAD_USER_INPUT", message));
    }
    let too_large = || Rejected {
        status: StatusCode::PAYLOAD_TOO_LARGE,
        code: "BAD_USER_INPUT",
        message: format!("The body is larger than {} KiB.", limits.body / 1024).into(),
    };
    let announced =
        headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limits.body) {
        return Err(too_large());
    }
    let read = async {
        let mut body = Vec::new();
        while let Some(chunk) = payload.next().await {
            let chunk = chunk
                .map_err(|_broken| rejected(BAD_REQUEST, "BAD_USER_INPUT", "The body was not readable."))?;
            if body.len() + chunk.len() > limits.body {
                return Err(too_large());
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    };
    let slow =
        |_| rejected(StatusCode::REQUEST_TIMEOUT, "BAD_USER_INPUT", "The body took too long to arrive.");
    let body = tokio::time::timeout(limits.body_patience, read).await.map_err(slow)??;
    if body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[') {
        return Err(rejected(BAD_REQUEST, "BAD_USER_INPUT", "Send one document at a time, not a list."));
    }
    serde_json::from_slice(&body).map_err(|unreadable| {
        let message = match name_of_number(&body, &unreadable) {
            Some(name) => {
                format!("Invalid value for \"{name}\": this is not a number that can be kept.").into()
            }
            None => {
                "The body is a JSON object with query, and if need be variables and operationName.".into()
            }
        };
        Rejected { status: BAD_REQUEST, code: "BAD_USER_INPUT", message }
    })
}

/// The name under which a number stands that is too large for any reader of JSON, where that is the fault.
fn name_of_number(body: &[u8], fault: &serde_json::Error) -> Option<String> {
    if !fault.to_string().starts_with("number out of range") {
        return None;
    }
    let line = body.split(|byte| *byte == b'\n').nth(fault.line().checked_sub(1)?)?;
    let before = String::from_utf8_lossy(line.get(..fault.column().min(line.len()))?);
    let (before, _number) = before.rsplit_once(':')?;
    let (before, name) = before.trim_end().strip_suffix('"')?.rsplit_once('"')?;
    let is_name = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && !before.ends_with('\\');
    is_name.then(|| name.to_owned())
}

/// The first of our languages that the reader prefers; English for whoever says nothing.
pub fn language(headers: &HeaderMap) -> Language {
    let wanted =
        headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut ranges: Vec<(String, f32)> = wanted
        .split(',')
        .map(|range| {
            let (tag, weight) = range.split_once(';').unwrap_or((range, "q=1"));
            let weight = weight.trim().strip_prefix("q=").and_then(|weight| weight.trim().parse().ok());
            (tag.trim().to_lowercase(), weight.unwrap_or(0.0))
        })
        .filter(|(_, weight)| *weight > 0.0)
        .collect();
    ranges.sort_by(|one, other| other.1.total_cmp(&one.1));
    let known = ranges.iter().find_map(|(tag, _)| match tag.split('-').next() {
        Some("da") => Some(Language::Danish),
        Some("en") => Some(Language::English),
        _ => None,
    });
    known.unwrap_or_default()
}
