//! What the events of a subject say that the tables hold.

use std::collections::{BTreeMap, HashMap};

use crate::columns::{EvaluationPart, SubjectKind, Uuid};
use crate::event::{FieldValue, Fields};
use crate::history::{Entry, Folded, Told, divided};

/// The fields of an evaluation that change in its life, and are kept in rows of their own.
const STATE: [&str; 7] = ["title", "periodStart", "periodEnd", "roundId", "enrolled", "status", "revision"];
/// What ends a row without bringing another; told by where the row stands.
const ENDING: [&str; 2] = ["current", "removed"];

/// A row below an evaluation: a part, or what the evaluation itself was for a while.
pub(super) type RowKey = Option<(EvaluationPart, Uuid)>;

/// A row that must be there, since some event brought it.
#[derive(Clone, Debug)]
pub(super) struct Expected {
    pub since: i64,
    pub until: Option<i64>,
    pub fields: Folded,
    /// The log's index of the event that brought it, and of the one that ended it.
    pub index: Option<u64>,
    pub ended_by: Option<u64>,
}

/// A row that is there.
#[derive(Debug)]
pub(super) struct Stored {
    pub key: RowKey,
    pub since: i64,
    pub until: Option<i64>,
    pub fields: Fields,
}

/// A subject as its events make it, up to the last one read.
pub(super) struct Subject {
    pub kind: SubjectKind,
    pub id: Uuid,
    pub sequence: i64,
    pub first_index: Option<u64>,
    pub last_index: Option<u64>,
    /// The first entry of the log where its history does not hold; the end of all where the log has none for it.
    pub broken: Option<u64>,
    pub fields: Folded,
    /// Which event wrote each field last.
    written_by: HashMap<String, Option<u64>>,
    pub rows: BTreeMap<RowKey, Vec<Expected>>,
}

impl Subject {
    pub fn new(kind: SubjectKind, id: Uuid) -> Self {
        Self {
            kind,
            id,
            sequence: 0,
            first_index: None,
            last_index: None,
            broken: None,
            fields: Folded::new(),
            written_by: HashMap::new(),
            rows: BTreeMap::new(),
        }
    }

    /// Notes that one of its events does not hold.
    pub fn breaks(&mut self, index: Option<u64>) {
        let index = index.unwrap_or(u64::MAX);
        self.broken = Some(self.broken.map_or(index, |first| first.min(index)));
    }

    pub fn written_by(&self, field: &str) -> Option<u64> {
        self.written_by.get(field).copied().flatten().or(self.first_index)
    }

    /// Takes the next event in; what it says that does not follow from those before.
    pub fn apply(&mut self, entry: &Entry, index: Option<u64>) -> Option<String> {
        self.sequence = self.sequence.saturating_add(1);
        self.first_index = self.first_index.or(index);
        self.last_index = index.or(self.last_index);
        let mut fault = None;
        let mut touched: BTreeMap<RowKey, Folded> = BTreeMap::new();
        for change in entry.changes() {
            let (part, field) = divided(change.place);
            let present = match part {
                None => self.fields.get(field),
                Some(_) => {
                    self.rows.get(&part).and_then(|rows| rows.last()).and_then(|row| row.fields.get(field))
                }
            };
            // What was left out when a subject was made was empty.
            let was = present.cloned().unwrap_or(Told::Value(serde_json::Value::Null));
            if let (Some(Told::Value(before)), Told::Value(was)) = (&change.before, &was)
                && before != was
                && !ENDING.contains(&field)
            {
                fault.get_or_insert_with(|| {
                    format!("its {} was not {before} before it, but {was}", change.place)
                });
            }
            if part.is_none() {
                self.fields.insert(field.to_owned(), change.after.clone());
                self.written_by.insert(field.to_owned(), index);
            }
            let key = part;
            if part.is_some() || (self.kind == SubjectKind::Virkningsevaluering && STATE.contains(&field)) {
                touched.entry(key).or_default().insert(field.to_owned(), change.after);
            }
        }
        for (key, fields) in touched {
            self.touch(key, fields, index);
        }
        fault
    }

    fn touch(&mut self, key: RowKey, changed: Folded, index: Option<u64>) {
        let version = self.sequence;
        let rows = self.rows.entry(key).or_default();
        let standing = rows.last_mut().filter(|row| row.until.is_none());
        let mut fields = standing.as_ref().map(|row| row.fields.clone()).unwrap_or_default();
        if let Some(row) = standing {
            row.until = Some(version);
            row.ended_by = index;
        }
        let ends = changed.get("current") == Some(&Told::Value(false.into()))
            || changed.get("removed") == Some(&Told::Value(true.into()));
        if !ends {
            fields.extend(changed);
            rows.push(Expected { since: version, until: None, fields, index, ended_by: None });
        }
    }

    /// The subject's own fields that are stored in the one row of its id.
    pub fn own_fields(&self) -> Folded {
        let in_states = |field: &str| self.kind == SubjectKind::Virkningsevaluering && STATE.contains(&field);
        self.fields
            .iter()
            .filter(|(field, _)| !in_states(field))
            .map(|(k, v)| (k.clone(), v.clone()))
            .collect()
    }
}

/// The first stored field that is not what the events say, and both values.
pub(super) fn differing(told: &Folded, stored: &Fields) -> Option<(String, String)> {
    stored.iter().filter(|(name, _)| !ENDING.contains(name)).find_map(|(name, value)| {
        let FieldValue::Shown(value) = value else { return None };
        let nothing = Told::Value(serde_json::Value::Null);
        match told.get(*name).unwrap_or(&nothing) {
            Told::Value(told) if told != value => {
                Some(((*name).to_owned(), format!("{name} is {value}, by the history {told}")))
            }
            Told::Value(_) | Told::Erased | Told::Secret => None,
        }
    })
}
