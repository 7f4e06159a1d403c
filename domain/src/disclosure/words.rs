//! Whether attainment, verdict and change may be told of hidden numbers.

use evidence::disclosure::Rule;
use evidence::interval::Confidence;
use evidence::paired::PairedTable as Cells;
use evidence::rate::Count;
use evidence::share::Share;
use evidence::verdict::{
    Assessment, Change, Pairing as Paired, Reason, Wave as Known, assess_counts, assess_shares,
};

use crate::columns::{CriterionUnit, Pairing};
use crate::criterion_result::{Seen, evidence_of};
use crate::measurement::MeasurementRow;

/// Beside a count of cases any other may be the true one: as far as [`Rule::leaves_enough`] looks.
const FURTHER: u32 = 100_000;
/// Tables of more people are not tried one by one.
const MOST_TABLES: u32 = 1_000;

/// Whether the words of a result would be the same for at least k counts that fit, one wave being hidden or both.
pub(super) fn leave_enough(rule: Rule, seen: &Seen, is_hidden: impl Fn(&MeasurementRow) -> bool) -> bool {
    let hides = |row: Option<&MeasurementRow>| row.is_some_and(&is_hidden);
    let (before, after) = (hides(seen.before.as_ref()), hides(seen.after.as_ref()));
    match seen.says.unit {
        CriterionUnit::Share if before || after => of_shares(rule, seen, [before, after]),
        CriterionUnit::Share => of_pairs(rule, seen),
        // The words of a mean of few people tell of nobody else.
        CriterionUnit::Mean => !before && !after,
        CriterionUnit::Count => of_counts(rule, seen, [before, after]),
    }
}

fn is_same(seen: &Seen, assessed: &Assessment) -> bool {
    let row = &seen.row;
    assessed.attainment.as_str() == row.attainment
        && assessed.verdict.code() == row.verdict
        && assessed.verdict.reason().map(Reason::as_str) == row.not_assessable.as_deref()
        && assessed.change.map(Change::as_str) == row.change.as_deref()
}

fn of_shares(rule: Rule, seen: &Seen, hidden: [bool; 2]) -> bool {
    let known =
        |row: Option<&MeasurementRow>| evidence_of::known(row, |row| evidence_of::counted(row, &seen.says));
    let waves = [known(seen.before.as_ref()), known(seen.after.as_ref())];
    let pairing = match seen.says.pairing {
        Pairing::Independent => Paired::Independent,
        Pairing::SamePersons | Pairing::Paired => Paired::SamePersonsUnknownTable,
    };
    let goal = evidence_of::goal(&seen.says);
    (0..2).filter(|wave| hidden[*wave]).all(|wave| {
        let Known::Given(share) = waves[wave] else { return true };
        let shown_for = |count: u32| {
            let [mut before, mut after] = waves;
            let other = Share::new(count, share.n()).map_or(Known::Missing, Known::Given);
            *(if wave == 0 { &mut before } else { &mut after }) = other;
            is_same(seen, &assess_shares(&goal, before, after, &pairing, Confidence::P95))
        };
        rule.leaves_enough(share, shown_for)
    })
}

/// Where both shares are shown and only who changed is hidden: over the tables that fit, by who had the outcome twice.
fn of_pairs(rule: Rule, seen: &Seen) -> bool {
    let whole = |count: Option<i32>| count.and_then(|count| u32::try_from(count).ok());
    let row = &seen.row;
    let of_wave = |numerator, n| Share::new(whole(numerator)?, whole(n)?);
    let (Some(before), Some(after)) =
        (of_wave(row.before_numerator, row.before_n), of_wave(row.after_numerator, row.after_n))
    else {
        return true;
    };
    let goal = evidence_of::goal(&seen.says);
    let shown_for = |both: u32| {
        let (n10, n01) = (before.successes().checked_sub(both), after.successes().checked_sub(both));
        let rest = n10.zip(n01).and_then(|(n10, n01)| {
            let n00 = before.n().checked_sub(both)?.checked_sub(n10)?.checked_sub(n01)?;
            Some(Paired::Paired(Cells { n11: both, n10, n01, n00 }))
        });
        rest.is_some_and(|pairing| {
            let (before, after) = (Known::Given(before), Known::Given(after));
            is_same(seen, &assess_shares(&goal, before, after, &pairing, Confidence::P95))
        })
    };
    let most = before.successes().min(after.successes());
    // Which table it is that was seen is not kept; any that says the same may be it.
    let likely = (0..=most.min(MOST_TABLES)).find(|both| shown_for(*both));
    likely
        .and_then(|both| Share::new(both, before.n()))
        .is_some_and(|both| rule.leaves_enough(both, shown_for))
}

fn of_counts(rule: Rule, seen: &Seen, hidden: [bool; 2]) -> bool {
    let waves = [seen.before.as_ref(), seen.after.as_ref()];
    let known = |row: Option<&MeasurementRow>| evidence_of::known(row, evidence_of::count);
    let goal = evidence_of::goal(&seen.says);
    (0..2).filter(|wave| hidden[*wave]).all(|wave| {
        let Known::Given(count) = known(waves[wave]) else { return true };
        let exposure = waves[wave].and_then(|row| row.exposure).map(evidence_of::millionths);
        let shown_for = |other: u32| {
            let [mut before, mut after] = waves.map(known);
            let other = Count::new(other, exposure).map_or(Known::Missing, Known::Given);
            *(if wave == 0 { &mut before } else { &mut after }) = other;
            is_same(seen, &assess_counts(&goal, before, after, Confidence::P95))
        };
        let of_many = Share::new(count.count(), count.count().saturating_add(FURTHER));
        of_many.is_some_and(|count| rule.leaves_enough(count, shown_for))
    })
}
