//! Those who were not measured after.

use crate::interval::Interval;
use crate::share::Share;

/// What the share after may be of all who were enrolled, whatever became of those who are missing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AttritionBounds {
    /// From 0 to 1, of those enrolled.
    pub attrition: f64,
    /// The share after of those measured after; none where nobody was.
    pub complete_case: Option<f64>,
    pub after: Interval,
    /// After − before.
    pub difference: Interval,
    /// (after − before) / before; none where nobody had the outcome before.
    pub relative_change: Option<Interval>,
}

/// The bounds of Manski 1990: none of those missing after has the outcome, or all do. Everyone enrolled was measured
/// before. Not an interval of confidence: without chance the truth lies between them.
///
/// None where nobody was enrolled, or more were measured after than were enrolled.
pub fn attrition_bounds(before: Share, after: Share) -> Option<AttritionBounds> {
    let missing = before.n().checked_sub(after.n())?;
    let share_before = before.value()?;
    let of_enrolled = |people: f64| people / f64::from(before.n());
    let [x0, x1, missing] = [before.successes(), after.successes(), missing].map(f64::from);
    let bounds = |of: &dyn Fn(f64) -> f64| Interval { low: of(x1), high: Some(of(x1 + missing)) };
    Some(AttritionBounds {
        attrition: of_enrolled(missing),
        complete_case: after.value(),
        after: bounds(&of_enrolled),
        difference: bounds(&|x| of_enrolled(x - x0)),
        relative_change: (share_before > 0.0).then(|| bounds(&|x| (x - x0) / x0)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_after_than_enrolled_or_nobody_enrolled_has_no_bounds() {
        let share = |x, n| Share::new(x, n).unwrap();
        assert_eq!(attrition_bounds(share(3, 10), share(3, 11)), None);
        assert_eq!(attrition_bounds(share(0, 0), share(0, 0)), None);
    }
}
