//! Difference in differences: how much more a group changed than a comparison group did.
//!
//! It is the effect only if the groups would have changed alike without the intervention, of which a group that was
//! neither randomised nor matched says nothing.

mod means;

use crate::code::codes;
use crate::distribution::two_sided;
use crate::interval::{Confidence, Interval};
use crate::rate::Rate;
use crate::share::{Share, newcombe};

pub use means::{MeanComparison, compare_changes, compare_means};

codes! {
    /// What a comparison group was measured for.
    Design {
        /// Both groups in both waves.
        DifferenceInDifferences => "DIFFERENCE_IN_DIFFERENCES",
        /// One wave alone: how far apart the groups are, and nothing of change.
        DescriptiveGap => "DESCRIPTIVE_GAP",
    }

    /// Where the interval of a comparison comes from.
    ComparisonMethod {
        /// Of shares.
        Mover => "MOVER",
        /// Of means.
        Satterthwaite => "SATTERTHWAITE",
        /// Of rates: the ratio of their ratios.
        LogRateRatio => "LOG_RATE_RATIO",
    }
}

/// The two waves of one group.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Waves<T> {
    pub before: T,
    pub after: T,
}

/// The change of a group against that of its comparison group.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Comparison {
    pub estimate: f64,
    pub interval: Interval,
    /// The standard error of the estimate, or of its logarithm where it is a ratio.
    pub se: f64,
    /// Of no difference between the changes, two-sided; none where that is 0.
    pub p_value: Option<f64>,
}

/// The difference in differences of shares of different people, (p1 − p0) − (q1 − q0) with q those of the comparison
/// group. The interval is made from the two intervals of Newcombe (MOVER, Zou and Donner 2008): from
/// D − √((d − l)² + (u′ − d′)²) to D + √((u − d)² + (d′ − l′)²). The p-value is that of Wald, z = D/√(Σ p(1 − p)/n), and
/// can disagree with the interval.
///
/// None where any share has no data. Within −2 and 2.
pub fn compare_shares(
    treated: Waves<Share>,
    control: Waves<Share>,
    confidence: Confidence,
) -> Option<Comparison> {
    let (treated_change, control_change) = (change(treated, confidence)?, change(control, confidence)?);
    let ([low, difference, high], [control_low, control_difference, control_high]) =
        (treated_change, control_change);
    let estimate = difference - control_difference;
    let interval = Interval {
        low: estimate - (difference - low).hypot(control_high - control_difference),
        high: Some(estimate + (high - difference).hypot(control_difference - control_low)),
    };
    let shares = [treated.before, treated.after, control.before, control.after];
    let se = shares.map(variance).iter().sum::<f64>().sqrt();
    Some(Comparison { estimate, interval, se, p_value: wald(estimate, se) })
}

/// The lower limit, the difference and the upper limit.
fn change(waves: Waves<Share>, confidence: Confidence) -> Option<[f64; 3]> {
    let Interval { low, high } = newcombe(waves.before, waves.after, confidence)?;
    Some([low, waves.after.value()? - waves.before.value()?, high?])
}

/// p(1 − p)/n; nought without data.
fn variance(share: Share) -> f64 {
    share.value().map_or(0.0, |p| p * (1.0 - p) / f64::from(share.n()))
}

fn wald(estimate: f64, se: f64) -> Option<f64> {
    (se > 0.0).then(|| two_sided(estimate / se))
}

/// The ratio of the rate ratios of different people, (r1/r0)/(s1/s0) with s those of the comparison group, on the
/// logarithmic scale: exp(ln R ± z·√(Σ 1/count)), the interaction of a log-linear Poisson model (`McCullagh` and Nelder
/// 1989). 1 means that both changed by the same factor.
///
/// None where any count is 0.
pub fn compare_rates(
    treated: Waves<Rate>,
    control: Waves<Rate>,
    confidence: Confidence,
) -> Option<Comparison> {
    let rates = [treated.before, treated.after, control.before, control.after];
    if rates.iter().any(|rate| rate.count() == 0) {
        return None;
    }
    let estimate =
        treated.after.value() / treated.before.value() / (control.after.value() / control.before.value());
    let se = rates.map(|rate| f64::from(rate.count()).recip()).iter().sum::<f64>().sqrt();
    let factor = (confidence.z() * se).exp();
    Some(Comparison {
        estimate,
        interval: Interval { low: estimate / factor, high: Some(estimate * factor) },
        se,
        p_value: wald(estimate.ln(), se),
    })
}
