//! Subscriptions over a WebSocket, by the protocol `graphql-transport-ws`.
//!
//! One loop holds the socket: it reads what the client says, and is the only one to write. Each subscription is a task that
//! hands it what is to be sent.

mod following;
mod protocol;

use std::io::ErrorKind;
use std::sync::Weak;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap};
use actix_web::{HttpRequest, HttpResponse, web};
use actix_ws::{AggregatedMessage, AggregatedMessageStream, CloseReason, Session};
use domain::Uuid;
use serde_json::{Map, Value};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, interval, sleep_until, timeout};

use super::App;
use super::graphql::{Rejected, rejected};
use super::identity::{bearer, identify, named};
use super::origin::is_foreign;
use super::question::language;
use super::streams::{Place, READER_PATIENCE, Wire};
use following::{Outgoing, Subscriptions};
use protocol::{Close, SUBPROTOCOL, Said};

/// The largest message of a client, in bytes.
const LARGEST_MESSAGE: usize = 64 * 1024;
/// How long a client may take to introduce itself.
const INIT_PATIENCE: Duration = Duration::from_secs(5);
const PING_EVERY: Duration = Duration::from_secs(20);
/// How long nothing need be heard of a client.
const SILENCE: Duration = Duration::from_mins(1);
/// How long after its token a socket is kept: its subscriptions tell first that they end.
const FAREWELL: Duration = Duration::from_millis(1_500);

/// Whether a request is to become a WebSocket.
pub fn is_wanted(headers: &HeaderMap) -> bool {
    let upgrade = headers.get(header::UPGRADE).and_then(|upgrade| upgrade.to_str().ok());
    upgrade.is_some_and(|upgrade| upgrade.eq_ignore_ascii_case("websocket"))
}

/// Makes a request a WebSocket, if it is one of ours.
pub async fn open(
    app: &App,
    request: &HttpRequest,
    payload: web::Payload,
    request_id: Uuid,
) -> Result<HttpResponse, Rejected> {
    let headers = request.headers();
    if is_foreign(headers, &app.origins) {
        let message = "A page of another origin may not open a WebSocket here.";
        return Err(rejected(StatusCode::FORBIDDEN, "FORBIDDEN", message));
    }
    let bad = |message| rejected(StatusCode::BAD_REQUEST, "BAD_USER_INPUT", message);
    let offered = headers.get_all(header::SEC_WEBSOCKET_PROTOCOL).filter_map(|value| value.to_str().ok());
    if !offered.flat_map(|value| value.split(',')).any(|offered| offered.trim() == SUBPROTOCOL) {
        return Err(bad("Open the WebSocket with the subprotocol graphql-transport-ws."));
    }
    let token = bearer(headers)?;
    let place = match named(app, token.as_deref(), request_id).await? {
        Some(named) => {
            let place = app.streams.enter(Some(named.account_id))?;
            if let Some(context) = identify(app, Some(named), request_id).await? {
                context.release().await;
            }
            place
        }
        None => app.streams.wait()?,
    };
    let (response, session, messages) = actix_ws::handle_with_protocols(request, payload, &[SUBPROTOCOL])
        .map_err(|_no_handshake| bad("This is no handshake of the WebSocket protocol."))?;
    let messages = messages
        .max_frame_size(LARGEST_MESSAGE)
        .aggregate_continuations()
        .max_continuation_size(LARGEST_MESSAGE);
    let (outgoing, following) = mpsc::channel(following::WAITING);
    let socket = Socket {
        app: app.clone(),
        session,
        wire: Wire::below(request),
        subscriptions: Subscriptions::new(app.clone(), language(headers), outgoing),
        request_id,
        token,
        place,
        introduced: false,
        expires: None,
        heard: Instant::now(),
    };
    // Of this worker: what reads the connection cannot leave it.
    actix_web::rt::spawn(socket.run(messages, following));
    Ok(response)
}

/// A socket that can no longer be written to.
struct Gone;

/// Why the loop ends.
enum End {
    Closed(Close),
    Gone,
}

impl From<Gone> for End {
    fn from(_: Gone) -> Self {
        Self::Gone
    }
}

struct Socket {
    app: App,
    session: Session,
    wire: Weak<Wire>,
    subscriptions: Subscriptions,
    request_id: Uuid,
    /// As it was given at the upgrade, or later by the client's introduction.
    token: Option<String>,
    place: Place,
    introduced: bool,
    /// When the token is over, and the socket with it.
    expires: Option<Instant>,
    heard: Instant,
}

impl Socket {
    async fn run(mut self, messages: AggregatedMessageStream, following: mpsc::Receiver<Outgoing>) {
        let stopping = self.app.streams.stopping();
        let end = self.until_end(messages, following, stopping).await;
        let code = match end {
            Err(End::Closed(Close { code, reason })) => {
                let reason = CloseReason { code: code.into(), description: Some(reason) };
                if timeout(READER_PATIENCE, self.session.close(Some(reason))).await.is_err() {
                    Wire::cut(&self.wire);
                }
                Some(code)
            }
            Err(End::Gone) | Ok(()) => None,
        };
        drop(self.place);
        tracing::info!(request = %self.request_id, code, "socket closed");
    }

