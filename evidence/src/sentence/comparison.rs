//! Comparisons with another group in words. Of effect they speak only where the group was drawn by lot or matched.

use super::Language;
use super::amount::{Amount, Unit};
use crate::comparison::Design;
use crate::exact::Ratio;
use crate::goal::Millionths;
use crate::verdict::Change;

/// How a comparison group came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparable {
    /// By lot.
    Randomised,
    /// Chosen to resemble the participants.
    Matched,
    /// Everyone else.
    GeneralPopulation,
}

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compared {
    /// Fractions.
    Shares,
    /// In the unit of the mean.
    Means,
    /// Differences in differences are ratios of ratios.
    Rates,
}

/// A comparison to be put into words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ComparisonStatement {
    pub compared: Compared,
    pub comparable: Comparable,
    pub design: Design,
    pub estimate: Millionths,
    pub interval: Option<(Millionths, Option<Millionths>)>,
    /// None of a gap.
    pub change: Option<Change>,
}

/// How much more the participants changed than the group, or how far they are from it, and what may be read from that.
pub fn comparison_sentence(statement: &ComparisonStatement, language: Language) -> String {
    let sentences = match language {
        Language::Danish => danish(statement),
        Language::English => english(statement),
    };
    sentences.join(" ")
}

fn danish(statement: &ComparisonStatement) -> Vec<String> {
    let number = |value: Millionths| number(statement, value, Language::Danish);
    if statement.design == Design::DescriptiveGap {
        let size = number(Millionths(statement.estimate.0.saturating_abs()));
        let finding = match statement.estimate.0 {
            0 => "Deltagerne ligger på samme niveau som sammenligningsgruppen.".to_owned(),
            gap if gap > 0 => format!("Deltagerne ligger {size} over sammenligningsgruppen."),
            _ => format!("Deltagerne ligger {size} under sammenligningsgruppen."),
        };
        let meaning = "Gruppen er kun målt én gang, så det er en beskrivelse og siger intet om, hvad der har ændret sig.";
        return vec![finding, meaning.to_owned()];
    }
    let estimate = number(statement.estimate);
    let finding = if statement.compared == Compared::Rates {
        format!("Raten er ændret med en faktor {estimate} i forhold til sammenligningsgruppens ændring")
    } else {
        format!("Ændringen er {estimate} i forhold til sammenligningsgruppens")
    };
    let interval = match statement.interval {
        Some((low, Some(high))) => format!(" (usikkerhed fra {} til {}).", number(low), number(high)),
        Some((low, None)) => format!(" (usikkerhed fra {} og op).", number(low)),
        None => ".".to_owned(),
    };
    let meaning = match (statement.comparable, statement.change) {
        (Comparable::GeneralPopulation, _) => {
            "Gruppen er alle andre, som kan være meget forskellige fra deltagerne, så det siger intet om indsatsens virkning."
        }
        (_, None | Some(Change::NoClearChange)) => {
            "Usikkerheden er for stor til at fastslå, om indsatsen har haft en virkning."
        }
        (Comparable::Randomised, Some(Change::Improved)) => {
            "Grupperne er dannet ved lodtrækning, så forskellen kan tilskrives indsatsen: den har haft en virkning."
        }
        (Comparable::Randomised, Some(Change::Worsened)) => {
            "Grupperne er dannet ved lodtrækning, så forskellen kan tilskrives indsatsen: den har haft en virkning til det værre."
        }
        (Comparable::Matched, Some(Change::Improved)) => {
            "Gruppen er valgt, så den ligner deltagerne. Hvis de ellers havde udviklet sig ens, er forskellen indsatsens virkning."
        }
        (Comparable::Matched, Some(Change::Worsened)) => {
            "Gruppen er valgt, så den ligner deltagerne. Hvis de ellers havde udviklet sig ens, er forskellen indsatsens virkning, og den går den forkerte vej."
        }
    };
    vec![finding + &interval, meaning.to_owned()]
}

