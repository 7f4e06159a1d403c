//! Storing what an operation changed.

use sea_orm::sea_query::{CommonTableExpression, InsertStatement, IntoIden, WithClause};
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend,
    EntityTrait, IntoActiveModel, Iterable, QueryFilter, QueryTrait,
};

use crate::error::{Error, Problem, Result};

/// The most values that wait to be inserted: a statement takes 65,535 on PostgreSQL, and 32,766 on SQLite.
const MOST_VALUES: usize = 30_000;

/// The rows of one operation on their way into the database. New rows that follow each other go there together, on PostgreSQL
/// in one statement; whatever else is written comes after those that were given before.
pub struct Store<'a> {
    db: &'a DatabaseTransaction,
    waiting: Vec<InsertStatement>,
    values: usize,
}

impl<'a> Store<'a> {
    pub fn new(db: &'a DatabaseTransaction) -> Self {
        Self { db, waiting: Vec::new(), values: 0 }
    }

    pub async fn insert<E>(&mut self, row: E::Model) -> Result<()>
    where
        E: EntityTrait,
        E::ActiveModel: ActiveModelTrait<Entity = E>,
        E::Model: IntoActiveModel<E::ActiveModel>,
    {
        self.insert_all::<E>(vec![row]).await
    }

    pub async fn insert_all<E>(&mut self, rows: Vec<E::Model>) -> Result<()>
    where
        E: EntityTrait,
        E::ActiveModel: ActiveModelTrait<Entity = E>,
        E::Model: IntoActiveModel<E::ActiveModel>,
    {
        let columns = E::Column::iter().count();
        let mut rows = rows.into_iter().map(IntoActiveModel::into_active_model).peekable();
        while rows.peek().is_some() {
            let some: Vec<_> = rows.by_ref().take(MOST_VALUES / columns).collect();
            let values = some.len() * columns;
            self.insert_by(E::insert_many(some).into_query(), values).await?;
        }
        Ok(())
    }

    /// Inserts by a statement with so many values.
    pub async fn insert_by(&mut self, statement: InsertStatement, values: usize) -> Result<()> {
        if self.values + values > MOST_VALUES {
            self.settle().await?;
        }
        self.values += values;
        self.waiting.push(statement);
        Ok(())
    }

    /// Writes a row: a new one, or over the one that was there before.
    pub async fn write<E>(&mut self, before: Option<&E::Model>, row: E::Model) -> Result<()>
    where
        E: EntityTrait,
        E::ActiveModel: ActiveModelTrait<Entity = E> + ActiveModelBehavior + Send,
        E::Model: IntoActiveModel<E::ActiveModel>,
    {
        match before {
            None => self.insert::<E>(row).await,
            Some(_stands) => self.overwrite::<E>(row).await,
        }
    }

    /// Writes all of a row that is there.
    pub async fn overwrite<E>(&mut self, row: E::Model) -> Result<()>
    where
        E: EntityTrait,
        E::ActiveModel: ActiveModelTrait<Entity = E> + ActiveModelBehavior + Send,
        E::Model: IntoActiveModel<E::ActiveModel>,
    {
        let update = E::update(row.into_active_model().reset_all()).validate()?.into_query();
        let overwritten = self.settled().await?.execute(&update).await?.rows_affected();
        if overwritten == 1 { Ok(()) } else { Err(Error::internal("a row to write over is gone")) }
    }

    /// Writes a row: a new one, or over the one that still has the version it was read with.
    pub async fn save<E>(&mut self, row: E::Model, version: E::Column, before: Option<i64>) -> Result<()>
    where
        E: EntityTrait,
        E::ActiveModel: ActiveModelTrait<Entity = E> + ActiveModelBehavior + Send,
        E::Model: IntoActiveModel<E::ActiveModel>,
    {
        let Some(before) = before else { return self.insert::<E>(row).await };
        let update = E::update(row.into_active_model().reset_all()).validate()?;
        let update = update.filter(version.eq(before)).into_query();
        match self.settled().await?.execute(&update).await?.rows_affected() {
            0 => Err(Error::refused("expectedVersion", Problem::Stale { current: before + 1 })),
            _ => Ok(()),
        }
    }

    /// The transaction, once nothing waits: for what is no new row.
    pub async fn settled(&mut self) -> Result<&'a DatabaseTransaction> {
        self.settle().await?;
        Ok(self.db)
    }

    /// Inserts the rows that wait. How many were inserted by the last statement that was given.
    pub async fn settle(&mut self) -> Result<u64> {
        self.values = 0;
        let mut waiting = std::mem::take(&mut self.waiting);
        let Some(last) = waiting.pop() else { return Ok(0) };
        if self.db.get_database_backend() == DbBackend::Sqlite || waiting.is_empty() {
            for statement in &waiting {
                self.db.execute(statement).await?;
            }
            return Ok(self.db.execute(&last).await?.rows_affected());
        }
        let mut with = WithClause::new();
        for (number, statement) in waiting.into_iter().enumerate() {
            let name = format!("inserted_{number}").into_iden();
            with.cte(CommonTableExpression::new().query(statement).table_name(name).to_owned());
        }
        Ok(self.db.execute(&last.with(with)).await?.rows_affected())
    }
}
