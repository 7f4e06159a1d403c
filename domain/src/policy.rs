//! Who may do what to what: the table of [`reach`], and what it means for one actor.
//!
//! The table is printed into `docs/authorization-matrix.md`, which a test compares.

mod reach;

pub use reach::reach;

use crate::columns::{Action, Role, SubjectKind, Uuid};
use crate::context::{Actor, Grant};

/// What one may want to do with a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Read it as it is now, and know that it exists.
    See,
    /// Read what was last published of it.
    SeePublished,
    /// Read what happened to it.
    ReadHistory,
    /// Read who was denied what about it.
    ReadAccessLog,
    /// Read what single participants answered, and numbers of few people.
    ReadParticipants,
    Do(Action),
}

/// Where a grant of a role permits a verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    Nowhere,
    /// Where the grant's forvaltning leads.
    Lead,
    /// Where the grant's forvaltning leads or takes part.
    Own,
    /// The same, and not by a grant for the whole municipality, which is in no forvaltning.
    Home,
    /// With a grant for the whole municipality only.
    Municipality,
    /// Everywhere, whatever forvaltning the grant is for.
    Everywhere,
}

/// Whose an intervention is: by its newest year.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Owners {
    pub lead: Option<Uuid>,
    pub partners: Vec<Uuid>,
}

/// Whether one of the actor's grants permits `verb` on a resource of `kind` with these owners.
pub fn permits(actor: &Actor, verb: Verb, kind: SubjectKind, owners: &Owners) -> bool {
    actor.grants.iter().any(|grant| covers(grant, reach(grant.role, verb, kind), owners))
}

fn covers(grant: &Grant, reach: Reach, owners: &Owners) -> bool {
    let place = grant.forvaltning_id();
    let holds_for = |forvaltning: &Uuid| place.is_none_or(|own| own == *forvaltning);
    match reach {
        Reach::Nowhere => false,
        Reach::Lead => place.is_none() || owners.lead.as_ref().is_some_and(holds_for),
        Reach::Own => place.is_none() || owners.lead.iter().chain(&owners.partners).any(holds_for),
        Reach::Home => place.is_some() && owners.lead.iter().chain(&owners.partners).any(holds_for),
        Reach::Municipality => place.is_none(),
        Reach::Everywhere => true,
    }
}

/// Which resources of a kind an actor reaches, for queries to filter by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sight {
    pub everything: bool,
    /// Those that these forvaltninger lead.
    pub leading: Vec<Uuid>,
    /// Those that these forvaltninger lead or take part in.
    pub own: Vec<Uuid>,
}

/// The same rule as [`permits`], turned round.
pub fn sight(actor: &Actor, verb: Verb, kind: SubjectKind) -> Sight {
    let mut sight = Sight::default();
    for grant in &actor.grants {
        match (reach(grant.role, verb, kind), grant.forvaltning_id()) {
            (Reach::Nowhere, _) | (Reach::Home, None) | (Reach::Municipality, Some(_)) => {}
            (Reach::Everywhere, _) | (Reach::Lead | Reach::Own | Reach::Municipality, None) => {
                sight.everything = true;
            }
            (Reach::Lead, Some(forvaltning)) => sight.leading.push(forvaltning),
            (Reach::Own | Reach::Home, Some(forvaltning)) => sight.own.push(forvaltning),
        }
    }
    sight
}

/// Whether what becomes of such a subject may change who may do what.
pub const fn bears_access(kind: SubjectKind) -> bool {
    // Grants tell the forvaltning that they hold in.
    matches!(
        kind,
        SubjectKind::Account | SubjectKind::RoleGrant | SubjectKind::ApiToken | SubjectKind::Forvaltning
    )
}

/// Whether there is anything whose history the actor may read.
pub fn reads_any_history(actor: &Actor) -> bool {
    SubjectKind::ALL.iter().any(|kind| sight(actor, Verb::ReadHistory, *kind) != Sight::default())
}

const READING: [Verb; 5] =
    [Verb::See, Verb::SeePublished, Verb::ReadHistory, Verb::ReadAccessLog, Verb::ReadParticipants];

