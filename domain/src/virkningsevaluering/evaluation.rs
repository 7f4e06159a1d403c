//! An evaluation as operations change it.

use entity::{
    criterion_claim, criterion_comparison, criterion_result, data_processing, data_source, element_criterion,
    learning, measurement, observation, observation_batch, observation_erasure, paired_table,
    participant_exclusion, population, qualitative_evidence, rival_explanation, theory_amendment,
    theory_link, transition, virkningsevaluering, virkningsevaluering_state,
};
use sea_orm::{DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::lifecycle;
use super::named::Named;
use super::part::{described, store_all};
use super::seen::{Access, Standing};
use crate::columns::{EvaluationStatus, SubjectKind, Uuid};
use crate::error::{Error, Problem, Result};
use crate::event::{Fields, Part, text, text_or_none};
use crate::instrument::Instrument;
use crate::intervention;
use crate::operation::{Aggregate, Scope, Store, Versioned, versioned};
use crate::policy::{Owners, Verb};
use crate::programme_theory::element::Element;
use crate::success_criterion::Criterion;

/// An evaluation with those of its parts that an operation reads and changes.
///
/// Whatever is written below an evaluation is a change of the evaluation: its version counts them all, and each leaves one
/// event, which names the fields of every part that it changed.
#[derive(Clone, Debug)]
pub struct Evaluation {
    pub row: virkningsevaluering::Model,
    pub state: virkningsevaluering_state::Model,
    pub(crate) parts: Parts,
    /// The part that the operation is about; the evaluation itself where it is about no part.
    pub about: Uuid,
    /// Whether it is known that the actor sees all of it, the participants too.
    pub(crate) seen_whole: bool,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Parts {
    pub criteria: Vec<Criterion>,
    /// Those that the criteria name, and not everyone has.
    pub instruments: Vec<Instrument>,
    pub populations: Vec<population::Model>,
    pub data_sources: Vec<data_source::Model>,
    pub data_processing: Vec<data_processing::Model>,
    pub observation_batches: Vec<observation_batch::Model>,
    /// Events tell of them by their batches alone.
    pub observations: Vec<observation::Model>,
    pub exclusions: Vec<participant_exclusion::Model>,
    pub erasures: Vec<observation_erasure::Model>,
    pub measurements: Vec<measurement::Model>,
    pub paired_tables: Vec<paired_table::Model>,
    pub results: Vec<criterion_result::Model>,
    pub comparisons: Vec<criterion_comparison::Model>,
    pub claims: Vec<criterion_claim::Model>,
    pub learnings: Vec<learning::Model>,
    pub theory_elements: Vec<Element>,
    pub theory_links: Vec<theory_link::Model>,
    pub element_criteria: Vec<element_criterion::Model>,
    pub theory_amendments: Vec<theory_amendment::Model>,
    pub qualitative_evidence: Vec<qualitative_evidence::Model>,
    pub rival_explanations: Vec<rival_explanation::Model>,
    pub transitions: Vec<transition::Model>,
}

impl Parts {
    /// Takes in what belongs to another criterion of the same evaluation.
    pub fn append(&mut self, mut other: Self) {
        self.criteria.append(&mut other.criteria);
        self.instruments.append(&mut other.instruments);
        self.observation_batches.append(&mut other.observation_batches);
        self.observations.append(&mut other.observations);
        self.exclusions.append(&mut other.exclusions);
        self.measurements.append(&mut other.measurements);
        self.paired_tables.append(&mut other.paired_tables);
        self.results.append(&mut other.results);
        self.comparisons.append(&mut other.comparisons);
    }

    /// Takes out what belongs to one criterion.
    pub fn split_off(&mut self, criterion_id: Uuid) -> Self {
        macro_rules! of_criterion {
            ($list:ident) => {
                self.$list.extract_if(.., |row| row.success_criterion_id == criterion_id).collect()
            };
        }
        Self {
            criteria: self.criteria.extract_if(.., |criterion| criterion.row.id == criterion_id).collect(),
            observation_batches: of_criterion!(observation_batches),
            observations: of_criterion!(observations),
            exclusions: of_criterion!(exclusions),
            measurements: of_criterion!(measurements),
            paired_tables: of_criterion!(paired_tables),
            results: of_criterion!(results),
            comparisons: of_criterion!(comparisons),
            instruments: self.instruments.clone(),
            ..Self::default()
        }
    }
}

versioned!(Evaluation, by row);

impl Aggregate for Evaluation {
    const KIND: SubjectKind = SubjectKind::Virkningsevaluering;
    type Table = virkningsevaluering::Entity;

    fn intervention_id(&self) -> Option<Uuid> {
        Some(self.row.intervention_id)
    }

    fn fields(&self) -> Fields {
        let mut fields = row_fields(&self.row);
        fields.splice(2..2, state_fields(&self.state));
        fields
    }

    fn parts_unlike(&self, other: Option<&Self>) -> Vec<Part> {
        let nothing = Parts::default();
        parts_unlike(&self.parts, other.map_or(&nothing, |other| &other.parts))
    }

    async fn owners(&self, scope: &Scope<'_>) -> Result<Owners> {
        intervention::owners(scope.db, Some(self.row.intervention_id)).await
    }

    fn seen_by(&self) -> Verb {
        if self.row.published_version.is_some() { Verb::SeePublished } else { Verb::See }
    }

    async fn load(db: &DatabaseTransaction, id: Uuid) -> Result<Option<Self>> {
        match virkningsevaluering::Entity::find_by_id(id).one(db).await? {
            Some(row) => Self::of_row(db, row).await.map(Some),
            None => Ok(None),
        }
    }

    async fn store(&self, store: &mut Store<'_>, before: Option<&Self>) -> Result<()> {
        let version = self.row.version;
        store
            .save::<virkningsevaluering::Entity>(
                self.row.clone(),
                virkningsevaluering::Column::Version,
                before.map(Versioned::version),
            )
            .await?;
        if before.is_none_or(|before| before.state != self.state) {
            if let Some(before) = before {
                let ended =
                    virkningsevaluering_state::Model { until_version: Some(version), ..before.state.clone() };
                store.overwrite::<virkningsevaluering_state::Entity>(ended).await?;
            }
            let state = virkningsevaluering_state::Model { since_version: version, ..self.state.clone() };
            store.insert::<virkningsevaluering_state::Entity>(state).await?;
        }
        let nothing = Parts::default();
        let (old, new) = (before.map_or(&nothing, |before| &before.parts), &self.parts);
        store_all(store, &old.criteria, &new.criteria, version).await?;
        store_all(store, &old.populations, &new.populations, version).await?;
        store_all(store, &old.data_sources, &new.data_sources, version).await?;
        store_all(store, &old.data_processing, &new.data_processing, version).await?;
        store_all(store, &old.observation_batches, &new.observation_batches, version).await?;
        crate::observation::store(store, &old.observations, &new.observations).await?;
        store_all(store, &old.exclusions, &new.exclusions, version).await?;
        store_all(store, &old.erasures, &new.erasures, version).await?;
        store_all(store, &old.measurements, &new.measurements, version).await?;
        store_all(store, &old.paired_tables, &new.paired_tables, version).await?;
        store_all(store, &old.results, &new.results, version).await?;
        store_all(store, &old.comparisons, &new.comparisons, version).await?;
        store_all(store, &old.claims, &new.claims, version).await?;
        store_all(store, &old.learnings, &new.learnings, version).await?;
        store_all(store, &old.theory_elements, &new.theory_elements, version).await?;
        store_all(store, &old.theory_links, &new.theory_links, version).await?;
        store_all(store, &old.element_criteria, &new.element_criteria, version).await?;
        store_all(store, &old.theory_amendments, &new.theory_amendments, version).await?;
        store_all(store, &old.qualitative_evidence, &new.qualitative_evidence, version).await?;
        store_all(store, &old.rival_explanations, &new.rival_explanations, version).await?;
        store_all(store, &old.transitions, &new.transitions, version).await
    }
}

/// What an evaluation is from beginning to end.
pub(crate) fn row_fields(row: &virkningsevaluering::Model) -> Fields {
    vec![
        ("slug", text(&row.slug)),
        ("interventionId", text(row.intervention_id)),
        ("registeredAt", text_or_none(row.registered_at)),
        ("registeredVersion", row.registered_version.into()),
        ("publishedVersion", row.published_version.into()),
    ]
}

/// What changes in its life, and is kept in rows of its own.
pub(crate) fn state_fields(state: &virkningsevaluering_state::Model) -> Fields {
    vec![
        ("title", text(&state.title)),
        ("periodStart", text(state.period_start)),
        ("periodEnd", text(state.period_end)),
        ("roundId", text_or_none(state.evaluation_round_id)),
        ("enrolled", state.enrolled.into()),
        ("status", text(state.status)),
        ("revision", state.revision.into()),
    ]
}

/// The parts as events tell of them, in the order of events; of those that others are not equal to.
pub(super) fn parts_unlike(parts: &Parts, others: &Parts) -> Vec<Part> {
    described(&parts.criteria, &others.criteria)
        .chain(described(&parts.populations, &others.populations))
        .chain(described(&parts.data_sources, &others.data_sources))
        .chain(described(&parts.data_processing, &others.data_processing))
        .chain(described(&parts.observation_batches, &others.observation_batches))
        .chain(described(&parts.exclusions, &others.exclusions))
        .chain(described(&parts.erasures, &others.erasures))
        .chain(described(&parts.measurements, &others.measurements))
        .chain(described(&parts.paired_tables, &others.paired_tables))
        .chain(described(&parts.results, &others.results))
        .chain(described(&parts.comparisons, &others.comparisons))
        .chain(described(&parts.claims, &others.claims))
        .chain(described(&parts.learnings, &others.learnings))
        .chain(described(&parts.theory_elements, &others.theory_elements))
        .chain(described(&parts.theory_links, &others.theory_links))
        .chain(described(&parts.element_criteria, &others.element_criteria))
        .chain(described(&parts.theory_amendments, &others.theory_amendments))
        .chain(described(&parts.qualitative_evidence, &others.qualitative_evidence))
        .chain(described(&parts.rival_explanations, &others.rival_explanations))
        .chain(described(&parts.transitions, &others.transitions))
        .collect()
}

impl Evaluation {
    async fn of_row(db: &DatabaseTransaction, row: virkningsevaluering::Model) -> Result<Self> {
        let state = virkningsevaluering_state::Entity::find()
            .filter(virkningsevaluering_state::COLUMN.virkningsevaluering_id.eq(row.id))
            .filter(virkningsevaluering_state::COLUMN.until_version.is_null())
            .one(db)
            .await?
            .ok_or_else(|| Error::internal("an evaluation without a state"))?;
        Ok(Self { about: row.id, row, state, parts: Parts::default(), seen_whole: false })
    }

    /// The evaluation if the actor sees any of it, held until the transaction ends: writes below one evaluation come one
    /// after the other. What is another's costs as many statements as what does not exist.
    pub(crate) async fn held(scope: &Scope<'_>, named: Named, field: &str) -> Result<Self> {
        let not_found = || Error::refused(field, Problem::NotFound);
        let named = virkningsevaluering::Entity::find()
            .filter(named.condition(scope.context).ok_or_else(not_found)?)
            .lock_exclusive();
        let rows = Access::of_rows(scope.context, scope.db, named).await?;
        let (row, access) = rows.into_iter().next().ok_or_else(not_found)?;
        let seen_whole = access.working && access.participants;
        Ok(Self { seen_whole, ..Self::of_row(scope.db, row).await? })
    }

    /// It as it stands, for who sees all of it.
    pub(crate) fn standing(&self) -> Option<Standing> {
        let virkningsevaluering::Model { id, version, registered_version, .. } = self.row;
        let standing = Standing { evaluation_id: id, version, registered_version, participants: true };
        self.seen_whole.then_some(standing)
    }

    /// The state that stood at a version, as the one that stands now.
    pub(super) async fn state_at(
        &self,
        db: &DatabaseTransaction,
        version: i64,
    ) -> Result<virkningsevaluering_state::Model> {
        let (since_version, until_version) = (self.state.since_version, self.state.until_version);
        let known = virkningsevaluering_state::Entity::find()
            .filter(virkningsevaluering_state::COLUMN.virkningsevaluering_id.eq(self.row.id))
            .filter(virkningsevaluering_state::COLUMN.since_version.lte(version))
            .order_by_desc(virkningsevaluering_state::COLUMN.since_version)
            .one(db)
            .await?
            .ok_or_else(|| Error::internal("a version without a state"))?;
        Ok(virkningsevaluering_state::Model { since_version, until_version, ..known })
    }

    /// The version that it will have once the change is stored.
    pub(crate) fn next_version(&self) -> i64 {
        self.row.version + 1
    }

    /// The evaluation with one more step in its life.
    pub(crate) fn moved(mut self, scope: &Scope<'_>, to: EvaluationStatus, comment: Option<String>) -> Self {
        self.parts.transitions.push(transition::Model {
            id: scope.new_id(),
            virkningsevaluering_id: self.row.id,
            since_version: self.next_version(),
            from_status: self.state.status,
            to_status: to,
            actor_id: scope.context.actor.id,
            at: scope.now(),
            comment,
        });
        self.state.status = to;
        self
    }

    /// The evaluation as a write finds it. What was approved or published is opened again, since it needs approval anew;
    /// after a publication that begins a new revision.
    pub(crate) fn opened(&self, scope: &Scope<'_>, field: &str) -> Result<Self> {
        let status = self.state.status;
        let after = lifecycle::written(status).map_err(|problem| Error::refused(field, problem))?;
        let mut opened = self.clone();
        if status == EvaluationStatus::Published {
            opened.state.revision += 1;
        }
        Ok(if after == status { opened } else { opened.moved(scope, after, None) })
    }
}

/// For an operation that names the evaluation it is on.
macro_rules! on_evaluation {
    () => {
        const NAMED_BY: &'static str = "virkningsevalueringId";
        type Subject = Evaluation;

        fn names(&self) -> Vec<$crate::access_log::Name> {
            let kind = $crate::AccessedKind::Virkningsevaluering;
            vec![$crate::access_log::named(Self::NAMED_BY, kind, self.evaluation_id)]
        }

        async fn find(&self, scope: &Scope<'_>) -> Result<Option<Evaluation>> {
            let named = $crate::virkningsevaluering::Named::Evaluation(self.evaluation_id);
            Evaluation::held(scope, named, Self::NAMED_BY).await.map(Some)
        }
    };
}
pub(crate) use on_evaluation;

/// For an operation that makes a part: a repeated request finds the part again.
macro_rules! makes_a_part {
    ($kind:ident) => {
        fn made(&self, subject: &Evaluation) -> Uuid {
            subject.about
        }

        async fn find_again(&self, scope: &Scope<'_>, made: Uuid) -> Result<Option<Evaluation>> {
            let named = Named::Part(crate::EvaluationPart::$kind, Some(made));
            let evaluation = Evaluation::held(scope, named, Self::NAMED_BY).await?;
            Ok(Some(Evaluation { about: made, ..evaluation }))
        }
    };
}
pub(crate) use makes_a_part;
