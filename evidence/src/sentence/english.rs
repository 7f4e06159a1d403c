//! The sentences in English.

use super::Language::English;
use super::amount::{Amount, Unit, count};
use super::facts::{Aim, Course, Facts, Figure, Finding, Kind, Outcome};
use crate::verdict::{Attainment, Change, Reason};

pub const WITHHELD: &str = "The numbers are not shown, out of regard for the participants.";

pub fn sentences(facts: &Facts) -> Vec<String> {
    let finding = finding(facts);
    let outcome = outcome(facts);
    let change = facts.change.map(|change| self::change(facts.kind, change));
    finding.into_iter().chain([outcome]).chain(change).collect()
}

const fn noun(kind: Kind) -> &'static str {
    match kind {
        Kind::Share => "share",
        Kind::Mean => "mean",
        Kind::Rate => "rate",
        Kind::Count => "number",
        Kind::Unknown => "value",
    }
}

fn amount(amount: &Amount) -> String {
    let number = amount.number(English);
    match amount.unit {
        Unit::Percent => format!("{number}%"),
        Unit::Points if amount.is_one() => format!("{number} percentage point"),
        Unit::Points => format!("{number} percentage points"),
        Unit::Own => number,
    }
}

/// As one of two things compared.
fn figure(figure: &Figure) -> String {
    match figure {
        Figure::Share(share, _) => {
            format!("{} of {}", count(share.successes(), English), count(share.n(), English))
        }
        Figure::Value(value) => amount(value),
    }
}

/// As a level, with what is said of it between the percentage and the counts.
fn level(shown: &Figure, remark: &str) -> String {
    match shown {
        Figure::Share(_, percentage) => format!("{}{remark} ({})", amount(percentage), figure(shown)),
        Figure::Value(value) => format!("{}{remark}", amount(value)),
    }
}

fn finding(facts: &Facts) -> Option<String> {
    let noun = noun(facts.kind);
    Some(match &facts.finding {
        Finding::Nothing => return None,
        Finding::Withheld => WITHHELD.to_owned(),
        Finding::Before(before) => format!("The {noun} was {}.", level(before, " before")),
        Finding::After { after, before: None } => format!("The {noun} is {}.", level(after, "")),
        Finding::After { after, before: Some(before) } => {
            format!("The {noun} is {}, against {}.", level(after, ""), level(before, " before"))
        }
        Finding::Unchanged { before, after } if before == after => {
            format!("The {noun} is unchanged ({} both times).", figure(before))
        }
        Finding::Unchanged { before, after } => {
            format!("The {noun} is unchanged ({} before and {} after).", figure(before), figure(after))
        }
        Finding::Changed { course, by, before, after } => {
            let moved = match course {
                Course::Risen => "has risen",
                Course::Fallen => "has fallen",
                Course::Reduced => "has been reduced",
            };
            let (before, after) = (figure(before), figure(after));
            match by {
                Some(by) => format!("The {noun} {moved} by {} ({before} to {after}).", amount(by)),
                None => format!("The {noun} {moved} from {before} to {after}."),
            }
        }
    })
}

fn aim(kind: Kind, aim: &Aim) -> String {
    let the_course = |course: &Course| match course {
        Course::Risen => "a rise",
        Course::Fallen | Course::Reduced => "a fall",
    };
    match aim {
        Aim::Unknown => "The goal".to_owned(),
        Aim::Same(threshold) | Aim::LevelAtLeast(threshold) => {
            format!("The goal of at least {}", amount(threshold))
        }
        Aim::LevelAtMost(threshold) => format!("The goal of at most {}", amount(threshold)),
        Aim::Rise(threshold) => format!("The goal of a rise of at least {}", amount(threshold)),
        Aim::Fall(threshold) => format!("The goal of a fall of at least {}", amount(threshold)),
        Aim::Against(course, Some(margin)) => {
            format!(
                "The goal of keeping the {} within {} of {}",
                noun(kind),
                the_course(course),
                amount(margin)
            )
        }
        Aim::Against(course, None) => format!("The goal of avoiding {}", the_course(course)),
    }
}

fn outcome(facts: &Facts) -> String {
    let aim = aim(facts.kind, &facts.aim);
    match facts.outcome {
        Outcome::Achieved => format!("{aim} is met, also when the uncertainty is taken into account."),
        Outcome::NotAchieved(Attainment::Partly) => {
            format!("{aim} is only partly met, also when the uncertainty is taken into account.")
        }
        Outcome::NotAchieved(_) => {
            format!("{aim} is not met, not even when the uncertainty is taken into account.")
        }
        Outcome::Inconclusive(Attainment::Met) => {
            format!("{aim} is met in the measurement, but the uncertainty is too large to establish it.")
        }
        Outcome::Inconclusive(attainment) => format!(
            "{aim} {} in the measurement, but the uncertainty is too large to rule out that it is met.",
            attained(attainment)
        ),
        Outcome::WithoutInterval(attainment) => {
            format!("{aim} {} in the measurement. {}", attained(attainment), without_interval(facts.kind))
        }
        Outcome::NotAssessable(reason) => {
            format!("{aim} cannot be assessed, because {}", because(facts.kind, reason))
        }
    }
}

const fn attained(attainment: Attainment) -> &'static str {
    match attainment {
        Attainment::Met => "is met",
        Attainment::Partly => "is only partly met",
        Attainment::NotMet => "is not met",
        Attainment::NotAssessable => "cannot be assessed",
    }
}

const fn without_interval(kind: Kind) -> &'static str {
    match kind {
        Kind::Mean => {
            "The uncertainty cannot be computed from what is stated of the mean, so this cannot be established. That takes the standard deviation, the number of people, and values or changes that are not all alike."
        }
        Kind::Share | Kind::Rate | Kind::Count | Kind::Unknown => {
            "The uncertainty cannot be computed from what was measured, so this cannot be established."
        }
    }
}

const fn because(kind: Kind, reason: Reason) -> &'static str {
    match reason {
        Reason::NoData => {
            "a measurement covers 0 people. Correct it, or record a measurement that covers some."
        }
        Reason::MissingBefore => {
            "there is no baseline measurement. Record it, or choose a criterion for the level, which needs only a follow-up measurement."
        }
        Reason::MissingAfter => "the follow-up measurement is missing. Record it when it has been made.",
        Reason::BaselineNotApplicable => {
            "there can be no baseline measurement. Choose a criterion for the level, which needs only a follow-up measurement."
        }
        Reason::BaselineZero => {
            "the baseline is 0, and a relative change from 0 cannot be computed. Choose a criterion for the absolute change or for the level."
        }
        Reason::InconsistentInput => match kind {
            Kind::Share => {
                "the measurements contradict each other. Correct them, the paired table or the statement of who was measured."
            }
            Kind::Mean | Kind::Rate | Kind::Count | Kind::Unknown => {
                "the measurements contradict each other or cannot be compared. Correct them or the statement of who was measured."
            }
        },
        Reason::Suppressed => "the numbers are not shown, out of regard for the participants.",
        Reason::NoMethod => "the uncertainty cannot be computed.",
    }
}

fn change(kind: Kind, change: Change) -> String {
    match change {
        Change::Improved => "The improvement is larger than the uncertainty.".to_owned(),
        Change::Worsened => "The change for the worse is larger than the uncertainty.".to_owned(),
        Change::NoClearChange => format!("Whether the {} has changed cannot be established.", noun(kind)),
    }
}
