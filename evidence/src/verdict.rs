//! Whether a goal is reached, and how sure that is.

use crate::code::codes;
use crate::effect_size::EffectSize;
use crate::interval::Interval;
use crate::paired::PairedTable;
use crate::paired_values::PairedValues;
use crate::warning::Warning;

pub use crate::assess::{assess_counts, assess_means, assess_shares};

/// How the people before are related to those after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pairing {
    /// Different people.
    Independent,
    /// The same people, and it is known who changed.
    Paired(PairedTable),
    /// The same people, of whom only the two shares are known.
    SamePersonsUnknownTable,
}

/// The same for means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MeanPairing<'a> {
    /// Different people.
    Independent,
    /// The same people, and the two values of each are known.
    Paired(&'a PairedValues),
    /// The same people, of whom only the two means are known.
    SamePersonsUnknownValues,
}

/// What is known of one wave of measurement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wave<T> {
    /// Nothing is recorded yet, or the source states none.
    Missing,
    /// It is stated that there can be none.
    NotApplicable,
    Given(T),
}

codes! {
    /// Why a goal cannot be assessed.
    Reason {
        /// A wave that is needed covers nobody.
        NoData => "NO_DATA",
        /// The goal needs a value before, and none is recorded.
        MissingBefore => "MISSING_BEFORE",
        /// There is no value after.
        MissingAfter => "MISSING_AFTER",
        /// The goal needs a value before, and it is stated that there can be none.
        BaselineNotApplicable => "BASELINE_NOT_APPLICABLE",
        /// A relative change from zero cannot be stated; an absolute change or a level can.
        BaselineZero => "BASELINE_ZERO",
        /// What is given cannot all be true: the same people in different numbers, a table of other shares.
        InconsistentInput => "INCONSISTENT_INPUT",
        /// There is no interval: of a mean too little is stated, or its values have no spread.
        NoMethod => "NO_METHOD",
        /// The numbers are of few people and hidden from whoever reads.
        Suppressed => "SUPPRESSED",
    }

    /// How the numbers as measured compare with the goal, whatever their uncertainty. Decided exactly.
    Attainment {
        Met => "MET",
        /// The right way, and short of the goal.
        Partly => "PARTLY",
        NotMet => "NOT_MET",
        NotAssessable => "NOT_ASSESSABLE",
    }

    /// The interval of the change against no change.
    Change {
        Improved => "IMPROVED",
        Worsened => "WORSENED",
        NoClearChange => "NO_CLEAR_CHANGE",
    }

    /// Where the interval comes from.
    Method {
        Wilson => "WILSON",
        Newcombe => "NEWCOMBE",
        Koopman => "KOOPMAN",
        Tango => "TANGO",
        NamBlackwelder => "NAM_BLACKWELDER",
        /// The widest over all tables that fit the two shares.
        TangoEnvelope => "TANGO_ENVELOPE",
        /// The widest over all tables that fit the two shares.
        NamBlackwelderEnvelope => "NAM_BLACKWELDER_ENVELOPE",
        /// Of one mean.
        T => "T",
        Welch => "WELCH",
        PairedT => "PAIRED_T",
        /// The widest over all correlations of the values.
        PairedTEnvelope => "PAIRED_T_ENVELOPE",
        LogResponseRatio => "LOG_RESPONSE_RATIO",
        PairedLogResponseRatio => "PAIRED_LOG_RESPONSE_RATIO",
        /// The widest over all correlations of the values.
        PairedLogResponseRatioEnvelope => "PAIRED_LOG_RESPONSE_RATIO_ENVELOPE",
        /// Of one rate.
        Garwood => "GARWOOD",
        RateRatioExact => "RATE_RATIO_EXACT",
        RateDifferenceMover => "RATE_DIFFERENCE_MOVER",
    }
}

/// What the whole interval says of the goal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// All of it reaches the goal.
    Achieved,
    /// None of it does.
    NotAchieved,
    /// Some of it does.
    Inconclusive,
    NotAssessable(Reason),
}

