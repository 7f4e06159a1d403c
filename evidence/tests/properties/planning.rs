//! What is computed before measuring.

use evidence::goal::{Direction, Millionths};
use evidence::interval::Confidence;
use evidence::planning::{
    Baseline, Needed, People, Power, Study, paired_shares, paired_values, plan, shares, values,
};
use evidence::sentence::{Language, plan_sentence};
use proptest::prelude::*;

use crate::{close, confidence, few, goal};

fn power() -> impl Strategy<Value = Power> {
    prop_oneof![Just(0.8), 0.5..0.999_f64, Just(1e-9), Just(1.0 - 1e-9)]
        .prop_map(|level| Power::new(level).unwrap())
}

fn probability() -> impl Strategy<Value = f64> {
    prop_oneof![Just(0.0), Just(1.0), 0.0..=1.0_f64, Just(1e-12)]
}

fn people() -> impl Strategy<Value = u32> {
    prop_oneof![0..=3_u32, 0..=200_u32, any::<u32>()]
}

fn study() -> impl Strategy<Value = Study> {
    let share = || prop_oneof![0..=1_000_000_i64, Just(0), Just(1_000_000)].prop_map(Millionths);
    let value = || prop_oneof![any::<i64>(), -100_000_000..100_000_000_i64].prop_map(Millionths);
    let shares = (share().prop_map(Baseline::Share), prop::option::of(share()));
    let means =
        ((value(), value()).prop_map(|(mean, sd)| Baseline::Mean { mean, sd }), prop::option::of(value()));
    let who = prop::sample::select(vec![People::Different, People::Same]);
    (goal(), prop_oneof![shares, means], who, people(), confidence(), power()).prop_map(
        |(goal, (baseline, assumed), people, n, confidence, target)| Study {
            goal,
            baseline,
            people,
            assumed,
            n,
            confidence,
            target,
        },
    )
}

