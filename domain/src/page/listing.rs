//! How rows are put in order, and pages read of them.

use std::collections::HashMap;
use std::fmt::Write;
use std::hash::Hash;

use sea_orm::sea_query::{Asterisk, Expr, Func, Order, OverStatement, Query, SimpleExpr, WindowStatement};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, ExprTrait, FromQueryResult,
    IntoSimpleExpr, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select, TryGetable,
};

use super::{Connection, Cursor, Direction, Page};
use crate::columns::Uuid;
use crate::error::{Error, Result};

/// What a list is sorted by before the id.
pub(crate) enum Key<M> {
    /// By nothing else: the order in which the rows were made.
    Id,
    /// The same, where a table that is joined has the id too: a page begins at its place in both, of which one would otherwise
    /// be read from its start.
    JoinedId(SimpleExpr),
    /// A column of bytes that are compared as they are.
    Bytes(SimpleExpr, fn(&M) -> Vec<u8>),
    /// A column of integers; rows without one come after the others.
    Number(SimpleExpr, fn(&M) -> Option<i64>),
}

/// Beyond every integer that is stored.
const AFTER_ALL: i64 = i64::MAX;

impl<M> Key<M> {
    fn expression(&self) -> Option<SimpleExpr> {
        match self {
            Self::Id | Self::JoinedId(_) => None,
            Self::Bytes(column, _) => Some(column.clone()),
            Self::Number(column, _) => Some(Func::coalesce([column.clone(), Expr::val(AFTER_ALL)]).into()),
        }
    }

    fn cursor(&self, list: u8, row: &M, id: Uuid) -> Cursor {
        let key = match self {
            Self::Id | Self::JoinedId(_) => Vec::new(),
            Self::Bytes(_, of_row) => of_row(row),
            Self::Number(_, of_row) => of_row(row).unwrap_or(AFTER_ALL).to_be_bytes().to_vec(),
        };
        Cursor { list, key, id }
    }

    fn value(&self, cursor: &Cursor) -> Option<SimpleExpr> {
        match self {
            Self::Id | Self::JoinedId(_) => None,
            Self::Bytes(..) => Some(Expr::val(cursor.key.clone())),
            Self::Number(..) => {
                Some(Expr::val(cursor.key.as_slice().try_into().map_or(AFTER_ALL, i64::from_be_bytes)))
            }
        }
    }

    /// The rows that come after the cursor when they are read in `direction`.
    fn beyond(&self, cursor: &Cursor, id: &SimpleExpr, direction: Direction) -> SimpleExpr {
        let past = |left: SimpleExpr, right: SimpleExpr| match direction {
            Direction::Ascending => left.gt(right),
            Direction::Descending => left.lt(right),
        };
        let place = Expr::val(cursor.id);
        if let (Some(key), Some(value)) = (self.expression(), self.value(cursor)) {
            // As one comparison, so that an index leads to the place.
            return past(Expr::tuple([key, id.clone()]), Expr::tuple([value, place]));
        }
        let own = past(id.clone(), place.clone());
        match self {
            Self::JoinedId(joined) => own.and(past(joined.clone(), place)),
            _ => own,
        }
    }
}

/// How the rows of an entity are put in order and told apart; `M` is all that is selected of each.
pub(crate) struct Listing<E: EntityTrait, M = <E as EntityTrait>::Model> {
    /// What tells its cursors from those of other lists and orders.
    pub list: u8,
    pub key: Key<M>,
    pub direction: Direction,
    pub id_column: E::Column,
    pub id: fn(&M) -> Uuid,
}

impl<E: EntityTrait, M: FromQueryResult + Send + Sync> Listing<E, M> {
    /// The selection cut to what lies between the page's cursors.
    fn between(&self, select: Select<E>, page: &Page) -> Select<E> {
        let id = self.id_column.into_simple_expr();
        let after = page.after.as_ref().map(|cursor| self.key.beyond(cursor, &id, self.direction));
        let before =
            page.before.as_ref().map(|cursor| self.key.beyond(cursor, &id, self.direction.reversed()));
        after.into_iter().chain(before).fold(select, QueryFilter::filter)
    }