    /// Serves the client until it leaves, or until there is a reason to part.
    async fn until_end(
        &mut self,
        mut messages: AggregatedMessageStream,
        mut following: mpsc::Receiver<Outgoing>,
        mut stopping: watch::Receiver<bool>,
    ) -> Result<(), End> {
        let begun = Instant::now();
        let mut pings = interval(PING_EVERY);
        loop {
            let deadline = if self.introduced { self.expires } else { Some(begun + INIT_PATIENCE) };
            tokio::select! {
                message = messages.recv() => {
                    let Some(message) = message else { return Ok(()) };
                    let message = message.map_err(|fault| End::Closed(close_for(&fault)))?;
                    self.heard = Instant::now();
                    match message {
                        AggregatedMessage::Text(text) => self.hear(&text).await?,
                        AggregatedMessage::Binary(_) => return Err(End::Closed(Close::bad_message())),
                        AggregatedMessage::Ping(bytes) => {
                            in_time(&self.wire, self.session.pong(&bytes)).await?;
                        }
                        AggregatedMessage::Pong(_) => {}
                        AggregatedMessage::Close(_) => return Ok(()),
                    }
                }
                Some(outgoing) = following.recv() => {
                    if let Some(message) = self.subscriptions.message(outgoing) {
                        self.send(message).await?;
                    }
                }
                _ = pings.tick() => {
                    if self.heard.elapsed() > SILENCE {
                        return Err(End::Closed(Close::silent()));
                    }
                    in_time(&self.wire, self.session.ping(b"")).await?;
                }
                () = sleep_until(deadline.unwrap_or(begun)), if deadline.is_some() => {
                    let close = if self.introduced { Close::expired() } else { Close::not_introduced() };
                    return Err(End::Closed(close));
                }
                _ = stopping.wait_for(|stopping| *stopping) => {
                    for message in self.subscriptions.end_all() {
                        self.send(message).await?;
                    }
                    return Err(End::Closed(Close::going_away()));
                }
            }
        }
    }

    /// Does what the client says.
    async fn hear(&mut self, text: &str) -> Result<(), End> {
        let close = |close| Err(End::Closed(close));
        match Said::read(text) {
            None => close(Close::bad_message()),
            Some(Said::ConnectionInit { .. }) if self.introduced => close(Close::introduced_twice()),
            Some(Said::ConnectionInit { payload }) => {
                self.introduce(&payload.unwrap_or_default()).await.map_err(End::Closed)?;
                Ok(self.send(protocol::acknowledged()).await?)
            }
            Some(Said::Ping { payload }) => Ok(self.send(protocol::pong(payload)).await?),
            Some(Said::Pong {}) => Ok(()),
            Some(Said::Subscribe { .. }) if !self.introduced => close(Close::unauthorized()),
            Some(Said::Subscribe { id, .. }) if self.subscriptions.has(&id) => {
                close(Close::subscriber_exists(&id))
            }
            Some(Said::Subscribe { id, payload }) => {
                let refusal = self.subscriptions.begin(id, payload, self.token.as_deref()).await;
                if let Some(refusal) = refusal {
                    self.send(refusal).await?;
                }
                Ok(())
            }
            Some(Said::Complete { id }) => {
                self.subscriptions.end(&id);
                Ok(())
            }
        }
    }

    /// Finds out who it is. The token was in the upgrade's header, or is here; two that differ are none.
    async fn introduce(&mut self, payload: &Map<String, Value>) -> Result<(), Close> {
        let given = protocol::authorization(payload)?;
        let from_header = self.token.is_some();
        match (&self.token, given) {
            (None, Some(given)) => self.token = Some(given.to_owned()),
            (Some(own), Some(given)) if own != given => return Err(Close::unauthorized()),
            (None, None) => return Err(Close::unauthorized()),
            (Some(_), _) => {}
        }
        let closed = |rejected: Rejected| match rejected.status {
            StatusCode::UNAUTHORIZED => Close::unauthorized(),
            StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS => {
                Close::later(&rejected.message)
            }
            _ => Close::failed(),
        };
        let named = named(&self.app, self.token.as_deref(), self.request_id).await.map_err(closed)?;
        let named = named.ok_or_else(Close::unauthorized)?;
        if let Some(context) = identify(&self.app, Some(named), self.request_id).await.map_err(closed)? {
            context.release().await;
        }
        if !from_header {
            self.place.belongs_to(named.account_id).map_err(closed)?;
        }
        let left = named.expires_at.since(self.app.services.environment.now());
        self.expires = Some(Instant::now() + left + FAREWELL);
        self.introduced = true;
        Ok(())
    }

    async fn send(&mut self, message: String) -> Result<(), Gone> {
        in_time(&self.wire, self.session.text(message)).await
    }
}

/// Writes, or gives up on a reader that takes nothing.
async fn in_time(
    wire: &Weak<Wire>,
    written: impl Future<Output = Result<(), actix_ws::Closed>>,
) -> Result<(), Gone> {
    match timeout(READER_PATIENCE, written).await {
        Ok(written) => written.map_err(|_closed| Gone),
        Err(_late) => {
            Wire::cut(wire);
            Err(Gone)
        }
    }
}

fn close_for(fault: &actix_ws::ProtocolError) -> Close {
    match fault {
        actix_ws::ProtocolError::Io(error) if error.kind() == ErrorKind::InvalidData => Close::broken(),
        // The second is how messages of many frames are found too large.
        actix_ws::ProtocolError::Overflow | actix_ws::ProtocolError::Io(_) => Close::too_large(),
        _ => Close::broken(),
    }
}
