//! The endpoint of the API: reads the request under limits, finds out who asks, and answers.

use std::borrow::Cow;
use std::time::Instant;

use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};
use domain::attempts::Caller;
use domain::log::Heads;
use domain::statements::{self, Cost};
use domain::{Language, Uuid};
use graphql::{Allowed, Answer, Data, Document, Refusal, Shared};

use super::answers::Asked;
use super::identity::{bearer, identify, named};
use super::question::{Question, language};
use super::streams::Wanted;
use super::{App, Limits, socket, sse};
use crate::tokens::Named;

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

pub async fn endpoint(
    app: web::Data<App>,
    heads: web::Data<Heads>,
    request: HttpRequest,
    payload: web::Payload,
) -> HttpResponse {
    let started = Instant::now();
    let request_id = app.services.environment.new_id();
    let media = media_type(request.headers());
    let answered = answer(&app, &heads, &request, payload, request_id, media).await;
    let (mut response, Spent { answering, identifying }) = answered.unwrap_or_else(|rejected| {
        let errors = serde_json::json!({
            "errors": [{ "message": rejected.message, "extensions": { "code": rejected.code } }]
        });
        (respond(rejected.status, media, errors.to_string()), Spent::default())
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
    let (statements, transactions) =
        (answering.statements, answering.transactions + identifying.transactions);
    let identifying = identifying.statements;
    tracing::info!(request = %request_id, status, milliseconds, statements, transactions, identifying, "answered");
    response
}

async fn answer(
    app: &App,
    heads: &Heads,
    request: &HttpRequest,
    payload: web::Payload,
    request_id: Uuid,
    media: &'static str,
) -> Result<(HttpResponse, Spent), Rejected> {
    if socket::is_wanted(request.headers()) {
        return Ok((socket::open(app, request, payload, request_id).await?, Spent::default()));
    }
    let question = Question::read(request, payload, &app.limits).await?;
    let token = bearer(request.headers())?;
    let (named, naming) = statements::counted(named(app, token.as_deref(), request_id)).await;
    let named = named?;
    let caller = app.networks.caller(request);
    let language = language(request.headers());
    let streams = sse::is_accepted(request.headers());
    if !streams && let Some(body) = again(app, heads, named, language, &question).await {
        return Ok((
            respond(StatusCode::OK, media, body),
            Spent { answering: Cost::default(), identifying: naming },
        ));
    }
    let (document, allowed) = question.document()?;
    if streams && app.schema.is_subscription(&document).await {
        let wanted =
            |listened_to| Wanted { app: app.clone(), document, named, language, request_id, listened_to };
        let (response, answering) = sse::answer(request, wanted, media).await?;
        return Ok((response, Spent { answering, identifying: naming }));
    }
    let asking = Asking { app: app.clone(), named, caller: caller.clone(), language, request_id };
    // A task of its own: a client that hangs up does not leave a connection in the middle of a statement.
    let executing = tokio::spawn(asking.execute(question, document, allowed));
    let (executed, mut spent) = answered_in_time(&app.limits, executing).await??;
    spent.identifying += naming;
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
    Ok((response, spent))
}

/// What was answered to the same reader who asked the same, if nothing was written since.
async fn again(
    app: &App,
    heads: &Heads,
    named: Option<Named>,
    language: Language,
    question: &Question,
) -> Option<Bytes> {
    let Named { credential, account_id, .. } = named?;
    let actor = credential.remembered(&app.services, account_id)?;
    app.answers.again(&app.services, heads, Asked { actor, language, question: question.clone() }).await
}

/// What an answer cost, and to find out who asks, which is remembered for a moment.
#[derive(Default)]
struct Spent {
    answering: Cost,
    identifying: Cost,
}

/// Who asks, and by which server.
struct Asking {
    app: App,
    named: Option<Named>,
    caller: Caller,
    language: Language,
    request_id: Uuid,
}

impl Asking {
    /// The answer, and what it cost.
    async fn execute(
        self,
        question: Question,
        document: Document,
        allowed: Allowed,
    ) -> Result<(Result<Answer, Refusal>, Spent), Rejected> {
        let Self { app, named, caller, language, request_id } = self;
        let (context, identifying) = statements::counted(identify(&app, named, request_id)).await;
        let context = context?;
        let (keeping, before) = match &context {
            Some(context) => statements::counted(app.answers.keeping(context, language, question)).await,
            None => (None, Cost::default()),
        };
        let shared = Shared {
            context: context.clone(),
            services: app.services.clone(),
            tokens: app.tokens.clone(),
            checkpoint_key: app.checkpoint_key.clone(),
            language,
            request_id,
            caller,
            public_url: app.public_url(),
            lifetime: None,
        };
        let (executed, mut answering) =
            statements::counted(app.schema.execute(document, allowed, Data::of(shared))).await;
        answering += before;
        if let Some(context) = context {
            context.release().await;
            if let (Some(keeping), Ok(answer)) = (keeping, &executed)
                && answer.repeatable
                && !context.was_told()
            {
                app.answers.keep(keeping, &answer.body);
            }
        }
        Ok((executed, Spent { answering, identifying }))
    }
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
            Err(failed())
        }
        Err(_late) => Err(late()),
    }
}

pub fn failed() -> Rejected {
    rejected(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL", "Something went wrong on our side.")
}

pub fn late() -> Rejected {
    rejected(StatusCode::SERVICE_UNAVAILABLE, "TIMEOUT", "The answer took too long.")
}

pub fn respond(status: StatusCode, media: &str, body: impl Into<Bytes>) -> HttpResponse {
    HttpResponse::build(status).content_type(format!("{media}; charset=utf-8")).body(body.into())
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
