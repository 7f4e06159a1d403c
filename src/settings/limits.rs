//! How much a client may ask for. The defaults are those of the parts that they protect.

use std::time::Duration;

use clap::builder::RangedU64ValueParser;
use clap::{Args, value_parser};
use graphql::Limits as OfDocuments;

use crate::http::Limits as OfRequests;

const REQUESTS: OfRequests = OfRequests::DEFAULT;
const DOCUMENTS: OfDocuments = OfDocuments::DEFAULT;
const KIB: usize = 1024;

/// Options of `serve` and `demo`.
#[derive(Debug, Args)]
#[expect(clippy::struct_field_names, reason = "a field is the name of its option")]
#[command(next_help_heading = "Limits of what is asked (serve, demo)")]
pub struct Limits {
    /// The largest body of a request in KiB, which is held in memory; a larger one is refused as it comes in
    #[arg(long, env = "VIRKNING_LIMIT_BODY", value_name = "KIB", default_value_t = REQUESTS.body / KIB,
          value_parser = RangedU64ValueParser::<usize>::new().range(16..=65_536), global = true)]
    limit_body: usize,

    /// Seconds in which a client must send its headers, so that slow ones cannot keep all connections
    #[arg(long, env = "VIRKNING_LIMIT_HEADER_SECONDS", value_name = "SECONDS", default_value_t = REQUESTS.header_patience.as_secs(),
          value_parser = value_parser!(u64).range(1..=60), global = true)]
    limit_header_seconds: u64,

    /// Seconds in which a client must send the body
    #[arg(long, env = "VIRKNING_LIMIT_BODY_SECONDS", value_name = "SECONDS", default_value_t = REQUESTS.body_patience.as_secs(),
          value_parser = value_parser!(u64).range(1..=300), global = true)]
    limit_body_seconds: u64,

    /// Seconds that a request may ask the database, so that heavy queries cannot keep all of its connections. The statement that
    /// runs then is ended; on PostgreSQL a single one, also of other commands, has half of them
    #[arg(long, env = "VIRKNING_LIMIT_QUERY_SECONDS", value_name = "SECONDS", default_value_t = REQUESTS.query_time.as_secs(),
          value_parser = value_parser!(u64).range(1..=600), global = true)]
    limit_query_seconds: u64,

    /// Memory in MiB for answers that are given again as long as nothing is written; 0 for none
    #[arg(long, env = "VIRKNING_LIMIT_ANSWERS", value_name = "MIB", default_value_t = 32,
          value_parser = value_parser!(u64).range(0..=65_536), global = true)]
    limit_answers: u64,

    /// Names and marks in a document, before it is parsed
    #[arg(long, env = "VIRKNING_LIMIT_TOKENS", value_name = "COUNT", default_value_t = DOCUMENTS.tokens,
          value_parser = RangedU64ValueParser::<usize>::new().range(100..=100_000), global = true)]
    limit_tokens: usize,

    /// Levels of fields within fields
    #[arg(long, env = "VIRKNING_LIMIT_DEPTH", value_name = "LEVELS", default_value_t = DOCUMENTS.depth,
          value_parser = value_parser!(u64).range(3..=50), global = true)]
    limit_depth: u64,

    /// Fields given another name: each may ask for the same work again
    #[arg(long, env = "VIRKNING_LIMIT_ALIASES", value_name = "COUNT", default_value_t = DOCUMENTS.aliases,
          value_parser = value_parser!(u64).range(0..=10_000), global = true)]
    limit_aliases: u64,

    /// Directives in a document
    #[arg(long, env = "VIRKNING_LIMIT_DIRECTIVES", value_name = "COUNT", default_value_t = DOCUMENTS.directives,
          value_parser = value_parser!(u64).range(0..=10_000), global = true)]
    limit_directives: u64,

    /// Selected fields, each counted as often as the pages above it can hold objects: what an answer can come to
    #[arg(long, env = "VIRKNING_LIMIT_COST", value_name = "POINTS", default_value_t = DOCUMENTS.cost,
          value_parser = value_parser!(u64).range(1_000..=100_000_000), global = true)]
    limit_cost: u64,

    /// Streams at once, which are sockets and answers by server-sent events: each is a connection that stays open, and reads
    /// whatever is written
    #[arg(long, env = "VIRKNING_LIMIT_STREAMS", value_name = "COUNT", default_value_t = REQUESTS.streams,
          value_parser = RangedU64ValueParser::<usize>::new().range(1..=10_000), global = true)]
    limit_streams: usize,

    /// Streams of one account
    #[arg(long, env = "VIRKNING_LIMIT_STREAMS_OF_ACCOUNT", value_name = "COUNT", default_value_t = REQUESTS.streams_of_account,
          value_parser = RangedU64ValueParser::<usize>::new().range(1..=10_000), global = true)]
    limit_streams_of_account: usize,

    /// Subscriptions on one WebSocket
    #[arg(long, env = "VIRKNING_LIMIT_SUBSCRIPTIONS", value_name = "COUNT", default_value_t = REQUESTS.subscriptions,
          value_parser = RangedU64ValueParser::<usize>::new().range(1..=1_000), global = true)]
    limit_subscriptions: usize,
}

impl Limits {
    pub fn query_time(&self) -> Duration {
        Duration::from_secs(self.limit_query_seconds)
    }

    pub fn of_requests(&self) -> OfRequests {
        OfRequests {
            body: self.limit_body * KIB,
            header_patience: Duration::from_secs(self.limit_header_seconds),
            body_patience: Duration::from_secs(self.limit_body_seconds),
            query_time: self.query_time(),
            streams: self.limit_streams,
            streams_of_account: self.limit_streams_of_account,
            subscriptions: self.limit_subscriptions,
        }
    }

    /// Bytes of answers that may be kept.
    pub fn of_answers(&self) -> u64 {
        self.limit_answers * 1024 * 1024
    }

    pub fn of_documents(&self, introspection: bool) -> OfDocuments {
        OfDocuments {
            tokens: self.limit_tokens,
            depth: self.limit_depth,
            aliases: self.limit_aliases,
            directives: self.limit_directives,
            cost: self.limit_cost,
            introspection,
        }
    }
}
