//! Printed sums, differences, shares and changes of other figures.

use super::ClaimLabel;
use super::change::{Percentages, label_of};
use super::printed::Printed;
use crate::exact::{Ratio, decimal, rounded};
use crate::goal::Millionths;

const MILLION: i128 = 1_000_000;

/// A figure that another is computed from, with the places it is written with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    millionths: i128,
    /// The unit of its last place, in millionths.
    unit: i128,
}

impl Term {
    /// A decimal as it is printed: with a point, at most six places and at most twelve digits.
    pub fn parse(text: &str) -> Option<Self> {
        Printed::parse(text).map(Self::of_printed)
    }

    /// A stored figure, with as many places as it takes to write it.
    pub fn of(value: Millionths) -> Self {
        let millionths = i128::from(value.0);
        let mut unit = 1;
        while unit < MILLION && millionths % (10 * unit) == 0 {
            unit *= 10;
        }
        Self { millionths, unit }
    }

    const fn of_printed(printed: Printed) -> Self {
        let unit = MILLION / 10_i128.pow(printed.places);
        Self { millionths: printed.units * unit, unit }
    }

    const fn ratio(self) -> Ratio {
        Ratio::of_decimal(self.millionths, 6)
    }

    /// Twice the smallest and twice the largest number, in millionths, between which all lie that are rounded to it. No
    /// figure that is not negative was rounded from one that is.
    fn doubled(self) -> (i128, i128) {
        let low = 2 * self.millionths - self.unit;
        (if self.millionths < 0 { low } else { low.max(0) }, 2 * self.millionths + self.unit)
    }
}

/// What the figures are that a claim is computed from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// Each is what it says, as counts are.
    Exact,
    /// Each was rounded to its last place, half away from zero, as percentages and means are.
    Rounded,
}

/// A printed sum against its parts: what they add up to, with as many places as it is printed with, and the label.
///
/// Exact parts add up to it or not. Rounded parts explain a sum that differs from theirs by less than half a unit of the
/// last place of each part and of the sum itself: then it is `CONSISTENT_WITH_ROUNDED`, as 19 + 13 + 54 printed as 85.
/// Without parts, and where the text is no decimal, it is `NOT_CHECKABLE`.
pub fn check_sum(parts: &[Term], precision: Precision, printed: &str) -> (Option<String>, ClaimLabel) {
    let Some(printed) = Printed::parse(printed).filter(|_| !parts.is_empty()) else {
        return NOT_CHECKABLE;
    };
    let sum = parts.iter().map(|part| part.millionths).sum();
    let computed = Ratio::of_decimal(sum, 6).rounded(printed.places);
    let label = if computed == printed.units {
        ClaimLabel::Consistent
    } else if precision == Precision::Rounded && is_explained(parts, sum, printed) {
        ClaimLabel::ConsistentWithRounded
    } else {
        ClaimLabel::Inconsistent
    };
    (Some(decimal(computed, printed.places)), label)
}

/// A printed difference, after − before, labelled like a sum; and `SIGN_FLIPPED` where it is before − after.
pub fn check_difference(
    before: Term,
    after: Term,
    precision: Precision,
    printed: &str,
) -> (Option<String>, ClaimLabel) {
    let negative = Term { millionths: -before.millionths, ..before };
    let (computed, label) = check_sum(&[after, negative], precision, printed);
    let flipped = |printed: Printed| {
        Ratio::of_decimal(before.millionths - after.millionths, 6).rounded(printed.places) == printed.units
    };
    match label {
        ClaimLabel::Inconsistent if Printed::parse(printed).is_some_and(flipped) => {
            (computed, ClaimLabel::SignFlipped)
        }
        label => (computed, label),
    }
}

/// A printed percentage against the part and the whole that it is of: 100·part/whole, rounded half away from zero to as
/// many places as it is printed with.
///
/// Of rounded figures it is `CONSISTENT_WITH_ROUNDED` where it is what they give, and `UNDECIDABLE_FROM_ROUNDED` where
/// some figures that round to them give it. The share of the others, 100 less, is `COMPLEMENT`. Where the part is negative
/// or more than the whole, and without a whole, it is `NOT_CHECKABLE`.
pub fn check_share(
    part: Term,
    whole: Term,
    precision: Precision,
    printed: &str,
) -> (Option<String>, ClaimLabel) {
    let is_share = whole.millionths > 0 && (0..=whole.millionths).contains(&part.millionths);
    let Some(printed) = Printed::parse(printed).filter(|_| is_share) else {
        return NOT_CHECKABLE;
    };
    let percentage = |of| rounded(100 * of * 10_i128.pow(printed.places), whole.millionths);
    let computed = percentage(part.millionths);
    let label = match precision {
        Precision::Exact if computed == printed.units => ClaimLabel::Consistent,
        Precision::Rounded if computed == printed.units => ClaimLabel::ConsistentWithRounded,
        Precision::Rounded if some_give(part, whole, Term::of_printed(printed)) => {
            ClaimLabel::UndecidableFromRounded
        }
        _ if percentage(whole.millionths - part.millionths) == printed.units => ClaimLabel::Complement,
        _ => ClaimLabel::Inconsistent,
    };
    (Some(decimal(computed, printed.places)), label)
}

