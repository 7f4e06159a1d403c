//! Reading a row by the places of its columns.
//!
//! sea-orm looks a column up by a name that it puts together for each row, and writes a message for each null; it asks of each
//! value whether it is of the type of its column, and copies a word before it is read. Of the rows that there are most of, that
//! took several times as long as reading the values.

use std::str::FromStr;

use sea_orm::sqlx::{Decode, Postgres, Row, Sqlite, ValueRef};
use sea_orm::{DbErr, QueryResult, TryGetable};

use crate::columns::UnknownCode;

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

    /// The next column of a type that both databases know, which has a value in every row.
    pub fn plain<T: Decode<'a, Postgres> + Decode<'a, Sqlite>>(&mut self) -> Result<T, DbErr> {
        let place = self.next;
        self.optional_plain()?.ok_or_else(|| DbErr::Type(format!("column {place} is null")))
    }

    /// The next column of a type that both databases know, which may be null.
    pub fn optional_plain<T>(&mut self) -> Result<Option<T>, DbErr>
    where
        T: Decode<'a, Postgres> + Decode<'a, Sqlite>,
    {
        let place = self.step();
        if let Some(row) = self.row.try_as_pg_row() {
            row.try_get_unchecked(place)
        } else if let Some(row) = self.row.try_as_sqlite_row() {
            row.try_get_unchecked(place)
        } else {
            return Err(DbErr::BackendNotSupported { db: "another", ctx: "reading by place" });
        }
        .map_err(|error| DbErr::Type(error.to_string()))
    }

    /// The next column, a word of a closed set, which every row has.
    pub fn code<C: FromStr<Err = UnknownCode>>(&mut self) -> Result<C, DbErr> {
        let place = self.next;
        read(self.plain()?, place)
    }

    /// The next column, a word of a closed set, or null.
    pub fn optional_code<C: FromStr<Err = UnknownCode>>(&mut self) -> Result<Option<C>, DbErr> {
        let place = self.next;
        self.optional_plain()?.map(|word| read(word, place)).transpose()
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

fn read<C: FromStr<Err = UnknownCode>>(word: &str, place: usize) -> Result<C, DbErr> {
    word.parse().map_err(|unknown: UnknownCode| DbErr::Type(format!("column {place}: {unknown}")))
}
