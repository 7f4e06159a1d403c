//! Whether an intervention was carried out as planned, and whether what its programme theory expects followed.
//!
//! The two are told apart as by Weiss 1997 (Theory-based evaluation: past, present, and future. New Directions for
//! Evaluation 76) and Rogers 2008 (Using programme theory to evaluate complicated and complex aspects of interventions.
//! Evaluation 14). Where outcomes did not follow what was carried out as planned, the theory failed. Where it was not
//! carried out as planned, the implementation failed, and the theory was not put to the test.

mod words;

use crate::code::codes;
use crate::sentence::Language;
use crate::verdict::{Attainment, Verdict};

codes! {
    /// What an interview, an observation, a document or a register says of what a theory expects.
    Finding {
        Supports => "SUPPORTS",
        Weakens => "WEAKENS",
        /// It speaks for and against.
        Mixed => "MIXED",
    }

    /// Whether inputs, activities and outputs came about as planned.
    Implementation {
        AsPlanned => "AS_PLANNED",
        Partly => "PARTLY",
        NotAsPlanned => "NOT_AS_PLANNED",
        NotAssessed => "NOT_ASSESSED",
    }

    /// Whether the expected outcomes followed, whatever brought them.
    Outcomes {
        Followed => "FOLLOWED",
        Partly => "PARTLY",
        NotFollowed => "NOT_FOLLOWED",
        NotAssessed => "NOT_ASSESSED",
    }
}

/// On which side of a theory an element stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// An input, an activity or an output.
    Implementation,
    /// An outcome, at short or at long term.
    Outcome,
}

/// What bears on an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// The result of a criterion that measures it.
    Result(Attainment, Verdict),
    Qualitative(Finding),
}

/// An element of a theory, with all that bears on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    pub side: Side,
    pub evidence: Vec<Evidence>,
}

/// What is known of a theory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appraisal {
    pub implementation: Implementation,
    pub outcomes: Outcomes,
    /// How many of the elements something is known of.
    pub assessed: usize,
    pub elements: usize,
    /// Whether it is certain, for each criterion that counted, that its goal is met or not met.
    pub settled: bool,
}

/// Whether something came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Came {
    About,
    Partly,
    Not,
}

/// What is known of a theory by its elements.
///
/// An element came about where all that bears on it says so, did not where all denies it, and came about partly where that
/// differs. The attainment of a criterion speaks by its point value; its verdict says only whether that is settled. A
/// criterion that cannot be assessed says nothing, and an element of which nothing is known is left out and counted. The
/// elements of a side are put together by the same rule. Each element weighs the same, however much bears on it.
pub fn appraise(elements: &[Element]) -> Appraisal {
    let came = |element: &Element| together(element.evidence.iter().copied().filter_map(Evidence::says));
    let of_side = |side| together(elements.iter().filter(|element| element.side == side).filter_map(came));
    let settled = |evidence: &Evidence| match evidence {
        Evidence::Result(attainment, verdict) => {
            *attainment == Attainment::NotAssessable || verdict.is_settled()
        }
        Evidence::Qualitative(_) => true,
    };
    Appraisal {
        implementation: match of_side(Side::Implementation) {
            Some(Came::About) => Implementation::AsPlanned,
            Some(Came::Partly) => Implementation::Partly,
            Some(Came::Not) => Implementation::NotAsPlanned,
            None => Implementation::NotAssessed,
        },
        outcomes: match of_side(Side::Outcome) {
            Some(Came::About) => Outcomes::Followed,
            Some(Came::Partly) => Outcomes::Partly,
            Some(Came::Not) => Outcomes::NotFollowed,
            None => Outcomes::NotAssessed,
        },
        assessed: elements.iter().filter_map(came).count(),
        elements: elements.len(),
        settled: elements.iter().flat_map(|element| &element.evidence).all(settled),
    }
}

impl Evidence {
    fn says(self) -> Option<Came> {
        match self {
            Self::Result(Attainment::Met, _) | Self::Qualitative(Finding::Supports) => Some(Came::About),
            Self::Result(Attainment::Partly, _) | Self::Qualitative(Finding::Mixed) => Some(Came::Partly),
            Self::Result(Attainment::NotMet, _) | Self::Qualitative(Finding::Weakens) => Some(Came::Not),
            Self::Result(Attainment::NotAssessable, _) => None,
        }
    }
}

/// What all say where they say the same, partly where they differ, none where there are none.
fn together(mut said: impl Iterator<Item = Came>) -> Option<Came> {
    let first = said.next()?;
    Some(if said.all(|other| other == first) { first } else { Came::Partly })
}