proptest! {
    #![proptest_config(few())]

    #[test]
    fn any_study_can_be_planned(study in study(), more in 1..1000_u32) {
        if let Ok(planned) = plan(&study) {
            for language in [Language::Danish, Language::English] {
                let text = plan_sentence(&planned, language);
                prop_assert!(text.ends_with('.') && !text.contains("NaN"), "{text}");
                let lower = text.to_lowercase();
                prop_assert!(!["effect", "effekt", "virkning"].iter().any(|word| lower.contains(word)), "{text}");
            }
            let values = [planned.detectable.worst, planned.detectable.best];
            prop_assert!(values.iter().flatten().all(|value| value.is_finite()));
            for needed in [planned.needed_for_change, planned.needed_for_goal] {
                if let Needed::People(span) = needed {
                    prop_assert!([span.worst, span.best].iter().flatten().all(|people| *people > 0));
                }
            }
            let larger = plan(&Study { n: study.n.saturating_add(more), ..study }).unwrap();
            if let (Some(few), Some(many)) = (planned.power, larger.power) {
                prop_assert!((0.0..=1.0).contains(&few.worst) && (0.0..=1.0).contains(&few.best));
                prop_assert!(many.worst >= few.worst - 1e-9 && many.best >= few.best - 1e-9);
            }
        }
    }

    #[test]
    fn any_numbers_can_be_planned_with(
        one in prop::num::f64::ANY, other in prop::num::f64::ANY, n in people(), confidence in confidence(),
        target in power(),
    ) {
        let powers = [
            shares::power(one, other, n, confidence),
            paired_shares::power(one, other, n, confidence),
            paired_values::power(one, other, n, confidence),
            values::power(one, other, n, confidence),
        ];
        for power in powers {
            prop_assert!(power.is_none_or(|power| (0.0..=1.0).contains(&power)), "{power:?}");
        }
        for direction in [Direction::Up, Direction::Down] {
            let p1 = shares::detectable(one, direction, n, confidence, target);
            prop_assert!(p1.is_none_or(|p1| (0.0..=1.0).contains(&p1)));
        }
        let needed = [
            shares::needed(one, other, confidence, target),
            paired_shares::needed(one, other, confidence, target),
            paired_values::needed(one, other, confidence, target),
        ];
        prop_assert!(needed.iter().flatten().all(|needed| *needed > 0));
        let change = paired_values::detectable(other, n, confidence, target);
        prop_assert!(change.is_none_or(|change| change >= 0.0 && change.is_finite()));
    }

    #[test]
    fn more_people_find_more(
        (p0, p1) in (probability(), probability()), (change, sd) in (-10.0..10.0_f64, 0.1..100.0_f64),
        n in 2..=u32::MAX - 1000, more in 1..1000_u32, confidence in confidence(),
    ) {
        let of: [&dyn Fn(u32) -> Option<f64>; 3] = [
            &|n| shares::power(p0, p1, n, confidence),
            &|n| paired_shares::power(p0, p1, n, confidence),
            &|n| paired_values::power(change, sd, n, confidence),
        ];
        for power in of {
            if let (Some(one), Some(other)) = (power(n), power(n + more)) {
                prop_assert!(other >= one - 1e-9, "{one} {other}");
            }
        }
    }

    #[test]
    fn planning_has_mirrors(
        p0 in 0..=1000_u32, p1 in 0..=1000_u32, n in people(), confidence in confidence(),
    ) {
        let (p0, p1) = (f64::from(p0) / 1000.0, f64::from(p1) / 1000.0);
        let power = shares::power(p0, p1, n, confidence);
        prop_assert_eq!(shares::power(p1, p0, n, confidence), power);
        if let (Some(power), Some(other)) = (power, shares::power(1.0 - p0, 1.0 - p1, n, confidence)) {
            prop_assert!((power - other).abs() < 1e-6);
        }
        prop_assert_eq!(
            paired_shares::power(p0, p1, n, confidence),
            paired_shares::power(p1, p0, n, confidence)
        );
        prop_assert_eq!(
            paired_values::power(p0, 0.5, n, confidence),
            paired_values::power(-p0, 0.5, n, confidence)
        );
    }

    #[test]
    fn what_is_needed_is_the_smallest_number(
        (p0, p1) in (0.01..0.5_f64, 0.01..0.5_f64), change in 0.01..2.0_f64, level in 0.5..0.99_f64,
    ) {
        let target = Power::new(level).unwrap();
        let confidence = Confidence::P95;
        let needed = [
            shares::needed(p0, p1, confidence, target),
            paired_shares::needed(p0, p1, confidence, target),
            paired_values::needed(change, 1.0, confidence, target),
        ];
        let power: [&dyn Fn(u32) -> Option<f64>; 3] = [
            &|n| shares::power(p0, p1, n, confidence),
            &|n| paired_shares::power(p0, p1, n, confidence),
            &|n| paired_values::power(change, 1.0, n, confidence),
        ];
        for (needed, power) in needed.into_iter().zip(power) {
            let Some(needed) = needed else {
                prop_assert!((p0 - p1).abs() < 1e-3);
                continue;
            };
            prop_assert!(power(needed).unwrap() >= level - 1e-9);
            prop_assert!(power(needed - 1).is_none_or(|power| power < level + 1e-9));
        }
    }

    #[test]
    fn what_is_detectable_is_detected_with_that_power(
        p0 in 0.0..=1.0_f64, n in 2..=100_000_u32, confidence in (0.5..0.999_f64).prop_map(Confidence::new),
        level in 0.55..0.999_f64,
    ) {
        let (confidence, target) = (confidence.unwrap(), Power::new(level).unwrap());
        for (direction, furthest) in [(Direction::Up, 1.0), (Direction::Down, 0.0)] {
            match shares::detectable(p0, direction, n, confidence, target) {
                Some(p1) => {
                    prop_assert!((p1 - p0) * (furthest - p0) >= 0.0);
                    prop_assert!((shares::power(p0, p1, n, confidence).unwrap() - level).abs() < 1e-6);
                }
                None => {
                    prop_assert!(shares::power(p0, furthest, n, confidence).is_none_or(|power| power < level));
                }
            }
        }
        let change = paired_values::detectable(7.0, n, confidence, target).unwrap();
        if level > 1.0 - confidence.level() {
            prop_assert!(close(paired_values::power(change, 7.0, n, confidence).unwrap(), level));
        } else {
            prop_assert!(change < f64::MIN_POSITIVE);
        }
    }
}
