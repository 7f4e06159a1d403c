//! A group against its comparison group, several criteria, and those who are missing.

use evidence::attrition::attrition_bounds;
use evidence::comparison::{
    Comparison, MeanComparison, Waves, compare_changes, compare_means, compare_rates, compare_shares,
};
use evidence::interval::{Confidence, Interval};
use evidence::mean::{Mean, TTest};
use evidence::multiplicity::holm;
use evidence::share::Share;
use proptest::prelude::*;

use crate::{
    assert_close, assert_inverse, assert_sound, close, confidence, contains, difference, mirrored, rate,
    ratio, share, share_of,
};

fn waves<T: std::fmt::Debug>(of: impl Fn() -> BoxedStrategy<T>) -> impl Strategy<Value = Waves<T>> {
    (of(), of()).prop_map(|(before, after)| Waves { before, after })
}

fn shares() -> impl Strategy<Value = Waves<Share>> {
    waves(|| share().boxed())
}

fn mean() -> impl Strategy<Value = Mean> {
    let value = prop_oneof![Just(0.0), -100.0..100.0_f64, Just(1e100), Just(-1e100)];
    let sd = prop_oneof![Just(0.0), 0.1..50.0_f64, Just(f64::MIN_POSITIVE), Just(1e100)];
    (value, sd, prop_oneof![0..=3_u32, 0..=1000_u32, any::<u32>()])
        .prop_map(|(value, sd, n)| Mean::new(value, sd, n).unwrap())
}

fn values() -> impl Strategy<Value = Vec<f64>> {
    let value = || prop_oneof![Just(0.0), -100.0..100.0_f64, Just(1e99), Just(-1e99)];
    prop_oneof![
        prop::collection::vec(value(), 0..20),
        prop::collection::vec((-20..20_i32).prop_map(f64::from), 2..20),
        (value(), 0..20_usize).prop_map(|(value, n)| vec![value; n]),
    ]
}

const fn swapped<T: Copy>(waves: Waves<T>) -> Waves<T> {
    Waves { before: waves.after, after: waves.before }
}

fn assert_opposite(one: Interval, other: Interval) {
    let other = mirrored(other);
    assert_close(Some(one.low), Some(other.low));
    assert_close(one.high, other.high);
}

fn assert_sound_means(comparison: &MeanComparison, n: f64) {
    let MeanComparison { estimate, se, test } = *comparison;
    assert!(estimate.is_finite() && se.is_finite() && se >= 0.0);
    assert!(test.is_some() || se < 1e-200, "{comparison:?}");
    if let Some(TTest { t, df, p_value, interval }) = test {
        assert_sound(interval, Some(estimate));
        assert!(
            t.is_finite() && (1.0 - 1e-9..=n).contains(&df) && (0.0..=1.0).contains(&p_value),
            "{test:?}"
        );
    }
}

fn assert_opposite_means(one: &MeanComparison, other: &MeanComparison) {
    assert!(close(one.estimate, -other.estimate) && close(one.se, other.se));
    assert_eq!(one.test.is_some(), other.test.is_some());
    if let (Some(one), Some(other)) = (one.test, other.test) {
        assert_opposite(one.interval, other.interval);
        assert!(close(one.df, other.df) && close(one.p_value, other.p_value));
    }
}

