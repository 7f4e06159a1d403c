//! Goals and whether they are reached.

use evidence::goal::{Basis, Direction, Goal, Millionths};
use evidence::interval::Confidence;
use evidence::share::Share;
use evidence::verdict::{
    Assessment, Attainment, Pairing, Reason, Verdict, Wave, assess_shares, assess_values,
};
use evidence::warning::Warning;
use proptest::prelude::*;

use crate::{assert_sound, confidence, goal, same_people, share, table};

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
