//! What may happen: operations under one wrapper, one authorization policy, one history, one road to the database.
//!
//! Every operation and every read takes a [`Context`] first. A context exists for an authenticated actor only, so nothing
//! below this line can be reached by a stranger. See `docs/adding-an-operation.md`.

mod canonical_json;
mod columns;
mod context;
mod credential;
mod database;
mod disclosure;
mod error;
mod event;
mod in_order;
mod once_for_all;
mod operation;
mod page;
mod password;
mod secret;
mod sight;

pub mod access_log;
pub mod access_review;
pub mod account;
pub mod api_token;
pub mod attempts;
pub mod claim;
pub mod criterion_claim;
pub mod criterion_result;
pub mod data_processing;
pub mod data_source;
pub mod district;
pub mod evaluation_round;
pub mod figure;
pub mod forvaltning;
pub mod funding;
pub mod history;
pub mod identity;
pub mod input;
pub mod insights;
pub mod instrument;
pub mod intervention;
pub mod intervention_year;
pub mod last_use;
pub mod learning;
pub mod log;
pub mod measurement;
pub mod observation;
pub mod paired_table;
pub mod permission;
pub mod planning;
pub mod policy;
pub mod population;
pub mod programme_theory;
pub mod qualitative_evidence;
pub mod reference;
pub mod register;
pub mod reporting_year;
pub mod rival_explanation;
pub mod role_grant;
pub mod session;
pub mod strategy;
pub mod strategy_principle;
pub mod success_criterion;
pub mod virkningsevaluering;

pub use columns::*;
pub use context::{Actor, Context, Environment, Grant, Remembered, Services, SystemEnvironment};
pub use credential::Credential;
pub use database::{Database, InvalidUrl, QUERY_TIME, become_worker, statements};
pub use error::{Error, Fault, Language, Problem, Result, expectation};
pub use evidence::disclosure::Threshold;
pub use operation::{Expected, Given, Operation, operate};
pub use page::{Asked, Connection, Cursor, Direction, Page, Slice};

/// An id by which an input names something. One that is none of ours holds nothing, and is answered as one that does not
/// exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GivenId(pub Option<Uuid>);

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
