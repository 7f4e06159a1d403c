//! What a sound programme theory is. Pure rules.

use std::collections::HashSet;

use crate::columns::{ElementKind, Uuid};
use crate::error::{Language, Problem};

/// A theory as the rules see it.
#[derive(Debug)]
pub struct Graph {
    pub elements: Vec<(Uuid, ElementKind)>,
    /// From which element to which.
    pub links: Vec<(Uuid, Uuid)>,
}

/// Something to mend in a theory before it can be registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// Nothing leads to the element, and it leads to nothing.
    Orphan(Uuid),
    /// No activity leads to the outcome, directly or over others.
    Unreached(Uuid),
    /// There are elements, and none is an outcome.
    NoOutcome,
}

impl Flaw {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Orphan(_) => "ORPHAN",
            Self::Unreached(_) => "UNREACHED",
            Self::NoOutcome => "NO_OUTCOME",
        }
    }

    pub const fn element(self) -> Option<Uuid> {
        match self {
            Self::Orphan(id) | Self::Unreached(id) => Some(id),
            Self::NoOutcome => None,
        }
    }

    pub const fn text(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Orphan(_), Language::Danish) => {
                "Elementet står alene: intet fører til det, og det fører ikke til noget. Forbind det, eller fjern det."
            }
            (Self::Orphan(_), Language::English) => {
                "The element stands alone: nothing leads to it, and it leads to nothing. Link it, or remove it."
            }
            (Self::Unreached(_), Language::Danish) => {
                "Ingen aktivitet fører til dette resultat. Vis, hvordan det skal komme."
            }
            (Self::Unreached(_), Language::English) => {
                "No activity leads to this outcome. Show how it is to come about."
            }
            (Self::NoOutcome, Language::Danish) => {
                "Programteorien har intet resultat på kort eller langt sigt. Tilføj det, som indsatsen skal føre til."
            }
            (Self::NoOutcome, Language::English) => {
                "The programme theory has no outcome at short or long term. Add what the intervention is to lead to."
            }
        }
    }
}

/// Where a kind stands in the order in which one leads to another.
const fn rank(kind: ElementKind) -> u8 {
    match kind {
        ElementKind::Context => 0,
        ElementKind::Mechanism => 1,
        ElementKind::Input => 2,
        ElementKind::Activity => 3,
        ElementKind::Output => 4,
        ElementKind::ShortTermOutcome => 5,
        ElementKind::LongTermOutcome => 6,
    }
}

pub const fn is_outcome(kind: ElementKind) -> bool {
    matches!(kind, ElementKind::ShortTermOutcome | ElementKind::LongTermOutcome)
}

impl Graph {
    /// Whether a link can be added. It leads forward along the chain, whatever it skips, or to another element of the same
    /// kind; mechanisms and context lead to the elements that they explain. It is not there already and closes no circle.
    pub fn takes(&self, from: Uuid, to: Uuid) -> Result<(), Problem> {
        let kind = |id: Uuid| {
            let named = self.elements.iter().find(|(element, _)| *element == id);
            named.map(|(_, kind)| *kind).ok_or(Problem::NotFound)
        };
        let (from_kind, to_kind) = (kind(from)?, kind(to)?);
        if rank(from_kind) > rank(to_kind) {
            return Err(Problem::LeadsBack { from: from_kind, to: to_kind });
        }
        if self.links.contains(&(from, to)) {
            return Err(Problem::AlreadyLinked);
        }
        if self.reached_from([to]).contains(&from) {
            return Err(Problem::LeadsInACircle);
        }
        Ok(())
    }

    /// What is to be mended; nothing where there is no theory.
    pub fn flaws(&self) -> Vec<Flaw> {
        if self.elements.is_empty() {
            return Vec::new();
        }
        let linked: HashSet<Uuid> = self.links.iter().flat_map(|(from, to)| [*from, *to]).collect();
        let activities = self.elements.iter().filter(|(_, kind)| *kind == ElementKind::Activity);
        let reached = self.reached_from(activities.map(|(id, _)| *id));
        let flaw = |(id, kind): &(Uuid, ElementKind)| {
            if !linked.contains(id) {
                Some(Flaw::Orphan(*id))
            } else if is_outcome(*kind) && !reached.contains(id) {
                Some(Flaw::Unreached(*id))
            } else {
                None
            }
        };
        let no_outcome = !self.elements.iter().any(|(_, kind)| is_outcome(*kind));
        let of_all = no_outcome.then_some(Flaw::NoOutcome);
        of_all.into_iter().chain(self.elements.iter().filter_map(flaw)).collect()
    }

