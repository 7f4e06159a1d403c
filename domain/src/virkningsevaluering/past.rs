//! Evaluations as they stood.
//!
//! Who reads them as they are now reads them as they were; all others read what was last published by then, and nothing of
//! what has been withdrawn since.

use std::collections::HashMap;

use entity::{event, transition, virkningsevaluering, virkningsevaluering_state};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect};

use super::part::stands;
use super::seen::{Access, Seen, visible};
use crate::columns::{EvaluationStatus, Uuid};
use crate::context::Context;
use crate::error::Result;
use crate::history::past::Past;
use crate::page::grouped_by;

/// An evaluation at a moment: its row as it was then, and all states that it has ever had.
struct Then {
    row: virkningsevaluering::Model,
    states: Vec<virkningsevaluering_state::Model>,
    access: Access,
}

impl Then {
    fn in_version(&self, version: i64, access: Access) -> Option<Seen> {
        let state =
            self.states.iter().find(|state| stands(state.since_version, state.until_version, version))?;
        Some(Seen::of(self.row.clone(), state.clone(), access))
    }

    fn published(&self) -> Option<Seen> {
        self.in_version(self.row.published_version?, Access { working: false, ..self.access })
    }

    /// What the reader sees of it.
    fn seen(&self) -> Option<Seen> {
        if self.access.working {
            return self.in_version(self.row.version, self.access);
        }
        let withdrawn = |state: &virkningsevaluering_state::Model| {
            state.until_version.is_none() && state.status == EvaluationStatus::Withdrawn
        };
        if self.states.iter().any(withdrawn) { None } else { self.published() }
    }
}

/// Those evaluations that fit, as the reader sees them at the moment, in the order in which they were planned.
pub(super) async fn seen(context: &Context, past: &Past, which: Condition) -> Result<Vec<Seen>> {
    Ok(then(context, past, which).await?.iter().filter_map(Then::seen).collect())
}

/// What had last been published of each evaluation that the reader sees.
pub(super) async fn published(context: &Context, past: &Past, which: Condition) -> Result<Vec<Seen>> {
    let all = then(context, past, which).await?;
    Ok(all.iter().filter(|then| then.seen().is_some()).filter_map(Then::published).collect())
}

async fn then(context: &Context, past: &Past, which: Condition) -> Result<Vec<Then>> {
    let snapshot = context.at_any_time().await?;
    let rows = virkningsevaluering::Entity::find().filter(visible(context)).filter(which);
    let mut found = Access::of_rows(context, &snapshot.db, rows).await?;
    found.sort_by_key(|(row, _)| row.id);
    let ids: Vec<Uuid> = found.iter().map(|(row, _)| row.id).collect();
    // Up to the first event that came later: clocks of several servers can differ.
    let later: Vec<(Uuid, i64)> = event::Entity::find()
        .select_only()
        .column(event::Column::SubjectId)
        .column_as(event::COLUMN.sequence.min(), "first")
        .filter(event::COLUMN.subject_id.is_in(ids.iter().copied()))
        .filter(event::COLUMN.occurred_at.gt(past.at))
        .group_by(event::Column::SubjectId)
        .into_tuple()
        .all(&snapshot.db)
        .await?;
    let later: HashMap<_, _> = later.into_iter().collect();
    let publications = transition::Entity::find()
        .filter(transition::COLUMN.virkningsevaluering_id.is_in(ids.iter().copied()))
        .filter(
            transition::COLUMN.to_status.is_in([EvaluationStatus::Published, EvaluationStatus::Withdrawn]),
        );
    let publications = grouped_by(publications.all(&snapshot.db).await?, |step| step.virkningsevaluering_id);
    let states = virkningsevaluering_state::Entity::find()
        .filter(virkningsevaluering_state::COLUMN.virkningsevaluering_id.is_in(ids));
    let mut states = grouped_by(states.all(&snapshot.db).await?, |state| state.virkningsevaluering_id);
    let at = |(mut row, access): (virkningsevaluering::Model, Access)| {
        row.version = later.get(&row.id).map_or(row.version, |first| first - 1);
        let steps = publications.get(&row.id).into_iter().flatten();
        let steps = steps.filter(|step| step.since_version <= row.version);
        row.published_version = published_version(steps);
        Then { states: states.remove(&row.id).unwrap_or_default(), row, access }
    };
    Ok(found.into_iter().map(at).filter(|then| then.row.version > 0).collect())
}

/// The version that readers elsewhere saw: the last publication, or the tombstone that took its place.
fn published_version<'a>(steps: impl Iterator<Item = &'a transition::Model> + Clone) -> Option<i64> {
    let first = steps.clone().filter(|step| step.to_status == EvaluationStatus::Published);
    let first = first.map(|step| step.since_version).min()?;
    steps.map(|step| step.since_version).filter(|version| *version >= first).max()
}
