//! The words of the domain that are stored as they are spoken.

pub use entity::columns::{
    AbsenceKind, AccessOutcome, AccessedKind, Action, Anchor, Audience, CategoryCount, CategoryCounts,
    Caution, ClaimTerm, ClaimTerms, Comparability, Confirmation, CorrectionKind, CriterionBasis,
    CriterionDirection, CriterionUnit, Decimal, ElementKind, EvaluationPart, EvaluationStatus,
    EvidenceMethod, FigureKind, Finding, FundingKind, GroupKind, InvalidDecimal, InvalidTimestamp, Measure,
    MeasurementKind, Pairing, Permanence, RivalAssessment, Role, SubjectKind, TextList, Timestamp,
    UnknownCode, Wave, YearReportStatus, YearStatus,
};
pub use time::Date;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
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

/// The years that a report, a grant or a programme of ours can have.
pub const YEARS: std::ops::RangeInclusive<i32> = 1900..=2200;

const DATE: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");

/// A date as it is written everywhere: exactly `2024-01-31`, within [`YEARS`].
pub fn read_date(text: &str) -> Option<Date> {
    let date = Date::parse(text, DATE).ok()?;
    (text.len() == 10 && YEARS.contains(&date.year())).then_some(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_has_one_form() {
        assert_eq!(read_date("2024-02-29").map(|date| date.to_string()).as_deref(), Some("2024-02-29"));
        for wrong in [
            "2023-02-29",
            "+2024-01-01",
            "-0005-01-01",
            "1899-12-31",
            "2201-01-01",
            "2024-1-1",
            "",
            "2024-01-01 ",
        ] {
            assert_eq!(read_date(wrong), None, "{wrong}");
        }
    }
}
