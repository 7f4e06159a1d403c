//! From measurements to an assessment. Reached as `verdict::assess_shares` and `verdict::assess_values`.

use crate::exact::Ratio;
use crate::goal::{Basis, Direction, Goal, Millionths};
use crate::interval::{Confidence, Interval};
use crate::paired::{PairedTable, both_times, envelope, nam_blackwelder, tango};
use crate::settle::settled_by;
use crate::share::{Share, koopman, newcombe, wilson};
use crate::verdict::{Assessment, Attainment, Change, Method, Pairing, Reason, Verdict, Wave};
use crate::warning::Warning;

/// Below so many people a result is marked as resting on few.
const FEW: u32 = 20;

/// Assesses a goal about a share.
///
/// The verdict comes from the interval of the basis against the threshold; attainment is decided exactly in integers
/// and holds without any interval. A level needs the share after only; the share before, if there is one, tells the
/// change. Of several reasons why the goal cannot be assessed it gives the one to mend first: a wave that is missing,
/// then one of nobody, then a contradiction, then a share before of zero.
pub fn assess_shares(
    goal: &Goal,
    before: Wave<Share>,
    after: Wave<Share>,
    pairing: &Pairing,
    confidence: Confidence,
) -> Assessment {
    if goal.basis == Basis::Level {
        return match value_after(after) {
            Ok(after) => level(goal, before, after, pairing, confidence),
            Err(reason) => not_assessable(reason),
        };
    }
    match both_values(before, after) {
        Ok((before, after)) => change(goal, before, after, pairing, confidence),
        Err(reason) => not_assessable(reason),
    }
}

/// Assesses a goal about a mean or a rate: the exact comparison. The verdict is that there is no method, since no
/// interval is computed from a mean alone.
pub fn assess_values(goal: &Goal, before: Wave<Millionths>, after: Wave<Millionths>) -> Assessment {
    let values = match (goal.basis, before) {
        (Basis::Level, Wave::Missing | Wave::NotApplicable) => value_after(after).map(|after| (None, after)),
        _ => both_values(before, after).map(|(before, after)| (Some(before), after)),
    };
    let (before, after) = match values {
        Ok((before, after)) => (before.map(Ratio::from), Ratio::from(after)),
        Err(reason) => return not_assessable(reason),
    };
    if goal.basis == Basis::RelativeChange
        && let Some(before) = before
    {
        if before.is_zero() {
            return Assessment {
                difference: Some(after.minus(before).to_f64()),
                ..not_assessable(Reason::BaselineZero)
            };
        }
        // On a scale that goes below zero, zero is arbitrary, and so would every ratio to it be.
        if before.is_negative() || after.is_negative() {
            return not_assessable(Reason::InconsistentInput);
        }
    }
    points(goal, before, after)
}

