//! One event: whether its bytes, its hash, its columns and its openings agree.

use entity::event;
use serde_json::{Value, json};

use crate::canonical_json::canonical;
use crate::error::Result;
use crate::event::{commitment, leaf};
use crate::history::Entry;

/// What is wrong with an event by itself, the first thing found; and the event taken apart, where it can be.
pub(super) fn examined(
    row: &event::Model,
    openings: Option<&str>,
    logged: Option<&[u8]>,
) -> (Option<Entry>, Option<String>) {
    let hash = leaf(&row.body);
    if row.leaf != hash {
        return (Entry::read(&row.body, openings).ok(), Some("its body does not hash to its leaf".into()));
    }
    if logged.is_some_and(|logged| logged != hash) {
        return (Entry::read(&row.body, openings).ok(), Some("the log holds another leaf for it".into()));
    }
    if logged.is_none() {
        return (Entry::read(&row.body, openings).ok(), Some("the log has no entry for it".into()));
    }
    let Ok(entry) = Entry::read(&row.body, openings) else {
        return (None, Some("its body or its openings are no JSON".into()));
    };
    let fault = told(row, openings.is_some(), &entry);
    let fault = fault.unwrap_or_else(|error| Some(error.to_string()));
    (Some(entry), fault)
}

fn told(row: &event::Model, has_detail: bool, entry: &Entry) -> Result<Option<String>> {
    if canonical(&entry.body)? != row.body {
        return Ok(Some("its body is not canonical JSON".into()));
    }
    if !has_detail {
        return Ok(Some("its openings are gone (erasing a value leaves the row)".into()));
    }
    if let Some(column) = differing_column(row, &entry.body) {
        return Ok(Some(format!("its column {column} differs from its body")));
    }
    unopened(entry)
}

/// The first column that says something else than the body.
fn differing_column(row: &event::Model, body: &Value) -> Option<&'static str> {
    let subject = &body["subject"];
    let columns = [
        ("id", json!(row.id.to_string()), &body["id"]),
        ("subject_kind", json!(row.subject_kind.as_str()), &subject["kind"]),
        ("subject_id", json!(row.subject_id.to_string()), &subject["id"]),
        ("sequence", json!(row.sequence), &body["sequence"]),
        ("intervention_id", json!(row.intervention_id.map(|id| id.to_string())), &subject["intervention"]),
        ("occurred_at", json!(row.occurred_at.to_string()), &body["at"]),
        ("actor_id", json!(row.actor_id.to_string()), &body["actor"]["id"]),
        ("action", json!(row.action.as_str()), &body["action"]),
    ];
    columns.into_iter().find(|(_, column, told)| column != *told).map(|(name, ..)| name)
}

/// Every place that can be opened, with what the body commits to there; null where it commits to nothing.
fn commitments(body: &Value) -> Vec<(String, &Value)> {
    let mut all =
        vec![("actor.name".to_owned(), &body["actor"]["name"]), ("reason".to_owned(), &body["reason"])];
    for change in body["changes"].as_array().into_iter().flatten() {
        let field = change["field"].as_str().unwrap_or_default();
        all.push((format!("changes.{field}.before"), &change["before"]));
        all.push((format!("changes.{field}.after"), &change["after"]));
    }
    all
}

/// How many of its values were erased.
pub(super) fn erased(entry: &Entry) -> u64 {
    let committed = commitments(&entry.body).into_iter().filter(|(_, committed)| !committed.is_null());
    let erased = committed.filter(|(place, _)| entry.opened(place).is_none()).count();
    u64::try_from(erased).unwrap_or(u64::MAX)
}

/// The first opening that is not what the body commits to.
fn unopened(entry: &Entry) -> Result<Option<String>> {
    let mut known = 0;
    for (place, committed) in commitments(&entry.body) {
        let Some(opening) = entry.openings.get(&place) else { continue };
        known += 1;
        // Where it was erased there is no value. A value without its salt could be any.
        let Some(value) = opening.get("value") else { continue };
        let salt =
            opening["salt"].as_str().and_then(|salt| data_encoding::HEXLOWER.decode(salt.as_bytes()).ok());
        let Some(salt) = salt.and_then(|salt| <[u8; 16]>::try_from(salt).ok()) else {
            return Ok(Some(format!("the opening of {place} has a value, and no salt that proves it")));
        };
        let hash = data_encoding::HEXLOWER.encode(&commitment(&salt, &canonical(value)?));
        if committed.as_str() != Some(hash.as_str()) {
            return Ok(Some(format!("the opening of {place} is not what its body commits to")));
        }
    }
    let unknown = entry.openings.len() > known;
    Ok(unknown.then(|| "it has an opening that its body does not commit to".to_owned()))
}
