//! What holds for all numbers.

#![expect(clippy::unwrap_used, reason = "what is missing where it must be has failed")]

use evidence::claim::{ChangeClaim, check_change, check_change_of_shares, reconstruct_count};
use evidence::goal::{Basis, Direction, Goal, Millionths};
use evidence::interval::{Confidence, Interval};
use evidence::paired::{PairedTable, both_times, envelope, margin_bounds, mcnemar, nam_blackwelder, tango};
use evidence::sentence::{Language, Observed, Statement, sentence};
use evidence::share::{Share, koopman, newcombe, wilson};
use evidence::verdict::{
    Assessment, Attainment, Change, Pairing, Reason, Verdict, Wave, assess_shares, assess_values,
};
use evidence::warning::Warning;
use proptest::prelude::*;

/// Two bisections of functions that mirror each other.
const NOISE: f64 = 1e-8;

fn share() -> impl Strategy<Value = Share> {
    let n = prop_oneof![0..=3_u32, 0..=100_u32, 0..=5_000_000_u32];
    n.prop_flat_map(share_of)
}

fn share_of(n: u32) -> impl Strategy<Value = Share> {
    let x = prop_oneof![Just(0), Just(n), 0..=n.min(5), 0..=n];
    x.prop_map(move |x| Share::new(x, n).unwrap())
}

fn same_people() -> impl Strategy<Value = (Share, Share)> {
    let n = prop_oneof![0..=3_u32, 0..=100_u32, 0..=5_000_000_u32];
    n.prop_flat_map(|n| (share_of(n), share_of(n)))
}

fn table() -> impl Strategy<Value = PairedTable> {
    let cell = || prop_oneof![Just(0), 0..=30_u32, 0..=2_000_000_u32];
    (cell(), cell(), cell(), cell()).prop_map(|(n11, n10, n01, n00)| PairedTable { n11, n10, n01, n00 })
}

fn confidence() -> impl Strategy<Value = Confidence> {
    prop_oneof![Just(0.95), 0.5..0.999_f64, Just(1e-12), Just(1.0 - 1e-12)]
        .prop_map(|level| Confidence::new(level).unwrap())
}

fn goal() -> impl Strategy<Value = Goal> {
    let threshold = prop_oneof![Just(0), Just(1_000_000), 0..=2_000_000_i64, Just(i64::MAX)];
    let basis = prop::sample::select(vec![
        Basis::RelativeChange,
        Basis::AbsoluteChange,
        Basis::Level,
        Basis::Maintain,
    ]);
    (prop::sample::select(vec![Direction::Up, Direction::Down]), basis, threshold)
        .prop_map(|(direction, basis, threshold)| Goal { direction, basis, threshold: Millionths(threshold) })
}

fn wave<T: Copy + std::fmt::Debug>(given: impl Strategy<Value = T>) -> impl Strategy<Value = Wave<T>> {
    prop_oneof![1 => Just(Wave::Missing), 1 => Just(Wave::NotApplicable), 8 => given.prop_map(Wave::Given)]
}

fn pairing() -> impl Strategy<Value = Pairing> {
    prop_oneof![
        Just(Pairing::Independent),
        Just(Pairing::SamePersonsUnknownTable),
        table().prop_map(Pairing::Paired)
    ]
}

/// Finite, the right way round, and around the estimate.
fn assert_sound(interval: Interval, estimate: Option<f64>) {
    let Interval { low, high } = interval;
    assert!(low.is_finite() && high.is_none_or(f64::is_finite), "{interval:?}");
    assert!(high.is_none_or(|high| low <= high), "{interval:?}");
    if let Some(estimate) = estimate {
        assert!(low <= estimate && high.is_none_or(|high| estimate <= high), "{interval:?}: {estimate}");
    }
}

fn close(one: f64, other: f64) -> bool {
    (one - other).abs() <= NOISE * one.abs().max(other.abs()).max(1e-3)
}

fn assert_close(one: Option<f64>, other: Option<f64>) {
    let agree = match (one, other) {
        (Some(one), Some(other)) => close(one, other),
        (one, other) => one == other,
    };
    assert!(agree, "{one:?} {other:?}");
}

fn contains(outer: Interval, inner: Interval) -> bool {
    let above = outer.high.is_none_or(|outer| inner.high.is_some_and(|inner| inner <= outer * (1.0 + NOISE)));
    outer.low <= inner.low + NOISE * inner.low.abs()
        && (above || close(outer.high.unwrap(), inner.high.unwrap()))
}