fn not_assessable(reason: Reason) -> Assessment {
    Assessment {
        verdict: Verdict::NotAssessable(reason),
        attainment: Attainment::NotAssessable,
        change: None,
        estimate: None,
        interval: None,
        method: None,
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
fn with_interval(goal: &Goal, points: Assessment, interval: Interval, method: Method) -> Assessment {
    let interval = points.estimate.map_or(interval, |estimate| interval.including(estimate));
    let verdict = verdict(goal, interval, points.attainment == Attainment::Met);
    Assessment { verdict, interval: Some(interval), method: Some(method), ..points }
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

fn level(
    goal: &Goal,
    before: Wave<Share>,
    after: Share,
    pairing: &Pairing,
    confidence: Confidence,
) -> Assessment {
    let before = match before {
        Wave::Given(before) if before.n() > 0 => Some(before),
        Wave::Given(_) | Wave::Missing | Wave::NotApplicable => None,
    };
    let (Some(value), Some(interval)) = (Ratio::of_share(after), wilson(after, confidence)) else {
        return not_assessable(Reason::NoData);
    };
    if before.is_some_and(|before| contradicts(pairing, before, after)) {
        return not_assessable(Reason::InconsistentInput);
    }
    let points = points(goal, before.and_then(Ratio::of_share), value);
    let difference = before.and_then(|before| difference(before, after, pairing, confidence));
    Assessment {
        change: difference.map(|(interval, _)| direction_of_change(goal, interval)),
        warnings: small_n(&[after]),
        ..with_interval(goal, points, interval, Method::Wilson)
    }
}

fn change(goal: &Goal, before: Share, after: Share, pairing: &Pairing, confidence: Confidence) -> Assessment {
    let (Some(value_before), Some(value_after)) = (Ratio::of_share(before), Ratio::of_share(after)) else {
        return not_assessable(Reason::NoData);
    };
    if contradicts(pairing, before, after) {
        return not_assessable(Reason::InconsistentInput);
    }
    let points = points(goal, Some(value_before), value_after);
    let find = |pairing: &Pairing| match goal.basis {
        Basis::RelativeChange => relative_change(before, after, pairing, confidence),
        Basis::AbsoluteChange | Basis::Level | Basis::Maintain => {
            difference(before, after, pairing, confidence)
        }
    };
    let Some((interval, method)) = find(pairing) else {
        return Assessment { difference: points.difference, ..not_assessable(Reason::BaselineZero) };
    };
    let mut warnings = Vec::new();
    if *pairing == Pairing::SamePersonsUnknownTable {
        let is_met = points.attainment == Attainment::Met;
        let is_settled = |n11| {
            PairedTable::with_margins(before, after, n11)
                .and_then(|table| find(&Pairing::Paired(table)))
                .is_some_and(|(interval, _)| verdict(goal, interval, is_met).is_settled())
        };
        let settled_by = both_times(before, after).and_then(|n11| settled_by(&n11, is_settled));
        warnings.push(Warning::PairingUnknown { settled_by });
    }
    warnings.extend(small_n(&[before, after]));
    Assessment {
        change: Some(direction_of_change(goal, interval)),
        warnings,
        ..with_interval(goal, points, interval, method)
    }
}

/// The same people cannot be of two numbers, nor a table have other margins than its shares.
fn contradicts(pairing: &Pairing, before: Share, after: Share) -> bool {
    match pairing {
        Pairing::Independent => false,
        Pairing::Paired(table) => table.before() != Some(before) || table.after() != Some(after),
        Pairing::SamePersonsUnknownTable => before.n() != after.n(),
    }
}

/// The interval of the difference; none where a share has no data.
fn difference(
    before: Share,
    after: Share,
    pairing: &Pairing,
    confidence: Confidence,
) -> Option<(Interval, Method)> {
    Some(match pairing {
        Pairing::Independent => (newcombe(before, after, confidence)?, Method::Newcombe),
        Pairing::Paired(table) => (tango(table, confidence)?, Method::Tango),
        Pairing::SamePersonsUnknownTable => {
            (envelope(before, after, confidence)?.difference, Method::TangoEnvelope)
        }
    })
}

/// The interval of the relative change, which is that of the ratio less 1; none where the share before is zero.
fn relative_change(
    before: Share,
    after: Share,
    pairing: &Pairing,
    confidence: Confidence,
) -> Option<(Interval, Method)> {
    if before.successes() == 0 {
        return None;
    }
    let (ratio, method) = match pairing {
        Pairing::Independent => (koopman(before, after, confidence)?, Method::Koopman),
        Pairing::Paired(table) => (nam_blackwelder(table, confidence)?, Method::NamBlackwelder),
        Pairing::SamePersonsUnknownTable => {
            (envelope(before, after, confidence)?.ratio?, Method::NamBlackwelderEnvelope)
        }
    };
    Some((ratio.shifted(-1.0), method))
}

fn small_n(shares: &[Share]) -> Vec<Warning> {
    if shares.iter().any(|share| share.n() < FEW) { vec![Warning::SmallN] } else { Vec::new() }
}
