//! Pages of lists that grow: by key, not by offset, so that page one thousand costs what page one costs.

mod listing;

pub(crate) use listing::{Key, Listing};

use std::collections::HashMap;
use std::hash::Hash;

use sea_orm::sea_query::extension::postgres::PgFunc;
use sea_orm::sea_query::{Expr, SimpleExpr};
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, ExprTrait};

use crate::columns::Uuid;
use crate::error::{Error, Fault, Problem, Result, expectation};

const DEFAULT: u64 = 20;
pub const MAXIMUM: i64 = 100;

/// Rows by what they belong to, each group in the order of the rows.
pub(crate) fn grouped_by<K: Eq + Hash, T>(
    rows: impl IntoIterator<Item = T>,
    key: impl Fn(&T) -> K,
) -> HashMap<K, Vec<T>> {
    let mut groups: HashMap<K, Vec<T>> = HashMap::new();
    for row in rows {
        groups.entry(key(&row)).or_default().push(row);
    }
    groups
}

/// That a column is one of these ids, in few texts for any number of them: a connection keeps the plans of those that it has
/// seen. PostgreSQL takes them as one value; elsewhere they are as many as the next power of two, the last one repeated.
pub(crate) fn among(
    db: &impl ConnectionTrait,
    column: impl ColumnTrait,
    ids: impl IntoIterator<Item = Uuid>,
) -> SimpleExpr {
    let mut ids: Vec<Uuid> = ids.into_iter().collect();
    if db.get_database_backend() == DbBackend::Postgres {
        return column.into_expr().eq(PgFunc::any(Expr::val(ids)));
    }
    if let Some(last) = ids.last().copied() {
        ids.resize(ids.len().next_power_of_two(), last);
    }
    column.is_in(ids)
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Direction {
    #[default]
    Ascending,
    Descending,
}

impl Direction {
    #[must_use]
    pub fn reversed(self) -> Self {
        match self {
            Self::Ascending => Self::Descending,
            Self::Descending => Self::Ascending,
        }
    }
}

/// A place in a list: the bytes it is sorted by, and the id that tells equals apart. Opaque to clients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// Which list in which order it is of: in another it would be a place at random.
    pub list: u8,
    pub key: Vec<u8>,
    pub id: Uuid,
}

impl Cursor {
    pub fn encode(&self) -> String {
        let bytes: Vec<u8> = [self.list].iter().chain(self.id.as_bytes()).chain(&self.key).copied().collect();
        data_encoding::BASE64URL_NOPAD.encode(&bytes)
    }

    pub fn decode(text: &str) -> Option<Self> {
        let bytes = data_encoding::BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
        let (list, rest) = bytes.split_first()?;
        let (id, key) = rest.split_at_checked(16)?;
        Some(Self { list: *list, key: key.to_vec(), id: Uuid::from_slice(id).ok()? })
    }
}

/// What a client asks for: the first ones after a cursor, or the last ones before one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Slice {
    pub first: Option<i64>,
    pub after: Option<String>,
    pub last: Option<i64>,
    pub before: Option<String>,
}

/// A checked [`Slice`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    pub limit: u64,
    /// Counted from the end.
    pub backwards: bool,
    pub after: Option<Cursor>,
    pub before: Option<Cursor>,
    /// Whether the number of all matches is asked for, which costs a statement.
    pub count: bool,
    /// Whether anything else is.
    pub rows: bool,
}

/// What is asked of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    pub count: bool,
    pub rows: bool,
}

impl Asked {
    pub const ROWS: Self = Self { count: false, rows: true };
}

impl Page {
    pub(crate) const fn is_one_statement(&self) -> bool {
        !(self.count && self.rows)
    }

    pub fn new(slice: Slice, Asked { count, rows }: Asked) -> Result<Self> {
        let mut faults = Vec::new();
        let mut cursor = |field, text: Option<String>| {
            text.and_then(|text| {
                let cursor = Cursor::decode(&text);
                if cursor.is_none() {
                    faults.push(Fault::at(field, Problem::Malformed { expected: expectation::CURSOR }));
                }
                cursor
            })
        };
        let (after, before) = (cursor("after", slice.after), cursor("before", slice.before));
        let mut limit = DEFAULT;
        for (field, given) in [("first", slice.first), ("last", slice.last)] {
            match given.map(u64::try_from) {
                Some(Ok(number)) if given.is_some_and(|given| given <= MAXIMUM) => limit = number,
                None => {}
                Some(_) => faults.push(Fault::at(field, Problem::OutOfRange { from: 0, to: MAXIMUM })),
            }
        }
        if slice.first.is_some() && slice.last.is_some() {
            faults.push(Fault::at("last", Problem::Repeated));
        }
        if !faults.is_empty() {
            return Err(Error::Refused(faults));
        }
        Ok(Self { limit, backwards: slice.last.is_some(), after, before, count, rows })
    }

