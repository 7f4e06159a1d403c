//! The words of the domain that are stored as they are spoken.

pub use entity::columns::{
    AbsenceKind, Action, Decimal, FigureKind, FundingKind, InvalidDecimal, InvalidTimestamp, Measure,
    Permanence, Role, SubjectKind, Timestamp, UnknownCode, YearReportStatus, YearStatus,
};
pub use time::Date;
pub use uuid::Uuid;

/// Why there is no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absence {
    pub kind: AbsenceKind,
    pub reason: Option<String>,
}
