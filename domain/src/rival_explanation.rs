//! Rival explanations: what else than the programme theory could explain what is found.

pub use entity::rival_explanation::Model as RivalExplanation;

use std::collections::HashMap;

use entity::rival_explanation;
use sea_orm::{DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder};

use crate::GivenId;
use crate::access_log::{Name, named};
use crate::columns::{AccessedKind, Action, EvaluationPart, RivalAssessment, Uuid};
use crate::context::Context;
use crate::error::{Error, Faults, Problem, Result};
use crate::event::{Fields, text, text_or_none};
use crate::input::text::{PROSE, optional, required};
use crate::operation::{Operation, Scope, Store};
use crate::page::grouped_by;
use crate::programme_theory::{Place, element, is_outcome, load_into};
use crate::virkningsevaluering::part::{NamedRow, PartRow, put_of_file, stands, with_row};
use crate::virkningsevaluering::{Evaluation, Named, Parts, Standing, makes_a_part};

impl PartRow for RivalExplanation {
    const KIND: EvaluationPart = EvaluationPart::RivalExplanation;

    fn id(&self) -> Uuid {
        self.id
    }

    fn fields(&self) -> Fields {
        vec![
            ("elementId", text_or_none(self.theory_element_id)),
            ("text", text(&self.text)),
            ("assessment", text(self.assessment)),
            ("grounds", text_or_none(self.grounds.as_ref())),
        ]
    }

    async fn store(&self, store: &mut Store<'_>, before: Option<&Self>, version: i64) -> Result<()> {
        if let Some(ended) = before {
            let ended = Self { until_version: Some(version), ..ended.clone() };
            store.overwrite::<rival_explanation::Entity>(ended).await?;
        }
        store.insert::<rival_explanation::Entity>(Self { since_version: version, ..self.clone() }).await
    }
}

/// A rival explanation in one version of its evaluation.
#[derive(Clone, Debug)]
pub struct Seen {
    pub row: RivalExplanation,
    pub standing: Standing,
}

impl Seen {
    /// The outcome that it would explain.
    pub fn place(&self) -> Option<Place> {
        self.row.theory_element_id.map(|element| (element, self.standing))
    }
}

/// The rival explanations of each evaluation, in the order in which they were added.
pub async fn of_evaluations(
    context: &Context,
    standings: &[Standing],
) -> Result<HashMap<Standing, Vec<Seen>>> {
    let snapshot = context.at_any_time().await?;
    let ids = standings.iter().map(|standing| standing.evaluation_id);
    let rows = rival_explanation::Entity::find()
        .filter(rival_explanation::COLUMN.virkningsevaluering_id.is_in(ids))
        .order_by_asc(rival_explanation::COLUMN.id)
        .all(&snapshot.db)
        .await?;
    let rows = grouped_by(rows, |row| row.virkningsevaluering_id);
    let of_standing = |standing: &Standing| {
        let rows = rows.get(&standing.evaluation_id).into_iter().flatten();
        rows.filter(|row| stands(row.since_version, row.until_version, standing.version))
            .map(|row| Seen { row: row.clone(), standing: *standing })
            .collect()
    };
    Ok(standings.iter().map(|standing| (*standing, of_standing(standing))).collect())
}

/// Adds a rival explanation of one outcome, or of what the evaluation finds as a whole.
#[derive(Clone, Debug)]
pub struct Add {
    pub evaluation_id: Option<Uuid>,
    pub element: Option<GivenId>,
    pub text: String,
    pub assessed: Assessed,
}

/// Says how a rival explanation stands.
#[derive(Clone, Debug)]
pub struct Assess {
    pub id: Option<Uuid>,
    pub assessed: Assessed,
}

/// An assessment, and what it rests on, which all but `NOT_ASSESSED` need.
#[derive(Clone, Debug)]
pub struct Assessed {
    pub assessment: RivalAssessment,
    pub grounds: Option<String>,
}

/// Adds the rival explanation of a file, unless it is there already.
#[derive(Clone, Debug)]
pub struct Put(pub Add);

impl Assessed {
    fn checked(&self, faults: &mut Faults) -> Option<String> {
        let grounds = faults.take("grounds", optional(self.grounds.as_deref(), PROSE));
        let stated = grounds.is_some() || self.assessment == RivalAssessment::NotAssessed;
        faults.unless(stated, "grounds", Problem::Required);
        grounds
    }
}

