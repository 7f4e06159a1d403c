//! Which verdict, reason and warning follow from what.

#![expect(clippy::unwrap_used, reason = "a share that is none is a slip in the test")]

mod values;

use evidence::goal::{Basis, Direction, Goal, Millionths};
use evidence::interval::Confidence;
use evidence::paired::{PairedTable, score_p};
use evidence::share::{Share, koopman_p, newcombe_p};
use evidence::verdict::{
    Assessment, Attainment, Change, Method, PValue, Pairing, Reason, Verdict, Wave, assess_shares,
};
use evidence::warning::Warning;

use Basis::{AbsoluteChange, Level, Maintain, RelativeChange};
use Direction::{Down, Up};

fn goal(basis: Basis, direction: Direction, threshold: i64) -> Goal {
    Goal { direction, basis, threshold: Millionths(threshold) }
}

fn share(successes: u32, n: u32) -> Wave<Share> {
    Wave::Given(Share::new(successes, n).unwrap())
}

/// Those of the report on absence.
fn shares() -> (Share, Share) {
    (Share::new(13, 43).unwrap(), Share::new(5, 43).unwrap())
}

fn assess(goal: Goal, before: Wave<Share>, after: Wave<Share>, pairing: Pairing) -> Assessment {
    assess_shares(&goal, before, after, &pairing, Confidence::P95)
}

#[test]
fn the_reason_is_the_first_thing_to_mend() {
    let relative = goal(RelativeChange, Down, 500_000);
    let given = share(5, 43);
    let (none, nobody, zero) = (Wave::Missing, share(0, 0), share(0, 43));
    for (before, after, reason) in [
        (none, none, Reason::MissingAfter),
        (none, given, Reason::MissingBefore),
        (Wave::NotApplicable, none, Reason::BaselineNotApplicable),
        (Wave::NotApplicable, given, Reason::BaselineNotApplicable),
        (given, none, Reason::MissingAfter),
        (given, Wave::NotApplicable, Reason::MissingAfter),
        (zero, none, Reason::MissingAfter),
        (nobody, given, Reason::NoData),
        (given, nobody, Reason::NoData),
        (zero, nobody, Reason::NoData),
        (zero, given, Reason::BaselineZero),
    ] {
        let assessment = assess(relative, before, after, Pairing::Independent);
        assert_eq!(assessment.verdict, Verdict::NotAssessable(reason), "{before:?} {after:?}");
        assert_eq!(assessment.attainment, Attainment::NotAssessable);
        assert_eq!(assessment.warnings, []);
    }
}

#[test]
fn from_zero_the_difference_is_told_all_the_same() {
    let from_zero = assess(goal(RelativeChange, Up, 0), share(0, 20), share(2, 20), Pairing::Independent);
    assert_eq!((from_zero.difference, from_zero.relative_change), (Some(0.1), None));
    let absolute =
        assess(goal(AbsoluteChange, Up, 100_000), share(0, 20), share(2, 20), Pairing::Independent);
    assert_eq!((absolute.attainment, absolute.method), (Attainment::Met, Some(Method::Newcombe)));
}

#[test]
fn what_contradicts_itself_is_not_assessed() {
    let table = PairedTable { n11: 3, n10: 10, n01: 2, n00: 28 };
    let reason = |before, after, pairing| {
        [RelativeChange, AbsoluteChange, Level, Maintain]
            .map(|basis| assess(goal(basis, Down, 500_000), before, after, pairing).verdict.reason())
    };
    let contradiction = [Some(Reason::InconsistentInput); 4];
    assert_eq!(reason(share(13, 43), share(5, 43), Pairing::Paired(table)), [None; 4]);
    assert_eq!(reason(share(13, 43), share(6, 43), Pairing::Paired(table)), contradiction);
    assert_eq!(reason(share(14, 43), share(5, 43), Pairing::Paired(table)), contradiction);
    assert_eq!(reason(share(13, 44), share(5, 44), Pairing::Paired(table)), contradiction);
    assert_eq!(reason(share(13, 43), share(5, 42), Pairing::SamePersonsUnknownTable), contradiction);
    let too_many = PairedTable { n11: u32::MAX, n10: u32::MAX, n01: 0, n00: 0 };
    assert_eq!(reason(share(13, 43), share(5, 43), Pairing::Paired(too_many)), contradiction);
}

#[test]
fn the_pairing_chooses_the_method() {
    let table = Pairing::Paired(PairedTable { n11: 3, n10: 10, n01: 2, n00: 28 });
    for (basis, pairing, method) in [
        (RelativeChange, Pairing::Independent, Method::Koopman),
        (RelativeChange, table, Method::NamBlackwelder),
        (RelativeChange, Pairing::SamePersonsUnknownTable, Method::NamBlackwelderEnvelope),
        (AbsoluteChange, Pairing::Independent, Method::Newcombe),
        (AbsoluteChange, table, Method::Tango),
        (Maintain, Pairing::SamePersonsUnknownTable, Method::TangoEnvelope),
        (Level, table, Method::Wilson),
    ] {
        let assessment = assess(goal(basis, Down, 0), share(13, 43), share(5, 43), pairing);
        assert_eq!(assessment.method, Some(method));
    }
}