impl Appraisal {
    /// Both in one sentence, then what that means for the theory, how much of it is assessed, and whether it is settled.
    ///
    /// It never speaks of an effect: that outcomes followed does not show what brought them.
    pub fn sentence(&self, language: Language) -> String {
        let both = match language {
            Language::Danish => words::danish(self),
            Language::English => words::english(self),
        };
        both.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::Reason;

    const MET: Evidence = Evidence::Result(Attainment::Met, Verdict::Achieved);
    const PARTLY: Evidence = Evidence::Result(Attainment::Partly, Verdict::NotAchieved);
    const NOT_MET: Evidence = Evidence::Result(Attainment::NotMet, Verdict::NotAchieved);
    const UNKNOWN: Evidence =
        Evidence::Result(Attainment::NotAssessable, Verdict::NotAssessable(Reason::MissingAfter));
    const SUPPORTS: Evidence = Evidence::Qualitative(Finding::Supports);
    const WEAKENS: Evidence = Evidence::Qualitative(Finding::Weakens);
    const MIXED: Evidence = Evidence::Qualitative(Finding::Mixed);

    fn of(side: Side, evidence: &[Evidence]) -> Element {
        Element { side, evidence: evidence.to_vec() }
    }

    #[test]
    fn an_element_came_about_by_what_bears_on_it() {
        for (evidence, implementation, outcomes) in [
            (&[][..], Implementation::NotAssessed, Outcomes::NotAssessed),
            (&[UNKNOWN], Implementation::NotAssessed, Outcomes::NotAssessed),
            (&[MET], Implementation::AsPlanned, Outcomes::Followed),
            (&[SUPPORTS], Implementation::AsPlanned, Outcomes::Followed),
            (&[MET, SUPPORTS, UNKNOWN], Implementation::AsPlanned, Outcomes::Followed),
            (&[PARTLY], Implementation::Partly, Outcomes::Partly),
            (&[MIXED], Implementation::Partly, Outcomes::Partly),
            (&[MET, WEAKENS], Implementation::Partly, Outcomes::Partly),
            (&[NOT_MET, SUPPORTS], Implementation::Partly, Outcomes::Partly),
            (&[NOT_MET], Implementation::NotAsPlanned, Outcomes::NotFollowed),
            (&[WEAKENS, WEAKENS, NOT_MET], Implementation::NotAsPlanned, Outcomes::NotFollowed),
        ] {
            let of_side = |side| appraise(&[of(side, evidence)]);
            assert_eq!(of_side(Side::Implementation).implementation, implementation, "{evidence:?}");
            assert_eq!(of_side(Side::Implementation).outcomes, Outcomes::NotAssessed, "{evidence:?}");
            assert_eq!(of_side(Side::Outcome).outcomes, outcomes, "{evidence:?}");
            assert_eq!(of_side(Side::Outcome).implementation, Implementation::NotAssessed, "{evidence:?}");
        }
    }

    #[test]
    fn an_element_of_which_nothing_is_known_is_counted_and_says_nothing() {
        let appraisal = appraise(&[
            of(Side::Implementation, &[SUPPORTS]),
            of(Side::Implementation, &[]),
            of(Side::Outcome, &[UNKNOWN]),
        ]);
        assert_eq!(appraisal.implementation, Implementation::AsPlanned);
        assert_eq!((appraisal.assessed, appraisal.elements), (1, 3));
    }

    #[test]
    fn each_element_weighs_the_same() {
        let appraisal =
            appraise(&[of(Side::Outcome, &[MET, SUPPORTS, SUPPORTS]), of(Side::Outcome, &[NOT_MET])]);
        assert_eq!(appraisal.outcomes, Outcomes::Partly);
        assert_eq!(appraise(&[]).outcomes, Outcomes::NotAssessed);
    }

    #[test]
    fn only_a_verdict_that_counted_can_leave_it_open() {
        let settled = |attainment, verdict| {
            appraise(&[of(Side::Outcome, &[SUPPORTS, Evidence::Result(attainment, verdict)])]).settled
        };
        assert!(settled(Attainment::Met, Verdict::Achieved));
        assert!(settled(Attainment::NotMet, Verdict::NotAchieved));
        assert!(!settled(Attainment::Met, Verdict::Inconclusive));
        assert!(!settled(Attainment::Met, Verdict::NotAssessable(Reason::NoMethod)));
        assert!(settled(Attainment::NotAssessable, Verdict::NotAssessable(Reason::MissingAfter)));
    }

    #[test]
    fn codes_are_read_back() {
        assert!(Finding::ALL.iter().all(|code| code.as_str().parse() == Ok(*code)));
        assert!(Implementation::ALL.iter().all(|code| code.as_str().parse() == Ok(*code)));
        assert!(Outcomes::ALL.iter().all(|code| code.as_str().parse() == Ok(*code)));
    }
}