impl Verdict {
    pub const CODES: &'static [&'static str] =
        &["ACHIEVED", "NOT_ACHIEVED", "INCONCLUSIVE", "NOT_ASSESSABLE"];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Achieved => "ACHIEVED",
            Self::NotAchieved => "NOT_ACHIEVED",
            Self::Inconclusive => "INCONCLUSIVE",
            Self::NotAssessable(_) => "NOT_ASSESSABLE",
        }
    }

    pub const fn reason(self) -> Option<Reason> {
        match self {
            Self::NotAssessable(reason) => Some(reason),
            Self::Achieved | Self::NotAchieved | Self::Inconclusive => None,
        }
    }

    /// The verdict of that code and reason. None for an unknown code, for a reason beside a verdict that has none, and
    /// for none where there must be one.
    pub fn from_parts(code: &str, reason: Option<Reason>) -> Option<Self> {
        match (code, reason) {
            ("ACHIEVED", None) => Some(Self::Achieved),
            ("NOT_ACHIEVED", None) => Some(Self::NotAchieved),
            ("INCONCLUSIVE", None) => Some(Self::Inconclusive),
            ("NOT_ASSESSABLE", Some(reason)) => Some(Self::NotAssessable(reason)),
            _ => None,
        }
    }

    pub(crate) const fn is_settled(self) -> bool {
        matches!(self, Self::Achieved | Self::NotAchieved)
    }
}

/// How likely a change at least as large would be if nothing had changed, two-sided.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PValue {
    One(f64),
    /// From the lowest to the highest that the pairing, which is unknown, allows.
    Range {
        lowest: f64,
        highest: f64,
    },
}

/// All that two waves of measurement say of a goal.
#[derive(Clone, Debug, PartialEq)]
pub struct Assessment {
    pub verdict: Verdict,
    pub attainment: Attainment,
    /// None where there is no interval of the change.
    pub change: Option<Change>,
    /// On the scale of the basis: the relative change, the difference or the level.
    pub estimate: Option<f64>,
    /// On the scale of the basis.
    pub interval: Option<Interval>,
    pub method: Option<Method>,
    /// Of no change, by the test that the interval belongs to; none for a level.
    pub p_value: Option<PValue>,
    /// Of means whose spread is known.
    pub effect_size: Option<EffectSize>,
    /// (after − before) / before; none without both, or from a value of zero or below.
    pub relative_change: Option<f64>,
    /// after − before; none without both.
    pub difference: Option<f64>,
    /// The gravest first.
    pub warnings: Vec<Warning>,
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use super::*;

    #[test]
    fn codes_are_read_back() {
        for reason in Reason::ALL {
            assert_eq!(Reason::from_str(reason.as_str()).as_ref(), Ok(reason));
            let verdict = Verdict::NotAssessable(*reason);
            assert_eq!(Verdict::from_parts(verdict.code(), verdict.reason()), Some(verdict));
        }
        for verdict in [Verdict::Achieved, Verdict::NotAchieved, Verdict::Inconclusive] {
            assert_eq!(Verdict::from_parts(verdict.code(), None), Some(verdict));
            assert_eq!(Verdict::from_parts(verdict.code(), Some(Reason::NoData)), None);
            assert!(Verdict::CODES.contains(&verdict.code()));
        }
        assert_eq!(Verdict::from_parts("NOT_ASSESSABLE", None), None);
        assert_eq!(Verdict::from_parts("PASSED", None), None);
        assert!(Method::ALL.iter().all(|method| method.as_str().parse() == Ok(*method)));
        assert_eq!("TANGO_ENVELOPE".parse(), Ok(Method::TangoEnvelope));
        assert!(
            "tango"
                .parse::<Method>()
                .unwrap_err()
                .to_string()
                .starts_with("\"tango\" is not one of WILSON, ")
        );
    }
}