proptest! {
    #![proptest_config(crate::config())]

    #[test]
    fn comparisons_of_shares_are_sound_and_have_mirrors(
        treated in shares(), control in shares(), confidence in confidence(),
    ) {
        let all = [treated.before, treated.after, control.before, control.after];
        let comparison = compare_shares(treated, control, confidence);
        prop_assert_eq!(comparison.is_some(), all.iter().all(|share| share.n() > 0));
        let Some(Comparison { estimate, interval, se, p_value }) = comparison else { return Ok(()) };
        assert_sound(interval, Some(estimate));
        let change = |waves: Waves<Share>| difference(waves.before, waves.after).unwrap();
        prop_assert!(close(estimate, change(treated) - change(control)));
        prop_assert!(interval.low >= -2.0 && interval.high.unwrap() <= 2.0);
        prop_assert_eq!(p_value.is_some(), se > 0.0);
        prop_assert!(p_value.is_none_or(|p| (0.0..=1.0).contains(&p)));
        assert_opposite(interval, compare_shares(control, treated, confidence).unwrap().interval);
        let backwards = compare_shares(swapped(treated), swapped(control), confidence).unwrap();
        assert_opposite(interval, backwards.interval);
        assert_close(backwards.p_value, p_value);
    }

    #[test]
    fn comparisons_of_rates_are_sound_and_have_mirrors(
        treated in waves(|| rate().boxed()), control in waves(|| rate().boxed()), confidence in confidence(),
    ) {
        let all = [treated.before, treated.after, control.before, control.after];
        let comparison = compare_rates(treated, control, confidence);
        prop_assert_eq!(comparison.is_some(), all.iter().all(|rate| rate.count() > 0));
        let Some(comparison) = comparison else { return Ok(()) };
        assert_sound(comparison.interval, Some(comparison.estimate));
        prop_assert!(comparison.p_value.is_some_and(|p| (0.0..=1.0).contains(&p)));
        let other = compare_rates(control, treated, confidence).unwrap();
        assert_inverse(comparison.interval, other.interval);
        assert_close(comparison.p_value, other.p_value);
    }

    #[test]
    fn comparisons_of_means_are_sound_and_have_mirrors(
        treated in waves(|| mean().boxed()), control in waves(|| mean().boxed()), confidence in confidence(),
    ) {
        let all = [treated.before, treated.after, control.before, control.after];
        let comparison = compare_means(treated, control, confidence);
        prop_assert_eq!(comparison.is_some(), all.iter().all(|mean| mean.n() >= 2));
        if let Some(comparison) = comparison {
            assert_sound_means(&comparison, 2e10);
            let other = compare_means(swapped(treated), swapped(control), confidence).unwrap();
            assert_opposite_means(&comparison, &other);
        }
    }

    #[test]
    fn comparisons_of_changes_are_sound_and_have_mirrors(
        treated in values(), control in values(), confidence in confidence(),
    ) {
        let comparison = compare_changes(&treated, &control, confidence);
        prop_assert_eq!(comparison.is_some(), treated.len() >= 2 && control.len() >= 2);
        if let Some(comparison) = comparison {
            assert_sound_means(&comparison, 40.0);
            assert_opposite_means(&comparison, &compare_changes(&control, &treated, confidence).unwrap());
        }
    }

    #[test]
    fn surer_is_wider(
        (treated, control) in (shares(), shares()), means in (waves(|| mean().boxed()), waves(|| mean().boxed())),
        rates in (waves(|| rate().boxed()), waves(|| rate().boxed())), level in 0.5..0.99_f64,
    ) {
        let of: [&dyn Fn(Confidence) -> Option<Interval>; 3] = [
            &|confidence| compare_shares(treated, control, confidence).map(|comparison| comparison.interval),
            &|confidence| compare_means(means.0, means.1, confidence)?.test.map(|test| test.interval),
            &|confidence| compare_rates(rates.0, rates.1, confidence).map(|comparison| comparison.interval),
        ];
        let [less, more] = [level, level + 0.009].map(|level| Confidence::new(level).unwrap());
        for interval in of {
            if let (Some(wide), Some(narrow)) = (interval(more), interval(less)) {
                prop_assert!(contains(wide, narrow), "{wide:?} {narrow:?}");
            }
        }
    }

    #[test]
    fn adjusted_p_values_keep_their_order(
        p_values in prop::collection::vec(prop_oneof![Just(0.0), Just(1.0), 0.0..=1.0_f64, 0.0..0.05_f64], 0..12),
        alpha in prop_oneof![Just(0.05), 0.0..=1.0_f64],
    ) {
        let adjusted = holm(&p_values, alpha).unwrap();
        prop_assert_eq!(adjusted.len(), p_values.len());
        let mut both: Vec<_> = p_values.iter().zip(&adjusted).collect();
        both.sort_by(|one, other| one.0.total_cmp(other.0));
        for (p, adjusted) in &both {
            prop_assert!(adjusted.p_value >= **p && adjusted.p_value <= 1.0);
            prop_assert!(close(adjusted.p_value, alpha) || adjusted.rejected == (adjusted.p_value <= alpha));
        }
        for pair in both.windows(2) {
            prop_assert!(pair[0].1.p_value <= pair[1].1.p_value && pair[0].1.rejected >= pair[1].1.rejected);
        }
        if let [only] = adjusted[..] {
            prop_assert!(close(only.p_value, p_values[0]));
        }
    }

    #[test]
    fn what_is_missing_lies_between_its_bounds(
        (before, after) in share().prop_flat_map(|before| {
            (Just(before), (0..=before.n()).prop_flat_map(share_of))
        }),
        part in 0.0..=1.0_f64,
    ) {
        let bounds = attrition_bounds(before, after);
        prop_assert_eq!(bounds.is_some(), before.n() > 0);
        let Some(bounds) = bounds else { return Ok(()) };
        let missing = before.n() - after.n();
        let with = (f64::from(missing) * part).floor();
        let real = (f64::from(after.successes()) + with) / f64::from(before.n());
        let share_before = before.value().unwrap();
        let lies_within = |interval: Interval, value: f64| {
            value >= interval.low - 1e-12 * value.abs() - 1e-12
                && value <= interval.high.unwrap() + 1e-12 * value.abs() + 1e-12
        };
        prop_assert!(lies_within(bounds.after, real));
        prop_assert!(lies_within(bounds.difference, real - share_before));
        prop_assert_eq!(bounds.relative_change.is_some(), share_before > 0.0);
        if let Some(relative_change) = bounds.relative_change {
            prop_assert!(lies_within(relative_change, real / share_before - 1.0));
        }
        prop_assert_eq!(bounds.complete_case, after.value());
        prop_assert!(bounds.complete_case.is_none_or(|complete_case| lies_within(bounds.after, complete_case)));
        if missing == 0 {
            prop_assert_eq!(bounds.after, Interval { low: after.value().unwrap(), high: after.value() });
            assert_close(bounds.relative_change.map(|interval| interval.low + 1.0), ratio(before, after));
        }
    }
}
