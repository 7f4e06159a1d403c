//! What stays open: how many streams there may be, for whom, and how each begins and ends.

use std::any::Any;
use std::collections::HashMap;
use std::net::{Shutdown, TcpStream};
use std::os::fd::AsFd;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use domain::attempts::Caller;
use domain::history::Lifetime;
use domain::{Language, Uuid};
use graphql::{Answers, Data, Document, Refusal, Shared};
use tokio::sync::watch;

use super::graphql::{Rejected, rejected};
use super::identity::identify;
use super::{App, Limits};
use crate::tokens::Named;

/// How long a reader may take nothing of what is waiting for it.
pub const READER_PATIENCE: Duration = Duration::from_secs(10);

/// The streams of this server.
pub struct Streams {
    limits: Limits,
    taken: Mutex<Taken>,
    stopping: watch::Sender<bool>,
}

#[derive(Default)]
struct Taken {
    all: usize,
    by_account: HashMap<Uuid, usize>,
    /// Beside all: sockets of those who have not introduced themselves.
    strangers: usize,
}

impl Taken {
    /// Takes a place among all, and among those of an account.
    fn take(&mut self, account: Option<Uuid>, limits: &Limits) -> Result<(), Rejected> {
        if self.all >= limits.streams {
            let message = "Too many streams are open on this server. Try again shortly.";
            return Err(rejected(StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE", message));
        }
        if let Some(account) = account {
            let own = self.by_account.entry(account).or_default();
            if *own >= limits.streams_of_account {
                let message = "You have too many streams open. Close one first.";
                return Err(rejected(StatusCode::TOO_MANY_REQUESTS, "UNAVAILABLE", message));
            }
            *own += 1;
        }
        self.all += 1;
        Ok(())
    }

    fn give_back(&mut self, account: Option<Uuid>) {
        self.all = self.all.saturating_sub(1);
        let Some(account) = account else { return };
        if let Some(own) = self.by_account.get_mut(&account) {
            *own = own.saturating_sub(1);
            if *own == 0 {
                self.by_account.remove(&account);
            }
        }
    }
}

impl Streams {
    pub fn new(limits: Limits) -> Self {
        Self { limits, taken: Mutex::default(), stopping: watch::Sender::default() }
    }

    /// A place among them; none where all are taken, or all of the account.
    pub fn enter(self: &Arc<Self>, account: Option<Uuid>) -> Result<Place, Rejected> {
        self.taken().take(account, &self.limits)?;
        Ok(Place { streams: Arc::clone(self), held: Held::Open(account) })
    }

    /// A place among those of whom nothing is known yet.
    pub fn wait(self: &Arc<Self>) -> Result<Place, Rejected> {
        let mut taken = self.taken();
        if taken.strangers >= self.limits.strangers() {
            let message =
                "Too many sockets wait for their clients to introduce themselves. Try again shortly.";
            return Err(rejected(StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE", message));
        }
        taken.strangers += 1;
        Ok(Place { streams: Arc::clone(self), held: Held::Stranger })
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends all of them.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// Turns true when the server stops.
    pub fn stopping(&self) -> watch::Receiver<bool> {
        self.stopping.subscribe()
    }
}

/// One stream's place, which is free again when this is dropped.
pub struct Place {
    streams: Arc<Streams>,
    held: Held,
}

#[derive(Clone, Copy)]
enum Held {
    Stranger,
    Open(Option<Uuid>),
}

impl Place {
    /// Says whose the stream of a stranger is.
    pub fn belongs_to(&mut self, account: Uuid) -> Result<(), Rejected> {
        let entered = self.streams.enter(Some(account))?;
        // The stranger's place is dropped.
        *self = entered;
        Ok(())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.streams.taken();
        match self.held {
            Held::Stranger => taken.strangers = taken.strangers.saturating_sub(1),
            Held::Open(account) => taken.give_back(account),
        }
    }
}

/// The connection below a stream, to end it when nothing can be written any more: the server itself would wait for ever.
pub struct Wire(TcpStream);

impl Wire {
    /// Kept beside each connection.
    pub fn of(connection: &dyn Any) -> Option<Arc<Self>> {
        let connection = connection.downcast_ref::<actix_web::rt::net::TcpStream>()?;
        let same = connection.as_fd().try_clone_to_owned().ok()?;
        Some(Arc::new(Self(same.into())))
    }

    /// The one below a request. It ends with its connection, whoever still knows of it.
    pub fn below(request: &HttpRequest) -> Weak<Self> {
        request.conn_data::<Arc<Self>>().map(Arc::downgrade).unwrap_or_default()
    }

    /// Whether the client has closed its end. What reads the connection tells nobody, and writing tells only the second time.
    pub fn is_left(wire: &Weak<Self>) -> bool {
        let Some(wire) = wire.upgrade() else { return true };
        // Nothing blocks: it is the same connection that the server has made so.
        wire.0.peek(&mut [0]).is_ok_and(|waiting| waiting == 0)
    }

    pub fn cut(wire: &Weak<Self>) {
        if let Some(Self(connection)) = wire.upgrade().as_deref() {
            let _already_closed = connection.shutdown(Shutdown::Both);
        }
    }
}

/// A stream that someone wants.
pub struct Wanted {
    pub app: App,
    pub document: Document,
    pub named: Option<Named>,
    pub language: Language,
    pub request_id: Uuid,
    /// The end that a stream watches; see [`Lifetime`].
    pub listened_to: watch::Receiver<()>,
}

impl Wanted {
    /// Opens it. It then has to be driven to its end: dropping it half-way could cut a statement short.
    pub async fn open(self) -> Result<Result<Answers, Refusal>, Rejected> {
        let Self { app, document, named, language, request_id, listened_to } = self;
        let context = identify(&app, named, request_id).await?;
        let shared = Shared {
            context: context.clone(),
            services: app.services.clone(),
            tokens: app.tokens.clone(),
            checkpoint_key: app.checkpoint_key.clone(),
            language,
            request_id,
            caller: Caller::nobody(),
            public_url: app.public_url(),
            lifetime: named.map(|Named { expires_at, .. }| Lifetime { expires_at, listened_to }),
        };
        let opened = app.schema.subscribe(document, Data::of(shared)).await;
        if let Some(context) = context {
            context.release().await;
        }
        Ok(opened)
    }
}
