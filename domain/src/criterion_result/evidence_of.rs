//! From rows to evidence.

use evidence::goal::{Basis, Direction, Goal, Millionths};
use evidence::mean::StatedMean;
use evidence::paired::PairedTable as Cells;
use evidence::paired_values::PairedValues;
use evidence::rate::Count;
use evidence::sentence::Observed;
use evidence::share::Share;
use evidence::verdict::Wave as Known;

use crate::columns::{AbsenceKind, CriterionBasis, CriterionDirection, CriterionUnit, Decimal};
use crate::measurement::{MeasurementRow, share, value};
use crate::observation::{Observation, Pair};
use crate::paired_table::PairedTable;
use crate::success_criterion::CriterionVersion;

pub(crate) fn goal(says: &CriterionVersion) -> Goal {
    goal_of(says.direction, says.basis, says.threshold)
}

pub fn goal_of(direction: CriterionDirection, basis: CriterionBasis, threshold: Decimal) -> Goal {
    Goal {
        direction: match direction {
            CriterionDirection::Up => Direction::Up,
            CriterionDirection::Down => Direction::Down,
        },
        basis: match basis {
            CriterionBasis::RelativeChange => Basis::RelativeChange,
            CriterionBasis::AbsoluteChange => Basis::AbsoluteChange,
            CriterionBasis::Level => Basis::Level,
            CriterionBasis::Maintain => Basis::Maintain,
        },
        threshold: millionths(threshold),
    }
}

/// What is known of a wave: its value, that there can be none, or nothing.
pub(crate) fn known<T>(
    row: Option<&MeasurementRow>,
    value: impl FnOnce(&MeasurementRow) -> Option<T>,
) -> Known<T> {
    let Some(row) = row else { return Known::Missing };
    match row.absence {
        Some(AbsenceKind::NotApplicable) => Known::NotApplicable,
        Some(AbsenceKind::NotYet | AbsenceKind::NotStated) => Known::Missing,
        None => value(row).map_or(Known::Missing, Known::Given),
    }
}

pub const fn millionths(decimal: Decimal) -> Millionths {
    Millionths(decimal.millionths())
}

pub(crate) fn counted(row: &MeasurementRow, says: &CriterionVersion) -> Option<Share> {
    let (numerator, denominator) = share(row, says)?;
    Share::new(u32::try_from(numerator).ok()?, u32::try_from(denominator).ok()?)
}

pub(super) fn stated_mean(row: &MeasurementRow) -> Option<StatedMean> {
    Some(StatedMean {
        mean: millionths(value(row, None)?),
        sd: row.sd.map(millionths),
        n: row.n.and_then(|n| u32::try_from(n).ok()),
    })
}

pub(crate) fn count(row: &MeasurementRow) -> Option<Count> {
    Count::new(u32::try_from(row.count?).ok()?, row.exposure.map(millionths))
}

/// What was compared of one wave, as sentences speak of it: as the result has it, else as measured.
pub(super) fn observed(
    row: &MeasurementRow,
    says: &CriterionVersion,
    [numerator, n]: [Option<i32>; 2],
    compared: Option<Decimal>,
) -> Option<Observed> {
    let of_counts = || {
        let (numerator, n) = numerator.zip(n).or_else(|| share(row, says))?;
        Share::new(u32::try_from(numerator).ok()?, u32::try_from(n).ok()?)
    };
    let of_value = || compared.or_else(|| value(row, None)).map(millionths);
    match says.unit {
        CriterionUnit::Share => of_counts().map(Observed::Share),
        CriterionUnit::Mean => of_value().map(Observed::Mean),
        CriterionUnit::Count if row.exposure.is_some() => of_value().map(Observed::Rate),
        CriterionUnit::Count => of_value().map(Observed::Count),
    }
}

pub(super) fn cells(table: &PairedTable) -> Option<Cells> {
    let cell = |count: i32| u32::try_from(count).ok();
    Some(Cells { n11: cell(table.n11)?, n10: cell(table.n10)?, n01: cell(table.n01)?, n00: cell(table.n00)? })
}

/// Who of the pairs has the outcome before and after.
pub(super) fn cells_of_pairs(pairs: &[Pair<'_>], says: &CriterionVersion) -> Cells {
    let has = |row: &Observation| match &row.category {
        Some(category) => says.success_categories.0.contains(category),
        None => row.value.is_some_and(|value| value.millionths() > 0),
    };
    let mut cells = Cells { n11: 0, n10: 0, n01: 0, n00: 0 };
    for pair in pairs {
        *match (has(pair.before), has(pair.after)) {
            (true, true) => &mut cells.n11,
            (true, false) => &mut cells.n10,
            (false, true) => &mut cells.n01,
            (false, false) => &mut cells.n00,
        } += 1;
    }
    cells
}

pub(super) fn values_of_pairs(pairs: &[Pair<'_>]) -> Option<PairedValues> {
    let values = |of: fn(&Pair<'_>) -> Option<Decimal>| -> Option<Vec<Millionths>> {
        pairs.iter().map(|pair| of(pair).map(millionths)).collect()
    };
    PairedValues::of_decimals(&values(|pair| pair.before.value)?, &values(|pair| pair.after.value)?)
}

/// The number with six places; none beyond what can be stored.
pub fn decimal(number: f64) -> Option<Decimal> {
    format!("{number:.6}").parse().ok()
}

/// A p-value with six places, rounded up so that none becomes nought.
pub(super) fn p_value(p: f64) -> Option<Decimal> {
    // Less a hair, so that what has six places is not raised by a rounding of its last bit.
    decimal((p * 1e6 - 1e-6).ceil().max(1.0) / 1e6)
}

pub fn number(count: u32) -> Option<i32> {
    i32::try_from(count).ok()
}
