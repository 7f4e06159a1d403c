//! Evaluations and what lies below them.

use std::collections::{HashMap, HashSet};

use entity::intervention_year;
use sea_orm::{QueryFilter, QuerySelect};

use super::state::{Evaluations, Rule};
use super::{Ability, Permission, Wish, to};
use crate::columns::{Action, Pairing, SubjectKind, Uuid};
use crate::context::Context;
use crate::data_processing::{self, DataProcessing, stated};
use crate::error::{Problem, Result};
use crate::measurement::{self, correctable};
use crate::observation::{self, recordable};
use crate::paired_table::{self, pairable};
use crate::policy::Verb;
use crate::programme_theory::element::{self, bearing_evidence};
use crate::programme_theory::{criterion, link};
use crate::sight::newest_years;
use crate::{
    criterion_claim, data_source, learning, population, qualitative_evidence, rival_explanation,
    success_criterion, virkningsevaluering,
};

const REGISTER: Wish = to::<virkningsevaluering::Register>(Ability::RegisterVirkningsevaluering);
const SUBMIT: Wish = to::<virkningsevaluering::Submit>(Ability::SubmitVirkningsevaluering);
const RETURN: Wish = to::<virkningsevaluering::Return>(Ability::ReturnVirkningsevaluering);
const APPROVE: Wish = to::<virkningsevaluering::Approve>(Ability::ApproveVirkningsevaluering);
const PUBLISH: Wish = to::<virkningsevaluering::Publish>(Ability::PublishVirkningsevaluering);
const WITHDRAW: Wish = to::<virkningsevaluering::Withdraw>(Ability::WithdrawVirkningsevaluering);
const RECORD_PAIRED_TABLE: Wish = to::<paired_table::Record>(Ability::RecordPairedTable);
const RECORD_OBSERVATIONS: Wish = to::<observation::Record>(Ability::RecordObservations);
const REMOVE_ELEMENT: Wish = to::<element::Remove>(Ability::RemoveTheoryElement);
const READ_OBSERVATIONS: Wish = Wish {
    ability: Ability::ReadObservations,
    kind: SubjectKind::Virkningsevaluering,
    verb: Verb::ReadParticipants,
};

const OF_EVALUATION: [(Wish, Rule); 19] = [
    (to::<virkningsevaluering::Update>(Ability::UpdateVirkningsevaluering), Rule::Written),
    (REGISTER, Rule::Step(Action::Register)),
    (SUBMIT, Rule::Step(Action::Submit)),
    (RETURN, Rule::Step(Action::Return)),
    (APPROVE, Rule::Step(Action::Approve)),
    (PUBLISH, Rule::Step(Action::Publish)),
    (WITHDRAW, Rule::Step(Action::Withdraw)),
    (to::<success_criterion::Add>(Ability::AddSuccessCriterion), Rule::Criteria),
    (to::<measurement::Put>(Ability::ImportMeasurements), Rule::Written),
    (to::<data_processing::State>(Ability::StateDataProcessing), Rule::Written),
    // The law does not wait.
    (to::<observation::Erase>(Ability::EraseObservations), Rule::None),
    (to::<learning::Add>(Ability::AddLearning), Rule::Written),
    (to::<population::Add>(Ability::AddPopulation), Rule::Written),
    (to::<data_source::Add>(Ability::AddDataSource), Rule::Written),
    (to::<element::Add>(Ability::AddTheoryElement), Rule::Written),
    (to::<link::Link>(Ability::LinkTheoryElements), Rule::Written),
    (to::<link::Unlink>(Ability::UnlinkTheoryElements), Rule::Written),
    (to::<rival_explanation::Add>(Ability::AddRivalExplanation), Rule::Written),
    (READ_OBSERVATIONS, Rule::None),
];

const OF_CRITERION: [(Wish, Rule); 12] = [
    (to::<success_criterion::Update>(Ability::UpdateSuccessCriterion), Rule::Criteria),
    (to::<success_criterion::Amend>(Ability::AmendSuccessCriterion), Rule::Amended),
    (to::<success_criterion::Remove>(Ability::RemoveSuccessCriterion), Rule::Criteria),
    // In a draft only one before, which is for the input to say.
    (to::<measurement::Record>(Ability::RecordMeasurement), Rule::Written),
    (RECORD_PAIRED_TABLE, Rule::Written),
    (RECORD_OBSERVATIONS, Rule::Written),
    (to::<observation::Exclude>(Ability::ExcludeParticipant), Rule::Written),
    (to::<observation::Include>(Ability::IncludeParticipant), Rule::Written),
    (to::<criterion_claim::Add>(Ability::AddClaim), Rule::Written),
    (to::<criterion::Attach>(Ability::AttachSuccessCriterion), Rule::Written),
    (to::<criterion::Detach>(Ability::DetachSuccessCriterion), Rule::Written),
    (READ_OBSERVATIONS, Rule::None),
];

const OF_MEASUREMENT: [(Wish, Rule); 1] =
    [(to::<measurement::Correct>(Ability::CorrectMeasurement), Rule::Written)];

const OF_ELEMENT: [(Wish, Rule); 3] = [
    (to::<element::Update>(Ability::UpdateTheoryElement), Rule::Written),
    (REMOVE_ELEMENT, Rule::Written),
    (to::<qualitative_evidence::Add>(Ability::AddQualitativeEvidence), Rule::Written),
];

