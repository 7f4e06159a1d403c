//! What stood of an evaluation in one of its versions.

use entity::{
    criterion_claim, criterion_comparison, criterion_result, data_processing, data_source, element_criterion,
    learning, measurement, observation, observation_batch, observation_erasure, paired_table,
    participant_exclusion, population, qualitative_evidence, rival_explanation, success_criterion,
    success_criterion_version, theory_amendment, theory_element, theory_element_version, theory_link,
    transition,
};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder};

use super::Seen;
use super::evaluation::{Evaluation, Parts};
use super::part::stands;
use crate::columns::Uuid;
use crate::error::Result;
use crate::instrument;
use crate::programme_theory::element::Element;
use crate::success_criterion::Criterion;

/// The evaluation as it stood in the version that is seen, with all that its results are made of.
pub(crate) async fn evaluation_at(db: &DatabaseTransaction, seen: Seen) -> Result<Evaluation> {
    let standing_of = seen.standing();
    let registered_at = seen.registered_at();
    let (id, version) = (standing_of.evaluation_id, standing_of.version);
    let mut parts = All::read(db, &[id]).await?.standing(id, version);
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
    Ok(Evaluation { about: id, row, state: seen.state, parts, seen_whole: false })
}

/// All rows below some evaluations, those that no longer stand among them.
pub(super) struct All {
    pub parts: Parts,
    /// All that the criteria and the elements among them have ever said.
    criteria: Vec<success_criterion_version::Model>,
    elements: Vec<theory_element_version::Model>,
}

impl All {
    pub async fn read(db: &DatabaseTransaction, ids: &[Uuid]) -> Result<Self> {
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
            data_processing: all!(data_processing, Id),
            observation_batches: all!(observation_batch, Id),
            observations: Vec::new(),
            exclusions: all!(participant_exclusion, Id),
            erasures: all!(observation_erasure, Id),
            measurements: all!(measurement, Id),
            paired_tables: all!(paired_table, Id),
            results: all!(criterion_result, Id),
            comparisons: all!(criterion_comparison, Id),
            instruments: Vec::new(),
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
    pub fn standing(&self, id: Uuid, version: i64) -> Parts {
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
            data_processing: standing!(data_processing),
            observation_batches: staying!(observation_batches),
            observations: Vec::new(),
            exclusions: standing!(exclusions),
            erasures: staying!(erasures),
            measurements: standing!(measurements),
            paired_tables: standing!(paired_tables),
            results: standing!(results),
            comparisons: standing!(comparisons),
            instruments: Vec::new(),
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
