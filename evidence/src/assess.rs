//! From measurements to an assessment: what holds for shares, means and counts alike. Reached by way of `verdict`.

mod counts;
mod means;
mod shares;

use crate::effect_size::EffectSize;
use crate::exact::Ratio;
use crate::goal::{Basis, Direction, Goal};
use crate::interval::Interval;
use crate::verdict::{Assessment, Attainment, Change, Method, PValue, Reason, Verdict, Wave};
use crate::warning::Warning;

pub use counts::assess_counts;
pub use means::assess_means;
pub use shares::assess_shares;

/// Below so many people a result is marked as resting on few.
const FEW: u32 = 20;

/// An interval, where it comes from, and the p-value of no change by the same test; none for a level, which is no change.
#[derive(Clone, Copy)]
struct Found {
    interval: Interval,
    method: Method,
    p_value: Option<PValue>,
}

/// What is not alike. An interval is none where it cannot be computed.
trait Rules {
    type Value: Copy;

    /// None without data.
    fn exact(value: Self::Value) -> Option<Ratio>;

    /// Whether the waves cannot both be as stated.
    fn contradict(&self, before: Self::Value, after: Self::Value) -> bool;

    fn level(&self, after: Self::Value) -> Option<Found>;

    fn difference(&self, before: Self::Value, after: Self::Value) -> Option<Found>;

    /// Neither value is negative, and that before is not zero.
    fn relative_change(&self, before: Self::Value, after: Self::Value) -> Option<Found>;

    fn effect_size(&self, _before: Self::Value, _after: Self::Value) -> Option<EffectSize> {
        None
    }

    /// Of a level the value before is none.
    fn warnings(
        &self,
        goal: &Goal,
        before: Option<Self::Value>,
        after: Self::Value,
        is_met: bool,
    ) -> Vec<Warning>;

    fn of_basis(&self, basis: Basis, before: Self::Value, after: Self::Value) -> Option<Found> {
        match basis {
            Basis::Level => self.level(after),
            Basis::RelativeChange => self.relative_change(before, after),
            Basis::AbsoluteChange | Basis::Maintain => self.difference(before, after),
        }
    }
}

fn assess<R: Rules>(goal: &Goal, before: Wave<R::Value>, after: Wave<R::Value>, rules: &R) -> Assessment {
    let assessed = if goal.basis == Basis::Level {
        value_after(after).and_then(|after| level(goal, before, after, rules))
    } else {
        both_values(before, after).and_then(|(before, after)| change(goal, before, after, rules))
    };
    assessed.unwrap_or_else(not_assessable)
}

fn level<R: Rules>(
    goal: &Goal,
    before: Wave<R::Value>,
    after: R::Value,
    rules: &R,
) -> Result<Assessment, Reason> {
    let before = match before {
        Wave::Given(before) => R::exact(before).map(|exact| (before, exact)),
        Wave::Missing | Wave::NotApplicable => None,
    };
    let exact_after = R::exact(after).ok_or(Reason::NoData)?;
    if before.is_some_and(|(before, _)| rules.contradict(before, after)) {
        return Err(Reason::InconsistentInput);
    }
    let points = points(goal, before.map(|(_, exact)| exact), exact_after);
    let Some(found) = rules.level(after) else { return Ok(points) };
    let change = before.and_then(|(before, _)| rules.difference(before, after));
    Ok(Assessment {
        change: change.map(|found| direction_of_change(goal, found.interval)),
        effect_size: before.and_then(|(before, _)| rules.effect_size(before, after)),
        warnings: rules.warnings(goal, None, after, points.attainment == Attainment::Met),
        ..with_interval(goal, points, found)
    })
}

fn change<R: Rules>(goal: &Goal, before: R::Value, after: R::Value, rules: &R) -> Result<Assessment, Reason> {
    let exact = |value| R::exact(value).ok_or(Reason::NoData);
    let (exact_before, exact_after) = (exact(before)?, exact(after)?);
    if rules.contradict(before, after) {
        return Err(Reason::InconsistentInput);
    }
    let points = points(goal, Some(exact_before), exact_after);
    if goal.basis == Basis::RelativeChange {
        if exact_before.is_zero() {
            let difference = points.difference;
            return Ok(Assessment { difference, ..not_assessable(Reason::BaselineZero) });
        }
        // On a scale that goes below zero, zero is arbitrary, and so would every ratio to it be.
        if exact_before.is_negative() || exact_after.is_negative() {
            return Err(Reason::InconsistentInput);
        }
    }
    let Some(found) = rules.of_basis(goal.basis, before, after) else { return Ok(points) };
    Ok(Assessment {
        change: Some(direction_of_change(goal, found.interval)),
        effect_size: rules.effect_size(before, after),
        warnings: rules.warnings(goal, Some(before), after, points.attainment == Attainment::Met),
        ..with_interval(goal, points, found)
    })
}

