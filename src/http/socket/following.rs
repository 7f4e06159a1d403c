//! The subscriptions of one socket.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use domain::Language;
use futures_util::StreamExt;
use graphql::{Answer, Document, Refusal};
use serde_json::{Value, json};
use tokio::sync::{mpsc, watch};

use super::protocol;
use crate::http::App;
use crate::http::graphql::{Rejected, failed};
use crate::http::identity::named;
use crate::http::streams::Wanted;

/// How many messages may wait for the socket.
pub const WAITING: usize = 16;

/// What a subscription's task hands to the socket.
pub struct Outgoing {
    id: String,
    /// Tells a subscription from another that had the same id.
    serial: u64,
    what: What,
}

enum What {
    Next(Answer),
    /// It was refused; a list of errors.
    Refused(Value),
    Complete,
    /// The task's last word.
    Ended,
}

struct Subscription {
    serial: u64,
    /// Dropped when the client wants no more.
    _listening: watch::Sender<()>,
}

pub struct Subscriptions {
    app: App,
    language: Language,
    outgoing: mpsc::Sender<Outgoing>,
    open: HashMap<String, Subscription>,
    tasks: usize,
    serial: u64,
}

impl Subscriptions {
    pub fn new(app: App, language: Language, outgoing: mpsc::Sender<Outgoing>) -> Self {
        Self { app, language, outgoing, open: HashMap::new(), tasks: 0, serial: 0 }
    }

    pub fn has(&self, id: &str) -> bool {
        self.open.contains_key(id)
    }

    /// Begins a subscription, or gives the message that refuses it.
    pub async fn begin(&mut self, id: String, document: Document, token: Option<&str>) -> Option<String> {
        let most = self.app.limits.subscriptions;
        // Those that were completed and have not ended yet are tasks still.
        if self.open.len() >= most || self.tasks >= 2 * most {
            let message = format!("A socket has at most {most} subscriptions.");
            return Some(protocol::error(&id, &errors("BAD_USER_INPUT", &message)));
        }
        let request_id = self.app.services.environment.new_id();
        let named = match named(&self.app, token, request_id).await {
            Ok(named) => named,
            Err(rejected) => return Some(protocol::error(&id, &errors_of(&rejected))),
        };
        let (listening, listened_to) = watch::channel(());
        let wanted = Wanted {
            request_id,
            app: self.app.clone(),
            document,
            named,
            language: self.language,
            listened_to,
        };
        self.serial += 1;
        self.tasks += 1;
        let teller = Teller { id: id.clone(), serial: self.serial, outgoing: self.outgoing.clone() };
        tokio::spawn(follow(wanted, teller));
        self.open.insert(id, Subscription { serial: self.serial, _listening: listening });
        None
    }

    /// Ends a subscription that the client has completed. One that it does not know may have ended on its own.
    pub fn end(&mut self, id: &str) {
        self.open.remove(id);
    }

    /// Ends all, with what is to be told of it.
    pub fn end_all(&mut self) -> Vec<String> {
        self.open.drain().map(|(id, _)| protocol::complete(&id)).collect()
    }

    /// What is to be sent of what a task hands over: nothing of a subscription that the client has completed.
    pub fn message(&mut self, outgoing: Outgoing) -> Option<String> {
        let Outgoing { id, serial, what } = outgoing;
        if let What::Ended = what {
            self.tasks = self.tasks.saturating_sub(1);
        }
        let Entry::Occupied(open) = self.open.entry(id) else {
            return None;
        };
        if open.get().serial != serial {
            return None;
        }
        match what {
            What::Next(answer) => Some(protocol::next(open.key(), &answer.body)),
            What::Refused(errors) => Some(protocol::error(&open.remove_entry().0, &errors)),
            What::Complete => Some(protocol::complete(&open.remove_entry().0)),
            // Its task failed without a word.
            What::Ended => {
                let errors = errors_of(&failed());
                Some(protocol::error(&open.remove_entry().0, &errors))
            }
        }
    }
}

/// Hands over what is to be sent for one subscription.
struct Teller {
    id: String,
    serial: u64,
    outgoing: mpsc::Sender<Outgoing>,
}

impl Teller {
    /// Whether the socket is still there to take it.
    async fn tell(&self, what: What) -> bool {
        let outgoing = Outgoing { id: self.id.clone(), serial: self.serial, what };
        self.outgoing.send(outgoing).await.is_ok()
    }
}

/// A subscription from its opening to its end. Nothing cuts it short; see [`Wanted::open`].
async fn follow(wanted: Wanted, teller: Teller) {
    let request_id = wanted.request_id;
    let mut events: u64 = 0;
    let last = match wanted.open().await {
        Ok(Ok(mut answers)) => {
            while let Some(answer) = answers.next().await {
                if !teller.tell(What::Next(answer)).await {
                    break;
                }
                events += 1;
            }
            What::Complete
        }
        Ok(Err(Refusal::Answer(answer))) => What::Refused(errors_in(&answer)),
        Ok(Err(Refusal::Mutation | Refusal::NoSubscription)) => {
            let message = "A WebSocket carries subscriptions only. Send queries and mutations by POST.";
            What::Refused(errors("BAD_USER_INPUT", message))
        }
        Err(rejected) => What::Refused(errors_of(&rejected)),
    };
    teller.tell(last).await;
    teller.tell(What::Ended).await;
    tracing::info!(request = %request_id, events, "stream ended");
}

fn errors(code: &str, message: &str) -> Value {
    json!([{ "message": message, "extensions": { "code": code } }])
}

fn errors_of(rejected: &Rejected) -> Value {
    errors(rejected.code, &rejected.message)
}

/// The errors of a refused request, whose body holds nothing else.
fn errors_in(refused: &Answer) -> Value {
    let mut body: Value = serde_json::from_str(&refused.body).unwrap_or_default();
    body.get_mut("errors").map(Value::take).unwrap_or_default()
}
