//! Success criteria: what an evaluation holds its intervention to, in versions.

mod operations;
mod rows;

pub use entity::success_criterion::Model as CriterionRow;
pub use entity::success_criterion_version::Model as CriterionVersion;
pub use operations::cautions;
pub use operations::{Add, Amend, Content, Edits, Put, Remove, Update};

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use entity::{criterion_comparison, criterion_result, success_criterion, success_criterion_version};
use sea_orm::{DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::columns::{EvaluationPart, GroupKind, Uuid};
use crate::context::{Context, Snapshot};
use crate::error::Result;
use crate::event::{FieldValue, Fields, text_or_none, texts};
use crate::instrument;
use crate::measurement::standing_with_tables;
use crate::observation;
use crate::operation::{Scope, Store};
use crate::page::{among, grouped_by};
use crate::virkningsevaluering::part::{PartRow, stands};
use crate::virkningsevaluering::{self, Evaluation, Named, Parts, Standing};

/// A criterion with what it says now; nothing once it is removed.
#[derive(Clone, Debug, PartialEq)]
pub struct Criterion {
    pub row: CriterionRow,
    pub version: Option<CriterionVersion>,
}

impl PartRow for Criterion {
    const KIND: EvaluationPart = EvaluationPart::Criterion;

    fn id(&self) -> Uuid {
        self.row.id
    }

    fn fields(&self) -> Fields {
        let says = self.version.as_ref();
        let cautions = says
            .map(|version| texts(&version.cautions.0))
            .filter(|_| says.is_some_and(|version| !version.cautions.0.is_empty()));
        let list = says.map(|version| texts(&version.success_categories.0));
        vec![
            ("number", self.row.number.into()),
            ("dimension", text_or_none(says.map(|version| &version.dimension))),
            ("indicator", text_or_none(says.map(|version| &version.indicator))),
            ("direction", text_or_none(says.map(|version| version.direction))),
            ("basis", text_or_none(says.map(|version| version.basis))),
            ("threshold", text_or_none(says.map(|version| version.threshold))),
            ("unit", text_or_none(says.map(|version| version.unit))),
            ("pairing", text_or_none(says.map(|version| version.pairing))),
            ("successCategories", list.unwrap_or(FieldValue::Shown(serde_json::Value::Null))),
            ("instrument", text_or_none(says.and_then(|version| version.instrument.as_ref()))),
            ("cautions", cautions.unwrap_or(FieldValue::Shown(serde_json::Value::Null))),
            ("amendment", text_or_none(says.and_then(|version| version.amendment.as_ref()))),
            ("removed", says.is_none().then_some(true).into()),
        ]
    }

    async fn store(&self, store: &mut Store<'_>, before: Option<&Self>, version: i64) -> Result<()> {
        match before {
            None => store.insert::<success_criterion::Entity>(self.row.clone()).await?,
            Some(before) => {
                if let Some(ended) = before.version.clone() {
                    let ended = CriterionVersion { until_version: Some(version), ..ended };
                    store.overwrite::<success_criterion_version::Entity>(ended).await?;
                }
            }
        }
        if let Some(says) = self.version.clone() {
            let says = CriterionVersion { since_version: version, ..says };
            store.insert::<success_criterion_version::Entity>(says).await?;
        }
        Ok(())
    }
}

/// A criterion in one version of its evaluation.
#[derive(Clone, Debug)]
pub struct Seen {
    pub row: CriterionRow,
    pub says: CriterionVersion,
    pub standing: Standing,
    /// All that it ever said, the oldest first.
    versions: Said,
}

/// All that a criterion ever said, the oldest first.
pub(crate) type Said = Arc<[CriterionVersion]>;

/// All that each criterion ever said, read once for a request.
pub(crate) async fn said(snapshot: &Snapshot, criteria: &HashSet<Uuid>) -> Result<HashMap<Uuid, Said>> {
    let mut known = snapshot.remembered_said(criteria);
    let missing: Vec<_> = criteria.iter().filter(|id| !known.contains_key(id)).copied().collect();
    if !missing.is_empty() {
        let read = success_criterion_version::Entity::find()
            .filter(among(&snapshot.db, success_criterion_version::Column::SuccessCriterionId, missing))
            .order_by_asc(success_criterion_version::COLUMN.since_version)
            .all(&snapshot.db)
            .await?;
        known.extend(snapshot.remember_said(grouped_by(read, |version| version.success_criterion_id)));
    }
    Ok(known)
}

impl Seen {
    /// What looks its measurements and results up.
    pub fn place(&self) -> Place {
        Place::of(self.row.id, self.standing)
    }

    /// What it said when it was registered.
    pub fn registered(&self) -> Option<&CriterionVersion> {
        let at = self.standing.registered_version?;
        self.versions.iter().find(|version| stands(version.since_version, version.until_version, at))
    }

    /// What it was amended to since, the oldest first, as far as this version knows.
    pub fn amendments(&self) -> impl Iterator<Item = &CriterionVersion> {
        let known = self.versions.iter().filter(|version| version.since_version <= self.standing.version);
        known.filter(|version| version.amendment.is_some())
    }

    /// Whether it says what was registered; none before that.
    pub fn is_as_registered(&self) -> Option<bool> {
        let registered = self.registered()?;
        Some(same(registered, &self.says))
    }
}

/// Whether two versions hold the intervention to the same, however often they were amended on the way.
pub(crate) fn same(one: &CriterionVersion, other: &CriterionVersion) -> bool {
    let goal = |version: &CriterionVersion| {
        (version.direction, version.basis, version.threshold, version.unit, version.pairing)
    };
    goal(one) == goal(other)
        && one.indicator == other.indicator
        && one.dimension == other.dimension
        && one.success_categories == other.success_categories
        && one.instrument == other.instrument
        && one.cautions == other.cautions
}

/// A criterion in a version of its evaluation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    pub criterion_id: Uuid,
    pub version: i64,
    pub registered_version: Option<i64>,
    /// Whether the reader sees the participants.
    pub participants: bool,
}

