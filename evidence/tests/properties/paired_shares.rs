//! Shares of the same people.

use evidence::interval::Confidence;
use evidence::paired::{
    PairedTable, both_times, envelope, margin_bounds, mcnemar, nam_blackwelder, newcombe, score_p, tango,
};
use proptest::prelude::*;

use crate::{
    NOISE, assert_belongs, assert_close, assert_inverse, assert_sound, confidence, contains, mirrored,
    same_people, table,
};

proptest! {
    #![proptest_config(crate::config())]

    #[test]
    fn intervals_of_tables_are_sound_and_have_mirrors(table in table(), confidence in confidence()) {
        let PairedTable { n11, n10, n01, n00 } = table;
        let swapped = PairedTable { n11, n10: n01, n01: n10, n00 };
        let (before, after) = (table.before().unwrap(), table.after().unwrap());
        for method in [tango, newcombe] {
            let Some(interval) = method(&table, confidence) else { continue };
            assert_sound(interval, Some((f64::from(n01) - f64::from(n10)) / f64::from(before.n())));
            prop_assert!(interval.low >= -1.0 && interval.high.unwrap() <= 1.0);
            let other = mirrored(method(&swapped, confidence).unwrap());
            assert_close(Some(interval.low), Some(other.low));
            assert_close(interval.high, other.high);
            let complement = PairedTable { n11: n00, n10: n01, n01: n10, n00: n11 };
            let complement = method(&complement, confidence).unwrap();
            assert_close(Some(complement.low), interval.high.map(|high| -high));
            assert_close(complement.high, Some(-interval.low));
        }
        if let Some(interval) = nam_blackwelder(&table, confidence) {
            assert_sound(interval, Some(f64::from(n11 + n01) / f64::from(n11 + n10)));
            if after.successes() > 0 {
                assert_inverse(interval, nam_blackwelder(&swapped, confidence).unwrap());
            }
        }
        let p = mcnemar(&table);
        prop_assert!((0.0..=1.0).contains(&p.exact) && (0.0..=p.exact).contains(&p.mid_p));
        prop_assert_eq!(p, mcnemar(&swapped));
    }

    #[test]
    fn the_p_value_of_tables_belongs_to_both_intervals(table in table(), confidence in confidence()) {
        let p = score_p(&table);
        if let Some(interval) = tango(&table, confidence) {
            assert_belongs(p, interval, 0.0, confidence);
        }
        if let Some(interval) = nam_blackwelder(&table, confidence) {
            assert_belongs(p, interval, 1.0, confidence);
        }
        let PairedTable { n11, n10, n01, n00 } = table;
        assert_close(Some(score_p(&PairedTable { n11: n00, n10: n01, n01: n10, n00: n11 })), Some(p));
    }

    /// With many people the score interval and the formula say nearly the same.
    #[test]
    fn methods_agree_on_many(
        n11 in 200_000..800_000_u32, n10 in 200_000..800_000_u32, n01 in 200_000..800_000_u32,
        n00 in 200_000..800_000_u32,
    ) {
        let table = PairedTable { n11, n10, n01, n00 };
        let (tango, newcombe) =
            (tango(&table, Confidence::P95).unwrap(), newcombe(&table, Confidence::P95).unwrap());
        prop_assert!((tango.low - newcombe.low).abs() < 1e-6, "{tango:?} {newcombe:?}");
        prop_assert!((tango.high.unwrap() - newcombe.high.unwrap()).abs() < 1e-6);
    }

    #[test]
    fn an_unknown_table_is_bounded(
        (before, after) in same_people(), part in any::<prop::sample::Index>(), confidence in confidence(),
    ) {
        let n11 = both_times(before, after).unwrap();
        let chosen = n11.start() + u32::try_from(part.index(n11.clone().count())).unwrap();
        let table = PairedTable::with_margins(before, after, chosen).unwrap();
        prop_assert_eq!((table.before(), table.after()), (Some(before), Some(after)));
        let bounds = margin_bounds(before, after).unwrap();
        let p = mcnemar(&table);
        prop_assert!(bounds.lowest.exact <= p.exact + NOISE && p.exact <= bounds.highest.exact + NOISE);
        prop_assert!(bounds.lowest.mid_p <= p.mid_p + NOISE && p.mid_p <= bounds.highest.mid_p + NOISE);
        let Some(envelope) = envelope(before, after, confidence) else {
            prop_assert_eq!(before.n(), 0);
            return Ok(());
        };
        let difference = tango(&table, confidence).unwrap();
        prop_assert!(contains(envelope.difference, difference));
        prop_assert_eq!(envelope.ratio.is_some(), before.successes() > 0);
        if let Some(ratio) = nam_blackwelder(&table, confidence) {
            prop_assert!(contains(envelope.ratio.unwrap(), ratio));
        }
    }
}
