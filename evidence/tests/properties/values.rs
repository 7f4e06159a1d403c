//! Values of the same people.

use evidence::effect_size::hedges_g_paired;
use evidence::goal::{Direction, Millionths};
use evidence::instrument::Instrument;
use evidence::paired_values::{
    PairedValues, SignedRankMethod, hodges_lehmann, paired_t, sign_test, wilcoxon_signed_rank,
};

use super::*;

/// All equal, of two kinds, whole, decimal, or any at all.
fn kinds_of_values() -> [BoxedStrategy<f64>; 5] {
    let anything = any::<f64>().prop_filter("too large to be measured", |value| value.abs() <= 1e100);
    [
        Just(3.5).boxed(),
        (0..=1_i32).prop_map(f64::from).boxed(),
        (-5..=5_i32).prop_map(f64::from).boxed(),
        (-1000..=1000_i32).prop_map(|value| f64::from(value) / 10.0).boxed(),
        anything.boxed(),
    ]
}

fn values() -> impl Strategy<Value = PairedValues> {
    let pairs = prop::sample::select(kinds_of_values().to_vec()).prop_flat_map(|value| {
        let length = prop_oneof![0..=12_usize, 0..=200_usize];
        length.prop_flat_map(move |length| prop::collection::vec((value.clone(), value.clone()), length))
    });
    pairs.prop_map(|pairs| {
        let (before, after) = pairs.into_iter().unzip();
        PairedValues::new(before, after).unwrap()
    })
}

fn whole_numbers(length: impl Into<prop::collection::SizeRange>) -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec((-6..=6_i32).prop_map(f64::from), length)
}

fn of_differences(differences: &[f64]) -> PairedValues {
    PairedValues::new(vec![0.0; differences.len()], differences.to_vec()).unwrap()
}

fn changed(differences: &[f64], change: impl Fn(f64) -> f64) -> PairedValues {
    of_differences(&differences.iter().map(|difference| change(*difference)).collect::<Vec<_>>())
}

