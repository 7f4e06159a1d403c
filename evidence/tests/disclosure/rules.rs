//! The rules for one figure at a time, against their words.

use std::cell::Cell;

use evidence::disclosure::{Figure, Rule, Threshold};
use evidence::goal::{Basis, Direction, Goal, Millionths};
use evidence::interval::Confidence;
use evidence::share::Share;
use evidence::verdict::{Pairing, Wave, assess_shares};

fn share(successes: u32, n: u32) -> Share {
    Share::new(successes, n).unwrap()
}

fn rule(k: u32, sensitive: bool) -> Rule {
    Rule { threshold: Threshold::new(k).unwrap(), sensitive }
}

#[test]
fn a_threshold_is_five_and_never_under_three() {
    assert_eq!(Threshold::default().k(), 5);
    for k in [0, 1, 2, 1_001, u32::MAX] {
        assert_eq!(Threshold::new(k), None);
    }
    assert_eq!(Threshold::new(3).map(Threshold::k), Some(3));
    assert_eq!(Threshold::new(1_000).map(Threshold::k), Some(1_000));
}

#[test]
fn few_and_all_but_few_are_hidden() {
    for k in [3, 5, 8] {
        for (n, x) in (0..=20).flat_map(|n| (0..=n).map(move |x| (n, x))) {
            let few = |count| (1..k).contains(&count);
            let is_hidden = few(x) || few(n - x) || few(n);
            assert_eq!(rule(k, false).hides_share(share(x, n)), is_hidden, "{x} of {n} for {k}");
            let is_hidden = is_hidden || x == n && n > 0;
            assert_eq!(rule(k, true).hides_share(share(x, n)), is_hidden, "{x} of {n} for {k}");
            assert_eq!(rule(k, true).hides_count(x), few(x));
        }
    }
    assert!(!Rule::default().hides_share(share(5, u32::MAX)));
    assert!(Rule::default().hides_share(share(u32::MAX - 4, u32::MAX)));
}

#[test]
fn a_revision_by_few_is_hidden_also_after_another() {
    let rule = Rule::default();
    assert!(!rule.hides_revised_count(&[], 20));
    assert!(!rule.hides_revised_count(&[20, 20], 20));
    assert!(rule.hides_revised_count(&[16], 20) && rule.hides_revised_count(&[24], 20));
    assert!(!rule.hides_revised_count(&[15, 25, 0, u32::MAX], 20));
    // 18 was hidden after 16; what was released is still known.
    assert!(rule.hides_revised_count(&[16, 40], 19));
    assert!(rule.hides_revised_count(&[], 4));
}

#[test]
fn a_revised_share_is_hidden_by_each_of_its_parts() {
    let rule = Rule::default();
    let now = share(20, 50);
    assert!(!rule.hides_revised_share(&[now], now));
    assert!(!rule.hides_revised_share(&[share(10, 60), share(25, 60), share(20, 60)], now));
    assert!(rule.hides_revised_share(&[share(18, 60)], now), "successes");
    assert!(rule.hides_revised_share(&[share(30, 62)], now), "the others");
    assert!(rule.hides_revised_share(&[share(12, 48)], now), "all");
    assert!(rule.hides_revised_share(&[], share(46, 50)));
}

#[test]
fn figures_need_enough_people_behind_them() {
    let rule = Rule::default();
    for n in 0..=9 {
        assert_eq!(rule.hides_figure(Figure::OfAll, n), n < 5);
    }
    for behind in 0..=9 {
        for figure in [Figure::Extreme { sharing: behind }, Figure::Quantile { beyond: behind }] {
            assert_eq!(rule.hides_figure(figure, 10_000), behind < 5);
            assert!(rule.hides_figure(figure, 4));
        }
    }
}

#[test]
fn words_may_stay_where_enough_counts_fit() {
    for k in [3, 5, 8] {
        for (n, x) in (0..=20).flat_map(|n| (0..=n).map(move |x| (n, x))) {
            for every in 1..=4 {
                let fits = |count: u32| count.abs_diff(x).is_multiple_of(every);
                let enough = (0..=n).filter(|count| fits(*count)).count() >= usize::try_from(k).unwrap();
                assert_eq!(rule(k, false).leaves_enough(share(x, n), fits), enough, "{x} of {n} for {k}");
            }
        }
    }
    assert!(!Rule::default().leaves_enough(share(3, 100), |count| count != 3));
}

#[test]
fn few_words_are_tried() {
    for (fitting, most) in [(u32::MAX, 5), (0, 1_001)] {
        let tried = Cell::new(0);
        let shown_for = |count: u32| {
            tried.set(tried.get() + 1);
            count.abs_diff(2_000_000_000) <= fitting
        };
        let leaves_enough = Rule::default().leaves_enough(share(2_000_000_000, u32::MAX), shown_for);
        assert_eq!(leaves_enough, fitting > 0);
        assert_eq!(tried.get(), most);
    }
}

/// From 13 of 43 to 4 of 43 is down by at least half, as it would be with 0 to 6: the success may be told, and of how
/// many not.
#[test]
fn a_success_does_not_vanish_because_it_left_few_behind() {
    let goal =
        Goal { direction: Direction::Down, basis: Basis::RelativeChange, threshold: Millionths(500_000) };
    let told = |x0: u32, x1: u32| {
        let (before, after) = (Wave::Given(share(x0, 43)), Wave::Given(share(x1, 43)));
        assess_shares(&goal, before, after, &Pairing::Independent, Confidence::P95).attainment
    };
    let rule = Rule::default();
    let leaves_enough = |x0, x1| rule.leaves_enough(share(x1, 43), |count| told(x0, count) == told(x0, x1));
    assert!(leaves_enough(13, 4));
    // From 6, down by half leaves only 0 to 3.
    assert!(!leaves_enough(6, 2));
}
