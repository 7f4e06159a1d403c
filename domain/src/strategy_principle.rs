//! The numbered principles of a strategy, valid for the strategy's years.

use entity::{strategy, strategy_principle};
use sea_orm::{ActiveModelTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter};

use crate::columns::{Action, SubjectKind, Uuid};
use crate::error::{Faults, Problem, Result};
use crate::event::{Fields, text};
use crate::operation::{Aggregate, Operation, Scope, Versioned, save, versioned};
use crate::text::{LINE, required};

/// A principle with the strategy it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StrategyPrinciple {
    pub row: strategy_principle::Model,
    pub strategy: strategy::Model,
}

impl StrategyPrinciple {
    pub fn covers(&self, year: i32) -> bool {
        (self.strategy.from_year..=self.strategy.to_year).contains(&year)
    }
}

versioned!(StrategyPrinciple, by row);

impl Aggregate for StrategyPrinciple {
    const KIND: SubjectKind = SubjectKind::StrategyPrinciple;

    fn fields(&self) -> Fields {
        vec![
            ("strategy", text(&self.strategy.name)),
            ("strategyId", text(self.strategy.id)),
            ("fromYear", self.strategy.from_year.into()),
            ("toYear", self.strategy.to_year.into()),
            ("number", self.row.number.into()),
            ("name", text(&self.row.name)),
        ]
    }

    async fn load(db: &DatabaseTransaction, id: Uuid) -> Result<Option<Self>> {
        let found =
            strategy_principle::Entity::find_by_id(id).find_also_related(strategy::Entity).one(db).await?;
        Ok(found.and_then(|(row, strategy)| Some(Self { row, strategy: strategy? })))
    }

    async fn store(&self, db: &DatabaseTransaction, before: Option<&Self>) -> Result<()> {
        match strategy::Entity::find_by_id(self.strategy.id).one(db).await? {
            None => {
                strategy::Entity::insert(self.strategy.clone().into_active_model())
                    .exec_without_returning(db)
                    .await?;
            }
            Some(stored) if stored != self.strategy => {
                self.strategy.clone().into_active_model().reset_all().update(db).await?;
            }
            Some(_) => {}
        }
        let version = strategy_principle::Column::Version;
        save::<strategy_principle::Entity>(db, self.row.clone(), version, before.map(Versioned::version))
            .await
    }
}

/// Makes a principle, and its strategy with it, or names it anew.
#[derive(Clone, Debug)]
pub struct Put {
    pub strategy: String,
    pub from_year: i32,
    pub to_year: i32,
    pub number: i32,
    pub name: String,
}

impl Put {
    async fn strategy(&self, scope: &Scope<'_>) -> Result<Option<strategy::Model>> {
        Ok(strategy::Entity::find().filter(strategy::COLUMN.name.eq(&self.strategy)).one(scope.db).await?)
    }
}

impl Operation for Put {
    const ACTION: Action = Action::Import;
    const NAMED_BY: &'static str = "number";
    type Subject = StrategyPrinciple;

    async fn find(&self, scope: &Scope<'_>) -> Result<Option<StrategyPrinciple>> {
        let Some(strategy) = self.strategy(scope).await? else {
            return Ok(None);
        };
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
        let strategy_name = faults.take("strategy", required(&self.strategy, LINE));
        let name = faults.take("name", required(&self.name, LINE));
        faults.unless(self.number > 0, "number", Problem::OutOfRange { from: 1, to: i64::from(i32::MAX) });
        faults.unless(self.from_year <= self.to_year, "to_year", Problem::StartAfterEnd);
        faults.finish()?;
        let strategy_id = self.strategy(scope).await?.map_or_else(|| scope.new_id(), |strategy| strategy.id);
        Ok(StrategyPrinciple {
            strategy: strategy::Model {
                id: strategy_id,
                name: strategy_name,
                from_year: self.from_year,
                to_year: self.to_year,
            },
            row: strategy_principle::Model {
                id: subject.map_or_else(|| scope.new_id(), |principle| principle.row.id),
                strategy_id,
                number: self.number,
                name,
                version: subject.map_or(0, Versioned::version),
            },
        })
    }
}
