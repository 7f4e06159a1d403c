//! Those who follow: a WebSocket and an event stream, as clients open them.

use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tungstenite::client::IntoClientRequest;
use tungstenite::handshake::HandshakeError;
use tungstenite::{Message, WebSocket};
use ureq::http::Response;
use ureq::{Agent, Body, BodyReader};

use super::client::Client;
use super::server::SECRET;

/// Longer than anything takes that comes at all.
const PATIENCE: Duration = Duration::from_secs(20);

/// What comes over a socket.
#[derive(Clone, Debug, PartialEq)]
pub enum Heard {
    Message(Value),
    Closed(u16),
    /// The connection ended without a word.
    Gone,
}

impl Heard {
    pub fn message(self) -> Value {
        match self {
            Self::Message(message) => message,
            other => panic!("a message, not {other:?}"),
        }
    }
}

pub struct Socket(WebSocket<TcpStream>);

impl Socket {
    /// Opens a socket with these headers; the status where that is refused.
    pub fn try_open(url: &str, headers: &[(&'static str, &str)]) -> Result<Self, u16> {
        let address = url.strip_prefix("http://").expect("an http address");
        let connection = TcpStream::connect(address).expect("a connection");
        connection.set_read_timeout(Some(PATIENCE)).expect("a time limit");
        let mut request = format!("ws://{address}/graphql").into_client_request().expect("a request");
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().expect("a header"));
        }
        match tungstenite::client(request, connection) {
            Ok((socket, _)) => Ok(Self(socket)),
            Err(HandshakeError::Failure(tungstenite::Error::Http(refused))) => Err(refused.status().as_u16()),
            Err(other) => panic!("a handshake: {other}"),
        }
    }

    /// A socket of the protocol, not introduced yet.
    pub fn open(url: &str) -> Self {
        Self::try_open(url, &[PROTOCOL]).expect("a socket")
    }

    /// A socket on which a client has introduced itself.
    pub fn of(client: &Client) -> Self {
        let mut socket = Self::open(client.url());
        let token = client.token.as_deref().expect("a client that is signed in");
        socket.say(&init(token));
        assert_eq!(socket.hear(), Heard::Message(json!({ "type": "connection_ack" })));
        socket
    }

    pub fn say(&mut self, message: &Value) {
        self.send(Message::text(message.to_string()));
    }

    pub fn send(&mut self, message: Message) {
        self.0.send(message).expect("a message that is sent");
    }

    pub fn subscribe(&mut self, id: &str, query: &str, variables: Value) {
        let payload = json!({ "query": query, "variables": variables });
        self.say(&json!({ "id": id, "type": "subscribe", "payload": payload }));
    }

    /// What comes next, but for the signs of life.
    pub fn hear(&mut self) -> Heard {
        loop {
            match self.0.read() {
                Ok(Message::Text(text)) => {
                    return Heard::Message(serde_json::from_str(text.as_str()).expect("JSON"));
                }
                Ok(Message::Close(frame)) => {
                    return Heard::Closed(frame.map_or(1005, |frame| frame.code.into()));
                }
                Ok(Message::Ping(_) | Message::Pong(_)) => {}
                Ok(other) => panic!("a message of the protocol, not {other:?}"),
                Err(tungstenite::Error::Io(error)) if error.kind() == std::io::ErrorKind::WouldBlock => {
                    panic!("nothing came");
                }
                Err(_) => return Heard::Gone,
            }
        }
    }

    /// The data of the next answer, which is one to the subscription `id`.
    pub fn next(&mut self, id: &str) -> Value {
        let message = self.hear().message();
        assert_eq!((&message["type"], &message["id"]), (&json!("next"), &json!(id)), "{message}");
        assert!(message["payload"].get("errors").is_none(), "{message}");
        message["payload"]["data"].clone()
    }

    /// The code with which a subscription ends in its midst.
    pub fn end(&mut self, id: &str) -> String {
        let message = self.hear().message();
        assert_eq!((&message["type"], &message["id"]), (&json!("next"), &json!(id)), "{message}");
        assert_eq!(message["payload"]["data"], Value::Null, "{message}");
        let code = message["payload"]["errors"][0]["extensions"]["code"].as_str().expect("a code").to_owned();
        assert_eq!(self.hear(), Heard::Message(json!({ "id": id, "type": "complete" })));
        code
    }

