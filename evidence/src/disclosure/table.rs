//! Counts in rows and columns with their totals.

/// Where a count stands in a table. Rows and columns are numbered from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Place {
    Cell { row: usize, column: usize },
    RowTotal(usize),
    ColumnTotal(usize),
    Total,
}

/// Counts in rows and columns, a total of each row and of each column, and the total of all. Each may be absent: not
/// recorded, not printed, or hidden.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    rows: usize,
    columns: usize,
    /// Row by row, the totals last in their row and the totals of columns last of all.
    counts: Vec<Option<u32>>,
    withheld: Vec<bool>,
}

impl Table {
    /// None without a row or a column, and where rows are not equally long or totals not as many.
    pub fn new(
        cells: &[Vec<Option<u32>>],
        row_totals: &[Option<u32>],
        column_totals: &[Option<u32>],
        total: Option<u32>,
    ) -> Option<Self> {
        let (rows, columns) = (row_totals.len(), column_totals.len());
        let fits =
            rows > 0 && columns > 0 && cells.len() == rows && cells.iter().all(|row| row.len() == columns);
        fits.then(|| {
            let each_row = cells.iter().zip(row_totals);
            let with_totals = each_row.flat_map(|(row, total)| row.iter().chain([total]));
            let counts: Vec<_> = with_totals.chain(column_totals).copied().chain([total]).collect();
            Self { rows, columns, withheld: vec![false; counts.len()], counts }
        })
    }

    /// One distribution: a row of counts with its total as the total of all. None without counts.
    pub fn distribution(counts: &[Option<u32>], total: Option<u32>) -> Option<Self> {
        Self::new(&[counts.to_vec()], &[None], &vec![None; counts.len()], total)
    }

    pub const fn rows(&self) -> usize {
        self.rows
    }

    pub const fn columns(&self) -> usize {
        self.columns
    }

    /// None where the count is absent, and where there is no such place.
    pub fn count(&self, place: Place) -> Option<u32> {
        self.counts.get(self.index(place)?).copied().flatten()
    }

    /// Marks a count that is to be hidden for a reason outside the table, such as what was released earlier. Does
    /// nothing where there is no such place.
    pub fn withhold(&mut self, place: Place) {
        if let Some(withheld) = self.index(place).and_then(|index| self.withheld.get_mut(index)) {
            *withheld = true;
        }
    }

    pub(super) fn is_withheld(&self, place: Place) -> bool {
        self.index(place).and_then(|index| self.withheld.get(index)).copied().unwrap_or(false)
    }

    pub(super) fn hide(&mut self, place: Place) {
        if let Some(count) = self.index(place).and_then(|index| self.counts.get_mut(index)) {
            *count = None;
        }
    }

    /// Row by row, with the totals last.
    pub fn places(&self) -> impl Iterator<Item = Place> + use<> {
        let (rows, columns) = (self.rows, self.columns);
        let of_row = move |row| {
            let cells = (0..columns).map(move |column| Place::Cell { row, column });
            cells.chain([Place::RowTotal(row)])
        };
        (0..rows).flat_map(of_row).chain((0..columns).map(Place::ColumnTotal)).chain([Place::Total])
    }

    /// The counts of which the one in a place is a part. One that can have no other part is left out.
    pub(super) fn wholes(&self, place: Place) -> impl Iterator<Item = u32> {
        let (many_rows, many_columns) = (self.rows > 1, self.columns > 1);
        let wholes = match place {
            Place::Cell { row, column } => [
                many_columns.then_some(Place::RowTotal(row)),
                many_rows.then_some(Place::ColumnTotal(column)),
                (many_rows || many_columns).then_some(Place::Total),
            ],
            Place::RowTotal(_) => [many_rows.then_some(Place::Total), None, None],
            Place::ColumnTotal(_) => [many_columns.then_some(Place::Total), None, None],
            Place::Total => [None; 3],
        };
        wholes.into_iter().flatten().filter_map(|whole| self.count(whole))
    }

    fn index(&self, place: Place) -> Option<usize> {
        let (row, column) = match place {
            Place::Cell { row, column } if row < self.rows && column < self.columns => (row, column),
            Place::RowTotal(row) if row < self.rows => (row, self.columns),
            Place::ColumnTotal(column) if column < self.columns => (self.rows, column),
            Place::Total => (self.rows, self.columns),
            Place::Cell { .. } | Place::RowTotal(_) | Place::ColumnTotal(_) => return None,
        };
        Some(row * (self.columns + 1) + column)
    }
}
