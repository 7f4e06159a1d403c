//! What changed in an evaluation between two moments of its life.

use std::borrow::Cow;
use std::collections::HashMap;

use entity::{
    criterion_claim, criterion_result, data_source, element_criterion, learning, measurement, paired_table,
    population, qualitative_evidence, rival_explanation, success_criterion, success_criterion_version,
    theory_amendment, theory_element, theory_element_version, theory_link, transition,
    virkningsevaluering_state,
};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder};
use serde_json::Value;

use super::Life;
use super::evaluation::{Parts, parts_of, state_fields};
use super::part::stands;
use crate::columns::{EvaluationStatus, Uuid};
use crate::context::Context;
use crate::error::Result;
use crate::event::{FieldValue, changes, named};
use crate::history::{Change, divided, shown};
use crate::programme_theory::element::Element;
use crate::success_criterion::Criterion;

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

/// All rows below some evaluations, those that no longer stand among them.
struct All {
    parts: Parts,
    /// All that the criteria and the elements among them have ever said.
    criteria: Vec<success_criterion_version::Model>,
    elements: Vec<theory_element_version::Model>,
}

impl All {
    async fn read(db: &DatabaseTransaction, ids: &[Uuid]) -> Result<Self> {
        macro_rules! all {
            ($table:ident, $order:ident) => {
                $table::Entity::find()
                    .filter($table::Column::VirkningsevalueringId.is_in(ids.iter().copied()))
                    .order_by_asc($table::Column::$order)
                    .all(db)
                    .await?
            };
        }
        let criteria = all!(success_criterion, Id).into_iter().map(|row| Criterion { row, version: None });
        let elements = all!(theory_element, Id).into_iter().map(|row| Element { row, version: None });
        let parts = Parts {
            criteria: criteria.collect(),
            populations: all!(population, Id),
            data_sources: all!(data_source, Id),
            measurements: all!(measurement, Id),
            paired_tables: all!(paired_table, Id),
            results: all!(criterion_result, Id),
            claims: all!(criterion_claim, Id),
            learnings: all!(learning, Id),
            theory_elements: elements.collect(),
            theory_links: all!(theory_link, Id),
            element_criteria: all!(element_criterion, Id),
            theory_amendments: all!(theory_amendment, Id),
            qualitative_evidence: all!(qualitative_evidence, Id),
            rival_explanations: all!(rival_explanation, Id),
            transitions: all!(transition, Id),
        };
        Ok(Self {
            parts,
            criteria: all!(success_criterion_version, SinceVersion),
            elements: all!(theory_element_version, SinceVersion),
        })
    }

    /// What stands of an evaluation in a version. The steps between the two moments are told elsewhere.
    fn standing(&self, id: Uuid, version: i64) -> Parts {
        macro_rules! own {
            ($list:ident) => {
                self.parts.$list.iter().filter(|row| row.virkningsevaluering_id == id)
            };
        }
        macro_rules! staying {
            ($list:ident) => {
                own!($list).filter(|row| row.since_version <= version).cloned().collect()
            };
        }
        macro_rules! standing {
            ($list:ident) => {
                own!($list)
                    .filter(|row| stands(row.since_version, row.until_version, version))
                    .cloned()
                    .map(|mut row| {
                        // What was ended later stood then: that is no difference.
                        row.until_version = None;
                        row
                    })
                    .collect()
            };
        }
        macro_rules! saying {
            ($part:ident, $list:ident, $versions:ident, $of:ident) => {{
                let own = self.parts.$list.iter().filter(|part| part.row.virkningsevaluering_id == id);
                let says = |part: &$part| {
                    let mut versions = self.$versions.iter().filter(|says| says.$of == part.row.id);
                    let version =
                        versions.find(|says| stands(says.since_version, says.until_version, version))?;
                    Some($part { row: part.row.clone(), version: Some(version.clone()) })
                };
                own.filter_map(says).collect()
            }};
        }
        Parts {
            criteria: saying!(Criterion, criteria, criteria, success_criterion_id),
            populations: staying!(populations),
            data_sources: staying!(data_sources),
            measurements: standing!(measurements),
            paired_tables: standing!(paired_tables),
            results: standing!(results),
            claims: staying!(claims),
            learnings: staying!(learnings),
            theory_elements: saying!(Element, theory_elements, elements, theory_element_id),
            theory_links: standing!(theory_links),
            element_criteria: standing!(element_criteria),
            theory_amendments: staying!(theory_amendments),
            qualitative_evidence: staying!(qualitative_evidence),
            rival_explanations: standing!(rival_explanations),
            transitions: Vec::new(),
        }
    }
}
