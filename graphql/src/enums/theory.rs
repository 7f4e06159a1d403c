//! Programme theories. The codes of what is known of them are those of the evidence that tells it.

use async_graphql::Enum;

use super::leaves;

/// What an element is in a programme theory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "TheoryElementKind", remote = "domain::ElementKind")]
pub enum ElementKind {
    /// What is put in: people, money, rooms.
    Input,
    /// What is done (aktivitet).
    Activity,
    /// What that yields at once: conversations held, courses ended.
    Output,
    /// What is to follow soon (resultat på kort sigt).
    ShortTermOutcome,
    /// What is to follow in the end (resultat på langt sigt).
    LongTermOutcome,
    /// Why one is assumed to lead to another (mekanisme).
    Mechanism,
    /// Under which circumstances it is assumed to (kontekst).
    Context,
}

/// How qualitative evidence was gathered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::EvidenceMethod")]
pub enum EvidenceMethod {
    /// Someone was asked.
    Interview,
    /// Someone looked on.
    Observation,
    /// It was read.
    Document,
    /// It was found in a register.
    Register,
}

/// What qualitative evidence says of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::Finding")]
pub enum Finding {
    /// It came about as the theory has it.
    Supports,
    /// It did not.
    Weakens,
    /// Something speaks for it, something against.
    Mixed,
}

/// How a rival explanation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::RivalAssessment")]
pub enum RivalAssessment {
    /// Nobody has said yet.
    NotAssessed,
    /// It does not explain what is found.
    RuledOut,
    /// It may.
    Plausible,
    /// It probably does.
    Likely,
}

/// What there is to mend in a programme theory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "TheoryProblemCode")]
pub enum FlawCode {
    /// Nothing leads to the element, and it leads to nothing.
    Orphan,
    /// No activity leads to the outcome, directly or over others.
    Unreached,
    /// There is no outcome.
    NoOutcome,
}

/// Whether inputs, activities and outputs came about as planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum Implementation {
    /// All that is known says so.
    AsPlanned,
    /// Some of it does, or it did in part.
    Partly,
    /// All that is known denies it.
    NotAsPlanned,
    /// Nothing is known.
    NotAssessed,
}

/// Whether the expected outcomes followed, whatever brought them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum Outcomes {
    /// All that is known says so.
    Followed,
    /// Some of it does, or they followed in part.
    Partly,
    /// All that is known denies it.
    NotFollowed,
    /// Nothing is known.
    NotAssessed,
}

leaves! {
    ElementKind,
    EvidenceMethod,
    Finding,
    RivalAssessment,
}
