//! How often tests and intervals are right in simulated studies, always the same ones.

#![expect(clippy::unwrap_used, reason = "what is missing where it must be has failed")]

use std::f64::consts::TAU;

use evidence::comparison::compare_changes;
use evidence::interval::{Confidence, Interval};
use evidence::mean::{Mean, log_response_ratio, t_interval, welch};
use evidence::paired_values::{PairedValues, hodges_lehmann, paired_t};
use evidence::planning::paired_values;

/// Normal numbers from a generator of whole ones (xorshift, Marsaglia 2003) by the method of Box and Muller 1958.
struct Normal(u64);

impl Normal {
    fn uniform(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (f64::from(u32::try_from(self.0 >> 32).unwrap()) + 0.5) / 2.0_f64.powi(32)
    }
}

impl Iterator for Normal {
    type Item = f64;

    fn next(&mut self) -> Option<f64> {
        let (radius, angle) = ((-2.0 * self.uniform().ln()).sqrt(), TAU * self.uniform());
        Some(radius * angle.cos())
    }
}

fn share_of_studies(mut is_found: impl FnMut(&mut Normal) -> bool) -> f64 {
    const STUDIES: u32 = 4000;
    let mut normal = Normal(0x2545_f491_4f6c_dd1d);
    let found = (0..STUDIES).filter(|_| is_found(&mut normal)).count();
    f64::from(u32::try_from(found).unwrap()) / f64::from(STUDIES)
}

/// 4000 studies leave an error of at most 0.008, of which three are allowed.
const NOISE: f64 = 0.024;

#[test]
fn the_power_of_the_paired_t_test_is_how_often_it_finds_a_change() {
    for (change, n) in [(0.0, 5), (1.0, 10), (3.0, 3), (0.5, 43)] {
        let found = share_of_studies(|normal| {
            let changes: Vec<f64> = normal.take(usize::try_from(n).unwrap()).map(|z| z + change).collect();
            // Against a group in which nobody changes it is the paired t test.
            compare_changes(&changes, &[0.0; 2], Confidence::P95).unwrap().test.unwrap().p_value < 0.05
        });
        let power = paired_values::power(change, 1.0, n, Confidence::P95).unwrap();
        assert!((found - power).abs() < NOISE, "{change} {n}: {found}, {power}");
    }
}

fn coverage(mut interval: impl FnMut(&mut Normal) -> Option<Interval>, truth: f64) -> f64 {
    share_of_studies(|normal| {
        let Interval { low, high } = interval(normal).unwrap();
        low <= truth && high.is_none_or(|high| truth <= high)
    })
}

/// People who rise by 2 on the average, with a correlation of a half.
fn rising(normal: &mut Normal, n: usize) -> PairedValues {
    let three = |normal: &mut Normal| [0; 3].map(|_| normal.next().unwrap());
    let people = (0..n)
        .map(|_| three(normal))
        .map(|[person, before, after]| (20.0 + person + before, 22.0 + person + after));
    let (before, after) = people.unzip();
    PairedValues::new(before, after).unwrap()
}

fn sample(normal: &mut Normal, n: usize, mean: f64, sd: f64) -> Mean {
    Mean::of_values(&normal.take(n).map(|z| mean + sd * z).collect::<Vec<_>>()).unwrap()
}

#[test]
fn intervals_of_the_same_people_cover_as_often_as_they_say() {
    for (n, exact) in [(6, 0.968_75), (12, 0.957_519_531_25), (60, 0.95)] {
        let by_t = |normal: &mut Normal| Some(paired_t(&rising(normal, n), Confidence::P95)?.interval);
        let by_rank = |normal: &mut Normal| hodges_lehmann(&rising(normal, n), Confidence::P95)?.interval;
        let (by_t, by_rank) = (coverage(by_t, 2.0), coverage(by_rank, 2.0));
        assert!((by_t - 0.95).abs() < NOISE / 2.0, "{n}: {by_t}");
        assert!((by_rank - exact).abs() < NOISE / 2.0, "{n}: {by_rank}");
    }
}

#[test]
fn intervals_of_different_people_cover_as_often_as_they_say() {
    for (n0, n1) in [(5, 20), (20, 5), (40, 40)] {
        let waves = |normal: &mut Normal| (sample(normal, n0, 20.0, 2.0), sample(normal, n1, 25.0, 5.0));
        let one = coverage(|normal| t_interval(waves(normal).1, Confidence::P95), 25.0);
        let difference = |normal: &mut Normal| {
            let (before, after) = waves(normal);
            Some(welch(before, after, Confidence::P95)?.interval)
        };
        let difference = coverage(difference, 5.0);
        for coverage in [one, difference] {
            assert!((coverage - 0.95).abs() < NOISE / 2.0, "{n0} {n1}: {coverage}");
        }
    }
}

#[test]
fn intervals_of_relative_changes_cover_as_often_as_they_say() {
    let independent = |normal: &mut Normal| {
        let (before, after) = (sample(normal, 40, 20.0, 2.0), sample(normal, 40, 25.0, 5.0));
        Some(log_response_ratio(before, after, 0.0, Confidence::P95)?.interval)
    };
    let paired = |normal: &mut Normal| {
        let values = rising(normal, 40);
        let change =
            log_response_ratio(values.before(), values.after(), values.correlation()?, Confidence::P95);
        Some(change?.interval)
    };
    for coverage in [coverage(independent, 0.25), coverage(paired, 0.1)] {
        assert!((coverage - 0.945).abs() < NOISE / 2.0, "{coverage}");
    }
}
