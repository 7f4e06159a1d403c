//! What a study can tell of its goal, before it begins.

use super::tried::Tried;
use super::{Power, smallest};
use crate::code::codes;
use crate::exact::rounded;
use crate::goal::{Basis, Direction, Goal, Millionths};
use crate::interval::Confidence;

const MILLION: i128 = 1_000_000;

/// What is known before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Baseline {
    /// A share of people, as a fraction.
    Share(Millionths),
    /// A mean and the standard deviation of the values, which is taken to stay.
    Mean { mean: Millionths, sd: Millionths },
}

/// Who is measured after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum People {
    /// Others than before, as many.
    Different,
    /// The same. Who of them changes is not known beforehand: everything is given as a span.
    Same,
}

/// A study that is thought of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Study {
    pub goal: Goal,
    pub baseline: Baseline,
    pub people: People,
    /// The true value after; none for the goal itself, reached exactly, and for no change where the goal is to maintain.
    pub assumed: Option<Millionths>,
    /// People in each wave.
    pub n: u32,
    pub confidence: Confidence,
    pub target: Power,
}

codes! {
    /// Why nothing can be planned.
    Obstacle {
        /// A share before or after is not between 0 and 1.
        NotAShare => "NOT_A_SHARE",
        /// The values have no standard deviation above zero.
        NoSpread => "NO_SPREAD",
        /// The value before is not above zero, from which no relative change can be stated.
        BaselineZero => "BASELINE_ZERO",
        /// There is no value before yet.
        NoBaseline => "NO_BASELINE",
        /// Counts have no number of people by which to plan.
        Count => "COUNT",
    }
}

/// From the least to the most favourable of what is not known beforehand; both are the same where all is known.
///
/// Of shares of the same people: from a paired table in which before and after do not hang together to that in which as few
/// people change as can. Of means of the same people: from a correlation of 0 to one of 0.8.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span<T> {
    pub worst: T,
    pub best: T,
}

/// How many people are needed in each wave.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Needed {
    /// The assumed value makes the question void: there is no change to show, or it does not lie beyond the goal.
    Never,
    /// None where no number that can be counted is enough.
    People(Span<Option<u32>>),
}

/// What a study can tell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plan {
    pub study: Study,
    /// The assumed value after.
    pub after: Millionths,
    /// How often n people show that there is a change at all; none where none is assumed, and of too few people.
    pub power: Option<Span<f64>>,
    /// The value after nearest to that before, in the direction of the goal, that n people tell from it with the target
    /// power; none where there is no such value.
    pub detectable: Span<Option<f64>>,
    /// How many show the assumed change with the target power.
    pub needed_for_change: Needed,
    /// From how many on the whole interval lies beyond the threshold if what is measured is what is assumed, rounded to
    /// whole people. Of that many about every second study establishes the goal, since half of them measure less.
    pub needed_for_goal: Needed,
}

/// What a study can tell of its goal: how often it shows a change (the power functions of this module), which change it can
/// show, and how many people it takes to show the assumed change and to establish the goal. The last is found by the very
/// intervals that verdicts rest on: Koopman, Newcombe or Wilson; Nam–Blackwelder or Tango; t and the log response ratio.
pub fn plan(study: &Study) -> Result<Plan, Obstacle> {
    let before = match study.baseline {
        Baseline::Share(share) if !(0..=MILLION).contains(&i128::from(share.0)) => {
            return Err(Obstacle::NotAShare);
        }
        Baseline::Mean { sd, .. } if sd.0 <= 0 => return Err(Obstacle::NoSpread),
        Baseline::Share(value) | Baseline::Mean { mean: value, .. } => value,
    };
    if study.goal.basis == Basis::RelativeChange && before.0 <= 0 {
        return Err(Obstacle::BaselineZero);
    }
    let after = match study.assumed {
        Some(assumed) => assumed,
        None => goal_itself(&study.goal, before),
    };
    if matches!(study.baseline, Baseline::Share(_)) && !(0..=MILLION).contains(&i128::from(after.0)) {
        return Err(Obstacle::NotAShare);
    }
    let tried = Tried { study: *study, before, after };
    let span = |of: &dyn Fn(bool) -> Option<u32>| Needed::People(Span { worst: of(false), best: of(true) });
    let n = study.n;
    Ok(Plan {
        study: *study,
        after,
        power: tried.power(false, n).zip(tried.power(true, n)).map(|(worst, best)| Span { worst, best }),
        detectable: Span { worst: tried.detectable(false), best: tried.detectable(true) },
        needed_for_change: if before == after {
            Needed::Never
        } else {
            span(&|best| {
                smallest(1, |n| tried.power(best, n).is_some_and(|power| power >= study.target.level))
            })
        },
        needed_for_goal: if is_beyond(&study.goal, before, after) {
            span(&|best| tried.needed_for_goal(best))
        } else {
            Needed::Never
        },
    })
}

