//! Roles, the history, and the register.

use async_graphql::registry::Registry;
use async_graphql::{Enum, InputType, OutputType};

use super::leaves;
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
    /// Sees everything in its scope, the history and the access log included, and changes nothing.
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
    /// The password was changed by its owner, or set by a one-time link.
    ChangePassword,
    /// A one-time link was made by which the owner can set a password.
    ResetPassword,
    /// Something was added to an evaluation: a criterion, a claim, a learning, a population, a data source, or something of
    /// its programme theory.
    Add,
    /// A registered criterion was amended.
    Amend,
    /// A criterion was taken out of a draft, or an element or a link out of a programme theory.
    Remove,
    /// A measurement or a paired table was recorded.
    Record,
    /// A measurement was corrected by another.
    Correct,
    /// The evaluation was registered, which froze its criteria.
    Register,
    /// What was approved was published.
    Publish,
    /// The evaluation was withdrawn.
    Withdraw,
    /// A second ADMIN confirmed it.
    Confirm,
}

/// What kind of thing an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::SubjectKind")]
pub enum SubjectKind {
    /// An account.
    Account,
    /// A role grant.
    RoleGrant,
    /// An API token.
    ApiToken,
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
    /// A printed claim about a year.
    Claim,
    /// A round of evaluations.
    EvaluationRound,
    /// An instrument.
    Instrument,
    /// An evaluation, with all that belongs to it.
    Virkningsevaluering,
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
pub enum AbsenceKind {
    /// It is still to come.
    NotYet,
    /// The source gives none.
    NotStated,
    /// There can be none.
    NotApplicable,
    /// It is of few people, or would tell a number that is, and you do not see participants.
    Suppressed,
}

impl Leaf for domain::Absent {
    fn declare(registry: &mut Registry) -> String {
        <AbsenceKind as OutputType>::create_type_info(registry)
    }

    fn write(&self, out: &mut Json) {
        out.string(self.as_str());
    }
}

/// Why there is no value, as it can be stated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::AbsenceKind")]
#[expect(clippy::enum_variant_names, reason = "the words of the field")]
pub enum StatedAbsence {
    /// It is still to come.
    NotYet,
    /// The source gives none.
    NotStated,
    /// There can be none.
    NotApplicable,
}

/// What a printed claim says: a count of the register, or how the figures that it names hang together.
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
    /// What the terms of the claim add up to.
    Sum,
    /// The second term less the first: after less before.
    Difference,
    /// The first term in per cent of the second; of a criterion, the share of a wave in per cent.
    Share,
    /// The change from the first term to the second, in per cent of the first, a fall being negative; of a criterion, that of
    /// its share.
    RelativeChange,
    /// Of a criterion: the people with the outcome in a wave, or the number counted.
    Count,
}

/// Whether a printed figure agrees with what the data say. Of several that hold, the first of this list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::claim::ClaimLabel")]
pub enum ClaimLabel {
    /// They are the same.
    Consistent,
    /// It is what rounded figures give, or rounding explains it; the counts give another, or are not known.
    ConsistentWithRounded,
    /// It is not what the rounded figures give, but some that round to them give it.
    UndecidableFromRounded,
    /// The change was divided by the value after instead of the value before.
    DenominatorAfter,
    /// It is the difference in percentage points, not the relative change.
    PercentagePoints,
    /// It is right but for its sign.
    SignFlipped,
    /// It is the share of the others.
    Complement,
    /// The value before is zero, from which no relative change can be stated.
    BaselineZero,
    /// They differ, and no known slip explains it.
    Inconsistent,
    /// There is nothing to check it against yet.
    NotCheckable,
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

leaves! {
    Role,
    Action,
    SubjectKind,
    YearStatus,
    YearReportStatus,
    FundingKind,
    Permanence,
    FigureKind,
    Measure,
}

impl Leaf for domain::claim::ClaimLabel {
    fn declare(registry: &mut Registry) -> String {
        <ClaimLabel as InputType>::create_type_info(registry)
    }

    fn write(&self, out: &mut Json) {
        out.string(self.as_str());
    }
}
