//! The score intervals of paired shares against their definition: at a bound the test statistic, with the likeliest
//! probabilities found by search and not by a formula, is the quantile.

use evidence::interval::Confidence;
use evidence::paired::{PairedTable, nam_blackwelder, tango};

const Z: f64 = 1.959_963_984_540_054;

fn tables(n: u32) -> impl Iterator<Item = PairedTable> {
    (0..=n).flat_map(move |n11| {
        (0..=n - n11).flat_map(move |n10| {
            (0..=n - n11 - n10).map(move |n01| PairedTable { n11, n10, n01, n00: n - n11 - n10 - n01 })
        })
    })
}

fn cells(table: &PairedTable) -> [f64; 4] {
    [table.n11, table.n10, table.n01, table.n00].map(f64::from)
}

/// What is observed so often is likely by so much; what is never observed may have any probability.
fn log_likelihood(observed: &[f64], probabilities: &[f64]) -> f64 {
    let terms = observed.iter().zip(probabilities).filter(|(count, _)| **count > 0.0);
    terms.map(|(count, probability)| count * probability.max(1e-300).ln()).sum()
}

/// Where a concave function is largest.
fn argmax(low: f64, high: f64, of: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (low, high);
    for _ in 0..200 {
        let third = (high - low) / 3.0;
        if of(low + third) < of(high - third) {
            low += third;
        } else {
            high -= third;
        }
    }
    f64::midpoint(low, high)
}

/// The square of the statistic if the difference is `delta`.
fn difference_statistic(table: &PairedTable, delta: f64) -> f64 {
    let [n11, n10, n01, n00] = cells(table);
    let n = n11 + n10 + n01 + n00;
    let p10 = argmax((-delta).max(0.0), (1.0 - delta) / 2.0, |p10| {
        log_likelihood(&[n01, n10, n11 + n00], &[p10 + delta, p10, 1.0 - 2.0 * p10 - delta])
    });
    (n01 - n10 - n * delta).powi(2) / (n * (2.0 * p10 + delta - delta * delta))
}

/// The square of the statistic if the ratio is `theta`.
fn ratio_statistic(table: &PairedTable, theta: f64) -> f64 {
    let [n11, n10, n01, n00] = cells(table);
    let n = n11 + n10 + n01 + n00;
    let some = 1.0 - n00 / n;
    // p11 + p01 = θ·(p11 + p10) and p11 + p10 + p01 = some leave one of them free.
    let others = |p10: f64| {
        let p01 = (p10 + (theta - 1.0) * some) / theta;
        (some - p10 - p01, p01)
    };
    let (least, most) = (((1.0 - theta) * some).max(0.0), some / (1.0 + theta));
    let p10 = argmax(least, most, |p10| {
        let (p11, p01) = others(p10);
        log_likelihood(&[n11, n10, n01], &[p11, p10, p01])
    });
    let (p11, p01) = others(p10);
    let variance = n * (p01 + theta * theta * p10 + p11 * (1.0 - theta).powi(2));
    (n11 + n01 - theta * (n11 + n10)).powi(2) / variance
}

fn assert_is_quantile(statistic: f64, what: &str) {
    assert!((statistic / (Z * Z) - 1.0).abs() < 1e-5, "{what}: {statistic}");
}

#[test]
fn the_bounds_of_a_difference_are_where_it_is_just_accepted() {
    for table in [1, 2, 3, 7].into_iter().flat_map(tables) {
        let interval = tango(&table, Confidence::P95).unwrap();
        for bound in [interval.low, interval.high.unwrap()] {
            // At ±1 everyone changes the same way: the interval ends where the parameter does.
            if bound.abs() < 1.0 {
                assert_is_quantile(difference_statistic(&table, bound), &format!("{table:?} at {bound}"));
            }
        }
    }
}

#[test]
fn the_bounds_of_a_ratio_are_where_it_is_just_accepted() {
    for table in [1, 2, 3, 7].into_iter().flat_map(tables) {
        let Some(interval) = nam_blackwelder(&table, Confidence::P95) else {
            assert_eq!(table.n11 + table.n10, 0);
            continue;
        };
        for bound in [interval.low, interval.high.unwrap()].into_iter().filter(|bound| *bound > 0.0) {
            assert_is_quantile(ratio_statistic(&table, bound), &format!("{table:?} at {bound}"));
        }
    }
}