/// A printed relative change in per cent, 100·(after − before)/before, a fall being negative, against the two figures.
///
/// Of rounded figures it is `CONSISTENT_WITH_ROUNDED` where it is what they give, and `UNDECIDABLE_FROM_ROUNDED` where
/// some figures that round to them give it; the slips come after that. Where a figure is negative it is `NOT_CHECKABLE`.
pub fn check_relative_change(
    before: Term,
    after: Term,
    precision: Precision,
    printed: &str,
) -> (Option<String>, ClaimLabel) {
    let are_amounts = before.millionths >= 0 && after.millionths >= 0;
    let Some(printed) = Printed::parse(printed).filter(|_| are_amounts) else {
        return NOT_CHECKABLE;
    };
    let figures = Percentages { before: before.ratio(), after: after.ratio() };
    let exact = (precision == Precision::Exact).then_some(figures);
    let mut label = label_of(printed, figures, exact);
    if exact.is_none() && label != ClaimLabel::ConsistentWithRounded && before.millionths > 0 {
        // A change of −60% is 40% of the figure before.
        let change = Term::of_printed(printed);
        let remains = Term { millionths: change.millionths + 100 * MILLION, ..change };
        if some_give(after, before, remains) {
            label = ClaimLabel::UndecidableFromRounded;
        }
    }
    (figures.relative_change(printed.places), label)
}

const NOT_CHECKABLE: (Option<String>, ClaimLabel) = (None, ClaimLabel::NotCheckable);

fn is_explained(parts: &[Term], sum: i128, printed: Printed) -> bool {
    let printed = Term::of_printed(printed);
    let leeway: i128 = parts.iter().map(|part| part.unit).sum();
    2 * (printed.millionths - sum).abs() < leeway + printed.unit
}

