//! What is known of a theory, in words.

use super::{Appraisal, Implementation, Outcomes};

pub fn danish(appraisal: &Appraisal) -> Vec<String> {
    let (carried_out, followed) = (appraisal.implementation, appraisal.outcomes);
    let implementation = match carried_out {
        Implementation::AsPlanned => "Aktiviteterne er gennemført som planlagt",
        Implementation::Partly => "Aktiviteterne er delvist gennemført som planlagt",
        Implementation::NotAsPlanned => "Aktiviteterne er ikke gennemført som planlagt",
        Implementation::NotAssessed => "Det er ikke vurderet, om aktiviteterne er gennemført som planlagt",
    };
    let outcomes = match followed {
        Outcomes::Followed => "de forventede resultater fulgte",
        Outcomes::Partly => "de forventede resultater fulgte delvist",
        Outcomes::NotFollowed => "de forventede resultater fulgte ikke",
        Outcomes::NotAssessed if carried_out == Implementation::NotAssessed => {
            "om de forventede resultater fulgte"
        }
        Outcomes::NotAssessed => "det er ikke vurderet, om de forventede resultater fulgte",
    };
    let link = match Link::between(carried_out, followed) {
        Link::And => "og",
        Link::But => "men",
        Link::Or => "eller",
    };
    let meaning = Meaning::of(carried_out, followed).map(|meaning| match meaning {
        Meaning::Agrees => "Det stemmer med programteorien, men viser ikke, hvad der skabte resultaterne.",
        Meaning::TheoryFailed => "Det taler imod programteorien, ikke imod gennemførelsen.",
        Meaning::Untested => "Programteorien er derfor ikke blevet prøvet.",
        Meaning::OtherExplanations => "Resultaterne kan have andre forklaringer end programteorien.",
        Meaning::Open => "Det kan ikke afgøres, om det ligger i gennemførelsen eller i programteorien.",
    });
    let Appraisal { assessed, elements, .. } = appraisal;
    let coverage =
        appraisal.is_partial().then(|| format!("Det bygger på {assessed} af {elements} elementer."));
    let unsettled = (!appraisal.settled)
        .then_some("For mindst ét succeskriterium er det ikke sikkert, om målet er nået.");
    [Some(format!("{implementation}, {link} {outcomes}.")), meaning.map(str::to_owned), coverage]
        .into_iter()
        .chain([unsettled.map(str::to_owned)])
        .flatten()
        .collect()
}

pub fn english(appraisal: &Appraisal) -> Vec<String> {
    let (carried_out, followed) = (appraisal.implementation, appraisal.outcomes);
    let implementation = match carried_out {
        Implementation::AsPlanned => "The activities were carried out as planned",
        Implementation::Partly => "The activities were partly carried out as planned",
        Implementation::NotAsPlanned => "The activities were not carried out as planned",
        Implementation::NotAssessed => {
            "It is not assessed whether the activities were carried out as planned"
        }
    };
    let outcomes = match followed {
        Outcomes::Followed => "the expected outcomes followed",
        Outcomes::Partly => "the expected outcomes followed in part",
        Outcomes::NotFollowed => "the expected outcomes did not follow",
        Outcomes::NotAssessed if carried_out == Implementation::NotAssessed => {
            "whether the expected outcomes followed"
        }
        Outcomes::NotAssessed => "it is not assessed whether the expected outcomes followed",
    };
    let link = match Link::between(carried_out, followed) {
        Link::And => "and",
        Link::But => "but",
        Link::Or => "or",
    };
    let meaning = Meaning::of(carried_out, followed).map(|meaning| match meaning {
        Meaning::Agrees => {
            "This agrees with the programme theory, but does not show what brought the outcomes."
        }
        Meaning::TheoryFailed => "This speaks against the programme theory, not against the implementation.",
        Meaning::Untested => "The programme theory has therefore not been put to the test.",
        Meaning::OtherExplanations => "The outcomes may have other explanations than the programme theory.",
        Meaning::Open => "Whether that lies in the implementation or in the programme theory cannot be told.",
    });
    let Appraisal { assessed, elements, .. } = appraisal;
    let coverage =
        appraisal.is_partial().then(|| format!("This rests on {assessed} of {elements} elements."));
    let unsettled = (!appraisal.settled)
        .then_some("For at least one success criterion it is not certain whether the goal is met.");
    [Some(format!("{implementation}, {link} {outcomes}.")), meaning.map(str::to_owned), coverage]
        .into_iter()
        .chain([unsettled.map(str::to_owned)])
        .flatten()
        .collect()
}

/// The word between the two.
enum Link {
    And,
    But,
    Or,
}

impl Link {
    fn between(implementation: Implementation, outcomes: Outcomes) -> Self {
        match (implementation, outcomes) {
            (Implementation::NotAssessed, Outcomes::NotAssessed) => Self::Or,
            (Implementation::AsPlanned, Outcomes::Followed)
            | (Implementation::Partly, Outcomes::Partly)
            | (Implementation::NotAsPlanned, Outcomes::NotFollowed) => Self::And,
            _ => Self::But,
        }
    }
}

/// What the two together mean for the theory.
enum Meaning {
    Agrees,
    TheoryFailed,
    Untested,
    OtherExplanations,
    /// The outcomes did not follow, and the implementation does not tell why.
    Open,
}

