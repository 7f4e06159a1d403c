//! Measurements and paired tables.

use std::collections::{BTreeSet, HashSet};

use evidence::disclosure::{Figure, Place, Rule, Table, protect};
use evidence::share::Share;

use super::once::{Numbers, Part, hidden};
use crate::columns::{GroupKind, MeasurementKind, Uuid};
use crate::measurement::{MeasurementRow, share};
use crate::paired_table::PairedTable;
use crate::success_criterion::CriterionVersion;
use crate::virkningsevaluering::part::stands;

/// Which measurements of a criterion are hidden. `rows` are all that it ever had, `versions` all that it ever said.
pub(crate) fn hidden_measurements(
    rule: Rule,
    rows: &[MeasurementRow],
    versions: &[CriterionVersion],
) -> HashSet<Uuid> {
    let given = rows.iter().filter_map(|row| row.categories.as_ref()).flat_map(|categories| &categories.0);
    let names: BTreeSet<&str> = given.map(|category| category.category.as_str()).collect();
    let measured = rows.iter().filter(|row| row.absence.is_none());
    let numbers = measured.map(|row| {
        let says =
            versions.iter().find(|says| stands(says.since_version, says.until_version, row.since_version));
        let counts = counts(row, says);
        Numbers {
            id: row.id,
            since: row.since_version,
            until: row.until_version,
            corrects: row.corrects_id,
            place: row.slot.clone(),
            table: (row.group_kind != GroupKind::Comparison).then(|| wave(row)),
            part: part(row),
            few: is_few(rule, row, &counts),
            divisions: [counts].into_iter().chain(by_category(row, &names)).collect(),
        }
    });
    hidden(rule, &numbers.collect::<Vec<_>>())
}

/// Which paired tables are hidden, beside the measurements that are.
pub(crate) fn hidden_tables(
    rule: Rule,
    tables: &[PairedTable],
    rows: &[MeasurementRow],
    hidden_rows: &HashSet<Uuid>,
) -> HashSet<Uuid> {
    let row = |id: Uuid| rows.iter().find(|row| row.id == id);
    let numbers = tables.iter().filter_map(|table| {
        let (before, after) = row(table.before_id).zip(row(table.after_id))?;
        let counts: Vec<u32> = cells(table).into_iter().flatten().collect();
        let measured = [table.before_id, table.after_id];
        Some(Numbers {
            id: table.id,
            since: table.since_version,
            until: table.until_version,
            corrects: None,
            place: format!("{} {}", before.slot, after.slot),
            table: Some(format!("{} {}", wave(before), wave(after))),
            part: part(before),
            few: measured.iter().any(|id| hidden_rows.contains(id)) || tells_few(rule, &counts),
            divisions: vec![counts],
        })
    });
    hidden(rule, &numbers.collect::<Vec<_>>())
}

/// What a reader who does not see participants is shown of a measurement.
pub(crate) fn shown(rule: Rule, row: MeasurementRow, hidden: &HashSet<Uuid>) -> MeasurementRow {
    let is_corrected_hidden = row.corrects_id.is_some_and(|id| hidden.contains(&id));
    let correction_reason = row.correction_reason.clone().filter(|_| !is_corrected_hidden);
    if !hidden.contains(&row.id) {
        let beyond = row.n.and_then(|n| u32::try_from(n).ok()).unwrap_or_default().div_ceil(2);
        let is_told = !rule.hides_figure(Figure::Quantile { beyond }, beyond.saturating_mul(2));
        return MeasurementRow {
            median: row.median.filter(|_| is_told),
            minimum: None,
            maximum: None,
            correction_reason,
            ..row
        };
    }
    MeasurementRow {
        kind: None,
        numerator: None,
        denominator: None,
        mean: None,
        sd: None,
        median: None,
        minimum: None,
        maximum: None,
        n: None,
        count: None,
        exposure: None,
        categories: None,
        population_id: None,
        note: None,
        correction_reason: None,
        ..row
    }
}

fn part(row: &MeasurementRow) -> Part {
    if row.group_kind == GroupKind::Participants { Part::Whole } else { Part::Piece }
}

/// The wave and the months, which are the same for all groups that were measured together.
pub(super) fn wave(row: &MeasurementRow) -> String {
    format!("{} {:?} {:?} {:?}", row.wave, row.months_anchor, row.months_from, row.months_to)
}

pub(super) fn whole_number(count: i32) -> Option<u32> {
    u32::try_from(count).ok()
}

/// People by category, of a distribution.
fn by_category(row: &MeasurementRow, names: &BTreeSet<&str>) -> Option<Vec<u32>> {
    let categories = &row.categories.as_ref()?.0;
    let of_name = |name: &&str| categories.iter().find(|category| category.category == *name);
    names.iter().map(|name| of_name(name).map_or(Some(0), |category| whole_number(category.count))).collect()
}

/// People with the outcome and without, people, or cases; nothing where the number of people is not stated.
pub(super) fn counts(row: &MeasurementRow, says: Option<&CriterionVersion>) -> Vec<u32> {
    match row.kind {
        Some(MeasurementKind::Share | MeasurementKind::Distribution) => {
            let told = says.and_then(|says| share(row, says)).and_then(|(numerator, denominator)| {
                Share::new(whole_number(numerator)?, whole_number(denominator)?)
            });
            told.map_or_else(Vec::new, |told| vec![told.successes(), told.n() - told.successes()])
        }
        Some(MeasurementKind::Mean | MeasurementKind::Summary) => {
            row.n.and_then(whole_number).into_iter().collect()
        }
        Some(MeasurementKind::Count) => row.count.and_then(whole_number).into_iter().collect(),
        None => Vec::new(),
    }
}

fn is_few(rule: Rule, row: &MeasurementRow, counts: &[u32]) -> bool {
    match (row.kind, counts) {
        (Some(MeasurementKind::Distribution), _) => {
            let counts = row.categories.iter().flat_map(|categories| &categories.0);
            let counts: Option<Vec<_>> = counts.map(|category| whole_number(category.count)).collect();
            counts.is_none_or(|counts| tells_few(rule, &counts))
        }
        (Some(MeasurementKind::Mean | MeasurementKind::Summary), [n]) => rule.hides_figure(Figure::OfAll, *n),
        (Some(MeasurementKind::Count), [count]) => rule.hides_count(*count),
        (Some(MeasurementKind::Share), counts @ [_, _]) => tells_few(rule, counts),
        _ => true,
    }
}

/// Whether some of the counts that make up a whole may not be shown beside it.
pub(super) fn tells_few(rule: Rule, counts: &[u32]) -> bool {
    let given: Vec<_> = counts.iter().map(|count| Some(*count)).collect();
    let total = counts.iter().try_fold(0_u32, |sum, count| sum.checked_add(*count));
    let Some(table) = Table::distribution(&given, total) else { return true };
    let shown = protect(std::slice::from_ref(&table), rule);
    let is_cut = |place: Place| shown.iter().any(|shown| shown.count(place) != table.count(place));
    table.places().any(is_cut)
}

fn cells(table: &PairedTable) -> [Option<u32>; 4] {
    [table.n11, table.n10, table.n01, table.n00].map(whole_number)
}
