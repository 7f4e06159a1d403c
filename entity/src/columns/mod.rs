//! Column types with the same behaviour on SQLite and PostgreSQL.

mod codes;
mod decimal;
mod text_list;
mod timestamp;

pub use codes::{
    AbsenceKind, Action, FigureKind, FundingKind, Measure, Permanence, Role, SubjectKind, UnknownCode,
    YearReportStatus, YearStatus,
};
pub use decimal::{Decimal, InvalidDecimal};
pub use text_list::TextList;
pub use timestamp::{InvalidTimestamp, Timestamp};
