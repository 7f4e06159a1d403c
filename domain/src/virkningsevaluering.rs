//! Evaluations (virkningsevalueringer): from a plan to what is published.

mod at;
mod compare;
mod evaluation;
mod lifecycle;
mod named;
mod obstacles;
mod operations;
pub(crate) mod part;
mod past;
mod seen;
mod transitions;

pub(crate) use at::evaluation_at;
pub use compare::{Compared, Comparison, Milestone, compare};
pub use evaluation::Evaluation;
pub(crate) use evaluation::{Parts, makes_a_part, on_evaluation, row_fields, state_fields};
pub(crate) use lifecycle::{criteria_amended, criteria_are_free, criteria_written, step, written};
pub(crate) use named::Named;
pub(crate) use obstacles::obstacles;
pub use operations::{Plan, Put, Update};
use seen::Found;
pub use seen::{Life, Seen, Standing, published};
pub use transitions::{Approve, Publish, Register, Return, Step, Submit, Withdraw};

pub use entity::transition::Model as TransitionRow;

use std::collections::HashMap;

use entity::{transition, virkningsevaluering, virkningsevaluering_state};
use sea_orm::sea_query::{LikeExpr, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, IntoSimpleExpr, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select,
};

use crate::columns::{EvaluationStatus, Uuid};
use crate::context::Context;
use crate::error::Result;
use crate::history::actor_names;
use crate::input::text::{folded, like_pattern};
use crate::operation::Scope;
use crate::page::{Connection, Direction, Key, Listing, Page, among, grouped_by};
use crate::sight::{Places, led_by, partnered_by};

/// All evaluations that the actor sees, as they are now or as last published.
pub(crate) async fn all(context: &Context) -> Result<Vec<Seen>> {
    let snapshot = context.snapshot().await?;
    let found = seen::states(context).into_model::<Found>().all(&snapshot.db).await?;
    Ok(found.into_iter().map(|found| found.seen(context)).collect())
}

/// The ids of those that the actor sees, by slug.
pub(crate) async fn slugs(scope: &Scope<'_>) -> Result<HashMap<String, Uuid>> {
    let rows = virkningsevaluering::Entity::find().filter(seen::visible(scope.context));
    Ok(rows.all(scope.db).await?.into_iter().map(|row| (row.slug, row.id)).collect())
}

/// Which evaluations a list holds, by what the reader sees of them.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub status: Option<EvaluationStatus>,
    pub intervention_id: Option<Uuid>,
    pub round_id: Option<Uuid>,
    /// The code of a forvaltning that leads the intervention or takes part in it.
    pub forvaltning: Option<String>,
    /// A part of the title, whatever its case.
    pub search: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OrderField {
    /// The order in which they were planned.
    #[default]
    Planned,
    Title,
}

#[derive(Clone, Copy, Debug, Default)]
pub struct Order {
    pub field: OrderField,
    pub direction: Direction,
}

pub async fn by_id(context: &Context, id: Uuid) -> Result<Option<Seen>> {
    Ok(by_ids(context, &[id]).await?.remove(&id))
}

pub async fn by_ids(context: &Context, ids: &[Uuid]) -> Result<HashMap<Uuid, Seen>> {
    if let Some(past) = context.past() {
        let which = Condition::all().add(virkningsevaluering::COLUMN.id.is_in(ids.iter().copied()));
        let seen = past::seen(context, past, which).await?;
        return Ok(seen.into_iter().map(|seen| (seen.row.id, seen)).collect());
    }
    let snapshot = context.snapshot().await?;
    let of_ids =
        among(&snapshot.db, virkningsevaluering_state::Column::VirkningsevalueringId, ids.iter().copied());
    let states = seen::states(context).filter(of_ids);
    let found = states.into_model::<Found>().all(&snapshot.db).await?;
    Ok(found.into_iter().map(|found| (found.row.id, found.seen(context))).collect())
}

