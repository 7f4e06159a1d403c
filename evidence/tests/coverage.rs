//! How often intervals and tests are right: over every possible outcome, each with its probability.

#![expect(clippy::unwrap_used, reason = "what is missing where it must be has failed")]

use evidence::comparison::{Waves, compare_shares};
use evidence::interval::{Confidence, Interval};
use evidence::paired::{McNemar, PairedTable, mcnemar, score_p};
use evidence::planning::{paired_shares, shares};
use evidence::rate::{Rate, garwood, rate_difference, rate_ratio};
use evidence::share::{Share, clopper_pearson, fisher, koopman_p, wilson};

fn covers(interval: Interval, value: f64) -> bool {
    interval.low <= value && interval.high.is_none_or(|high| value <= high)
}

fn every_share(n: u32) -> impl Iterator<Item = Share> + Clone {
    (0..=n).map(move |x| Share::new(x, n).unwrap())
}

/// Of every share of n people.
fn binomial(n: u32, p: f64) -> Vec<f64> {
    let mut probabilities = vec![1.0];
    for _ in 0..n {
        let shifted = std::iter::once(0.0).chain(probabilities.iter().copied());
        let stayed = probabilities.iter().copied().chain([0.0]);
        probabilities = shifted.zip(stayed).map(|(fewer, same)| fewer * p + same * (1.0 - p)).collect();
    }
    probabilities
}

/// Of every count up to so many.
fn poisson(mean: f64, most: u32) -> Vec<f64> {
    let next = |last: &mut f64, count: u32| {
        *last *= if count == 0 { 1.0 } else { mean / f64::from(count) };
        Some(*last)
    };
    (0..=most).scan((-mean).exp(), next).collect()
}

fn shares_of(count: u32) -> impl Iterator<Item = f64> {
    (1..count).map(move |part| f64::from(part) / f64::from(count))
}

#[test]
fn the_exact_interval_of_a_share_covers_it_at_least_as_often_as_it_says() {
    for (n, level) in [(1, 0.95), (5, 0.8), (20, 0.95), (43, 0.99)] {
        let confidence = Confidence::new(level).unwrap();
        let intervals = every_share(n).map(|share| clopper_pearson(share, confidence).unwrap());
        let intervals: Vec<_> = intervals.collect();
        for p in shares_of(97) {
            let outcomes = binomial(n, p).into_iter().zip(&intervals);
            let covered = outcomes.filter(|(_, interval)| covers(**interval, p));
            let coverage: f64 = covered.map(|(probability, _)| probability).sum();
            assert!(coverage >= level - 1e-12, "{p} of {n}: {coverage}");
        }
    }
}

#[test]
fn the_exact_interval_of_a_share_is_about_the_score_interval() {
    for n in [1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233] {
        for share in every_share(n) {
            let exact = clopper_pearson(share, Confidence::P95).unwrap();
            let score = wilson(share, Confidence::P95).unwrap();
            let (exact_high, score_high) = (exact.high.unwrap(), score.high.unwrap());
            // Only at the very ends is it a little narrower.
            assert!(exact_high - exact.low > 0.96 * (score_high - score.low), "{share:?}");
            let difference = (exact.low - score.low).abs().max((exact_high - score_high).abs());
            assert!(difference < 1.5 / (f64::from(n) + 2.0), "{share:?}: {difference}");
        }
    }
}

#[test]
fn the_exact_intervals_of_rates_cover_at_least_as_often_as_they_say() {
    const MOST: u32 = 60;
    let rate = |count| Rate::new(count, 2.0).unwrap();
    for mean in [0.1, 1.0, 3.7, 12.0] {
        let outcomes = poisson(mean, MOST).into_iter().zip(0..);
        let coverage: f64 = outcomes
            .filter(|(_, count)| covers(garwood(rate(*count), Confidence::P95), mean / 2.0))
            .map(|(probability, _)| probability)
            .sum();
        assert!(coverage >= 0.95 - 1e-12, "{mean}: {coverage}");
    }
    for (mean, ratio) in [(1.0, 1.0), (3.0, 2.0), (8.0, 0.5)] {
        let (before, after) = (poisson(mean, MOST), poisson(mean * ratio, MOST));
        let mut coverage = 0.0;
        for (probability, x0) in before.into_iter().zip(0..).filter(|(probability, _)| *probability > 1e-6) {
            let outcomes = after.iter().zip(0..).filter(|(probability, _)| **probability > 1e-6);
            let covered = outcomes
                .filter(|(_, x1)| covers(rate_ratio(rate(x0), rate(*x1), Confidence::P95), ratio))
                .map(|(probability, _)| probability)
                .sum::<f64>();
            coverage += probability * covered;
        }
        assert!(coverage >= 0.95 - 1e-4, "{mean} {ratio}: {coverage}");
    }
}

