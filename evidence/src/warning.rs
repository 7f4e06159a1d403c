//! What a reader of a result must know besides it.

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
    /// The criterion was registered after the period of its measurement after had begun.
    PostHoc,
}

impl Warning {
    pub const fn code(self) -> &'static str {
        match self {
            Self::SmallN => "SMALL_N",
            Self::PairingUnknown { .. } => "PAIRING_UNKNOWN",
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
    fn every_warning_speaks_both_languages() {
        let unknown = Warning::PairingUnknown { settled_by: None };
        for warning in [Warning::SmallN, unknown, Warning::PostHoc] {
            assert_ne!(warning.text(Language::Danish), warning.text(Language::English));
        }
    }
}