    /// The direction in which the rows are read: from the end for the last ones.
    fn order(&self, page: &Page) -> Order {
        match if page.backwards { self.direction.reversed() } else { self.direction } {
            Direction::Ascending => Order::Asc,
            Direction::Descending => Order::Desc,
        }
    }

    fn page(&self, page: &Page, rows: Vec<M>, total: Option<u64>) -> Connection<M> {
        Connection::from_rows(page, rows, total, |row| self.key.cursor(self.list, row, (self.id)(row)))
    }

    /// One page of the selection.
    pub async fn fetch(
        &self,
        db: &impl ConnectionTrait,
        select: Select<E>,
        page: &Page,
    ) -> Result<Connection<M>>
    where
        E::Model: Send + Sync,
    {
        page.check(self.list)?;
        let total = if page.count { Some(select.clone().count(db).await?) } else { None };
        if !page.rows {
            return Ok(self.page(page, Vec::new(), total));
        }
        let mut rows = self.between(select, page);
        if let Some(key) = self.key.expression() {
            rows = rows.order_by(key, self.order(page));
        }
        let rows = rows.order_by(self.id_column, self.order(page)).into_query();
        let mut statement = db.get_database_backend().build(&rows);
        // In its text, so that a plan that is kept is one for so few rows.
        write!(statement.sql, " LIMIT {}", page.limit + 1).map_err(Error::internal)?;
        let rows = M::find_by_statement(statement).all(db).await?;
        Ok(self.page(page, rows, total))
    }

    /// One page for each parent, in one statement (two where the totals are asked for). `parent` is an expression over
    /// the selection.
    pub async fn fetch_for_each<P>(
        &self,
        db: &DatabaseTransaction,
        select: Select<E>,
        page: &Page,
        parent: impl IntoSimpleExpr,
    ) -> Result<HashMap<P, Connection<M>>>
    where
        P: Eq + Hash + TryGetable,
    {
        page.check(self.list)?;
        let parent = parent.into_simple_expr();
        let mut totals = HashMap::new();
        if page.count {
            let counts = select.clone().select_only().expr_as(parent.clone(), PARENT);
            let counts = counts.column_as(self.id_column.count(), "total").group_by(parent.clone());
            for (parent, total) in counts.into_tuple::<(P, i64)>().all(db).await? {
                totals.insert(parent, u64::try_from(total).unwrap_or_default());
            }
        }
        let rows = if page.rows { self.ranked(db, select, page, parent).await? } else { HashMap::new() };
        let mut pages = HashMap::new();
        for (parent, rows) in rows {
            let total = page.count.then(|| totals.remove(&parent).unwrap_or_default());
            pages.insert(parent, self.page(page, rows, total));
        }
        // A parent whose rows all lie outside the cursors still has a total.
        for (parent, total) in totals {
            pages.insert(parent, Connection { total: Some(total), ..Connection::empty(page) });
        }
        Ok(pages)
    }

    /// The first rows of each parent between the page's cursors, and one more than the page holds.
    async fn ranked<P: Eq + Hash + TryGetable>(
        &self,
        db: &DatabaseTransaction,
        select: Select<E>,
        page: &Page,
        parent: SimpleExpr,
    ) -> Result<HashMap<P, Vec<M>>> {
        let mut within = WindowStatement::new();
        within.add_partition_by(parent.clone());
        if let Some(key) = self.key.expression() {
            within.order_by_expr(key, self.order(page));
        }
        within.order_by_expr(self.id_column.into_simple_expr(), self.order(page));
        let mut ranked = self.between(select, page).into_query();
        ranked.expr_as(parent, PARENT).expr_window_as(Func::cust("ROW_NUMBER"), within, "place");
        let mut best = Query::select();
        best.column(Asterisk)
            .from_subquery(ranked, "ranked")
            .and_where(Expr::col("place").lte(page.limit + 1))
            .order_by("place", Order::Asc);
        let mut rows: HashMap<P, Vec<M>> = HashMap::new();
        for row in db.query_all(&best).await? {
            rows.entry(row.try_get("", PARENT)?).or_default().push(M::from_query_result(&row, "")?);
        }
        Ok(rows)
    }
}

/// What the parent is called in a statement for many of them.
const PARENT: &str = "parent_of_page";