fn few(people: impl IntoIterator<Item = u32>) -> Option<Warning> {
    people.into_iter().any(|n| n < FEW).then_some(Warning::SmallN)
}

fn not_assessable(reason: Reason) -> Assessment {
    Assessment {
        verdict: Verdict::NotAssessable(reason),
        attainment: Attainment::NotAssessable,
        change: None,
        estimate: None,
        interval: None,
        method: None,
        p_value: None,
        effect_size: None,
        relative_change: None,
        difference: None,
        warnings: Vec::new(),
    }
}

fn value_after<T>(after: Wave<T>) -> Result<T, Reason> {
    match after {
        Wave::Given(after) => Ok(after),
        Wave::Missing | Wave::NotApplicable => Err(Reason::MissingAfter),
    }
}

fn both_values<T>(before: Wave<T>, after: Wave<T>) -> Result<(T, T), Reason> {
    match (before, value_after(after)) {
        (Wave::NotApplicable, _) => Err(Reason::BaselineNotApplicable),
        (_, Err(reason)) => Err(reason),
        (Wave::Missing, Ok(_)) => Err(Reason::MissingBefore),
        (Wave::Given(before), Ok(after)) => Ok((before, after)),
    }
}

/// All that needs no interval.
fn points(goal: &Goal, before: Option<Ratio>, after: Ratio) -> Assessment {
    let difference = before.map(|before| after.minus(before));
    let relative = before.and_then(|before| after.relative_to(before));
    let estimate = match goal.basis {
        Basis::Level => Some(after),
        Basis::RelativeChange => relative,
        Basis::AbsoluteChange | Basis::Maintain => difference,
    };
    let wanted_way = difference.is_some_and(|difference| match goal.direction {
        Direction::Up => difference.compare(0).is_gt(),
        Direction::Down => difference.compare(0).is_lt(),
    });
    let attainment = match (estimate.is_some_and(|estimate| goal.is_met_by(estimate)), wanted_way) {
        (true, _) => Attainment::Met,
        (false, true) => Attainment::Partly,
        (false, false) => Attainment::NotMet,
    };
    Assessment {
        attainment,
        estimate: estimate.map(Ratio::to_f64),
        relative_change: relative.map(Ratio::to_f64),
        difference: difference.map(Ratio::to_f64),
        ..not_assessable(Reason::NoMethod)
    }
}

/// The points with an interval of the basis and the verdict it gives.
fn with_interval(goal: &Goal, points: Assessment, found: Found) -> Assessment {
    let Found { interval, method, p_value } = found;
    let interval = points.estimate.map_or(interval, |estimate| interval.including(estimate));
    let verdict = verdict(goal, interval, points.attainment == Attainment::Met);
    Assessment { verdict, interval: Some(interval), method: Some(method), p_value, ..points }
}

/// The exact comparison has a say, so that no rounding of a bound can contradict it.
fn verdict(goal: &Goal, interval: Interval, is_met: bool) -> Verdict {
    let bound = goal.bound_f64();
    let (all, none) = match goal.direction {
        Direction::Up => (interval.low >= bound, interval.high.is_some_and(|high| high < bound)),
        Direction::Down => (interval.high.is_some_and(|high| high <= bound), interval.low > bound),
    };
    match (is_met, all, none) {
        (true, true, _) => Verdict::Achieved,
        (false, _, true) => Verdict::NotAchieved,
        _ => Verdict::Inconclusive,
    }
}

fn direction_of_change(goal: &Goal, interval: Interval) -> Change {
    let (rose, fell) = (interval.low > 0.0, interval.high.is_some_and(|high| high < 0.0));
    match (goal.direction, rose, fell) {
        (Direction::Up, true, _) | (Direction::Down, _, true) => Change::Improved,
        (Direction::Down, true, _) | (Direction::Up, _, true) => Change::Worsened,
        _ => Change::NoClearChange,
    }
}
