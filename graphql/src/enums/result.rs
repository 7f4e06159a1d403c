//! What results say. The codes are those of the evidence that results are computed by.

use async_graphql::Enum;

/// Whether the goal is reached as measured, whatever the uncertainty (målopfyldelse).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum Attainment {
    /// It is.
    Met,
    /// The right way, and short of the goal.
    Partly,
    /// It is not.
    NotMet,
    /// Something that is needed is missing.
    NotAssessable,
}

/// What the whole interval says of the goal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum Verdict {
    /// All of it reaches the goal.
    Achieved,
    /// None of it does.
    NotAchieved,
    /// Some of it does: the uncertainty is too great to tell.
    Inconclusive,
    /// Something that is needed is missing; the reason stands beside it.
    NotAssessable,
}

/// Why there is no verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum NotAssessableReason {
    /// A wave that is needed covers nobody.
    NoData,
    /// The goal needs a value before, and none is recorded.
    MissingBefore,
    /// No value after is recorded.
    MissingAfter,
    /// The goal needs a value before, and there can be none.
    BaselineNotApplicable,
    /// A relative change from zero cannot be stated.
    BaselineZero,
    /// What is given cannot all be true.
    InconsistentInput,
    /// Too little is stated for an interval: a mean without its spread or number, or values that do not differ at all.
    NoMethod,
    /// The numbers are of few people, and hidden from readers who do not see participants.
    Suppressed,
}

/// The interval of the change against no change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ResultChange {
    /// All of it lies on the better side.
    Improved,
    /// All of it lies on the worse side.
    Worsened,
    /// It holds no change.
    NoClearChange,
}

/// Where an interval comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum IntervalMethod {
    /// Wilson 1927, one share.
    Wilson,
    /// Newcombe 1998, method 10, difference of independent shares.
    Newcombe,
    /// Koopman 1984, ratio of independent shares.
    Koopman,
    /// Tango 1998, difference of paired shares.
    Tango,
    /// Nam and Blackwelder 2002, ratio of paired shares.
    NamBlackwelder,
    /// The widest by Tango over all paired tables that fit.
    TangoEnvelope,
    /// The widest by Nam and Blackwelder over all paired tables that fit.
    NamBlackwelderEnvelope,
    /// Student, one mean.
    T,
    /// Welch 1947, difference of independent means.
    Welch,
    /// Student, mean of the differences of the same people.
    PairedT,
    /// The widest by paired t over all correlations.
    PairedTEnvelope,
    /// Hedges, Gurevitch and Curtis 1999, ratio of independent means.
    LogResponseRatio,
    /// The same for the same people, by their correlation.
    PairedLogResponseRatio,
    /// The widest of these over all correlations.
    PairedLogResponseRatioEnvelope,
    /// Garwood 1936, one rate.
    Garwood,
    /// Przyborowski and Wilenski 1940, conditional exact ratio of rates.
    RateRatioExact,
    /// Two exact intervals of rates put together (MOVER).
    RateDifferenceMover,
}

/// By which spread an effect size is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum EffectSizeKind {
    /// The pooled standard deviation of different people (Hedges 1981).
    HedgesG,
    /// The standard deviation before of the same people (Becker 1988).
    HedgesGPaired,
}

/// What a comparison group was measured for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ComparisonDesign {
    /// Both groups in both waves: how much more the participants changed.
    DifferenceInDifferences,
    /// One wave alone: how far apart the groups are, and nothing of change.
    DescriptiveGap,
}

/// Where the interval of a comparison comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum ComparisonMethod {
    /// Zou and Donner 2008, over two Newcombe intervals; of shares.
    Mover,
    /// By t with the degrees of freedom of Satterthwaite 1946; of means.
    Satterthwaite,
    /// The ratio of rate ratios on the logarithmic scale; of counts.
    LogRateRatio,
}

/// What limits the use of a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum WarningCode {
    /// The criterion was registered after the period of the measurement after began.
    PostHoc,
    /// The same people, and it is not known who changed.
    PairingUnknown,
    /// Fewer than 20 people in a wave.
    SmallN,
    /// Counts of which only the totals are known: some people may have many.
    OverdispersionUnknown,
    /// The verdict would be another if those who are missing had all fared well, or all badly.
    NotRobustToAttrition,
    /// Participants were chosen because of a high or a low value, which tends back by itself.
    RegressionToMean,
    /// What is measured changes with age alone.
    Maturation,
    /// Participants took part in other interventions at the time.
    CoEnrolment,
}

/// What a result compares, which decides what it can speak of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum Design {
    /// Before and after: it shows change, not effect.
    BeforeAfter,
    /// One level: it shows neither.
    AfterOnly,
}

/// Why nothing can be planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum PlanObstacle {
    /// A share before or after is not between 0 and 1.
    NotAShare,
    /// The values have no standard deviation above zero, or it is not given.
    NoSpread,
    /// The value before is not above zero, from which no relative change can be stated.
    BaselineZero,
    /// There is no value before yet, or it does not say of how many people.
    NoBaseline,
    /// Counts have no number of people by which to plan.
    Count,
}

/// A language for texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum Language {
    /// Danish.
    Da,
    /// English.
    En,
}

impl From<Language> for domain::Language {
    fn from(language: Language) -> Self {
        match language {
            Language::Da => Self::Danish,
            Language::En => Self::English,
        }
    }
}