fn english(statement: &ComparisonStatement) -> Vec<String> {
    let number = |value: Millionths| number(statement, value, Language::English);
    if statement.design == Design::DescriptiveGap {
        let size = number(Millionths(statement.estimate.0.saturating_abs()));
        let finding = match statement.estimate.0 {
            0 => "The participants are level with the comparison group.".to_owned(),
            gap if gap > 0 => format!("The participants are {size} above the comparison group."),
            _ => format!("The participants are {size} below the comparison group."),
        };
        let meaning =
            "The group was measured once only, so this describes a gap and says nothing of what has changed.";
        return vec![finding, meaning.to_owned()];
    }
    let estimate = number(statement.estimate);
    let finding = if statement.compared == Compared::Rates {
        format!("The rate has changed by a factor of {estimate} beside the change of the comparison group")
    } else {
        format!("The change is {estimate} beside that of the comparison group")
    };
    let interval = match statement.interval {
        Some((low, Some(high))) => format!(" (uncertainty from {} to {}).", number(low), number(high)),
        Some((low, None)) => format!(" (uncertainty from {} up).", number(low)),
        None => ".".to_owned(),
    };
    let meaning = match (statement.comparable, statement.change) {
        (Comparable::GeneralPopulation, _) => {
            "The group is everyone else, who may differ much from the participants, so this shows nothing of what the intervention brought about."
        }
        (_, None | Some(Change::NoClearChange)) => {
            "The uncertainty is too large to establish whether the intervention had an effect."
        }
        (Comparable::Randomised, Some(Change::Improved)) => {
            "The groups were formed by lot, so the difference can be ascribed to the intervention: it had an effect."
        }
        (Comparable::Randomised, Some(Change::Worsened)) => {
            "The groups were formed by lot, so the difference can be ascribed to the intervention: it had an effect for the worse."
        }
        (Comparable::Matched, Some(Change::Improved)) => {
            "The group was chosen to resemble the participants. If both would else have changed alike, the difference is the effect of the intervention."
        }
        (Comparable::Matched, Some(Change::Worsened)) => {
            "The group was chosen to resemble the participants. If both would else have changed alike, the difference is the effect of the intervention, and it goes the wrong way."
        }
    };
    vec![finding + &interval, meaning.to_owned()]
}

fn number(statement: &ComparisonStatement, value: Millionths, language: Language) -> String {
    let unit = if statement.compared == Compared::Shares { Unit::Points } else { Unit::Own };
    let amount = Amount::measured(Ratio::from(value), unit, None);
    let number = amount.number(language);
    match (unit, language) {
        (Unit::Points, Language::Danish) => format!("{number} procentpoint"),
        (Unit::Points, Language::English) if amount.is_one() => format!("{number} percentage point"),
        (Unit::Points, Language::English) => format!("{number} percentage points"),
        (Unit::Own | Unit::Percent, _) => number,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statement(comparable: Comparable, change: Change) -> ComparisonStatement {
        ComparisonStatement {
            compared: Compared::Shares,
            comparable,
            design: Design::DifferenceInDifferences,
            estimate: Millionths(-161_047),
            interval: Some((Millionths(-372_656), Some(Millionths(-58_238)))),
            change: Some(change),
        }
    }

    #[test]
    fn a_group_drawn_by_lot_shows_an_effect() {
        let randomised = statement(Comparable::Randomised, Change::Improved);
        assert_eq!(
            comparison_sentence(&randomised, Language::Danish),
            "Ændringen er -16,1 procentpoint i forhold til sammenligningsgruppens (usikkerhed fra -37,3 procentpoint til \
             -5,8 procentpoint). Grupperne er dannet ved lodtrækning, så forskellen kan tilskrives indsatsen: den har haft \
             en virkning."
        );
        assert_eq!(
            comparison_sentence(&randomised, Language::English),
            "The change is -16.1 percentage points beside that of the comparison group (uncertainty from -37.3 percentage \
             points to -5.8 percentage points). The groups were formed by lot, so the difference can be ascribed to the \
             intervention: it had an effect."
        );
    }

    #[test]
    fn everyone_else_never_shows_one() {
        for change in Change::ALL {
            let others = statement(Comparable::GeneralPopulation, *change);
            let danish = comparison_sentence(&others, Language::Danish);
            assert!(danish.ends_with("så det siger intet om indsatsens virkning."), "{danish}");
            assert!(!comparison_sentence(&others, Language::English).contains("effect"));
        }
    }

    #[test]
    fn an_unclear_difference_is_no_effect() {
        for comparable in [Comparable::Randomised, Comparable::Matched] {
            let unclear = statement(comparable, Change::NoClearChange);
            let english = comparison_sentence(&unclear, Language::English);
            assert!(
                english.ends_with("too large to establish whether the intervention had an effect."),
                "{english}"
            );
        }
    }

    #[test]
    fn a_gap_says_nothing_of_change() {
        let gap = ComparisonStatement {
            design: Design::DescriptiveGap,
            estimate: Millionths(50_000),
            interval: None,
            change: None,
            ..statement(Comparable::Randomised, Change::Improved)
        };
        assert_eq!(
            comparison_sentence(&gap, Language::Danish),
            "Deltagerne ligger 5 procentpoint over sammenligningsgruppen. Gruppen er kun målt én gang, så det er en \
             beskrivelse og siger intet om, hvad der har ændret sig."
        );
        let level = ComparisonStatement { estimate: Millionths(0), ..gap };
        assert!(comparison_sentence(&level, Language::English).starts_with("The participants are level"));
    }

    #[test]
    fn rates_change_by_a_factor() {
        let rates = ComparisonStatement {
            compared: Compared::Rates,
            estimate: Millionths(603_122),
            interval: Some((Millionths(371_775), None)),
            ..statement(Comparable::Matched, Change::Worsened)
        };
        let danish = comparison_sentence(&rates, Language::Danish);
        assert!(danish.starts_with("Raten er ændret med en faktor 0,603122 i forhold"), "{danish}");
        assert!(danish.contains("(usikkerhed fra 0,371775 og op)"), "{danish}");
    }
}
