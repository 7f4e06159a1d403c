//! The time of one result: `cargo bench -p evidence`.

#![expect(clippy::unwrap_used, reason = "a share that is none is a slip in the bench")]

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use evidence::effect_size::hedges_g_paired;
use evidence::goal::{Basis, Direction, Goal, Millionths};
use evidence::interval::Confidence;
use evidence::mean::StatedMean;
use evidence::paired::PairedTable;
use evidence::paired_values::{PairedValues, hodges_lehmann, sign_test, wilcoxon_signed_rank};
use evidence::rate::Count;
use evidence::share::Share;
use evidence::verdict::{MeanPairing, Pairing, Wave, assess_counts, assess_means, assess_shares};
use std::hint::black_box;

const SIZES: [u32; 3] = [50, 5_000, 1_000_000];

fn goal(direction: Direction, basis: Basis) -> Goal {
    Goal { direction, basis, threshold: Millionths(500_000) }
}

fn shares(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("share, relative change");
    let goal = goal(Direction::Down, Basis::RelativeChange);
    for n in SIZES {
        let (before, after) = (Share::new(n * 3 / 10, n).unwrap(), Share::new(n / 8, n).unwrap());
        let table = PairedTable::with_margins(before, after, n / 10).unwrap();
        for (name, pairing) in [
            ("different people", Pairing::Independent),
            ("the same people", Pairing::Paired(table)),
            ("the same people, totals only", Pairing::SamePersonsUnknownTable),
        ] {
            group.bench_with_input(BenchmarkId::new(name, n), &pairing, |bencher, pairing| {
                let waves = || (Wave::Given(black_box(before)), Wave::Given(black_box(after)));
                bencher.iter(|| assess_shares(&goal, waves().0, waves().1, pairing, Confidence::P95));
            });
        }
    }
}

fn totals(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("means and counts");
    let absolute = goal(Direction::Up, Basis::AbsoluteChange);
    let relative = goal(Direction::Down, Basis::RelativeChange);
    for n in SIZES {
        let mean = |mean: i64| {
            Wave::Given(StatedMean { mean: Millionths(mean), sd: Some(Millionths(18_500_000)), n: Some(n) })
        };
        group.bench_with_input(BenchmarkId::new("mean, different people", n), &n, |bencher, _| {
            let waves = || (black_box(mean(48_200_000)), black_box(mean(56_900_000)));
            bencher.iter(|| {
                assess_means(&absolute, waves().0, waves().1, MeanPairing::Independent, Confidence::P95)
            });
        });
        let count = |count: u32| Wave::Given(Count::new(count, Some(Millionths(43_000_000))).unwrap());
        group.bench_with_input(BenchmarkId::new("count, relative change", n), &n, |bencher, n| {
            let waves = || (black_box(count(*n)), black_box(count(n / 2)));
            bencher.iter(|| assess_counts(&relative, waves().0, waves().1, Confidence::P95));
        });
    }
}

/// Scores from 0 to 100 in steps of 4, as those of WHO-5, with many ties.
fn pairs(n: u32) -> PairedValues {
    let score =
        |person: u32, by: u32| f64::from(person.wrapping_mul(2_654_435_761).wrapping_add(by) % 26) * 4.0;
    let before = (0..n).map(|person| score(person, 0)).collect();
    PairedValues::new(before, (0..n).map(|person| score(person, person % 7)).collect()).unwrap()
}

fn observations(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("paired observations");
    group.sample_size(10);
    let absolute = goal(Direction::Up, Basis::AbsoluteChange);
    for n in SIZES {
        let values = pairs(n);
        let stated = |mean: f64| {
            let mean = format!("{:.0}", mean * 1e6).parse().unwrap();
            Wave::Given(StatedMean { mean: Millionths(mean), sd: None, n: Some(n) })
        };
        let (before, after) = (stated(values.before().mean()), stated(values.after().mean()));
        group.bench_with_input(BenchmarkId::new("verdict by t", n), &values, |bencher, values| {
            let pairing = MeanPairing::Paired(values);
            bencher.iter(|| assess_means(&absolute, before, after, pairing, Confidence::P95));
        });
        group.bench_with_input(
            BenchmarkId::new("verdict, effect size and ranks", n),
            &values,
            |bencher, values| {
                let pairing = MeanPairing::Paired(values);
                bencher.iter(|| {
                    (
                        assess_means(&absolute, before, after, pairing, Confidence::P95),
                        hedges_g_paired(values, Confidence::P95),
                        hodges_lehmann(values, Confidence::P95),
                        wilcoxon_signed_rank(values),
                        sign_test(values),
                    )
                });
            },
        );
    }
}

criterion_group!(benches, shares, totals, observations);
criterion_main!(benches);