/// Whether some figures that round to these give a percentage that rounds to the printed one. None is negative.
fn some_give(part: Term, whole: Term, percentage: Term) -> bool {
    let ((part_low, part_high), (whole_low, whole_high)) = (part.doubled(), whole.doubled());
    let (low, high) =
        (2 * percentage.millionths - percentage.unit, 2 * percentage.millionths + percentage.unit);
    let scale = 200 * MILLION;
    scale * part_low < high * whole_high && (whole_low == 0 || low * whole_low < scale * part_high)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(texts: &[&str]) -> Vec<Term> {
        texts.iter().map(|text| Term::parse(text).unwrap()).collect()
    }

    fn told(checked: (Option<String>, ClaimLabel)) -> (String, ClaimLabel) {
        (checked.0.unwrap(), checked.1)
    }

    #[test]
    fn a_sum_of_rounded_parts_need_not_be_theirs() {
        let parts = terms(&["19", "13", "54"]);
        let sum = |precision, printed| told(check_sum(&parts, precision, printed));
        assert_eq!(sum(Precision::Rounded, "86"), ("86".to_owned(), ClaimLabel::Consistent));
        assert_eq!(sum(Precision::Rounded, "85"), ("86".to_owned(), ClaimLabel::ConsistentWithRounded));
        assert_eq!(sum(Precision::Rounded, "87").1, ClaimLabel::ConsistentWithRounded);
        assert_eq!(sum(Precision::Exact, "85").1, ClaimLabel::Inconsistent);
        // Four halves are the most that three parts and their sum are rounded by, and are never reached.
        assert_eq!(sum(Precision::Rounded, "84").1, ClaimLabel::Inconsistent);
        assert_eq!(sum(Precision::Rounded, "85.0"), ("86.0".to_owned(), ClaimLabel::ConsistentWithRounded));
    }

    #[test]
    fn rounding_explains_just_the_sums_that_numbers_can_have() {
        // Tenths that are rounded to whole numbers, two of them and their sum.
        let text = |tenths: i128| decimal(rounded(tenths, 10), 0);
        let mut possible = std::collections::BTreeSet::new();
        for one in -30..=30 {
            for other in -30..=30 {
                possible.insert((text(one), text(other), text(one + other)));
            }
        }
        for (one, other) in (-2..=2).flat_map(|one| (-2..=2).map(move |other| (one, other))) {
            for sum in -6..=6 {
                let texts = (decimal(one, 0), decimal(other, 0), decimal(sum, 0));
                let label = check_sum(&terms(&[&texts.0, &texts.1]), Precision::Rounded, &texts.2).1;
                assert_eq!(possible.contains(&texts), label.agrees() == Some(true), "{texts:?}");
            }
        }
    }

    #[test]
    fn a_difference_has_a_direction() {
        let [before, after] = [Term::of(Millionths(30_200_000)), Term::of(Millionths(11_600_000))];
        let difference = |precision, printed| check_difference(before, after, precision, printed);
        let told = difference(Precision::Exact, "-18.6");
        assert_eq!(told, (Some("-18.6".to_owned()), ClaimLabel::Consistent));
        assert_eq!(difference(Precision::Exact, "18.6").1, ClaimLabel::SignFlipped);
        assert_eq!(difference(Precision::Rounded, "-18.7").1, ClaimLabel::ConsistentWithRounded);
        assert_eq!(difference(Precision::Exact, "-18.7").1, ClaimLabel::Inconsistent);
    }

    #[test]
    fn a_share_is_told_from_that_of_the_others() {
        let [joined, all] = terms(&["37", "84"])[..] else { unreachable!() };
        let share = |printed| told(check_share(joined, all, Precision::Exact, printed));
        assert_eq!(share("44"), ("44".to_owned(), ClaimLabel::Consistent));
        assert_eq!(share("56"), ("44".to_owned(), ClaimLabel::Complement));
        assert_eq!(share("44.1"), ("44.0".to_owned(), ClaimLabel::Inconsistent));
        let one_of_eight = |printed| {
            told(check_share(Term::of(Millionths(1)), Term::of(Millionths(8)), Precision::Exact, printed))
        };
        assert_eq!(one_of_eight("13"), ("13".to_owned(), ClaimLabel::Consistent), "half away from zero");
    }

    #[test]
    fn a_share_of_rounded_figures_can_be_undecidable() {
        let [part, whole] = terms(&["19", "85"])[..] else { unreachable!() };
        let share = |printed| check_share(part, whole, Precision::Rounded, printed).1;
        assert_eq!(share("22.4"), ClaimLabel::ConsistentWithRounded);
        // 18.5 of 85.5 is 21.6%, 19.5 of 84.5 is 23.1%.
        assert_eq!(share("21.7"), ClaimLabel::UndecidableFromRounded);
        assert_eq!(share("23.0"), ClaimLabel::UndecidableFromRounded);
        assert_eq!(share("21.5"), ClaimLabel::Inconsistent);
        assert_eq!(share("77.6"), ClaimLabel::Complement);
        let [nothing, whole] = terms(&["0", "0.4"])[..] else { unreachable!() };
        assert_eq!(
            check_share(nothing, whole, Precision::Rounded, "100").1,
            ClaimLabel::UndecidableFromRounded
        );
    }

    #[test]
    fn a_change_of_rounded_figures_is_one_that_some_figures_give() {
        let [before, after] = terms(&["32.6", "60.5"])[..] else { unreachable!() };
        let change = |precision, printed| check_relative_change(before, after, precision, printed);
        assert_eq!(change(Precision::Exact, "85.6"), (Some("85.6".to_owned()), ClaimLabel::Consistent));
        assert_eq!(change(Precision::Rounded, "85.6").1, ClaimLabel::ConsistentWithRounded);
        assert_eq!(change(Precision::Rounded, "85.7").1, ClaimLabel::UndecidableFromRounded);
        assert_eq!(change(Precision::Exact, "85.7").1, ClaimLabel::Inconsistent);
        assert_eq!(change(Precision::Rounded, "46.1").1, ClaimLabel::DenominatorAfter);
        assert_eq!(change(Precision::Rounded, "27.9").1, ClaimLabel::PercentagePoints);
        let from_zero = check_relative_change(Term::of(Millionths(0)), after, Precision::Rounded, "10");
        assert_eq!(from_zero, (None, ClaimLabel::BaselineZero));
    }

    #[test]
    fn what_is_no_figure_is_not_checked() {
        let [minus, one] = terms(&["-1", "1"])[..] else { unreachable!() };
        assert_eq!(check_sum(&[], Precision::Exact, "0"), NOT_CHECKABLE);
        assert_eq!(check_sum(&[one], Precision::Exact, "one"), NOT_CHECKABLE);
        assert_eq!(check_share(minus, one, Precision::Exact, "1"), NOT_CHECKABLE);
        assert_eq!(check_share(one, Term::of(Millionths(0)), Precision::Exact, "1"), NOT_CHECKABLE);
        assert_eq!(check_share(Term::of(Millionths(2_000_000)), one, Precision::Exact, "200"), NOT_CHECKABLE);
        assert_eq!(check_relative_change(minus, one, Precision::Exact, "1"), NOT_CHECKABLE);
        assert_eq!(Term::parse("1,5"), None);
    }
}
