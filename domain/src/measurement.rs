//! Measurements: one observed value of a criterion each, before, during, after or later. Corrected by another, never
//! changed.

mod columns;
mod content;
mod operations;

pub use columns::Columns;
pub(crate) use columns::standing_with_tables;
pub use content::{Content, Group, Months, Value};
pub use entity::measurement::Model as MeasurementRow;
pub use operations::{Correct, Put, Record};
pub(crate) use operations::{correctable, criterion, standing};

use std::collections::{HashMap, HashSet};

use entity::measurement;
use evidence::disclosure::Rule;
use sea_orm::{EntityTrait, QueryFilter};

use crate::columns::{Absence, Anchor, Decimal, EvaluationPart, GroupKind, MeasurementKind, Uuid, Wave};
use crate::context::Context;
use crate::disclosure;
use crate::error::{Error, Result};
use crate::event::{FieldValue, Fields, text, text_or_none};
use crate::operation::Store;
use crate::page::among;
use crate::success_criterion::{self, CriterionVersion, Place, Said};
use crate::virkningsevaluering::part::{PartRow, stands};
use crate::virkningsevaluering::{self, Evaluation, Standing};

/// A measurement in one version of its evaluation, with what its criterion makes of it.
#[derive(Clone, Debug)]
pub struct Seen {
    /// In a place of its own: it is large, and what is seen is handed on from one reading to another.
    pub row: Box<MeasurementRow>,
    pub place: Place,
    /// People with the outcome, of [`Seen::denominator`].
    pub numerator: Option<i32>,
    pub denominator: Option<i32>,
    /// Whether its value is hidden from the reader.
    suppressed: bool,
}

impl Seen {
    fn of(row: MeasurementRow, place: Place, says: &CriterionVersion) -> Self {
        let share = share(&row, says);
        let (numerator, denominator) = share.unzip();
        Self { row: Box::new(row), place, numerator, denominator, suppressed: false }
    }

    /// Why there is no value.
    pub fn absence(&self) -> Option<Absence> {
        if self.suppressed {
            return Some(Absence::SUPPRESSED);
        }
        self.row.absence.map(|kind| Absence::stated(kind, self.row.absence_reason.clone()))
    }

    /// Whether all that was recorded of it is told; an extreme is one person's own value.
    pub(crate) fn is_whole(&self) -> bool {
        let is_summary = self.row.kind == Some(MeasurementKind::Summary);
        !self.suppressed && (self.place.participants || !is_summary)
    }

    /// The measured value: a share as a fraction, a mean in its unit, a count per unit of exposure.
    pub fn value(&self) -> Option<Decimal> {
        value(&self.row, self.numerator.zip(self.denominator))
    }

    /// Its criterion, and the version of the evaluation in which it is read.
    pub fn criterion(&self) -> (Uuid, Standing) {
        (self.place.criterion_id, self.place.standing(self.row.virkningsevaluering_id))
    }

    /// Whether it stands in this version; else another has corrected it.
    pub fn is_current(&self) -> bool {
        stands(self.row.since_version, self.row.until_version, self.place.version)
    }
}

/// The people with the outcome and all people measured, where the measurement tells: of a distribution, those in the
/// categories that count as success.
pub(crate) fn share(row: &MeasurementRow, says: &CriterionVersion) -> Option<(i32, i32)> {
    match &row.categories {
        None => row.numerator.zip(row.denominator),
        Some(categories) => {
            let sum = |counts: &mut dyn Iterator<Item = i32>| counts.fold(0_i32, i32::saturating_add);
            let all = categories.0.iter();
            let success =
                all.clone().filter(|category| says.success_categories.0.contains(&category.category));
            Some((
                sum(&mut success.map(|category| category.count)),
                sum(&mut all.map(|category| category.count)),
            ))
        }
    }
}

/// A quotient as a decimal of six places, rounded half away from zero; none beyond what a decimal holds.
fn quotient(above: i64, below: i64) -> Option<Decimal> {
    // 2^31 millionfold, twice, stays below 2^63.
    let rounded = (i128::from(above) * 2_000_000 + i128::from(below)).checked_div(i128::from(below) * 2)?;
    Decimal::from_millionths(i64::try_from(rounded).ok()?)
}

