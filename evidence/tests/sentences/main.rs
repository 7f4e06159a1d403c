//! The sentences, word for word.

#![expect(clippy::unwrap_used, reason = "a share that is none is a slip in the table")]
#![expect(clippy::unnecessary_wraps, reason = "they stand beside waves without any")]

mod values;
mod withheld;

use evidence::goal::{Basis, Direction, Goal, Millionths};
use evidence::sentence::{Language, Observed, Statement, sentence};
use evidence::share::Share;
use evidence::verdict::{Attainment, Change, Reason, Verdict};

use Attainment::{Met, NotMet, Partly};
use Basis::{AbsoluteChange, Level, Maintain, RelativeChange};
use Direction::{Down, Up};
use Verdict::{Achieved, Inconclusive, NotAchieved};

fn of(successes: u32, n: u32) -> Option<Observed> {
    Some(Observed::Share(Share::new(successes, n).unwrap()))
}

fn said(
    (basis, direction, threshold): (Basis, Direction, i64),
    (before, after): (Option<Observed>, Option<Observed>),
    (attainment, verdict, change): (Attainment, Verdict, Option<Change>),
    danish: &str,
    english: &str,
) {
    let goal = Goal { direction, basis, threshold: Millionths(threshold) };
    let statement = Statement { goal, before, after, attainment, verdict, change };
    assert_eq!(sentence(&statement, Language::Danish), danish);
    assert_eq!(sentence(&statement, Language::English), english);
}

/// A result with the change that says nothing more.
fn plainly(attainment: Attainment, verdict: Verdict) -> (Attainment, Verdict, Option<Change>) {
    (attainment, verdict, Some(Change::NoClearChange))
}

fn not_assessable(reason: Reason) -> (Attainment, Verdict, Option<Change>) {
    (Attainment::NotAssessable, Verdict::NotAssessable(reason), None)
}

#[test]
fn the_report() {
    said(
        (RelativeChange, Down, 500_000),
        (of(13, 43), of(5, 43)),
        plainly(Met, Inconclusive),
        "Andelen er reduceret med 61,5 % (13 af 43 til 5 af 43). Målet på mindst 50 % er nået i målingen, men usikkerheden er for stor til at fastslå det.",
        "The share has been reduced by 61.5% (13 of 43 to 5 of 43). The goal of at least 50% is met in the measurement, but the uncertainty is too large to establish it.",
    );
    said(
        (RelativeChange, Up, 300_000),
        (of(14, 43), of(26, 43)),
        plainly(Met, Inconclusive),
        "Andelen er steget med 85,7 % (14 af 43 til 26 af 43). Målet på mindst 30 % er nået i målingen, men usikkerheden er for stor til at fastslå det.",
        "The share has risen by 85.7% (14 of 43 to 26 of 43). The goal of at least 30% is met in the measurement, but the uncertainty is too large to establish it.",
    );
    said(
        (RelativeChange, Down, 500_000),
        (of(13, 43), of(5, 43)),
        (Met, Inconclusive, Some(Change::Improved)),
        "Andelen er reduceret med 61,5 % (13 af 43 til 5 af 43). Målet på mindst 50 % er nået i målingen, men usikkerheden er for stor til at fastslå det.",
        "The share has been reduced by 61.5% (13 of 43 to 5 of 43). The goal of at least 50% is met in the measurement, but the uncertainty is too large to establish it.",
    );
}

