//! Programmes of work over years.

mod operations;

pub use entity::intervention::Model as Intervention;
pub use operations::{Create, ParentRef, Put, Update};

use std::borrow::Borrow;
use std::collections::HashMap;

use entity::{
    event, intervention, intervention_year as year_table, intervention_year_district,
    intervention_year_partner, intervention_year_principle,
};
use sea_orm::sea_query::{LikeExpr, SelectStatement, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, DbErr, EntityTrait, FromQueryResult, IntoSimpleExpr,
    JoinType, QueryFilter, QueryOrder, QueryResult, QuerySelect, QueryTrait, Select,
};

use crate::columns::{SubjectKind, Uuid};
use crate::context::Context;
use crate::error::{Error, Problem, Result};
use crate::event::{Fields, text, text_or_none};
use crate::history::past::{self, Past, Remade, Was};
use crate::in_order::InOrder;
use crate::input::text::{folded, like_pattern, sort_key, sought};
use crate::intervention_year;
use crate::operation::{Aggregate, Scope, Store, versioned};
use crate::page::{Connection, Direction, Key, Listing, Page, grouped_by};
use crate::policy::Owners;
use crate::reference::Reference;
use crate::sight::{Places, interventions_of, led_by_code, newest_years, partnered_by, seen};
use crate::virkningsevaluering;

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

/// Those of them that a condition on their events picks, as they stood.
async fn in_past(context: &Context, past: &Past, which: Condition) -> Result<Vec<Intervention>> {
    let visible = seen(context, SubjectKind::Intervention, event::Column::InterventionId);
    past::remade(context, past, which.add(visible)).await
}

pub async fn by_id(context: &Context, id: Uuid) -> Result<Option<Intervention>> {
    Ok(by_ids(context, &[id]).await?.remove(&id))
}

/// The intervention that has the slug now.
pub async fn by_slug(context: &Context, slug: &str) -> Result<Option<Intervention>> {
    let slug = sought(slug).map_err(|problem| Error::refused("slug", problem))?;
    let snapshot = context.at_any_time().await?;
    let found = visible(context).filter(intervention::COLUMN.slug.eq(slug)).one(&snapshot.db).await?;
    match (found, context.past()) {
        (Some(row), Some(_)) => by_id(context, row.id).await,
        (found, _) => Ok(found),
    }
}

pub async fn by_ids(context: &Context, ids: &[Uuid]) -> Result<HashMap<Uuid, Intervention>> {
    let rows = if let Some(past) = context.past() {
        in_past(context, past, past::of_subjects(ids)).await?
    } else {
        let snapshot = context.snapshot().await?;
        let of_ids = visible(context).filter(intervention::COLUMN.id.is_in(ids.iter().copied()));
        of_ids.all(&snapshot.db).await?
    };
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// The parts of each unit, in Danish order.
pub async fn parts(context: &Context, units: &[Uuid]) -> Result<HashMap<Uuid, Vec<Intervention>>> {
    let mut rows = if let Some(past) = context.past() {
        let all = intervention::Entity::find().select_only().column(intervention::Column::Id).into_query();
        let mut rows = in_past(context, past, past::of_rows(all)).await?;
        rows.retain(|row| row.parent_id.is_some_and(|parent| units.contains(&parent)));
        rows
    } else {
        let snapshot = context.snapshot().await?;
        let parts = visible(context).filter(intervention::COLUMN.parent_id.is_in(units.iter().copied()));
        parts.all(&snapshot.db).await?
    };
    rows.sort_by(|one, other| one.name_key.cmp(&other.name_key));
    Ok(grouped_by(rows, |row| row.parent_id.unwrap_or(row.id)))
}

/// What is read in the same statement as a list, since it will be asked for below it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Beside {
    /// How many evaluations of each the actor sees.
    pub evaluation_counts: bool,
    /// Whether the request reads nothing but the list and these.
    pub nothing_else: bool,
}

/// One of a list with the number of its evaluations.
struct Counted {
    row: Intervention,
    evaluations: i64,
}

const EVALUATIONS: &str = "evaluations";

impl Borrow<Intervention> for Counted {
    fn borrow(&self) -> &Intervention {
        &self.row
    }
}

