//! Which success criteria measure which elements. A criterion measures one element at most, since its result would
//! otherwise tell of the implementation and of the outcomes at once; an element can be measured by several.

use std::collections::{HashMap, HashSet};

use entity::element_criterion;
use sea_orm::{EntityTrait, QueryFilter, QueryOrder};

use super::{Place, Seen, changing, changing_by_file, element, elements, load_into};
use crate::access_log::{Name, named};
use crate::columns::{AccessedKind, Action, EvaluationPart, Uuid};
use crate::context::Context;
use crate::error::{Error, Problem, Result};
use crate::event::{Fields, text};
use crate::operation::{Operation, Scope, Store};
use crate::success_criterion;
use crate::virkningsevaluering::part::{PartRow, stands};
use crate::virkningsevaluering::{Evaluation, Named, Standing, makes_a_part};

impl PartRow for element_criterion::Model {
    const KIND: EvaluationPart = EvaluationPart::ElementCriterion;

    fn id(&self) -> Uuid {
        self.id
    }

    fn fields(&self) -> Fields {
        vec![
            ("current", self.until_version.is_none().into()),
            ("criterionId", text(self.success_criterion_id)),
            ("elementId", text(self.theory_element_id)),
        ]
    }

    async fn store(&self, store: &mut Store<'_>, before: Option<&Self>, _version: i64) -> Result<()> {
        store.write::<element_criterion::Entity>(before, self.clone()).await
    }
}

/// Which criterion measures which element, in each of these versions.
async fn pairs(
    context: &Context,
    standings: &HashSet<Standing>,
) -> Result<HashMap<Standing, Vec<(Uuid, Uuid)>>> {
    let snapshot = context.at_any_time().await?;
    let ids = standings.iter().map(|standing| standing.evaluation_id);
    let rows = element_criterion::Entity::find()
        .filter(element_criterion::COLUMN.virkningsevaluering_id.is_in(ids))
        .order_by_asc(element_criterion::COLUMN.id)
        .all(&snapshot.db)
        .await?;
    let of_standing = |standing: &Standing| {
        let own = rows.iter().filter(|row| {
            row.virkningsevaluering_id == standing.evaluation_id
                && stands(row.since_version, row.until_version, standing.version)
        });
        own.map(|row| (row.success_criterion_id, row.theory_element_id)).collect()
    };
    Ok(standings.iter().map(|standing| (*standing, of_standing(standing))).collect())
}

/// The criteria that measure each element, by number.
pub async fn of_elements(
    context: &Context,
    places: &[Place],
) -> Result<HashMap<Place, Vec<success_criterion::Seen>>> {
    let standings: HashSet<_> = places.iter().map(|(_, standing)| *standing).collect();
    let pairs = pairs(context, &standings).await?;
    let standings: Vec<_> = standings.into_iter().collect();
    let criteria = success_criterion::of_evaluations(context, &standings).await?;
    let of_place = |(element, standing): &Place| {
        let measures = |seen: &&success_criterion::Seen| {
            pairs.get(standing).is_some_and(|pairs| pairs.contains(&(seen.row.id, *element)))
        };
        criteria.get(standing).into_iter().flatten().filter(measures).cloned().collect()
    };
    Ok(places.iter().map(|place| (*place, of_place(place))).collect())
}

/// The element that each criterion measures.
pub async fn elements_of(
    context: &Context,
    wanted: &[(Uuid, Standing)],
) -> Result<HashMap<(Uuid, Standing), Seen>> {
    let standings = wanted.iter().map(|(_, standing)| *standing).collect();
    let pairs = pairs(context, &standings).await?;
    let place = |(criterion, standing): &(Uuid, Standing)| {
        let (_, element) = pairs.get(standing)?.iter().find(|(measuring, _)| measuring == criterion)?;
        Some(((*criterion, *standing), (*element, *standing)))
    };
    let places: Vec<_> = wanted.iter().filter_map(place).collect();
    let found = elements(context, &places.iter().map(|(_, place)| *place).collect::<Vec<_>>()).await?;
    let element = |(criterion, place)| Some((criterion, found.get(&place)?.clone()));
    Ok(places.into_iter().filter_map(element).collect())
}

/// Says that a criterion measures an element, and no other; once the theory is registered for a reason.
#[derive(Clone, Debug)]
pub struct Attach {
    pub criterion_id: Option<Uuid>,
    pub element_id: Option<Uuid>,
    pub reason: Option<String>,
}

/// Takes that back; once the theory is registered for a reason.
#[derive(Clone, Debug)]
pub struct Detach {
    pub criterion_id: Option<Uuid>,
    pub reason: Option<String>,
}

