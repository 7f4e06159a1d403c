//! What holds for all numbers.

#![expect(clippy::unwrap_used, reason = "what is missing where it must be has failed")]

mod assessments;
mod comparisons;
mod means;
mod paired_shares;
mod planning;
mod rates;
mod shares;
mod values;
mod words;

use evidence::goal::{Basis, Direction, Goal, Millionths};
use evidence::interval::{Confidence, Interval};
use evidence::paired::{self, PairedTable, nam_blackwelder, tango};
use evidence::rate::Rate;
use evidence::share::{Share, clopper_pearson, katz, koopman, newcombe, wilson};
use proptest::prelude::*;

/// Two bisections of functions that mirror each other.
const NOISE: f64 = 1e-8;

fn config() -> ProptestConfig {
    ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() }
}

/// For what takes milliseconds.
fn few() -> ProptestConfig {
    ProptestConfig { cases: 100, ..config() }
}

fn share() -> impl Strategy<Value = Share> {
    let n = prop_oneof![0..=3_u32, 0..=100_u32, 0..=5_000_000_u32];
    n.prop_flat_map(share_of)
}

fn share_of(n: u32) -> impl Strategy<Value = Share> {
    let x = prop_oneof![Just(0), Just(n), 0..=n.min(5), 0..=n];
    x.prop_map(move |x| Share::new(x, n).unwrap())
}

fn same_people() -> impl Strategy<Value = (Share, Share)> {
    let n = prop_oneof![0..=3_u32, 0..=100_u32, 0..=5_000_000_u32];
    n.prop_flat_map(|n| (share_of(n), share_of(n)))
}

fn table() -> impl Strategy<Value = PairedTable> {
    let cell = || prop_oneof![Just(0), 0..=30_u32, 0..=2_000_000_u32];
    (cell(), cell(), cell(), cell()).prop_map(|(n11, n10, n01, n00)| PairedTable { n11, n10, n01, n00 })
}

fn rate() -> impl Strategy<Value = Rate> {
    rate_of(prop_oneof![Just(0), 0..=30_u32, 0..=5_000_000_u32])
}

fn rate_of(count: impl Strategy<Value = u32>) -> impl Strategy<Value = Rate> {
    let exposure = prop_oneof![Just(1.0), 0.1..1000.0_f64, Just(1e-50), Just(1e50)];
    (count, exposure).prop_map(|(count, exposure)| Rate::new(count, exposure).unwrap())
}

fn confidence() -> impl Strategy<Value = Confidence> {
    prop_oneof![Just(0.95), 0.5..0.999_f64, Just(1e-12), Just(1.0 - 1e-12)]
        .prop_map(|level| Confidence::new(level).unwrap())
}

fn goal() -> impl Strategy<Value = Goal> {
    let threshold = prop_oneof![Just(0), Just(1_000_000), 0..=2_000_000_i64, Just(i64::MAX)];
    let basis = prop::sample::select(vec![
        Basis::RelativeChange,
        Basis::AbsoluteChange,
        Basis::Level,
        Basis::Maintain,
    ]);
    (prop::sample::select(vec![Direction::Up, Direction::Down]), basis, threshold)
        .prop_map(|(direction, basis, threshold)| Goal { direction, basis, threshold: Millionths(threshold) })
}

/// Finite, the right way round, and around the estimate.
fn assert_sound(interval: Interval, estimate: Option<f64>) {
    let Interval { low, high } = interval;
    assert!(low.is_finite() && high.is_none_or(f64::is_finite), "{interval:?}");
    assert!(high.is_none_or(|high| low <= high), "{interval:?}");
    if let Some(estimate) = estimate {
        assert!(low <= estimate && high.is_none_or(|high| estimate <= high), "{interval:?}: {estimate}");
    }
}

fn close(one: f64, other: f64) -> bool {
    (one - other).abs() <= NOISE * one.abs().max(other.abs()).max(1e-3)
}

fn assert_close(one: Option<f64>, other: Option<f64>) {
    let agree = match (one, other) {
        (Some(one), Some(other)) => close(one, other),
        (one, other) => one == other,
    };
    assert!(agree, "{one:?} {other:?}");
}

fn contains(outer: Interval, inner: Interval) -> bool {
    let above = outer.high.is_none_or(|outer| inner.high.is_some_and(|inner| inner <= outer * (1.0 + NOISE)));
    outer.low <= inner.low + NOISE * inner.low.abs()
        && (above || close(outer.high.unwrap(), inner.high.unwrap()))
}

/// Below the significance level exactly where the interval excludes no change; a p-value at the level may be on either
/// side.
fn assert_belongs(p: f64, interval: Interval, no_change: f64, confidence: Confidence) {
    let significance = 1.0 - confidence.level();
    let excludes = interval.low > no_change || interval.high.is_some_and(|high| high < no_change);
    assert!((0.0..=1.0).contains(&p), "{p}");
    let is_at_level = (p / significance - 1.0).abs() < 1e-3;
    assert!(is_at_level || excludes == (p < significance), "{p} {interval:?} at {confidence:?}");
}

fn ratio(before: Share, after: Share) -> Option<f64> {
    Some(after.value()? / before.value().filter(|before| *before > 0.0)?)
}

fn difference(before: Share, after: Share) -> Option<f64> {
    Some(after.value()? - before.value()?)
}

fn mirrored(interval: Interval) -> Interval {
    Interval { low: -interval.high.unwrap(), high: Some(-interval.low) }
}

/// A lower end of 0 becomes no upper end, and the other way round.
fn assert_inverse(one: Interval, other: Interval) {
    assert_close(Some(one.high.map_or(0.0, f64::recip)), Some(other.low));
    assert_close(Some(one.low).filter(|low| *low > 0.0).map(f64::recip), other.high);
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn surer_is_wider(before in share(), after in share(), table in table(), level in 0.5..0.99_f64) {
        let (less, more) = (Confidence::new(level).unwrap(), Confidence::new(level + 0.009).unwrap());
        let of: [&dyn Fn(Confidence) -> Option<Interval>; 8] = [
            &|confidence| wilson(after, confidence),
            &|confidence| clopper_pearson(after, confidence),
            &|confidence| katz(before, after, confidence),
            &|confidence| paired::newcombe(&table, confidence),
            &|confidence| newcombe(before, after, confidence),
            &|confidence| koopman(before, after, confidence),
            &|confidence| tango(&table, confidence),
            &|confidence| nam_blackwelder(&table, confidence),
        ];
        for interval in of {
            if let (Some(wide), Some(narrow)) = (interval(more), interval(less)) {
                prop_assert!(contains(wide, narrow), "{wide:?} {narrow:?}");
            }
        }
    }
}