/// The matrix as people read it: a row for each kind and verb that anyone may, a column for each role.
pub fn matrix() -> String {
    let header = ["kind", "may"].into_iter().chain(Role::ALL.iter().map(|role| role.as_str()));
    let mut table = row(header) + &row(std::iter::repeat_n("---", Role::ALL.len() + 2));
    for kind in SubjectKind::ALL {
        let actions = Action::ALL.iter().map(|action| Verb::Do(*action));
        for verb in READING.into_iter().chain(actions) {
            let cells: Vec<Reach> = Role::ALL.iter().map(|role| reach(*role, verb, *kind)).collect();
            if cells.iter().any(|cell| *cell != Reach::Nowhere) {
                table += &row([kind.as_str(), name(verb)].into_iter().chain(cells.into_iter().map(word)));
            }
        }
    }
    table
}

fn row<'a>(cells: impl Iterator<Item = &'a str>) -> String {
    format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "))
}

fn name(verb: Verb) -> &'static str {
    match verb {
        Verb::See => "see",
        Verb::SeePublished => "see published",
        Verb::ReadHistory => "read history",
        Verb::ReadAccessLog => "read access log",
        Verb::ReadParticipants => "read participants",
        Verb::Do(action) => action.as_str(),
    }
}

const fn word(reach: Reach) -> &'static str {
    match reach {
        Reach::Nowhere => "–",
        Reach::Lead => "lead",
        Reach::Own => "own",
        Reach::Home => "home",
        Reach::Municipality => "municipality",
        Reach::Everywhere => "all",
    }
}

/// Whether the actor reads the history of everything. The log is of everything: its size alone tells how much others write.
pub fn reads_all_history(actor: &Actor) -> bool {
    SubjectKind::ALL.iter().all(|kind| sight(actor, Verb::ReadHistory, *kind).everything)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credential::Credential;
    use crate::forvaltning::Forvaltning;

    const HERE: Uuid = Uuid::from_u128(1);
    const THERE: Uuid = Uuid::from_u128(2);

    fn actor(role: Role, place: Option<Uuid>) -> Actor {
        let forvaltning =
            place.map(|id| Forvaltning { id, code: String::new(), name: String::new(), version: 1 });
        Actor {
            id: Uuid::nil(),
            name: String::new(),
            grants: vec![Grant { role, forvaltning }],
            credential: Credential::Operator,
            until: None,
        }
    }

    /// Queries filter by [`sight`], operations ask [`permits`]: what one shows the other must allow, and nothing else.
    #[test]
    fn what_is_in_sight_is_what_is_permitted() {
        let owned = [
            Owners::default(),
            Owners { lead: Some(HERE), partners: vec![] },
            Owners { lead: Some(THERE), partners: vec![HERE] },
            Owners { lead: Some(THERE), partners: vec![] },
        ];
        let verbs = READING.into_iter().chain(Action::ALL.iter().map(|action| Verb::Do(*action)));
        for verb in verbs {
            for (kind, role) in
                SubjectKind::ALL.iter().flat_map(|kind| Role::ALL.iter().map(move |role| (*kind, *role)))
            {
                for (place, owners) in [None, Some(HERE)]
                    .iter()
                    .flat_map(|place| owned.iter().map(move |owners| (*place, owners)))
                {
                    let actor = actor(role, place);
                    let sight = sight(&actor, verb, kind);
                    let leads = |own: &Uuid| owners.lead == Some(*own);
                    let takes_part = |own: &Uuid| leads(own) || owners.partners.contains(own);
                    let seen = sight.everything
                        || sight.leading.iter().any(leads)
                        || sight.own.iter().any(takes_part);
                    assert_eq!(
                        seen,
                        permits(&actor, verb, kind, owners),
                        "{role} {verb:?} {kind} {place:?} {owners:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn without_a_grant_nothing_is_permitted() {
        let nobody = Actor { grants: vec![], ..actor(Role::Reader, None) };
        for kind in SubjectKind::ALL {
            assert!(!permits(&nobody, Verb::See, *kind, &Owners::default()));
            assert_eq!(sight(&nobody, Verb::See, *kind), Sight::default());
        }
    }
}