/// Events per unit of exposure.
fn rate(count: i32, exposure: Decimal) -> Option<Decimal> {
    quotient(i64::from(count) * 1_000_000, exposure.millionths())
}

/// The value as a decimal of six places, rounded half away from zero.
pub(crate) fn value(row: &MeasurementRow, share: Option<(i32, i32)>) -> Option<Decimal> {
    match row.kind? {
        MeasurementKind::Share | MeasurementKind::Distribution => {
            share.and_then(|(numerator, denominator)| quotient(numerator.into(), denominator.into()))
        }
        MeasurementKind::Mean | MeasurementKind::Summary => row.mean,
        MeasurementKind::Count => match row.exposure {
            Some(exposure) => rate(row.count?, exposure),
            None => Decimal::from_millionths(i64::from(row.count?) * 1_000_000),
        },
    }
}

/// How many people a measurement is of, where it tells.
pub(crate) fn people(row: &MeasurementRow) -> Option<i32> {
    let counted = |categories: &crate::CategoryCounts| {
        categories.0.iter().fold(0_i32, |sum, category| sum.saturating_add(category.count))
    };
    row.denominator.or(row.n).or_else(|| row.categories.as_ref().map(counted))
}

/// The measurement that a verdict rests on in a wave: the one without months, else the one nearest to the start or the end.
pub(crate) fn decisive<'a>(
    rows: impl IntoIterator<Item = &'a MeasurementRow>,
    wave: Wave,
    group: (GroupKind, Option<&str>),
) -> Option<&'a MeasurementRow> {
    let of_group =
        |row: &&MeasurementRow| row.wave == wave && (row.group_kind, row.group_name.as_deref()) == group;
    rows.into_iter().filter(of_group).min_by_key(|row| {
        match (row.months_anchor, row.months_from, row.months_to) {
            (Some(Anchor::Start), _, Some(to)) => to.unsigned_abs().saturating_add(1),
            (Some(Anchor::End), Some(from), _) => from.unsigned_abs().saturating_add(1),
            _ => 0,
        }
    })
}

impl PartRow for MeasurementRow {
    const KIND: EvaluationPart = EvaluationPart::Measurement;

    fn id(&self) -> Uuid {
        self.id
    }

    fn fields(&self) -> Fields {
        let categories = self.categories.as_ref().map(|counts| {
            let count = |item: &crate::CategoryCount| serde_json::json!({ "category": item.category, "count": item.count });
            counts.0.iter().map(count).collect::<serde_json::Value>()
        });
        vec![
            ("criterionId", text(self.success_criterion_id)),
            ("current", self.until_version.is_none().into()),
            ("wave", text(self.wave)),
            ("monthsAnchor", text_or_none(self.months_anchor)),
            ("monthsFrom", self.months_from.into()),
            ("monthsTo", self.months_to.into()),
            ("groupKind", text(self.group_kind)),
            ("groupName", text_or_none(self.group_name.as_ref())),
            ("comparability", text_or_none(self.comparability)),
            ("periodStart", text(self.period_start)),
            ("periodEnd", text(self.period_end)),
            ("populationId", text_or_none(self.population_id)),
            ("sourceId", text_or_none(self.data_source_id)),
            ("kind", text_or_none(self.kind)),
            ("computed", self.computed.then_some(true).into()),
            ("numerator", self.numerator.into()),
            ("denominator", self.denominator.into()),
            ("mean", text_or_none(self.mean)),
            ("sd", text_or_none(self.sd)),
            ("median", text_or_none(self.median)),
            ("minimum", text_or_none(self.minimum)),
            ("maximum", text_or_none(self.maximum)),
            ("n", self.n.into()),
            ("count", self.count.into()),
            ("exposure", text_or_none(self.exposure)),
            ("categories", FieldValue::Shown(categories.unwrap_or_default())),
            ("absence", text_or_none(self.absence)),
            ("absenceReason", text_or_none(self.absence_reason.as_ref())),
            ("note", text_or_none(self.note.as_ref())),
            ("correctsId", text_or_none(self.corrects_id)),
            ("correction", text_or_none(self.correction)),
            ("correctionReason", text_or_none(self.correction_reason.as_ref())),
            ("recordedAt", text(self.recorded_at)),
        ]
    }

