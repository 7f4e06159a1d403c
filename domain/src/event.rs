//! The history's entries and their bytes. `docs/history.md` gives the format; it is final.
//!
//! An event's body is canonical JSON (RFC 8785). What the law may order erased (names, reasons, values) is not in the body
//! but stands there as a commitment, SHA-256 of a salt and the value's canonical bytes; salt and value lie in the event's
//! detail. Taking one out of the detail leaves the body, its hash and every proof as they were.

use std::borrow::Cow;
use std::collections::BTreeMap;

use entity::{event, event_detail};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::canonical_json::canonical;
use crate::columns::{Action, EvaluationPart, SubjectKind, Timestamp, Uuid};
use crate::context::{Actor, Environment};
use crate::error::Result;
use crate::operation::Store;

/// The format's name, in every body.
const FORMAT: &str = "virkning-event/1";
/// 128 random bits hide the likeliest value.
pub(crate) const SALT: usize = 16;

/// The value of a field as an event keeps it.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldValue {
    Shown(Value),
    /// Of a secret the history says only that it changed. Compared, never written.
    Secret(Option<String>),
}

impl<T: Into<Value>> From<T> for FieldValue {
    fn from(value: T) -> Self {
        Self::Shown(value.into())
    }
}

/// All stored fields of an aggregate by name: what its history is made of.
pub type Fields = Vec<(&'static str, FieldValue)>;

/// A row that belongs to an aggregate and has an id of its own.
pub struct Part {
    pub kind: EvaluationPart,
    pub id: Uuid,
    pub fields: Fields,
}

impl Part {
    /// Where events keep a field of the part: `measurements.ID.numerator`.
    fn place(&self, field: &str) -> String {
        format!("{}.{}.{field}", self.kind, self.id)
    }
}

/// An aggregate's own fields and those of its parts, each under the name that events keep it by.
pub fn named(own: Fields, parts: Vec<Part>) -> Vec<(Cow<'static, str>, FieldValue)> {
    let own = own.into_iter().map(|(field, value)| (Cow::Borrowed(field), value));
    let below = parts.into_iter().flat_map(|mut part| {
        let fields = std::mem::take(&mut part.fields);
        fields.into_iter().map(move |(field, value)| (Cow::Owned(part.place(field)), value))
    });
    own.chain(below).collect()
}

/// Ids, decimals and moments enter events as texts; integers below 2^53 as numbers.
#[expect(clippy::needless_pass_by_value, reason = "callers give both borrowed and computed values")]
pub fn text(value: impl ToString) -> FieldValue {
    FieldValue::Shown(Value::String(value.to_string()))
}

pub fn text_or_none(value: Option<impl ToString>) -> FieldValue {
    FieldValue::Shown(value.map_or(Value::Null, |value| Value::String(value.to_string())))
}

pub fn texts(values: impl IntoIterator<Item = impl ToString>) -> FieldValue {
    FieldValue::Shown(values.into_iter().map(|value| Value::String(value.to_string())).collect())
}

/// One field that an operation changed.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldChange {
    field: Cow<'static, str>,
    before: Option<FieldValue>,
    after: FieldValue,
}

impl FieldChange {
    pub fn field(&self) -> &str {
        &self.field
    }

    pub fn before(&self) -> Option<&FieldValue> {
        self.before.as_ref()
    }

    pub fn after(&self) -> &FieldValue {
        &self.after
    }
}

