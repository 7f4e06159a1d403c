//! What a reader of a result must know besides it.

use crate::exact::decimal;
use crate::sentence::Language;

/// Something that limits what a result can be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Warning {
    /// Fewer than 20 people in a wave that the verdict rests on.
    SmallN,
    /// The same people measured twice, and it is not known who changed. The interval is the widest over all tables that
    /// fit the totals.
    PairingUnknown {
        /// With from how many to how many people who had the outcome both times a table that fits the totals gives
        /// `ACHIEVED` or `NOT_ACHIEVED`; none where none does. Where the verdict is one of these already, all do.
        settled_by: Option<(u32, u32)>,
    },
    /// The same people measured twice, and it is not known how their two values go together. The interval is the widest
    /// over all correlations.
    CorrelationUnknown {
        /// From which correlation on, in hundredths, the verdict is `ACHIEVED` or `NOT_ACHIEVED`; none where none gives
        /// that.
        settled_from: Option<i8>,
    },
    /// Of events only the totals are known: some people may have many, and the interval is then too narrow.
    OverdispersionUnknown,
    /// The verdict would be another if those without a value after had all fared well, or all badly.
    NotRobustToAttrition,
    /// The participants were chosen for a high value, which tends to be lower the next time anyway.
    RegressionToMean,
    /// What is measured changes with age anyway.
    Maturation,
    /// The participants were also in other interventions at the time.
    CoEnrolment,
    /// The criterion was registered after the period of its measurement after had begun.
    PostHoc,
}

impl Warning {
    pub const fn code(self) -> &'static str {
        match self {
            Self::SmallN => "SMALL_N",
            Self::PairingUnknown { .. } | Self::CorrelationUnknown { .. } => "PAIRING_UNKNOWN",
            Self::OverdispersionUnknown => "OVERDISPERSION_UNKNOWN",
            Self::NotRobustToAttrition => "NOT_ROBUST_TO_ATTRITION",
            Self::RegressionToMean => "REGRESSION_TO_MEAN",
            Self::Maturation => "MATURATION",
            Self::CoEnrolment => "CO_ENROLMENT",
            Self::PostHoc => "POST_HOC",
        }
    }

    pub fn text(self, language: Language) -> String {
        match language {
            Language::Danish => self.danish(),
            Language::English => self.english(),
        }
    }

    fn danish(self) -> String {
        match self {
            Self::SmallN => {
                "En måling omfatter færre end 20 personer, så få personer kan flytte resultatet meget."
                    .to_owned()
            }
            Self::PairingUnknown { settled_by } => {
                let unknown = "Det vides ikke, hvem der har ændret sig, fordi kun totalerne er kendt for de samme \
                               personer. Usikkerheden er derfor den største, som totalerne tillader.";
                match settled_by {
                    None => format!(
                        "{unknown} Ingen parret tabel, der passer med totalerne, kan afgøre, om målet er nået."
                    ),
                    Some(range) => format!(
                        "{unknown} Om målet er nået, er afgjort i de parrede tabeller, hvor {} har udfaldet begge \
                         gange, og ikke i andre.",
                        people(range, "til", ["person", "personer"])
                    ),
                }
            }
            Self::CorrelationUnknown { settled_from } => {
                let unknown = "Det vides ikke, hvordan den enkeltes to værdier følges ad, fordi kun gennemsnit og \
                               spredning er kendt for de samme personer. Usikkerheden er derfor den største, som de \
                               tillader.";
                match settled_from {
                    None => format!("{unknown} Om målet er nået, kan ikke afgøres, uanset hvordan de følges ad."),
                    Some(..=-100) => {
                        format!("{unknown} Om målet er nået, er afgjort, uanset hvordan de følges ad.")
                    }
                    Some(from) => format!(
                        "{unknown} Om målet er nået, er afgjort, hvis korrelationen mellem dem er mindst {}.",
                        hundredths(from).replace('.', ",")
                    ),
                }
            }
            Self::OverdispersionUnknown => {
                "Kun det samlede antal hændelser er kendt. Hvis nogle få personer står for mange af dem, er \
                 usikkerheden større end beregnet."
                    .to_owned()
            }
            Self::NotRobustToAttrition => {
                "Nogle personer mangler i eftermålingen. Hvis det er gået dem alle godt eller alle dårligt, ændrer det \
                 vurderingen af, om målet er nået."
                    .to_owned()
            }
            Self::RegressionToMean => {
                "Deltagerne er valgt, fordi de lå højt. De, der ligger højt ved én måling, ligger ofte lavere ved den \
                 næste, også uden en indsats."
                    .to_owned()
            }
            Self::Maturation => {
                "Det målte ændrer sig med alderen, også uden en indsats.".to_owned()
            }
            Self::CoEnrolment => {
                "Deltagerne var også med i andre indsatser i perioden, så ændringen kan skyldes dem.".to_owned()
            }
            Self::PostHoc => {
                "Kriteriet er registreret, efter at perioden for eftermålingen begyndte.".to_owned()
            }
        }
    }

    fn english(self) -> String {
        match self {
            Self::SmallN => {
                "A measurement covers fewer than 20 people, so a few people can move the result much."
                    .to_owned()
            }
            Self::PairingUnknown { settled_by } => {
                let unknown = "It is not known who changed, since only totals are known for the same people. The \
                               uncertainty is therefore the largest that the totals allow.";
                match settled_by {
                    None => format!(
                        "{unknown} No paired table that fits the totals could settle whether the goal is met."
                    ),
                    Some(range) => format!(
                        "{unknown} Whether the goal is met is settled in the paired tables where {} had the \
                         outcome both times, and in no others.",
                        people(range, "to", ["person", "people"])
                    ),
                }
            }
            Self::CorrelationUnknown { settled_from } => {
                let unknown = "It is not known how the two values of each person go together, since only means and \
                               standard deviations are known for the same people. The uncertainty is therefore the \
                               largest that these allow.";
                match settled_from {
                    None => {
                        format!("{unknown} However they go together, it is not settled whether the goal is met.")
                    }
                    Some(..=-100) => {
                        format!("{unknown} However they go together, it is settled whether the goal is met.")
                    }
                    Some(from) => format!(
                        "{unknown} Whether the goal is met is settled if the correlation between them is at least {}.",
                        hundredths(from)
                    ),
                }
            }
            Self::OverdispersionUnknown => {
                "Only the total number of events is known. If a few people account for many of them, the uncertainty \
                 is larger than computed."
                    .to_owned()
            }
            Self::NotRobustToAttrition => {
                "Some people are missing from the follow-up measurement. If all of them fared well, or all of them \
                 badly, the judgement of whether the goal is met would be another."
                    .to_owned()
            }
            Self::RegressionToMean => {
                "The participants were chosen because they were high. Those who are high in one measurement are often \
                 lower in the next, also without an intervention."
                    .to_owned()
            }
            Self::Maturation => "What is measured changes with age, also without an intervention.".to_owned(),
            Self::CoEnrolment => {
                "The participants were also in other interventions during the period, which may be what the change is \
                 due to."
                    .to_owned()
            }
            Self::PostHoc => {
                "The criterion was registered after the period of the follow-up measurement had begun."
                    .to_owned()
            }
        }
    }
}

