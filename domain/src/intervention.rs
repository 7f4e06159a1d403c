//! Programmes of work over years.

mod operations;

pub use entity::intervention::Model as Intervention;
pub use operations::{Create, ParentRef, Put, Update};

use std::collections::HashMap;

use entity::{intervention, intervention_year, intervention_year_district, intervention_year_principle};
use sea_orm::sea_query::{LikeExpr, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, EntityTrait, IntoSimpleExpr, JoinType, QueryFilter,
    QuerySelect, QueryTrait, Select,
};

use crate::columns::{SubjectKind, Uuid};
use crate::context::Context;
use crate::error::{Error, Problem, Result};
use crate::event::{Fields, text, text_or_none};
use crate::operation::{Aggregate, Scope, save, versioned};
use crate::page::{Connection, Direction, Key, Listing, Page, grouped_by};
use crate::policy::Owners;
use crate::reference::Reference;
use crate::sight::{interventions_of, led_by, newest_years, partnered_by, seen};
use crate::text::{folded, like_pattern};

/// Which interventions a list holds. What they are is told by their newest year.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// A part of the name, whatever its case.
    pub search: Option<String>,
    /// The code of the forvaltning that leads.
    pub lead: Option<String>,
    /// The code of a forvaltning that leads or takes part.
    pub forvaltning: Option<String>,
    /// The number of a principle it works with.
    pub principle: Option<i32>,
    /// The name or alias of a district it is aimed at, in whole or in part.
    pub district: Option<String>,
    pub citywide: Option<bool>,
    /// With a report for this year.
    pub year: Option<i32>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OrderField {
    #[default]
    Name,
    Since,
}

#[derive(Clone, Copy, Debug, Default)]
pub struct Order {
    pub field: OrderField,
    pub direction: Direction,
}

/// Those interventions that the actor sees. Every read of interventions begins here.
fn visible(context: &Context) -> Select<intervention::Entity> {
    intervention::Entity::find().filter(seen(context, SubjectKind::Intervention, intervention::Column::Id))
}

pub async fn by_id(context: &Context, id: Uuid) -> Result<Option<Intervention>> {
    let snapshot = context.snapshot().await?;
    Ok(visible(context).filter(intervention::COLUMN.id.eq(id)).one(&snapshot.db).await?)
}

pub async fn by_slug(context: &Context, slug: &str) -> Result<Option<Intervention>> {
    let snapshot = context.snapshot().await?;
    Ok(visible(context).filter(intervention::COLUMN.slug.eq(slug)).one(&snapshot.db).await?)
}

