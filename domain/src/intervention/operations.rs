//! Making interventions and changing what they are called and belong to.

use entity::intervention;
use sea_orm::{DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{Intervention, owners, required, visible};
use crate::Edit;
use crate::access_log::{Name, named};
use crate::columns::{AccessedKind, Action, Uuid};
use crate::error::{Error, Faults, Problem, Result, year_out_of_range};
use crate::input::moment::YEARS;
use crate::input::text::{self, LINE};
use crate::operation::{Aggregate, Operation, Scope};
use crate::policy::Owners;

/// More than any unit has above it; a longer way up is a circle.
const MOST_ANCESTORS: usize = 16;

/// Makes an intervention. Its first year, drafted next, says whose it is.
#[derive(Clone, Debug)]
pub struct Create {
    pub slug: String,
    pub name: String,
    pub since: Option<i32>,
    /// The unit it is a part of.
    pub parent: Option<ParentRef>,
}

/// How an input names a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParentRef {
    /// None for an id of another kind or none of ours, which is answered as one that does not exist.
    Id(Option<Uuid>),
    Slug(String),
}

/// Changes what an intervention is called and belongs to.
#[derive(Clone, Debug)]
pub struct Update {
    pub id: Option<Uuid>,
    pub slug: Option<String>,
    pub name: Option<String>,
    pub since: Edit<i32>,
    pub parent: Edit<ParentRef>,
}

/// Makes the intervention of this slug, or makes it what the file says.
#[derive(Clone, Debug)]
pub struct Put(pub Create);

impl Operation for Create {
    const ACTION: Action = Action::Create;
    const NAMED_BY: &'static str = "slug";
    type Subject = Intervention;

    fn names(&self) -> Vec<Name> {
        of_parent(self.parent.as_ref()).into_iter().collect()
    }

    async fn decide(&self, scope: &Scope<'_>, _subject: Option<&Intervention>) -> Result<Intervention> {
        checked(scope, scope.new_id(), 0, &self.slug, &self.name, self.since, self.parent.as_ref()).await
    }
}

impl Operation for Put {
    const ACTION: Action = Action::Import;
    const NAMED_BY: &'static str = "slug";
    type Subject = Intervention;

    async fn find(&self, scope: &Scope<'_>) -> Result<Option<Intervention>> {
        Ok(intervention::Entity::find()
            .filter(intervention::COLUMN.slug.eq(&self.0.slug))
            .one(scope.db)
            .await?)
    }

    async fn decide(&self, scope: &Scope<'_>, subject: Option<&Intervention>) -> Result<Intervention> {
        let id = subject.map_or_else(|| scope.new_id(), |row| row.id);
        let version = subject.map_or(0, |row| row.version);
        checked(scope, id, version, &self.0.slug, &self.0.name, self.0.since, self.0.parent.as_ref()).await
    }
}

impl Operation for Update {
    const ACTION: Action = Action::Update;
    type Subject = Intervention;

    fn names(&self) -> Vec<Name> {
        let intervention = named(Self::NAMED_BY, AccessedKind::Intervention, self.id);
        [intervention].into_iter().chain(of_parent(self.parent.clone().over(None).as_ref())).collect()
    }

    async fn find(&self, scope: &Scope<'_>) -> Result<Option<Intervention>> {
        required(scope, self.id, Self::NAMED_BY).await.map(Some)
    }

    async fn owners(&self, scope: &Scope<'_>, subject: Option<&Intervention>) -> Result<Owners> {
        owners(scope.db, subject.map(|row| row.id)).await
    }

    async fn decide(&self, scope: &Scope<'_>, subject: Option<&Intervention>) -> Result<Intervention> {
        let row = subject.ok_or_else(|| Error::refused(Self::NAMED_BY, Problem::NotFound))?;
        let slug = self.slug.as_ref().unwrap_or(&row.slug);
        let name = self.name.as_ref().unwrap_or(&row.name);
        let parent = self.parent.clone().over(row.parent_id.map(|id| ParentRef::Id(Some(id))));
        checked(scope, row.id, row.version, slug, name, self.since.clone().over(row.since), parent.as_ref())
            .await
    }
}

/// The unit that an input names by id.
fn of_parent(parent: Option<&ParentRef>) -> Option<Name> {
    match parent {
        Some(ParentRef::Id(id)) => Some(named("parentId", AccessedKind::Intervention, *id)),
        Some(ParentRef::Slug(_)) | None => None,
    }
}

/// The rules that every intervention meets, whoever writes it.
async fn checked(
    scope: &Scope<'_>,
    id: Uuid,
    version: i64,
    slug: &str,
    name: &str,
    since: Option<i32>,
    parent: Option<&ParentRef>,
) -> Result<Intervention> {
    let mut faults = Faults::default();
    let slug = faults.take("slug", text::slug(slug));
    let name = faults.take("name", text::required(name, LINE));
    faults.unless(since.is_none_or(|year| YEARS.contains(&year)), "since", year_out_of_range());
    if !slug.is_empty() {
        let holder =
            intervention::Entity::find().filter(intervention::COLUMN.slug.eq(&slug)).one(scope.db).await?;
        faults.unless(holder.is_none_or(|holder| holder.id == id), "slug", Problem::Taken);
    }
    let parent_id = match parent {
        Some(parent) => match find_parent(scope, parent).await? {
            Some(parent) if is_above(scope.db, id, &parent).await? => {
                faults.add("parentId", Problem::OwnAncestor);
                None
            }
            Some(parent) => Some(parent.id),
            None => {
                faults.add("parentId", Problem::NotFound);
                None
            }
        },
        None => None,
    };
    faults.finish()?;
    Ok(Intervention {
        id,
        name_key: text::sort_key(&name),
        name_search: text::folded(&name),
        slug,
        name,
        since,
        parent_id,
        version,
    })
}

async fn find_parent(scope: &Scope<'_>, parent: &ParentRef) -> Result<Option<Intervention>> {
    let found = match parent {
        ParentRef::Id(Some(id)) => visible(scope.context).filter(intervention::COLUMN.id.eq(*id)),
        ParentRef::Slug(slug) => visible(scope.context).filter(intervention::COLUMN.slug.eq(slug)),
        ParentRef::Id(None) => return Ok(None),
    };
    Ok(found.one(scope.db).await?)
}

/// Whether `id` is `unit` or stands above it.
async fn is_above(db: &DatabaseTransaction, id: Uuid, unit: &Intervention) -> Result<bool> {
    // Two that move under each other at once would make a circle: whoever changes the tree holds all of it.
    let tree = intervention::Entity::find().order_by_asc(intervention::COLUMN.id).lock_exclusive();
    tree.all(db).await?;
    let mut above = Some(unit.id);
    for _ in 0..MOST_ANCESTORS {
        let Some(unit) = above else { return Ok(false) };
        if unit == id {
            return Ok(true);
        }
        // Read after the tree is held: what was read before may be old.
        above = Intervention::load(db, unit).await?.and_then(|unit| unit.parent_id);
    }
    Ok(true)
}