impl Add {
    /// As it would be stored, by the rules that every one meets.
    fn checked(&self, scope: &Scope<'_>, evaluation: &Evaluation) -> Result<RivalExplanation> {
        let mut faults = Faults::default();
        let text = faults.take("text", required(&self.text, PROSE));
        let grounds = self.assessed.checked(&mut faults);
        faults.finish()?;
        Ok(RivalExplanation {
            id: scope.new_id(),
            since_version: evaluation.next_version(),
            until_version: None,
            virkningsevaluering_id: evaluation.row.id,
            theory_element_id: self.outcome(evaluation)?,
            text,
            assessment: self.assessed.assessment,
            grounds,
        })
    }

    fn outcome(&self, evaluation: &Evaluation) -> Result<Option<Uuid>> {
        let Some(GivenId(id)) = self.element else { return Ok(None) };
        let element = element(evaluation, id, "elementId")?;
        if is_outcome(element.kind) {
            return Ok(Some(element.id));
        }
        Err(Error::refused("elementId", Problem::NotAnOutcome))
    }
}

impl NamedRow for RivalExplanation {
    /// A rival explanation has no name but its text.
    async fn same_name(&self, db: &DatabaseTransaction) -> Result<Option<Self>> {
        let same = rival_explanation::Entity::find()
            .filter(rival_explanation::COLUMN.virkningsevaluering_id.eq(self.virkningsevaluering_id))
            .filter(rival_explanation::COLUMN.until_version.is_null())
            .filter(rival_explanation::COLUMN.text.eq(&self.text));
        Ok(same.one(db).await?)
    }

    fn list(parts: &mut Parts) -> &mut Vec<Self> {
        &mut parts.rival_explanations
    }
}

impl Operation for Add {
    const ACTION: Action = Action::Add;
    const NAMED_BY: &'static str = "virkningsevalueringId";
    type Subject = Evaluation;

    fn names(&self) -> Vec<Name> {
        let element = self.element.map(|GivenId(id)| named("elementId", AccessedKind::TheoryElement, id));
        let evaluation = named(Self::NAMED_BY, AccessedKind::Virkningsevaluering, self.evaluation_id);
        [evaluation].into_iter().chain(element).collect()
    }

    async fn find(&self, scope: &Scope<'_>) -> Result<Option<Evaluation>> {
        let named = Named::Evaluation(self.evaluation_id);
        let mut evaluation = Evaluation::held(scope, named, Self::NAMED_BY).await?;
        load_into(scope.db, &mut evaluation).await?;
        Ok(Some(evaluation))
    }

    async fn decide(&self, scope: &Scope<'_>, subject: Option<&Evaluation>) -> Result<Evaluation> {
        let present = subject.ok_or_else(|| Error::refused(Self::NAMED_BY, Problem::NotFound))?;
        with_row(scope, present, self.checked(scope, present)?, Self::NAMED_BY)
    }

    makes_a_part!(RivalExplanation);
}

put_of_file!(RivalExplanation, "text");

impl Operation for Assess {
    const ACTION: Action = Action::Update;
    type Subject = Evaluation;

    fn names(&self) -> Vec<Name> {
        vec![named(Self::NAMED_BY, AccessedKind::RivalExplanation, self.id)]
    }

    async fn find(&self, scope: &Scope<'_>) -> Result<Option<Evaluation>> {
        let named = Named::Part(EvaluationPart::RivalExplanation, self.id);
        let mut evaluation = Evaluation::held(scope, named, Self::NAMED_BY).await?;
        let present = rival_explanation::Entity::find()
            .filter(rival_explanation::COLUMN.id.eq(self.id.unwrap_or_default()))
            .filter(rival_explanation::COLUMN.until_version.is_null());
        evaluation.parts.rival_explanations.extend(present.one(scope.db).await?);
        Ok(Some(Evaluation { about: self.id.unwrap_or_default(), ..evaluation }))
    }

    async fn decide(&self, scope: &Scope<'_>, subject: Option<&Evaluation>) -> Result<Evaluation> {
        let present = subject.ok_or_else(|| Error::refused(Self::NAMED_BY, Problem::NotFound))?;
        let mut faults = Faults::default();
        let grounds = self.assessed.checked(&mut faults);
        faults.finish()?;
        let mut assessed = present.clone();
        for row in &mut assessed.parts.rival_explanations {
            row.assessment = self.assessed.assessment;
            row.grounds.clone_from(&grounds);
        }
        // What changes nothing opens nothing.
        if assessed.parts.rival_explanations == present.parts.rival_explanations {
            return Ok(assessed);
        }
        assessed.opened(scope, Self::NAMED_BY)
    }
}
