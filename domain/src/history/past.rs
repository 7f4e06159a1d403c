//! Rows of the register as they stood, made again from their events.
//!
//! What is below an evaluation is stored in versions and read from its rows; the register keeps only what is. Both cost what
//! the history of the subjects costs that are asked for, however long the log is.

use entity::{event, event_detail};
use sea_orm::sea_query::SelectStatement;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
};
use serde_json::Value;
use tokio::sync::OnceCell;

use super::fold::{Entry, Folded, Told};
use crate::columns::{Date, SubjectKind, TextList, Timestamp, Uuid};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::input::moment;
use crate::operation::Aggregate;
use crate::reference::Reference;

/// The moment that a context reads as of, with what is read once for all of it.
pub(crate) struct Past {
    pub at: Timestamp,
    pub reference: OnceCell<Reference>,
}

impl Past {
    pub fn new(at: Timestamp) -> Self {
        Self { at, reference: OnceCell::new() }
    }
}

/// What can be made again from its events.
pub(crate) trait Remade: Aggregate {
    fn remade(id: Uuid, version: i64, was: &Was) -> Result<Self>;
}

/// The fields of a subject as they were.
pub(crate) struct Was(Folded);

/// What stands for a text that was erased by law.
const ERASED: &str = "[erased]";

impl Was {
    fn value(&self, field: &str) -> Option<&Value> {
        match self.0.get(field) {
            Some(Told::Value(value)) if !value.is_null() => Some(value),
            _ => None,
        }
    }

    fn unreadable(field: &str) -> Error {
        Error::internal(format!("the history holds no readable {field}"))
    }

    pub fn text(&self, field: &str) -> Result<String> {
        match self.0.get(field) {
            Some(Told::Erased) => Ok(ERASED.to_owned()),
            _ => self.optional_text(field).ok_or_else(|| Self::unreadable(field)),
        }
    }

    pub fn optional_text(&self, field: &str) -> Option<String> {
        self.value(field)?.as_str().map(str::to_owned)
    }

    /// A value that is kept as text: an id, a code, a decimal.
    pub fn read<T: std::str::FromStr>(&self, field: &str) -> Result<T> {
        self.optional(field)?.ok_or_else(|| Self::unreadable(field))
    }

    pub fn optional<T: std::str::FromStr>(&self, field: &str) -> Result<Option<T>> {
        let text = self.value(field).and_then(Value::as_str);
        text.map(|text| text.parse().map_err(|_unread| Self::unreadable(field))).transpose()
    }

    pub fn date(&self, field: &str) -> Result<Option<Date>> {
        let text = self.value(field).and_then(Value::as_str);
        text.map(|text| moment::date(text).map_err(|_unread| Self::unreadable(field))).transpose()
    }

    pub fn number<T: TryFrom<i64>>(&self, field: &str) -> Result<T> {
        self.optional_number(field)?.ok_or_else(|| Self::unreadable(field))
    }

    pub fn optional_number<T: TryFrom<i64>>(&self, field: &str) -> Result<Option<T>> {
        let number = self.value(field).and_then(Value::as_i64);
        number.map(|number| T::try_from(number).map_err(|_range| Self::unreadable(field))).transpose()
    }

    pub fn truth(&self, field: &str) -> Option<bool> {
        self.value(field).and_then(Value::as_bool)
    }

    pub fn ids(&self, field: &str) -> Result<Vec<Uuid>> {
        let id = |value: &Value| value.as_str().and_then(|id| Uuid::try_parse(id).ok());
        let ids = self.items(field).iter().map(|value| id(value).ok_or_else(|| Self::unreadable(field)));
        ids.collect()
    }

    pub fn texts(&self, field: &str) -> TextList {
        TextList(self.items(field).iter().filter_map(Value::as_str).map(str::to_owned).collect())
    }

    /// The items of a list; none where it was erased.
    pub fn items(&self, field: &str) -> &[Value] {
        self.value(field).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }
}

#[derive(FromQueryResult)]
struct Row {
    subject_id: Uuid,
    sequence: i64,
    body: String,
    openings: Option<String>,
}

