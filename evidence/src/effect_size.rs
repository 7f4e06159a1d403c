//! How large a change of means is beside the spread of the values.

use crate::code::codes;
use crate::interval::{Confidence, Interval};
use crate::mean::Mean;
use crate::paired_values::PairedValues;

codes! {
    /// Which spread a change is measured by.
    EffectSizeKind {
        /// The pooled standard deviation of two groups of different people.
        HedgesG => "HEDGES_G",
        /// The standard deviation before, of the same people.
        HedgesGPaired => "HEDGES_G_PAIRED",
    }
}

/// A standardised change of means, in standard deviations.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EffectSize {
    pub kind: EffectSizeKind,
    pub estimate: f64,
    /// None where the correlation of the same people is undefined.
    pub se: Option<f64>,
    pub interval: Option<Interval>,
}

impl EffectSize {
    /// None where a number is too large.
    fn new(
        kind: EffectSizeKind,
        estimate: f64,
        variance: Option<f64>,
        confidence: Confidence,
    ) -> Option<Self> {
        let se = variance.map(f64::sqrt);
        let margin = se.map(|se| confidence.z() * se);
        let interval =
            margin.map(|margin| Interval { low: estimate - margin, high: Some(estimate + margin) });
        let is_finite =
            estimate.is_finite() && margin.is_none_or(|margin| (estimate.abs() + margin).is_finite());
        is_finite.then_some(Self { kind, estimate, se, interval })
    }
}

/// Hedges' g of two means of different people (Hedges 1981): J(m)·(m1 − m0)/s with the pooled variance
/// s² = ((n0 − 1)s0² + (n1 − 1)s1²)/m, m = n0 + n1 − 2, and the variance 1/n0 + 1/n1 + g²/(2(n0 + n1)).
///
/// None where either is of fewer than two, or neither has a spread.
pub fn hedges_g(before: Mean, after: Mean, confidence: Confidence) -> Option<EffectSize> {
    let (n0, n1) = (f64::from(before.n()), f64::from(after.n()));
    if before.n() < 2 || after.n() < 2 {
        return None;
    }
    let m = n0 + n1 - 2.0;
    let sd = (before.sd() * ((n0 - 1.0) / m).sqrt()).hypot(after.sd() * ((n1 - 1.0) / m).sqrt());
    let g = bias_correction(m) * (after.mean() - before.mean()) / sd;
    let variance = n0.recip() + n1.recip() + g * g / (2.0 * (n0 + n1));
    EffectSize::new(EffectSizeKind::HedgesG, g, Some(variance), confidence)
}

/// Hedges' g of the same people, the standardised mean change by the spread before (Becker 1988): J(n − 1)·(m1 − m0)/s0,
/// with the large-sample variance 2(1 − r)/n + g²/(2n), where r is the correlation of the values.
///
/// None of fewer than three pairs, or where all values before are equal. Where all values after are, r is undefined,
/// and with it the standard error and the interval.
pub fn hedges_g_paired(values: &PairedValues, confidence: Confidence) -> Option<EffectSize> {
    let (before, n) = (values.before(), f64::from(values.n()));
    if values.n() < 3 {
        return None;
    }
    let g = bias_correction(n - 1.0) * values.difference().mean() / before.sd();
    let variance = values.correlation().map(|r| 2.0 * (1.0 - r) / n + g * g / (2.0 * n));
    EffectSize::new(EffectSizeKind::HedgesGPaired, g, variance, confidence)
}

/// J(m) = Γ(m/2) / (√(m/2)·Γ((m − 1)/2)) of m > 1 degrees of freedom (Hedges 1981), without the difference of two large
/// logarithms: with x = (m − 1)/2, Γ(x + ½)/Γ(x) is raised by Γ(x + ½)/Γ(x) = x/(x + ½) · Γ(x + 3/2)/Γ(x + 1) to where
/// its expansion in 1/x (Tricomi and Erdélyi 1951) has all digits.
fn bias_correction(m: f64) -> f64 {
    let (mut x, mut raised) = ((m - 1.0) / 2.0, 1.0);
    while x < 60.0 {
        raised *= x / (x + 0.5);
        x += 1.0;
    }
    let u = x.recip();
    let terms = [1.0, -1.0 / 8.0, 1.0 / 128.0, 5.0 / 1024.0, -21.0 / 32768.0, -399.0 / 262_144.0];
    let expansion = terms.into_iter().rev().fold(0.0, |sum, term| sum * u + term);
    raised * expansion * (2.0 * x / m).sqrt()
}

#[cfg(test)]
mod tests {
    use statrs::function::gamma::ln_gamma;

    use super::*;

    #[test]
    fn the_correction_is_the_ratio_of_gamma_functions() {
        for m in [1.5_f64, 2.0, 3.0, 7.0, 19.0, 111.0, 121.0, 500.0] {
            let expected = (ln_gamma(m / 2.0) - ln_gamma((m - 1.0) / 2.0)).exp() / (m / 2.0).sqrt();
            assert!((bias_correction(m) / expected - 1.0).abs() < 1e-12, "{m}");
        }
        // √(2/π) · ½ · √π at m = 2.
        assert!((bias_correction(2.0) - std::f64::consts::PI.sqrt().recip()).abs() < 1e-14);
        assert!(1.0 - bias_correction(8.6e9) < 1e-10);
    }
}
