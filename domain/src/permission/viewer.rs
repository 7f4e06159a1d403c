//! What needs no object: what can be made, and what is read as a whole.

use super::{Ability, Permission, Wish, to};
use crate::columns::SubjectKind;
use crate::context::Actor;
use crate::error::Problem;
use crate::policy::{Owners, Sight, Verb, reads_all_history, reads_any_history, sight};
use crate::{account, evaluation_round, instrument, intervention, reporting_year};

const WISHES: [Wish; 6] = [
    to::<intervention::Create>(Ability::CreateIntervention),
    to::<reporting_year::Open>(Ability::OpenReportingYear),
    to::<evaluation_round::Create>(Ability::CreateEvaluationRound),
    to::<instrument::Add>(Ability::AddInstrument),
    to::<account::Create>(Ability::CreateAccount),
    Wish { ability: Ability::ReviewAccess, kind: SubjectKind::RoleGrant, verb: Verb::See },
];

pub fn of_viewer(actor: &Actor) -> Vec<Permission> {
    let nobody = Owners::default();
    let reads_access_log = sight(actor, Verb::ReadAccessLog, SubjectKind::Intervention) != Sight::default();
    let readings = [
        (Ability::ReadHistory, reads_any_history(actor)),
        (Ability::ReadLog, reads_all_history(actor)),
        (Ability::ReadAccessLog, reads_access_log),
    ];
    let reading = |(ability, permitted): (Ability, bool)| Permission {
        ability,
        refusal: (!permitted).then_some(Problem::NotPermitted),
    };
    WISHES
        .iter()
        .map(|wish| wish.by_role(actor, &nobody))
        .chain(readings.map(reading))
        // One's own password is one's own.
        .chain([Permission { ability: Ability::ChangePassword, refusal: None }])
        .collect()
}
