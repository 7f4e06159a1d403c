//! Goals and whether they are reached.

use evidence::goal::{Basis, Direction, Goal, Millionths};
use evidence::interval::{Confidence, Interval};
use evidence::mean::{Mean, StatedMean};
use evidence::paired_values::{PairedValues, paired_t};
use evidence::rate::Count;
use evidence::share::Share;
use evidence::verdict::{
    Assessment, Attainment, MeanPairing, PValue, Pairing, Reason, Verdict, Wave, assess_counts, assess_means,
    assess_shares,
};
use evidence::warning::Warning;
use proptest::prelude::*;

use crate::{assert_sound, confidence, goal, same_people, share, table};

/// What means and standard deviations that are stated to six places can move.
const ROUNDING: f64 = 1e-4;

proptest! {
    #![proptest_config(crate::config())]

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
    fn assessments_of_means_do_not_contradict_themselves(
        goal in goal(), before in wave(stated_mean()), after in wave(stated_mean()), paired in any::<bool>(),
        confidence in confidence(),
    ) {
        let pairing =
            if paired { MeanPairing::SamePersonsUnknownValues } else { MeanPairing::Independent };
        let assessment = assess_means(&goal, before, after, pairing, confidence);
        assert_consistent(&assessment);
        if assessment.interval.is_none() {
            prop_assert_eq!((assessment.change, assessment.p_value, assessment.effect_size), (None, None, None));
        }
    }

    #[test]
    fn assessments_of_the_values_of_people_do_not_contradict_themselves(
        goal in goal(), pairs in prop::collection::vec((-30..=30_i64, -30..=30_i64), 1..=30),
        confidence in confidence(),
    ) {
        let half = |value: i64| Millionths(value * 500_000);
        let (before, after): (Vec<_>, Vec<_>) =
            pairs.iter().map(|(before, after)| (half(*before), half(*after))).unzip();
        let values = PairedValues::of_decimals(&before, &after).unwrap();
        let mean = |values: &[Millionths]| StatedMean {
            mean: Millionths(values.iter().map(|value| value.0).sum::<i64>() / i64::try_from(values.len()).unwrap()),
            sd: None,
            n: None,
        };
        let waves = [&before, &after].map(|values| Wave::Given(mean(values)));
        let assessment = assess_means(&goal, waves[0], waves[1], MeanPairing::Paired(&values), confidence);
        assert_consistent(&assessment);
        if matches!(goal.basis, Basis::AbsoluteChange | Basis::Maintain) {
            prop_assert_eq!(assessment.interval.is_some(), paired_t(&values, confidence).is_some());
        }
    }

    /// Whatever the values are, the widest over all correlations is no narrower, and its range of p-values has theirs.
    #[test]
    fn an_unknown_pairing_of_means_is_bounded(
        relative in any::<bool>(), pairs in prop::collection::vec((1..=60_i64, 1..=60_i64), 2..=30),
        confidence in confidence(),
    ) {
        let whole = |value: i64| Millionths(value * 1_000_000);
        let (before, after): (Vec<_>, Vec<_>) =
            pairs.iter().map(|(before, after)| (whole(*before), whole(*after))).unzip();
        let values = PairedValues::of_decimals(&before, &after).unwrap();
        let rounded = |value: f64| Millionths(format!("{:.0}", value * 1e6).parse().unwrap());
        let wave = |mean: Mean| {
            Wave::Given(StatedMean { mean: rounded(mean.mean()), sd: Some(rounded(mean.sd())), n: Some(mean.n()) })
        };
        let basis = if relative { Basis::RelativeChange } else { Basis::AbsoluteChange };
        let goal = Goal { direction: Direction::Up, basis, threshold: Millionths(0) };
        let assess = |pairing| assess_means(&goal, wave(values.before()), wave(values.after()), pairing, confidence);
        let (known, unknown) =
            (assess(MeanPairing::Paired(&values)), assess(MeanPairing::SamePersonsUnknownValues));
        if let (Some(Interval { low, high }), Some(wide)) = (known.interval, unknown.interval) {
            let reaches = |outer: f64, inner: f64| outer >= inner - ROUNDING * (1.0 + inner.abs());
            prop_assert!(reaches(-wide.low, -low), "{wide:?} {low}");
            prop_assert!(wide.high.is_none_or(|wide| high.is_some_and(|high| reaches(wide, high))), "{wide:?} {high:?}");
            let (Some(PValue::One(p)), Some(PValue::Range { lowest, highest })) = (known.p_value, unknown.p_value)
            else {
                panic!("{known:?} {unknown:?}")
            };
            prop_assert!(reaches(p, lowest) && reaches(highest, p), "{lowest} {p} {highest}");
        }
    }

    #[test]
    fn assessments_of_counts_do_not_contradict_themselves(
        goal in goal(), before in wave(number()), after in wave(number()), confidence in confidence(),
    ) {
        let assessment = assess_counts(&goal, before, after, confidence);
        assert_consistent(&assessment);
        prop_assert_ne!(assessment.verdict.reason(), Some(Reason::NoMethod));
        let is_warned = assessment.warnings == [Warning::OverdispersionUnknown];
        prop_assert_eq!(is_warned, assessment.interval.is_some());
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
        let mean = |x: u32| StatedMean { mean: Millionths(i64::from(x) * 1000), sd: None, n: None };
        let means = [x0, x1].map(|x| Wave::Given(mean(x)));
        let kept = assess_means(&margin, means[0], means[1], MeanPairing::Independent, Confidence::P95);
        prop_assert_eq!(kept.attainment == Attainment::Met, millionth == 0 || difference == 0);
        let rates = [x0, x1].map(|x| Wave::Given(Count::new(x, Some(Millionths(1_000_000_000))).unwrap()));
        let kept = assess_counts(&margin, rates[0], rates[1], Confidence::P95);
        prop_assert_eq!(kept.attainment == Attainment::Met, millionth == 0 || difference == 0);
    }
}

