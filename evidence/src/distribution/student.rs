//! Student's t distribution.

use crate::distribution::beta::beta;
use crate::interval::Confidence;
use crate::score::log_edge;

/// P(|T| ≥ |t|) for T of Student's distribution with df > 0 degrees of freedom, which need not be whole. Between 0 and 1;
/// nought where t/√df is beyond 1e154.
pub fn two_sided(t: f64, df: f64) -> f64 {
    let slope = t.abs() / df.sqrt();
    let (x, y) = if slope <= 1.0 {
        let square = slope * slope;
        (1.0 / (1.0 + square), square / (1.0 + square))
    } else {
        let square = slope.recip() * slope.recip();
        (square / (1.0 + square), 1.0 / (1.0 + square))
    };
    beta([df / 2.0, 0.5], [x, y]).lower
}

/// The two-sided quantile: the t ≥ 0 with P(|T| ≤ t) equal to the confidence. Finite; searched outwards from the normal
/// quantile, below which it never lies.
pub fn quantile(df: f64, confidence: Confidence) -> f64 {
    if confidence.z() == 0.0 {
        return 0.0;
    }
    log_edge(confidence.z().ln(), 1.0, |log_t| two_sided(log_t.exp(), df) >= confidence.significance()).exp()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closed_forms_of_one_and_two_degrees_of_freedom() {
        for t in [1e-9_f64, 0.5, 1.0, 12.7, 1e6] {
            let one = 2.0 / std::f64::consts::PI * t.recip().atan();
            assert!((two_sided(t, 1.0) / one - 1.0).abs() < 1e-12, "{t}");
            let root = (2.0 + t * t).sqrt();
            let two = 2.0 / (root * (root + t));
            assert!((two_sided(-t, 2.0) / two - 1.0).abs() < 1e-12, "{t}");
        }
    }

    #[test]
    fn quantiles_are_those_of_the_tables() {
        for (df, level, t) in [
            (1.0, 0.95, 12.706_204_736_174_7),
            (2.0, 0.95, 4.302_652_729_749_46),
            (7.0, 0.95, 2.364_624_251_592_78),
            (30.0, 0.99, 2.749_995_653_567_23),
        ] {
            let got = quantile(df, Confidence::new(level).unwrap());
            assert!((got / t - 1.0).abs() < 1e-12, "{df} {level}: {got}");
        }
    }

    #[test]
    fn with_many_degrees_of_freedom_it_is_nearly_normal() {
        let z = Confidence::P95.z();
        for df in [1e4, 3e4, 1e6, 1e9, 1e15] {
            let (cube, fifth) = (z.powi(3), z.powi(5));
            let expansion =
                z + (cube + z) / (4.0 * df) + (5.0 * fifth + 16.0 * cube + 3.0 * z) / (96.0 * df * df);
            assert!((quantile(df, Confidence::P95) / expansion - 1.0).abs() < 1e-11, "{df}");
        }
    }

    #[test]
    fn any_degrees_of_freedom_give_a_number() {
        for df in [f64::MIN_POSITIVE, 1e-9, 0.1, 1.5, 1e300, f64::MAX] {
            for level in [f64::MIN_POSITIVE, 1e-12, 0.95, 1.0 - f64::EPSILON / 2.0] {
                let t = quantile(df, Confidence::new(level).unwrap());
                assert!(t.is_finite() && t >= 0.0, "{df} {level}: {t}");
            }
            for t in [0.0, f64::MIN_POSITIVE, 2.0, 1e200, f64::MAX] {
                assert!((0.0..=1.0).contains(&two_sided(t, df)), "{df} {t}");
            }
        }
    }
}
