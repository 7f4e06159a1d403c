//! Subscriptions by server-sent events: the protocol *GraphQL over SSE* in its distinct connections mode.

use std::convert::Infallible;
use std::sync::Weak;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};
use domain::statements::{self, Cost};
use futures_util::stream::{self, Stream, StreamExt};
use graphql::{Answers, Refusal};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{sleep, timeout};

use super::graphql::{Rejected, answered_in_time, rejected, respond};
use super::streams::{Place, READER_PATIENCE, Wanted, Wire};

const EVENT_STREAM: &str = "text/event-stream";
/// How long nothing may be sent: proxies close what is silent, and a write is what tells that the reader has gone.
const SILENCE: Duration = Duration::from_secs(15);
const NOTHING: &str = ":\n\n";
/// How often it is looked whether the reader is still there.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How many events may wait for a reader.
const WAITING: usize = 16;

/// Whether the client takes an event stream.
pub fn is_accepted(headers: &HeaderMap) -> bool {
    let accepts = headers.get_all(header::ACCEPT).filter_map(|value| value.to_str().ok());
    accepts.flat_map(|value| value.split(',')).any(|range| {
        let kind = range.split(';').next().unwrap_or_default();
        kind.trim().eq_ignore_ascii_case(EVENT_STREAM)
    })
}

/// The response to a subscription, with what opening it cost.
pub async fn answer(
    request: &HttpRequest,
    wanted: impl FnOnce(watch::Receiver<()>) -> Wanted,
    media: &str,
) -> Result<(HttpResponse, Cost), Rejected> {
    let (listening, listened_to) = watch::channel(());
    let wanted = wanted(listened_to);
    let stopping = wanted.app.streams.stopping();
    let limits = wanted.app.limits;
    let place = wanted.app.streams.enter(wanted.named.map(|named| named.account_id))?;
    let wire = Wire::below(request);
    let (outgoing, incoming) = mpsc::channel(WAITING);
    let (tell, told) = oneshot::channel();
    // A task of its own, which the end of the connection does not cut short.
    tokio::spawn(run(wanted, tell, outgoing, place, wire.clone()));
    let (opened, cost) = answered_in_time(&limits, told).await?;
    match opened? {
        Ok(()) => {}
        Err(Refusal::Answer(answer)) => {
            return Ok((respond(StatusCode::BAD_REQUEST, media, answer.body), cost));
        }
        Err(Refusal::Mutation | Refusal::NoSubscription) => {
            return Err(rejected(StatusCode::BAD_REQUEST, "BAD_USER_INPUT", "Only a subscription streams."));
        }
    }
    let body = Body { incoming, wire, listening: Some(listening), stopping };
    let first = stream::iter([Ok::<_, Infallible>(Bytes::from_static(NOTHING.as_bytes()))]);
    let response = HttpResponse::Ok()
        .content_type(format!("{EVENT_STREAM}; charset=utf-8"))
        // Proxies that collect answers before they pass them on take this as a request not to.
        .insert_header((header::HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no")))
        .streaming(first.chain(body.chunks()));
    Ok((response, cost))
}

/// How opening went, and what it cost.
type Told = (Result<Result<(), Refusal>, Rejected>, Cost);

/// A stream from its opening to its end.
async fn run(
    wanted: Wanted,
    tell: oneshot::Sender<Told>,
    outgoing: mpsc::Sender<String>,
    place: Place,
    wire: Weak<Wire>,
) {
    let request_id = wanted.request_id;
    let (opened, cost) = statements::counted(wanted.open()).await;
    let (told, answers) = match opened {
        Ok(Ok(answers)) => (Ok(Ok(())), Some(answers)),
        Ok(Err(refusal)) => (Ok(Err(refusal)), None),
        Err(rejected) => (Err(rejected), None),
    };
    // Where nobody waits for it any more, the stream ends at once by itself.
    let _waited_for = tell.send((told, cost));
    if let Some(answers) = answers {
        let events = give(answers, &outgoing, &wire).await;
        tracing::info!(request = %request_id, events, "stream ended");
    }
    drop(place);
}

/// Gives all answers to the response, for as long as it takes them. How many it took.
async fn give(mut answers: Answers, outgoing: &mpsc::Sender<String>, wire: &Weak<Wire>) -> u64 {
    let mut given = 0;
    while let Some(answer) = answers.next().await {
        let event = format!("event: next\ndata: {}\n\n", answer.body);
        if !taken(event, outgoing, wire).await {
            return given;
        }
        given += 1;
    }
    taken("event: complete\ndata:\n\n".to_owned(), outgoing, wire).await;
    given
}

async fn taken(event: String, outgoing: &mpsc::Sender<String>, wire: &Weak<Wire>) -> bool {
    let sent = timeout(READER_PATIENCE, outgoing.send(event)).await;
    if sent.is_err() {
        Wire::cut(wire);
    }
    sent.is_ok_and(|sent| sent.is_ok())
}

/// Until the client has left.
async fn left(wire: &Weak<Wire>) {
    while !Wire::is_left(wire) {
        sleep(LOOK_EVERY).await;
    }
}

struct Body {
    incoming: mpsc::Receiver<String>,
    wire: Weak<Wire>,
    listening: Option<watch::Sender<()>>,
    stopping: watch::Receiver<bool>,
}

impl Body {
    fn chunks(self) -> impl Stream<Item = Result<Bytes, Infallible>> {
        stream::unfold(self, |mut body| async {
            let chunk = body.next().await?;
            Some((Ok(chunk), body))
        })
    }

    async fn next(&mut self) -> Option<Bytes> {
        loop {
            tokio::select! {
                biased;
                event = self.incoming.recv() => return event.map(Bytes::from),
                _ = self.stopping.wait_for(|stopping| *stopping), if self.listening.is_some() => {
                    // The stream then ends, and with it what comes in.
                    self.listening = None;
                }
                () = left(&self.wire), if self.listening.is_some() => {
                    self.listening = None;
                }
                () = sleep(SILENCE) => return Some(Bytes::from_static(NOTHING.as_bytes())),
            }
        }
    }
}