#[test]
fn a_relative_change() {
    said(
        (RelativeChange, Up, 300_000),
        (of(14, 43), of(26, 43)),
        (Met, Achieved, Some(Change::Improved)),
        "Andelen er steget med 85,7 % (14 af 43 til 26 af 43). Målet på mindst 30 % er nået, også når usikkerheden regnes med.",
        "The share has risen by 85.7% (14 of 43 to 26 of 43). The goal of at least 30% is met, also when the uncertainty is taken into account.",
    );
    said(
        (RelativeChange, Down, 500_000),
        (of(400, 1000), of(320, 1000)),
        (Partly, NotAchieved, Some(Change::Improved)),
        "Andelen er reduceret med 20 % (400 af 1000 til 320 af 1000). Målet på mindst 50 % er kun delvist nået, også når usikkerheden regnes med. Forbedringen er større end usikkerheden.",
        "The share has been reduced by 20% (400 of 1000 to 320 of 1000). The goal of at least 50% is only partly met, also when the uncertainty is taken into account. The improvement is larger than the uncertainty.",
    );
    said(
        (RelativeChange, Down, 500_000),
        (of(13, 43), of(9, 43)),
        plainly(Partly, Inconclusive),
        "Andelen er reduceret med 30,8 % (13 af 43 til 9 af 43). Målet på mindst 50 % er kun delvist nået i målingen, men usikkerheden er for stor til at udelukke, at det er nået.",
        "The share has been reduced by 30.8% (13 of 43 to 9 of 43). The goal of at least 50% is only partly met in the measurement, but the uncertainty is too large to rule out that it is met.",
    );
    said(
        (RelativeChange, Down, 500_000),
        (of(13, 43), of(15, 43)),
        plainly(NotMet, Inconclusive),
        "Andelen er steget med 15,4 % (13 af 43 til 15 af 43). Målet om et fald på mindst 50 % er ikke nået i målingen, men usikkerheden er for stor til at udelukke, at det er nået.",
        "The share has risen by 15.4% (13 of 43 to 15 of 43). The goal of a fall of at least 50% is not met in the measurement, but the uncertainty is too large to rule out that it is met.",
    );
    said(
        (RelativeChange, Down, 500_000),
        (of(100, 1000), of(250, 1000)),
        (NotMet, NotAchieved, Some(Change::Worsened)),
        "Andelen er steget med 150 % (100 af 1000 til 250 af 1000). Målet om et fald på mindst 50 % er ikke nået, heller ikke når usikkerheden regnes med. Forværringen er større end usikkerheden.",
        "The share has risen by 150% (100 of 1000 to 250 of 1000). The goal of a fall of at least 50% is not met, not even when the uncertainty is taken into account. The change for the worse is larger than the uncertainty.",
    );
}

#[test]
fn an_unchanged_share() {
    said(
        (RelativeChange, Down, 500_000),
        (of(13, 43), of(13, 43)),
        plainly(NotMet, Inconclusive),
        "Andelen er uændret (13 af 43 begge gange). Målet om et fald på mindst 50 % er ikke nået i målingen, men usikkerheden er for stor til at udelukke, at det er nået.",
        "The share is unchanged (13 of 43 both times). The goal of a fall of at least 50% is not met in the measurement, but the uncertainty is too large to rule out that it is met.",
    );
    said(
        (RelativeChange, Down, 500_000),
        (of(10, 20), of(20, 40)),
        plainly(NotMet, Inconclusive),
        "Andelen er uændret (10 af 20 før og 20 af 40 efter). Målet om et fald på mindst 50 % er ikke nået i målingen, men usikkerheden er for stor til at udelukke, at det er nået.",
        "The share is unchanged (10 of 20 before and 20 of 40 after). The goal of a fall of at least 50% is not met in the measurement, but the uncertainty is too large to rule out that it is met.",
    );
}

#[test]
fn the_ends_of_the_scale() {
    said(
        (RelativeChange, Down, 500_000),
        (of(13, 43), of(0, 43)),
        (Met, Achieved, Some(Change::Improved)),
        "Andelen er reduceret med 100 % (13 af 43 til 0 af 43). Målet på mindst 50 % er nået, også når usikkerheden regnes med.",
        "The share has been reduced by 100% (13 of 43 to 0 of 43). The goal of at least 50% is met, also when the uncertainty is taken into account.",
    );
    said(
        (RelativeChange, Down, 500_000),
        (of(10_000, 1_000_000), of(5_001, 1_000_000)),
        (Partly, Inconclusive, Some(Change::Improved)),
        "Andelen er reduceret med 49,99 % (10.000 af 1.000.000 til 5001 af 1.000.000). Målet på mindst 50 % er kun delvist nået i målingen, men usikkerheden er for stor til at udelukke, at det er nået. Forbedringen er større end usikkerheden.",
        "The share has been reduced by 49.99% (10,000 of 1,000,000 to 5001 of 1,000,000). The goal of at least 50% is only partly met in the measurement, but the uncertainty is too large to rule out that it is met. The improvement is larger than the uncertainty.",
    );
    said(
        (RelativeChange, Up, 500_000),
        (of(10, 43), of(35, 43)),
        (Met, Achieved, Some(Change::Improved)),
        "Andelen er steget med 250 % (10 af 43 til 35 af 43). Målet på mindst 50 % er nået, også når usikkerheden regnes med.",
        "The share has risen by 250% (10 of 43 to 35 of 43). The goal of at least 50% is met, also when the uncertainty is taken into account.",
    );
    said(
        (RelativeChange, Up, 300_000),
        (of(14, 43), of(7, 43)),
        plainly(NotMet, Inconclusive),
        "Andelen er faldet med 50 % (14 af 43 til 7 af 43). Målet om en stigning på mindst 30 % er ikke nået i målingen, men usikkerheden er for stor til at udelukke, at det er nået.",
        "The share has fallen by 50% (14 of 43 to 7 of 43). The goal of a rise of at least 30% is not met in the measurement, but the uncertainty is too large to rule out that it is met.",
    );
}

