//! What can go wrong, in two kinds of text: one for the log, one for the person who asked.

mod problem;

use std::fmt;

use crate::input::moment::YEARS;

pub use problem::{Language, Problem, expectation};

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why an operation or a read gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nobody is signed in, or no longer.
    #[error("not signed in")]
    Unauthenticated,
    /// The actor sees the subject but may not do this to it.
    #[error("not allowed")]
    Forbidden,
    /// What the person who asked can mend.
    #[error("refused: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Refused(Vec<Fault>),
    /// Too many attempts were in vain; refused before anything was done.
    #[error("too many attempts: again in {seconds} seconds")]
    RateLimited { seconds: u64 },
    /// A statement was ended at its time limit, or there is no time left for another.
    #[error("out of time")]
    Timeout,
    /// The database cannot be reached or is too busy.
    #[error("database unavailable: {0}")]
    Unavailable(String),
    /// A fault of this program or of the data. The text is for the log alone.
    #[error("internal: {0}")]
    Internal(String),
}

impl Error {
    pub(crate) fn internal(cause: impl fmt::Display) -> Self {
        Self::Internal(cause.to_string())
    }

    pub fn refused(field: &str, problem: Problem) -> Self {
        Self::Refused(vec![Fault::at(field, problem)])
    }
}

/// One thing to mend, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The way from the input to the field: `targetGroups`, `0`, `ageFrom`. Empty for the whole input.
    pub field: Vec<String>,
    pub problem: Problem,
}

impl Fault {
    /// `field` may be a dotted path such as `targetGroups.0.name`.
    pub fn at(field: &str, problem: Problem) -> Self {
        let field = field.split('.').filter(|step| !step.is_empty()).map(str::to_owned).collect();
        Self { field, problem }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field.join("."), self.problem.message(Language::English))
    }
}

/// Collects faults, so that a person learns of all of them at once.
#[derive(Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    pub fn add(&mut self, field: &str, problem: Problem) {
        self.0.push(Fault::at(field, problem));
    }

    pub fn unless(&mut self, holds: bool, field: &str, problem: Problem) {
        if !holds {
            self.add(field, problem);
        }
    }

    /// The value, or its default beside a noted fault. The default goes nowhere: [`Faults::finish`] refuses first.
    pub fn take<T: Default>(&mut self, field: &str, result: Result<T, Problem>) -> T {
        result.unwrap_or_else(|problem| {
            self.add(field, problem);
            T::default()
        })
    }

    pub fn finish(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::Refused(self.0)) }
    }
}

impl From<sea_orm::DbErr> for Error {
    fn from(error: sea_orm::DbErr) -> Self {
        use sea_orm::{DbErr, RuntimeErr, SqlErr, sqlx};
        if let Some(SqlErr::UniqueConstraintViolation(_)) = error.sql_err() {
            return Self::refused("", Problem::Taken);
        }
        let cause = match &error {
            DbErr::ConnectionAcquire(_) => return Self::Unavailable(error.to_string()),
            DbErr::Conn(RuntimeErr::SqlxError(cause))
            | DbErr::Exec(RuntimeErr::SqlxError(cause))
            | DbErr::Query(RuntimeErr::SqlxError(cause)) => cause,
            _ => return Self::internal(error),
        };
        let code = cause.as_database_error().and_then(sqlx::error::DatabaseError::code);
        if code.as_deref().is_some_and(is_cancelled) {
            return Self::Timeout;
        }
        let lost =
            matches!(**cause, sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed);
        if lost || code.as_deref().is_some_and(is_outage) {
            Self::Unavailable(error.to_string())
        } else {
            Self::internal(error)
        }
    }
}

/// Codes of a statement that was ended at its time limit by PostgreSQL or SQLite, and of what PostgreSQL was asked after it in
/// the same snapshot: parts of one query are read side by side, and the first that is ended ends it for all.
fn is_cancelled(code: &str) -> bool {
    ["57014", "25P02", "9"].contains(&code)
}

/// Codes of a database that is there but cannot serve now: PostgreSQL shutting down or out of resources; SQLite busy, full,
/// read-only or failing to read or write its file.
fn is_outage(code: &str) -> bool {
    const SQLITE: [&str; 5] = ["5", "6", "8", "10", "13"];
    code.starts_with("57P") || code.starts_with("53") || code.starts_with("08") || SQLITE.contains(&code)
}

/// A year that no report, grant or programme of ours can have.
pub(crate) fn year_out_of_range() -> Problem {
    Problem::OutOfRange { from: i64::from(*YEARS.start()), to: i64::from(*YEARS.end()) }
}
