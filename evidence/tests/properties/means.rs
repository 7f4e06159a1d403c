//! Means of different people.

use evidence::effect_size::hedges_g;
use evidence::mean::{Mean, log_response_ratio, t_interval, welch};

use super::*;

pub fn mean() -> impl Strategy<Value = Mean> {
    let n = || prop_oneof![0..=3_u32, 2..=100_u32, any::<u32>()];
    let measured = (-1000..=1000_i32, 0..=300_i32, n())
        .prop_map(|(mean, sd, n)| Mean::new(f64::from(mean) / 10.0, f64::from(sd) / 10.0, n).unwrap());
    let anything = (any::<f64>(), any::<f64>(), n())
        .prop_filter_map("not measured", |(mean, sd, n)| Mean::new(mean, sd.abs(), n));
    prop_oneof![2 => measured, 1 => anything]
}

/// With a spread, of two or more, and positive.
fn plain_mean() -> impl Strategy<Value = Mean> {
    (10..=1000_i32, 1..=300_i32, 2..=300_u32)
        .prop_map(|(mean, sd, n)| Mean::new(f64::from(mean) / 10.0, f64::from(sd) / 10.0, n).unwrap())
}

fn scaled(mean: Mean, by: f64) -> Mean {
    Mean::new(mean.mean() * by, mean.sd() * by, mean.n()).unwrap()
}

fn one_more(interval: Interval) -> Interval {
    Interval { low: interval.low + 1.0, high: interval.high.map(|high| high + 1.0) }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn tests_of_means_are_sound(
        before in mean(), after in mean(), r in prop_oneof![Just(-1.0), Just(0.0), Just(1.0), any::<f64>()],
        confidence in confidence(),
    ) {
        let difference = after.mean() - before.mean();
        if let Some(test) = welch(before, after, confidence) {
            let fewest = f64::from(before.n().min(after.n())) - 1.0;
            prop_assert!(test.df >= fewest * (1.0 - NOISE) && test.df.is_finite(), "{test:?}");
            prop_assert!(test.t.is_finite() && (0.0..=1.0).contains(&test.p_value), "{test:?}");
            assert_sound(test.interval, Some(difference));
        }
        if let Some(interval) = t_interval(after, confidence) {
            assert_sound(interval, Some(after.mean()));
        }
        if let Some(change) = log_response_ratio(before, after, r, confidence) {
            prop_assert!(before.mean() > 0.0 && after.mean() > 0.0 && (-1.0..=1.0).contains(&r));
            prop_assert!(change.log_se.is_finite() && change.interval.low >= -1.0, "{change:?}");
            prop_assert!(change.p_value.is_none_or(|p| (0.0..=1.0).contains(&p)), "{change:?}");
            assert_sound(change.interval, Some(change.estimate));
        }
        if let Some(g) = hedges_g(before, after, confidence) {
            assert_sound(g.interval.unwrap(), Some(g.estimate));
        }
    }

    #[test]
    fn what_can_be_measured_can_be_tested(before in plain_mean(), after in plain_mean(), confidence in confidence()) {
        prop_assert!(welch(before, after, confidence).is_some());
        prop_assert!(t_interval(after, confidence).is_some());
        prop_assert!(log_response_ratio(before, after, 0.0, confidence).is_some());
        prop_assert!(hedges_g(before, after, confidence).is_some());
    }

    #[test]
    fn means_have_mirrors(before in plain_mean(), after in plain_mean(), confidence in confidence()) {
        let of = |before, after| welch(before, after, confidence).unwrap();
        let (test, other) = (of(before, after), of(after, before));
        assert_close(Some(test.interval.low), Some(mirrored(other.interval).low));
        assert_close(test.interval.high, mirrored(other.interval).high);
        assert_close(Some(test.p_value), Some(other.p_value));
        let of = |before, after| log_response_ratio(before, after, 0.5, confidence).unwrap();
        let (change, other) = (of(before, after), of(after, before));
        if change.interval.low > -0.9 && other.interval.low > -0.9 {
            assert_inverse(one_more(change.interval), one_more(other.interval));
        }
        let of = |before, after| hedges_g(before, after, confidence).unwrap();
        assert_close(Some(of(before, after).estimate), Some(-of(after, before).estimate));
    }

    #[test]
    fn the_unit_of_a_mean_is_that_of_the_results(
        before in plain_mean(), after in plain_mean(), exponent in -20..=20_i32, confidence in confidence(),
    ) {
        let scale = f64::from(exponent).exp2();
        let scaled = |mean| scaled(mean, scale);
        let (test, other) =
            (welch(before, after, confidence).unwrap(), welch(scaled(before), scaled(after), confidence).unwrap());
        prop_assert_eq!((other.t, other.p_value), (test.t, test.p_value));
        assert_close(Some(other.interval.low / scale), Some(test.interval.low));
        let relative = |before, after| log_response_ratio(before, after, 0.0, confidence).map(|of| of.interval);
        let (relative, other) = (relative(before, after).unwrap(), relative(scaled(before), scaled(after)).unwrap());
        assert_close(Some(relative.low), Some(other.low));
        prop_assert_eq!(hedges_g(scaled(before), scaled(after), confidence), hedges_g(before, after, confidence));
    }

    #[test]
    fn surer_is_wider_of_means(before in mean(), after in mean(), level in 0.5..0.99_f64) {
        let (less, more) = (Confidence::new(level).unwrap(), Confidence::new(level + 0.009).unwrap());
        let of: [&dyn Fn(Confidence) -> Option<Interval>; 4] = [
            &|confidence| t_interval(after, confidence),
            &|confidence| Some(welch(before, after, confidence)?.interval),
            &|confidence| Some(log_response_ratio(before, after, 0.0, confidence)?.interval),
            &|confidence| hedges_g(before, after, confidence)?.interval,
        ];
        for interval in of {
            if let (Some(wide), Some(narrow)) = (interval(more), interval(less)) {
                prop_assert!(wide.low <= narrow.low, "{wide:?} {narrow:?}");
                prop_assert!(wide.high.is_none_or(|wide| narrow.high.is_some_and(|narrow| narrow <= wide)));
            }
        }
    }

    /// The interval excludes what the test rejects.
    #[test]
    fn the_p_value_belongs_to_the_interval(before in plain_mean(), after in plain_mean(), level in 0.5..0.999_f64) {
        let confidence = Confidence::new(level).unwrap();
        let (test, change) = (
            welch(before, after, confidence).unwrap(),
            log_response_ratio(before, after, 0.0, confidence).unwrap(),
        );
        for (interval, p) in [(test.interval, test.p_value), (change.interval, change.p_value.unwrap())] {
            if (p - (1.0 - level)).abs() > NOISE {
                let excludes = interval.low > 0.0 || interval.high.is_some_and(|high| high < 0.0);
                prop_assert_eq!(excludes, p < 1.0 - level, "{:?} {}", interval, p);
            }
        }
    }
}
