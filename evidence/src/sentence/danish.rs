//! The sentences in Danish.

use super::Language::Danish;
use super::amount::{Amount, Unit, count};
use super::facts::{Aim, Course, Facts, Figure, Finding, Kind, Outcome};
use crate::verdict::{Attainment, Change, Reason};

pub const WITHHELD: &str = "Tallene vises ikke af hensyn til deltagerne.";

pub fn sentences(facts: &Facts) -> Vec<String> {
    let finding = finding(facts);
    let outcome = outcome(facts);
    let change = facts.change.map(|change| self::change(facts.kind, change));
    finding.into_iter().chain([outcome]).chain(change).collect()
}

const fn noun(kind: Kind) -> &'static str {
    match kind {
        Kind::Share => "andelen",
        Kind::Mean => "gennemsnittet",
        Kind::Rate => "raten",
        Kind::Count => "antallet",
        Kind::Unknown => "værdien",
    }
}

const fn capital_noun(kind: Kind) -> &'static str {
    match kind {
        Kind::Share => "Andelen",
        Kind::Mean => "Gennemsnittet",
        Kind::Rate => "Raten",
        Kind::Count => "Antallet",
        Kind::Unknown => "Værdien",
    }
}

fn amount(amount: &Amount) -> String {
    let number = amount.number(Danish);
    match amount.unit {
        Unit::Percent => format!("{number} %"),
        Unit::Points => format!("{number} procentpoint"),
        Unit::Own => number,
    }
}

/// As one of two things compared.
fn figure(figure: &Figure) -> String {
    match figure {
        Figure::Share(share, _) => {
            format!("{} af {}", count(share.successes(), Danish), count(share.n(), Danish))
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
    let noun = capital_noun(facts.kind);
    Some(match &facts.finding {
        Finding::Nothing => return None,
        Finding::Withheld => WITHHELD.to_owned(),
        Finding::Before(before) => format!("{noun} var {}.", level(before, " før")),
        Finding::After { after, before: None } => format!("{noun} er {}.", level(after, "")),
        Finding::After { after, before: Some(before) } => {
            format!("{noun} er {}, mod {}.", level(after, ""), level(before, " før"))
        }
        Finding::Unchanged { before, after } if before == after => {
            format!("{noun} er uændret ({} begge gange).", figure(before))
        }
        Finding::Unchanged { before, after } => {
            format!("{noun} er uændret ({} før og {} efter).", figure(before), figure(after))
        }
        Finding::Changed { course, by, before, after } => {
            let moved = match course {
                Course::Risen => "steget",
                Course::Fallen => "faldet",
                Course::Reduced => "reduceret",
            };
            let (before, after) = (figure(before), figure(after));
            match by {
                Some(by) => format!("{noun} er {moved} med {} ({before} til {after}).", amount(by)),
                None => format!("{noun} er {moved} fra {before} til {after}."),
            }
        }
    })
}

fn aim(kind: Kind, aim: &Aim) -> String {
    let the_course = |course: &Course| match course {
        Course::Risen => "en stigning",
        Course::Fallen | Course::Reduced => "et fald",
    };
    match aim {
        Aim::Unknown => "Målet".to_owned(),
        Aim::Same(threshold) | Aim::LevelAtLeast(threshold) => {
            format!("Målet på mindst {}", amount(threshold))
        }
        Aim::LevelAtMost(threshold) => format!("Målet på højst {}", amount(threshold)),
        Aim::Rise(threshold) => format!("Målet om en stigning på mindst {}", amount(threshold)),
        Aim::Fall(threshold) => format!("Målet om et fald på mindst {}", amount(threshold)),
        Aim::Against(course, Some(margin)) => {
            format!("Målet om at holde {} inden for {} på {}", noun(kind), the_course(course), amount(margin))
        }
        Aim::Against(course, None) => format!("Målet om at undgå {}", the_course(course)),
    }
}

fn outcome(facts: &Facts) -> String {
    let aim = aim(facts.kind, &facts.aim);
    match facts.outcome {
        Outcome::Achieved => format!("{aim} er nået, også når usikkerheden regnes med."),
        Outcome::NotAchieved(Attainment::Partly) => {
            format!("{aim} er kun delvist nået, også når usikkerheden regnes med.")
        }
        Outcome::NotAchieved(_) => format!("{aim} er ikke nået, heller ikke når usikkerheden regnes med."),
        Outcome::Inconclusive(Attainment::Met) => {
            format!("{aim} er nået i målingen, men usikkerheden er for stor til at fastslå det.")
        }
        Outcome::Inconclusive(attainment) => format!(
            "{aim} {} i målingen, men usikkerheden er for stor til at udelukke, at det er nået.",
            attained(attainment)
        ),
        Outcome::WithoutInterval(attainment) => {
            format!("{aim} {} i målingen. {}", attained(attainment), without_interval(facts.kind))
        }
        Outcome::NotAssessable(reason) => {
            format!("{aim} kan ikke vurderes, fordi {}", because(facts.kind, reason))
        }
    }
}

const fn attained(attainment: Attainment) -> &'static str {
    match attainment {
        Attainment::Met => "er nået",
        Attainment::Partly => "er kun delvist nået",
        Attainment::NotMet => "er ikke nået",
        Attainment::NotAssessable => "kan ikke vurderes",
    }
}

const fn without_interval(kind: Kind) -> &'static str {
    match kind {
        Kind::Mean => {
            "Usikkerheden kan ikke beregnes ud fra det, der er oplyst om gennemsnittet, så det kan ikke fastslås. Det kræver standardafvigelsen, antallet af personer, og at ikke alle har samme værdi eller samme ændring."
        }
        Kind::Share | Kind::Rate | Kind::Count | Kind::Unknown => {
            "Usikkerheden kan ikke beregnes ud fra det målte, så det kan ikke fastslås."
        }
    }
}

const fn because(kind: Kind, reason: Reason) -> &'static str {
    match reason {
        Reason::NoData => "en måling omfatter 0 personer. Ret den, eller registrer en måling med personer i.",
        Reason::MissingBefore => {
            "førmålingen mangler. Registrer den, eller vælg et kriterium for niveauet, som kun kræver en eftermåling."
        }
        Reason::MissingAfter => "eftermålingen mangler. Registrer den, når den er foretaget.",
        Reason::BaselineNotApplicable => {
            "der ikke kan være en førmåling. Vælg et kriterium for niveauet, som kun kræver en eftermåling."
        }
        Reason::BaselineZero => {
            "førmålingen er 0, og en relativ ændring fra 0 ikke kan beregnes. Vælg et kriterium for den absolutte ændring eller for niveauet."
        }
        Reason::InconsistentInput => match kind {
            Kind::Share => {
                "målingerne modsiger hinanden. Ret dem, den parrede tabel eller oplysningen om, hvem der er målt."
            }
            Kind::Mean | Kind::Rate | Kind::Count | Kind::Unknown => {
                "målingerne modsiger hinanden eller ikke kan sammenlignes. Ret dem eller oplysningen om, hvem der er målt."
            }
        },
        Reason::Suppressed => "tallene ikke vises af hensyn til deltagerne.",
        Reason::NoMethod => "usikkerheden ikke kan beregnes.",
    }
}

fn change(kind: Kind, change: Change) -> String {
    match change {
        Change::Improved => "Forbedringen er større end usikkerheden.".to_owned(),
        Change::Worsened => "Forværringen er større end usikkerheden.".to_owned(),
        Change::NoClearChange => format!("Det kan ikke fastslås, om {} har ændret sig.", noun(kind)),
    }
}