/// Attaches as the row of a file says, unless it is so already.
#[derive(Clone, Debug)]
pub struct Put {
    pub criterion_id: Uuid,
    pub element_id: Uuid,
}

const ELEMENT: &str = "elementId";

impl Operation for Attach {
    const ACTION: Action = Action::Update;
    const NAMED_BY: &'static str = "criterionId";
    type Subject = Evaluation;

    fn names(&self) -> Vec<Name> {
        vec![
            named(Self::NAMED_BY, AccessedKind::SuccessCriterion, self.criterion_id),
            named(ELEMENT, AccessedKind::TheoryElement, self.element_id),
        ]
    }

    async fn find(&self, scope: &Scope<'_>) -> Result<Option<Evaluation>> {
        held(scope, self.criterion_id).await.map(Some)
    }

    async fn decide(&self, scope: &Scope<'_>, subject: Option<&Evaluation>) -> Result<Evaluation> {
        let present = subject.ok_or_else(|| Error::refused(Self::NAMED_BY, Problem::NotFound))?;
        let element_id = element(present, self.element_id, ELEMENT)?.id;
        if attached(present) == Some(element_id) {
            return Ok(present.clone());
        }
        let evaluation = changing(scope, present, self.reason.as_deref(), Self::NAMED_BY)?;
        Ok(measuring(scope, detached(evaluation), element_id))
    }
}

impl Operation for Detach {
    const ACTION: Action = Action::Update;
    const NAMED_BY: &'static str = "criterionId";
    type Subject = Evaluation;

    fn names(&self) -> Vec<Name> {
        vec![named(Self::NAMED_BY, AccessedKind::SuccessCriterion, self.criterion_id)]
    }

    async fn find(&self, scope: &Scope<'_>) -> Result<Option<Evaluation>> {
        held(scope, self.criterion_id).await.map(Some)
    }

    async fn decide(&self, scope: &Scope<'_>, subject: Option<&Evaluation>) -> Result<Evaluation> {
        let present = subject.ok_or_else(|| Error::refused(Self::NAMED_BY, Problem::NotFound))?;
        if attached(present).is_none() {
            return Ok(present.clone());
        }
        Ok(detached(changing(scope, present, self.reason.as_deref(), Self::NAMED_BY)?))
    }
}

impl Operation for Put {
    const ACTION: Action = Action::Import;
    const NAMED_BY: &'static str = "criterion";
    type Subject = Evaluation;

    makes_a_part!(Criterion);

    async fn find(&self, scope: &Scope<'_>) -> Result<Option<Evaluation>> {
        held(scope, Some(self.criterion_id)).await.map(Some)
    }

    async fn decide(&self, scope: &Scope<'_>, subject: Option<&Evaluation>) -> Result<Evaluation> {
        let present = subject.ok_or_else(|| Error::refused(Self::NAMED_BY, Problem::NotFound))?;
        let element_id = element(present, Some(self.element_id), ELEMENT)?.id;
        if attached(present) == Some(element_id) {
            return Ok(present.clone());
        }
        let evaluation = changing_by_file(scope, present, Self::NAMED_BY)?;
        Ok(measuring(scope, detached(evaluation), element_id))
    }
}

/// The evaluation of a criterion that stands, held, with its theory.
async fn held(scope: &Scope<'_>, criterion_id: Option<Uuid>) -> Result<Evaluation> {
    let mut evaluation = success_criterion::held_with(scope, criterion_id, Attach::NAMED_BY).await?;
    if evaluation.parts.criteria.is_empty() {
        return Err(Error::refused(Attach::NAMED_BY, Problem::NotFound));
    }
    load_into(scope.db, &mut evaluation).await?;
    Ok(evaluation)
}

/// The element that the criterion, which the evaluation is about, measures.
fn attached(evaluation: &Evaluation) -> Option<Uuid> {
    let mut rows = evaluation.parts.element_criteria.iter();
    rows.find(|row| row.success_criterion_id == evaluation.about).map(|row| row.theory_element_id)
}

fn detached(mut evaluation: Evaluation) -> Evaluation {
    let (criterion, ended) = (evaluation.about, Some(evaluation.next_version()));
    let rows = evaluation.parts.element_criteria.iter_mut();
    for row in rows.filter(|row| row.success_criterion_id == criterion) {
        row.until_version = ended;
    }
    evaluation
}

fn measuring(scope: &Scope<'_>, mut evaluation: Evaluation, element_id: Uuid) -> Evaluation {
    let row = element_criterion::Model {
        id: scope.new_id(),
        virkningsevaluering_id: evaluation.row.id,
        since_version: evaluation.next_version(),
        until_version: None,
        success_criterion_id: evaluation.about,
        theory_element_id: element_id,
    };
    evaluation.parts.element_criteria.push(row);
    evaluation
}
