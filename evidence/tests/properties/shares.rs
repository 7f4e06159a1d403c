//! Shares of different people.

use evidence::interval::{Confidence, Interval};
use evidence::share::{
    Share, clopper_pearson, fisher, katz, koopman, koopman_p, newcombe, newcombe_p, wilson,
};
use proptest::prelude::*;

use crate::{
    assert_belongs, assert_close, assert_inverse, assert_sound, close, confidence, difference, mirrored,
    ratio, share,
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
        if let Some(interval) = katz(before, after, confidence) {
            assert_sound(interval, ratio(before, after).map(|ratio| ratio - 1.0));
        }
        for interval in [wilson(after, confidence), clopper_pearson(after, confidence)].into_iter().flatten() {
            assert_sound(interval, after.value());
            prop_assert!(interval.low >= 0.0 && interval.high.unwrap() <= 1.0);
            prop_assert_eq!(interval.low > 0.0, after.successes() > 0);
            prop_assert_eq!(interval.high.unwrap() < 1.0, after.successes() < after.n());
        }
    }

    #[test]
    fn shares_have_mirrors(before in share(), after in share(), confidence in confidence()) {
        for method in [wilson, clopper_pearson] {
            let Some(interval) = method(after, confidence) else { continue };
            let other = method(complement(after), confidence).unwrap();
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
        if let Some(Interval { low, high }) = katz(before, after, confidence) {
            let other = katz(after, before, confidence).unwrap();
            prop_assert!(close(low, (1.0 + other.high.unwrap()).recip() - 1.0));
            prop_assert!(close((1.0 + high.unwrap()).recip() - 1.0, other.low));
        }
    }

    #[test]
    fn p_values_of_shares_belong_to_their_intervals(
        before in share(), after in share(), confidence in confidence(),
    ) {
        prop_assert_eq!(koopman_p(before, after).is_some(), before.n() > 0 && after.n() > 0);
        prop_assert_eq!(newcombe_p(before, after).is_some(), before.n() > 0 && after.n() > 0);
        if let (Some(p), Some(interval)) = (koopman_p(before, after), koopman(before, after, confidence)) {
            assert_belongs(p, interval, 1.0, confidence);
            assert_close(koopman_p(after, before), Some(p));
            assert_close(koopman_p(complement(before), complement(after)), Some(p));
        }
        if let (Some(p), Some(interval)) = (newcombe_p(before, after), newcombe(before, after, confidence)) {
            assert_belongs(p, interval, 0.0, confidence);
            assert_close(newcombe_p(after, before), Some(p));
            assert_close(newcombe_p(complement(before), complement(after)), Some(p));
        }
    }

    #[test]
    fn an_exact_test_has_mirrors(before in share(), after in share()) {
        let p = fisher(before, after);
        prop_assert!((0.0..=1.0).contains(&p), "{}", p);
        prop_assert!(close(p, fisher(after, before)));
        prop_assert!(close(p, fisher(complement(before), complement(after))));
        if before.successes() == after.successes() && before.n() == after.n() {
            prop_assert!(close(p, 1.0));
        }
    }

    /// With many people the exact, the score and the logarithmic methods say nearly the same.
    #[test]
    fn methods_agree_on_many(x0 in 200_000..800_000_u32, more in 0..3000_u32) {
        let (before, after) = (Share::new(x0, 1_000_000).unwrap(), Share::new(x0 + more, 1_000_000).unwrap());
        let score = koopman_p(before, after).unwrap();
        prop_assert!((fisher(before, after) - score).abs() < 2e-3);
        prop_assert!((newcombe_p(before, after).unwrap() - score).abs() < 1e-4);
        let koopman = koopman(before, after, Confidence::P95).unwrap();
        let katz = katz(before, after, Confidence::P95).unwrap();
        prop_assert!((koopman.low - 1.0 - katz.low).abs() < 1e-6);
        prop_assert!((koopman.high.unwrap() - 1.0 - katz.high.unwrap()).abs() < 1e-6);
        let exact = clopper_pearson(after, Confidence::P95).unwrap();
        let wilson = wilson(after, Confidence::P95).unwrap();
        prop_assert!((exact.low - wilson.low).abs() < 2e-6);
        prop_assert!((exact.high.unwrap() - wilson.high.unwrap()).abs() < 2e-6);
    }
}

fn complement(share: Share) -> Share {
    Share::new(share.n() - share.successes(), share.n()).unwrap()
}
