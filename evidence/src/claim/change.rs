//! Printed changes, and the counts that printed percentages can only be.

use std::ops::RangeInclusive;

use super::ClaimLabel;
use super::printed::Printed;
use crate::exact::{Ratio, decimal, rounded};
use crate::share::Share;

/// How many of `n` people make the printed percentage, by exact rounding, half away from zero, to as many places as it
/// has. Empty where none do, or where the text is no decimal.
pub fn reconstruct_count(percent: &str, n: u32) -> RangeInclusive<u32> {
    Printed::parse(percent).and_then(|percent| percent.counts(n)).unwrap_or(NO_COUNTS)
}

#[expect(clippy::reversed_empty_ranges, reason = "it is to be empty")]
const NO_COUNTS: RangeInclusive<u32> = 1..=0;

/// A printed relative change in per cent, with the percentages that were printed beside it. Each is a decimal with a
/// point, at most six places and at most twelve digits; a fall is negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangeClaim<'a> {
    pub before: &'a str,
    pub after: &'a str,
    /// Of how many people the percentages are, where that is known.
    pub n0: Option<u32>,
    pub n1: Option<u32>,
    pub printed: &'a str,
}

/// A printed change beside what is computed for it, with as many places as it was printed with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedChange {
    /// From the percentages as printed; none where the one before is zero.
    pub from_rounded: Option<String>,
    /// From the counts; none where not exactly one count fits each percentage, or the one before is zero.
    pub from_counts: Option<String>,
    pub label: ClaimLabel,
    /// The counts that fit the percentage before.
    pub counts_before: RangeInclusive<u32>,
    /// The counts that fit the percentage after.
    pub counts_after: RangeInclusive<u32>,
}

/// A printed change against the percentages beside it and the counts that they can only be.
///
/// Where several counts fit a percentage, it is consistent if some of them give the printed change and the rounded
/// percentages do not: no fault can be proved.
pub fn check_change(claim: &ChangeClaim<'_>) -> CheckedChange {
    let unchecked = CheckedChange {
        from_rounded: None,
        from_counts: None,
        label: ClaimLabel::NotCheckable,
        counts_before: NO_COUNTS,
        counts_after: NO_COUNTS,
    };
    let (Some(before), Some(after), Some(printed)) =
        (Printed::parse(claim.before), Printed::parse(claim.after), Printed::parse(claim.printed))
    else {
        return unchecked;
    };
    if before.units < 0 || after.units < 0 {
        return unchecked;
    }
    let counts = |percent: Printed, n: Option<u32>| n.and_then(|n| percent.counts(n)).unwrap_or(NO_COUNTS);
    let (counts_before, counts_after) = (counts(before, claim.n0), counts(after, claim.n1));
    let rounded = Percentages { before: before.ratio(), after: after.ratio() };
    let exact = only(&counts_before, claim.n0)
        .zip(only(&counts_after, claim.n1))
        .and_then(|(before, after)| Percentages::of_shares(before, after));
    let mut label = label_of(printed, rounded, exact);
    if exact.is_none()
        && label != ClaimLabel::ConsistentWithRounded
        && !before.ratio().is_zero()
        && let (Some(n0), Some(n1)) = (claim.n0, claim.n1)
        && some_counts_give(printed, (&counts_before, n0), (&counts_after, n1))
    {
        label = ClaimLabel::Consistent;
    }
    CheckedChange {
        from_rounded: rounded.relative_change(printed.places),
        from_counts: exact.and_then(|exact| exact.relative_change(printed.places)),
        label,
        counts_before,
        counts_after,
    }
}

/// A printed change against the two shares it is about: what it should have been, with as many places, and the label.
///
/// The percentages as printed beside it tell whether it was computed from those. Where they are not given, or are no
/// decimals, the shares are rounded to as many places as the change has.
pub fn check_change_of_shares(
    before: Share,
    after: Share,
    printed_before: Option<&str>,
    printed_after: Option<&str>,
    printed: &str,
) -> (Option<String>, ClaimLabel) {
    let (Some(printed), Some(exact)) = (Printed::parse(printed), Percentages::of_shares(before, after))
    else {
        return (None, ClaimLabel::NotCheckable);
    };
    let rounded = |text: Option<&str>, exact: Ratio| {
        let units = || Printed { units: exact.rounded(printed.places), places: printed.places };
        text.and_then(Printed::parse).unwrap_or_else(units).ratio()
    };
    let rounded = Percentages {
        before: rounded(printed_before, exact.before),
        after: rounded(printed_after, exact.after),
    };
    (exact.relative_change(printed.places), label_of(printed, rounded, Some(exact)))
}

