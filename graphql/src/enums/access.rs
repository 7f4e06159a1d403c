//! Access: who has it, and the access log.

use async_graphql::Enum;

use super::leaves;

/// How access was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::AccessOutcome")]
pub enum AccessOutcome {
    /// The roles did not permit it.
    Forbidden,
    /// What was named does not exist, or the actor may not see it: both are answered so.
    NotFound,
    /// What participants answered was read; each reading is an entry.
    Read,
    /// Further denials of the actor in the hour, beyond the hundred that are told apart: only their number is kept.
    Overflow,
}

/// What access was asked to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::AccessedKind")]
pub enum AccessedKind {
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
    /// An intervention; where none is named, the register.
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
    /// A round of evaluations.
    EvaluationRound,
    /// An instrument.
    Instrument,
    /// An evaluation, or something that belongs to it.
    Virkningsevaluering,
    /// A success criterion of an evaluation.
    SuccessCriterion,
    /// A measurement.
    Measurement,
    /// A paired table.
    PairedTable,
    /// A result.
    Result,
    /// A comparison with another group.
    Comparison,
    /// A learning.
    Learning,
    /// A population.
    Population,
    /// A data source.
    DataSource,
    /// Why participants' answers may be kept.
    DataProcessing,
    /// Observations that were recorded together.
    ObservationBatch,
    /// A participant who is left out.
    ParticipantExclusion,
    /// That observations were erased.
    ObservationErasure,
    /// An element of a programme theory.
    TheoryElement,
    /// That one element leads to another.
    TheoryLink,
    /// That a criterion measures an element.
    ElementCriterion,
    /// Why a programme theory was changed after it was registered.
    TheoryAmendment,
    /// Qualitative evidence.
    QualitativeEvidence,
    /// A rival explanation.
    RivalExplanation,
    /// A step in an evaluation's life.
    Transition,
    /// An entry of the history; where none is named, the log of all.
    Event,
    /// An entry of the access log; where none is named, the access log.
    AccessLogEntry,
}

/// How a grant of ADMIN came to hold, or that it does not yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::Confirmation")]
pub enum Confirmation {
    /// It holds nowhere until another ADMIN confirms it.
    Pending,
    /// Another ADMIN confirmed it.
    Confirmed,
    /// It holds without: when it was granted, nobody but the granter was ADMIN.
    SoleAdmin,
}

/// How a grant stands now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::access_review::GrantState")]
pub enum GrantState {
    /// It waits for a second ADMIN.
    Pending,
    /// It is to hold from a later moment.
    Coming,
    /// It holds.
    Holding,
    /// Its end has come, or it was revoked or withdrawn.
    Ended,
}

leaves! {
    AccessOutcome,
    AccessedKind,
    Confirmation,
}
