//! What changed in an evaluation between two moments of its life.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use entity::{transition, virkningsevaluering_state};
use evidence::disclosure::Rule;
use sea_orm::{EntityTrait, QueryFilter};
use serde_json::Value;

use super::Life;
use super::at::All;
use super::evaluation::{Parts, parts_unlike, state_fields};
use super::part::stands;
use crate::columns::{EvaluationPart, EvaluationStatus, Uuid};
use crate::context::Context;
use crate::disclosure;
use crate::error::Result;
use crate::event::{FieldValue, changes, named};
use crate::history::{Change, divided, shown};
use crate::success_criterion::Place;

/// A moment in the life of an evaluation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Milestone {
    /// When its criteria were registered.
    Registered,
    /// When it was last submitted, approved, published.
    Submitted,
    Approved,
    Published,
    /// As the reader sees it.
    Present,
}

impl Milestone {
    /// The version of this moment, among the steps that the reader sees.
    fn version(self, life: Life, steps: &[&transition::Model]) -> Option<i64> {
        let to = |status: EvaluationStatus| {
            let versions = steps.iter().filter(move |step| step.to_status == status);
            versions.map(|step| step.since_version)
        };
        match self {
            Self::Registered => to(EvaluationStatus::Registered).min(),
            Self::Submitted => to(EvaluationStatus::Submitted).max(),
            Self::Approved => to(EvaluationStatus::Approved).max(),
            Self::Published => to(EvaluationStatus::Published).max(),
            Self::Present => Some(life.version()),
        }
    }
}

/// What differs between two versions of an evaluation.
#[derive(Clone, Debug)]
pub struct Comparison {
    pub from_version: i64,
    pub to_version: i64,
    /// Each field of the evaluation or of a part that differs. A part that only one of them has differs in all its fields.
    pub changes: Vec<Change>,
}

/// A comparison that is asked for.
pub type Compared = (Life, Milestone, Milestone);

/// The comparisons; none where the evaluation, as the reader sees it, has not come to one of the moments.
pub async fn compare(context: &Context, wanted: &[Compared]) -> Result<HashMap<Compared, Comparison>> {
    let snapshot = context.at_any_time().await?;
    let ids: Vec<Uuid> = wanted.iter().map(|(life, ..)| life.evaluation_id()).collect();
    let states = virkningsevaluering_state::Entity::find()
        .filter(virkningsevaluering_state::COLUMN.virkningsevaluering_id.is_in(ids.iter().copied()))
        .all(&snapshot.db)
        .await?;
    let all = All::read(&snapshot.db, &ids).await?;
    let rule = disclosure::rule(context);
    let hidden = hidden(context, wanted, &all.parts).await?;
    let mut compared = HashMap::new();
    for (life, from, to) in wanted {
        let id = life.evaluation_id();
        let Some((from_version, to_version)) = versions_of(&all.parts, (*life, *from, *to)) else { continue };
        let fields = |version: i64| {
            let state = states.iter().find(|state| {
                state.virkningsevaluering_id == id
                    && stands(state.since_version, state.until_version, version)
            });
            named(
                state.map(state_fields).unwrap_or_default(),
                parts_unlike(&all.standing(id, version), &Parts::default()),
            )
        };
        let changes = differences(fields(from_version), fields(to_version));
        let changes = if life.participants() { changes } else { guarded(rule, changes, &hidden) };
        compared.insert((*life, *from, *to), Comparison { from_version, to_version, changes });
    }
    Ok(compared)
}

/// The two versions, where the evaluation has come to both moments.
fn versions_of(parts: &Parts, (life, from, to): Compared) -> Option<(i64, i64)> {
    let own =
        |step: &&transition::Model| step.virkningsevaluering_id == life.evaluation_id() && life.shows(step);
    let steps: Vec<_> = parts.transitions.iter().filter(own).collect();
    from.version(life, &steps).zip(to.version(life, &steps))
}

