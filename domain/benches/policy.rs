//! What it takes to tell whether someone may do something: `cargo bench -p domain --bench policy`.

#![expect(
    clippy::unwrap_used,
    reason = "a database of the bench's own that is not there is a slip in the bench"
)]

mod setting;

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use domain::forvaltning::Forvaltning;
use domain::policy::{Owners, Verb, matrix, permits, sight};
use domain::{Action, Actor, Grant, Role, SubjectKind, Uuid};
use setting::Setting;

/// How many roles someone has, each in a forvaltning of its own.
const GRANTS: [u128; 3] = [1, 4, 16];

fn forvaltning(number: u128) -> Forvaltning {
    let id = Uuid::from_u128(number);
    Forvaltning { id, code: format!("F{number}"), name: format!("Forvaltning {number}"), version: 1 }
}

fn evaluator(founder: &Actor, grants: u128) -> Actor {
    let grant = |number| Grant { role: Role::Evaluator, forvaltning: Some(forvaltning(number)) };
    let mut actor = founder.clone();
    actor.grants = (1..=grants).map(grant).collect();
    actor
}

fn single(criterion: &mut Criterion) {
    let setting = Setting::new();
    let founder = setting.runtime.block_on(async { setting.founder().await.actor });
    let owners = |lead| Owners {
        lead: Some(Uuid::from_u128(lead)),
        partners: (lead + 1..lead + 4).map(Uuid::from_u128).collect(),
    };
    let kind = SubjectKind::Virkningsevaluering;
    let mut group = criterion.benchmark_group("may an evaluator");
    for grants in GRANTS {
        let actor = evaluator(&founder, grants);
        for (name, owners) in
            [("update what is led by the last", owners(grants)), ("update another's", owners(100))]
        {
            group.bench_with_input(BenchmarkId::new(name, grants), &owners, |bencher, owners| {
                bencher
                    .iter(|| permits(black_box(&actor), Verb::Do(Action::Update), kind, black_box(owners)));
            });
        }
        group.bench_with_input(
            BenchmarkId::new("see, as a condition for a query", grants),
            &actor,
            |bencher, actor| {
                bencher.iter(|| sight(black_box(actor), Verb::See, kind));
            },
        );
    }
}

fn whole(criterion: &mut Criterion) {
    criterion
        .bench_function("the matrix of all roles, kinds and verbs, printed", |bencher| bencher.iter(matrix));
}

criterion_group!(benches, single, whole);
criterion_main!(benches);