#[test]
fn an_absolute_change_is_in_percentage_points() {
    said(
        (AbsoluteChange, Up, 100_000),
        (of(14, 43), of(26, 43)),
        plainly(Met, Inconclusive),
        "Andelen er steget med 27,9 procentpoint (14 af 43 til 26 af 43). Målet på mindst 10 procentpoint er nået i målingen, men usikkerheden er for stor til at fastslå det.",
        "The share has risen by 27.9 percentage points (14 of 43 to 26 of 43). The goal of at least 10 percentage points is met in the measurement, but the uncertainty is too large to establish it.",
    );
    said(
        (AbsoluteChange, Down, 10_000),
        (of(14, 43), of(26, 43)),
        (NotMet, NotAchieved, Some(Change::Worsened)),
        "Andelen er steget med 27,9 procentpoint (14 af 43 til 26 af 43). Målet om et fald på mindst 1 procentpoint er ikke nået, heller ikke når usikkerheden regnes med. Forværringen er større end usikkerheden.",
        "The share has risen by 27.9 percentage points (14 of 43 to 26 of 43). The goal of a fall of at least 1 percentage point is not met, not even when the uncertainty is taken into account. The change for the worse is larger than the uncertainty.",
    );
    said(
        (AbsoluteChange, Down, 10_000),
        (of(14, 100), of(13, 100)),
        plainly(Met, Inconclusive),
        "Andelen er reduceret med 1 procentpoint (14 af 100 til 13 af 100). Målet på mindst 1 procentpoint er nået i målingen, men usikkerheden er for stor til at fastslå det.",
        "The share has been reduced by 1 percentage point (14 of 100 to 13 of 100). The goal of at least 1 percentage point is met in the measurement, but the uncertainty is too large to establish it.",
    );
}

#[test]
fn a_level() {
    said(
        (Level, Up, 440_000),
        (None, of(37, 84)),
        (Met, Inconclusive, None),
        "Andelen er 44,05 % (37 af 84). Målet på mindst 44 % er nået i målingen, men usikkerheden er for stor til at fastslå det.",
        "The share is 44.05% (37 of 84). The goal of at least 44% is met in the measurement, but the uncertainty is too large to establish it.",
    );
    said(
        (Level, Up, 440_000),
        (of(0, 0), of(37, 84)),
        (Met, Inconclusive, None),
        "Andelen er 44,05 % (37 af 84). Målet på mindst 44 % er nået i målingen, men usikkerheden er for stor til at fastslå det.",
        "The share is 44.05% (37 of 84). The goal of at least 44% is met in the measurement, but the uncertainty is too large to establish it.",
    );
    said(
        (Level, Up, 700_000),
        (of(13, 43), of(26, 43)),
        (Partly, Inconclusive, Some(Change::Improved)),
        "Andelen er 60,5 % (26 af 43), mod 30,2 % før (13 af 43). Målet på mindst 70 % er kun delvist nået i målingen, men usikkerheden er for stor til at udelukke, at det er nået. Forbedringen er større end usikkerheden.",
        "The share is 60.5% (26 of 43), against 30.2% before (13 of 43). The goal of at least 70% is only partly met in the measurement, but the uncertainty is too large to rule out that it is met. The improvement is larger than the uncertainty.",
    );
    said(
        (Level, Down, 50_000),
        (of(13, 43), of(0, 43)),
        (Met, Inconclusive, Some(Change::Improved)),
        "Andelen er 0 % (0 af 43), mod 30,2 % før (13 af 43). Målet på højst 5 % er nået i målingen, men usikkerheden er for stor til at fastslå det. Forbedringen er større end usikkerheden.",
        "The share is 0% (0 of 43), against 30.2% before (13 of 43). The goal of at most 5% is met in the measurement, but the uncertainty is too large to establish it. The improvement is larger than the uncertainty.",
    );
    said(
        (Level, Down, 50_000),
        (of(3, 43), of(5, 43)),
        (NotMet, Inconclusive, Some(Change::NoClearChange)),
        "Andelen er 11,6 % (5 af 43), mod 7,0 % før (3 af 43). Målet på højst 5 % er ikke nået i målingen, men usikkerheden er for stor til at udelukke, at det er nået. Det kan ikke fastslås, om andelen har ændret sig.",
        "The share is 11.6% (5 of 43), against 7.0% before (3 of 43). The goal of at most 5% is not met in the measurement, but the uncertainty is too large to rule out that it is met. Whether the share has changed cannot be established.",
    );
    said(
        (Level, Up, 900_000),
        (None, of(43, 43)),
        (Met, Achieved, None),
        "Andelen er 100 % (43 af 43). Målet på mindst 90 % er nået, også når usikkerheden regnes med.",
        "The share is 100% (43 of 43). The goal of at least 90% is met, also when the uncertainty is taken into account.",
    );
}

