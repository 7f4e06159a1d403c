//! What it takes to guard against a document, before anything is read for it: `cargo bench -p graphql --bench guard`.
//!
//! Whether a document asks for a stream is told by all of the guard: limits on the text, parsing, bounding the cost,
//! validation, conflicts and merging.

#![expect(clippy::unwrap_used, reason = "a runtime that does not start is a slip in the bench")]

use std::hint::black_box;

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use graphql::{Document, Limits, Virkning, virkning};
use tokio::runtime::{Builder, Runtime};

const SMALL: &str = "{ intervention(slug: \"ludo\") { id name current { year } } }";
const REGISTER: &str = include_str!("../../docs/examples/register.graphql");

struct Guard {
    schema: Virkning,
    runtime: Runtime,
}

impl Guard {
    fn new() -> Self {
        let runtime = Builder::new_current_thread().build().unwrap();
        Self { schema: virkning(Limits::default()), runtime }
    }

    fn passes(&self, document: &Document) -> bool {
        self.runtime.block_on(self.schema.is_subscription(black_box(document)))
    }
}

fn document(query: String) -> Document {
    Document { query, ..Document::default() }
}

/// Documents as they are written, when they come for the first time and when they come again.
fn usual(criterion: &mut Criterion) {
    let guard = Guard::new();
    let mut group = criterion.benchmark_group("a usual document");
    for (name, query) in [("one intervention", SMALL), ("the whole register", REGISTER)] {
        let mut number = 0_u64;
        group.throughput(Throughput::Bytes(u64::try_from(query.len()).unwrap()));
        group.bench_function(BenchmarkId::new("new", name), |bencher| {
            let unseen = || {
                number += 1;
                document(format!("{query} # {number}"))
            };
            bencher.iter_batched(unseen, |document| guard.passes(&document), BatchSize::SmallInput);
        });
        let known = document(query.to_owned());
        group
            .bench_function(BenchmarkId::new("known", name), |bencher| bencher.iter(|| guard.passes(&known)));
    }
}

/// Fragments that each spread the next one twice: the last is reached 2^29 times.
fn doubling() -> String {
    let fragment = |at: usize| format!(" fragment F{at} on Query {{ ...F{0} ...F{0} }}", at + 1);
    let fragments: Vec<_> = (0..29).map(fragment).collect();
    format!("{{ ...F0 }}{} fragment F29 on Query {{ viewer {{ id }} }}", fragments.concat())
}

/// One field as often as a document may hold it, each to be compared with each.
fn repeated() -> String {
    format!("{{ {} }}", "viewer { id } ".repeat(900))
}

/// Pages within pages: few words that ask for more than there is.
fn dear() -> String {
    let interventions = |below: &str| {
        format!("interventions(first: 100) {{ nodes {{ current {{ reportingYear {{ {below} }} }} }} }}")
    };
    format!("{{ {} }}", interventions(&interventions(&interventions("year"))))
}

/// Documents that nobody means well with, beside a small one: all come for the first time each time.
fn hostile(criterion: &mut Criterion) {
    let guard = Guard::new();
    let mut group = criterion.benchmark_group("a hostile document");
    for (name, query) in [
        ("none, but a small one", SMALL.to_owned()),
        ("fragments that double", doubling()),
        ("one field 900 times", repeated()),
        ("pages within pages", dear()),
        ("levels without end", format!("{}viewer{}", "{ node ".repeat(1_500), "}".repeat(1_500))),
        ("more words than may be", "{ viewer { id } } ".repeat(20_000)),
    ] {
        let mut number = 0_u64;
        group.throughput(Throughput::Bytes(u64::try_from(query.len()).unwrap()));
        group.bench_function(name, |bencher| {
            let unseen = || {
                number += 1;
                document(format!("{query} # {number}"))
            };
            bencher.iter_batched(unseen, |document| guard.passes(&document), BatchSize::LargeInput);
        });
    }
}

criterion_group!(benches, usual, hostile);
criterion_main!(benches);
