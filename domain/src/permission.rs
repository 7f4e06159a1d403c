//! What an actor may do to an object, and why not: told before it is tried, by the rules that operations go by.
//!
//! The roles are asked of the policy, for the kind and action of the very operation; the state of the object is asked of the
//! pure rules and the look-ups that the operation's `decide` uses. What depends on the input is not told here.

mod ability;
mod accounts;
mod evaluation;
mod register;
mod state;
mod viewer;

pub use ability::Ability;
pub use accounts::{of_accounts, of_api_tokens, of_role_grants};
pub use evaluation::{Measured, of_criteria, of_evaluations, of_measurements, of_rivals, of_theory_elements};
pub use register::{
    Reported, of_figures, of_fundings, of_intervention_years, of_interventions, of_reporting_years, of_rounds,
};
pub use viewer::of_viewer;

use crate::columns::SubjectKind;
use crate::context::Actor;
use crate::error::Problem;
use crate::operation::{Aggregate, Operation};
use crate::policy::{Owners, Verb, permits};

/// Whether the actor can do one thing to one object now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permission {
    pub ability: Ability,
    /// Why not; none where nothing is in the way.
    pub refusal: Option<Problem>,
}

impl Permission {
    fn refused(&self, problem: Problem) -> Self {
        Self { refusal: Some(problem), ..self.clone() }
    }
}

/// What is asked of the policy for an ability.
#[derive(Clone, Copy)]
struct Wish {
    ability: Ability,
    kind: SubjectKind,
    verb: Verb,
}

/// The wish to carry out an operation.
const fn to<O: Operation>(ability: Ability) -> Wish {
    Wish { ability, kind: <O::Subject as Aggregate>::KIND, verb: Verb::Do(O::ACTION) }
}

impl Wish {
    /// Whether the credential can be used for it at all.
    fn is_reached(self, actor: &Actor) -> bool {
        match self.verb {
            Verb::Do(action) => actor.credential.reaches(self.kind, action),
            Verb::See
            | Verb::SeePublished
            | Verb::ReadHistory
            | Verb::ReadAccessLog
            | Verb::ReadParticipants => true,
        }
    }

    fn is_permitted(self, actor: &Actor, owners: &Owners) -> bool {
        self.is_reached(actor) && permits(actor, self.verb, self.kind, owners)
    }

    /// First what the roles say, as operations ask; then what a rule says of the state.
    fn answer(
        self,
        actor: &Actor,
        owners: &Owners,
        rule: impl FnOnce() -> Result<(), Problem>,
    ) -> Permission {
        let refusal =
            if self.is_permitted(actor, owners) { rule().err() } else { Some(Problem::NotPermitted) };
        Permission { ability: self.ability, refusal }
    }

    /// What the roles alone decide.
    fn by_role(self, actor: &Actor, owners: &Owners) -> Permission {
        self.answer(actor, owners, || Ok(()))
    }
}