fn people((first, last): (u32, u32), to: &str, [one, more]: [&str; 2]) -> String {
    match (first == last, last) {
        (true, 1) => format!("{last} {one}"),
        (true, _) => format!("{last} {more}"),
        (false, _) => format!("{first} {to} {last} {more}"),
    }
}

fn hundredths(hundredths: i8) -> String {
    decimal(hundredths.into(), 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_pairing_says_what_would_settle_it() {
        let text = |settled_by, language| Warning::PairingUnknown { settled_by }.text(language);
        assert_eq!(
            text(None, Language::Danish),
            "Det vides ikke, hvem der har ændret sig, fordi kun totalerne er kendt for de samme personer. \
             Usikkerheden er derfor den største, som totalerne tillader. Ingen parret tabel, der passer med totalerne, \
             kan afgøre, om målet er nået."
        );
        assert_eq!(
            text(Some((13, 14)), Language::English),
            "It is not known who changed, since only totals are known for the same people. The uncertainty is \
             therefore the largest that the totals allow. Whether the goal is met is settled in the paired tables \
             where 13 to 14 people had the outcome both times, and in no others."
        );
        assert!(text(Some((1, 1)), Language::Danish).contains("hvor 1 person har udfaldet"));
        assert!(text(Some((2, 2)), Language::English).contains("where 2 people had the outcome"));
    }

    #[test]
    fn an_unknown_correlation_says_what_would_settle_it() {
        let text = |settled_from, language| Warning::CorrelationUnknown { settled_from }.text(language);
        assert_eq!(
            text(Some(5), Language::Danish),
            "Det vides ikke, hvordan den enkeltes to værdier følges ad, fordi kun gennemsnit og spredning er kendt for \
             de samme personer. Usikkerheden er derfor den største, som de tillader. Om målet er nået, er afgjort, hvis \
             korrelationen mellem dem er mindst 0,05."
        );
        assert_eq!(
            text(Some(-62), Language::English),
            "It is not known how the two values of each person go together, since only means and standard deviations \
             are known for the same people. The uncertainty is therefore the largest that these allow. Whether the goal \
             is met is settled if the correlation between them is at least -0.62."
        );
        assert!(text(None, Language::Danish).ends_with("kan ikke afgøres, uanset hvordan de følges ad."));
        assert!(text(Some(-100), Language::English).ends_with("it is settled whether the goal is met."));
    }

    #[test]
    fn every_warning_speaks_both_languages() {
        for warning in [
            Warning::SmallN,
            Warning::PairingUnknown { settled_by: None },
            Warning::CorrelationUnknown { settled_from: None },
            Warning::OverdispersionUnknown,
            Warning::NotRobustToAttrition,
            Warning::RegressionToMean,
            Warning::Maturation,
            Warning::CoEnrolment,
            Warning::PostHoc,
        ] {
            let texts = [Language::Danish, Language::English].map(|language| warning.text(language));
            assert_ne!(texts[0], texts[1]);
            for text in texts {
                assert!(text.ends_with('.') && !text.contains("  "), "{text}");
            }
        }
    }
}