const OF_RIVAL: [(Wish, Rule); 1] =
    [(to::<rival_explanation::Assess>(Ability::AssessRivalExplanation), Rule::Written)];

pub async fn of_evaluations(context: &Context, ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<Permission>>> {
    let mut evaluations = Evaluations::read(context, ids.iter().copied()).await?;
    evaluations.look_for_obstacles(&OF_EVALUATION).await?;
    Ok(ids.iter().map(|id| (*id, evaluations.answers(*id, &OF_EVALUATION, |_wish| Ok(())))).collect())
}

/// Of criteria, by their evaluations and how the people hang together.
pub async fn of_criteria(
    context: &Context,
    criteria: &[(Uuid, Pairing)],
) -> Result<HashMap<(Uuid, Pairing), Vec<Permission>>> {
    let evaluations = Evaluations::read(context, criteria.iter().map(|(evaluation, _)| *evaluation)).await?;
    let recorded = Recorded::read(context, &evaluations).await?;
    let of_criterion = |key: &(Uuid, Pairing)| {
        let first = |wish: &Wish| match wish.ability {
            Ability::RecordPairedTable => pairable(key.1),
            Ability::RecordObservations => recorded.check(context, key.0),
            _ => Ok(()),
        };
        (*key, evaluations.answers(key.0, &OF_CRITERION, first))
    };
    Ok(criteria.iter().map(of_criterion).collect())
}

/// A measurement, as far as what can be done to it depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Measured {
    pub evaluation_id: Uuid,
    /// The version of the evaluation in which another corrected it.
    pub until_version: Option<i64>,
    pub computed: bool,
}

pub async fn of_measurements(
    context: &Context,
    measurements: &[Measured],
) -> Result<HashMap<Measured, Vec<Permission>>> {
    let evaluations = measurements.iter().map(|measured| measured.evaluation_id);
    let evaluations = Evaluations::read(context, evaluations).await?;
    let of_measurement = |measured: &Measured| {
        let first = |_wish: &Wish| correctable(measured.until_version, measured.computed);
        (*measured, evaluations.answers(measured.evaluation_id, &OF_MEASUREMENT, first))
    };
    Ok(measurements.iter().map(of_measurement).collect())
}

/// Of elements, each with its evaluation.
pub async fn of_theory_elements(
    context: &Context,
    elements: &[(Uuid, Uuid)],
) -> Result<HashMap<(Uuid, Uuid), Vec<Permission>>> {
    let evaluations = Evaluations::read(context, elements.iter().map(|(_, evaluation)| *evaluation)).await?;
    let ids: Vec<_> = elements.iter().map(|(id, _)| *id).collect();
    let in_use = bearing_evidence(&context.snapshot().await?.db, &ids).await?;
    let of_element = |key: &(Uuid, Uuid)| {
        let first = |wish: &Wish| match wish.ability {
            Ability::RemoveTheoryElement if in_use.contains(&key.0) => Err(Problem::ElementInUse),
            _ => Ok(()),
        };
        (*key, evaluations.answers(key.1, &OF_ELEMENT, first))
    };
    Ok(elements.iter().map(of_element).collect())
}

/// Of rival explanations, by their evaluations.
pub async fn of_rivals(context: &Context, evaluations: &[Uuid]) -> Result<HashMap<Uuid, Vec<Permission>>> {
    let known = Evaluations::read(context, evaluations.iter().copied()).await?;
    Ok(evaluations.iter().map(|id| (*id, known.answers(*id, &OF_RIVAL, |_wish| Ok(())))).collect())
}

/// What recording observations rests on.
struct Recorded {
    stated: HashMap<Uuid, DataProcessing>,
    /// The evaluations whose interventions keep their participants anonymous.
    anonymous: HashSet<Uuid>,
}

impl Recorded {
    /// Nothing is read for those who may not record.
    async fn read(context: &Context, evaluations: &Evaluations<'_>) -> Result<Self> {
        let permitted = evaluations
            .iter()
            .filter(|(_, state)| RECORD_OBSERVATIONS.is_permitted(&context.actor, &state.owners));
        let permitted: Vec<_> = permitted.map(|(id, state)| (id, state.intervention_id)).collect();
        if permitted.is_empty() {
            return Ok(Self { stated: HashMap::new(), anonymous: HashSet::new() });
        }
        let db = &context.snapshot().await?.db;
        let ids: Vec<_> = permitted.iter().map(|(id, _)| *id).collect();
        let anonymous: Vec<Uuid> = newest_years()
            .select_only()
            .column(intervention_year::Column::InterventionId)
            .filter(intervention_year::COLUMN.intervention_id.is_in(permitted.iter().map(|(_, id)| *id)))
            .filter(intervention_year::COLUMN.anonymous.eq(true))
            .into_tuple()
            .all(db)
            .await?;
        let is_anonymous = |(_, intervention): &&(Uuid, Uuid)| anonymous.contains(intervention);
        Ok(Self {
            stated: stated(db, &ids).await?,
            anonymous: permitted.iter().filter(is_anonymous).map(|(id, _)| *id).collect(),
        })
    }

    fn check(&self, context: &Context, evaluation_id: Uuid) -> Result<(), Problem> {
        let anonymous = self.anonymous.contains(&evaluation_id);
        recordable(anonymous, self.stated.get(&evaluation_id), context.now())
    }
}
