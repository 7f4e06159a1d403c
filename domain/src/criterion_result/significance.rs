//! The p-values of an evaluation, corrected for its having several criteria.

use std::collections::{HashMap, HashSet};

use entity::criterion_result;
use evidence::interval::Confidence;
use evidence::multiplicity::holm;
use sea_orm::{EntityTrait, QueryFilter, QueryOrder};

use super::evidence_of::p_value;
use super::{ResultRow, Seen, of_criteria};
use crate::columns::{Decimal, GroupKind, Uuid, Wave};
use crate::context::Context;
use crate::error::Result;
use crate::page::grouped_by;
use crate::success_criterion::Place;
use crate::virkningsevaluering::Standing;
use crate::virkningsevaluering::part::stands;

/// The p-value of no change, by the test that the interval belongs to.
#[derive(Clone, Copy, Debug)]
pub struct Significance {
    pub lowest: Decimal,
    /// The same as the lowest but where the pairing is unknown.
    pub highest: Decimal,
    /// The highest, after Holm, over the results after of all participants; none for others.
    pub adjusted: Option<Decimal>,
}

impl Seen {
    /// What looks its p-value up; none where it is hidden.
    pub fn significance_key(&self) -> Option<(Standing, Uuid)> {
        let key = (self.place.standing(self.row.virkningsevaluering_id), self.row.id);
        (!self.suppressed).then_some(key)
    }
}

/// The p-value of each result, where it has one.
pub async fn significance(
    context: &Context,
    wanted: &[(Standing, Uuid)],
) -> Result<HashMap<(Standing, Uuid), Significance>> {
    let snapshot = context.at_any_time().await?;
    let ids: HashSet<_> = wanted.iter().map(|(standing, _)| standing.evaluation_id).collect();
    let rows = criterion_result::Entity::find()
        .filter(criterion_result::COLUMN.virkningsevaluering_id.is_in(ids))
        .order_by_asc(criterion_result::COLUMN.id)
        .all(&snapshot.db)
        .await?;
    let rows = grouped_by(rows, |row| row.virkningsevaluering_id);
    let standings: HashSet<_> = wanted.iter().map(|(standing, _)| *standing).collect();
    let hidden = hidden(context, &standings, &rows).await?;
    let mut found = HashMap::new();
    for standing in standings {
        let rows = rows.get(&standing.evaluation_id).into_iter().flatten();
        let rows: Vec<_> =
            rows.filter(|row| stands(row.since_version, row.until_version, standing.version)).collect();
        // What is adjusted for hidden ones would tell of them.
        let is_told = rows.iter().all(|row| !hidden.contains(&(standing, row.id)));
        let adjusted = if is_told { adjusted(&rows) } else { HashMap::new() };
        for row in rows {
            if let (Some(lowest), Some(highest)) = (row.p_lowest, row.p_highest) {
                let adjusted = adjusted.get(&row.id).copied();
                found.insert((standing, row.id), Significance { lowest, highest, adjusted });
            }
        }
    }
    found.retain(|key, _| wanted.contains(key));
    Ok(found)
}

/// The results that are hidden, among those of evaluations of which the reader sees no participants.
async fn hidden(
    context: &Context,
    standings: &HashSet<Standing>,
    rows: &HashMap<Uuid, Vec<ResultRow>>,
) -> Result<HashSet<(Standing, Uuid)>> {
    let guarded = standings.iter().filter(|standing| !standing.participants);
    let places: HashSet<Place> = guarded
        .flat_map(|standing| {
            let rows = rows.get(&standing.evaluation_id).into_iter().flatten();
            rows.map(|row| Place::of(row.success_criterion_id, *standing))
        })
        .collect();
    if places.is_empty() {
        return Ok(HashSet::new());
    }
    let seen = of_criteria(context, &places.into_iter().collect::<Vec<_>>()).await?.into_values().flatten();
    let suppressed = seen.filter(|seen| seen.suppressed);
    Ok(suppressed.map(|seen| (seen.place.standing(seen.row.virkningsevaluering_id), seen.row.id)).collect())
}

fn adjusted(rows: &[&ResultRow]) -> HashMap<Uuid, Decimal> {
    let of_all = rows.iter().filter(|row| {
        row.group_kind == GroupKind::Participants && row.wave == Wave::After && row.p_highest.is_some()
    });
    let (ids, p): (Vec<_>, Vec<_>) =
        of_all.filter_map(|row| Some((row.id, row.p_highest?.to_string().parse::<f64>().ok()?))).unzip();
    let alpha = 1.0 - Confidence::P95.level();
    let adjusted = holm(&p, alpha).unwrap_or_default();
    ids.into_iter()
        .zip(adjusted)
        .filter_map(|(id, adjusted)| Some((id, p_value(adjusted.p_value)?)))
        .collect()
}
