//! Planning an evaluation and changing its plan.

use entity::{
    evaluation_round, intervention as intervention_table, virkningsevaluering, virkningsevaluering_state,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use time::Date;

use super::evaluation::{Evaluation, Parts};
use super::named::Named;
use crate::access_log::{Name, named};
use crate::columns::{AccessedKind, Action, EvaluationStatus, GroupKind, Uuid};
use crate::criterion_result;
use crate::error::{Error, Faults, Problem, Result};
use crate::evaluation_round::Round;
use crate::input::text::{self, LINE};
use crate::intervention;
use crate::measurement::{self, standing};
use crate::operation::{Aggregate, Operation, Scope};
use crate::policy::{Owners, Verb, permits};
use crate::success_criterion::load_all_into;
use crate::{Edit, GivenId};

/// Plans an evaluation of an intervention.
#[derive(Clone, Debug)]
pub struct Plan {
    pub intervention_id: Option<Uuid>,
    pub title: String,
    pub period_start: Date,
    pub period_end: Date,
    /// The round it is part of.
    pub round: Option<GivenId>,
    /// How many people were enrolled.
    pub enrolled: Option<i32>,
}

/// Changes what was planned, the criteria apart.
#[derive(Clone, Debug)]
pub struct Update {
    pub id: Option<Uuid>,
    pub title: Option<String>,
    pub period_start: Option<Date>,
    pub period_end: Option<Date>,
    pub round: Edit<GivenId>,
    pub enrolled: Edit<i32>,
}

/// Makes the evaluation of this slug, or makes its plan what the file says.
#[derive(Clone, Debug)]
pub struct Put {
    pub slug: String,
    pub plan: Plan,
}

/// What an evaluation's plan says, to be checked.
struct Content<'a> {
    title: &'a str,
    period: (Date, Date),
    round: Option<GivenId>,
    enrolled: Option<i32>,
}

impl Operation for Plan {
    const ACTION: Action = Action::Create;
    const NAMED_BY: &'static str = "interventionId";
    type Subject = Evaluation;

    fn names(&self) -> Vec<Name> {
        let intervention = named(Self::NAMED_BY, AccessedKind::Intervention, self.intervention_id);
        [intervention].into_iter().chain(of_round(self.round)).collect()
    }

    async fn find(&self, scope: &Scope<'_>) -> Result<Option<Evaluation>> {
        intervention::required(scope, self.intervention_id, Self::NAMED_BY).await.map(|_seen| None)
    }

    async fn owners(&self, scope: &Scope<'_>, _subject: Option<&Evaluation>) -> Result<Owners> {
        intervention::owners(scope.db, self.intervention_id).await
    }

    async fn decide(&self, scope: &Scope<'_>, _subject: Option<&Evaluation>) -> Result<Evaluation> {
        let slug = free_slug(scope, self.intervention_id, self.period_end).await?;
        self.planned(scope, slug).await
    }
}

impl Plan {
    fn content(&self) -> Content<'_> {
        Content {
            title: &self.title,
            period: (self.period_start, self.period_end),
            round: self.round,
            enrolled: self.enrolled,
        }
    }

    async fn planned(&self, scope: &Scope<'_>, slug: String) -> Result<Evaluation> {
        let intervention_id =
            self.intervention_id.ok_or_else(|| Error::refused(Self::NAMED_BY, Problem::NotFound))?;
        let id = scope.new_id();
        let row = virkningsevaluering::Model {
            id,
            slug,
            intervention_id,
            registered_at: None,
            registered_version: None,
            published_version: None,
            version: 0,
        };
        let state = virkningsevaluering_state::Model {
            virkningsevaluering_id: id,
            since_version: 1,
            until_version: None,
            title: String::new(),
            title_key: Vec::new(),
            title_search: String::new(),
            period_start: self.period_start,
            period_end: self.period_end,
            evaluation_round_id: None,
            enrolled: None,
            status: EvaluationStatus::Draft,
            revision: 1,
        };
        let blank = Evaluation { about: id, row, state, parts: Parts::default(), seen_whole: false };
        written(scope, blank, &self.content(), &mut Faults::default()).await
    }
}

