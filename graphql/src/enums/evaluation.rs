//! Evaluations: their criteria and measurements.

use async_graphql::Enum;

use super::leaves;

/// How far an evaluation has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::EvaluationStatus")]
pub enum EvaluationStatus {
    /// Being planned: criteria are written, measurements before are recorded.
    Draft,
    /// The criteria are frozen; measurements are recorded.
    Registered,
    /// Waiting for an approver.
    Submitted,
    /// Approved by someone who did not write in it.
    Approved,
    /// What readers everywhere see.
    Published,
    /// Withdrawn, for a reason.
    Withdrawn,
}

/// A moment in the life of an evaluation, to compare with another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::virkningsevaluering::Milestone")]
pub enum Milestone {
    /// When its criteria were registered.
    Registered,
    /// When it was last submitted.
    Submitted,
    /// When it was last approved.
    Approved,
    /// When it was last published.
    Published,
    /// As you see it: its newest version, or the one that is published; with `asOf`, that of the moment.
    Present,
}

/// Which way a criterion wants its indicator to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::CriterionDirection")]
pub enum CriterionDirection {
    /// More is better.
    Up,
    /// Less is better.
    Down,
}

/// What a criterion's threshold is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::CriterionBasis")]
pub enum CriterionBasis {
    /// The change as a fraction of the value before.
    RelativeChange,
    /// The difference between after and before; for shares a fraction, 0.1 being ten percentage points.
    AbsoluteChange,
    /// The value after.
    Level,
    /// The difference, which may go at most the threshold the wrong way.
    Maintain,
}

/// What a criterion is measured in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::CriterionUnit")]
pub enum CriterionUnit {
    /// People with an outcome, of all people measured.
    Share,
    /// The mean of a value, in the unit of its instrument.
    Mean,
    /// A count, such as charges, per unit of exposure where that is given.
    Count,
}

/// How the people measured before and after hang together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::Pairing")]
pub enum Pairing {
    /// Different people, or nothing is known to connect them.
    Independent,
    /// The same people, without a table of who changed.
    SamePersons,
    /// The same people, with a paired table.
    Paired,
}

/// What is known to stand between the change of a criterion and its cause. Each result is marked with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::Caution")]
pub enum Caution {
    /// Participants were chosen because of a high or a low value, which tends back by itself.
    RegressionToMean,
    /// What is measured changes with age alone.
    Maturation,
    /// Participants took part in other interventions at the time.
    CoEnrolment,
}

/// When something was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::Wave")]
pub enum Wave {
    /// Before the intervention.
    Before,
    /// While it went on.
    During,
    /// After it.
    After,
    /// Later, to see what lasted.
    FollowUp,
}

/// What the months of a measurement are counted from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::Anchor")]
pub enum Anchor {
    /// The start of a participant's course.
    Start,
    /// Its end.
    End,
}

/// Whom a measurement is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::GroupKind")]
pub enum GroupKind {
    /// All participants.
    Participants,
    /// A named part of them.
    Subgroup,
    /// People who did not take part.
    Comparison,
}

/// How a comparison group came to be, which decides what it can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::Comparability")]
pub enum Comparability {
    /// By lot.
    Randomised,
    /// Chosen to resemble the participants.
    Matched,
    /// All other residents. It never shows an effect.
    GeneralPopulation,
}

/// The form in which a measurement was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::MeasurementKind")]
pub enum MeasurementKind {
    /// Numerator and denominator.
    Share,
    /// People by category.
    Distribution,
    /// Mean, standard deviation and number.
    Mean,
    /// Mean, median, minimum and maximum.
    Summary,
    /// A count, with exposure.
    Count,
}

/// Why a measurement was corrected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::CorrectionKind")]
pub enum CorrectionKind {
    /// It was typed wrong.
    TypingError,
    /// It was of another period.
    WrongPeriod,
    /// It was of other people.
    WrongPopulation,
    /// The source was revised.
    SourceRevised,
    /// Another reason, which the text gives.
    Other,
}

/// Whom a learning is addressed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::Audience")]
pub enum Audience {
    /// Those who run the intervention.
    Intervention,
    /// Management.
    Management,
    /// Politicians.
    Politicians,
}

/// What a part of an evaluation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::EvaluationPart")]
pub enum EvaluationPart {
    /// A success criterion.
    Criterion,
    /// A measurement.
    Measurement,
    /// A paired table.
    PairedTable,
    /// A result.
    Result,
    /// A comparison with another group.
    Comparison,
    /// A printed claim.
    Claim,
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
    /// A step from one status to another.
    Transition,
}

leaves! {
    EvaluationStatus,
    CriterionDirection,
    CriterionBasis,
    CriterionUnit,
    Pairing,
    Caution,
    Wave,
    Anchor,
    GroupKind,
    Comparability,
    MeasurementKind,
    CorrectionKind,
    Audience,
}
