//! What it takes to hash events and the values in them: `cargo bench -p domain --bench hashing`.

#![expect(
    clippy::unwrap_used,
    reason = "a database of the bench's own that is not there is a slip in the bench"
)]

mod setting;

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use domain::account::{Create, Credentials, Found, Update};
use domain::log::{Checkpoint, Inclusion, Verify, settle, verify};
use domain::{Expected, Given, operate};
use serde_json::{Value, json};
use setting::Setting;

/// An event of so many changes, as it is in the log.
fn event(changes: usize) -> Inclusion {
    let change = |at: usize| json!({ "after": "5e".repeat(32), "before": "7a".repeat(32), "field": format!("field{at}"), "secret": false });
    let id = "01a20928-5eab-731c-8a32-0b311ec3abf2";
    let body = json!({
        "action": "UPDATE",
        "actor": { "id": id, "name": "0c".repeat(32), "roles": ["COORDINATOR"] },
        "at": "2026-11-26T12:00:00.000000Z",
        "changes": (0..changes).map(change).collect::<Value>(),
        "format": "virkning-event/1",
        "id": id,
        "reason": null,
        "request": id,
        "sequence": 2,
        "subject": { "id": id, "intervention": id, "kind": "INTERVENTION" },
    });
    let checkpoint = Checkpoint { origin: String::new(), size: 1, root: [0; 32], note: String::new() };
    Inclusion { index: 0, body: body.to_string(), openings: Value::Null, hashes: Vec::new(), checkpoint }
}

fn leaves(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("the leaf of an event");
    for changes in [1, 20] {
        let event = event(changes);
        group.throughput(Throughput::Bytes(u64::try_from(event.body.len()).unwrap()));
        group.bench_with_input(BenchmarkId::new("changes", changes), &event, |bencher, event| {
            bencher.iter(|| black_box(event).leaf());
        });
    }
}

const EVENTS: i64 = 200;

/// A log of one account that changes again and again: its name alone, or its address as well and for a reason.
fn written(setting: &Setting, more: bool) {
    let create = Create::new("a@example.dk".to_owned(), "Navn".to_owned(), Credentials::default());
    setting.runtime.block_on(async {
        let founder = setting.founder().await;
        let account = operate(&founder, Found(create), Given::default()).await.unwrap();
        for version in 1..=EVENTS {
            let update = Update {
                id: Some(account.id),
                email: more.then(|| format!("a{version}@example.dk")),
                name: Some(format!("Navn {version}")),
                active: None,
            };
            let reason = more.then(|| format!("Af en grund, den {version}."));
            let given = Given { expected: Expected::Version(version), reason, ..Given::default() };
            operate(&founder, update, given).await.unwrap();
        }
        settle(&setting.services).await.unwrap();
    });
}

fn logs(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("verify a log, by event");
    group.sample_size(10).throughput(Throughput::Elements(EVENTS.unsigned_abs()));
    for (name, more) in [("3 commitments each", false), ("6 commitments each", true)] {
        let setting = Setting::new();
        written(&setting, more);
        let what = Verify { anchors: Vec::new(), key: None, only_new: false };
        let verified = || setting.runtime.block_on(verify(&setting.services, &what, |_, _| ())).unwrap();
        assert_eq!(verified().fault_count, 0);
        group.bench_function(name, |bencher| bencher.iter(verified));
    }
}

criterion_group!(benches, leaves, logs);
criterion_main!(benches);
