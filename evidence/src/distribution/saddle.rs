//! Probabilities by the saddle point (Loader 2000), since ln Γ of large counts is itself too large to keep the digits
//! that matter.

use std::f64::consts::TAU;

/// ln(ratio) − excess, where ratio = 1 + excess ≥ 0 and each of them carries its own digits: without cancellation.
pub fn log_less(ratio: f64, excess: f64) -> f64 {
    if excess.is_infinite() {
        return f64::NEG_INFINITY;
    }
    if excess.abs() > 0.5 {
        return ratio.ln() - excess;
    }
    // ln(ratio) = 2·artanh(v) with v = excess/(2 + excess); the first term less the excess is −excess·v.
    let v = excess / (2.0 + excess);
    let square = v * v;
    let mut term = 2.0 * v * square;
    let (mut sum, mut divisor) = (-excess * v, 3.0);
    while term.abs() > f64::EPSILON * sum.abs() {
        sum += term / divisor;
        term *= square;
        divisor += 2.0;
    }
    sum
}

/// ln Γ(x + 1) − ln(√(2πx)·(x/e)ˣ), for x > 0.
pub fn stirling_error(x: f64) -> f64 {
    let (mut x, mut below) = (x, 0.0);
    while x < 16.0 {
        below += (x + 0.5) * x.recip().ln_1p() - 1.0;
        x += 1.0;
    }
    let square = x * x;
    let series = 1.0 / 1260.0 - (1.0 / 1680.0 - 1.0 / (1188.0 * square)) / square;
    let series = 1.0 / 12.0 - (1.0 / 360.0 - series / square) / square;
    below + series / x
}

/// ln(Γ(a + b + 1)/(Γ(a + 1)·Γ(b + 1))·xᵃ·yᵇ) where x + y = 1: for whole numbers the probability of a successes and b
/// failures. For a, b ≥ 0; −∞ where it is impossible.
pub fn ln_binomial([a, b]: [f64; 2], [x, y]: [f64; 2]) -> f64 {
    if a == 0.0 {
        return ln_power(b, y, x);
    }
    if b == 0.0 {
        return ln_power(a, x, y);
    }
    ln_kernel([a, b], [x, y]) + ((a + b) / (TAU * a * b)).ln() / 2.0
}

/// The same for a, b > 0 without the factor √((a + b)/(2πab)).
pub fn ln_kernel([a, b]: [f64; 2], [x, y]: [f64; 2]) -> f64 {
    let (all, excess) = (a + b, b * x - a * y);
    let correction = stirling_error(all) - stirling_error(a) - stirling_error(b);
    // a·ln(nx/a) + b·ln(ny/b), each less its linear part: these cancel.
    correction + a * log_less(all / a * x, excess / a) + b * log_less(all / b * y, -excess / b)
}

/// n·ln(p) where p + q = 1.
fn ln_power(n: f64, p: f64, q: f64) -> f64 {
    if n == 0.0 { 0.0 } else { n * if q < 0.5 { (-q).ln_1p() } else { p.ln() } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_logarithm_less_its_argument_keeps_its_digits() {
        let log_less = |x: f64| log_less(1.0 + x, x);
        assert!((log_less(1e-9) / -5e-19 - 1.0).abs() < 1e-9);
        for x in [-0.5_f64, -0.3, 0.2, 0.5] {
            assert!((log_less(x) / (x.ln_1p() - x) - 1.0).abs() < 1e-13, "{x}");
        }
        assert!(log_less(0.0).abs() < f64::MIN_POSITIVE && log_less(f64::INFINITY) < f64::MIN);
    }

    #[test]
    fn the_error_of_stirling_is_that_of_the_factorial() {
        let mut factorial = 1.0_f64;
        for n in 1..=20 {
            let n = f64::from(n);
            factorial *= n;
            let by_hand = factorial.ln() - (n * n.ln() - n + (TAU * n).ln() / 2.0);
            assert!((stirling_error(n) - by_hand).abs() < 1e-13, "{n}");
        }
        // Γ(3/2) = √π/2.
        let half = 0.5_f64;
        let by_hand =
            (std::f64::consts::PI.sqrt() / 2.0).ln() - (half * half.ln() - half + (TAU * half).ln() / 2.0);
        assert!((stirling_error(half) - by_hand).abs() < 1e-15);
    }

    #[test]
    fn probabilities_of_few_are_as_counted() {
        let (x, y) = (0.3_f64, 0.7_f64);
        for (a, b, ways) in [(0, 4, 1.0), (1, 3, 4.0), (2, 2, 6.0), (4, 0, 1.0)] {
            let counted = ways * x.powi(a) * y.powi(b);
            let point = ln_binomial([a, b].map(f64::from), [x, y]).exp();
            assert!((point / counted - 1.0).abs() < 1e-14, "{a} {b}");
        }
        assert!(ln_binomial([3.0, 2.0], [0.0, 1.0]).exp().abs() < f64::MIN_POSITIVE);
        assert!(ln_binomial([0.0, 2.0], [1.0, 0.0]).exp().abs() < f64::MIN_POSITIVE);
        assert!(ln_binomial([0.0, 0.0], [1.0, 0.0]).abs() < f64::MIN_POSITIVE);
    }
}
