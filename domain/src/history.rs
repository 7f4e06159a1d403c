//! Reading the history: who did what to what, when and why.

mod appended;
mod fold;
pub(crate) mod past;

pub use appended::{Following, Fresh, Lifetime};
pub(crate) use fold::{Entry, Folded, Told, divided};

use std::collections::{HashMap, HashSet};

use entity::{event, event_detail};
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, EntityTrait, JoinType, QueryFilter, QuerySelect, Select,
};
use serde_json::Value;

use crate::columns::{Action, EvaluationPart, SubjectKind, Timestamp, Uuid};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::figure;
use crate::page::{Connection, Direction, Key, Listing, Page};
use crate::sight::history_seen;

/// One entry of the history, read from its body and detail.
#[derive(Clone, Debug)]
pub struct Event {
    pub id: Uuid,
    pub subject_kind: SubjectKind,
    pub subject_id: Uuid,
    /// Place in the subject's history, from 1.
    pub sequence: i64,
    pub occurred_at: Timestamp,
    pub action: Action,
    pub actor_id: Uuid,
    /// The name as it was; none once it is erased.
    pub actor_name: Option<String>,
    /// The roles as they were: `COORDINATOR`, `EVALUATOR SOF`.
    pub actor_roles: Vec<String>,
    pub reason: Option<String>,
    pub changes: Vec<Change>,
}

/// One changed field. Of a secret only that it changed.
#[derive(Clone, Debug)]
pub struct Change {
    /// The part of the subject that it is a field of; none where it is the subject's own.
    pub part: Option<(EvaluationPart, Uuid)>,
    pub field: String,
    pub before: Option<String>,
    pub after: Option<String>,
    pub secret: bool,
}

/// Which events a list holds.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub subject_id: Option<Uuid>,
    pub subject_kind: Option<SubjectKind>,
    pub action: Option<Action>,
    pub actor_id: Option<Uuid>,
    pub from: Option<Timestamp>,
    pub to: Option<Timestamp>,
}

impl Filter {
    fn applied(&self, mut select: Select<event::Entity>) -> Select<event::Entity> {
        if let Some(id) = self.subject_id {
            select = select.filter(event::COLUMN.subject_id.eq(id));
        }
        if let Some(kind) = self.subject_kind {
            select = select.filter(event::COLUMN.subject_kind.eq(kind));
        }
        if let Some(action) = self.action {
            select = select.filter(event::COLUMN.action.eq(action));
        }
        if let Some(actor) = self.actor_id {
            select = select.filter(event::COLUMN.actor_id.eq(actor));
        }
        if let Some(from) = self.from {
            select = select.filter(event::COLUMN.occurred_at.gte(from));
        }
        if let Some(to) = self.to {
            select = select.filter(event::COLUMN.occurred_at.lt(to));
        }
        select
    }
}

/// Those events that the actor may read, up to the moment that is read as of. Every read of the history begins here.
fn visible(context: &Context) -> Select<event::Entity> {
    let events = event::Entity::find().filter(history_seen(&context.actor));
    match context.past() {
        Some(past) => events.filter(event::COLUMN.occurred_at.lte(past.at)),
        None => events,
    }
}

fn listing() -> Listing<event::Entity> {
    Listing {
        list: 5,
        key: Key::Id,
        direction: Direction::Ascending,
        id_column: event::Column::Id,
        id: |row| row.id,
    }
}

/// The events that fit, in the order in which they happened.
pub async fn list(context: &Context, filter: &Filter, page: &Page) -> Result<Connection<Event>> {
    let snapshot = context.at_any_time().await?;
    let select = filter.applied(visible(context));
    let rows = listing().fetch(&snapshot.db, select, page).await?;
    let mut opened = opened(context, vec![((), rows)]).await?;
    Ok(opened.remove(&()).unwrap_or_else(|| Connection::empty(page)))
}

