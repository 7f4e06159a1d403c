//! How what went wrong is told to clients: top-level errors by code, and nothing of the inside.

use async_graphql::context::ContextBase;
use async_graphql::{ErrorExtensionValues, Pos, ServerError, Value};
use domain::{Error, Fault, Language, Problem};

use crate::request::Shared;

/// An error of the request itself.
pub fn bad_request(message: impl Into<String>) -> ServerError {
    with_code(ServerError::new(message, None), "BAD_USER_INPUT")
}

pub fn with_code(mut error: ServerError, code: &str) -> ServerError {
    error.extensions.get_or_insert_with(ErrorExtensionValues::default).set("code", code);
    error
}

pub fn has_code(error: &ServerError) -> bool {
    error.extensions.as_ref().is_some_and(|extensions| extensions.get("code").is_some())
}

/// The error that a resolver gives. Its text for the log stays in the log.
pub fn told<T>(field: &ContextBase<'_, T>, error: &Error) -> async_graphql::Error {
    let shared = field.data_opt::<Shared>();
    let language = shared.map_or(Language::default(), |shared| shared.language);
    let request = shared.map(|shared| shared.request_id.to_string()).unwrap_or_default();
    let mut extensions = ErrorExtensionValues::default();
    extensions.set("code", code(error));
    match error {
        Error::Internal(cause) => {
            tracing::error!(request, cause, "internal error");
            extensions.set("requestId", request);
        }
        Error::Unavailable(cause) => {
            tracing::warn!(request, cause, "database unavailable");
            extensions.set("requestId", request);
        }
        Error::Refused(faults) => {
            let faults = faults.iter().map(|fault| told_fault(fault, language)).collect();
            extensions.set("faults", Value::List(faults));
        }
        Error::RateLimited { seconds } => {
            extensions.set("retryAfter", *seconds);
            if let Some(shared) = shared {
                shared.caller.tell_to_wait(*seconds);
            }
        }
        Error::Timeout => tracing::warn!(request, "out of time"),
        Error::Unauthenticated | Error::Forbidden => {}
    }
    async_graphql::Error { message: message(error, language), source: None, extensions: Some(extensions) }
}

/// The same, with its place in the document and the answer, where no resolver adds them.
pub fn to_server_error<T>(place: &ContextBase<'_, T>, pos: Pos, error: &Error) -> ServerError {
    place.set_error_path(told(place, error).into_server_error(pos))
}

fn told_fault(fault: &Fault, language: Language) -> Value {
    let field = Value::List(fault.field.iter().map(|step| Value::String(step.clone())).collect());
    let fields = [
        ("field", field),
        ("code", Value::String(fault.problem.code().to_owned())),
        ("message", Value::String(fault.problem.message(language))),
    ];
    Value::Object(fields.into_iter().map(|(name, value)| (async_graphql::Name::new(name), value)).collect())
}

fn code(error: &Error) -> &'static str {
    match error {
        Error::Unauthenticated => "UNAUTHENTICATED",
        Error::Forbidden => "FORBIDDEN",
        // What is not there, or not for the actor to know of.
        Error::Refused(faults) if faults.iter().all(|fault| fault.problem == Problem::NotFound) => {
            "NOT_FOUND"
        }
        Error::Refused(_) => "BAD_USER_INPUT",
        Error::RateLimited { .. } => "RATE_LIMITED",
        Error::Timeout => "TIMEOUT",
        Error::Unavailable(_) => "UNAVAILABLE",
        Error::Internal(_) => "INTERNAL",
    }
}

fn message(error: &Error, language: Language) -> String {
    let (danish, english) = match error {
        Error::Unauthenticated => ("Log ind først.", "Sign in first."),
        Error::Forbidden => ("Dine roller tillader ikke dette.", "Your roles do not permit this."),
        Error::RateLimited { seconds } => {
            return match language {
                Language::Danish => format!("For mange forsøg. Prøv igen om {seconds} sekunder."),
                Language::English => format!("Too many attempts. Try again in {seconds} seconds."),
            };
        }
        Error::Timeout => (
            "Det tog for lang tid. Prøv igen, eller bed om mindre ad gangen.",
            "This took too long. Try again, or ask for less at a time.",
        ),
        Error::Unavailable(_) => {
            ("Databasen svarer ikke. Prøv igen om lidt.", "The database does not answer. Try again shortly.")
        }
        Error::Internal(_) => (
            "Noget gik galt hos os. Oplys request-id'et.",
            "Something went wrong on our side. Quote the request id.",
        ),
        Error::Refused(faults) => {
            let told = |fault: &Fault| {
                let field = fault.field.join(".");
                let message = fault.problem.message(language);
                if field.is_empty() { message } else { format!("{field}: {message}") }
            };
            return faults.iter().map(told).collect::<Vec<_>>().join(" ");
        }
    };
    match language {
        Language::Danish => danish.to_owned(),
        Language::English => english.to_owned(),
    }
}
