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

pub use execution::{Allowed, Answer, Answers, Document, Executable, Limits, Opened, Refusal};
pub use request::{AccessTokens, Shared};

/// The schema of Virkning.
pub type Virkning = Executable<query::Query, mutations::Mutation, subscription::Subscription>;

pub fn virkning(limits: Limits) -> Virkning {
    Executable::new(
        query::Query::default(),
        mutations::Mutation::default(),
        subscription::Subscription,
        limits,
    )
}
