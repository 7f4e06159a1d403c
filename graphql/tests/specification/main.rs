//! Execution by the specification of GraphQL, October 2021, over schemas that have nothing to do with Virkning.
//!
//! Each module names the sections that it holds execution to; the schema of section 5 is in [`kennel`].

// The futures of Virkning's own resolvers lie deep within each other.
#![recursion_limit = "256"]
#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]
#![expect(clippy::unused_async, reason = "resolvers of async-graphql are asynchronous")]

mod abstract_types;
mod conflicts;
mod fuzz;
mod harness;
mod hostile;
mod introspection;
mod kennel;
mod limits;
mod merging;
mod nulls;
mod order;
mod reading_only;
mod reference;
mod requests;
mod subscriptions;