/// The subjects of a kind as they stood at the moment that the context reads as of, by id. Which ones is told by a condition
/// on their events, which has what the actor may see in it. What came later is left out.
pub(crate) async fn remade<A: Remade>(context: &Context, past: &Past, which: Condition) -> Result<Vec<A>> {
    let folded = folded(context, past, A::KIND, which).await?;
    folded.into_iter().map(|(id, version, was)| A::remade(id, version, &was)).collect()
}

/// The same, for what takes more than its own fields to make: id, version and fields of each.
pub(crate) async fn folded(
    context: &Context,
    past: &Past,
    kind: SubjectKind,
    which: Condition,
) -> Result<Vec<(Uuid, i64, Was)>> {
    let detail = event::Entity::belongs_to(event_detail::Entity)
        .from(event::Column::Id)
        .to(event_detail::Column::EventId);
    let select = event::Entity::find()
        .select_only()
        .columns([event::Column::SubjectId, event::Column::Sequence, event::Column::Body])
        .column(event_detail::Column::Openings)
        .join(JoinType::LeftJoin, detail.into())
        .filter(event::COLUMN.subject_kind.eq(kind))
        .filter(event::COLUMN.occurred_at.lte(past.at))
        .filter(which)
        .order_by_asc(event::COLUMN.subject_id)
        .order_by_asc(event::COLUMN.sequence);
    let snapshot = context.at_any_time().await?;
    let rows = snapshot.db.query_all(&select.into_query()).await?;
    let mut subjects: Vec<(Uuid, i64, Was)> = Vec::new();
    for row in rows {
        let row = Row::from_query_result(&row, "")?;
        if subjects.last().is_none_or(|(id, ..)| *id != row.subject_id) {
            subjects.push((row.subject_id, 0, Was(Folded::new())));
        }
        let Some((_, version, Was(fields))) = subjects.last_mut() else { continue };
        // Up to the first that came later: clocks of several servers can differ.
        if row.sequence == *version + 1 {
            *version = row.sequence;
            let entry = Entry::read(&row.body, row.openings.as_deref())?;
            fields.extend(entry.changes().map(|change| (change.place.to_owned(), change.after)));
        }
    }
    // A subject whose first event came later was not there.
    subjects.retain(|(_, version, _)| *version > 0);
    Ok(subjects)
}

/// The values that a field of each subject had before a version, those that were erased apart. They need no access of their
/// own: whoever asks has the subjects.
pub(crate) async fn values<T: std::str::FromStr>(
    context: &Context,
    subjects: &[(Uuid, i64)],
    field: &str,
) -> Result<Vec<(Uuid, T)>> {
    let snapshot = context.at_any_time().await?;
    let ids = subjects.iter().map(|(id, _)| *id);
    let details = event_detail::Entity::find()
        .find_also_related(event::Entity)
        .filter(event::COLUMN.subject_id.is_in(ids));
    let mut values = Vec::new();
    for (detail, row) in details.all(&snapshot.db).await? {
        let Some(row) = row else { continue };
        let is_before = |(id, version): &(Uuid, i64)| *id == row.subject_id && row.sequence < *version;
        if !subjects.iter().any(is_before) {
            continue;
        }
        let entry = Entry::read(&row.body, Some(&detail.openings))?;
        let told = entry.changes().filter(|change| change.place == field).map(|change| change.after);
        let texts = told.filter_map(|told| match told {
            Told::Value(Value::String(text)) => text.parse().ok(),
            _ => None,
        });
        values.extend(texts.map(|value| (row.subject_id, value)).collect::<Vec<_>>());
    }
    Ok(values)
}

/// The events of these subjects.
pub(crate) fn of_subjects(ids: &[Uuid]) -> Condition {
    Condition::all().add(event::COLUMN.subject_id.is_in(ids.iter().copied()))
}

/// The same, of rows that are picked by something that never changes. What is there now was made at some time.
pub(crate) fn of_rows(ids: SelectStatement) -> Condition {
    Condition::all().add(event::Column::SubjectId.in_subquery(ids))
}

/// The events of what belongs to no intervention. An index finds them by their kind.
pub(crate) fn of_no_intervention() -> Condition {
    Condition::all().add(event::COLUMN.intervention_id.is_null())
}

/// The events of what belongs to these interventions.
pub(crate) fn of_interventions(ids: impl IntoIterator<Item = Uuid>) -> Condition {
    Condition::all().add(event::COLUMN.intervention_id.is_in(ids))
}