/// The events of each intervention and of all that belongs to it.
pub async fn of_interventions(
    context: &Context,
    ids: &[Uuid],
    page: &Page,
) -> Result<HashMap<Uuid, Connection<Event>>> {
    let select = visible(context).filter(event::COLUMN.intervention_id.is_in(ids.iter().copied()));
    let snapshot = context.at_any_time().await?;
    let pages: HashMap<Uuid, _> =
        listing().fetch_for_each(&snapshot.db, select, page, event::Column::InterventionId).await?;
    opened(context, pages.into_iter().collect()).await
}

/// The events of each subject.
pub async fn of_subjects(
    context: &Context,
    ids: &[Uuid],
    page: &Page,
) -> Result<HashMap<Uuid, Connection<Event>>> {
    let select = visible(context).filter(event::COLUMN.subject_id.is_in(ids.iter().copied()));
    let snapshot = context.at_any_time().await?;
    let pages: HashMap<Uuid, _> =
        listing().fetch_for_each(&snapshot.db, select, page, event::Column::SubjectId).await?;
    opened(context, pages.into_iter().collect()).await
}

pub async fn by_id(context: &Context, id: Uuid) -> Result<Option<Event>> {
    let snapshot = context.at_any_time().await?;
    let Some(row) = visible(context).filter(event::COLUMN.id.eq(id)).one(&snapshot.db).await? else {
        return Ok(None);
    };
    let detail = event_detail::Entity::find_by_id(id).one(&snapshot.db).await?;
    let hidden = hidden_figures(context, [&row].into_iter()).await?;
    open(&row, detail.as_ref(), &hidden).map(Some)
}

/// The figures among the subjects whose values the reader may not see.
async fn hidden_figures(
    context: &Context,
    rows: impl Iterator<Item = &event::Model>,
) -> Result<HashSet<Uuid>> {
    let of_figures = rows.filter(|row| row.subject_kind == SubjectKind::Figure);
    let interventions: HashSet<_> = of_figures.filter_map(|row| row.intervention_id).collect();
    if interventions.is_empty() {
        return Ok(HashSet::new());
    }
    let interventions: Vec<_> = interventions.into_iter().collect();
    Ok(figure::hidden(context, &interventions).await?.histories)
}

/// What a figure tells of its value.
const OF_VALUE: [&str; 4] = ["value", "population", "absenceReason", "remarks"];

/// Those of these subjects in which someone had a hand since they were last approved or published, which is what `decided`
/// names.
pub(crate) async fn wrote_since(
    db: &DatabaseTransaction,
    actor_id: Uuid,
    subjects: &[Uuid],
    decided: Action,
) -> Result<HashSet<Uuid>> {
    if subjects.is_empty() {
        return Ok(HashSet::new());
    }
    let newest = |which: Condition| {
        event::Entity::find()
            .select_only()
            .column(event::Column::SubjectId)
            .column_as(event::Column::Sequence.max(), "newest")
            .filter(event::COLUMN.subject_id.is_in(subjects.iter().copied()))
            .filter(which)
            .group_by(event::Column::SubjectId)
            .into_tuple::<(Uuid, i64)>()
    };
    let decisions = newest(Condition::all().add(event::COLUMN.action.eq(decided))).all(db).await?;
    let decisions: HashMap<_, _> = decisions.into_iter().collect();
    let by_actor = Condition::all()
        .add(event::COLUMN.actor_id.eq(actor_id))
        .add(event::COLUMN.action.is_not_in(DECISIONS));
    let own = newest(by_actor).all(db).await?.into_iter();
    let since = own.filter(|(subject, wrote)| decisions.get(subject).is_none_or(|decided| wrote > decided));
    Ok(since.map(|(subject, _)| subject).collect())
}

