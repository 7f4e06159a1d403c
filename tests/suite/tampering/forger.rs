//! Whoever rules the database and knows the format: makes the whole log anew around what was changed.

use std::fmt::Write;

use data_encoding::HEXLOWER;
use sea_orm::prelude::Uuid;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::{by_hand, bytes, literal, quoted};
use crate::history::canonical;
use crate::support::{Backend, Database};

/// An event, as a forger writes it.
#[derive(Clone)]
pub struct Forged {
    pub body: Value,
    pub openings: Value,
}

impl Forged {
    fn text(&self, pointer: &str) -> &str {
        self.body
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_else(|| panic!("{pointer} in {}", self.body))
    }

    pub fn subject(&self) -> Uuid {
        self.text("/subject/id").parse().expect("an id")
    }

    pub fn sequence(&self) -> i64 {
        self.body["sequence"].as_i64().expect("a sequence")
    }

    pub fn leaf(&self) -> Vec<u8> {
        leaf(&canonical(&self.body))
    }

    /// Lets a field that the event changed have become this, with a commitment that opens to it.
    pub fn tell(&mut self, field: &str, side: &str, value: Value) {
        let salt = [7; 16];
        let hash = Sha256::new().chain_update(salt).chain_update(canonical(&value)).finalize();
        let changes = self.body["changes"].as_array_mut().expect("changes");
        let change =
            changes.iter_mut().find(|change| change["field"] == field).expect("a change of the field");
        change[side] = json!(HEXLOWER.encode(&hash));
        self.openings[format!("changes.{field}.{side}")] =
            json!({ "salt": HEXLOWER.encode(&salt), "value": value });
    }

    /// The event's values in the order of `COLUMNS`.
    fn values(&self, backend: Backend) -> String {
        let id = |pointer: &str| literal(backend, self.text(pointer).parse().expect("an id"));
        let intervention = match &self.body["subject"]["intervention"] {
            Value::Null => "NULL".to_owned(),
            _ => id("/subject/intervention"),
        };
        let at = OffsetDateTime::parse(self.text("/at"), &Rfc3339).expect("a moment");
        let values = [
            id("/id"),
            quoted(self.text("/subject/kind")),
            id("/subject/id"),
            self.sequence().to_string(),
            intervention,
            (at.unix_timestamp_nanos() / 1000).to_string(),
            id("/actor/id"),
            quoted(self.text("/action")),
            quoted(&canonical(&self.body)),
            bytes(backend, &self.leaf()),
        ];
        format!("({})", values.join(", "))
    }

    fn id(&self, backend: Backend) -> String {
        literal(backend, self.text("/id").parse().expect("an id"))
    }

    /// The statements that store it, and nothing in the log.
    pub fn stored(&self, backend: Backend) -> String {
        let detail = format!("({}, {})", self.id(backend), quoted(&canonical(&self.openings)));
        format!(
            "INSERT INTO event ({COLUMNS}) VALUES {}; INSERT INTO event_detail (event_id, openings) VALUES {detail};",
            self.values(backend)
        )
    }

    /// Its entry of the log.
    pub fn entered(&self, backend: Backend, index: usize) -> String {
        let values = format!("({index}, {}, {})", self.id(backend), bytes(backend, &self.leaf()));
        format!("INSERT INTO log_entry (\"index\", event_id, leaf) VALUES {values};")
    }
}

pub fn leaf(body: &str) -> Vec<u8> {
    Sha256::new().chain_update([0]).chain_update(body).finalize().to_vec()
}

const COLUMNS: &str =
    "id, subject_kind, subject_id, sequence, intervention_id, occurred_at, actor_id, action, body, leaf";

/// All events in the order of the log.
pub fn history(database: &Database) -> Vec<Forged> {
    let sql = "SELECT body, openings FROM log_entry JOIN event ON event.id = log_entry.event_id \
               JOIN event_detail ON event_detail.event_id = event.id ORDER BY \"index\"";
    let json = |text: String| serde_json::from_str(&text).expect("JSON");
    let rows = database.query(sql);
    let text = |row: &sea_orm::QueryResult, name: &str| json(row.try_get("", name).expect(name));
    rows.iter().map(|row| Forged { body: text(row, "body"), openings: text(row, "openings") }).collect()
}

/// The place of a subject's event of this sequence.
pub fn place(history: &[Forged], subject: Uuid, sequence: i64) -> usize {
    let found = history.iter().position(|event| event.subject() == subject && event.sequence() == sequence);
    found.expect("an event of the subject")
}

/// Writes this history in place of the one that is there, and nothing is left that was signed or kept of the old one.
pub fn rewrite(database: &Database, history: &[Forged]) {
    let backend = database.backend();
    let mut sql: String = ["log_checkpoint", "log_subtree", "log_entry", "event_detail", "event"]
        .map(|table| format!("DELETE FROM {table};"))
        .concat();
    for (index, event) in history.iter().enumerate() {
        write!(sql, "{}{}", event.stored(backend), event.entered(backend, index)).expect("a text");
    }
    by_hand(database, &format!("BEGIN; {sql} COMMIT"));
}