/// The value after that reaches the goal exactly.
fn goal_itself(goal: &Goal, before: Millionths) -> Millionths {
    let (value, threshold) = (i128::from(before.0), i128::from(goal.threshold.0));
    let wanted = match goal.direction {
        Direction::Up => 1,
        Direction::Down => -1,
    };
    let after = match goal.basis {
        Basis::RelativeChange => value + wanted * rounded(value * threshold, MILLION),
        Basis::AbsoluteChange => value + wanted * threshold,
        Basis::Level => threshold,
        Basis::Maintain => value,
    };
    Millionths(i64::try_from(after).unwrap_or(if after < 0 { i64::MIN } else { i64::MAX }))
}

/// Whether the value after is better than the one with which the goal is just reached.
fn is_beyond(goal: &Goal, before: Millionths, after: Millionths) -> bool {
    let (before, after) = (i128::from(before.0), i128::from(after.0));
    let threshold = i128::from(goal.threshold.0);
    let change = match goal.basis {
        Basis::RelativeChange => (after - before) * MILLION,
        Basis::AbsoluteChange | Basis::Maintain => after - before,
        Basis::Level => after,
    };
    let threshold = if goal.basis == Basis::RelativeChange { threshold * before } else { threshold };
    match (goal.direction, goal.basis) {
        (Direction::Up, Basis::Maintain) => change > -threshold,
        (Direction::Up, _) => change > threshold,
        (Direction::Down, Basis::Level | Basis::Maintain) => change < threshold,
        (Direction::Down, Basis::RelativeChange | Basis::AbsoluteChange) => change < -threshold,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn absence(assumed: Option<i64>, people: People) -> Study {
        Study {
            goal: Goal {
                direction: Direction::Down,
                basis: Basis::RelativeChange,
                threshold: Millionths(500_000),
            },
            baseline: Baseline::Share(Millionths(302_326)),
            people,
            assumed: assumed.map(Millionths),
            n: 43,
            confidence: Confidence::P95,
            target: Power::P80,
        }
    }

    #[test]
    fn the_example_of_the_report_comes_out() {
        // 13 of 43 to 5 of 43 against a fall by half: about 260 to 560 people.
        let plan = plan(&absence(Some(116_279), People::Same)).unwrap();
        let Needed::People(Span { worst: Some(worst), best: Some(best) }) = plan.needed_for_goal else {
            panic!("{plan:?}")
        };
        assert!((255..=265).contains(&best) && (550..=570).contains(&worst), "{best} {worst}");
        let power = plan.power.unwrap();
        assert!(power.worst < power.best && power.best < 1.0);
    }

    #[test]
    fn the_goal_itself_can_be_established_by_no_number() {
        let plan = plan(&absence(None, People::Same)).unwrap();
        assert_eq!(plan.after, Millionths(151_163));
        assert_eq!(plan.needed_for_goal, Needed::Never);
        assert!(matches!(plan.needed_for_change, Needed::People(Span { worst: Some(_), best: Some(_) })));
    }

    #[test]
    fn where_all_is_known_there_is_no_span() {
        let plan = plan(&absence(Some(116_279), People::Different)).unwrap();
        assert_eq!(plan.power.map(|span| span.worst), plan.power.map(|span| span.best));
        assert_eq!(plan.detectable.worst, plan.detectable.best);
    }

    #[test]
    fn without_change_there_is_none_to_show() {
        let plan = plan(&absence(Some(302_326), People::Different)).unwrap();
        assert_eq!((plan.power, plan.needed_for_change), (None, Needed::Never));
    }

    #[test]
    fn what_stands_in_the_way_is_told() {
        let share =
            |share| Study { baseline: Baseline::Share(Millionths(share)), ..absence(None, People::Same) };
        assert_eq!(plan(&share(1_000_001)), Err(Obstacle::NotAShare));
        assert_eq!(plan(&share(0)), Err(Obstacle::BaselineZero));
        assert_eq!(plan(&absence(Some(-1), People::Same)), Err(Obstacle::NotAShare));
        let flat = Baseline::Mean { mean: Millionths(1), sd: Millionths(0) };
        assert_eq!(plan(&Study { baseline: flat, ..absence(None, People::Same) }), Err(Obstacle::NoSpread));
    }

    #[test]
    fn better_than_the_goal_is_told_in_whole_numbers() {
        let goal = |basis, direction| Goal { direction, basis, threshold: Millionths(100_000) };
        for (basis, direction, just, beyond) in [
            (Basis::RelativeChange, Direction::Up, 330_000, 330_001),
            (Basis::RelativeChange, Direction::Down, 270_000, 269_999),
            (Basis::AbsoluteChange, Direction::Up, 400_000, 400_001),
            (Basis::AbsoluteChange, Direction::Down, 200_000, 199_999),
            (Basis::Level, Direction::Up, 100_000, 100_001),
            (Basis::Level, Direction::Down, 100_000, 99_999),
            (Basis::Maintain, Direction::Up, 200_000, 200_001),
            (Basis::Maintain, Direction::Down, 400_000, 399_999),
        ] {
            let is_beyond =
                |after| is_beyond(&goal(basis, direction), Millionths(300_000), Millionths(after));
            assert!(!is_beyond(just) && is_beyond(beyond), "{basis:?} {direction:?}");
        }
    }
}
