//! What stands in the way of a step beside the status: asked as it is taken, and before.

use std::collections::{HashMap, HashSet};

use sea_orm::DatabaseTransaction;

use crate::columns::{Action, Uuid};
use crate::error::{Problem, Result};
use crate::history::wrote_since;
use crate::programme_theory::unsound;
use crate::success_criterion::with_criteria;

/// Why this actor cannot take these steps of these evaluations, whose statuses would allow them.
pub(crate) async fn obstacles(
    db: &DatabaseTransaction,
    actor_id: Uuid,
    steps: &[(Uuid, Action)],
) -> Result<HashMap<(Uuid, Action), Problem>> {
    let about = |actions: &[Action]| -> Vec<Uuid> {
        steps.iter().filter(|(_, action)| actions.contains(action)).map(|(id, _)| *id).collect()
    };
    let mut found = HashMap::new();
    let (to_register, to_sound) = (about(&[Action::Register]), about(&[Action::Register, Action::Submit]));
    let with_criteria =
        if to_register.is_empty() { HashSet::new() } else { with_criteria(db, &to_register).await? };
    // Amendments can have left something to mend.
    let unsound = if to_sound.is_empty() { HashSet::new() } else { unsound(db, &to_sound).await? };
    let to_approve = about(&[Action::Approve]);
    let own_work = wrote_since(db, actor_id, &to_approve, Action::Publish).await?;
    for (id, action) in steps {
        let problem = match action {
            Action::Register if !with_criteria.contains(id) => Some(Problem::NoCriteria),
            Action::Register | Action::Submit if unsound.contains(id) => Some(Problem::TheoryUnsound),
            // Nobody approves a revision in which they wrote.
            Action::Approve if own_work.contains(id) => Some(Problem::OwnWork),
            _ => None,
        };
        found.extend(problem.map(|problem| ((*id, *action), problem)));
    }
    Ok(found)
}
