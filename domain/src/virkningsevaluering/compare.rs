//! What changed in an evaluation between two moments of its life.

use std::borrow::Cow;
use std::collections::HashMap;

use entity::{transition, virkningsevaluering_state};
use sea_orm::{EntityTrait, QueryFilter};
use serde_json::Value;

use super::Life;
use super::at::All;
use super::evaluation::{parts_of, state_fields};
use super::part::stands;
use crate::columns::{EvaluationStatus, Uuid};
use crate::context::Context;
use crate::error::Result;
use crate::event::{FieldValue, changes, named};
use crate::history::{Change, divided, shown};

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
    let mut compared = HashMap::new();
    for (life, from, to) in wanted {
        let id = life.evaluation_id();
        let steps: Vec<_> = all
            .parts
            .transitions
            .iter()
            .filter(|step| step.virkningsevaluering_id == id && life.shows(step))
            .collect();
        let (Some(from_version), Some(to_version)) = (from.version(*life, &steps), to.version(*life, &steps))
        else {
            continue;
        };
        let fields = |version: i64| {
            let state = states.iter().find(|state| {
                state.virkningsevaluering_id == id
                    && stands(state.since_version, state.until_version, version)
            });
            named(state.map(state_fields).unwrap_or_default(), parts_of(&all.standing(id, version)))
        };
        let changes = differences(fields(from_version), fields(to_version));
        compared.insert((*life, *from, *to), Comparison { from_version, to_version, changes });
    }
    Ok(compared)
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
