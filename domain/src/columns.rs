//! The words of the domain that are stored as they are spoken.

pub use entity::columns::{
    AbsenceKind, AccessOutcome, AccessedKind, Action, Anchor, Audience, CategoryCount, CategoryCounts,
    Caution, ClaimTerm, ClaimTerms, Comparability, Confirmation, CorrectionKind, CriterionBasis,
    CriterionDirection, CriterionUnit, Day, Decimal, ElementKind, EvaluationPart, EvaluationStatus,
    EvidenceMethod, FigureKind, Finding, FundingKind, GroupKind, InvalidDecimal, InvalidTimestamp, Measure,
    MeasurementKind, Pairing, Permanence, RivalAssessment, Role, SubjectKind, TextList, Timestamp,
    UnknownCode, Wave, YearReportStatus, YearStatus,
};
pub use time::Date;
pub use uuid::Uuid;

/// Why there is no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absence {
    pub kind: Absent,
    pub reason: Option<String>,
}

impl Absence {
    /// One token, whatever the reason: telling which numbers are few would tell the others.
    pub const SUPPRESSED: Self = Self { kind: Absent::Suppressed, reason: None };

    pub(crate) fn stated(kind: AbsenceKind, reason: Option<String>) -> Self {
        Self { kind: Absent::Stated(kind), reason }
    }
}

/// Why a reader finds no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absent {
    /// None is there, as was stated.
    Stated(AbsenceKind),
    /// It is of few people, or would tell a number that is, and the reader does not see participants.
    Suppressed,
}

impl Absent {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stated(kind) => kind.as_str(),
            Self::Suppressed => "SUPPRESSED",
        }
    }
}
