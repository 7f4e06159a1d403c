//! The bounds of hidden cells against two attackers who know nothing of flows.

use std::collections::BTreeMap;

use evidence::disclosure::{Bounds, Place, Table, cell_bounds};
use proptest::prelude::*;

use crate::attacker::{Attacker, Reach};
use crate::counts::{Counts, counts};

/// By trying all counts up to the total in each hidden cell of a table whose totals are all shown.
fn by_trying_all(counts: &Counts) -> Option<BTreeMap<Place, Reach>> {
    let most = counts.total?;
    let hidden = counts.hidden_cells();
    let mut reach: BTreeMap<Place, Reach> = BTreeMap::new();
    let mut found = false;
    for guess in 0..(most + 1).pow(u32::try_from(hidden.len()).unwrap()) {
        let mut tried = counts.clone();
        let mut digits = guess;
        for (row, column) in &hidden {
            tried.cells[*row][*column] = Some(digits % (most + 1));
            digits /= most + 1;
        }
        if !tried.adds_up() {
            continue;
        }
        found = true;
        for (row, column) in &hidden {
            let count = i64::from(tried.cells[*row][*column].unwrap());
            let entry =
                reach.entry(Place::Cell { row: *row, column: *column }).or_insert((count, Some(count)));
            *entry = (entry.0.min(count), entry.1.max(Some(count)));
        }
    }
    found.then_some(reach)
}

fn by_flow(table: &Table) -> Option<BTreeMap<Place, Reach>> {
    let reach = |Bounds { low, high }| {
        (i64::try_from(low).unwrap(), high.map(|high: u64| i64::try_from(high).unwrap()))
    };
    Some(cell_bounds(table)?.into_iter().map(|(place, bounds)| (place, reach(bounds))).collect())
}

fn by_adding_up(table: &Table) -> Option<BTreeMap<Place, Reach>> {
    let cells = Attacker::of(std::slice::from_ref(table)).reach()?.into_iter();
    let cells = cells.filter(|((_, place), _)| matches!(place, Place::Cell { .. }));
    Some(cells.map(|((_, place), reach)| (place, reach)).collect())
}

/// A small table with up to five hidden cells and perhaps a misprint.
fn small() -> impl Strategy<Value = Counts> {
    let hidden = prop::collection::vec((0..3_usize, 0..3_usize), 0..=5);
    let misprint = prop_oneof![3 => Just(None), 1 => (0..3_usize, 0..4_u32).prop_map(Some)];
    (counts(3, 0..=2), hidden, misprint).prop_map(|(mut counts, hidden, misprint)| {
        counts.add_totals();
        if let Some((row, total)) = misprint {
            let row = row % counts.row_totals.len();
            counts.row_totals[row] = Some(total);
        }
        for (row, column) in hidden {
            let row = row % counts.cells.len();
            let column = column % counts.cells[row].len();
            counts.cells[row][column] = None;
        }
        counts
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn bounds_are_those_of_trying_all(counts in small()) {
        let table = counts.table();
        let tried = by_trying_all(&counts);
        prop_assert_eq!(&by_flow(&table), &tried);
        prop_assert_eq!(&by_adding_up(&table), &tried);
    }
}

proptest! {
    #[test]
    fn bounds_are_those_of_adding_up(counts in counts(5, 0..=12), gaps in any::<u64>(), misprint in any::<bool>()) {
        let mut counts = counts;
        counts.add_totals();
        counts.total = counts.total.map(|total| total + u32::from(misprint));
        counts.leave_out(gaps);
        let table = counts.table();
        prop_assert_eq!(by_flow(&table), by_adding_up(&table));
    }
}

fn bounds_of(cells: &[Vec<Option<u32>>], rows: &[Option<u32>], columns: &[Option<u32>]) -> Vec<Bounds> {
    let table = Table::new(cells, rows, columns, None).unwrap();
    cell_bounds(&table).unwrap().into_iter().map(|(_, bounds)| bounds).collect()
}

#[test]
fn without_totals_there_is_no_bound_above() {
    assert_eq!(bounds_of(&[vec![None]], &[None], &[None]), [Bounds { low: 0, high: None }]);
    assert_eq!(bounds_of(&[vec![None]], &[Some(3)], &[None]), [Bounds { low: 3, high: Some(3) }]);
}

#[test]
fn the_largest_counts_do_not_overflow() {
    let most = Some(u32::MAX);
    let cells = vec![vec![most; 40]; 40];
    let mut cells = Table::new(&cells, &[None; 40], &[None; 40], None).unwrap();
    assert_eq!(cell_bounds(&cells), Some(Vec::new()));
    cells = Table::new(&vec![vec![None; 2]; 2], &[most; 2], &[most; 2], None).unwrap();
    let all = Bounds { low: 0, high: Some(u32::MAX.into()) };
    assert!(cell_bounds(&cells).unwrap().into_iter().all(|(_, bounds)| bounds == all));
}

#[test]
fn what_is_no_table_is_refused() {
    let row = |count| vec![Some(1); count];
    assert_eq!(Table::new(&[], &[], &[], None), None);
    assert_eq!(Table::new(&[vec![]], &row(1), &[], None), None);
    assert_eq!(Table::new(&[row(2), row(1)], &row(2), &row(2), None), None);
    assert_eq!(Table::new(&[row(2)], &row(2), &row(2), None), None);
    assert_eq!(Table::distribution(&[], Some(0)), None);
}