    /// Refuses cursors of another list.
    fn check(&self, list: u8) -> Result<()> {
        for (field, cursor) in [("after", &self.after), ("before", &self.before)] {
            if cursor.as_ref().is_some_and(|cursor| cursor.list != list) {
                return Err(Error::refused(field, Problem::Malformed { expected: expectation::CURSOR }));
            }
        }
        Ok(())
    }
}

/// One page of a list.
#[derive(Clone, Debug)]
pub struct Connection<T> {
    pub nodes: Vec<(Cursor, T)>,
    pub has_next: bool,
    pub has_previous: bool,
    /// Where it was asked for.
    pub total: Option<u64>,
}

impl<T> Connection<T> {
    /// From one row more than the page holds, in the order they were read.
    pub(crate) fn from_rows(
        page: &Page,
        rows: Vec<T>,
        total: Option<u64>,
        cursor: impl Fn(&T) -> Cursor,
    ) -> Self {
        let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        let mut nodes: Vec<_> = rows.into_iter().take(limit).map(|row| (cursor(&row), row)).collect();
        if page.backwards {
            nodes.reverse();
        }
        let (has_next, has_previous) =
            if page.backwards { (page.before.is_some(), more) } else { (more, page.after.is_some()) };
        Self { nodes, has_next, has_previous, total }
    }
}

impl<T> Connection<T> {
    /// The same page of what each row becomes.
    pub(crate) fn map<U>(self, mut become_of: impl FnMut(T) -> U) -> Connection<U> {
        self.filter_map(|row| Some(become_of(row)))
    }

    /// The same; without those that become nothing.
    pub(crate) fn filter_map<U>(self, mut become_of: impl FnMut(T) -> Option<U>) -> Connection<U> {
        let nodes = self.nodes.into_iter();
        Connection {
            nodes: nodes.filter_map(|(cursor, row)| Some((cursor, become_of(row)?))).collect(),
            has_next: self.has_next,
            has_previous: self.has_previous,
            total: self.total,
        }
    }

    /// One page of rows that were read whole, sorted by what `place` tells of them: the key's bytes, and the id.
    pub(crate) fn of_all(
        page: &Page,
        list: u8,
        mut rows: Vec<T>,
        place: impl Fn(&T) -> (Vec<u8>, Uuid),
    ) -> Result<Self> {
        page.check(list)?;
        let total = page.count.then(|| u64::try_from(rows.len()).unwrap_or(u64::MAX));
        let at = |cursor: &Cursor| (cursor.key.clone(), cursor.id);
        let (after, before) = (page.after.as_ref().map(at), page.before.as_ref().map(at));
        rows.retain(|row| {
            let place = place(row);
            after.as_ref().is_none_or(|after| place > *after)
                && before.as_ref().is_none_or(|before| place < *before)
        });
        if page.backwards {
            rows.reverse();
        }
        rows.truncate(usize::try_from(page.limit).unwrap_or(usize::MAX).saturating_add(1));
        Ok(Self::from_rows(page, rows, total, |row| {
            let (key, id) = place(row);
            Cursor { list, key, id }
        }))
    }

    /// The page of a list in which nothing fits.
    pub(crate) fn empty(page: &Page) -> Self {
        Self { nodes: Vec::new(), has_next: false, has_previous: false, total: page.count.then_some(0) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_cursor_reads_back(list in any::<u8>(), key in any::<Vec<u8>>(), id in any::<u128>()) {
            let cursor = Cursor { list, key, id: Uuid::from_u128(id) };
            prop_assert_eq!(Cursor::decode(&cursor.encode()), Some(cursor));
        }

        #[test]
        fn what_is_no_cursor_is_refused(text in any::<String>(), alike in "[A-Za-z0-9_-]{0,60}={0,2}") {
            for text in [text, alike] {
                if let Some(cursor) = Cursor::decode(&text) {
                    prop_assert_eq!(cursor.encode(), text);
                }
            }
        }
    }
}
