//! The ends of a score interval: the values of the parameter that a test would just not reject.

/// Halvings until two neighbouring floating-point numbers are reached; more than ever needed, so that it ends.
const HALVINGS: u32 = 200;

/// Where on the logarithmic scale a ratio of two shares is as good as 0 or unbounded: no ratio of counts comes near
/// it, and its third power times any count is still a finite number.
pub const LOG_FAR: f64 = 100.0;

/// The last value from `inside`, which the test accepts, towards `outside`, which it rejects.
pub fn edge(inside: f64, outside: f64, accepts: impl Fn(f64) -> bool) -> f64 {
    let (mut inside, mut outside) = (inside, outside);
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(inside, outside);
        if middle <= inside.min(outside) || middle >= inside.max(outside) {
            break;
        }
        *(if accepts(middle) { &mut inside } else { &mut outside }) = middle;
    }
    inside
}

/// The last accepted value from `inside` in the direction of `sign` (1 or −1), all on the logarithmic scale.
///
/// It searches outwards in doubling steps first, so that the ends of a narrow interval are found in few steps.
pub fn log_edge(inside: f64, sign: f64, accepts: impl Fn(f64) -> bool) -> f64 {
    let mut step = 1.0 / 64.0;
    while step <= 2.0 * LOG_FAR && accepts(inside + sign * step) {
        step *= 2.0;
    }
    edge(inside, inside + sign * step, accepts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edge_is_found_from_either_side() {
        let accepts = |value: f64| value.abs() <= 0.25;
        assert!((edge(0.0, 1.0, accepts) - 0.25).abs() < 1e-15);
        assert!((edge(0.0, -1.0, accepts) + 0.25).abs() < 1e-15);
        assert!((log_edge(0.0, 1.0, |value| value <= 9.5) - 9.5).abs() < 1e-14);
    }

    #[test]
    fn it_ends_where_there_is_no_edge() {
        assert!(log_edge(0.0, 1.0, |_| true).is_finite());
        assert!(edge(0.0, 1.0, |_| false).abs() < 1e-15);
    }
}
