//! What needs no object: what can be made, and what is read as a whole.

use std::collections::HashMap;

use super::accounts::own_password;
use super::{Ability, Permission, Wish, to};
use crate::columns::{SubjectKind, Uuid};
use crate::context::Context;
use crate::error::{Problem, Result};
use crate::policy::{Owners, Sight, Verb, reads_all_history, reads_any_history, sight};
use crate::{account, api_token, evaluation_round, instrument, intervention, reporting_year};

const WISHES: [Wish; 7] = [
    to::<intervention::Create>(Ability::CreateIntervention),
    to::<reporting_year::Open>(Ability::OpenReportingYear),
    to::<evaluation_round::Create>(Ability::CreateEvaluationRound),
    to::<instrument::Add>(Ability::AddInstrument),
    to::<account::Create>(Ability::CreateAccount),
    to::<api_token::Create>(Ability::CreateApiToken),
    Wish { ability: Ability::ReviewAccess, kind: SubjectKind::RoleGrant, verb: Verb::See },
];

/// Of the one who asks, by whose id it is asked.
pub async fn of_viewer(context: &Context, own: &[Uuid]) -> Result<HashMap<Uuid, Vec<Permission>>> {
    Ok(own.iter().map(|id| (*id, of_actor(context))).collect())
}

fn of_actor(context: &Context) -> Vec<Permission> {
    let actor = &context.actor;
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
        .chain([own_password(context)])
        .collect()
}
