//! The municipality's administrations.

pub use entity::forvaltning::Model as Forvaltning;

use entity::forvaltning;
use sea_orm::{DatabaseTransaction, EntityTrait, QueryFilter};

use crate::columns::{Action, SubjectKind, Uuid};
use crate::error::{Faults, Result};
use crate::event::{Fields, text};
use crate::history::past::{Remade, Was};
use crate::input::text::{LINE, required};
use crate::operation::{Aggregate, Operation, Scope, Store, versioned};

versioned!(Forvaltning);

impl Remade for Forvaltning {
    fn remade(id: Uuid, version: i64, was: &Was) -> Result<Self> {
        Ok(Self { id, code: was.text("code")?, name: was.text("name")?, version })
    }
}

impl Aggregate for Forvaltning {
    const KIND: SubjectKind = SubjectKind::Forvaltning;
    type Table = forvaltning::Entity;

    fn fields(&self) -> Fields {
        vec![("code", text(&self.code)), ("name", text(&self.name))]
    }

    async fn load(db: &DatabaseTransaction, id: Uuid) -> Result<Option<Self>> {
        Ok(forvaltning::Entity::find_by_id(id).one(db).await?)
    }

    async fn store(&self, store: &mut Store<'_>, before: Option<&Self>) -> Result<()> {
        store
            .save::<forvaltning::Entity>(
                self.clone(),
                forvaltning::Column::Version,
                before.map(|row| row.version),
            )
            .await
    }
}

/// Makes a forvaltning or names it anew.
#[derive(Clone, Debug)]
pub struct Put {
    pub code: String,
    pub name: String,
}

impl Operation for Put {
    const ACTION: Action = Action::Import;
    const NAMED_BY: &'static str = "code";
    type Subject = Forvaltning;

    async fn find(&self, scope: &Scope<'_>) -> Result<Option<Forvaltning>> {
        Ok(forvaltning::Entity::find().filter(forvaltning::COLUMN.code.eq(&self.code)).one(scope.db).await?)
    }

    async fn decide(&self, scope: &Scope<'_>, subject: Option<&Forvaltning>) -> Result<Forvaltning> {
        let mut faults = Faults::default();
        let code = faults.take("code", required(&self.code, 16));
        let name = faults.take("name", required(&self.name, LINE));
        faults.finish()?;
        Ok(Forvaltning {
            id: subject.map_or_else(|| scope.new_id(), |row| row.id),
            code,
            name,
            version: subject.map_or(0, |row| row.version),
        })
    }
}
