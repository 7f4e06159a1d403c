//! Reading a row by the places of its columns.
//!
//! sea-orm finds a column by its name, which it puts together and looks up for each row, and writes a message for each null that
//! it meets. Of the rows that there are most of, that took several times as long as reading the values.

use sea_orm::sqlx::{Row, ValueRef};
use sea_orm::{DbErr, QueryResult, TryGetable};

/// The columns of a row, one after the other as they were selected.
pub(crate) struct InOrder<'a> {
    row: &'a QueryResult,
    next: usize,
}

impl<'a> InOrder<'a> {
    pub const fn of(row: &'a QueryResult) -> Self {
        Self { row, next: 0 }
    }

    /// The next column, which has a value in every row.
    pub fn given<T: TryGetable>(&mut self) -> Result<T, DbErr> {
        let place = self.step();
        self.row.try_get_by_index(place)
    }

    /// The next column, which may be null.
    pub fn optional<T: TryGetable>(&mut self) -> Result<Option<T>, DbErr> {
        let place = self.step();
        if self.is_null(place) { Ok(None) } else { self.row.try_get_by_index(place) }
    }

    const fn step(&mut self) -> usize {
        let place = self.next;
        self.next += 1;
        place
    }

    fn is_null(&self, place: usize) -> bool {
        if let Some(row) = self.row.try_as_pg_row() {
            row.try_get_raw(place).is_ok_and(|value| value.is_null())
        } else if let Some(row) = self.row.try_as_sqlite_row() {
            row.try_get_raw(place).is_ok_and(|value| value.is_null())
        } else {
            false
        }
    }
}