    async fn store(&self, store: &mut Store<'_>, before: Option<&Self>, _version: i64) -> Result<()> {
        store.write::<measurement::Entity>(before, self.clone()).await
    }
}

/// All that was ever measured of some criteria, and all that they ever said.
pub(crate) struct Measured {
    rows: HashMap<Uuid, Vec<MeasurementRow>>,
    said: HashMap<Uuid, Said>,
}

impl Measured {
    pub async fn of(context: &Context, criteria: impl IntoIterator<Item = Uuid>) -> Result<Self> {
        Self::with(context, criteria.into_iter().collect(), Columns::ALL).await
    }

    async fn with(context: &Context, criteria: HashSet<Uuid>, columns: Columns) -> Result<Self> {
        let snapshot = context.at_any_time().await?;
        let rows = measurement::Entity::find().filter(among(
            &snapshot.db,
            measurement::Column::SuccessCriterionId,
            criteria.iter().copied(),
        ));
        // Sorted here: those of one criterion are few, all of them together are many.
        let mut rows = columns.read(&snapshot.db, rows).await?;
        for rows in rows.values_mut() {
            rows.sort_unstable_by_key(|row| row.id);
        }
        let said = success_criterion::said(&snapshot, &criteria).await?;
        Ok(Self { rows, said })
    }

    pub fn rows(&self, criterion: Uuid) -> &[MeasurementRow] {
        self.rows.get(&criterion).map_or(&[], Vec::as_slice)
    }

    fn take_rows(&mut self, criterion: Uuid) -> Vec<MeasurementRow> {
        self.rows.remove(&criterion).unwrap_or_default()
    }

    pub fn row(&self, criterion: Uuid, id: Uuid) -> Option<&MeasurementRow> {
        self.rows(criterion).iter().find(|row| row.id == id)
    }

    /// What a criterion said in a version of its evaluation.
    pub fn says(&self, criterion: Uuid, at: i64) -> Option<&CriterionVersion> {
        let said = self.said.get(&criterion)?;
        said.iter().find(|says| stands(says.since_version, says.until_version, at))
    }

    /// The measurements that are hidden from a reader who does not see participants.
    pub fn hidden(&self, rule: Rule, criterion: Uuid) -> HashSet<Uuid> {
        let said = self.said.get(&criterion).map_or(&[][..], |said| said);
        disclosure::hidden_measurements(rule, self.rows(criterion), said)
    }
}

/// All measurements of each criterion up to a version, those that were corrected among them, in the order in which they
/// were recorded.
async fn up_to(context: &Context, places: &[Place], columns: Columns) -> Result<HashMap<Place, Vec<Seen>>> {
    let criteria: HashSet<_> = places.iter().map(|place| place.criterion_id).collect();
    let shared = criteria.len() < places.len();
    // What is hidden follows from all that there is.
    let columns = if places.iter().all(|place| place.participants) { columns } else { Columns::ALL };
    let mut measured = Measured::with(context, criteria, columns).await?;
    let rule = disclosure::rule(context);
    let mut of_place = |place: &Place| {
        let criterion = place.criterion_id;
        let Some(says) = measured.says(criterion, place.version).cloned() else { return Vec::new() };
        let hidden = (!place.participants).then(|| measured.hidden(rule, criterion));
        // Most often nobody else asks for them, and they need not be copied.
        let rows = if shared { measured.rows(criterion).to_vec() } else { measured.take_rows(criterion) };
        let known = rows.into_iter().filter(|row| row.since_version <= place.version);
        let Some(hidden) = hidden else {
            return known.map(|row| Seen::of(row, *place, &says)).collect();
        };
        let shown = |row: MeasurementRow| {
            let suppressed = hidden.contains(&row.id);
            let shown = disclosure::shown(rule, row, &hidden);
            Seen { suppressed, ..Seen::of(shown, *place, &says) }
        };
        known.map(shown).collect()
    };
    Ok(places.iter().map(|place| (*place, of_place(place))).collect())
}

