//! What a sentence has to say, before it is said in a language.

use super::amount::{Amount, Unit};
use super::{Observed, Statement};
use crate::exact::Ratio;
use crate::goal::{Basis, Direction, Goal};
use crate::share::Share;
use crate::verdict::{Attainment, Change, Reason, Verdict};

pub struct Facts {
    pub kind: Kind,
    pub finding: Finding,
    pub aim: Aim,
    pub outcome: Outcome,
    /// The change, where the outcome does not say as much already.
    pub change: Option<Change>,
}

/// What it is that was measured.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Share,
    Mean,
    Rate,
    Count,
    /// Nothing was, so that it is not known.
    Unknown,
}

/// One wave, as it is shown.
#[derive(PartialEq, Eq)]
pub enum Figure {
    /// So many of so many, and the percentage.
    Share(Share, Amount),
    Value(Amount),
}

pub enum Finding {
    Nothing,
    /// It is hidden.
    Withheld,
    /// The wave before alone.
    Before(Figure),
    /// The level after, and before where that is known.
    After {
        after: Figure,
        before: Option<Figure>,
    },
    Unchanged {
        before: Figure,
        after: Figure,
    },
    Changed {
        course: Course,
        /// None where the change is relative to nothing.
        by: Option<Amount>,
        before: Figure,
        after: Figure,
    },
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Course {
    Risen,
    Fallen,
    /// Fallen, and that was the aim.
    Reduced,
}

pub enum Aim {
    /// In a unit that is not known.
    Unknown,
    /// A change that goes the way of the finding before it, which need not be repeated.
    Same(Amount),
    Rise(Amount),
    Fall(Amount),
    LevelAtLeast(Amount),
    LevelAtMost(Amount),
    /// No more of a fall than that; none where none is allowed.
    Against(Course, Option<Amount>),
}

#[derive(Clone, Copy)]
pub enum Outcome {
    Achieved,
    NotAchieved(Attainment),
    Inconclusive(Attainment),
    WithoutInterval(Attainment),
    NotAssessable(Reason),
}

impl Facts {
    pub fn of(statement: &Statement) -> Self {
        Self::with(statement, finding(statement))
    }

    /// That the goal cannot be assessed says by itself that the numbers are hidden.
    pub fn without_figures(statement: &Statement) -> Self {
        let is_said = statement.verdict == Verdict::NotAssessable(Reason::Suppressed);
        Self::with(statement, if is_said { Finding::Nothing } else { Finding::Withheld })
    }

