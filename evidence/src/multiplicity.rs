//! Several criteria at once.

/// What one of several tests says when all are seen together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Adjusted {
    /// At most 1, and at least the p-value itself.
    pub p_value: f64,
    pub rejected: bool,
}

/// The tests that may be called significant if the chance of calling any true hypothesis false is to stay below `alpha`
/// (Holm 1979): in rising order the i-th of m p-values is multiplied by m − i + 1, none falls below the one before, and
/// rejecting ends at the first that is above alpha/(m − i + 1). In the order given. That all criteria are met needs no
/// such correction.
///
/// None where a number is not between 0 and 1.
pub fn holm(p_values: &[f64], alpha: f64) -> Option<Vec<Adjusted>> {
    let is_probability = |p: &f64| (0.0..=1.0).contains(p);
    if !p_values.iter().chain([&alpha]).all(is_probability) {
        return None;
    }
    let mut order: Vec<_> = (0..p_values.len()).collect();
    order.sort_by(|one, other| p_values[*one].total_cmp(&p_values[*other]));
    let mut adjusted = vec![Adjusted { p_value: 0.0, rejected: true }; p_values.len()];
    let mut last = Adjusted { p_value: 0.0, rejected: true };
    let mut left = f64::from(u32::try_from(p_values.len()).ok()?);
    for index in order {
        let p = p_values[index];
        let rejected = last.rejected && p <= alpha / left;
        last = Adjusted { p_value: (p * left).min(1.0).max(last.p_value), rejected };
        adjusted[index] = last;
        left -= 1.0;
    }
    Some(adjusted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_probability_gives_none() {
        assert_eq!(holm(&[], 0.05), Some(Vec::new()));
        for wrong in [-0.1, 1.1, f64::NAN, f64::INFINITY] {
            assert_eq!(holm(&[0.5, wrong], 0.05), None);
            assert_eq!(holm(&[0.5], wrong), None);
        }
    }

    #[test]
    fn after_one_that_is_not_rejected_none_is() {
        let adjusted = holm(&[0.04, 0.001, 0.03], 0.05).unwrap();
        let expected = [(0.06, false), (0.003, true), (0.06, false)];
        for (adjusted, (p, rejected)) in adjusted.into_iter().zip(expected) {
            assert!((adjusted.p_value - p).abs() < 1e-15 && adjusted.rejected == rejected);
        }
    }
}
