//! What a request asks, read under limits.

use std::hash::Hash;

use actix_web::http::header::{self, HeaderMap};
use actix_web::http::{Method, StatusCode};
use actix_web::web::{Bytes, BytesMut};
use actix_web::{HttpRequest, web};
use domain::Language;
use futures_util::StreamExt;
use graphql::{Allowed, Document};

use super::Limits;
use super::graphql::{Rejected, rejected};

/// What was asked, as it came.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Question {
    /// By GET, in the address.
    Address(String),
    /// By POST, in the body.
    Body(Bytes),
}

const BAD_REQUEST: StatusCode = StatusCode::BAD_REQUEST;

impl Question {
    pub async fn read(
        request: &HttpRequest,
        payload: web::Payload,
        limits: &Limits,
    ) -> Result<Self, Rejected> {
        match *request.method() {
            Method::GET => Ok(Self::Address(request.query_string().to_owned())),
            Method::POST => read_body(request.headers(), payload, limits).await.map(Self::Body),
            _ => Err(rejected(
                StatusCode::METHOD_NOT_ALLOWED,
                "BAD_USER_INPUT",
                "Use POST, or GET for queries.",
            )),
        }
    }

    pub fn document(&self) -> Result<(Document, Allowed), Rejected> {
        match self {
            Self::Address(query) => Ok((from_query(query)?, Allowed::QueriesOnly)),
            Self::Body(body) => Ok((from_body(body)?, Allowed::All)),
        }
    }

    /// How many bytes it takes.
    pub fn size(&self) -> usize {
        match self {
            Self::Address(query) => query.len(),
            Self::Body(body) => body.len(),
        }
    }
}

fn from_query(query: &str) -> Result<Document, Rejected> {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Parameters {
        query: String,
        operation_name: Option<String>,
        variables: Option<String>,
    }
    let unreadable = |_| rejected(BAD_REQUEST, "BAD_USER_INPUT", "Give the document as the parameter query.");
    let Parameters { query, operation_name, variables } =
        web::Query::<Parameters>::from_query(query).map_err(unreadable)?.into_inner();
    let variables = match variables.filter(|variables| !variables.is_empty()) {
        Some(variables) => serde_json::from_str(&variables).map_err(|_unreadable| {
            rejected(BAD_REQUEST, "BAD_USER_INPUT", "The parameter variables is a JSON object.")
        })?,
        None => None,
    };
    Ok(Document { query, operation_name, variables, extensions: None })
}

async fn read_body(
    headers: &HeaderMap,
    mut payload: web::Payload,
    limits: &Limits,
) -> Result<Bytes, Rejected> {
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
        let mut body = BytesMut::new();
        while let Some(chunk) = payload.next().await {
            let chunk = chunk
                .map_err(|_broken| rejected(BAD_REQUEST, "BAD_USER_INPUT", "The body was not readable."))?;
            if body.len() + chunk.len() > limits.body {
                return Err(too_large());
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
    };
    let slow =
        |_| rejected(StatusCode::REQUEST_TIMEOUT, "BAD_USER_INPUT", "The body took too long to arrive.");
    tokio::time::timeout(limits.body_patience, read).await.map_err(slow)?
}

fn from_body(body: &[u8]) -> Result<Document, Rejected> {
    if body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[') {
        return Err(rejected(BAD_REQUEST, "BAD_USER_INPUT", "Send one document at a time, not a list."));
    }
    serde_json::from_slice(body).map_err(|unreadable| {
        let message = match name_of_number(body, &unreadable) {
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
