//! The messages of `graphql-transport-ws`, and why a socket is closed.
//!
//! <https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md>

use graphql::Document;
use serde::Deserialize;
use serde_json::{Map, Value, json};

pub const SUBPROTOCOL: &str = "graphql-transport-ws";

/// What a client says.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Said {
    ConnectionInit {
        #[serde(default)]
        payload: Option<Map<String, Value>>,
    },
    Ping {
        #[serde(default)]
        payload: Option<Map<String, Value>>,
    },
    Pong {},
    Subscribe {
        id: String,
        payload: Document,
    },
    Complete {
        id: String,
    },
}

impl Said {
    /// None for what is no message of the protocol.
    pub fn read(text: &str) -> Option<Self> {
        let said = serde_json::from_str(text).ok()?;
        match &said {
            Self::Subscribe { id, .. } | Self::Complete { id } if id.is_empty() => None,
            _ => Some(said),
        }
    }
}

/// The token that a client gives as it introduces itself; an error where it is none of ours to read, or one of several.
pub fn authorization(payload: &Map<String, Value>) -> Result<Option<&str>, Close> {
    let mut given = payload.iter().filter(|(name, _)| name.eq_ignore_ascii_case("authorization"));
    let Some((_, value)) = given.next() else {
        return Ok(None);
    };
    match (value.as_str().and_then(crate::http::identity::token_of), given.next()) {
        (Some(token), None) => Ok(Some(token)),
        _ => Err(Close::unauthorized()),
    }
}

pub fn acknowledged() -> String {
    json!({ "type": "connection_ack" }).to_string()
}

pub fn pong(payload: Option<Map<String, Value>>) -> String {
    match payload {
        Some(payload) => json!({ "type": "pong", "payload": payload }).to_string(),
        None => json!({ "type": "pong" }).to_string(),
    }
}

/// `answer` is JSON already.
pub fn next(id: &str, answer: &str) -> String {
    format!("{{\"id\":{},\"type\":\"next\",\"payload\":{answer}}}", Value::from(id))
}

pub fn error(id: &str, errors: &Value) -> String {
    json!({ "id": id, "type": "error", "payload": errors }).to_string()
}

pub fn complete(id: &str) -> String {
    json!({ "id": id, "type": "complete" }).to_string()
}

/// How a socket ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Close {
    pub code: u16,
    pub reason: String,
}

impl Close {
    fn because(code: u16, reason: &str) -> Self {
        Self { code, reason: reason.to_owned() }
    }

    pub fn going_away() -> Self {
        Self::because(1001, "The server is stopping")
    }

    pub fn broken() -> Self {
        Self::because(1002, "This is not the WebSocket protocol")
    }

    pub fn silent() -> Self {
        Self::because(1008, "Nothing was heard for a minute")
    }

    pub fn too_large() -> Self {
        Self::because(1009, "A message has at most 64 KiB")
    }

    pub fn failed() -> Self {
        Self::because(1011, "Something went wrong on our side")
    }

    pub fn later(reason: &str) -> Self {
        Self::because(1013, reason)
    }

    pub fn bad_message() -> Self {
        Self::because(4400, "This is no message of graphql-transport-ws")
    }

    pub fn unauthorized() -> Self {
        Self::because(4401, "Unauthorized")
    }

    /// Clients of the protocol take this as a reason to connect again, with a fresh token.
    pub fn expired() -> Self {
        Self::because(4403, "Forbidden: the access token has expired")
    }

    pub fn not_introduced() -> Self {
        Self::because(4408, "Connection initialisation timeout")
    }

    pub fn subscriber_exists(id: &str) -> Self {
        Self::because(4409, &format!("Subscriber for {id} already exists"))
    }

    pub fn introduced_twice() -> Self {
        Self::because(4429, "Too many initialisation requests")
    }
}