#[test]
fn keeping_within_a_margin() {
    said(
        (Maintain, Up, 100_000),
        (of(160, 200), of(158, 200)),
        plainly(Met, Achieved),
        "Andelen er faldet med 1 procentpoint (160 af 200 til 158 af 200). Målet om at holde andelen inden for et fald på 10 procentpoint er nået, også når usikkerheden regnes med.",
        "The share has fallen by 1 percentage point (160 of 200 to 158 of 200). The goal of keeping the share within a fall of 10 percentage points is met, also when the uncertainty is taken into account.",
    );
    said(
        (Maintain, Down, 100_000),
        (of(160, 200), of(158, 200)),
        plainly(Met, Achieved),
        "Andelen er faldet med 1 procentpoint (160 af 200 til 158 af 200). Målet om at holde andelen inden for en stigning på 10 procentpoint er nået, også når usikkerheden regnes med.",
        "The share has fallen by 1 percentage point (160 of 200 to 158 of 200). The goal of keeping the share within a rise of 10 percentage points is met, also when the uncertainty is taken into account.",
    );
    said(
        (Maintain, Up, 0),
        (of(160, 200), of(158, 200)),
        plainly(NotMet, Inconclusive),
        "Andelen er faldet med 1 procentpoint (160 af 200 til 158 af 200). Målet om at undgå et fald er ikke nået i målingen, men usikkerheden er for stor til at udelukke, at det er nået.",
        "The share has fallen by 1 percentage point (160 of 200 to 158 of 200). The goal of avoiding a fall is not met in the measurement, but the uncertainty is too large to rule out that it is met.",
    );
    said(
        (Maintain, Down, 20_000),
        (of(100, 1000), of(250, 1000)),
        (NotMet, NotAchieved, Some(Change::Worsened)),
        "Andelen er steget med 15 procentpoint (100 af 1000 til 250 af 1000). Målet om at holde andelen inden for en stigning på 2 procentpoint er ikke nået, heller ikke når usikkerheden regnes med. Forværringen er større end usikkerheden.",
        "The share has risen by 15 percentage points (100 of 1000 to 250 of 1000). The goal of keeping the share within a rise of 2 percentage points is not met, not even when the uncertainty is taken into account. The change for the worse is larger than the uncertainty.",
    );
    said(
        (Maintain, Down, 20_000),
        (of(100, 1000), of(100, 1000)),
        plainly(Met, Inconclusive),
        "Andelen er uændret (100 af 1000 begge gange). Målet om at holde andelen inden for en stigning på 2 procentpoint er nået i målingen, men usikkerheden er for stor til at fastslå det.",
        "The share is unchanged (100 of 1000 both times). The goal of keeping the share within a rise of 2 percentage points is met in the measurement, but the uncertainty is too large to establish it.",
    );
}

