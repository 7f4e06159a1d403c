//! What is claimed of all tables that fit two shares, checked against every one of them where they are few.

#![expect(clippy::unwrap_used, reason = "what is missing where it must be has failed")]

use evidence::goal::{Basis, Direction, Goal, Millionths};
use evidence::interval::{Confidence, Interval};
use evidence::paired::{
    McNemar, PairedTable, both_times, envelope, margin_bounds, mcnemar, nam_blackwelder, tango,
};
use evidence::share::Share;
use evidence::verdict::{Pairing, Verdict, Wave, assess_shares};
use evidence::warning::Warning;

/// Two numbers from bisections of different functions with the same end.
const NOISE: f64 = 1e-9;

fn pairs_of_shares(most: u32) -> impl Iterator<Item = (Share, Share)> {
    (1..=most).flat_map(|n| {
        (0..=n).flat_map(move |x0| {
            (0..=n).map(move |x1| (Share::new(x0, n).unwrap(), Share::new(x1, n).unwrap()))
        })
    })
}

fn tables(before: Share, after: Share) -> Vec<PairedTable> {
    let n11 = both_times(before, after).unwrap();
    n11.map(|n11| PairedTable::with_margins(before, after, n11).unwrap()).collect()
}

fn contains(outer: Interval, inner: Interval) -> bool {
    let above = match (outer.high, inner.high) {
        (None, _) => true,
        (Some(outer), Some(inner)) => inner <= outer + NOISE * outer.abs().max(1.0),
        (Some(_), None) => false,
    };
    outer.low <= inner.low + NOISE && above
}

#[test]
fn the_tables_are_all_that_fit() {
    for (before, after) in pairs_of_shares(8) {
        let tables = tables(before, after);
        for table in &tables {
            assert_eq!((table.before(), table.after()), (Some(before), Some(after)));
        }
        let n = before.n();
        let cells = || (0..=n).flat_map(|n11| (0..=n).map(move |n10| (n11, n10)));
        let fitting = cells().filter(|(n11, n10)| {
            n11 + n10 == before.successes()
                && after.successes().checked_sub(*n11).is_some_and(|n01| n11 + n10 + n01 <= n)
        });
        assert_eq!(tables.len(), fitting.count());
    }
}

/// The most changes give the widest interval, and each change less a narrower one inside it: so the envelope is that of
/// one table, and what settles a verdict can be searched by halving.
#[test]
fn intervals_narrow_as_fewer_change() {
    for level in [0.5, 0.8, 0.95, 0.999] {
        let confidence = Confidence::new(level).unwrap();
        for (before, after) in pairs_of_shares(14) {
            let envelope = envelope(before, after, confidence).unwrap();
            let mut last = (envelope.difference, envelope.ratio);
            for table in tables(before, after) {
                let difference = tango(&table, confidence).unwrap();
                assert!(contains(last.0, difference), "{table:?} at {level}: {difference:?} in {:?}", last.0);
                let ratio = nam_blackwelder(&table, confidence);
                if let (Some(outer), Some(inner)) = (last.1, ratio) {
                    assert!(contains(outer, inner), "{table:?} at {level}: {inner:?} in {outer:?}");
                }
                last = (difference, ratio);
            }
        }
    }
}

#[test]
fn the_bounds_of_the_p_values_are_those_of_all_tables() {
    for (before, after) in pairs_of_shares(14) {
        let p: Vec<McNemar> = tables(before, after).iter().map(mcnemar).collect();
        let least = |of: fn(&McNemar) -> f64| p.iter().map(of).fold(f64::INFINITY, f64::min);
        let most = |of: fn(&McNemar) -> f64| p.iter().map(of).fold(f64::NEG_INFINITY, f64::max);
        let bounds = margin_bounds(before, after).unwrap();
        let close = |one: f64, other: f64| (one - other).abs() < NOISE;
        assert!(close(bounds.lowest.exact, least(|p| p.exact)), "{before:?} {after:?}");
        assert!(close(bounds.highest.exact, most(|p| p.exact)), "{before:?} {after:?}");
        assert!(close(bounds.lowest.mid_p, least(|p| p.mid_p)), "{before:?} {after:?}");
        assert!(close(bounds.highest.mid_p, most(|p| p.mid_p)), "{before:?} {after:?}");
    }
}

fn settled_by_trying_all(goal: &Goal, before: Share, after: Share) -> Vec<u32> {
    let settles = |table: &PairedTable| {
        let pairing = Pairing::Paired(*table);
        let verdict =
            assess_shares(goal, Wave::Given(before), Wave::Given(after), &pairing, Confidence::P95).verdict;
        matches!(verdict, Verdict::Achieved | Verdict::NotAchieved)
    };
    tables(before, after).iter().filter(|table| settles(table)).map(|table| table.n11).collect()
}

fn assert_settled_as_by_trying_all(goal: &Goal, before: Share, after: Share) {
    let pairing = Pairing::SamePersonsUnknownTable;
    let assessment = assess_shares(goal, Wave::Given(before), Wave::Given(after), &pairing, Confidence::P95);
    if assessment.verdict.reason().is_some() {
        return;
    }
    let settled = settled_by_trying_all(goal, before, after);
    let range = settled.first().copied().zip(settled.last().copied());
    if let Some((first, last)) = range {
        assert_eq!(settled, (first..=last).collect::<Vec<_>>(), "{goal:?} {before:?} {after:?}");
    }
    let expected = Warning::PairingUnknown { settled_by: range };
    assert!(assessment.warnings.contains(&expected), "{goal:?} {before:?} {after:?}: {expected:?}");
}

#[test]
fn what_settles_a_verdict_is_found_as_by_trying_all() {
    let thresholds = [0, 100_000, 300_000, 1_000_000];
    for (before, after) in pairs_of_shares(5).chain(pairs_of_shares(43).step_by(461)) {
        for threshold in thresholds.map(Millionths) {
            for basis in [Basis::RelativeChange, Basis::AbsoluteChange, Basis::Maintain] {
                for direction in [Direction::Up, Direction::Down] {
                    assert_settled_as_by_trying_all(&Goal { direction, basis, threshold }, before, after);
                }
            }
        }
    }
}

#[test]
fn the_report_is_settled_by_no_table_or_by_two() {
    let share = |successes| Share::new(successes, 43).unwrap();
    let goal = |direction, threshold| Goal {
        direction,
        basis: Basis::RelativeChange,
        threshold: Millionths(threshold),
    };
    let cases = [
        (goal(Direction::Down, 500_000), share(13), share(5), None, "[0.143; 1.036]"),
        (goal(Direction::Up, 300_000), share(14), share(26), Some((13, 14)), "[0.980; 3.518]"),
    ];
    for (goal, before, after, settled_by, ratio) in cases {
        assert_settled_as_by_trying_all(&goal, before, after);
        let assessment = assess_shares(
            &goal,
            Wave::Given(before),
            Wave::Given(after),
            &Pairing::SamePersonsUnknownTable,
            Confidence::P95,
        );
        assert_eq!(assessment.verdict, Verdict::Inconclusive);
        assert_eq!(assessment.warnings, [Warning::PairingUnknown { settled_by }]);
        let Interval { low, high } = assessment.interval.unwrap();
        assert_eq!(format!("[{:.3}; {:.3}]", low + 1.0, high.unwrap() + 1.0), ratio);
    }
}