/// The parts whose numbers are hidden in one of the versions that are compared, from readers who do not see participants.
async fn hidden(context: &Context, wanted: &[Compared], parts: &Parts) -> Result<HashSet<Uuid>> {
    let guarded = wanted.iter().filter(|(life, ..)| !life.participants());
    let versions = guarded.filter_map(|compared| Some((compared.0, versions_of(parts, *compared)?)));
    let places = versions.flat_map(|(life, (from, to))| {
        let id = life.evaluation_id();
        let criteria =
            parts.criteria.iter().filter(move |criterion| criterion.row.virkningsevaluering_id == id);
        criteria.flat_map(move |criterion| {
            [from, to].map(|version| Place {
                criterion_id: criterion.row.id,
                version,
                registered_version: None,
                participants: false,
            })
        })
    });
    let places: HashSet<Place> = places.collect();
    disclosure::hidden_parts(context, &places.into_iter().collect::<Vec<_>>()).await
}

/// What describes a part without telling its numbers.
const DESCRIBING: [&str; 24] = [
    "afterId",
    "beforeId",
    "comparability",
    "computedAt",
    "confidence",
    "correction",
    "correctsId",
    "criterionId",
    "current",
    "design",
    "groupAfterId",
    "groupBeforeId",
    "groupKind",
    "groupName",
    "methodVersion",
    "monthsAnchor",
    "monthsFrom",
    "monthsTo",
    "pairedTableId",
    "periodEnd",
    "periodStart",
    "recordedAt",
    "removed",
    "wave",
];
/// What is hidden however many the people are: values of one person, and what numbers can be guessed by.
const OF_ONE: [&str; 4] = ["inputHash", "maximum", "median", "minimum"];

/// The changes as told to who does not see participants. Of a hidden part one secret change stands for all of its numbers.
fn guarded(rule: Rule, changes: Vec<Change>, hidden: &HashSet<Uuid>) -> Vec<Change> {
    let mut told: Vec<Change> = Vec::new();
    for change in changes {
        let secret = |field: &str| Change {
            part: change.part,
            field: field.to_owned(),
            before: None,
            after: None,
            secret: true,
        };
        let is_describing = DESCRIBING.contains(&change.field.as_str());
        match change.part {
            Some((
                EvaluationPart::ObservationBatch
                | EvaluationPart::ParticipantExclusion
                | EvaluationPart::ObservationErasure,
                _,
            )) => {}
            Some((_, id)) if hidden.contains(&id) && !is_describing => {
                let is_told = |other: &Change| other.part == change.part && other.field == HIDDEN;
                if !told.iter().any(is_told) {
                    told.push(secret(HIDDEN));
                }
            }
            Some(_) if OF_ONE.contains(&change.field.as_str()) => told.push(secret(&change.field)),
            None if change.field == "enrolled" && tells_few(rule, &change) => told.push(secret("enrolled")),
            _ => told.push(change),
        }
    }
    told
}

/// What the numbers of a hidden part are called together.
const HIDDEN: &str = "value";

/// Whether a count before or after is of few, or the two differ by few.
fn tells_few(rule: Rule, change: &Change) -> bool {
    let count = |text: &Option<String>| text.as_ref().and_then(|text| text.parse::<i32>().ok());
    let (before, after) = (count(&change.before), count(&change.after));
    let difference = before.zip(after).map(|(before, after)| before.saturating_sub(after).saturating_abs());
    [before, after, difference].into_iter().flatten().any(|count| disclosure::is_few(rule, count))
}

type Named = Vec<(Cow<'static, str>, FieldValue)>;

fn differences(before: Named, after: Named) -> Vec<Change> {
    let gone: Vec<_> =
        before.iter().filter(|(place, _)| !after.iter().any(|(other, _)| other == place)).cloned().collect();
    let words = |value: &FieldValue| match value {
        FieldValue::Shown(value) => shown(value),
        FieldValue::Secret(_) => None,
    };
    let change = |place: &str, before: Option<String>, after: Option<String>| {
        let (part, field) = divided(place);
        Change { part, field: field.to_owned(), before, after, secret: false }
    };
    let changed = changes(before, after);
    let changed = changed
        .iter()
        .map(|entry| change(entry.field(), entry.before().and_then(words), words(entry.after())));
    let ended = gone.iter().filter(|(_, value)| *value != FieldValue::Shown(Value::Null));
    let ended = ended.map(|(place, value)| change(place, words(value), None));
    changed.chain(ended).collect()
}
