//! Strategies: what the principles of some years belong to.

pub use entity::strategy::Model as Strategy;

use entity::strategy;
use sea_orm::{DatabaseTransaction, EntityTrait, QueryFilter};

use crate::columns::{Action, SubjectKind, Uuid};
use crate::error::{Faults, Problem, Result, year_out_of_range};
use crate::event::{Fields, text};
use crate::history::past::{Remade, Was};
use crate::input::moment::YEARS;
use crate::input::text::{LINE, required};
use crate::operation::{Aggregate, Operation, Scope, Store, Versioned, versioned};

versioned!(Strategy);

impl Remade for Strategy {
    fn remade(id: Uuid, version: i64, was: &Was) -> Result<Self> {
        let (from_year, to_year) = (was.number("fromYear")?, was.number("toYear")?);
        Ok(Self { id, name: was.text("name")?, from_year, to_year, version })
    }
}

impl Aggregate for Strategy {
    const KIND: SubjectKind = SubjectKind::Strategy;
    type Table = strategy::Entity;

    fn fields(&self) -> Fields {
        vec![("name", text(&self.name)), ("fromYear", self.from_year.into()), ("toYear", self.to_year.into())]
    }

    async fn load(db: &DatabaseTransaction, id: Uuid) -> Result<Option<Self>> {
        Ok(strategy::Entity::find_by_id(id).one(db).await?)
    }

    async fn store(&self, store: &mut Store<'_>, before: Option<&Self>) -> Result<()> {
        store
            .save::<strategy::Entity>(self.clone(), strategy::Column::Version, before.map(Versioned::version))
            .await
    }
}

pub(crate) async fn by_name(db: &DatabaseTransaction, name: &str) -> Result<Option<Strategy>> {
    Ok(strategy::Entity::find().filter(strategy::COLUMN.name.eq(name)).one(db).await?)
}

/// Makes a strategy or changes its years.
#[derive(Clone, Debug)]
pub struct Put {
    pub name: String,
    pub from_year: i32,
    pub to_year: i32,
}

impl Operation for Put {
    const ACTION: Action = Action::Import;
    const NAMED_BY: &'static str = "strategy";
    type Subject = Strategy;

    async fn find(&self, scope: &Scope<'_>) -> Result<Option<Strategy>> {
        by_name(scope.db, &self.name).await
    }

    async fn decide(&self, scope: &Scope<'_>, subject: Option<&Strategy>) -> Result<Strategy> {
        let mut faults = Faults::default();
        let name = faults.take("strategy", required(&self.name, LINE));
        for (field, year) in [("from_year", self.from_year), ("to_year", self.to_year)] {
            faults.unless(YEARS.contains(&year), field, year_out_of_range());
        }
        faults.unless(self.from_year <= self.to_year, "to_year", Problem::StartAfterEnd);
        faults.finish()?;
        Ok(Strategy {
            id: subject.map_or_else(|| scope.new_id(), |row| row.id),
            name,
            from_year: self.from_year,
            to_year: self.to_year,
            version: subject.map_or(0, |row| row.version),
        })
    }
}
