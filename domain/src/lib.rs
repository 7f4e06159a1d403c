//! What may happen: operations under one wrapper, one authorization policy, one history, one road to the database.
//!
//! Every operation and every read takes a [`Context`] first. A context exists for an authenticated actor only, so nothing
//! below this line can be reached by a stranger. See `docs/adding-an-operation.md`.

mod columns;
mod context;
mod database;
mod error;
mod event;
mod operation;
mod page;
mod password;
mod sight;
mod text;

pub mod account;
pub mod claim;
pub mod district;
pub mod figure;
pub mod forvaltning;
pub mod funding;
pub mod history;
pub mod insights;
pub mod intervention;
pub mod intervention_year;
pub mod policy;
pub mod reference;
pub mod register;
pub mod reporting_year;
pub mod role_grant;
pub mod session;
pub mod strategy;
pub mod strategy_principle;

pub use columns::*;
pub use context::{Actor, Context, Environment, Grant, Services, SystemEnvironment};
pub use database::{Database, InvalidUrl, statements};
pub use error::{Error, Fault, Language, Problem, Result, expectation};
pub use operation::{Expected, Given, operate};
pub use page::{Connection, Cursor, Direction, Page, Slice};

/// What an update does to a field that may be empty. Nothing given leaves it; only a clear word empties it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Edit<T> {
    #[default]
    Keep,
    Clear,
    Set(T),
}

impl<T> Edit<T> {
    /// The field as it becomes.
    pub fn over(self, current: Option<T>) -> Option<T> {
        match self {
            Self::Keep => current,
            Self::Clear => None,
            Self::Set(value) => Some(value),
        }
    }
}
