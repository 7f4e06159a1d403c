//! How much of the server one client may take. Each limit is a setting; these are the defaults.

use std::time::Duration;

/// Documents have limits of their own, which are [`graphql::Limits`].
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The largest body, in bytes: more than any document with an evaluation's text in its variables has.
    pub body: usize,
    /// How long a client may take to send its headers: else whoever sends a byte a minute keeps a connection.
    pub header_patience: Duration,
    /// How long it may take to send the body.
    pub body_patience: Duration,
    /// How long a request may ask the database, statements that run or wait for a lock included.
    pub query_time: Duration,
    /// The most streams at once, sockets and answers by server-sent events: each is a connection, and reads what is written.
    pub streams: usize,
    /// The most of one account, so that no one takes them all.
    pub streams_of_account: usize,
    /// The most subscriptions on one socket.
    pub subscriptions: usize,
}

impl Limits {
    pub const DEFAULT: Self = Self {
        body: 256 * 1024,
        header_patience: Duration::from_secs(5),
        body_patience: Duration::from_secs(6),
        query_time: domain::QUERY_TIME,
        streams: 200,
        streams_of_account: 20,
        subscriptions: 20,
    };

    /// How long an answer may take. A statement that is ended in time leaves enough of it to say so.
    pub fn answer_patience(&self) -> Duration {
        self.query_time + Duration::from_secs(1)
    }

    /// The most sockets whose clients have not introduced themselves. They do not count as streams: strangers who open sockets
    /// and say nothing must not keep anyone out who is signed in.
    pub fn strangers(&self) -> usize {
        self.streams.div_ceil(4)
    }
}