impl Operation for Update {
    const ACTION: Action = Action::Update;
    type Subject = Evaluation;

    fn names(&self) -> Vec<Name> {
        let evaluation = named(Self::NAMED_BY, AccessedKind::Virkningsevaluering, self.id);
        [evaluation].into_iter().chain(of_round(self.round.clone().over(None))).collect()
    }

    async fn find(&self, scope: &Scope<'_>) -> Result<Option<Evaluation>> {
        let mut evaluation = Evaluation::held(scope, Named::Evaluation(self.id), Self::NAMED_BY).await?;
        if self.enrolled != Edit::Keep {
            load_all_into(scope.db, &mut evaluation).await?;
        }
        Ok(Some(evaluation))
    }

    async fn decide(&self, scope: &Scope<'_>, subject: Option<&Evaluation>) -> Result<Evaluation> {
        let evaluation = subject.ok_or_else(|| Error::refused(Self::NAMED_BY, Problem::NotFound))?;
        let content = Content {
            title: self.title.as_ref().unwrap_or(&evaluation.state.title),
            period: (
                self.period_start.unwrap_or(evaluation.state.period_start),
                self.period_end.unwrap_or(evaluation.state.period_end),
            ),
            round: self.round.clone().over(evaluation.state.evaluation_round_id.map(|id| GivenId(Some(id)))),
            enrolled: self.enrolled.clone().over(evaluation.state.enrolled),
        };
        rewritten(scope, evaluation, &content, Self::NAMED_BY).await
    }
}

impl Operation for Put {
    const ACTION: Action = Action::Import;
    const NAMED_BY: &'static str = "slug";
    type Subject = Evaluation;

    async fn find(&self, scope: &Scope<'_>) -> Result<Option<Evaluation>> {
        intervention::required(scope, self.plan.intervention_id, Plan::NAMED_BY).await?;
        // Asked first: whether there is one of this slug is nothing for others to learn.
        let owners = intervention::owners(scope.db, self.plan.intervention_id).await?;
        if !permits(&scope.context.actor, Verb::Do(Self::ACTION), Evaluation::KIND, &owners) {
            return Err(Error::Forbidden);
        }
        let found = virkningsevaluering::Entity::find()
            .filter(virkningsevaluering::COLUMN.slug.eq(&self.slug))
            .lock_exclusive()
            .one(scope.db)
            .await?;
        match found {
            Some(row) if Some(row.intervention_id) == self.plan.intervention_id => {
                let mut evaluation = Evaluation::load(scope.db, row.id).await?;
                if let Some(evaluation) = &mut evaluation {
                    load_all_into(scope.db, evaluation).await?;
                }
                Ok(evaluation)
            }
            // Of another intervention: neither told whose nor touched.
            Some(_) => Err(Error::refused(Self::NAMED_BY, Problem::Taken)),
            None => Ok(None),
        }
    }

    async fn owners(&self, scope: &Scope<'_>, _subject: Option<&Evaluation>) -> Result<Owners> {
        intervention::owners(scope.db, self.plan.intervention_id).await
    }

    async fn decide(&self, scope: &Scope<'_>, subject: Option<&Evaluation>) -> Result<Evaluation> {
        if let Some(evaluation) = subject {
            return rewritten(scope, evaluation, &self.plan.content(), Self::NAMED_BY).await;
        }
        let slug = text::slug(&self.slug).map_err(|problem| Error::refused(Self::NAMED_BY, problem))?;
        self.plan.planned(scope, slug).await
    }
}

/// The evaluation opened and rewritten; as it is where the content says nothing new.
async fn rewritten(
    scope: &Scope<'_>,
    evaluation: &Evaluation,
    content: &Content<'_>,
    field: &str,
) -> Result<Evaluation> {
    let same = written(scope, evaluation.clone(), content, &mut Faults::default()).await?;
    if same.state == evaluation.state {
        return Ok(same);
    }
    written(scope, evaluation.opened(scope, field)?, content, &mut Faults::default()).await
}