/// The names of those who made these versions of these subjects, as they were. An erased one is left out.
pub(crate) async fn actor_names(
    db: &DatabaseTransaction,
    made: HashSet<(Uuid, i64)>,
) -> Result<HashMap<(Uuid, i64), String>> {
    let of_event = event_detail::Entity::belongs_to(event::Entity)
        .from(event_detail::Column::EventId)
        .to(event::Column::Id);
    let openings = event_detail::Entity::find()
        .join(JoinType::InnerJoin, of_event.into())
        .filter(event::COLUMN.subject_id.is_in(made.iter().map(|(subject, _)| *subject)))
        .filter(event::COLUMN.sequence.is_in(made.iter().map(|(_, sequence)| *sequence)))
        .select_only()
        .column(event::Column::SubjectId)
        .column(event::Column::Sequence)
        .column(event_detail::Column::Openings);
    let rows: Vec<(Uuid, i64, String)> = openings.into_tuple().all(db).await?;
    let mut names = HashMap::new();
    for (subject, sequence, openings) in rows.into_iter().filter(|row| made.contains(&(row.0, row.1))) {
        let openings: Value = serde_json::from_str(&openings).map_err(Error::internal)?;
        let name = openings["actor.name"]["value"].as_str().map(str::to_owned);
        names.extend(name.map(|name| ((subject, sequence), name)));
    }
    Ok(names)
}

/// What an approver does, which is no part of the work.
const DECISIONS: [Action; 4] = [Action::Return, Action::Approve, Action::Publish, Action::Withdraw];

/// Whole events for the rows of some pages: their details are read in one statement.
async fn opened<K: std::hash::Hash + Eq>(
    context: &Context,
    pages: Vec<(K, Connection<event::Model>)>,
) -> Result<HashMap<K, Connection<Event>>> {
    let snapshot = context.at_any_time().await?;
    let ids: Vec<_> = pages.iter().flat_map(|(_, page)| &page.nodes).map(|(_, row)| row.id).collect();
    let details = event_detail::Entity::find()
        .filter(event_detail::COLUMN.event_id.is_in(ids))
        .all(&snapshot.db)
        .await?;
    let details: HashMap<_, _> = details.into_iter().map(|detail| (detail.event_id, detail)).collect();
    let rows = pages.iter().flat_map(|(_, page)| &page.nodes).map(|(_, row)| row);
    let hidden = hidden_figures(context, rows).await?;
    pages
        .into_iter()
        .map(|(key, page)| {
            let nodes = page
                .nodes
                .into_iter()
                .map(|(cursor, row)| {
                    let detail = details.get(&row.id);
                    Ok((cursor, open(&row, detail, &hidden)?))
                })
                .collect::<Result<_>>()?;
            let page = Connection {
                nodes,
                has_next: page.has_next,
                has_previous: page.has_previous,
                total: page.total,
            };
            Ok((key, page))
        })
        .collect()
}

fn open(
    row: &event::Model,
    detail: Option<&event_detail::Model>,
    hidden_figures: &HashSet<Uuid>,
) -> Result<Event> {
    let entry = Entry::read(&row.body, detail.map(|detail| detail.openings.as_str()))?;
    let changes = entry.changes().map(|change| {
        let (part, field) = divided(change.place);
        let words = |told: &Told| match told {
            Told::Value(value) => shown(value),
            Told::Erased | Told::Secret => None,
        };
        let is_hidden = hidden_figures.contains(&row.subject_id) && OF_VALUE.contains(&field);
        if is_hidden {
            return Change { part, field: field.to_owned(), before: None, after: None, secret: true };
        }
        Change {
            part,
            field: field.to_owned(),
            before: change.before.as_ref().and_then(words),
            after: words(&change.after),
            secret: change.after == Told::Secret,
        }
    });
    let roles = entry.body["actor"]["roles"].as_array().into_iter().flatten();
    Ok(Event {
        id: row.id,
        subject_kind: row.subject_kind,
        subject_id: row.subject_id,
        sequence: row.sequence,
        occurred_at: row.occurred_at,
        action: row.action,
        actor_id: row.actor_id,
        actor_name: entry.opened("actor.name").and_then(shown),
        actor_roles: roles.filter_map(Value::as_str).map(str::to_owned).collect(),
        reason: entry.opened("reason").and_then(shown),
        changes: changes.collect(),
    })
}

/// A value as people read it: texts bare, everything else as JSON.
pub(crate) fn shown(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}
