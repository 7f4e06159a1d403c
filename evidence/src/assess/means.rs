//! Goals about a mean.

use super::{Found, Rules, assess, few, verdict};
use crate::effect_size::{EffectSize, hedges_g, hedges_g_paired};
use crate::exact::Ratio;
use crate::goal::{Basis, Goal};
use crate::interval::{Confidence, Interval};
use crate::mean::{Mean, StatedMean, TTest, correlated_t, log_response_ratio, t_interval, welch};
use crate::paired_values::paired_t;
use crate::settle::settled_by;
use crate::verdict::{Assessment, MeanPairing, Method, PValue, Wave};
use crate::warning::Warning;

/// How far a mean that is stated to six places may lie from that of the values.
const ROUNDING: f64 = 1e-6;

/// Assesses a goal about a mean as `assess_shares` does one about a share.
///
/// The intervals are those of t, and of the log response ratio for a relative change, which has none unless both means
/// are positive. Of the same people whose values are not known, it is the widest over all correlations of the values
/// from −1 to 1: that at −1. Where the standard deviation or the number of people is not stated, or nobody differs from
/// another, there is no method, and only the exact comparison. A mean of a number that is not stated is taken as one of
/// somebody.
pub fn assess_means(
    goal: &Goal,
    before: Wave<StatedMean>,
    after: Wave<StatedMean>,
    pairing: MeanPairing<'_>,
    confidence: Confidence,
) -> Assessment {
    assess(goal, before, after, &Means { pairing, confidence })
}

struct Means<'a> {
    pairing: MeanPairing<'a>,
    confidence: Confidence,
}

impl Rules for Means<'_> {
    type Value = StatedMean;

    fn exact(stated: StatedMean) -> Option<Ratio> {
        (stated.n != Some(0)).then(|| stated.mean.into())
    }

    /// The same people cannot be of two numbers, nor their values have other means.
    fn contradict(&self, before: StatedMean, after: StatedMean) -> bool {
        let is_not_of = |stated: StatedMean, mean: Mean| {
            let stated_mean = Ratio::from(stated.mean).to_f64();
            stated.n.is_some_and(|n| n != mean.n())
                || (stated_mean - mean.mean()).abs() > ROUNDING * mean.mean().abs().max(1.0)
        };
        match self.pairing {
            MeanPairing::Independent => false,
            MeanPairing::Paired(values) => {
                is_not_of(before, values.before()) || is_not_of(after, values.after())
            }
            MeanPairing::SamePersonsUnknownValues => before.n.zip(after.n).is_some_and(|(n0, n1)| n0 != n1),
        }
    }

    fn level(&self, after: StatedMean) -> Option<Found> {
        let mean = match self.pairing {
            MeanPairing::Paired(values) => values.after(),
            MeanPairing::Independent | MeanPairing::SamePersonsUnknownValues => after.with_spread()?,
        };
        let interval = t_interval(mean, self.confidence)?;
        Some(Found { interval, method: Method::T, p_value: None })
    }

    fn difference(&self, before: StatedMean, after: StatedMean) -> Option<Found> {
        match self.pairing {
            MeanPairing::Independent => {
                let test = welch(before.with_spread()?, after.with_spread()?, self.confidence);
                Some(found(by_t(test)?, Method::Welch))
            }
            MeanPairing::Paired(values) => {
                Some(found(by_t(paired_t(values, self.confidence))?, Method::PairedT))
            }
            MeanPairing::SamePersonsUnknownValues => {
                self.widest(Basis::AbsoluteChange, before, after, Method::PairedTEnvelope)
            }
        }
    }

    fn relative_change(&self, before: StatedMean, after: StatedMean) -> Option<Found> {
        match self.pairing {
            MeanPairing::Independent => {
                let (before, after) = (before.with_spread()?, after.with_spread()?);
                Some(found(by_ratio(before, after, 0.0, self.confidence)?, Method::LogResponseRatio))
            }
            MeanPairing::Paired(values) => {
                let r = values.correlation().unwrap_or(0.0);
                let ratio = by_ratio(values.before(), values.after(), r, self.confidence)?;
                Some(found(ratio, Method::PairedLogResponseRatio))
            }
            MeanPairing::SamePersonsUnknownValues => {
                self.widest(Basis::RelativeChange, before, after, Method::PairedLogResponseRatioEnvelope)
            }
        }
    }

    fn effect_size(&self, before: StatedMean, after: StatedMean) -> Option<EffectSize> {
        match self.pairing {
            MeanPairing::Independent => {
                hedges_g(before.with_spread()?, after.with_spread()?, self.confidence)
            }
            MeanPairing::Paired(values) => hedges_g_paired(values, self.confidence),
            MeanPairing::SamePersonsUnknownValues => None,
        }
    }

    fn warnings(
        &self,
        goal: &Goal,
        before: Option<StatedMean>,
        after: StatedMean,
        is_met: bool,
    ) -> Vec<Warning> {
        let unknown = before
            .filter(|_| self.pairing == MeanPairing::SamePersonsUnknownValues)
            .and_then(|before| self.what_would_settle(goal, before, after, is_met));
        let paired = match self.pairing {
            MeanPairing::Paired(values) => Some(values.n()),
            MeanPairing::Independent | MeanPairing::SamePersonsUnknownValues => None,
        };
        let stated = before.into_iter().chain([after]).filter_map(|mean| mean.n);
        unknown.into_iter().chain(few(paired.into_iter().chain(stated))).collect()
    }
}