/// Two percentages, or two other numbers that change.
#[derive(Clone, Copy)]
pub struct Percentages {
    pub before: Ratio,
    pub after: Ratio,
}

impl Percentages {
    fn of_shares(before: Share, after: Share) -> Option<Self> {
        let percentage = |share| Ratio::of_share(share).map(Ratio::times_hundred);
        Some(Self { before: percentage(before)?, after: percentage(after)? })
    }

    /// (after − before) / before in units of the last place; none from a value of zero.
    fn relative(self, places: u32) -> Option<i128> {
        Some(self.after.relative_to(self.before)?.times_hundred().rounded(places))
    }

    pub fn relative_change(self, places: u32) -> Option<String> {
        Some(decimal(self.relative(places)?, places))
    }

    /// (after − before) / after, the slip; none to a value of zero.
    fn relative_to_after(self, places: u32) -> Option<i128> {
        Some(-self.before.relative_to(self.after)?.times_hundred().rounded(places))
    }

    fn difference(self, places: u32) -> i128 {
        self.after.minus(self.before).rounded(places)
    }
}

/// The only count that fits, as a share.
fn only(counts: &RangeInclusive<u32>, n: Option<u32>) -> Option<Share> {
    if counts.start() == counts.end() { Share::new(*counts.start(), n?) } else { None }
}

pub fn label_of(printed: Printed, rounded: Percentages, exact: Option<Percentages>) -> ClaimLabel {
    let Printed { units, places } = printed;
    let either = |fits: &dyn Fn(Percentages) -> bool| exact.is_some_and(fits) || fits(rounded);
    if exact.and_then(|exact| exact.relative(places)) == Some(units) {
        ClaimLabel::Consistent
    } else if rounded.relative(places) == Some(units) {
        ClaimLabel::ConsistentWithRounded
    } else if !either(&|percentages| percentages.relative(places).is_some()) {
        let fits = either(&|percentages| percentages.difference(places) == units);
        if fits { ClaimLabel::PercentagePoints } else { ClaimLabel::BaselineZero }
    } else if either(&|percentages| percentages.relative_to_after(places) == Some(units)) {
        ClaimLabel::DenominatorAfter
    } else if either(&|percentages| percentages.difference(places) == units) {
        ClaimLabel::PercentagePoints
    } else if either(&|percentages| percentages.relative(places) == Some(-units)) {
        ClaimLabel::SignFlipped
    } else {
        ClaimLabel::Inconsistent
    }
}

/// How many counts before are tried at most. More than that fit only among more than ten million people, whose counts
/// lie so close that some in even steps do for all.
const MOST_TRIED: u32 = 100_000;

