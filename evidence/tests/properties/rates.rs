//! Counts over time.

use evidence::interval::{Confidence, Interval};
use evidence::rate::{Rate, garwood, rate_difference, rate_difference_p, rate_ratio, rate_ratio_p};
use proptest::prelude::*;

use crate::{
    assert_belongs, assert_inverse, assert_sound, close, confidence, contains, mirrored, rate, rate_of,
};

proptest! {
    #![proptest_config(crate::few())]

    #[test]
    fn intervals_of_rates_are_sound(before in rate(), after in rate(), confidence in confidence()) {
        let interval = garwood(after, confidence);
        assert_sound(interval, Some(after.value()));
        prop_assert!(interval.high.is_some());
        prop_assert_eq!(interval.low > 0.0, after.count() > 0);
        let estimate = (before.count() > 0).then(|| after.value() / before.value());
        let interval = rate_ratio(before, after, confidence);
        assert_sound(interval, estimate);
        prop_assert_eq!(interval.high.is_some(), before.count() > 0);
        prop_assert_eq!(interval.low > 0.0, after.count() > 0);
    }

    #[test]
    fn ratios_of_rates_have_mirrors(before in rate(), after in rate(), confidence in confidence()) {
        let interval = rate_ratio(before, after, confidence);
        assert_inverse(interval, rate_ratio(after, before, confidence));
        let p = rate_ratio_p(before, after);
        prop_assert!(close(p, rate_ratio_p(after, before)));
        assert_belongs(p, interval, 1.0, confidence);
    }

    #[test]
    fn differences_of_rates_are_sound_and_have_mirrors(
        before in rate(), after in rate(), confidence in confidence(),
    ) {
        let interval = rate_difference(before, after, confidence);
        assert_sound(interval, Some(after.value() - before.value()));
        prop_assert_eq!(interval, mirrored(rate_difference(after, before, confidence)));
    }

    #[test]
    fn the_p_value_of_a_difference_of_rates_belongs_to_its_interval(
        before in rate_of(0..=300_u32), after in rate_of(0..=300_u32), confidence in confidence(),
    ) {
        let p = rate_difference_p(before, after);
        assert_belongs(p, rate_difference(before, after, confidence), 0.0, confidence);
        prop_assert!(close(p, rate_difference_p(after, before)));
    }

    #[test]
    fn surer_is_wider(before in rate(), after in rate(), level in 0.5..0.99_f64) {
        let [less, more] = [level, level + 0.009].map(|level| Confidence::new(level).unwrap());
        prop_assert!(contains(garwood(after, more), garwood(after, less)));
        prop_assert!(contains(rate_ratio(before, after, more), rate_ratio(before, after, less)));
        let [wide, narrow] = [more, less].map(|confidence| rate_difference(before, after, confidence));
        prop_assert!(wide.low < narrow.low && narrow.high < wide.high, "{wide:?} {narrow:?}");
    }

    /// Ten times the time for the same events is a tenth of the rate.
    #[test]
    fn the_unit_of_time_does_not_matter(before in 0..=1000_u32, after in 0..=1000_u32, unit in 0.1..10.0_f64) {
        let of = |count, exposure| Rate::new(count, exposure).unwrap();
        let scaled = |interval: Interval| {
            let Interval { low, high } = interval;
            Interval { low: low / unit, high: high.map(|high| high / unit) }
        };
        let [one, other] =
            [1.0, unit].map(|unit| garwood(of(after, 40.0 * unit), Confidence::P95));
        prop_assert!(contains(scaled(one), other) && contains(other, scaled(one)));
        let ratio = |unit| rate_ratio(of(before, 30.0 * unit), of(after, 40.0 * unit), Confidence::P95);
        prop_assert!(contains(ratio(unit), ratio(1.0)) && contains(ratio(1.0), ratio(unit)));
    }
}