    /// The code with which a subscription is refused.
    pub fn refusal(&mut self, id: &str) -> String {
        let message = self.hear().message();
        assert_eq!((&message["type"], &message["id"]), (&json!("error"), &json!(id)), "{message}");
        message["payload"][0]["extensions"]["code"].as_str().expect("a code").to_owned()
    }

    pub fn connection(&self) -> &TcpStream {
        self.0.get_ref()
    }
}

pub const PROTOCOL: (&str, &str) = ("sec-websocket-protocol", "graphql-transport-ws");

pub fn init(token: &str) -> Value {
    json!({ "type": "connection_init", "payload": { "Authorization": format!("Bearer {token}") } })
}

/// An event stream that is being read.
pub struct EventStream {
    lines: BufReader<BodyReader<'static>>,
}

/// What came in an event stream.
#[derive(Clone, Debug, PartialEq)]
pub enum Sent {
    Next(Value),
    Complete,
    /// The response is over.
    End,
}

impl EventStream {
    /// Sends a subscription and takes what comes.
    pub fn request(client: &Client, query: &str, variables: &Value) -> Response<Body> {
        let agent: Agent = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_recv_response(Some(PATIENCE))
            .timeout_recv_body(Some(2 * PATIENCE))
            .build()
            .into();
        let mut request = agent
            .post(format!("{}/graphql", client.url()))
            .header("content-type", "application/json")
            .header("accept", "text/event-stream");
        if let Some(token) = &client.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let body = json!({ "query": query, "variables": variables }).to_string();
        request.send(body).expect("an answer")
    }

    /// A subscription that is open.
    pub fn open(client: &Client, query: &str, variables: &Value) -> Self {
        let response = Self::request(client, query, variables);
        let kind = response.headers().get("content-type").and_then(|kind| kind.to_str().ok());
        assert_eq!((response.status().as_u16(), kind), (200, Some("text/event-stream; charset=utf-8")));
        Self { lines: BufReader::new(response.into_body().into_reader()) }
    }

    fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        let read = self.lines.read_line(&mut line).expect("a line");
        (read > 0).then(|| line.trim_end_matches('\n').to_owned())
    }

    /// What is sent next, but for the signs of life.
    pub fn next(&mut self) -> Sent {
        loop {
            let Some(line) = self.line() else { return Sent::End };
            let data = match line.as_str() {
                "" | ":" => continue,
                "event: next" => self.line().expect("data"),
                "event: complete" => {
                    assert_eq!((self.line().as_deref(), self.line().as_deref()), (Some("data:"), Some("")));
                    return Sent::Complete;
                }
                other => panic!("an event, not {other}"),
            };
            assert_eq!(self.line().as_deref(), Some(""), "an event ends with an empty line");
            let json = data.strip_prefix("data: ").expect("data");
            return Sent::Next(serde_json::from_str(json).expect("JSON"));
        }
    }
}

/// A token of the same session that ends so many seconds after the session's first began.
pub fn token_for(client: &Client, seconds: i64) -> String {
    let token = client.token.as_deref().expect("a client that is signed in");
    let parts: Vec<_> = token.split('.').collect();
    let claims = BASE64URL_NOPAD.decode(parts[1].as_bytes()).expect("base64");
    let mut claims: Value = serde_json::from_slice(&claims).expect("claims");
    claims["exp"] = json!(claims["iat"].as_i64().expect("a moment") + seconds);
    let signed = format!("{}.{}", parts[0], BASE64URL_NOPAD.encode(claims.to_string().as_bytes()));
    let signature = BASE64URL_NOPAD.encode(&hmac(SECRET.as_bytes(), signed.as_bytes()));
    format!("{signed}.{signature}")
}

/// HMAC-SHA-256.
pub fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let short = Sha256::digest(key);
    let key = if key.len() > 64 { short.as_slice() } else { key };
    let padded =
        |with: u8| -> Vec<u8> { (0..64).map(|at| key.get(at).copied().unwrap_or_default() ^ with).collect() };
    let inner = Sha256::new().chain_update(padded(0x36)).chain_update(message).finalize();
    Sha256::new().chain_update(padded(0x5c)).chain_update(inner).finalize().to_vec()
}
