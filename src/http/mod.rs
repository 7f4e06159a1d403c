//! HTTP: what comes in is read under limits, what goes out says no more than it must.

mod answers;
mod callers;
mod explorer;
mod graphql;
mod headers;
mod health;
mod identity;
mod limits;
mod origin;
mod password;
mod question;
mod server;
mod socket;
mod sse;
mod streams;

pub use answers::Answers;
pub use callers::Networks;
pub use explorer::{DemoAccount, DemoGrant};
pub use limits::Limits;
pub use origin::Origin;
pub use server::{Listening, Served, listen, write_ready_file};
pub use streams::Streams;

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};

use ::graphql::Virkning;
use domain::Services;
use domain::log::Key;

use crate::tokens::Tokens;

/// What every worker of the server shares.
#[derive(Clone)]
pub struct App {
    pub services: Services,
    pub schema: Arc<Virkning>,
    pub tokens: Arc<Tokens>,
    pub checkpoint_key: Arc<Key>,
    /// Whether the explorer is served, and the accounts that it offers.
    pub explorer: Option<Arc<Vec<DemoAccount>>>,
    /// Lowered first when the server is asked to stop, so that no new work is sent to it.
    pub ready: Arc<AtomicBool>,
    pub streams: Arc<Streams>,
    pub limits: Limits,
    pub answers: Arc<Answers>,
    /// The pages elsewhere that may read answers and open sockets.
    pub origins: Arc<[Origin]>,
    pub networks: Arc<Networks>,
    /// Where people reach the server; where nothing else is said, what it listens on.
    pub public_url: Arc<OnceLock<String>>,
}

impl App {
    pub fn public_url(&self) -> String {
        self.public_url.get().cloned().unwrap_or_default()
    }
}
