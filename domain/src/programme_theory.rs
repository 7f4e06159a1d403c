//! Programme theories: the chain from input to outcome, with assumed mechanisms and context, as a small graph.

mod appraisal;
pub mod criterion;
pub mod element;
mod graph;
pub mod link;

pub use appraisal::{Appraisal, appraisals};
pub use entity::theory_amendment::Model as TheoryAmendment;
pub use graph::Flaw;
pub(crate) use graph::is_outcome;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use entity::{element_criterion, theory_amendment, theory_element, theory_element_version, theory_link};
use sea_orm::{DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder};

use crate::columns::{EvaluationPart, Uuid};
use crate::context::Context;
use crate::error::{Error, Problem, Result};
use crate::event::text;
use crate::input::text::{PROSE, optional};
use crate::operation::Scope;
use crate::virkningsevaluering::part::{self, added, stands};
use crate::virkningsevaluering::{Evaluation, Named, Standing, criteria_are_free};
use element::{Element, ElementRow, ElementVersion};
use graph::Graph;

added!(theory_amendment, TheoryAmendment, |row| vec![("reason", text(&row.reason))]);

/// What stands of a theory in one version of its evaluation.
#[derive(Debug)]
struct Stands {
    /// By number, each with what it says.
    elements: Vec<(ElementRow, String)>,
    links: Vec<(Uuid, Uuid)>,
    /// Which criterion measures which element.
    criteria: Vec<(Uuid, Uuid)>,
}

/// A theory in one version of its evaluation; without elements where there is none.
#[derive(Clone, Debug)]
pub struct ProgrammeTheory {
    pub standing: Standing,
    /// Whether it says what was registered; none before that.
    pub as_registered: Option<bool>,
    /// Why it was changed since, the oldest first.
    pub amendments: Vec<TheoryAmendment>,
    stands: Arc<Stands>,
}

/// An element in one version of its evaluation.
#[derive(Clone, Debug)]
pub struct Seen {
    pub row: ElementRow,
    pub text: String,
    pub standing: Standing,
    theory: Arc<Stands>,
}

/// An element in a version of its evaluation.
pub type Place = (Uuid, Standing);

/// What there is to mend in a theory, and the element that it is about.
#[derive(Clone, Debug)]
pub struct Found {
    pub flaw: Flaw,
    pub element: Option<Seen>,
}

impl ProgrammeTheory {
    /// By number.
    pub fn elements(&self) -> Vec<Seen> {
        seen(&self.stands, self.standing, |_| true)
    }

    /// What is to be mended before it is registered.
    pub fn flaws(&self) -> Vec<Found> {
        let found = |flaw: Flaw| Found {
            flaw,
            element: seen(&self.stands, self.standing, |id| flaw.element() == Some(id)).pop(),
        };
        self.stands.graph().flaws().into_iter().map(found).collect()
    }
}

impl Stands {
    /// Whether elements, links and criteria are the same, in whatever order they were put together.
    fn says_the_same_as(&self, other: &Self) -> bool {
        let same = |one: &[(Uuid, Uuid)], other: &[(Uuid, Uuid)]| {
            one.len() == other.len() && one.iter().all(|pair| other.contains(pair))
        };
        self.elements == other.elements
            && same(&self.links, &other.links)
            && same(&self.criteria, &other.criteria)
    }

    fn graph(&self) -> Graph {
        let elements = self.elements.iter().map(|(row, _)| (row.id, row.kind)).collect();
        Graph { elements, links: self.links.clone() }
    }
}

impl Seen {
    /// What looks up what bears on it.
    pub fn place(&self) -> Place {
        (self.row.id, self.standing)
    }

    pub fn leads_to(&self) -> Vec<Self> {
        let links = self.theory.links.iter().filter(|(from, _)| *from == self.row.id);
        let others: HashSet<_> = links.map(|(_, to)| *to).collect();
        seen(&self.theory, self.standing, |id| others.contains(&id))
    }

    pub fn led_to_by(&self) -> Vec<Self> {
        let links = self.theory.links.iter().filter(|(_, to)| *to == self.row.id);
        let others: HashSet<_> = links.map(|(from, _)| *from).collect();
        seen(&self.theory, self.standing, |id| others.contains(&id))
    }
}

