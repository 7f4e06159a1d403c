//! From observations to measurements, and to pairs.

use std::collections::{BTreeMap, HashMap, HashSet};

use evidence::goal::Millionths;
use evidence::summary::summary;
use sha2::{Digest, Sha256};

use super::commitment::digest;
use super::{Exclusion, Observation};
use crate::columns::{CategoryCount, CriterionUnit, Date, Decimal, Uuid, Wave};
use crate::error::{Error, Faults, Problem, Result};
use crate::measurement::{Content, Group, MeasurementRow, Value, criterion, standing};
use crate::operation::Scope;
use crate::success_criterion::CriterionVersion;
use crate::virkningsevaluering::Evaluation;

/// What one participant answered before and later.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair<'a> {
    pub before: &'a Observation,
    pub after: &'a Observation,
}

/// Those who are counted and answered both before and in the other wave, in the order of their pseudonyms. None where all that
/// was answered is erased.
pub(crate) fn pairs(evaluation: &Evaluation, wave: Wave) -> Option<Vec<Pair<'_>>> {
    let by_participant = |wave| -> BTreeMap<&str, &Observation> {
        counted(evaluation, wave).filter_map(|row| Some((row.participant.as_deref()?, row))).collect()
    };
    evaluation.parts.observations.iter().find(|row| row.participant.is_some())?;
    let later = by_participant(wave);
    let before = by_participant(Wave::Before).into_iter();
    Some(
        before
            .filter_map(|(participant, before)| Some(Pair { before, after: later.get(participant)? }))
            .collect(),
    )
}

/// The digest of all observations before and in the other wave that stand, erased or not, and of all who are left out.
pub(crate) fn digest_of_waves(evaluation: &Evaluation, wave: Wave) -> String {
    let standing = evaluation
        .parts
        .observations
        .iter()
        .filter(|row| row.until_version.is_none() && (row.wave == Wave::Before || row.wave == wave));
    let commitments = digest(standing).into_iter();
    let all: Vec<u8> =
        commitments.chain(excluded(evaluation).flat_map(|row| row.commitment.clone())).collect();
    data_encoding::HEXLOWER.encode(&Sha256::digest(all))
}

/// The participants who are left out.
pub(crate) fn excluded(evaluation: &Evaluation) -> impl Iterator<Item = &Exclusion> {
    evaluation.parts.exclusions.iter().filter(|exclusion| exclusion.until_version.is_none())
}

/// The observations of a wave that stand, of participants who are not excluded. What was erased is not there.
pub(crate) fn counted(evaluation: &Evaluation, wave: Wave) -> impl Iterator<Item = &Observation> {
    let excluded: HashSet<&str> =
        excluded(evaluation).filter_map(|exclusion| exclusion.participant.as_deref()).collect();
    evaluation.parts.observations.iter().filter(move |row| {
        row.until_version.is_none()
            && row.wave == wave
            && row.participant.as_deref().is_some_and(|participant| !excluded.contains(participant))
    })
}

/// Makes the measurements of a criterion what its observations say. One that says so already stands.
pub(super) fn measure(scope: &Scope<'_>, evaluation: &mut Evaluation, field: &str) -> Result<()> {
    let says = criterion(evaluation, field)?.clone();
    let ended = Some(evaluation.next_version());
    for wave in Wave::ALL {
        let row = measurement(scope, evaluation, &says, *wave)?;
        let stands = |other: &&mut MeasurementRow| {
            other.computed && other.until_version.is_none() && other.wave == *wave
        };
        let present = evaluation.parts.measurements.iter_mut().find(stands);
        let same = |present: &MeasurementRow, row: &MeasurementRow| {
            let as_new = MeasurementRow {
                id: row.id,
                since_version: row.since_version,
                recorded_at: row.recorded_at,
                ..present.clone()
            };
            as_new == *row
        };
        match (present, row) {
            (Some(present), Some(row)) if same(present, &row) => {}
            (present, row) => {
                if let Some(present) = present {
                    present.until_version = ended;
                }
                evaluation.parts.measurements.extend(row);
            }
        }
    }
    Ok(())
}