/// Whether some counts that fit the percentages give the printed change.
fn some_counts_give(
    printed: Printed,
    (counts_before, n0): (&RangeInclusive<u32>, u32),
    (counts_after, n1): (&RangeInclusive<u32>, u32),
) -> bool {
    if counts_before.is_empty() || counts_after.is_empty() {
        return false;
    }
    let step = (counts_before.end() - counts_before.start()) / MOST_TRIED + 1;
    let hundred = 100 * 10_i128.pow(printed.places);
    counts_before.clone().step_by(usize::try_from(step).unwrap_or(usize::MAX)).any(|before| {
        // The count after that comes nearest to the printed change.
        let nearest = rounded(
            i128::from(before) * i128::from(n1) * (hundred + printed.units),
            hundred * i128::from(n0),
        );
        let nearest = u32::try_from(nearest.max(0)).unwrap_or(u32::MAX);
        let after = nearest.clamp(*counts_after.start(), *counts_after.end());
        let change = || {
            Percentages::of_shares(Share::new(before, n0)?, Share::new(after, n1)?)?.relative(printed.places)
        };
        change() == Some(printed.units)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(successes: u32, n: u32) -> Share {
        Share::new(successes, n).unwrap()
    }

    fn claim<'a>(before: &'a str, after: &'a str, n: Option<u32>, printed: &'a str) -> CheckedChange {
        check_change(&ChangeClaim { before, after, n0: n, n1: n, printed })
    }

    #[test]
    fn counts_are_those_that_round_to_the_text() {
        for n in 0..=60 {
            for places in 0..=2 {
                for count in 0..=n {
                    let Some(percent) = Ratio::of_share(share(count, n)) else { continue };
                    let text = |count| {
                        Ratio::of_share(share(count, n))
                            .map(|ratio| decimal(ratio.times_hundred().rounded(places), places))
                    };
                    let printed = decimal(percent.times_hundred().rounded(places), places);
                    let fitting: Vec<u32> =
                        (0..=n).filter(|other| text(*other).as_ref() == Some(&printed)).collect();
                    assert_eq!(reconstruct_count(&printed, n).collect::<Vec<_>>(), fitting);
                }
            }
        }
    }

    #[test]
    fn what_is_no_percentage_has_no_counts() {
        for text in
            ["", "-", ".", "5.", ".5", "1,5", "1e3", "+5", "-5", "101", "٣", "12.3456789", "1234567890123"]
        {
            assert!(reconstruct_count(text, 43).is_empty(), "{text}");
        }
        assert!(reconstruct_count("50", 0).is_empty());
        assert_eq!(reconstruct_count("100", 43), 43..=43);
        assert_eq!(reconstruct_count("0", 200), 0..=0);
    }

    #[test]
    fn the_report_is_checked_against_its_counts() {
        let check = |before, after, printed| check_change_of_shares(before, after, None, None, printed);
        let (absence, less) = (share(13, 43), share(5, 43));
        assert_eq!(
            check(absence, less, "-61.6"),
            (Some("-61.5".to_owned()), ClaimLabel::ConsistentWithRounded)
        );
        assert_eq!(check(absence, less, "\u{2212}61.5").1, ClaimLabel::Consistent);
        assert_eq!(check(absence, less, "61.5").1, ClaimLabel::SignFlipped);
        assert_eq!(check(absence, less, "-18.6").1, ClaimLabel::PercentagePoints);
        assert_eq!(check(absence, less, "-40").1, ClaimLabel::Inconsistent);
        let (friends, more) = (share(14, 43), share(26, 43));
        assert_eq!(check(friends, more, "46.1"), (Some("85.7".to_owned()), ClaimLabel::DenominatorAfter));
        let rounded = check_change_of_shares(friends, more, Some("33"), Some("60"), "82");
        assert_eq!(rounded, (Some("86".to_owned()), ClaimLabel::ConsistentWithRounded));
    }

    #[test]
    fn there_is_no_relative_change_from_zero() {
        let from_zero = |printed| check_change_of_shares(share(0, 20), share(2, 20), None, None, printed);
        assert_eq!(from_zero("10"), (None, ClaimLabel::PercentagePoints));
        assert_eq!(from_zero("100"), (None, ClaimLabel::BaselineZero));
        assert_eq!(claim("0", "10", Some(20), "10.0").label, ClaimLabel::PercentagePoints);
        let checked = claim("0", "10", None, "200");
        assert_eq!((checked.label, checked.from_rounded), (ClaimLabel::BaselineZero, None));
    }

    #[test]
    fn what_cannot_be_read_is_not_checked() {
        assert_eq!(claim("30,2", "11.6", Some(43), "-61.6").label, ClaimLabel::NotCheckable);
        assert_eq!(claim("30.2", "11.6", Some(43), "-61.6%").label, ClaimLabel::NotCheckable);
        assert_eq!(claim("-30.2", "11.6", Some(43), "-61.6").label, ClaimLabel::NotCheckable);
        let nobody = check_change_of_shares(share(0, 0), share(1, 2), None, None, "5");
        assert_eq!(nobody, (None, ClaimLabel::NotCheckable));
    }

    #[test]
    fn where_several_counts_fit_no_fault_can_be_proved() {
        // 5 or 6 of 2,000 and 1 or 2 of 2,000: 5 to 2 is a fall of 60%, and the percentages give 66.7%.
        let checked = claim("0.3", "0.1", Some(2000), "-60.0");
        assert_eq!((checked.counts_before, checked.counts_after), (5..=6, 1..=2));
        assert_eq!((checked.label, checked.from_counts), (ClaimLabel::Consistent, None));
        assert_eq!(claim("0.3", "0.1", Some(2000), "-66.7").label, ClaimLabel::ConsistentWithRounded);
        assert_eq!(claim("0.3", "0.1", Some(2000), "-61.0").label, ClaimLabel::Inconsistent);
        assert_eq!(claim("50", "49", Some(u32::MAX), "-3").label, ClaimLabel::Consistent);
    }

    #[test]
    fn an_unchanged_share_changes_by_zero_without_a_sign() {
        let checked = claim("30.2", "30.2", Some(43), "0.0");
        assert_eq!((checked.from_counts.as_deref(), checked.label), (Some("0.0"), ClaimLabel::Consistent));
        let (computed, label) = check_change_of_shares(share(3000, 9000), share(2999, 9000), None, None, "0");
        assert_eq!((computed.as_deref(), label), (Some("0"), ClaimLabel::Consistent));
    }
}