impl Place {
    pub(crate) fn of(criterion_id: Uuid, standing: Standing) -> Self {
        let Standing { evaluation_id: _, version, registered_version, participants } = standing;
        Self { criterion_id, version, registered_version, participants }
    }

    pub(crate) fn standing(self, evaluation_id: Uuid) -> Standing {
        let Self { criterion_id: _, version, registered_version, participants } = self;
        Standing { evaluation_id, version, registered_version, participants }
    }
}

/// The criteria of each evaluation, by number.
pub async fn of_evaluations(
    context: &Context,
    standings: &[Standing],
) -> Result<HashMap<Standing, Vec<Seen>>> {
    let snapshot = context.at_any_time().await?;
    let ids: HashSet<_> = standings.iter().map(|standing| standing.evaluation_id).collect();
    let mut rows: Vec<CriterionRow> = Vec::new();
    let mut versions: HashMap<Uuid, Vec<CriterionVersion>> = HashMap::new();
    for (row, version) in rows::of_evaluations(&snapshot.db, ids).await? {
        let said = versions.entry(row.id).or_default();
        if said.is_empty() {
            rows.push(row);
        }
        said.push(version);
    }
    let versions = snapshot.remember_said(versions);
    let rows = grouped_by(rows, |row| row.virkningsevaluering_id);
    let of_standing = |standing: &Standing| {
        let rows = rows.get(&standing.evaluation_id).into_iter().flatten();
        let seen = |row: &CriterionRow| {
            let said = versions.get(&row.id)?;
            let says = said
                .iter()
                .find(|version| stands(version.since_version, version.until_version, standing.version))?;
            let versions = Arc::clone(said);
            Some(Seen { row: row.clone(), says: says.clone(), standing: *standing, versions })
        };
        rows.filter_map(seen).collect()
    };
    Ok(standings.iter().map(|standing| (*standing, of_standing(standing))).collect())
}

/// Criteria in the versions of their evaluations, for what is below them to lead back up.
pub async fn in_standings(
    context: &Context,
    wanted: &[(Uuid, Standing)],
) -> Result<HashMap<(Uuid, Standing), Seen>> {
    let standings: HashSet<_> = wanted.iter().map(|(_, standing)| *standing).collect();
    let standings: Vec<_> = standings.into_iter().collect();
    let criteria = of_evaluations(context, &standings).await?.into_values().flatten();
    let found = criteria.map(|seen| ((seen.row.id, seen.standing), seen));
    Ok(found.filter(|(key, _)| wanted.contains(key)).collect())
}

/// The criteria of these ids, as the actor sees their evaluations.
pub async fn by_ids(context: &Context, ids: &[Uuid]) -> Result<HashMap<Uuid, Seen>> {
    let snapshot = context.at_any_time().await?;
    let rows = success_criterion::Entity::find()
        .filter(success_criterion::COLUMN.id.is_in(ids.iter().copied()))
        .all(&snapshot.db)
        .await?;
    let evaluations: HashSet<_> = rows.iter().map(|row| row.virkningsevaluering_id).collect();
    let evaluations: Vec<_> = evaluations.into_iter().collect();
    let seen = virkningsevaluering::by_ids(context, &evaluations).await?;
    let standings: Vec<_> = seen.values().map(virkningsevaluering::Seen::standing).collect();
    let criteria = of_evaluations(context, &standings).await?.into_values().flatten();
    Ok(criteria.map(|seen| (seen.row.id, seen)).filter(|(id, _)| ids.contains(id)).collect())
}

