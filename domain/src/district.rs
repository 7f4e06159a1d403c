//! Places in a tree, with the other names they go by.

use entity::{district, district_alias};
use sea_orm::{DatabaseTransaction, EntityTrait, QueryFilter};

use crate::columns::{Action, SubjectKind, Uuid};
use crate::error::{Faults, Problem, Result};
use crate::event::{Fields, text, text_or_none, texts};
use crate::history::past::{Remade, Was};
use crate::input::text::{LINE, required, sort_key};
use crate::operation::{Aggregate, Operation, Scope, Store, Versioned, versioned};

/// A place with its aliases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct District {
    pub row: district::Model,
    /// In Danish order.
    pub aliases: Vec<String>,
}

impl District {
    pub(crate) fn new(mut aliases: Vec<String>, row: district::Model) -> Self {
        aliases.sort_by_cached_key(|alias| sort_key(alias));
        Self { row, aliases }
    }
}

versioned!(District, by row);

impl Remade for District {
    fn remade(id: Uuid, version: i64, was: &Was) -> Result<Self> {
        let row =
            district::Model { id, name: was.text("name")?, parent_id: was.optional("parentId")?, version };
        Ok(Self::new(was.texts("aliases").0, row))
    }
}

impl Aggregate for District {
    const KIND: SubjectKind = SubjectKind::District;
    type Table = district::Entity;

    fn fields(&self) -> Fields {
        vec![
            ("name", text(&self.row.name)),
            ("parentId", text_or_none(self.row.parent_id)),
            ("aliases", texts(&self.aliases)),
        ]
    }

    async fn load(db: &DatabaseTransaction, id: Uuid) -> Result<Option<Self>> {
        let Some(row) = district::Entity::find_by_id(id).one(db).await? else {
            return Ok(None);
        };
        let aliases =
            district_alias::Entity::find().filter(district_alias::COLUMN.district_id.eq(id)).all(db).await?;
        Ok(Some(Self::new(aliases.into_iter().map(|alias| alias.alias).collect(), row)))
    }

    async fn store(&self, store: &mut Store<'_>, before: Option<&Self>) -> Result<()> {
        store
            .save::<district::Entity>(
                self.row.clone(),
                district::Column::Version,
                before.map(Versioned::version),
            )
            .await?;
        district_alias::Entity::delete_many()
            .filter(district_alias::COLUMN.district_id.eq(self.row.id))
            .exec(store.settled().await?)
            .await?;
        let aliases = self
            .aliases
            .iter()
            .map(|alias| district_alias::Model { alias: alias.clone(), district_id: self.row.id });
        store.insert_all::<district_alias::Entity>(aliases.collect()).await
    }
}

/// Makes a place or changes where it lies and what else it is called.
#[derive(Clone, Debug)]
pub struct Put {
    pub name: String,
    pub part_of: Option<String>,
    pub aliases: Vec<String>,
}

impl Operation for Put {
    const ACTION: Action = Action::Import;
    const NAMED_BY: &'static str = "name";
    type Subject = District;

    async fn find(&self, scope: &Scope<'_>) -> Result<Option<District>> {
        let row = district::Entity::find().filter(district::COLUMN.name.eq(&self.name)).one(scope.db).await?;
        match row {
            Some(row) => District::load(scope.db, row.id).await,
            None => Ok(None),
        }
    }

    async fn decide(&self, scope: &Scope<'_>, subject: Option<&District>) -> Result<District> {
        let mut faults = Faults::default();
        let reference = scope.reference().await?;
        let id = subject.map_or_else(|| scope.new_id(), |district| district.row.id);
        let name = faults.take("name", required(&self.name, LINE));
        let other = reference.district(&name).filter(|other| other.row.id != id);
        faults.unless(other.is_none(), "name", Problem::Taken);
        let mut aliases = Vec::new();
        for (at, alias) in self.aliases.iter().enumerate() {
            let alias = faults.take(&format!("aliases.{at}"), required(alias, LINE));
            let other = reference.district(&alias).filter(|other| other.row.id != id);
            faults.unless(other.is_none() && alias != name, &format!("aliases.{at}"), Problem::Taken);
            faults.unless(!aliases.contains(&alias), &format!("aliases.{at}"), Problem::Repeated);
            aliases.push(alias);
        }
        let parent = match &self.part_of {
            Some(parent) => {
                let parent = reference.district(parent).map(|parent| parent.row.id);
                faults.unless(parent.is_some(), "part_of", Problem::NotFound);
                parent
            }
            None => None,
        };
        faults.unless(
            parent.is_none_or(|parent| !reference.with_parts(id).contains(&parent)),
            "part_of",
            Problem::OwnAncestor,
        );
        faults.finish()?;
        let row =
            district::Model { id, name, parent_id: parent, version: subject.map_or(0, Versioned::version) };
        Ok(District::new(aliases, row))
    }
}