async fn written(
    scope: &Scope<'_>,
    mut evaluation: Evaluation,
    content: &Content<'_>,
    faults: &mut Faults,
) -> Result<Evaluation> {
    let title = faults.take("title", text::required(content.title, LINE));
    let (start, end) = content.period;
    faults.unless(start <= end, "periodEnd", Problem::StartAfterEnd);
    let round = match content.round {
        // What it is part of it stays part of, whatever the round has since been made for.
        Some(GivenId(present @ Some(_))) if present == evaluation.state.evaluation_round_id => present,
        Some(GivenId(id)) => round_for(scope, id, evaluation.row.intervention_id, faults).await?,
        None => None,
    };
    if let Some(enrolled) = content.enrolled {
        let range = Problem::OutOfRange { from: 0, to: i64::from(i32::MAX) };
        faults.unless(enrolled >= 0, "enrolled", range);
        let own = standing(&evaluation).filter(|row| row.group_kind != GroupKind::Comparison);
        let measured = own.filter_map(measurement::people).max().unwrap_or_default();
        faults.unless(measured <= enrolled || enrolled < 0, "enrolled", Problem::OverEnrolled { enrolled });
    }
    std::mem::take(faults).finish()?;
    let enrolment_changes = evaluation.state.enrolled != content.enrolled;
    let state = &mut evaluation.state;
    state.enrolled = content.enrolled;
    state.title_key = text::sort_key(&title);
    state.title_search = text::folded(&title);
    state.title = title;
    (state.period_start, state.period_end) = (start, end);
    state.evaluation_round_id = round;
    if enrolment_changes {
        criterion_result::compute_all(scope, &mut evaluation)?;
    }
    Ok(evaluation)
}

/// The round that an input names.
fn of_round(round: Option<GivenId>) -> Option<Name> {
    round.map(|GivenId(id)| named("roundId", AccessedKind::EvaluationRound, id))
}

/// The round, if there is one of that id and it takes the intervention.
async fn round_for(
    scope: &Scope<'_>,
    id: Option<Uuid>,
    intervention_id: Uuid,
    faults: &mut Faults,
) -> Result<Option<Uuid>> {
    let known = match id {
        Some(id) => evaluation_round::Entity::find_by_id(id).one(scope.db).await?,
        None => None,
    };
    let Some(known) = known else {
        faults.add("roundId", Problem::NotFound);
        return Ok(None);
    };
    let chosen = Round::load(scope.db, known.id).await?.map(|round| round.interventions).unwrap_or_default();
    let takes_it = chosen.is_empty() || chosen.contains(&intervention_id);
    faults.unless(takes_it, "roundId", Problem::NotOfRound);
    Ok(Some(known.id))
}

/// A slug that no evaluation has: the intervention's, the last year of the period, and a number where there are more.
async fn free_slug(scope: &Scope<'_>, intervention_id: Option<Uuid>, period_end: Date) -> Result<String> {
    let id = intervention_id.unwrap_or_default();
    // Held, so that two that are planned at once get two slugs.
    let intervention = intervention_table::Entity::find_by_id(id).lock_exclusive().one(scope.db).await?;
    let intervention = intervention.ok_or_else(|| Error::refused(Plan::NAMED_BY, Problem::NotFound))?;
    let stem = format!("{}-{}", intervention.slug, period_end.year());
    let taken: Vec<String> = virkningsevaluering::Entity::find()
        .filter(virkningsevaluering::Column::Slug.starts_with(&stem))
        .all(scope.db)
        .await?
        .into_iter()
        .map(|row| row.slug)
        .collect();
    let candidates = std::iter::once(stem.clone()).chain((2..).map(|number| format!("{stem}-{number}")));
    let mut free = candidates.filter(|slug| !taken.contains(slug));
    free.next().ok_or_else(|| Error::internal("no slug is left"))
}
