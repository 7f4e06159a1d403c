//! Means, rates and numbers.

use super::*;

fn mean(millionths: i64) -> Option<Observed> {
    Some(Observed::Mean(Millionths(millionths)))
}

fn rate(millionths: i64) -> Option<Observed> {
    Some(Observed::Rate(Millionths(millionths)))
}

fn number(number: i64) -> Option<Observed> {
    Some(Observed::Count(Millionths(number * 1_000_000)))
}

#[test]
fn a_mean() {
    said(
        (RelativeChange, Up, 100_000),
        (mean(48_000_000), mean(54_000_000)),
        plainly(Met, Inconclusive),
        "Gennemsnittet er steget med 12,5 % (48 til 54). Målet på mindst 10 % er nået i målingen, men usikkerheden er for stor til at fastslå det.",
        "The mean has risen by 12.5% (48 to 54). The goal of at least 10% is met in the measurement, but the uncertainty is too large to establish it.",
    );
    said(
        (AbsoluteChange, Up, 10_000_000),
        (mean(48_250_000), mean(54_000_000)),
        (Partly, NotAchieved, Some(Change::Improved)),
        "Gennemsnittet er steget med 5,75 (48,25 til 54). Målet på mindst 10 er kun delvist nået, også når usikkerheden regnes med. Forbedringen er større end usikkerheden.",
        "The mean has risen by 5.75 (48.25 to 54). The goal of at least 10 is only partly met, also when the uncertainty is taken into account. The improvement is larger than the uncertainty.",
    );
    said(
        (Level, Up, 50_000_000),
        (mean(48_250_000), mean(54_000_000)),
        (Met, Achieved, Some(Change::NoClearChange)),
        "Gennemsnittet er 54, mod 48,25 før. Målet på mindst 50 er nået, også når usikkerheden regnes med. Det kan ikke fastslås, om gennemsnittet har ændret sig.",
        "The mean is 54, against 48.25 before. The goal of at least 50 is met, also when the uncertainty is taken into account. Whether the mean has changed cannot be established.",
    );
    said(
        (Maintain, Down, 2_000_000),
        (mean(12_500_000), mean(13_000_000)),
        plainly(Met, Achieved),
        "Gennemsnittet er steget med 0,5 (12,5 til 13). Målet om at holde gennemsnittet inden for en stigning på 2 er nået, også når usikkerheden regnes med.",
        "The mean has risen by 0.5 (12.5 to 13). The goal of keeping the mean within a rise of 2 is met, also when the uncertainty is taken into account.",
    );
}

#[test]
fn a_mean_of_which_too_little_is_stated() {
    said(
        (RelativeChange, Up, 100_000),
        (mean(48_000_000), mean(54_000_000)),
        (Met, Verdict::NotAssessable(Reason::NoMethod), None),
        "Gennemsnittet er steget med 12,5 % (48 til 54). Målet på mindst 10 % er nået i målingen. Usikkerheden kan ikke beregnes ud fra det, der er oplyst om gennemsnittet, så det kan ikke fastslås. Det kræver standardafvigelsen, antallet af personer, og at ikke alle har samme værdi eller samme ændring.",
        "The mean has risen by 12.5% (48 to 54). The goal of at least 10% is met in the measurement. The uncertainty cannot be computed from what is stated of the mean, so this cannot be established. That takes the standard deviation, the number of people, and values or changes that are not all alike.",
    );
    said(
        (RelativeChange, Up, 100_000),
        (mean(-48_000_000), mean(54_000_000)),
        not_assessable(Reason::InconsistentInput),
        "Målet om en stigning på mindst 10 % kan ikke vurderes, fordi målingerne modsiger hinanden eller ikke kan sammenlignes. Ret dem eller oplysningen om, hvem der er målt.",
        "The goal of a rise of at least 10% cannot be assessed, because the measurements contradict each other or cannot be compared. Correct them or the statement of who was measured.",
    );
}

#[test]
fn a_rate_and_a_number() {
    said(
        (RelativeChange, Down, 250_000),
        (rate(1_250_000), rate(500_000)),
        (Met, Achieved, Some(Change::Improved)),
        "Raten er reduceret med 60 % (1,25 til 0,5). Målet på mindst 25 % er nået, også når usikkerheden regnes med.",
        "The rate has been reduced by 60% (1.25 to 0.5). The goal of at least 25% is met, also when the uncertainty is taken into account.",
    );
    said(
        (Level, Down, 12_000_000),
        (None, rate(12_500_000)),
        (NotMet, Inconclusive, None),
        "Raten er 12,5. Målet på højst 12 er ikke nået i målingen, men usikkerheden er for stor til at udelukke, at det er nået.",
        "The rate is 12.5. The goal of at most 12 is not met in the measurement, but the uncertainty is too large to rule out that it is met.",
    );
    said(
        (Level, Down, 12_000_000),
        (rate(14_000_000), rate(12_500_000)),
        (Partly, Inconclusive, Some(Change::NoClearChange)),
        "Raten er 12,5, mod 14 før. Målet på højst 12 er kun delvist nået i målingen, men usikkerheden er for stor til at udelukke, at det er nået. Det kan ikke fastslås, om raten har ændret sig.",
        "The rate is 12.5, against 14 before. The goal of at most 12 is only partly met in the measurement, but the uncertainty is too large to rule out that it is met. Whether the rate has changed cannot be established.",
    );
    said(
        (AbsoluteChange, Down, 10_000_000),
        (number(53), number(31)),
        plainly(Met, Inconclusive),
        "Antallet er reduceret med 22 (53 til 31). Målet på mindst 10 er nået i målingen, men usikkerheden er for stor til at fastslå det.",
        "The number has been reduced by 22 (53 to 31). The goal of at least 10 is met in the measurement, but the uncertainty is too large to establish it.",
    );
}
