//! Results in words, in Danish and in English.

mod amount;
mod comparison;
mod danish;
mod english;
mod facts;
mod planning;

use crate::goal::{Goal, Millionths};
use crate::share::Share;
use crate::verdict::{Attainment, Change, Verdict};
use facts::Facts;

pub use comparison::{Comparable, Compared, ComparisonStatement, comparison_sentence};
pub use planning::{obstacle_sentence, plan_sentence};

/// The language of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    Danish,
    English,
}

/// What was measured in one wave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Observed {
    Share(Share),
    Mean(Millionths),
    Rate(Millionths),
    Count(Millionths),
}

/// A result to be put into words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Statement {
    pub goal: Goal,
    pub before: Option<Observed>,
    pub after: Option<Observed>,
    pub attainment: Attainment,
    pub verdict: Verdict,
    pub change: Option<Change>,
}

/// What was found, whether the goal is reached, how sure that is, and for a goal that cannot be assessed why not and
/// what can be done.
///
/// It speaks of change and of the goal alone: measurements before and after do not show what brought the change.
pub fn sentence(statement: &Statement, language: Language) -> String {
    let facts = Facts::of(statement);
    let sentences = match language {
        Language::Danish => danish::sentences(&facts),
        Language::English => english::sentences(&facts),
    };
    sentences.join(" ")
}

/// The same without any number that was measured: what may be said where they are hidden and attainment, verdict and
/// change are not.
pub fn sentence_without_figures(statement: &Statement, language: Language) -> String {
    let facts = Facts::without_figures(statement);
    let sentences = match language {
        Language::Danish => danish::sentences(&facts),
        Language::English => english::sentences(&facts),
    };
    sentences.join(" ")
}

/// That numbers are hidden.
pub const fn withheld(language: Language) -> &'static str {
    match language {
        Language::Danish => danish::WITHHELD,
        Language::English => english::WITHHELD,
    }
}