/// What the observations of a wave add up to; none where there are none.
fn measurement(
    scope: &Scope<'_>,
    evaluation: &Evaluation,
    says: &CriterionVersion,
    wave: Wave,
) -> Result<Option<MeasurementRow>> {
    let rows: Vec<_> = counted(evaluation, wave).collect();
    let Some((period_start, period_end)) = period(evaluation, &rows) else { return Ok(None) };
    let content = Content {
        wave,
        months: None,
        group: Group::default(),
        period_start,
        period_end,
        population: None,
        data_source: None,
        value: value(says, &rows)?,
        absence: None,
        absence_reason: None,
        note: None,
    };
    let mut faults = Faults::default();
    let row = content.checked(scope.new_id(), says, scope.now(), &mut faults);
    faults.finish()?;
    let taken = standing(evaluation).any(|other| !other.computed && other.slot == row.slot);
    if taken {
        return Err(Error::refused("wave", Problem::AlreadyMeasured));
    }
    let spread_is_known = rows.len() > 1;
    Ok(Some(MeasurementRow {
        since_version: evaluation.next_version(),
        computed: true,
        sd: row.sd.filter(|_| spread_is_known),
        ..row
    }))
}

/// From the first to the last day of the batches that the rows came with; none where there are no rows.
fn period(evaluation: &Evaluation, rows: &[&Observation]) -> Option<(Date, Date)> {
    let batches: HashMap<Uuid, (Date, Date)> = evaluation
        .parts
        .observation_batches
        .iter()
        .map(|batch| (batch.id, (batch.period_start, batch.period_end)))
        .collect();
    let periods = || rows.iter().filter_map(|row| batches.get(&row.observation_batch_id));
    Some((periods().map(|(start, _)| *start).min()?, periods().map(|(_, end)| *end).max()?))
}

fn value(says: &CriterionVersion, rows: &[&Observation]) -> Result<Value> {
    let number = |count: usize| {
        i32::try_from(count).map_err(|_many| Error::internal("more observations than a count holds"))
    };
    let values = || rows.iter().filter_map(|row| row.value).map(|value| i128::from(value.millionths()));
    let empty = Value::default();
    Ok(match says.unit {
        CriterionUnit::Share if says.success_categories.0.is_empty() => Value {
            numerator: Some(number(values().filter(|value| *value > 0).count())?),
            denominator: Some(number(rows.len())?),
            ..empty
        },
        CriterionUnit::Share => {
            let mut counts: BTreeMap<&str, i32> =
                says.success_categories.0.iter().map(|category| (category.as_str(), 0)).collect();
            for category in rows.iter().filter_map(|row| row.category.as_deref()) {
                *counts.entry(category).or_default() += 1;
            }
            let counts = counts.into_iter();
            let categories = counts.map(|(name, count)| CategoryCount { category: name.to_owned(), count });
            Value { categories: Some(categories.collect()), ..empty }
        }
        CriterionUnit::Mean => {
            let values: Vec<_> = rows.iter().filter_map(|row| row.value).collect();
            let values: Vec<_> = values.iter().map(|value| Millionths(value.millionths())).collect();
            let said = summary(&values);
            let decimal = |number: Millionths| Decimal::from_millionths(number.0);
            Value {
                mean: said.and_then(|said| decimal(said.mean)),
                // Of a single value there is no spread; the row leaves it out again.
                sd: Some(said.and_then(|said| decimal(said.sd?)).unwrap_or(Decimal::from(0))),
                n: Some(number(rows.len())?),
                ..empty
            }
        }
        CriterionUnit::Count => {
            let events: i128 = values().sum::<i128>() / 1_000_000;
            let exposures = rows.iter().map(|row| row.exposure.map(Decimal::millionths));
            let exposure: Option<i64> = exposures.sum();
            let too_many = || {
                let range = Problem::OutOfRange { from: 0, to: i64::from(i32::MAX) };
                Error::refused("observations", range)
            };
            Value {
                count: Some(i32::try_from(events).map_err(|_many| too_many())?),
                exposure: exposure.and_then(Decimal::from_millionths),
                ..empty
            }
        }
    })
}
