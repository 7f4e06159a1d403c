//! Column types with the same behaviour on SQLite and PostgreSQL.

mod category_counts;
mod claim_terms;
mod codes;
mod decimal;
mod text_list;
mod timestamp;

pub use category_counts::{CategoryCount, CategoryCounts};
pub use claim_terms::{ClaimTerm, ClaimTerms};
pub use codes::{
    AbsenceKind, AccessOutcome, AccessedKind, Action, Anchor, Audience, Caution, Comparability, Confirmation,
    CorrectionKind, CriterionBasis, CriterionDirection, CriterionUnit, ElementKind, EvaluationPart,
    EvaluationStatus, EvidenceMethod, FigureKind, Finding, FundingKind, GroupKind, Measure, MeasurementKind,
    Pairing, Permanence, RivalAssessment, Role, SubjectKind, UnknownCode, Wave, YearReportStatus, YearStatus,
};
pub use decimal::{Decimal, InvalidDecimal};
pub use text_list::TextList;
pub use timestamp::{Day, InvalidTimestamp, Timestamp};
