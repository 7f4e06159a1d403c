//! How it is asked: the schema, and its execution by the specification. Thin: parse, call the domain, map.

mod enums;
mod errors;
mod execution;
mod ids;
mod mutations;
mod payload;
mod plan;
mod query;
mod request;
mod scalars;
mod subscription;
mod types;

pub use execution::{Allowed, Answer, Answers, Data, Document, Executable, Limits, Opened, Refusal};
pub use request::{AccessTokens, Shared};

use futures_util::future::BoxFuture;

/// The schema of Virkning. What is generic ends here, so that all of it is compiled once, with this crate.
pub struct Virkning(Executable<query::Query, mutations::Mutation, subscription::Subscription>);

pub fn virkning(limits: Limits) -> Virkning {
    let (query, mutation) = (query::Query::default(), mutations::Mutation::default());
    Virkning(Executable::new(query, mutation, subscription::Subscription, limits))
}

impl Virkning {
    pub fn sdl(&self) -> String {
        self.0.sdl()
    }

    /// Answers a document. The data hold what is [`Shared`] by all requests, unless nobody may ask anything.
    pub fn execute(
        &self,
        document: Document,
        allowed: Allowed,
        data: Data,
    ) -> BoxFuture<'_, Result<Answer, Refusal>> {
        Box::pin(self.0.execute(document, allowed, data))
    }

    /// Whether a document may be executed and asks for a stream.
    pub fn is_subscription<'a>(&'a self, document: &'a Document) -> BoxFuture<'a, bool> {
        Box::pin(self.0.is_subscription(document))
    }

    /// Opens the stream of a subscription.
    pub fn subscribe(&self, document: Document, data: Data) -> BoxFuture<'_, Result<Answers, Refusal>> {
        Box::pin(self.0.subscribe(document, data))
    }
}
