//! The annual report of 2023 gives people away; the same tables protected do not.

use evidence::disclosure::{Place, Rule, Table, cell_bounds, protect};

use crate::attacker::{Attacker, width};

/// New cases of SSP+ in 2023 by where they came from; the report prints their number, 79, elsewhere too.
const NEW_CASES: [u32; 13] = [7, 4, 6, 11, 4, 2, 1, 1, 1, 5, 24, 13, 0];
/// The same cases in two parts, printed as 97.5% and 2.5%.
const NEW_CASES_IN_TWO: [u32; 2] = [77, 2];
/// The level of education of those whose cases were closed; the report prints their number, 39, with the outcomes.
const EDUCATION: [u32; 7] = [5, 14, 7, 7, 2, 4, 0];
const OUTCOMES: [u32; 3] = [16, 13, 10];

fn distribution(counts: &[u32]) -> Table {
    let total = counts.iter().sum();
    Table::distribution(&counts.iter().copied().map(Some).collect::<Vec<_>>(), Some(total)).unwrap()
}

/// With a point for each count that is not shown.
fn printed(table: &Table) -> String {
    let cells = (0..table.columns()).map(|column| Place::Cell { row: 0, column });
    let count = |place| table.count(place).map_or(".".to_owned(), |count| count.to_string());
    cells.chain([Place::Total]).map(count).collect::<Vec<_>>().join(" ")
}

fn assert_none_can_be_narrowed_down(shown: &[Table]) {
    for (spot, reach) in Attacker::of_distributions(shown).reach().unwrap() {
        assert!(width(reach) >= 5, "{spot:?} can only be {reach:?}");
    }
}

#[test]
fn new_cases_by_origin_and_in_two_parts() {
    let shown = protect(&[distribution(&NEW_CASES), distribution(&NEW_CASES_IN_TWO)], Rule::default());
    assert_eq!(shown.iter().map(printed).collect::<Vec<_>>(), ["7 . 6 11 . . . . . 5 24 13 0 79", ". . 79"]);
    assert_none_can_be_narrowed_down(&shown);
}

#[test]
fn closed_cases_by_education_and_outcome() {
    let shown = protect(&[distribution(&EDUCATION), distribution(&OUTCOMES)], Rule::default());
    assert_eq!(shown.iter().map(printed).collect::<Vec<_>>(), ["5 14 7 7 . . 0 39", "16 13 10 39"]);
    assert_none_can_be_narrowed_down(&shown);
}

/// Each year a row of one table, with its total; nothing adds up over the years.
#[test]
fn a_row_for_each_year() {
    let years = [EDUCATION, [8, 20, 9, 6, 1, 5, 0]];
    let cells = years.map(|year| year.iter().copied().map(Some).collect::<Vec<_>>());
    let totals = years.map(|year| Some(year.iter().sum()));
    let table = Table::new(&cells, &totals, &[None; 7], None).unwrap();
    let shown = &protect(&[table], Rule::default())[0];
    let row = |row| -> Vec<_> { (0..7).map(|column| shown.count(Place::Cell { row, column })).collect() };
    assert_eq!(row(0), [Some(5), Some(14), Some(7), Some(7), None, None, Some(0)]);
    assert_eq!(row(1), [Some(8), Some(20), Some(9), Some(6), None, None, Some(0)]);
    assert_eq!((shown.count(Place::RowTotal(0)), shown.count(Place::RowTotal(1))), (Some(39), Some(49)));
    for (place, bounds) in cell_bounds(shown).unwrap() {
        assert!(bounds.high.unwrap() - bounds.low >= 5, "{place:?} can only be {bounds:?}");
    }
}