pub async fn by_ids(context: &Context, ids: &[Uuid]) -> Result<HashMap<Uuid, Intervention>> {
    let snapshot = context.snapshot().await?;
    let rows =
        visible(context).filter(intervention::COLUMN.id.is_in(ids.iter().copied())).all(&snapshot.db).await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// The parts of each unit, in Danish order.
pub async fn parts(context: &Context, units: &[Uuid]) -> Result<HashMap<Uuid, Vec<Intervention>>> {
    let snapshot = context.snapshot().await?;
    let mut rows = visible(context)
        .filter(intervention::COLUMN.parent_id.is_in(units.iter().copied()))
        .all(&snapshot.db)
        .await?;
    rows.sort_by(|one, other| one.name_key.cmp(&other.name_key));
    Ok(grouped_by(rows, |row| row.parent_id.unwrap_or(row.id)))
}

pub async fn list(
    context: &Context,
    filter: &Filter,
    order: Order,
    page: &Page,
) -> Result<Connection<Intervention>> {
    let Some(condition) = condition(context, filter).await? else {
        return Ok(Connection::empty(page));
    };
    let snapshot = context.snapshot().await?;
    let listing = match order.field {
        OrderField::Name => by_name(order.direction),
        OrderField::Since => by_since(order.direction),
    };
    listing.fetch(&snapshot.db, visible(context).filter(condition), page).await
}

/// The interventions with a report for each year, in Danish order.
pub async fn of_years(
    context: &Context,
    years: &[i32],
    page: &Page,
) -> Result<HashMap<i32, Connection<Intervention>>> {
    let snapshot = context.snapshot().await?;
    let reports = intervention::Entity::belongs_to(intervention_year::Entity)
        .from(intervention::Column::Id)
        .to(intervention_year::Column::InterventionId);
    let select = visible(context)
        .join(JoinType::InnerJoin, reports.into())
        .filter(intervention_year::COLUMN.year.is_in(years.iter().copied()));
    by_name(Direction::Ascending)
        .fetch_for_each(&snapshot.db, select, page, intervention_year::Column::Year)
        .await
}

fn by_name(direction: Direction) -> Listing<intervention::Entity> {
    let key = Key::Bytes(intervention::Column::NameKey.into_simple_expr(), |row: &Intervention| {
        row.name_key.clone()
    });
    Listing { list: 2, key, direction, id_column: intervention::Column::Id, id: |row| row.id }
}

fn by_since(direction: Direction) -> Listing<intervention::Entity> {
    let since = |row: &Intervention| row.since.map(i64::from);
    let key = Key::Number(intervention::Column::Since.into_simple_expr(), since);
    Listing { list: 3, key, direction, id_column: intervention::Column::Id, id: |row| row.id }
}

/// None where the filter names something that does not exist: then nothing fits.
async fn condition(context: &Context, filter: &Filter) -> Result<Option<Condition>> {
    let reference = Reference::of(context).await?;
    let mut all = Condition::all();
    let id = intervention::Column::Id;
    if let Some(search) = &filter.search {
        let pattern = LikeExpr::new(like_pattern(&folded(search))).escape('\\');
        all = all.add(intervention::Column::NameSearch.like(pattern));
    }
    for (code, takes_part) in [(&filter.lead, false), (&filter.forvaltning, true)] {
        let Some(code) = code else { continue };
        let Some(forvaltning) = reference.forvaltning(code) else {
            return Ok(None);
        };
        let mut any = Condition::any().add(id.in_subquery(led_by(&[forvaltning.id])));
        if takes_part {
            any = any.add(id.in_subquery(partnered_by(&[forvaltning.id])));
        }
        all = all.add(any);
    }
    if let Some(number) = filter.principle {
        let same_number = reference.principles.iter().filter(|principle| principle.row.number == number);
        let principles: Vec<_> = same_number.map(|principle| principle.row.id).collect();
        let years = intervention_year_principle::Entity::find()
            .select_only()
            .column(intervention_year_principle::Column::InterventionYearId)
            .filter(intervention_year_principle::Column::StrategyPrincipleId.is_in(principles));
        all = all.add(id.in_subquery(with_newest_year_in(years.into_query())));
    }
    if let Some(name) = &filter.district {
        let Some(district) = reference.district(name) else {
            return Ok(None);
        };
        let years = intervention_year_district::Entity::find()
            .select_only()
            .column(intervention_year_district::Column::InterventionYearId)
            .filter(
                intervention_year_district::Column::DistrictId.is_in(reference.with_parts(district.row.id)),
            );
        all = all.add(id.in_subquery(with_newest_year_in(years.into_query())));
    }
    if let Some(citywide) = filter.citywide {
        all = all.add(id.in_subquery(interventions_of(
            newest_years().filter(intervention_year::COLUMN.citywide.eq(citywide)),
        )));
    }
    if let Some(year) = filter.year {
        let years = intervention_year::Entity::find().filter(intervention_year::COLUMN.year.eq(year));
        all = all.add(id.in_subquery(interventions_of(years)));
    }
    Ok(Some(all))
}

fn with_newest_year_in(years: SelectStatement) -> SelectStatement {
    interventions_of(newest_years().filter(intervention_year::Column::Id.in_subquery(years)))
}

/// Whose an intervention is: the forvaltninger of its newest year. Nobody's while it has none.
pub(crate) async fn owners(db: &DatabaseTransaction, id: Option<Uuid>) -> Result<Owners> {
    let Some(id) = id else { return Ok(Owners::default()) };
    let newest = newest_years().filter(intervention_year::COLUMN.intervention_id.eq(id)).one(db).await?;
    let Some(newest) = newest else {
        return Ok(Owners::default());
    };
    let partners = crate::intervention_year::partner_ids(db, newest.id).await?;
    Ok(Owners { lead: Some(newest.lead_id), partners })
}

/// The intervention of that id if the actor sees it, else a fault at `field`.
pub(crate) async fn required(scope: &Scope<'_>, id: Option<Uuid>, field: &str) -> Result<Intervention> {
    let Some(id) = id else {
        return Err(Error::refused(field, Problem::NotFound));
    };
    let found = visible(scope.context).filter(intervention::COLUMN.id.eq(id)).one(scope.db).await?;
    found.ok_or_else(|| Error::refused(field, Problem::NotFound))
}

versioned!(Intervention);

impl Aggregate for Intervention {
    const KIND: SubjectKind = SubjectKind::Intervention;
    type Table = intervention::Entity;

    fn intervention_id(&self) -> Option<Uuid> {
        Some(self.id)
    }

    fn fields(&self) -> Fields {
        vec![
            ("slug", text(&self.slug)),
            ("name", text(&self.name)),
            ("since", self.since.into()),
            ("parentId", text_or_none(self.parent_id)),
        ]
    }

    async fn load(db: &DatabaseTransaction, id: Uuid) -> Result<Option<Self>> {
        Ok(intervention::Entity::find_by_id(id).one(db).await?)
    }

    async fn store(&self, db: &DatabaseTransaction, before: Option<&Self>) -> Result<()> {
        save::<intervention::Entity>(
            db,
            self.clone(),
            intervention::Column::Version,
            before.map(|row| row.version),
        )
        .await
    }
}