impl FromQueryResult for Counted {
    fn from_query_result(found: &QueryResult, _prefix: &str) -> Result<Self, DbErr> {
        let mut row = InOrder::of(found);
        let intervention = Intervention {
            id: row.plain()?,
            slug: row.plain()?,
            name: row.plain()?,
            name_key: row.plain()?,
            name_search: row.plain()?,
            since: row.optional_plain()?,
            parent_id: row.optional_plain()?,
            version: row.plain()?,
        };
        Ok(Self { row: intervention, evaluations: row.plain()? })
    }
}

pub async fn list(
    context: &Context,
    filter: &Filter,
    order: Order,
    page: &Page,
    beside: Beside,
) -> Result<Connection<Intervention>> {
    let Some(condition) = condition(context, filter).await? else {
        return Ok(Connection::empty(page));
    };
    let only = beside.nothing_else && page.is_one_statement();
    let select = visible(context).filter(condition);
    if !beside.evaluation_counts {
        return context.read(only, async |db| listing(order).fetch(&db, select, page).await).await;
    }
    let count = virkningsevaluering::count_below(context, intervention::Column::Id);
    let select = select.expr_as(SimpleExpr::SubQuery(None, Box::new(count.into())), EVALUATIONS);
    let counted: Connection<Counted> =
        context.read(only, async |db| listing(order).fetch(&db, select, page).await).await?;
    let counts = counted.nodes.iter().map(|(_, counted)| (counted.row.id, counted.evaluations));
    context.remember_evaluation_counts(counts).await;
    Ok(counted.map(|counted| counted.row))
}

/// The interventions with a report for each year, in Danish order.
pub async fn of_years(
    context: &Context,
    years: &[i32],
    page: &Page,
) -> Result<HashMap<i32, Connection<Intervention>>> {
    if context.past().is_some() {
        return of_years_in_past(context, years, page).await;
    }
    let snapshot = context.snapshot().await?;
    let reports = intervention::Entity::belongs_to(year_table::Entity)
        .from(intervention::Column::Id)
        .to(year_table::Column::InterventionId);
    let select = visible(context)
        .join(JoinType::InnerJoin, reports.into())
        .filter(year_table::COLUMN.year.is_in(years.iter().copied()));
    by_name(Direction::Ascending).fetch_for_each(&snapshot.db, select, page, year_table::Column::Year).await
}

async fn of_years_in_past(
    context: &Context,
    years: &[i32],
    page: &Page,
) -> Result<HashMap<i32, Connection<Intervention>>> {
    let reports = intervention_year::of_years(context, years).await?;
    let ids: Vec<_> = reports.iter().map(|report| report.intervention_id).collect();
    let known = by_ids(context, &ids).await?;
    let of_year = |year: i32| {
        let reports = reports.iter().filter(|report| report.year == year);
        let mut rows: Vec<_> =
            reports.filter_map(|report| known.get(&report.intervention_id).cloned()).collect();
        rows.sort_by(|one, other| (&one.name_key, one.id).cmp(&(&other.name_key, other.id)));
        Connection::of_all(page, BY_NAME, rows, |row| (row.name_key.clone(), row.id))
    };
    years.iter().map(|year| Ok((*year, of_year(*year)?))).collect()
}

/// What tells cursors by name from others.
const BY_NAME: u8 = 2;

fn listing<M: Borrow<Intervention>>(order: Order) -> Listing<intervention::Entity, M> {
    match order.field {
        OrderField::Name => by_name(order.direction),
        OrderField::Since => by_since(order.direction),
    }
}

fn by_name<M: Borrow<Intervention>>(direction: Direction) -> Listing<intervention::Entity, M> {
    let name = |row: &M| row.borrow().name_key.clone();
    let key = Key::Bytes(intervention::Column::NameKey.into_simple_expr(), name);
    Listing { list: BY_NAME, key, direction, id_column: intervention::Column::Id, id: |row| row.borrow().id }
}

fn by_since<M: Borrow<Intervention>>(direction: Direction) -> Listing<intervention::Entity, M> {
    let since = |row: &M| row.borrow().since.map(i64::from);
    let key = Key::Number(intervention::Column::Since.into_simple_expr(), since);
    Listing { list: 3, key, direction, id_column: intervention::Column::Id, id: |row| row.borrow().id }
}

