//! What an event says, and what the events of a subject add up to.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::columns::{EvaluationPart, Uuid};
use crate::error::{Error, Result};

/// An event taken apart: its body, and what its commitments open to.
pub(crate) struct Entry {
    pub body: Value,
    pub openings: Map<String, Value>,
}

/// A value in an event.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Told {
    Value(Value),
    /// It was taken out by law.
    Erased,
    /// Only that there is one is told.
    Secret,
}

/// One changed field of an event.
pub(crate) struct FieldTold<'a> {
    /// The field's name, or the way to it: `measurements.ID.numerator`.
    pub place: &'a str,
    /// None where there was nothing before.
    pub before: Option<Told>,
    pub after: Told,
}

impl Entry {
    /// An event without its detail has everything erased.
    pub fn read(body: &str, openings: Option<&str>) -> Result<Self> {
        let body = serde_json::from_str(body).map_err(Error::internal)?;
        let openings = openings.map_or(Ok(Map::new()), serde_json::from_str).map_err(Error::internal)?;
        Ok(Self { body, openings })
    }

    /// What the commitment at a place opens to; none where that is erased.
    pub fn opened(&self, place: &str) -> Option<&Value> {
        self.openings.get(place)?.get("value")
    }

    pub fn changes(&self) -> impl Iterator<Item = FieldTold<'_>> {
        self.body["changes"].as_array().into_iter().flatten().filter_map(|change| {
            let place = change["field"].as_str()?;
            let secret = change["secret"] == Value::Bool(true);
            let told = |side: &str| match self.opened(&format!("changes.{place}.{side}")) {
                Some(value) => Told::Value(value.clone()),
                None if secret => Told::Secret,
                None => Told::Erased,
            };
            let before = (!change["before"].is_null()).then(|| told("before"));
            Some(FieldTold { place, before, after: told("after") })
        })
    }
}

/// The fields of a subject or a part by name, as its events left them.
pub(crate) type Folded = BTreeMap<String, Told>;

/// The part and the field of a place such as `measurements.ID.numerator`.
pub(crate) fn divided(place: &str) -> (Option<(EvaluationPart, Uuid)>, &str) {
    let part = || {
        let (kind, rest) = place.split_once('.')?;
        let (id, field) = rest.split_once('.')?;
        Some(((kind.parse().ok()?, Uuid::try_parse(id).ok()?), field))
    };
    part().map_or((None, place), |(part, field)| (Some(part), field))
}