#[test]
fn what_is_missing() {
    said(
        (RelativeChange, Down, 500_000),
        (of(0, 0), of(5, 43)),
        not_assessable(Reason::NoData),
        "Andelen er 11,6 % (5 af 43). Målet om et fald på mindst 50 % kan ikke vurderes, fordi en måling omfatter 0 personer. Ret den, eller registrer en måling med personer i.",
        "The share is 11.6% (5 of 43). The goal of a fall of at least 50% cannot be assessed, because a measurement covers 0 people. Correct it, or record a measurement that covers some.",
    );
    said(
        (RelativeChange, Down, 500_000),
        (None, of(5, 43)),
        not_assessable(Reason::MissingBefore),
        "Andelen er 11,6 % (5 af 43). Målet om et fald på mindst 50 % kan ikke vurderes, fordi førmålingen mangler. Registrer den, eller vælg et kriterium for niveauet, som kun kræver en eftermåling.",
        "The share is 11.6% (5 of 43). The goal of a fall of at least 50% cannot be assessed, because there is no baseline measurement. Record it, or choose a criterion for the level, which needs only a follow-up measurement.",
    );
    said(
        (RelativeChange, Down, 500_000),
        (of(13, 43), None),
        not_assessable(Reason::MissingAfter),
        "Andelen var 30,2 % før (13 af 43). Målet om et fald på mindst 50 % kan ikke vurderes, fordi eftermålingen mangler. Registrer den, når den er foretaget.",
        "The share was 30.2% before (13 of 43). The goal of a fall of at least 50% cannot be assessed, because the follow-up measurement is missing. Record it when it has been made.",
    );
    said(
        (RelativeChange, Down, 500_000),
        (None, None),
        not_assessable(Reason::MissingAfter),
        "Målet om et fald på mindst 50 % kan ikke vurderes, fordi eftermålingen mangler. Registrer den, når den er foretaget.",
        "The goal of a fall of at least 50% cannot be assessed, because the follow-up measurement is missing. Record it when it has been made.",
    );
    said(
        (AbsoluteChange, Down, 500_000),
        (None, None),
        not_assessable(Reason::MissingAfter),
        "Målet kan ikke vurderes, fordi eftermålingen mangler. Registrer den, når den er foretaget.",
        "The goal cannot be assessed, because the follow-up measurement is missing. Record it when it has been made.",
    );
    said(
        (AbsoluteChange, Up, 50_000),
        (None, of(5, 43)),
        not_assessable(Reason::BaselineNotApplicable),
        "Andelen er 11,6 % (5 af 43). Målet om en stigning på mindst 5 procentpoint kan ikke vurderes, fordi der ikke kan være en førmåling. Vælg et kriterium for niveauet, som kun kræver en eftermåling.",
        "The share is 11.6% (5 of 43). The goal of a rise of at least 5 percentage points cannot be assessed, because there can be no baseline measurement. Choose a criterion for the level, which needs only a follow-up measurement.",
    );
}

#[test]
fn what_cannot_be_assessed() {
    said(
        (RelativeChange, Up, 500_000),
        (of(0, 20), of(2, 20)),
        not_assessable(Reason::BaselineZero),
        "Andelen er steget fra 0 af 20 til 2 af 20. Målet om en stigning på mindst 50 % kan ikke vurderes, fordi førmålingen er 0, og en relativ ændring fra 0 ikke kan beregnes. Vælg et kriterium for den absolutte ændring eller for niveauet.",
        "The share has risen from 0 of 20 to 2 of 20. The goal of a rise of at least 50% cannot be assessed, because the baseline is 0, and a relative change from 0 cannot be computed. Choose a criterion for the absolute change or for the level.",
    );
    said(
        (RelativeChange, Up, 500_000),
        (of(0, 20), of(0, 20)),
        not_assessable(Reason::BaselineZero),
        "Andelen er uændret (0 af 20 begge gange). Målet om en stigning på mindst 50 % kan ikke vurderes, fordi førmålingen er 0, og en relativ ændring fra 0 ikke kan beregnes. Vælg et kriterium for den absolutte ændring eller for niveauet.",
        "The share is unchanged (0 of 20 both times). The goal of a rise of at least 50% cannot be assessed, because the baseline is 0, and a relative change from 0 cannot be computed. Choose a criterion for the absolute change or for the level.",
    );
    said(
        (Maintain, Up, 50_000),
        (of(13, 43), of(5, 44)),
        not_assessable(Reason::InconsistentInput),
        "Målet om at holde andelen inden for et fald på 5 procentpoint kan ikke vurderes, fordi målingerne modsiger hinanden. Ret dem, den parrede tabel eller oplysningen om, hvem der er målt.",
        "The goal of keeping the share within a fall of 5 percentage points cannot be assessed, because the measurements contradict each other. Correct them, the paired table or the statement of who was measured.",
    );
}
