//! Shares of different people.

use evidence::share::{Share, koopman, newcombe, wilson};
use proptest::prelude::*;

use crate::{
    assert_close, assert_inverse, assert_sound, close, confidence, difference, mirrored, ratio, share,
};

proptest! {
    #![proptest_config(crate::config())]

    #[test]
    fn intervals_of_shares_are_sound(before in share(), after in share(), confidence in confidence()) {
        let has_data = before.n() > 0 && after.n() > 0;
        for (interval, estimate) in [
            (newcombe(before, after, confidence), difference(before, after)),
            (koopman(before, after, confidence), ratio(before, after)),
        ] {
            prop_assert_eq!(interval.is_some(), has_data);
            if let Some(interval) = interval {
                assert_sound(interval, estimate);
            }
        }
        if let Some(interval) = wilson(after, confidence) {
            assert_sound(interval, after.value());
            prop_assert!(interval.low >= 0.0 && interval.high.unwrap() <= 1.0);
            prop_assert_eq!(interval.low > 0.0, after.successes() > 0);
            prop_assert_eq!(interval.high.unwrap() < 1.0, after.successes() < after.n());
        }
    }

    #[test]
    fn shares_have_mirrors(before in share(), after in share(), confidence in confidence()) {
        if let Some(interval) = wilson(after, confidence) {
            let other = wilson(complement(after), confidence).unwrap();
            prop_assert!(close(1.0 - other.high.unwrap(), interval.low));
            prop_assert!(close(1.0 - other.low, interval.high.unwrap()));
        }
        if let Some(interval) = newcombe(before, after, confidence) {
            prop_assert_eq!(newcombe(after, before, confidence).map(mirrored), Some(interval));
            let other = mirrored(newcombe(complement(before), complement(after), confidence).unwrap());
            assert_close(Some(interval.low), Some(other.low));
            assert_close(interval.high, other.high);
        }
        if let Some(interval) = koopman(before, after, confidence)
            && before.successes() + after.successes() > 0
        {
            assert_inverse(interval, koopman(after, before, confidence).unwrap());
        }
    }
}

fn complement(share: Share) -> Share {
    Share::new(share.n() - share.successes(), share.n()).unwrap()
}