/// An interval and the p-value that belongs to it.
type Tested = (Interval, f64);

fn by_t(test: Option<TTest>) -> Option<Tested> {
    test.map(|test| (test.interval, test.p_value))
}

fn by_ratio(before: Mean, after: Mean, r: f64, confidence: Confidence) -> Option<Tested> {
    let change = log_response_ratio(before, after, r, confidence)?;
    Some((change.interval, change.p_value?))
}

fn found((interval, p): Tested, method: Method) -> Found {
    Found { interval, method, p_value: Some(PValue::One(p)) }
}

impl Means<'_> {
    fn correlated(&self, basis: Basis, before: Mean, after: Mean, r: f64) -> Option<Tested> {
        match basis {
            Basis::RelativeChange => by_ratio(before, after, r, self.confidence),
            Basis::AbsoluteChange | Basis::Level | Basis::Maintain => {
                by_t(correlated_t(before, after, r, self.confidence))
            }
        }
    }

    /// The variance falls with the correlation, so that the two ends stand for all.
    fn widest(&self, basis: Basis, before: StatedMean, after: StatedMean, method: Method) -> Option<Found> {
        let of = |r| self.correlated(basis, before.with_spread()?, after.with_spread()?, r);
        let (interval, highest) = of(-1.0)?;
        let without_spread = if before.mean == after.mean { 1.0 } else { 0.0 };
        let lowest = of(1.0).map_or(without_spread, |(_, p)| p);
        Some(Found { interval, method, p_value: Some(PValue::Range { lowest, highest }) })
    }

    fn what_would_settle(
        &self,
        goal: &Goal,
        before: StatedMean,
        after: StatedMean,
        is_met: bool,
    ) -> Option<Warning> {
        let (before, after) = (before.with_spread()?, after.with_spread()?);
        let is_settled = |above_lowest: u32| {
            let r = f64::from(above_lowest) / 100.0 - 1.0;
            let tested = self.correlated(goal.basis, before, after, r);
            tested.is_some_and(|(interval, _)| verdict(goal, interval, is_met).is_settled())
        };
        // Of a correlation of 1 nobody would differ from another in how much they change.
        let settled = settled_by(&(0..=199), is_settled);
        let settled_from = settled.and_then(|(first, _)| i8::try_from(i64::from(first) - 100).ok());
        Some(Warning::CorrelationUnknown { settled_from })
    }
}
