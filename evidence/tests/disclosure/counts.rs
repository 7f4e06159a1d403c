//! Counts to make tables of.

use std::ops::RangeInclusive;

use evidence::disclosure::Table;
use proptest::prelude::*;
use proptest::sample::SizeRange;

/// The counts of a table, to be changed before it is one.
#[derive(Clone, Debug)]
pub struct Counts {
    pub cells: Vec<Vec<Option<u32>>>,
    pub row_totals: Vec<Option<u32>>,
    pub column_totals: Vec<Option<u32>>,
    pub total: Option<u32>,
}

impl Counts {
    pub fn table(&self) -> Table {
        Table::new(&self.cells, &self.row_totals, &self.column_totals, self.total).unwrap()
    }

    fn column(&self, column: usize) -> impl Iterator<Item = Option<u32>> {
        self.cells.iter().map(move |row| row[column])
    }

    pub fn add_totals(&mut self) {
        self.row_totals = self.cells.iter().map(|row| row.iter().copied().sum()).collect();
        self.column_totals = (0..self.column_totals.len()).map(|column| self.column(column).sum()).collect();
        self.total = self.row_totals.iter().copied().sum();
    }

    /// Whether all totals are those of their lines, where nothing is left out.
    pub fn adds_up(&self) -> bool {
        let mut right = self.clone();
        right.add_totals();
        (&right.row_totals, &right.column_totals, right.total)
            == (&self.row_totals, &self.column_totals, self.total)
    }

    pub fn hidden_cells(&self) -> Vec<(usize, usize)> {
        let rows = self.cells.iter().enumerate();
        let cells = rows.flat_map(|(row, cells)| {
            cells.iter().enumerate().map(move |(column, count)| (row, column, count))
        });
        cells.filter(|(.., count)| count.is_none()).map(|(row, column, _)| (row, column)).collect()
    }

    /// Leaves out the counts whose bits are set, row by row and then the totals.
    pub fn leave_out(&mut self, bits: u64) {
        let totals = self.row_totals.iter_mut().chain(&mut self.column_totals).chain([&mut self.total]);
        for (number, count) in self.cells.iter_mut().flatten().chain(totals).enumerate() {
            if bits >> (number % 64) & 1 == 1 {
                *count = None;
            }
        }
    }
}

/// Up to `most` rows and columns of cells, still without totals, in some of which zeros are rare and in some not.
pub fn counts(most: usize, cell: RangeInclusive<u32>) -> impl Strategy<Value = Counts> {
    (1..=most, 1..=most, 1..=8_u32).prop_flat_map(move |(rows, columns, zeros)| {
        let cell = prop_oneof![zeros => Just(0), 4 => cell.clone()].prop_map(Some);
        let row = prop::collection::vec(cell, SizeRange::from(columns));
        prop::collection::vec(row, SizeRange::from(rows)).prop_map(move |cells| Counts {
            cells,
            row_totals: vec![None; rows],
            column_totals: vec![None; columns],
            total: None,
        })
    })
}