/// As it is made of two exact intervals.
#[test]
fn the_interval_of_a_difference_of_rates_covers_at_least_as_often_as_it_says() {
    const MOST: u32 = 40;
    let rate = |count| Rate::new(count, 2.0).unwrap();
    for (mean, other) in [(1.0_f64, 1.0), (3.0, 6.0), (8.0, 4.0)] {
        let mut coverage = 0.0;
        for (before, p0) in (0..).zip(poisson(mean, MOST)).filter(|(_, p0)| *p0 > 1e-6) {
            for (after, p1) in (0..).zip(poisson(other, MOST)).filter(|(_, p1)| *p1 > 1e-6) {
                let interval = rate_difference(rate(before), rate(after), Confidence::P95);
                coverage += if covers(interval, (other - mean) / 2.0) { p0 * p1 } else { 0.0 };
            }
        }
        assert!(coverage >= 0.95 - 1e-4, "{mean} {other}: {coverage}");
    }
}

/// The interval is no exact one: its coverage lies around what it says.
#[test]
fn the_interval_of_a_difference_in_differences_covers_about_as_often_as_it_says() {
    const N: u32 = 8;
    for truth in [[0.5, 0.5, 0.5, 0.5], [0.3, 0.6, 0.4, 0.5], [0.7, 0.2, 0.35, 0.4]] {
        let [treated_before, treated_after, control_before, control_after] =
            truth.map(|p| every_share(N).zip(binomial(N, p)).collect::<Vec<_>>());
        let difference = truth[1] - truth[0] - (truth[3] - truth[2]);
        let mut coverage = 0.0;
        let pairs = |before: &[(Share, f64)], after: &[(Share, f64)]| {
            let pair =
                |(before, p0): (Share, f64), (after, p1): (Share, f64)| (Waves { before, after }, p0 * p1);
            before
                .iter()
                .flat_map(|before| after.iter().map(move |after| pair(*before, *after)))
                .collect::<Vec<_>>()
        };
        let control = pairs(&control_before, &control_after);
        for (treated, p) in pairs(&treated_before, &treated_after) {
            for (control, q) in &control {
                let comparison = compare_shares(treated, *control, Confidence::P95).unwrap();
                coverage += if covers(comparison.interval, difference) { p * q } else { 0.0 };
            }
        }
        assert!((0.925..0.985).contains(&coverage), "{truth:?}: {coverage}");
    }
}

#[test]
fn the_exact_test_is_seldom_wrong_where_nothing_changed() {
    for (n0, n1) in [(10, 10), (7, 20)] {
        for p in shares_of(20) {
            let mut wrong = 0.0;
            for (before, p0) in every_share(n0).zip(binomial(n0, p)) {
                for (after, p1) in every_share(n1).zip(binomial(n1, p)) {
                    wrong += if fisher(before, after) <= 0.05 { p0 * p1 } else { 0.0 };
                }
            }
            assert!(wrong <= 0.05, "{n0} {n1} {p}: {wrong}");
        }
    }
}

#[test]
fn the_exact_test_of_paired_shares_is_seldom_wrong_where_as_many_change_each_way() {
    for n in [6, 20, 43] {
        let table = |n10: u32| PairedTable { n11: 3, n10, n01: n - n10, n00: 4 };
        let of = |p_value: fn(McNemar) -> f64| -> f64 {
            let outcomes = (0..=n).zip(binomial(n, 0.5));
            outcomes
                .filter(|(n10, _)| p_value(mcnemar(&table(*n10))) <= 0.05)
                .map(|(_, probability)| probability)
                .sum()
        };
        assert!(of(|p| p.exact) <= 0.05 && of(|p| p.exact) <= of(|p| p.mid_p), "{n}");
        assert!(of(|p| p.mid_p) <= 0.07, "{n}");
    }
}

#[test]
fn the_power_of_two_shares_is_about_how_often_the_test_finds_them_different() {
    for (p0, p1, n) in [(0.302, 0.151, 43), (0.5, 0.7, 100), (0.2, 0.5, 40)] {
        let (before, after) = (binomial(n, p0), binomial(n, p1));
        let mut found = 0.0;
        for (share0, probability0) in every_share(n).zip(before) {
            for (share1, probability1) in every_share(n).zip(&after) {
                let is_found = koopman_p(share0, share1).unwrap() < 0.05;
                found += if is_found { probability0 * probability1 } else { 0.0 };
            }
        }
        let power = shares::power(p0, p1, n, Confidence::P95).unwrap();
        assert!((found - power).abs() < 0.03, "{p0} {p1} {n}: {found}, {power}");
    }
}

#[test]
fn the_power_of_paired_shares_is_about_how_often_the_test_finds_more_one_way() {
    for (p10, p01, n) in [(0.25, 0.05, 43), (0.1, 0.2, 150), (0.3, 0.15, 80)] {
        let mut found = 0.0;
        // So many change, and of those so many one way.
        for (changes, probability) in (0..=n).zip(binomial(n, p10 + p01)) {
            for (n10, share) in (0..=changes).zip(binomial(changes, p10 / (p10 + p01))) {
                let table = PairedTable { n11: 0, n10, n01: changes - n10, n00: n - changes };
                found += if score_p(&table) < 0.05 { probability * share } else { 0.0 };
            }
        }
        let power = paired_shares::power(p10, p01, n, Confidence::P95).unwrap();
        assert!((found - power).abs() < 0.03, "{p10} {p01} {n}: {found}, {power}");
    }
}