/// The fields that differ, in the order of the aggregate. Of what was not there before, every field that has a value.
pub fn changes(
    before: Vec<(Cow<'static, str>, FieldValue)>,
    after: Vec<(Cow<'static, str>, FieldValue)>,
) -> Vec<FieldChange> {
    let mut old: BTreeMap<_, _> = before.into_iter().collect();
    let empty =
        |value: &FieldValue| matches!(value, FieldValue::Shown(Value::Null) | FieldValue::Secret(None));
    after
        .into_iter()
        .map(|(field, after)| FieldChange { before: old.remove(&field), field, after })
        .filter(|change| match &change.before {
            Some(value) => *value != change.after,
            None => !empty(&change.after),
        })
        .collect()
}

/// What an event is about and belongs to.
#[derive(Clone, Copy, Debug)]
pub struct Subject {
    pub kind: SubjectKind,
    pub id: Uuid,
    pub intervention_id: Option<Uuid>,
    /// Place in the subject's history, from 1.
    pub sequence: i64,
}

/// What happened, apart from the changed fields.
pub struct Occurrence<'a> {
    pub action: Action,
    pub actor: &'a Actor,
    /// The actor's roles as printed: `COORDINATOR`, `EVALUATOR SOF`.
    pub roles: &'a [String],
    pub at: Timestamp,
    pub request_id: Uuid,
    pub reason: Option<&'a str>,
}

/// An event ready to be stored.
pub struct Sealed {
    event: event::Model,
    detail: event_detail::Model,
}

/// Writes the canonical body, its leaf hash and the openings of its commitments.
pub fn seal(
    environment: &dyn Environment,
    subject: Subject,
    occurrence: &Occurrence<'_>,
    changes: &[FieldChange],
) -> Result<Sealed> {
    let id = environment.new_id();
    let mut openings = Openings { environment, entries: Map::new() };
    let name = openings.commit("actor.name", &Value::String(occurrence.actor.name.clone()))?;
    let reason = match occurrence.reason {
        Some(reason) => openings.commit("reason", &Value::String(reason.to_owned()))?,
        None => Value::Null,
    };
    let mut entries = Vec::with_capacity(changes.len());
    for change in changes {
        entries.push(entry(&mut openings, change)?);
    }
    let body = json!({
        "action": occurrence.action.as_str(),
        "actor": { "id": occurrence.actor.id.to_string(), "name": name, "roles": occurrence.roles },
        "at": occurrence.at.to_string(),
        "changes": entries,
        "format": FORMAT,
        "id": id.to_string(),
        "reason": reason,
        "request": occurrence.request_id.to_string(),
        "sequence": subject.sequence,
        "subject": {
            "id": subject.id.to_string(),
            "intervention": subject.intervention_id.map(|id| id.to_string()),
            "kind": subject.kind.as_str(),
        },
    });
    let body = canonical(&body)?;
    Ok(Sealed {
        detail: event_detail::Model { event_id: id, openings: canonical(&Value::Object(openings.entries))? },
        event: event::Model {
            id,
            subject_kind: subject.kind,
            subject_id: subject.id,
            sequence: subject.sequence,
            intervention_id: subject.intervention_id,
            occurred_at: occurrence.at,
            actor_id: occurrence.actor.id,
            action: occurrence.action,
            leaf: leaf(&body).to_vec(),
            body,
        },
    })
}

impl Sealed {
    pub async fn append(self, store: &mut Store<'_>) -> Result<()> {
        store.insert::<event::Entity>(self.event).await?;
        store.insert::<event_detail::Entity>(self.detail).await
    }
}

/// SHA-256 of 0x00 and the body: the leaf hash of RFC 6962, section 2.1.
pub fn leaf(body: &str) -> [u8; 32] {
    Sha256::new().chain_update([0]).chain_update(body).finalize().into()
}

/// SHA-256 of the salt and the value's canonical bytes.
pub fn commitment(salt: &[u8; SALT], canonical_value: &str) -> [u8; 32] {
    Sha256::new().chain_update(salt).chain_update(canonical_value).finalize().into()
}

fn entry(openings: &mut Openings<'_>, change: &FieldChange) -> Result<Value> {
    let mut commit = |side: &str, value: Option<&FieldValue>| match value {
        Some(FieldValue::Shown(value)) => openings.commit(&format!("changes.{}.{side}", change.field), value),
        Some(FieldValue::Secret(_)) | None => Ok(Value::Null),
    };
    let secret = matches!(change.after, FieldValue::Secret(_));
    Ok(json!({
        "after": commit("after", Some(&change.after))?,
        "before": commit("before", change.before.as_ref())?,
        "field": change.field,
        "secret": secret,
    }))
}

struct Openings<'a> {
    environment: &'a dyn Environment,
    entries: Map<String, Value>,
}

impl Openings<'_> {
    /// The commitment to `value` in hexadecimal; salt and value are kept under `place`.
    fn commit(&mut self, place: &str, value: &Value) -> Result<Value> {
        let mut salt = [0; SALT];
        self.environment.fill_random(&mut salt)?;
        let commitment = commitment(&salt, &canonical(value)?);
        let hexadecimal = |bytes: &[u8]| Value::String(data_encoding::HEXLOWER.encode(bytes));
        self.entries.insert(place.to_owned(), json!({ "salt": hexadecimal(&salt), "value": value }));
        Ok(hexadecimal(&commitment))
    }
}
