//! What is said where the numbers are hidden.

use evidence::goal::{Goal, Millionths};
use evidence::sentence::{Language, Statement, sentence_without_figures};
use evidence::verdict::{Attainment, Change, Reason, Verdict};

use super::Attainment::{Met, NotMet};
use super::Basis::{AbsoluteChange, Level, RelativeChange};
use super::Direction::{Down, Up};
use super::Verdict::{Achieved, Inconclusive, NotAchieved};
use super::{not_assessable, of, plainly};

fn statement(
    (basis, direction, threshold): (super::Basis, super::Direction, i64),
    (before, after): (u32, u32),
    (attainment, verdict, change): (Attainment, Verdict, Option<Change>),
) -> Statement {
    let goal = Goal { direction, basis, threshold: Millionths(threshold) };
    Statement { goal, before: of(before, 43), after: of(after, 43), attainment, verdict, change }
}

#[test]
fn the_words_are_those_without_the_numbers() {
    for (statement, danish, english) in [
        (
            statement((RelativeChange, Down, 500_000), (30, 2), (Met, Achieved, Some(Change::Improved))),
            "Tallene vises ikke af hensyn til deltagerne. Målet om et fald på mindst 50 % er nået, også når usikkerheden regnes med.",
            "The numbers are not shown, out of regard for the participants. The goal of a fall of at least 50% is met, also when the uncertainty is taken into account.",
        ),
        (
            statement((Level, Up, 600_000), (30, 2), (NotMet, NotAchieved, Some(Change::Worsened))),
            "Tallene vises ikke af hensyn til deltagerne. Målet på mindst 60 % er ikke nået, heller ikke når usikkerheden regnes med. Forværringen er større end usikkerheden.",
            "The numbers are not shown, out of regard for the participants. The goal of at least 60% is not met, not even when the uncertainty is taken into account. The change for the worse is larger than the uncertainty.",
        ),
        (
            statement((AbsoluteChange, Down, 100_000), (9, 3), not_assessable(Reason::Suppressed)),
            "Målet om et fald på mindst 10 procentpoint kan ikke vurderes, fordi tallene ikke vises af hensyn til deltagerne.",
            "The goal of a fall of at least 10 percentage points cannot be assessed, because the numbers are not shown, out of regard for the participants.",
        ),
    ] {
        assert_eq!(sentence_without_figures(&statement, Language::Danish), danish);
        assert_eq!(sentence_without_figures(&statement, Language::English), english);
    }
}

/// Whichever way the numbers went, and however far, is not told.
#[test]
fn other_numbers_are_spoken_of_alike() {
    let said = |numbers| {
        let goal = (RelativeChange, Down, 500_000);
        sentence_without_figures(&statement(goal, numbers, plainly(NotMet, Inconclusive)), Language::English)
    };
    let one = said((3, 20));
    for other in [(20, 3), (3, 3), (3, 4), (1, 43)] {
        assert_eq!(said(other), one, "{other:?}");
    }
}