fn wave<T: Copy + std::fmt::Debug>(given: impl Strategy<Value = T>) -> impl Strategy<Value = Wave<T>> {
    prop_oneof![1 => Just(Wave::Missing), 1 => Just(Wave::NotApplicable), 8 => given.prop_map(Wave::Given)]
}

fn stated_mean() -> impl Strategy<Value = StatedMean> {
    let mean = prop_oneof![Just(0), 0..=100_000_000_i64, any::<i64>()];
    let sd = prop_oneof![
        Just(None),
        Just(Some(0)),
        (0..=30_000_000_i64).prop_map(Some),
        any::<i64>().prop_map(Some)
    ];
    let n = prop_oneof![Just(None), (0..=3_u32).prop_map(Some), Just(Some(40)), any::<u32>().prop_map(Some)];
    (mean, sd, n).prop_map(|(mean, sd, n)| StatedMean { mean: Millionths(mean), sd: sd.map(Millionths), n })
}

fn number() -> impl Strategy<Value = Count> {
    let count = prop_oneof![1 => Just(0), 3 => 0..=100_u32];
    let exposure = prop_oneof![
        Just(None),
        (1..=i64::MAX).prop_map(Some),
        (1..=100_i64).prop_map(|years| Some(years * 1_000_000))
    ];
    (count, exposure).prop_map(|(count, exposure)| Count::new(count, exposure.map(Millionths)).unwrap())
}

fn pairing() -> impl Strategy<Value = Pairing> {
    prop_oneof![
        Just(Pairing::Independent),
        Just(Pairing::SamePersonsUnknownTable),
        table().prop_map(Pairing::Paired)
    ]
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
    match assessment.p_value {
        None => {}
        Some(PValue::One(p)) => assert!((0.0..=1.0).contains(&p)),
        Some(PValue::Range { lowest, highest }) => {
            assert!(0.0 <= lowest && lowest <= highest && highest <= 1.0, "{lowest} to {highest}");
        }
    }
}