impl Meaning {
    fn of(implementation: Implementation, outcomes: Outcomes) -> Option<Self> {
        match (implementation, outcomes) {
            (Implementation::AsPlanned, Outcomes::Followed) => Some(Self::Agrees),
            (Implementation::AsPlanned, Outcomes::NotFollowed) => Some(Self::TheoryFailed),
            (Implementation::NotAsPlanned, Outcomes::NotFollowed) => Some(Self::Untested),
            (Implementation::NotAsPlanned, Outcomes::Followed) => Some(Self::OtherExplanations),
            (Implementation::Partly | Implementation::NotAssessed, Outcomes::NotFollowed) => Some(Self::Open),
            _ => None,
        }
    }
}

impl Appraisal {
    /// Whether something is known of some elements and nothing of others.
    const fn is_partial(&self) -> bool {
        0 < self.assessed && self.assessed < self.elements
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sentence::Language::{Danish, English};

    fn of(implementation: Implementation, outcomes: Outcomes) -> Appraisal {
        Appraisal { implementation, outcomes, assessed: 3, elements: 3, settled: true }
    }

    #[test]
    fn failure_of_theory_and_of_implementation_are_told_apart() {
        use Implementation::{AsPlanned, NotAsPlanned, NotAssessed, Partly};
        for (implementation, outcomes, danish, english) in [
            (
                AsPlanned,
                Outcomes::NotFollowed,
                "Aktiviteterne er gennemført som planlagt, men de forventede resultater fulgte ikke. Det taler imod \
                 programteorien, ikke imod gennemførelsen.",
                "The activities were carried out as planned, but the expected outcomes did not follow. This speaks \
                 against the programme theory, not against the implementation.",
            ),
            (
                NotAsPlanned,
                Outcomes::NotFollowed,
                "Aktiviteterne er ikke gennemført som planlagt, og de forventede resultater fulgte ikke. \
                 Programteorien er derfor ikke blevet prøvet.",
                "The activities were not carried out as planned, and the expected outcomes did not follow. The \
                 programme theory has therefore not been put to the test.",
            ),
            (
                AsPlanned,
                Outcomes::Followed,
                "Aktiviteterne er gennemført som planlagt, og de forventede resultater fulgte. Det stemmer med \
                 programteorien, men viser ikke, hvad der skabte resultaterne.",
                "The activities were carried out as planned, and the expected outcomes followed. This agrees with \
                 the programme theory, but does not show what brought the outcomes.",
            ),
            (
                NotAsPlanned,
                Outcomes::Followed,
                "Aktiviteterne er ikke gennemført som planlagt, men de forventede resultater fulgte. Resultaterne \
                 kan have andre forklaringer end programteorien.",
                "The activities were not carried out as planned, but the expected outcomes followed. The outcomes \
                 may have other explanations than the programme theory.",
            ),
            (
                Partly,
                Outcomes::NotFollowed,
                "Aktiviteterne er delvist gennemført som planlagt, men de forventede resultater fulgte ikke. Det \
                 kan ikke afgøres, om det ligger i gennemførelsen eller i programteorien.",
                "The activities were partly carried out as planned, but the expected outcomes did not follow. \
                 Whether that lies in the implementation or in the programme theory cannot be told.",
            ),
            (
                NotAssessed,
                Outcomes::Partly,
                "Det er ikke vurderet, om aktiviteterne er gennemført som planlagt, men de forventede resultater \
                 fulgte delvist.",
                "It is not assessed whether the activities were carried out as planned, but the expected outcomes \
                 followed in part.",
            ),
            (
                Partly,
                Outcomes::NotAssessed,
                "Aktiviteterne er delvist gennemført som planlagt, men det er ikke vurderet, om de forventede \
                 resultater fulgte.",
                "The activities were partly carried out as planned, but it is not assessed whether the expected \
                 outcomes followed.",
            ),
            (
                NotAssessed,
                Outcomes::NotAssessed,
                "Det er ikke vurderet, om aktiviteterne er gennemført som planlagt, eller om de forventede \
                 resultater fulgte.",
                "It is not assessed whether the activities were carried out as planned, or whether the expected \
                 outcomes followed.",
            ),
        ] {
            assert_eq!(of(implementation, outcomes).sentence(Danish), danish);
            assert_eq!(of(implementation, outcomes).sentence(English), english);
        }
    }

    #[test]
    fn what_is_missing_and_what_is_open_is_said() {
        let open = Appraisal { assessed: 2, settled: false, ..of(Implementation::Partly, Outcomes::Partly) };
        assert_eq!(
            open.sentence(Danish),
            "Aktiviteterne er delvist gennemført som planlagt, og de forventede resultater fulgte delvist. Det \
             bygger på 2 af 3 elementer. For mindst ét succeskriterium er det ikke sikkert, om målet er nået."
        );
        assert_eq!(
            open.sentence(English),
            "The activities were partly carried out as planned, and the expected outcomes followed in part. This \
             rests on 2 of 3 elements. For at least one success criterion it is not certain whether the goal is met."
        );
        let unknown = Appraisal { assessed: 0, ..of(Implementation::NotAssessed, Outcomes::NotAssessed) };
        assert!(!unknown.sentence(Danish).contains("elementer"));
    }

    #[test]
    fn no_sentence_speaks_of_an_effect() {
        for implementation in Implementation::ALL {
            for outcomes in Outcomes::ALL {
                let appraisal = of(*implementation, *outcomes);
                let both = [appraisal.sentence(Danish), appraisal.sentence(English)].concat().to_lowercase();
                for word in ["effekt", "virkning", "effect", "caused", "skyldes"] {
                    assert!(!both.contains(word), "{both}");
                }
            }
        }
    }
}
