//! The numbered principles of a strategy, valid for the strategy's years.

use entity::{strategy as strategy_table, strategy_principle};
use sea_orm::{DatabaseTransaction, EntityTrait, QueryFilter};

use crate::columns::{Action, SubjectKind, Uuid};
use crate::error::{Error, Faults, Problem, Result};
use crate::event::{Fields, text};
use crate::history::past::Was;
use crate::input::text::{LINE, required};
use crate::operation::{Aggregate, Operation, Scope, Store, Versioned, versioned};
use crate::strategy::{self, Strategy};

/// A principle with the strategy it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StrategyPrinciple {
    pub row: strategy_principle::Model,
    pub strategy: Strategy,
}

impl StrategyPrinciple {
    pub fn covers(&self, year: i32) -> bool {
        (self.strategy.from_year..=self.strategy.to_year).contains(&year)
    }
}

versioned!(StrategyPrinciple, by row);

/// A principle as it stood, beside the strategies as they did.
pub(crate) fn remade(id: Uuid, version: i64, was: &Was) -> Result<strategy_principle::Model> {
    Ok(strategy_principle::Model {
        id,
        strategy_id: was.read("strategyId")?,
        number: was.number("number")?,
        name: was.text("name")?,
        version,
    })
}

impl Aggregate for StrategyPrinciple {
    const KIND: SubjectKind = SubjectKind::StrategyPrinciple;
    type Table = strategy_principle::Entity;

    fn fields(&self) -> Fields {
        vec![
            ("strategyId", text(self.row.strategy_id)),
            ("number", self.row.number.into()),
            ("name", text(&self.row.name)),
        ]
    }

    async fn load(db: &DatabaseTransaction, id: Uuid) -> Result<Option<Self>> {
        let found = strategy_principle::Entity::find_by_id(id)
            .find_also_related(strategy_table::Entity)
            .one(db)
            .await?;
        Ok(found.and_then(|(row, strategy)| Some(Self { row, strategy: strategy? })))
    }

    async fn store(&self, store: &mut Store<'_>, before: Option<&Self>) -> Result<()> {
        let version = strategy_principle::Column::Version;
        store
            .save::<strategy_principle::Entity>(self.row.clone(), version, before.map(Versioned::version))
            .await
    }
}

/// Makes a principle of a strategy or names it anew.
#[derive(Clone, Debug)]
pub struct Put {
    pub strategy: String,
    pub number: i32,
    pub name: String,
}

impl Operation for Put {
    const ACTION: Action = Action::Import;
    const NAMED_BY: &'static str = "number";
    type Subject = StrategyPrinciple;

    async fn find(&self, scope: &Scope<'_>) -> Result<Option<StrategyPrinciple>> {
        let Some(strategy) = strategy::by_name(scope.db, &self.strategy).await? else { return Ok(None) };
        let row = strategy_principle::Entity::find()
            .filter(strategy_principle::COLUMN.strategy_id.eq(strategy.id))
            .filter(strategy_principle::COLUMN.number.eq(self.number))
            .one(scope.db)
            .await?;
        Ok(row.map(|row| StrategyPrinciple { row, strategy }))
    }

    async fn decide(
        &self,
        scope: &Scope<'_>,
        subject: Option<&StrategyPrinciple>,
    ) -> Result<StrategyPrinciple> {
        let mut faults = Faults::default();
        let name = faults.take("name", required(&self.name, LINE));
        faults.unless(self.number > 0, "number", Problem::OutOfRange { from: 1, to: i64::from(i32::MAX) });
        faults.finish()?;
        let strategy = strategy::by_name(scope.db, &self.strategy).await?;
        let strategy = strategy.ok_or_else(|| Error::refused("strategy", Problem::NotFound))?;
        Ok(StrategyPrinciple {
            row: strategy_principle::Model {
                id: subject.map_or_else(|| scope.new_id(), |principle| principle.row.id),
                strategy_id: strategy.id,
                number: self.number,
                name,
                version: subject.map_or(0, Versioned::version),
            },
            strategy,
        })
    }
}