#[test]
fn a_level_needs_the_share_after_only() {
    let level = goal(Level, Up, 440_000);
    for before in [Wave::Missing, Wave::NotApplicable, share(0, 0)] {
        let alone = assess(level, before, share(37, 84), Pairing::SamePersonsUnknownTable);
        assert_eq!((alone.verdict, alone.attainment), (Verdict::Inconclusive, Attainment::Met));
        assert_eq!((alone.change, alone.difference, alone.relative_change), (None, None, None));
        assert_eq!(alone.warnings, []);
    }
    let risen = assess(level, share(10, 84), share(30, 84), Pairing::Independent);
    assert_eq!((risen.attainment, risen.change), (Attainment::Partly, Some(Change::Improved)));
    assert_eq!(risen.relative_change, Some(2.0));
    let missing = assess(level, share(10, 84), Wave::Missing, Pairing::Independent);
    assert_eq!(missing.verdict.reason(), Some(Reason::MissingAfter));
}

#[test]
fn every_verdict_can_be_reached_either_way() {
    use {Attainment as A, Change as C, Verdict as V};

    for direction in [Up, Down] {
        let mirror = |x| share(if direction == Up { x } else { 1000 - x }, 1000);
        let of = |goal, x0, x1| {
            let assessment = assess(goal, mirror(x0), mirror(x1), Pairing::Independent);
            (assessment.verdict, assessment.attainment, assessment.change.unwrap())
        };
        let absolute = goal(AbsoluteChange, direction, 100_000);
        assert_eq!(of(absolute, 300, 600), (V::Achieved, A::Met, C::Improved));
        assert_eq!(of(absolute, 300, 410), (V::Inconclusive, A::Met, C::Improved));
        assert_eq!(of(absolute, 300, 400), (V::Inconclusive, A::Met, C::Improved));
        assert_eq!(of(absolute, 300, 399), (V::Inconclusive, A::Partly, C::Improved));
        assert_eq!(of(absolute, 300, 310), (V::NotAchieved, A::Partly, C::NoClearChange));
        assert_eq!(of(absolute, 300, 300), (V::NotAchieved, A::NotMet, C::NoClearChange));
        assert_eq!(of(absolute, 300, 200), (V::NotAchieved, A::NotMet, C::Worsened));
        let maintain = goal(Maintain, direction, 100_000);
        assert_eq!(of(maintain, 300, 300), (V::Achieved, A::Met, C::NoClearChange));
        assert_eq!(of(maintain, 300, 400), (V::Achieved, A::Met, C::Improved));
        assert_eq!(of(maintain, 300, 200), (V::Inconclusive, A::Met, C::Worsened));
        assert_eq!(of(maintain, 300, 199), (V::Inconclusive, A::NotMet, C::Worsened));
        assert_eq!(of(maintain, 300, 100), (V::NotAchieved, A::NotMet, C::Worsened));
    }
}

#[test]
fn the_p_value_is_of_the_test_of_the_interval() {
    let p = |basis, pairing| assess(goal(basis, Down, 0), share(13, 43), share(5, 43), pairing).p_value;
    let one = |p| Some(PValue::One(p));
    assert_eq!(p(RelativeChange, Pairing::Independent), koopman_p(shares().0, shares().1).and_then(one));
    assert_eq!(p(AbsoluteChange, Pairing::Independent), newcombe_p(shares().0, shares().1).and_then(one));
    assert_eq!(p(Level, Pairing::Independent), None);
    let table = |n11| PairedTable::with_margins(shares().0, shares().1, n11).unwrap();
    for basis in [RelativeChange, AbsoluteChange] {
        assert_eq!(p(basis, Pairing::Paired(table(3))), one(score_p(&table(3))));
        let range = PValue::Range { lowest: score_p(&table(5)), highest: score_p(&table(0)) };
        assert_eq!(p(basis, Pairing::SamePersonsUnknownTable), Some(range));
    }
}

#[test]
fn few_people_are_warned_of_where_the_verdict_rests_on_them() {
    let warnings = |basis, n0, n1| {
        assess(goal(basis, Up, 100_000), share(5, n0), share(6, n1), Pairing::Independent).warnings
    };
    assert_eq!(warnings(AbsoluteChange, 20, 20), []);
    assert_eq!(warnings(AbsoluteChange, 19, 20), [Warning::SmallN]);
    assert_eq!(warnings(RelativeChange, 20, 19), [Warning::SmallN]);
    assert_eq!(warnings(Level, 19, 20), []);
    assert_eq!(warnings(Level, 20, 19), [Warning::SmallN]);
}

#[test]
fn a_verdict_that_holds_for_every_table_names_them_all() {
    let maintain = goal(Maintain, Up, 500_000);
    let assessment = assess(maintain, share(20, 100), share(90, 100), Pairing::SamePersonsUnknownTable);
    assert_eq!(assessment.verdict, Verdict::Achieved);
    assert_eq!(assessment.warnings, [Warning::PairingUnknown { settled_by: Some((10, 20)) }]);
}