pub async fn by_id(context: &Context, id: Uuid) -> Result<Option<Seen>> {
    Ok(by_ids(context, &[id]).await?.remove(&id))
}

/// The criterion of that number.
pub(crate) async fn by_number(
    db: &DatabaseTransaction,
    evaluation_id: Uuid,
    number: i32,
) -> Result<Option<CriterionRow>> {
    let numbered = success_criterion::Entity::find()
        .filter(success_criterion::COLUMN.virkningsevaluering_id.eq(evaluation_id))
        .filter(success_criterion::COLUMN.number.eq(number));
    Ok(numbered.one(db).await?)
}

/// Those of these evaluations that have a criterion that was not removed.
pub(crate) async fn with_criteria(db: &DatabaseTransaction, evaluations: &[Uuid]) -> Result<HashSet<Uuid>> {
    let standing = success_criterion_version::Entity::find()
        .select_only()
        .column(success_criterion_version::Column::VirkningsevalueringId)
        .distinct()
        .filter(success_criterion_version::COLUMN.virkningsevaluering_id.is_in(evaluations.iter().copied()))
        .filter(success_criterion_version::COLUMN.until_version.is_null());
    Ok(standing.into_tuple::<Uuid>().all(db).await?.into_iter().collect())
}

/// The evaluation of a criterion, held, with the criterion and all that its results are made of.
pub(crate) async fn held_with(
    scope: &Scope<'_>,
    criterion_id: Option<Uuid>,
    field: &str,
) -> Result<Evaluation> {
    let named = Named::Part(EvaluationPart::Criterion, criterion_id);
    let mut evaluation = Evaluation::held(scope, named, field).await?;
    load_into(scope.db, &mut evaluation, criterion_id.unwrap_or_default()).await?;
    Ok(evaluation)
}

/// Reads all criteria that stand into their evaluation, with all that their results are made of.
pub(crate) async fn load_all_into(db: &DatabaseTransaction, evaluation: &mut Evaluation) -> Result<()> {
    let standing = success_criterion_version::Entity::find()
        .filter(success_criterion_version::COLUMN.virkningsevaluering_id.eq(evaluation.row.id))
        .filter(success_criterion_version::COLUMN.until_version.is_null())
        .order_by_asc(success_criterion_version::COLUMN.success_criterion_id)
        .all(db)
        .await?;
    for says in standing {
        let mut with_one = Evaluation { parts: Parts::default(), ..evaluation.clone() };
        load_into(db, &mut with_one, says.success_criterion_id).await?;
        evaluation.parts.append(with_one.parts);
    }
    Ok(())
}

/// Reads a criterion into its evaluation, with all that its results are made of. Nothing is read where it was removed.
pub(crate) async fn load_into(
    db: &DatabaseTransaction,
    evaluation: &mut Evaluation,
    criterion_id: Uuid,
) -> Result<()> {
    let Some((row, version)) = rows::standing(db, criterion_id).await? else {
        return Ok(());
    };
    let parts = &mut evaluation.parts;
    if let Some(code) = &version.instrument {
        parts.instruments.extend(instrument::by_code(db, code).await?);
    }
    parts.criteria.push(Criterion { row, version: Some(version) });
    (parts.measurements, parts.paired_tables) = standing_with_tables(db, criterion_id).await?;
    parts.results = criterion_result::Entity::find()
        .filter(criterion_result::COLUMN.success_criterion_id.eq(criterion_id))
        .filter(criterion_result::COLUMN.until_version.is_null())
        .order_by_asc(criterion_result::COLUMN.id)
        .all(db)
        .await?;
    if parts.measurements.iter().any(|row| row.group_kind == GroupKind::Comparison) {
        parts.comparisons = criterion_comparison::Entity::find()
            .filter(criterion_comparison::COLUMN.success_criterion_id.eq(criterion_id))
            .filter(criterion_comparison::COLUMN.until_version.is_null())
            .order_by_asc(criterion_comparison::COLUMN.id)
            .all(db)
            .await?;
    }
    if parts.measurements.iter().any(|row| row.computed) {
        observation::load_into(db, evaluation, criterion_id).await?;
    }
    evaluation.about = criterion_id;
    Ok(())
}
