//! The closed sets of the domain, as enums of the schema.

use async_graphql::registry::Registry;
use async_graphql::{Enum, InputType};

use crate::plan::{Json, Leaf};

/// What a grant lets an account do. See the policy in the authorization matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::Role")]
pub enum Role {
    /// Sees interventions of every forvaltning.
    Reader,
    /// Also drafts and submits reports and records figures in its own forvaltning.
    Evaluator,
    /// Also approves or returns reports that its forvaltning leads.
    Approver,
    /// Keeps the register across the municipality.
    Coordinator,
    /// Sees everything in its scope, the history included, and changes nothing.
    Auditor,
    /// Keeps accounts and role grants, and nothing else.
    Admin,
}

/// What was done to a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::Action")]
pub enum Action {
    /// It was made.
    Create,
    /// Fields were changed.
    Update,
    /// It was made or changed by an import of files.
    Import,
    /// It was handed over for approval.
    Submit,
    /// It was sent back with a comment.
    Return,
    /// It was approved.
    Approve,
    /// The year was opened for reporting.
    Open,
    /// The year was closed; its reports are frozen.
    Close,
    /// A role was granted.
    Grant,
    /// A grant was ended.
    Revoke,
    /// The password was changed by its owner.
    ChangePassword,
}

/// What kind of thing an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::SubjectKind")]
pub enum SubjectKind {
    /// An account.
    Account,
    /// A role grant.
    RoleGrant,
    /// A forvaltning.
    Forvaltning,
    /// A strategy, for some years.
    Strategy,
    /// A principle of a strategy.
    StrategyPrinciple,
    /// A district.
    District,
    /// An intervention.
    Intervention,
    /// An intervention's report for a year.
    InterventionYear,
    /// A reporting year.
    ReportingYear,
    /// A funding.
    Funding,
    /// A published number.
    Figure,
    /// A printed claim.
    Claim,
}

/// Whether a reporting year takes changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::YearStatus")]
pub enum YearStatus {
    /// Reports are drafted, submitted and approved.
    Open,
    /// Everything reported is frozen.
    Closed,
}

/// How far a report has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::YearReportStatus")]
pub enum YearReportStatus {
    /// Being written.
    Draft,
    /// Waiting for an approver.
    Submitted,
    /// Approved by someone who did not write in it.
    Approved,
}

/// What the money pays for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::FundingKind")]
pub enum FundingKind {
    /// Running costs (drift).
    Operation,
    /// Transfers to citizens (overførsler).
    Transfer,
    /// The source does not say.
    NotStated,
}

/// How long a funding lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::Permanence")]
pub enum Permanence {
    /// It has no end.
    Permanent,
    /// Its last budget year is given.
    Expires,
    /// The source does not say.
    NotStated,
}

/// What a published number is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::FigureKind")]
pub enum FigureKind {
    /// How many took part.
    Participants,
    /// What was done.
    Activity,
    /// What came of it.
    Outcome,
    /// The same number for participants and for a comparison group.
    Comparison,
    /// How something is spread over categories.
    Distribution,
}

/// Why there is no value. Missing is not zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::AbsenceKind")]
#[expect(clippy::enum_variant_names, reason = "the words of the field")]
pub enum AbsenceKind {
    /// It is still to come.
    NotYet,
    /// The source gives none.
    NotStated,
    /// There can be none.
    NotApplicable,
}

/// What a printed claim about a reporting year counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::Measure")]
pub enum Measure {
    /// Interventions with a report for the year.
    InterventionCount,
    /// Those of them that are citywide.
    CitywideCount,
    /// Those that work with one principle.
    PrincipleCount,
    /// Those that are in the budget package.
    InPackageCount,
    /// The names of districts that no intervention is aimed at, with `;` between.
    DistrictsWithoutTargeted,
    /// Kroner of the budget year after the reporting year.
    FundingTotal,
}

/// Whether a printed figure agrees with what the register says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::claim::ClaimLabel")]
pub enum ClaimLabel {
    /// It is the same.
    Consistent,
    /// It is another.
    Inconsistent,
}

/// In which order a list goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "OrderDirection")]
pub enum Direction {
    /// Smallest first; Danish alphabet.
    Asc,
    /// Largest first.
    Desc,
}

impl From<Direction> for domain::Direction {
    fn from(direction: Direction) -> Self {
        match direction {
            Direction::Asc => Self::Ascending,
            Direction::Desc => Self::Descending,
        }
    }
}

macro_rules! leaves {
    ($($name:ident,)+) => {$(
        impl Leaf for domain::$name {
            fn declare(registry: &mut Registry) -> String {
                <$name as InputType>::create_type_info(registry)
            }

            fn write(&self, out: &mut Json) {
                out.string(self.as_str());
            }
        }
    )+};
}

leaves! {
    Role,
    Action,
    SubjectKind,
    YearStatus,
    YearReportStatus,
    FundingKind,
    Permanence,
    FigureKind,
    AbsenceKind,
    Measure,
}

impl Leaf for domain::claim::ClaimLabel {
    fn declare(registry: &mut Registry) -> String {
        <ClaimLabel as InputType>::create_type_info(registry)
    }

    fn write(&self, out: &mut Json) {
        out.string(match self {
            Self::Consistent => "CONSISTENT",
            Self::Inconsistent => "INCONSISTENT",
        });
    }
}
