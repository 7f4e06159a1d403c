//! Reading observations: by those who work with the participants, for a stated purpose, and never unlogged.

use std::collections::HashSet;

use entity::{observation, participant_exclusion};
use sea_orm::{EntityTrait, QueryFilter};

use super::Observation;
use crate::access_log::{self, Attempt, Target};
use crate::columns::{AccessedKind, SubjectKind, Uuid};
use crate::context::Context;
use crate::data_processing::{has_passed, stated};
use crate::error::{Error, Problem, Result};
use crate::input::text::{PROSE, required};
use crate::intervention;
use crate::page::{Connection, Direction, Key, Listing, Page};
use crate::policy::{Verb, permits};
use crate::{success_criterion, virkningsevaluering};

/// What tells its cursors from others.
const LIST: u8 = 10;

/// An observation, and whether its participant is left out.
#[derive(Clone, Debug)]
pub struct Observed {
    pub row: Observation,
    pub excluded: bool,
}

/// The observations of a criterion that stand, in the order in which they were recorded. The access log has the reading and
/// its purpose before anything is read.
pub async fn list(
    context: &Context,
    criterion_id: Option<Uuid>,
    purpose: &str,
    page: &Page,
) -> Result<Connection<Observed>> {
    let target = Target { kind: AccessedKind::SuccessCriterion, id: criterion_id };
    let purpose = required(purpose, PROSE).map_err(|problem| Error::refused("purpose", problem))?;
    let found = match criterion_id {
        Some(id) => success_criterion::by_id(context, id).await?,
        None => None,
    };
    let Some(criterion) = access_log::found(context, Some(target), found) else {
        return Err(Error::refused("criterionId", Problem::NotFound));
    };
    let evaluation_id = criterion.row.virkningsevaluering_id;
    let evaluation = virkningsevaluering::by_id(context, evaluation_id).await?;
    let intervention_id = evaluation.map(|seen| seen.row.intervention_id);
    let snapshot = context.snapshot().await?;
    let owners = intervention::owners(&snapshot.db, intervention_id).await?;
    if !permits(&context.actor, Verb::ReadParticipants, SubjectKind::Virkningsevaluering, &owners) {
        access_log::refused(context, &Attempt::to_read_of(target), &Error::Forbidden);
        return Err(Error::Forbidden);
    }
    drop(snapshot);
    access_log::read(context, target, intervention_id, purpose).await?;
    let snapshot = context.snapshot().await?;
    let stated = stated(&snapshot.db, &[evaluation_id]).await?;
    if stated.get(&evaluation_id).is_none_or(|stated| has_passed(stated.deletion_date, context.now())) {
        return Ok(Connection::empty(page));
    }
    let excluded: HashSet<String> = participant_exclusion::Entity::find()
        .filter(participant_exclusion::COLUMN.success_criterion_id.eq(criterion.row.id))
        .filter(participant_exclusion::COLUMN.until_version.is_null())
        .all(&snapshot.db)
        .await?
        .into_iter()
        .filter_map(|row| row.participant)
        .collect();
    let standing = observation::Entity::find()
        .filter(observation::COLUMN.success_criterion_id.eq(criterion.row.id))
        .filter(observation::COLUMN.until_version.is_null())
        .filter(observation::COLUMN.participant.is_not_null());
    let listing = Listing {
        list: LIST,
        key: Key::Id,
        direction: Direction::Ascending,
        id_column: observation::Column::Id,
        id: |row: &Observation| row.id,
    };
    let rows = listing.fetch(&snapshot.db, standing, page).await?;
    Ok(rows.map(|row| {
        let is_excluded = row.participant.as_ref().is_some_and(|participant| excluded.contains(participant));
        Observed { row, excluded: is_excluded }
    }))
}
