//! The access log, as tests read it.

use std::thread;
use std::time::{Duration, Instant, SystemTime};

use serde_json::{Value, json};

use super::client::{Answer, Client};

/// Longer than a write ever takes, on a machine that compiles at the same time.
const PATIENCE: Duration = Duration::from_mins(1);
pub const ENTRIES: &str = "query($after: String, $filter: AccessLogFilter) { accessLog(first: 100, after: $after, filter: $filter) { totalCount \
     pageInfo { hasNextPage endCursor } nodes { id actor { id name roles } action subjectKind named { kind id } outcome \
     firstAt lastAt count requestId } } }";

/// All entries that this client reads, the newest first.
pub fn entries(client: &Client, filter: &Value) -> Vec<Value> {
    let (mut all, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = client.data(ENTRIES, json!({ "after": after, "filter": filter }))["accessLog"].clone();
        all.extend(page["nodes"].as_array().expect("nodes").clone());
        if page["pageInfo"]["hasNextPage"] == false {
            return all;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

pub fn refusals(entries: &[Value]) -> i64 {
    entries.iter().map(|entry| entry["count"].as_i64().expect("a count")).sum()
}

/// The entries, once so many denials are written.
pub fn written(client: &Client, denials: i64) -> Vec<Value> {
    let started = Instant::now();
    loop {
        let entries = entries(client, &json!({}));
        match refusals(&entries) {
            count if count >= denials => {
                assert_eq!(count, denials, "{entries:#?}");
                return entries;
            }
            _ => assert!(started.elapsed() < PATIENCE, "{denials} denials are not all written: {entries:#?}"),
        }
        thread::sleep(Duration::from_millis(50));
    }
}

/// What was attempted, with what was named, and how it was answered.
pub fn told(entry: &Value) -> String {
    let word = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let named = &entry["named"];
    let place = |value: &Value| format!("{} {}", word(&value["kind"]), word(&value["id"]));
    format!(
        "{} {} ({}) {}",
        word(&entry["action"]),
        word(&entry["subjectKind"]),
        if named.is_null() { "-".to_owned() } else { place(named) },
        word(&entry["outcome"])
    )
}

/// An id of a kind that nothing has.
pub fn absent(prefix: &str, number: u32) -> String {
    format!("{prefix}_{number:08x}000070008000000000000000")
}

pub fn read(client: &Client, id: &str) -> Answer {
    let answer = client.ask("query($id: ID!) { node(id: $id) { id } }", json!({ "id": id }));
    assert!(answer.data()["node"].is_null(), "{}", answer.body);
    answer
}

/// Waits out the end of an hour, in which denials that are equal would be two entries.
#[expect(clippy::disallowed_methods, reason = "the hour is that of the server's own clock")]
pub fn within_an_hour() {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("a time after 1970");
    let left = 3600 - now.as_secs() % 3600;
    if left < 60 {
        thread::sleep(Duration::from_secs(left));
    }
}