    fn with(statement: &Statement, finding: Finding) -> Self {
        let Statement { goal, attainment, verdict, .. } = *statement;
        let kind = match statement.after.or(statement.before) {
            Some(Observed::Share(_)) => Kind::Share,
            Some(Observed::Mean(_)) => Kind::Mean,
            Some(Observed::Rate(_)) => Kind::Rate,
            Some(Observed::Count(_)) => Kind::Count,
            None => Kind::Unknown,
        };
        let outcome = match verdict {
            Verdict::Achieved => Outcome::Achieved,
            Verdict::NotAchieved => Outcome::NotAchieved(attainment),
            Verdict::Inconclusive => Outcome::Inconclusive(attainment),
            Verdict::NotAssessable(Reason::NoMethod) => Outcome::WithoutInterval(attainment),
            Verdict::NotAssessable(reason) => Outcome::NotAssessable(reason),
        };
        let is_level = matches!(finding, Finding::After { before: Some(_), .. });
        let change = statement.change.filter(|change| match change {
            Change::Worsened => true,
            Change::Improved => is_level || attainment != Attainment::Met,
            Change::NoClearChange => is_level,
        });
        Self { kind, aim: aim(&goal, kind, &finding, outcome), finding, outcome, change }
    }
}

fn exact(observed: Option<Observed>) -> Option<Ratio> {
    match observed? {
        Observed::Share(share) => Ratio::of_share(share),
        Observed::Mean(value) | Observed::Rate(value) | Observed::Count(value) => Some(value.into()),
    }
}

fn figure(observed: Option<Observed>, goal: Option<&Goal>) -> Option<Figure> {
    let threshold = goal.map(|goal| goal.threshold);
    Some(match observed? {
        Observed::Share(share) => {
            Figure::Share(share, Amount::measured(Ratio::of_share(share)?, Unit::Percent, threshold))
        }
        Observed::Mean(value) | Observed::Rate(value) | Observed::Count(value) => {
            Figure::Value(Amount::given(value, Unit::Own))
        }
    })
}

fn finding(statement: &Statement) -> Finding {
    let Statement { goal, before, after, verdict, .. } = statement;
    // Numbers that contradict each other are not put side by side as a change.
    if *verdict == Verdict::NotAssessable(Reason::InconsistentInput) {
        return Finding::Nothing;
    }
    let level_goal = (goal.basis == Basis::Level).then_some(goal);
    match (figure(*before, None), figure(*after, level_goal)) {
        (None, None) => Finding::Nothing,
        (Some(before), None) => Finding::Before(before),
        (before, Some(after)) if level_goal.is_some() => Finding::After { after, before },
        (None, Some(after)) => Finding::After { after, before: None },
        (Some(before_figure), Some(after_figure)) => match (exact(*before), exact(*after)) {
            (Some(before), Some(after)) => changed(goal, (before, before_figure), (after, after_figure)),
            _ => Finding::Nothing,
        },
    }
}

fn changed(
    goal: &Goal,
    (exact_before, before): (Ratio, Figure),
    (exact_after, after): (Ratio, Figure),
) -> Finding {
    let difference = exact_after.minus(exact_before);
    if difference.is_zero() {
        return Finding::Unchanged { before, after };
    }
    let unit = match (&after, goal.basis) {
        (_, Basis::RelativeChange) => Unit::Percent,
        (Figure::Share(..), _) => Unit::Points,
        (Figure::Value(_), _) => Unit::Own,
    };
    let by = match goal.basis {
        Basis::RelativeChange => exact_after.relative_to(exact_before),
        Basis::AbsoluteChange | Basis::Level | Basis::Maintain => Some(difference),
    };
    let by = by.map(|by| Amount::measured(by.abs(), unit, Some(goal.threshold)));
    let is_aim = goal.direction == Direction::Down && goal.basis != Basis::Maintain;
    let course = match (difference.is_negative(), is_aim) {
        (false, _) => Course::Risen,
        (true, false) => Course::Fallen,
        (true, true) => Course::Reduced,
    };
    Finding::Changed { course, by, before, after }
}

fn aim(goal: &Goal, kind: Kind, finding: &Finding, outcome: Outcome) -> Aim {
    let unit = match (goal.basis, kind) {
        (Basis::RelativeChange, _) | (Basis::Level, Kind::Share) => Unit::Percent,
        (Basis::AbsoluteChange | Basis::Maintain, Kind::Share) => Unit::Points,
        (_, Kind::Mean | Kind::Rate | Kind::Count) => Unit::Own,
        (_, Kind::Unknown) => return Aim::Unknown,
    };
    let threshold = Amount::given(goal.threshold, unit);
    let margin = (goal.threshold.0 > 0).then(|| threshold.clone());
    match (goal.basis, goal.direction) {
        (Basis::Level, Direction::Up) => Aim::LevelAtLeast(threshold),
        (Basis::Level, Direction::Down) => Aim::LevelAtMost(threshold),
        (Basis::Maintain, Direction::Up) => Aim::Against(Course::Fallen, margin),
        (Basis::Maintain, Direction::Down) => Aim::Against(Course::Risen, margin),
        (Basis::RelativeChange | Basis::AbsoluteChange, direction) => {
            let same = match finding {
                Finding::Changed { course, .. } => (*course == Course::Risen) == (direction == Direction::Up),
                _ => false,
            };
            match (same && !matches!(outcome, Outcome::NotAssessable(_)), direction) {
                (true, _) => Aim::Same(threshold),
                (false, Direction::Up) => Aim::Rise(threshold),
                (false, Direction::Down) => Aim::Fall(threshold),
            }
        }
    }
}