/// The evaluations in these versions, for what is below them to lead back up: each is what the reader sees of it, or what is
/// published of it.
pub async fn in_standings(context: &Context, standings: &[Standing]) -> Result<HashMap<Standing, Seen>> {
    let ids: Vec<_> = standings.iter().map(|standing| standing.evaluation_id).collect();
    let seen = by_ids(context, &ids).await?.into_values();
    let mut found: HashMap<_, _> = seen.map(|seen| (seen.standing(), seen)).collect();
    if standings.iter().any(|standing| !found.contains_key(standing)) {
        let published = published(context, &ids).await?.into_values();
        found.extend(published.map(|seen| (seen.standing(), seen)));
    }
    Ok(found)
}

pub async fn list(context: &Context, filter: &Filter, order: Order, page: &Page) -> Result<Connection<Seen>> {
    let snapshot = context.snapshot().await?;
    let states = seen::states(context).filter(condition(filter));
    let page = listing(order).fetch(&snapshot.db, states, page).await?;
    Ok(page.map(|found| found.seen(context)))
}

/// The evaluations of each intervention, in the order in which they were planned.
pub async fn of_interventions(
    context: &Context,
    ids: &[Uuid],
    page: &Page,
) -> Result<HashMap<Uuid, Connection<Seen>>> {
    let column = virkningsevaluering::Column::InterventionId;
    if let Some(past) = context.past() {
        let which = Condition::all().add(column.is_in(ids.iter().copied()));
        return pages(page, past::seen(context, past, which).await?, |seen| Some(seen.row.intervention_id));
    }
    if page.count
        && !page.rows
        && let Some(counts) = context.remembered_evaluation_counts(ids).await
    {
        let page = |count| Connection { total: Some(count), ..Connection::empty(page) };
        return Ok(counts.into_iter().map(|(id, count)| (id, page(count))).collect());
    }
    let of_ids = among(&context.snapshot().await?.db, column, ids.iter().copied());
    let states = seen::states(context).filter(of_ids);
    of_parents(context, states, page, column).await
}

/// How many evaluations of an intervention the actor sees: a statement within one over interventions.
pub(crate) fn count_below(context: &Context, intervention: impl IntoSimpleExpr) -> SelectStatement {
    virkningsevaluering::Entity::find()
        .select_only()
        .expr(virkningsevaluering::Column::Id.count())
        .filter(seen::visible(context))
        .filter(virkningsevaluering::Column::InterventionId.into_expr().eq(intervention.into_simple_expr()))
        .into_query()
}

/// The evaluations of each round.
pub async fn of_rounds(
    context: &Context,
    ids: &[Uuid],
    page: &Page,
) -> Result<HashMap<Uuid, Connection<Seen>>> {
    let column = virkningsevaluering_state::Column::EvaluationRoundId;
    if let Some(past) = context.past() {
        let ever = virkningsevaluering_state::Entity::find()
            .select_only()
            .column(virkningsevaluering_state::Column::VirkningsevalueringId)
            .filter(column.is_in(ids.iter().copied()))
            .into_query();
        let which = Condition::all().add(virkningsevaluering::Column::Id.in_subquery(ever));
        return pages(page, past::seen(context, past, which).await?, |seen| seen.state.evaluation_round_id);
    }
    let of_ids = among(&context.snapshot().await?.db, column, ids.iter().copied());
    let states = seen::states(context).filter(of_ids);
    of_parents(context, states, page, column).await
}

async fn of_parents(
    context: &Context,
    states: Select<virkningsevaluering_state::Entity>,
    page: &Page,
    parent: impl IntoSimpleExpr,
) -> Result<HashMap<Uuid, Connection<Seen>>> {
    let snapshot = context.snapshot().await?;
    let pages = listing(Order::default()).fetch_for_each(&snapshot.db, states, page, parent).await?;
    Ok(pages.into_iter().map(|(parent, page)| (parent, page.map(|found| found.seen(context)))).collect())
}