fn ratio(before: Share, after: Share) -> Option<f64> {
    Some(after.value()? / before.value().filter(|before| *before > 0.0)?)
}

fn difference(before: Share, after: Share) -> Option<f64> {
    Some(after.value()? - before.value()?)
}

fn complement(share: Share) -> Share {
    Share::new(share.n() - share.successes(), share.n()).unwrap()
}

fn mirrored(interval: Interval) -> Interval {
    Interval { low: -interval.high.unwrap(), high: Some(-interval.low) }
}

/// A lower end of 0 becomes no upper end, and the other way round.
fn assert_inverse(one: Interval, other: Interval) {
    assert_close(Some(one.high.map_or(0.0, f64::recip)), Some(other.low));
    assert_close(Some(one.low).filter(|low| *low > 0.0).map(f64::recip), other.high);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

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

    #[test]
    fn intervals_of_tables_are_sound_and_have_mirrors(table in table(), confidence in confidence()) {
        let PairedTable { n11, n10, n01, n00 } = table;
        let swapped = PairedTable { n11, n10: n01, n01: n10, n00 };
        let (before, after) = (table.before().unwrap(), table.after().unwrap());
        if let Some(interval) = tango(&table, confidence) {
            assert_sound(interval, Some((f64::from(n01) - f64::from(n10)) / f64::from(before.n())));
            prop_assert!(interval.low >= -1.0 && interval.high.unwrap() <= 1.0);
            let other = mirrored(tango(&swapped, confidence).unwrap());
            assert_close(Some(interval.low), Some(other.low));
            assert_close(interval.high, other.high);
            let complement = PairedTable { n11: n00, n10: n01, n01: n10, n00: n11 };
            prop_assert_eq!(tango(&complement, confidence).unwrap(), tango(&swapped, confidence).unwrap());
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
    fn surer_is_wider(before in share(), after in share(), table in table(), level in 0.5..0.99_f64) {
        let (less, more) = (Confidence::new(level).unwrap(), Confidence::new(level + 0.009).unwrap());
        let of: [&dyn Fn(Confidence) -> Option<Interval>; 5] = [
            &|confidence| wilson(after, confidence),
            &|confidence| newcombe(before, after, confidence),
            &|confidence| koopman(before, after, confidence),
            &|confidence| tango(&table, confidence),
            &|confidence| nam_blackwelder(&table, confidence),
        ];
        for interval in of {
            if let (Some(wide), Some(narrow)) = (interval(more), interval(less)) {
                prop_assert!(contains(wide, narrow), "{wide:?} {narrow:?}");
            }
        }
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

    #[test]
    fn assessments_do_not_contradict_themselves(
        goal in goal(), before in wave(share()), after in wave(share()), pairing in pairing(),
        confidence in confidence(),
    ) {
        assert_consistent(&assess_shares(&goal, before, after, &pairing, confidence));
    }

    #[test]
    fn assessments_of_the_same_people_do_not_contradict_themselves(
        goal in goal(), (before, after) in same_people(), confidence in confidence(),
    ) {
        let pairing = Pairing::SamePersonsUnknownTable;
        let assessment =
            assess_shares(&goal, Wave::Given(before), Wave::Given(after), &pairing, confidence);
        assert_consistent(&assessment);
        let is_warned =
            assessment.warnings.iter().any(|warning| matches!(warning, Warning::PairingUnknown { .. }));
        prop_assert_eq!(is_warned, assessment.verdict.reason().is_none() && goal.basis != Basis::Level);
    }

    #[test]
    fn assessments_of_values_do_not_contradict_themselves(
        goal in goal(), before in wave(any::<i64>().prop_map(Millionths)),
        after in wave(any::<i64>().prop_map(Millionths)),
    ) {
        let assessment = assess_values(&goal, before, after);
        assert_consistent(&assessment);
        prop_assert_eq!((assessment.interval, assessment.change), (None, None));
    }

    /// With the very change that was measured as the threshold it is met; with a millionth more it is not.
    #[test]
    fn equality_meets(x0 in 1..=1000_u32, x1 in 0..=1000_u32, millionth in 0..=1_i64) {
        let (before, after) = (Share::new(x0, 1000).unwrap(), Share::new(x1, 1000).unwrap());
        let difference = i64::from(x1) - i64::from(x0);
        let relative = difference * 1_000_000 % i64::from(x0) == 0;
        let direction = if difference < 0 { Direction::Down } else { Direction::Up };
        let level = i64::from(x1) * 1000 + if difference < 0 { -millionth } else { millionth };
        for (basis, threshold) in [
            (Basis::AbsoluteChange, difference.abs() * 1000 + millionth),
            (Basis::Level, level),
            (Basis::RelativeChange, difference.abs() * 1_000_000 / i64::from(x0) + millionth),
        ] {
            if basis != Basis::RelativeChange || relative {
                let goal = Goal { direction, basis, threshold: Millionths(threshold) };
                let (before, after) = (Wave::Given(before), Wave::Given(after));
                let shares = assess_shares(&goal, before, after, &Pairing::Independent, Confidence::P95);
                prop_assert_eq!(shares.attainment == Attainment::Met, millionth == 0);
            }
        }
        let margin = Goal {
            direction: if difference < 0 { Direction::Up } else { Direction::Down },
            basis: Basis::Maintain,
            threshold: Millionths((difference.abs() * 1000 - millionth).max(0)),
        };
        let values = [x0, x1].map(|x| Wave::Given(Millionths(i64::from(x) * 1000)));
        let kept = assess_values(&margin, values[0], values[1]);
        prop_assert_eq!(kept.attainment == Attainment::Met, millionth == 0 || difference == 0);
    }

    #[test]
    fn sentences_can_be_made_of_anything(
        goal in goal(), before in proptest::option::of(observed()), after in proptest::option::of(observed()),
        attainment in prop::sample::select(Attainment::ALL.to_vec()), verdict in verdict(),
        change in proptest::option::of(prop::sample::select(Change::ALL.to_vec())),
    ) {
        let statement = Statement { goal, before, after, attainment, verdict, change };
        for language in [Language::Danish, Language::English] {
            let text = sentence(&statement, language);
            prop_assert!(text.ends_with('.') && !text.contains("  ") && !text.contains(".."), "{text}");
            let lower = text.to_lowercase();
            prop_assert!(!["effect", "effekt", "virkning"].iter().any(|word| lower.contains(word)), "{text}");
        }
    }

    #[test]
    fn any_text_can_be_checked(
        before in "\\PC{0,14}|[0-9]{1,3}(\\.[0-9]{0,3})?", after in "\\PC{0,14}|[0-9]{1,3}(\\.[0-9]{0,3})?",
        printed in "\\PC{0,14}|-?[0-9]{1,12}(\\.[0-9]{0,6})?", n in proptest::option::of(0..=5_000_000_u32),
        shares in (share(), share()),
    ) {
        let checked = check_change(&ChangeClaim { before: &before, after: &after, n0: n, n1: n, printed: &printed });
        prop_assert!(checked.from_counts.is_none_or(|text| text.parse::<f64>().is_ok()));
        let counts = reconstruct_count(&before, n.unwrap_or(0));
        prop_assert!(counts.is_empty() || *counts.end() <= n.unwrap_or(0));
        let _ = check_change_of_shares(shares.0, shares.1, Some(&before), Some(&after), &printed);
    }
}

fn observed() -> impl Strategy<Value = Observed> {
    prop_oneof![
        share().prop_map(Observed::Share),
        any::<i64>().prop_map(|value| Observed::Mean(Millionths(value))),
        (0..=100_000_000_i64).prop_map(|value| Observed::Rate(Millionths(value))),
    ]
}

fn verdict() -> impl Strategy<Value = Verdict> {
    let assessed = vec![Verdict::Achieved, Verdict::NotAchieved, Verdict::Inconclusive];
    let reasons = Reason::ALL.iter().map(|reason| Verdict::NotAssessable(*reason));
    prop::sample::select(assessed.into_iter().chain(reasons).collect::<Vec<_>>())
}

fn assert_consistent(assessment: &Assessment) {
    let Assessment { verdict, attainment, estimate, interval, method, .. } = assessment;
    match verdict {
        Verdict::Achieved => assert_eq!(*attainment, Attainment::Met),
        Verdict::NotAchieved => assert!(matches!(attainment, Attainment::Partly | Attainment::NotMet)),
        Verdict::Inconclusive | Verdict::NotAssessable(Reason::NoMethod) => {
            assert_ne!(*attainment, Attainment::NotAssessable);
        }
        Verdict::NotAssessable(_) => assert_eq!(*attainment, Attainment::NotAssessable),
    }
    assert_eq!(interval.is_some(), verdict.reason().is_none());
    assert_eq!(method.is_some(), interval.is_some());
    if let Some(interval) = interval {
        assert!(estimate.is_some());
        assert_sound(*interval, *estimate);
    }
    for number in [assessment.estimate, assessment.relative_change, assessment.difference] {
        assert!(number.is_none_or(f64::is_finite));
    }
}
