//! What stood of an evaluation in one of its versions.

use entity::{
    criterion_claim, criterion_comparison, criterion_result, data_processing, data_source, learning,
    measurement, observation, observation_batch, observation_erasure, paired_table, participant_exclusion,
    population, success_criterion, success_criterion_version, transition,
};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder};

use super::Seen;
use super::evaluation::{Evaluation, Parts};
use super::part::stands;
use crate::columns::Uuid;
use crate::error::Result;
use crate::instrument;
use crate::success_criterion::Criterion;

/// The evaluation as it stood in the version that is seen, with all that its results are made of.
pub(crate) async fn evaluation_at(db: &DatabaseTransaction, seen: Seen) -> Result<Evaluation> {
    let standing_of = seen.standing();
    let registered_at = seen.registered_at();
    let (id, version) = (standing_of.evaluation_id, standing_of.version);
    let (all, versions) = all_parts(db, &[id]).await?;
    let mut parts = standing(&all, &versions, id, version);
    let observations = observation::Entity::find()
        .filter(observation::COLUMN.virkningsevaluering_id.eq(id))
        .order_by_asc(observation::COLUMN.id)
        .all(db)
        .await?;
    let stood = observations.into_iter().filter(|row| stands(row.since_version, row.until_version, version));
    parts.observations = stood.map(|row| observation::Model { until_version: None, ..row }).collect();
    for code in parts.criteria.iter().filter_map(|criterion| criterion.version.as_ref()?.instrument.as_ref())
    {
        parts.instruments.extend(instrument::by_code(db, code).await?);
    }
    let mut row = seen.row;
    row.registered_at = registered_at;
    Ok(Evaluation { about: id, row, state: seen.state, parts })
}

/// All rows below some evaluations, those that no longer stand among them, and all that their criteria have ever said.
pub(super) async fn all_parts(
    db: &DatabaseTransaction,
    ids: &[Uuid],
) -> Result<(Parts, Vec<success_criterion_version::Model>)> {
    macro_rules! all {
        ($table:ident) => {
            $table::Entity::find()
                .filter($table::Column::VirkningsevalueringId.is_in(ids.iter().copied()))
                .order_by_asc($table::Column::Id)
                .all(db)
                .await?
        };
    }
    let versions = success_criterion_version::Entity::find()
        .filter(success_criterion_version::COLUMN.virkningsevaluering_id.is_in(ids.iter().copied()));
    let criteria: Vec<success_criterion::Model> = all!(success_criterion);
    let parts = Parts {
        criteria: criteria.into_iter().map(|row| Criterion { row, version: None }).collect(),
        populations: all!(population),
        data_sources: all!(data_source),
        data_processing: all!(data_processing),
        observation_batches: all!(observation_batch),
        observations: Vec::new(),
        exclusions: all!(participant_exclusion),
        erasures: all!(observation_erasure),
        measurements: all!(measurement),
        paired_tables: all!(paired_table),
        results: all!(criterion_result),
        comparisons: all!(criterion_comparison),
        instruments: Vec::new(),
        claims: all!(criterion_claim),
        learnings: all!(learning),
        transitions: all!(transition),
    };
    Ok((parts, versions.all(db).await?))
}

/// What stands of an evaluation in a version. The steps between the two moments are told elsewhere.
pub(super) fn standing(
    all: &Parts,
    versions: &[success_criterion_version::Model],
    id: Uuid,
    version: i64,
) -> Parts {
    macro_rules! standing {
        ($list:ident, $until:expr) => {
            all.$list
                .iter()
                .filter(|row| row.virkningsevaluering_id == id)
                .filter(|row| {
                    let until: fn(&_) -> Option<i64> = $until;
                    stands(row.since_version, until(row), version)
                })
                .cloned()
                .collect()
        };
    }
    let says = |criterion: &Criterion| {
        let version = versions.iter().find(|says| {
            says.success_criterion_id == criterion.row.id
                && stands(says.since_version, says.until_version, version)
        })?;
        Some(Criterion { row: criterion.row.clone(), version: Some(version.clone()) })
    };
    let own = all.criteria.iter().filter(|criterion| criterion.row.virkningsevaluering_id == id);
    let mut measurements: Vec<measurement::Model> =
        standing!(measurements, |row: &measurement::Model| row.until_version);
    let mut tables: Vec<paired_table::Model> =
        standing!(paired_tables, |row: &paired_table::Model| row.until_version);
    let mut results: Vec<criterion_result::Model> =
        standing!(results, |row: &criterion_result::Model| row.until_version);
    let mut data_processing: Vec<data_processing::Model> =
        standing!(data_processing, |row: &data_processing::Model| row.until_version);
    let mut exclusions: Vec<participant_exclusion::Model> =
        standing!(exclusions, |row: &participant_exclusion::Model| row.until_version);
    let mut comparisons: Vec<criterion_comparison::Model> =
        standing!(comparisons, |row: &criterion_comparison::Model| row.until_version);
    // What was ended later stood then: that is no difference.
    for row in &mut data_processing {
        row.until_version = None;
    }
    for row in &mut exclusions {
        row.until_version = None;
    }
    for row in &mut measurements {
        row.until_version = None;
    }
    for row in &mut tables {
        row.until_version = None;
    }
    for row in &mut results {
        row.until_version = None;
    }
    for row in &mut comparisons {
        row.until_version = None;
    }
    Parts {
        criteria: own.filter_map(says).collect(),
        populations: standing!(populations, |_: &population::Model| None),
        data_sources: standing!(data_sources, |_: &data_source::Model| None),
        data_processing,
        observation_batches: standing!(observation_batches, |_: &observation_batch::Model| None),
        observations: Vec::new(),
        exclusions,
        erasures: standing!(erasures, |_: &observation_erasure::Model| None),
        measurements,
        paired_tables: tables,
        results,
        comparisons,
        instruments: Vec::new(),
        claims: standing!(claims, |_: &criterion_claim::Model| None),
        learnings: standing!(learnings, |_: &learning::Model| None),
        transitions: Vec::new(),
    }
}