    /// These elements, and all that they lead to.
    fn reached_from(&self, start: impl IntoIterator<Item = Uuid>) -> HashSet<Uuid> {
        let mut waiting: Vec<Uuid> = start.into_iter().collect();
        let mut reached = HashSet::new();
        while let Some(id) = waiting.pop() {
            if reached.insert(id) {
                waiting.extend(self.links.iter().filter(|(from, _)| *from == id).map(|(_, to)| *to));
            }
        }
        reached
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ElementKind::{Activity, Context, Input, LongTermOutcome, Mechanism, Output, ShortTermOutcome};

    /// Elements of these kinds, numbered from 0, with links between numbers.
    fn graph(kinds: &[ElementKind], links: &[(u128, u128)]) -> Graph {
        let elements = (0..).map(Uuid::from_u128).zip(kinds.iter().copied()).collect();
        let links = links.iter().map(|(from, to)| (Uuid::from_u128(*from), Uuid::from_u128(*to)));
        Graph { elements, links: links.collect() }
    }

    fn takes(graph: &Graph, from: u128, to: u128) -> Result<(), Problem> {
        graph.takes(Uuid::from_u128(from), Uuid::from_u128(to))
    }

    #[test]
    fn a_link_leads_forward_along_the_chain() {
        let order = [Context, Mechanism, Input, Activity, Output, ShortTermOutcome, LongTermOutcome];
        for (at, from) in order.into_iter().enumerate() {
            for (place, to) in order.into_iter().enumerate() {
                let expected = if at <= place { Ok(()) } else { Err(Problem::LeadsBack { from, to }) };
                assert_eq!(takes(&graph(&[from, to], &[]), 0, 1), expected, "{from} to {to}");
            }
        }
    }

    #[test]
    fn a_link_is_there_once_and_closes_no_circle() {
        let four = graph(&[Activity, Activity, Activity, Output], &[(0, 1), (1, 2), (2, 3)]);
        assert_eq!(takes(&four, 0, 1), Err(Problem::AlreadyLinked));
        assert_eq!(takes(&four, 1, 0), Err(Problem::LeadsInACircle));
        assert_eq!(takes(&four, 2, 0), Err(Problem::LeadsInACircle));
        assert_eq!(takes(&four, 1, 1), Err(Problem::LeadsInACircle), "to itself");
        assert_eq!(takes(&four, 0, 2), Ok(()), "a second way is no circle");
        assert_eq!(takes(&four, 0, 9), Err(Problem::NotFound));
        assert_eq!(takes(&four, 9, 0), Err(Problem::NotFound));
    }

    #[test]
    fn a_long_chain_is_walked_to_its_end() {
        let kinds = vec![Activity; 10_000];
        let links: Vec<_> = (0..9_999).map(|at| (at, at + 1)).collect();
        assert_eq!(takes(&graph(&kinds, &links), 9_999, 0), Err(Problem::LeadsInACircle));
    }

    #[test]
    fn what_stands_alone_and_what_nothing_reaches_is_a_flaw() {
        let id = Uuid::from_u128;
        let chain = [Input, Activity, Output, ShortTermOutcome, LongTermOutcome, Mechanism, Context];
        let whole = [(0, 1), (1, 2), (2, 3), (3, 4), (5, 3), (6, 5)];
        assert_eq!(graph(&[], &[]).flaws(), []);
        assert_eq!(graph(&chain, &whole).flaws(), []);
        assert_eq!(graph(&chain, &whole[..4]).flaws(), [Flaw::Orphan(id(5)), Flaw::Orphan(id(6))]);
        assert_eq!(
            graph(&chain, &[(0, 1), (2, 3), (3, 4), (5, 3), (6, 5)]).flaws(),
            [Flaw::Unreached(id(3)), Flaw::Unreached(id(4))]
        );
        assert_eq!(graph(&[Activity, Output], &[(0, 1)]).flaws(), [Flaw::NoOutcome]);
        assert_eq!(graph(&[LongTermOutcome], &[]).flaws(), [Flaw::Orphan(id(0))]);
    }

    #[test]
    fn every_flaw_speaks_both_languages_under_a_code_of_its_own() {
        let all = [Flaw::Orphan(Uuid::nil()), Flaw::Unreached(Uuid::nil()), Flaw::NoOutcome];
        let codes: HashSet<_> = all.iter().map(|flaw| flaw.code()).collect();
        assert_eq!(codes.len(), all.len());
        for flaw in all {
            assert_ne!(flaw.text(Language::Danish), flaw.text(Language::English));
        }
    }
}