/// The measurements of each criterion that stand, in the order in which they were recorded.
pub async fn of_criteria(context: &Context, places: &[Place]) -> Result<HashMap<Place, Vec<Seen>>> {
    of_criteria_with(context, places, Columns::ALL).await
}

/// The same, with these columns at least.
pub async fn of_criteria_with(
    context: &Context,
    places: &[Place],
    columns: Columns,
) -> Result<HashMap<Place, Vec<Seen>>> {
    let mut all = up_to(context, places, columns).await?;
    for rows in all.values_mut() {
        rows.retain(Seen::is_current);
    }
    Ok(all)
}

/// The measurements of each criterion that its result takes as before and after.
pub(crate) async fn decisive_pairs(
    context: &Context,
    places: &[Place],
) -> Result<HashMap<Place, (Option<Seen>, Option<Seen>)>> {
    let all = of_criteria(context, places).await?;
    let pair = |rows: Vec<Seen>| {
        let of_wave = |wave| {
            let group = (GroupKind::Participants, None);
            let id = decisive(rows.iter().map(|seen| &*seen.row), wave, group)?.id;
            rows.iter().find(|seen| seen.row.id == id).cloned()
        };
        (of_wave(Wave::Before), of_wave(Wave::After))
    };
    Ok(all.into_iter().map(|(place, rows)| (place, pair(rows))).collect())
}

/// The measurement of each criterion that its result takes as before.
pub async fn baselines(context: &Context, places: &[Place]) -> Result<HashMap<Place, Seen>> {
    let pairs = decisive_pairs(context, places).await?;
    Ok(pairs.into_iter().filter_map(|(place, (before, _))| Some((place, before?))).collect())
}

/// The measurement of each criterion that its result takes as after.
pub async fn outcomes(context: &Context, places: &[Place]) -> Result<HashMap<Place, Seen>> {
    let pairs = decisive_pairs(context, places).await?;
    Ok(pairs.into_iter().filter_map(|(place, (_, after))| Some((place, after?))).collect())
}

/// Measurements by id, each in the version in which something refers to it.
pub async fn in_versions(
    context: &Context,
    wanted: &[(Uuid, Place)],
) -> Result<HashMap<(Uuid, Place), Seen>> {
    let places: HashSet<_> = wanted.iter().map(|(_, place)| *place).collect();
    let places: Vec<_> = places.into_iter().collect();
    let all = up_to(context, &places, Columns::ALL).await?;
    let seen = all.into_values().flatten().map(|seen| ((seen.row.id, seen.place), seen));
    Ok(seen.filter(|(key, _)| wanted.contains(key)).collect())
}

/// The measurement that an operation wrote, as the actor sees its evaluation. It is read only where that is not known already.
pub async fn written(context: &Context, evaluation: &Evaluation) -> Result<Seen> {
    let row = evaluation.parts.measurements.iter().find(|row| row.id == evaluation.about);
    let says = evaluation.parts.criteria.first().and_then(|criterion| criterion.version.as_ref());
    if let (Some(row), Some(says), Some(standing)) = (row, says, evaluation.standing()) {
        return Ok(Seen::of(row.clone(), Place::of(row.success_criterion_id, standing), says));
    }
    let read = by_id(context, evaluation.about).await?;
    read.ok_or_else(|| Error::internal("a measurement that was written is not there"))
}

/// The measurement, as the actor sees its evaluation.
pub async fn by_id(context: &Context, id: Uuid) -> Result<Option<Seen>> {
    let snapshot = context.at_any_time().await?;
    let Some(row) = measurement::Entity::find_by_id(id).one(&snapshot.db).await? else {
        return Ok(None);
    };
    let Some(evaluation) = virkningsevaluering::by_id(context, row.virkningsevaluering_id).await? else {
        return Ok(None);
    };
    let place = Place::of(row.success_criterion_id, evaluation.standing());
    Ok(in_versions(context, &[(id, place)]).await?.remove(&(id, place)))
}