fn seen(theory: &Arc<Stands>, standing: Standing, chosen: impl Fn(Uuid) -> bool) -> Vec<Seen> {
    let chosen = theory.elements.iter().filter(|(row, _)| chosen(row.id));
    let seen = |(row, text): &(ElementRow, String)| Seen {
        row: row.clone(),
        text: text.clone(),
        standing,
        theory: Arc::clone(theory),
    };
    chosen.map(seen).collect()
}

/// All rows of some theories, those that no longer stand among them.
struct Rows {
    elements: Vec<ElementRow>,
    versions: Vec<ElementVersion>,
    links: Vec<theory_link::Model>,
    criteria: Vec<element_criterion::Model>,
}

impl Rows {
    async fn read(db: &DatabaseTransaction, evaluations: &HashSet<Uuid>) -> Result<Self> {
        let ids = || evaluations.iter().copied();
        Ok(Self {
            elements: theory_element::Entity::find()
                .filter(theory_element::COLUMN.virkningsevaluering_id.is_in(ids()))
                .order_by_asc(theory_element::COLUMN.number)
                .all(db)
                .await?,
            versions: theory_element_version::Entity::find()
                .filter(theory_element_version::COLUMN.virkningsevaluering_id.is_in(ids()))
                .all(db)
                .await?,
            links: theory_link::Entity::find()
                .filter(theory_link::COLUMN.virkningsevaluering_id.is_in(ids()))
                .order_by_asc(theory_link::COLUMN.id)
                .all(db)
                .await?,
            criteria: element_criterion::Entity::find()
                .filter(element_criterion::COLUMN.virkningsevaluering_id.is_in(ids()))
                .order_by_asc(element_criterion::COLUMN.id)
                .all(db)
                .await?,
        })
    }

    /// What stood of an evaluation's theory in a version.
    fn standing(&self, evaluation: Uuid, version: i64) -> Stands {
        let says: HashMap<_, _> = self
            .versions
            .iter()
            .filter(|says| stands(says.since_version, says.until_version, version))
            .map(|says| (says.theory_element_id, &says.text))
            .collect();
        let own = self.elements.iter().filter(|row| row.virkningsevaluering_id == evaluation);
        let links = self.links.iter().filter(|row| {
            row.virkningsevaluering_id == evaluation && stands(row.since_version, row.until_version, version)
        });
        let criteria = self.criteria.iter().filter(|row| {
            row.virkningsevaluering_id == evaluation && stands(row.since_version, row.until_version, version)
        });
        Stands {
            elements: own.filter_map(|row| Some((row.clone(), (*says.get(&row.id)?).clone()))).collect(),
            links: links.map(|row| (row.from_id, row.to_id)).collect(),
            criteria: criteria.map(|row| (row.success_criterion_id, row.theory_element_id)).collect(),
        }
    }
}

/// The theory of each evaluation.
pub async fn of_evaluations(
    context: &Context,
    standings: &[Standing],
) -> Result<HashMap<Standing, ProgrammeTheory>> {
    let snapshot = context.at_any_time().await?;
    let ids = standings.iter().map(|standing| standing.evaluation_id).collect();
    let rows = Rows::read(&snapshot.db, &ids).await?;
    let columns = (theory_amendment::Column::VirkningsevalueringId, theory_amendment::Column::Id);
    let row_of = |row: &TheoryAmendment| (row.virkningsevaluering_id, row.since_version);
    let mut amendments =
        part::of_evaluations::<theory_amendment::Entity>(context, standings, columns, row_of).await?;
    let mut of_standing = |standing: &Standing| {
        let present = rows.standing(standing.evaluation_id, standing.version);
        let registered = standing.registered_version.map(|at| rows.standing(standing.evaluation_id, at));
        ProgrammeTheory {
            standing: *standing,
            as_registered: registered.map(|registered| registered.says_the_same_as(&present)),
            amendments: amendments.remove(standing).unwrap_or_default(),
            stands: Arc::new(present),
        }
    };
    Ok(standings.iter().map(|standing| (*standing, of_standing(standing))).collect())
}

/// The elements of these places, for what bears on them to lead back up.
pub async fn elements(context: &Context, places: &[Place]) -> Result<HashMap<Place, Seen>> {
    let standings: HashSet<_> = places.iter().map(|(_, standing)| *standing).collect();
    let standings: Vec<_> = standings.into_iter().collect();
    let theories = of_evaluations(context, &standings).await?;
    let elements = theories.values().flat_map(ProgrammeTheory::elements);
    let wanted: HashSet<_> = places.iter().collect();
    Ok(elements.map(|seen| (seen.place(), seen)).filter(|(place, _)| wanted.contains(place)).collect())
}

