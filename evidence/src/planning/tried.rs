//! A study as it would be with some number of people, in the best and in the worst case.

use super::study::{Baseline, People, Study};
use super::{paired_shares, paired_values, shares, smallest, values};
use crate::exact::{Ratio, rounded};
use crate::goal::{Basis, Direction, Millionths};
use crate::interval::{Confidence, Interval};
use crate::mean::{Mean, correlated_t, log_response_ratio, t_interval, welch};
use crate::paired::{PairedTable, both_times, nam_blackwelder, tango};
use crate::score::edge;
use crate::share::{Share, koopman, newcombe, wilson};

/// People of whom shares in millionths are whole numbers.
const REFERENCE: u32 = 1_000_000;

/// Above so many people, rounding to whole ones moves no share that matters.
const ROUNDED_TO: u32 = 1_000;

/// How closely the values of the same people hang together, in the best case that is reckoned with.
const CLOSE: f64 = 0.8;

pub struct Tried {
    pub study: Study,
    pub before: Millionths,
    pub after: Millionths,
}

impl Tried {
    /// How often n people show that there is a change; none where there is none.
    pub fn power(&self, best: bool, n: u32) -> Option<f64> {
        if self.before == self.after {
            return None;
        }
        let (before, after) = (number(self.before), number(self.after));
        let confidence = self.study.confidence;
        match (self.study.baseline, self.study.people) {
            (Baseline::Share(_), People::Different) => shares::power(before, after, n, confidence),
            (Baseline::Share(_), People::Same) => {
                let (p10, p01) = changers(before, after, best);
                paired_shares::power(p10, p01, n, confidence)
            }
            (Baseline::Mean { sd, .. }, People::Different) => {
                values::power(after - before, number(sd), n, confidence)
            }
            (Baseline::Mean { sd, .. }, People::Same) => {
                paired_values::power(after - before, of_changes(number(sd), best), n, confidence)
            }
        }
    }

    /// The nearest value after that n people tell from the one before.
    pub fn detectable(&self, best: bool) -> Option<f64> {
        let Study { goal, n, confidence, target, .. } = self.study;
        let before = number(self.before);
        let (furthest, sign) = match goal.direction {
            Direction::Up => (1.0, 1.0),
            Direction::Down => (0.0, -1.0),
        };
        match (self.study.baseline, self.study.people) {
            (Baseline::Share(_), People::Different) => {
                shares::detectable(before, goal.direction, n, confidence, target)
            }
            (Baseline::Share(_), People::Same) => {
                let is_found = |after| {
                    let (p10, p01) = changers(before, after, best);
                    paired_shares::power(p10, p01, n, confidence).is_some_and(|power| power >= target.level)
                };
                is_found(furthest).then(|| edge(furthest, before, is_found))
            }
            (Baseline::Mean { sd, .. }, People::Different) => {
                Some(before + sign * values::detectable(number(sd), n, confidence, target)?)
            }
            (Baseline::Mean { sd, .. }, People::Same) => {
                let sd = of_changes(number(sd), best);
                Some(before + sign * paired_values::detectable(sd, n, confidence, target)?)
            }
        }
    }

    /// From how many people on the whole interval lies beyond the threshold if they are as is assumed.
    pub fn needed_for_goal(&self, best: bool) -> Option<u32> {
        let Baseline::Mean { sd, .. } = self.study.baseline else {
            let scaled = |n| self.study.confidence.of_fewer(n, f64::from(REFERENCE));
            let unrounded =
                smallest(1, |n| self.is_reached(self.interval_of_shares(best, REFERENCE, scaled(n))))?;
            if unrounded > ROUNDED_TO {
                return Some(unrounded);
            }
            let confidence = self.study.confidence;
            let misses = |n: &u32| !self.is_reached(self.interval_of_shares(best, *n, confidence));
            return Some((1..=2 * unrounded).rev().find(misses).unwrap_or(0) + 1);
        };
        smallest(1, |n| self.is_reached(self.interval_of_means(number(sd), best, n)))
    }

    fn is_reached(&self, interval: Option<Interval>) -> bool {
        let goal = &self.study.goal;
        let bound = goal.bound_f64();
        interval.is_some_and(|interval| match goal.direction {
            Direction::Up => interval.low >= bound,
            Direction::Down => interval.high.is_some_and(|high| high <= bound),
        })
    }

    fn interval_of_shares(&self, best: bool, n: u32, confidence: Confidence) -> Option<Interval> {
        let of = |share: i128| u32::try_from(rounded(share * i128::from(n), MILLION)).ok();
        let share = |value: Millionths| Share::new(of(value.0.into())?, n);
        let (before, after) = (share(self.before)?, share(self.after)?);
        let table = || {
            let both = i128::from(self.before.0) * i128::from(self.after.0);
            let (fewest, most) = both_times(before, after)?.into_inner();
            let by_chance = of(rounded(both, MILLION))?.clamp(fewest, most);
            PairedTable::with_margins(before, after, if best { most } else { by_chance })
        };
        match (self.study.goal.basis, self.study.people) {
            (Basis::Level, _) => wilson(after, confidence),
            (Basis::RelativeChange, People::Different) => {
                Some(koopman(before, after, confidence)?.shifted(-1.0))
            }
            (Basis::RelativeChange, People::Same) => {
                Some(nam_blackwelder(&table()?, confidence)?.shifted(-1.0))
            }
            (Basis::AbsoluteChange | Basis::Maintain, People::Different) => {
                newcombe(before, after, confidence)
            }
            (Basis::AbsoluteChange | Basis::Maintain, People::Same) => tango(&table()?, confidence),
        }
    }

    fn interval_of_means(&self, sd: f64, best: bool, n: u32) -> Option<Interval> {
        let confidence = self.study.confidence;
        let mean = |value: Millionths| Mean::new(number(value), sd, n);
        let (before, after) = (mean(self.before)?, mean(self.after)?);
        let r = if self.study.people == People::Same { correlation(best) } else { 0.0 };
        match (self.study.goal.basis, self.study.people) {
            (Basis::Level, _) => t_interval(after, confidence),
            (Basis::RelativeChange, _) => {
                log_response_ratio(before, after, r, confidence).map(|change| change.interval)
            }
            (Basis::AbsoluteChange | Basis::Maintain, People::Different) => {
                welch(before, after, confidence).map(|test| test.interval)
            }
            (Basis::AbsoluteChange | Basis::Maintain, People::Same) => {
                correlated_t(before, after, r, confidence).map(|test| test.interval)
            }
        }
    }
}

fn number(value: Millionths) -> f64 {
    Ratio::from(value).to_f64()
}

const MILLION: i128 = 1_000_000;

/// The shares of people who have the outcome before only and after only, where the fewest change or as many as by chance.
fn changers(before: f64, after: f64, fewest: bool) -> (f64, f64) {
    let both = if fewest { before.min(after) } else { before * after };
    (before - both, after - both)
}

fn correlation(best: bool) -> f64 {
    if best { CLOSE } else { 0.0 }
}

/// The standard deviation of the changes of values that have this one both times: sd·√(2(1 − r)).
fn of_changes(sd: f64, best: bool) -> f64 {
    sd * (2.0 * (1.0 - correlation(best))).sqrt()
}