fn moved(interval: Interval, change: impl Fn(f64) -> f64) -> Interval {
    Interval { low: change(interval.low), high: interval.high.map(change) }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn tests_of_values_are_sound(values in values(), confidence in confidence()) {
        let n = values.n();
        let difference = values.difference();
        if let Some(test) = paired_t(&values, confidence) {
            prop_assert!(n > 1 && test.t.is_finite() && (0.0..=1.0).contains(&test.p_value), "{test:?}");
            assert_sound(test.interval, Some(difference.mean()));
        } else {
            prop_assert!(n < 2 || difference.sd() <= difference.mean().abs() * 1e-300);
        }
        let signs = sign_test(&values);
        prop_assert_eq!(signs.positive + signs.negative + signs.zero, n);
        prop_assert!((0.0..=1.0).contains(&signs.p_value));
        let ranks = wilcoxon_signed_rank(&values);
        prop_assert_eq!(ranks.n_used, signs.positive + signs.negative);
        let all_ranks = f64::from(ranks.n_used) * (f64::from(ranks.n_used) + 1.0) / 2.0;
        prop_assert!((0.0..=all_ranks).contains(&ranks.w_plus) && (0.0..=1.0).contains(&ranks.p_value));
        prop_assert_eq!(ranks.method == SignedRankMethod::None, ranks.n_used == 0);
        let typical = hodges_lehmann(&values, confidence);
        prop_assert_eq!(typical.is_some(), n > 0);
        if let Some(typical) = typical {
            prop_assert!(typical.estimate.is_finite());
            if let Some(interval) = typical.interval {
                assert_sound(interval, Some(typical.estimate));
            }
        }
        prop_assert!(values.correlation().is_none_or(|r| (-1.0..=1.0).contains(&r)));
        if let Some(g) = hedges_g_paired(&values, confidence) {
            prop_assert!(g.estimate.is_finite() && g.se.is_none_or(f64::is_finite));
            prop_assert_eq!(g.interval.is_some(), values.correlation().is_some());
            if let Some(interval) = g.interval {
                assert_sound(interval, Some(g.estimate));
            }
        }
    }

    #[test]
    fn values_have_mirrors(differences in whole_numbers(0..=70), confidence in confidence()) {
        let (values, swapped) = (of_differences(&differences), changed(&differences, |d| -d));
        let (test, other) = (paired_t(&values, confidence), paired_t(&swapped, confidence));
        prop_assert_eq!(test.map(|test| -test.t), other.map(|test| test.t));
        prop_assert_eq!(test.map(|test| mirrored(test.interval)), other.map(|test| test.interval));
        let (signs, other) = (sign_test(&values), sign_test(&swapped));
        prop_assert_eq!((signs.positive, signs.p_value), (other.negative, other.p_value));
        let (ranks, other) = (wilcoxon_signed_rank(&values), wilcoxon_signed_rank(&swapped));
        let n = f64::from(ranks.n_used);
        assert_close(Some(ranks.w_plus + other.w_plus), Some(n * (n + 1.0) / 2.0));
        assert_close(Some(ranks.p_value), Some(other.p_value));
        let typical = hodges_lehmann(&values, confidence);
        let other = hodges_lehmann(&swapped, confidence);
        prop_assert_eq!(typical.map(|typical| 0.0 - typical.estimate), other.map(|other| other.estimate));
        let mirror = typical.and_then(|typical| typical.interval).map(mirrored);
        prop_assert_eq!(mirror, other.and_then(|other| other.interval));
    }

    #[test]
    fn a_shift_or_a_scale_of_the_differences_is_one_of_the_results(
        differences in whole_numbers(1..=70), by in -20..=20_i32, exponent in -3..=3_i32, confidence in confidence(),
    ) {
        let (shift, scale) = (f64::from(by), f64::from(exponent).exp2());
        let values = of_differences(&differences);
        let change = |value: f64| scale * (value + shift);
        let other = changed(&differences, change);
        let (typical, expected) = (hodges_lehmann(&other, confidence), hodges_lehmann(&values, confidence));
        prop_assert_eq!(typical.map(|other| other.estimate), expected.map(|expected| change(expected.estimate)));
        let expected = expected.unwrap().interval.map(|interval| moved(interval, change));
        prop_assert_eq!(typical.unwrap().interval, expected);
        let expected = paired_t(&values, confidence).map(|test| moved(test.interval, change));
        let interval = paired_t(&other, confidence).map(|test| test.interval);
        prop_assert_eq!(interval.is_some(), expected.is_some());
        if let (Some(interval), Some(expected)) = (interval, expected) {
            prop_assert!((interval.low - expected.low).abs() < NOISE * (1.0 + expected.low.abs()));
        }
        let scaled = wilcoxon_signed_rank(&changed(&differences, |difference| scale * difference));
        prop_assert_eq!(scaled, wilcoxon_signed_rank(&values));
    }

    #[test]
    fn surer_is_wider_of_values(values in values(), level in 0.5..0.99_f64) {
        let (less, more) = (Confidence::new(level).unwrap(), Confidence::new(level + 0.009).unwrap());
        let of: [&dyn Fn(Confidence) -> Option<Interval>; 3] = [
            &|confidence| Some(paired_t(&values, confidence)?.interval),
            &|confidence| hodges_lehmann(&values, confidence)?.interval,
            &|confidence| hedges_g_paired(&values, confidence)?.interval,
        ];
        for interval in of {
            if let (Some(wide), Some(narrow)) = (interval(more), interval(less)) {
                prop_assert!(wide.low <= narrow.low && wide.high >= narrow.high, "{wide:?} {narrow:?}");
            }
        }
    }

    #[test]
    fn signed_ranks_are_as_counted(differences in whole_numbers(0..=12)) {
        let differences: Vec<f64> = differences.into_iter().filter(|difference| *difference != 0.0).collect();
        let test = wilcoxon_signed_rank(&of_differences(&differences));
        let at_most = |size: f64| differences.iter().filter(|other| other.abs() <= size).count();
        let below = |size: f64| differences.iter().filter(|other| other.abs() < size).count();
        let doubled_ranks: Vec<usize> =
            differences.iter().map(|of| below(of.abs()) + at_most(of.abs()) + 1).collect();
        let total = doubled_ranks.iter().sum::<usize>();
        let sum = |is_positive: &dyn Fn(usize) -> bool| {
            let ranks = doubled_ranks.iter().enumerate();
            ranks.filter(|(person, _)| is_positive(*person)).map(|(_, rank)| rank).sum::<usize>()
        };
        let seen = sum(&|person| differences[person] > 0.0);
        let all = 1_usize << differences.len();
        let as_far = (0..all).filter(|signs| {
            let other = sum(&|person| signs >> person & 1 == 1);
            (2 * other).abs_diff(total) >= (2 * seen).abs_diff(total)
        });
        let expected = f64::from(u32::try_from(as_far.count()).unwrap()) / f64::from(u32::try_from(all).unwrap());
        assert_close(Some(test.p_value), Some(expected));
        assert_close(Some(2.0 * test.w_plus), Some(f64::from(u32::try_from(seen).unwrap())));
    }

    #[test]
    fn of_differences_of_one_size_only_the_signs_are_left(signs in prop::collection::vec(-1..=1_i32, 0..=50)) {
        let differences: Vec<f64> = signs.into_iter().map(|sign| 2.5 * f64::from(sign)).collect();
        let values = of_differences(&differences);
        assert_close(Some(wilcoxon_signed_rank(&values).p_value), Some(sign_test(&values).p_value));
    }

    #[test]
    fn everyone_improves_worsens_or_does_not(values in values(), smallest in 1..=i64::MAX, up in any::<bool>()) {
        let direction = if up { Direction::Up } else { Direction::Down };
        let range = Millionths(i64::MIN)..=Millionths(i64::MAX);
        let instrument = Instrument::new(direction, range, Millionths(smallest)).unwrap();
        let changes = instrument.changes(&values);
        prop_assert_eq!(changes.improved() + changes.worsened() + changes.unchanged(), values.n());
        prop_assert_eq!(changes.net_change().is_some(), values.n() > 0);
        if let Some(interval) = changes.net_interval(Confidence::P95) {
            assert_sound(interval, changes.net_change());
        }
    }
}