/// A page for each parent of evaluations that were read whole, in the order in which they were planned.
fn pages(
    page: &Page,
    seen: Vec<Seen>,
    parent: impl Fn(&Seen) -> Option<Uuid>,
) -> Result<HashMap<Uuid, Connection<Seen>>> {
    let of_parents = grouped_by(seen.into_iter().filter(|seen| parent(seen).is_some()), |seen| parent(seen));
    let of_parent = |(parent, seen): (Option<Uuid>, Vec<Seen>)| {
        Ok((
            parent.unwrap_or_default(),
            Connection::of_all(page, PLANNED, seen, |seen| (Vec::new(), seen.row.id))?,
        ))
    };
    of_parents.into_iter().map(of_parent).collect()
}

/// What tells cursors in the order of planning from others.
const PLANNED: u8 = 6;

fn listing(order: Order) -> Listing<virkningsevaluering_state::Entity, Found> {
    let title = virkningsevaluering_state::Column::TitleKey.into_simple_expr();
    let (list, key) = match order.field {
        OrderField::Planned => (PLANNED, Key::JoinedId(virkningsevaluering::Column::Id.into_simple_expr())),
        OrderField::Title => (7, Key::Bytes(title, |found: &Found| found.state.title_key.clone())),
    };
    Listing {
        list,
        key,
        direction: order.direction,
        id_column: virkningsevaluering_state::Column::VirkningsevalueringId,
        id: |found| found.row.id,
    }
}

fn condition(filter: &Filter) -> Condition {
    let mut all = Condition::all();
    if let Some(status) = filter.status {
        all = all.add(virkningsevaluering_state::COLUMN.status.eq(status));
    }
    if let Some(id) = filter.intervention_id {
        all = all.add(virkningsevaluering::COLUMN.intervention_id.eq(id));
    }
    if let Some(id) = filter.round_id {
        all = all.add(virkningsevaluering_state::COLUMN.evaluation_round_id.eq(id));
    }
    if let Some(code) = &filter.forvaltning {
        let (intervention, code) = (virkningsevaluering::Column::InterventionId, Places::Code(code));
        let takes_part =
            Condition::any().add(led_by(intervention, &code)).add(partnered_by(intervention, &code));
        all = all.add(takes_part);
    }
    if let Some(search) = &filter.search {
        let pattern = LikeExpr::new(like_pattern(&folded(search))).escape('\\');
        all = all.add(virkningsevaluering_state::Column::TitleSearch.like(pattern));
    }
    all
}

/// One step in an evaluation's life, with the name of who took it.
#[derive(Clone, Debug)]
pub struct Transition {
    pub row: TransitionRow,
    /// The name as it was then; none once it is erased.
    pub actor_name: Option<String>,
}

/// The steps of each evaluation that a reader sees, in order.
pub async fn transitions(context: &Context, lives: &[Life]) -> Result<HashMap<Life, Vec<Transition>>> {
    let snapshot = context.at_any_time().await?;
    let rows = transition::Entity::find()
        .filter(transition::COLUMN.virkningsevaluering_id.is_in(lives.iter().map(Life::evaluation_id)))
        .order_by_asc(transition::COLUMN.since_version)
        .all(&snapshot.db)
        .await?;
    let made = rows.iter().map(|row| (row.virkningsevaluering_id, row.since_version));
    let names = actor_names(&snapshot.db, made.collect()).await?;
    let steps = rows.into_iter().map(|row| Transition {
        actor_name: names.get(&(row.virkningsevaluering_id, row.since_version)).cloned(),
        row,
    });
    let of_evaluation = grouped_by(steps, |transition| transition.row.virkningsevaluering_id);
    let of_life = |life: &Life| {
        let own = of_evaluation.get(&life.evaluation_id()).into_iter().flatten();
        own.filter(|step| life.shows(&step.row)).cloned().collect()
    };
    Ok(lives.iter().map(|life| (*life, of_life(life))).collect())
}