/// None where the filter names something that does not exist: then nothing fits.
async fn condition(context: &Context, filter: &Filter) -> Result<Option<Condition>> {
    let mut all = Condition::all();
    let id = intervention::Column::Id;
    if let Some(search) = &filter.search {
        let pattern = LikeExpr::new(like_pattern(&folded(search))).escape('\\');
        all = all.add(intervention::Column::NameSearch.like(pattern));
    }
    if let Some(code) = &filter.lead {
        all = all.add(led_by_code(code));
    }
    if let Some(code) = &filter.forvaltning {
        let takes_part = partnered_by(id, &Places::Code(code));
        all = all.add(Condition::any().add(led_by_code(code)).add(takes_part));
    }
    if let Some(number) = filter.principle {
        let reference = Reference::of(context).await?;
        let same_number = reference.principles.iter().filter(|principle| principle.row.number == number);
        let principles: Vec<_> = same_number.map(|principle| principle.row.id).collect();
        let years = intervention_year_principle::Entity::find()
            .select_only()
            .column(intervention_year_principle::Column::InterventionYearId)
            .filter(intervention_year_principle::Column::StrategyPrincipleId.is_in(principles));
        all = all.add(id.in_subquery(with_newest_year_in(years.into_query())));
    }
    if let Some(name) = &filter.district {
        let reference = Reference::of(context).await?;
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
        all = all.add(
            id.in_subquery(interventions_of(newest_years().filter(year_table::COLUMN.citywide.eq(citywide)))),
        );
    }
    if let Some(year) = filter.year {
        let years = year_table::Entity::find().filter(year_table::COLUMN.year.eq(year));
        all = all.add(id.in_subquery(interventions_of(years)));
    }
    Ok(Some(all))
}

fn with_newest_year_in(years: SelectStatement) -> SelectStatement {
    interventions_of(newest_years().filter(year_table::Column::Id.in_subquery(years)))
}

/// Whose an intervention is: the forvaltninger of its newest year. Nobody's while it has none.
pub(crate) async fn owners(db: &DatabaseTransaction, id: Option<Uuid>) -> Result<Owners> {
    let Some(id) = id else { return Ok(Owners::default()) };
    Ok(owners_of(db, &[id]).await?.remove(&id).unwrap_or_default())
}

/// The same for many; those that are nobody's are left out.
pub(crate) async fn owners_of(db: &DatabaseTransaction, ids: &[Uuid]) -> Result<HashMap<Uuid, Owners>> {
    let partnership = year_table::Entity::belongs_to(intervention_year_partner::Entity)
        .from(year_table::Column::Id)
        .to(intervention_year_partner::Column::InterventionYearId);
    let rows = newest_years()
        .filter(year_table::COLUMN.intervention_id.is_in(ids.iter().copied()))
        .join(JoinType::LeftJoin, partnership.into())
        .select_only()
        .columns([year_table::Column::InterventionId, year_table::Column::LeadId])
        .column(intervention_year_partner::Column::ForvaltningId)
        .order_by_asc(intervention_year_partner::Column::ForvaltningId)
        .into_tuple::<(Uuid, Uuid, Option<Uuid>)>()
        .all(db)
        .await?;
    let mut owners: HashMap<_, Owners> = HashMap::new();
    for (id, lead, partner) in rows {
        let owners = owners.entry(id).or_default();
        owners.lead = Some(lead);
        owners.partners.extend(partner);
    }
    Ok(owners)
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

impl Remade for Intervention {
    fn remade(id: Uuid, version: i64, was: &Was) -> Result<Self> {
        let name = was.text("name")?;
        Ok(Self {
            id,
            slug: was.text("slug")?,
            name_key: sort_key(&name),
            name_search: folded(&name),
            name,
            since: was.optional_number("since")?,
            parent_id: was.optional("parentId")?,
            version,
        })
    }
}

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

    async fn store(&self, store: &mut Store<'_>, before: Option<&Self>) -> Result<()> {
        store
            .save::<intervention::Entity>(
                self.clone(),
                intervention::Column::Version,
                before.map(|row| row.version),
            )
            .await
    }
}