/// Reads all of a theory into its evaluation, removed elements among it, whose numbers are not given again.
pub(crate) async fn load_into(db: &DatabaseTransaction, evaluation: &mut Evaluation) -> Result<()> {
    let Rows { elements, versions, links, criteria } =
        Rows::read(db, &HashSet::from([evaluation.row.id])).await?;
    let standing = versions.into_iter().filter(|version| version.until_version.is_none());
    let mut says: HashMap<_, _> = standing.map(|version| (version.theory_element_id, version)).collect();
    let parts = &mut evaluation.parts;
    parts.theory_elements =
        elements.into_iter().map(|row| Element { version: says.remove(&row.id), row }).collect();
    parts.theory_links = links.into_iter().filter(|row| row.until_version.is_none()).collect();
    parts.element_criteria = criteria.into_iter().filter(|row| row.until_version.is_none()).collect();
    Ok(())
}

/// The evaluation of an element that stands, held, with its theory.
pub(crate) async fn held_with(
    scope: &Scope<'_>,
    element_id: Option<Uuid>,
    field: &str,
) -> Result<Evaluation> {
    let mut evaluation =
        Evaluation::held(scope, Named::Part(EvaluationPart::TheoryElement, element_id), field).await?;
    load_into(scope.db, &mut evaluation).await?;
    evaluation.about = element(&evaluation, element_id, field)?.id;
    Ok(evaluation)
}

/// An element that stands in the evaluation.
pub(crate) fn element<'a>(
    evaluation: &'a Evaluation,
    id: Option<Uuid>,
    field: &str,
) -> Result<&'a ElementRow> {
    let mut standing = evaluation.parts.theory_elements.iter().filter(|element| element.version.is_some());
    let named = standing.find(|element| Some(element.row.id) == id);
    Ok(&named.ok_or_else(|| Error::refused(field, Problem::NotFound))?.row)
}

/// The theory that an operation has loaded, as it stands.
fn graph_of(evaluation: &Evaluation) -> Graph {
    let parts = &evaluation.parts;
    let elements = parts.theory_elements.iter().filter(|element| element.version.is_some());
    let links = parts.theory_links.iter().filter(|row| row.until_version.is_none());
    Graph {
        elements: elements.map(|element| (element.row.id, element.row.kind)).collect(),
        links: links.map(|row| (row.from_id, row.to_id)).collect(),
    }
}

/// Those of these evaluations whose theory, as it stands, has something to mend.
pub(crate) async fn unsound(db: &DatabaseTransaction, evaluations: &[Uuid]) -> Result<HashSet<Uuid>> {
    /// A version that nothing has ended by.
    const NEWEST: i64 = i64::MAX;
    let rows = Rows::read(db, &evaluations.iter().copied().collect()).await?;
    let has_flaws = |id: &Uuid| !rows.standing(*id, NEWEST).graph().flaws().is_empty();
    Ok(evaluations.iter().copied().filter(has_flaws).collect())
}

/// The evaluation as a change of its theory finds it: opened, and once it is registered with the reason beside it.
fn changing(
    scope: &Scope<'_>,
    present: &Evaluation,
    reason: Option<&str>,
    field: &str,
) -> Result<Evaluation> {
    let mut evaluation = present.opened(scope, field)?;
    if criteria_are_free(present.state.status) {
        return Ok(evaluation);
    }
    let reason = optional(reason, PROSE).map_err(|problem| Error::refused("reason", problem))?;
    evaluation.parts.theory_amendments.push(TheoryAmendment {
        id: scope.new_id(),
        virkningsevaluering_id: evaluation.row.id,
        since_version: evaluation.next_version(),
        reason: reason.ok_or_else(|| Error::refused("reason", Problem::TheoryRegistered))?,
    });
    Ok(evaluation)
}

/// The same for the row of a file, which gives no reason: a registered theory is not changed by it.
fn changing_by_file(scope: &Scope<'_>, present: &Evaluation, field: &str) -> Result<Evaluation> {
    if criteria_are_free(present.state.status) {
        return present.opened(scope, field);
    }
    Err(Error::refused(field, Problem::TheoryRegistered))
}
