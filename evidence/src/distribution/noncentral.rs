//! The non-central t distribution.

use crate::distribution::gamma::gamma;
use crate::distribution::normal;
use crate::distribution::saddle::log_less;

/// Below e to minus this an end of an integral cannot be seen.
const UNSEEN: f64 = 42.0;

/// P(T > t) for T = (Z + shift)/S, Z standard normal and S² an independent χ² with df ≥ 1 degrees of freedom over df; t ≥ 0
/// and any shift.
///
/// By the trapezoidal rule, which for such smooth bells is as good as exact: over ln S, or over Z where that is the
/// narrower of the two.
pub fn upper(t: f64, df: f64, shift: f64) -> f64 {
    const FAR: f64 = 40.0;
    if shift < -FAR {
        return 0.0;
    }
    if shift > FAR && shift * shift > 2.0 * df {
        over_normal(t, df, shift)
    } else {
        over_spread(t, df, shift)
    }
}

fn over_spread(t: f64, df: f64, shift: f64) -> f64 {
    let reach = UNSEEN / df;
    let (low, high) = (-(reach.sqrt() + reach), reach.sqrt());
    let step = 1.0 / (3.0 * ((2.0 * df).sqrt() + shift.abs() + 1.0));
    let (mut sum, mut total, mut at) = (0.0, 0.0, low);
    while at <= high {
        let density = (df / 2.0 * log_less((2.0 * at).exp(), (2.0 * at).exp_m1())).exp();
        sum += density * normal(shift - t * at.exp()).lower;
        total += density;
        at += step;
    }
    (sum / total).min(1.0)
}

fn over_normal(t: f64, df: f64, shift: f64) -> f64 {
    const STEP: f64 = 0.25;
    let (mut sum, mut total, mut z) = (0.0, 0.0, -(2.0 * UNSEEN).sqrt());
    while z * z <= 2.0 * UNSEEN {
        let density = (-z * z / 2.0).exp();
        let spread = (shift + z) / t;
        sum += density * gamma(df / 2.0, df / 2.0 * spread * spread).lower;
        total += density;
        z += STEP;
    }
    (sum / total).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::student::two_sided;

    #[test]
    fn without_a_shift_it_is_the_central_one() {
        for df in [1.0, 2.5, 42.0, 1e6, 4e9] {
            for t in [0.0, 0.5, 2.0, 12.7, 1e4] {
                let central = two_sided(t, df) / 2.0;
                assert!((upper(t, df, 0.0) - central).abs() < 1e-13 + 1e-9 * central, "{t} {df}");
            }
        }
    }

    /// By Simpson's rule over four hundred thousand points.
    #[test]
    fn known_tails() {
        for (t, df, shift, expected) in [
            (2.018, 42.0, 3.27, 0.891_488_637_613_547_2),
            (12.706, 1.0, 3.0, 0.186_110_999_982_874_56),
            (3.0, 2.5, -1.0, 0.005_177_205_717_695_523_5),
            (1.96, 1e6, 2.8, 0.799_545_717_944_820_3),
            (50.0, 3.0, 45.0, 0.511_830_485_191_123_5),
            (63.66, 1.0, 251.0, 0.999_919_307_795_494_1),
        ] {
            let got = upper(t, df, shift);
            assert!((got / expected - 1.0).abs() < 1e-9, "{t} {df} {shift}: {got}, expected {expected}");
        }
    }

    #[test]
    fn with_many_degrees_of_freedom_it_is_normal() {
        for (t, shift) in [(1.96, 2.8), (1.96, -1.0), (45.0, 44.0)] {
            assert!((upper(t, 4e9, shift) - normal(shift - t).lower).abs() < 1e-6, "{t} {shift}");
        }
    }

    #[test]
    fn both_integrals_agree() {
        for (t, df, shift) in [(50.0, 3.0, 45.0), (12.7, 1.0, 41.0), (60.0, 100.0, 55.0), (41.0, 800.0, 42.0)]
        {
            assert!(
                (over_spread(t, df, shift) - over_normal(t, df, shift)).abs() < 1e-12,
                "{t} {df} {shift}"
            );
        }
    }

    #[test]
    fn any_shift_gives_a_probability() {
        for df in [1.0, 5.5, 1e5, 4e9] {
            for t in [0.0, 1.96, 636.6, 1e15, 1e100] {
                for shift in [f64::NEG_INFINITY, -1e9, -38.0, 39.0, 1e3, 1e7, f64::MAX, f64::INFINITY] {
                    assert!((0.0..=1.0).contains(&upper(t, df, shift)), "{t} {df} {shift}");
                }
            }
        }
    }
}
