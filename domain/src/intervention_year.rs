//! What an intervention was in one reporting year: the report that its forvaltning drafts and submits, and another approves.

pub(crate) mod lifecycle;
mod operations;
mod report;

pub use entity::intervention_year::Model as InterventionYear;
pub use entity::target_group::Model as TargetGroup;
pub use operations::{Approve, Content, Put, Return, Submit, TargetGroupInput, Update};
pub use report::Report;

use std::collections::HashMap;

use entity::{
    event, intervention_year, intervention_year_district, intervention_year_partner,
    intervention_year_principle, target_group,
};
use sea_orm::{Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use crate::columns::{SubjectKind, Uuid};
use crate::context::Context;
use crate::district::District;
use crate::error::Result;
use crate::forvaltning::Forvaltning;
use crate::history::past::{self, Past};
use crate::page::grouped_by;
use crate::reference::Reference;
use crate::sight::{newest_years, seen};
use crate::strategy_principle::StrategyPrinciple;

fn visible(
    context: &Context,
    years: sea_orm::Select<intervention_year::Entity>,
) -> sea_orm::Select<intervention_year::Entity> {
    years.filter(seen(context, SubjectKind::InterventionYear, intervention_year::Column::InterventionId))
}

/// The reports that a condition on their events picks, as they stood.
async fn in_past(context: &Context, past: &Past, which: Condition) -> Result<Vec<Report>> {
    let visible = seen(context, SubjectKind::InterventionYear, event::Column::InterventionId);
    past::remade(context, past, which.add(visible)).await
}

/// The reports of some years.
pub(crate) async fn of_years(context: &Context, years: &[i32]) -> Result<Vec<InterventionYear>> {
    if let Some(past) = context.past() {
        let of_years = intervention_year::Entity::find()
            .select_only()
            .column(intervention_year::Column::Id)
            .filter(intervention_year::COLUMN.year.is_in(years.iter().copied()))
            .into_query();
        let reports = in_past(context, past, past::of_rows(of_years)).await?;
        return Ok(reports.into_iter().map(|report| report.row).collect());
    }
    let snapshot = context.snapshot().await?;
    let rows =
        intervention_year::Entity::find().filter(intervention_year::COLUMN.year.is_in(years.iter().copied()));
    Ok(visible(context, rows).all(&snapshot.db).await?)
}

/// The newest year of each intervention.
pub async fn current(context: &Context, interventions: &[Uuid]) -> Result<HashMap<Uuid, InterventionYear>> {
    if context.past().is_some() {
        let years = of_interventions(context, interventions).await?.into_iter();
        return Ok(years.filter_map(|(id, years)| Some((id, years.into_iter().next()?))).collect());
    }
    let snapshot = context.snapshot().await?;
    let newest =
        newest_years().filter(intervention_year::COLUMN.intervention_id.is_in(interventions.iter().copied()));
    let rows = visible(context, newest).all(&snapshot.db).await?;
    Ok(rows.into_iter().map(|row| (row.intervention_id, row)).collect())
}

/// All years of each intervention, the newest first.
pub async fn of_interventions(
    context: &Context,
    interventions: &[Uuid],
) -> Result<HashMap<Uuid, Vec<InterventionYear>>> {
    if let Some(past) = context.past() {
        let which = past::of_interventions(interventions.iter().copied());
        let reports = in_past(context, past, which).await?;
        let mut rows: Vec<_> = reports.into_iter().map(|report| report.row).collect();
        rows.sort_by_key(|row| std::cmp::Reverse(row.year));
        return Ok(grouped_by(rows, |row| row.intervention_id));
    }
    let snapshot = context.snapshot().await?;
    let years = intervention_year::Entity::find()
        .filter(intervention_year::COLUMN.intervention_id.is_in(interventions.iter().copied()))
        .order_by_desc(intervention_year::COLUMN.year);
    Ok(grouped_by(visible(context, years).all(&snapshot.db).await?, |row| row.intervention_id))
}

pub async fn by_id(context: &Context, id: Uuid) -> Result<Option<InterventionYear>> {
    let snapshot = context.snapshot().await?;
    Ok(visible(context, intervention_year::Entity::find_by_id(id)).one(&snapshot.db).await?)
}

/// The forvaltninger that take part in each report without leading, in Danish order of their codes.
pub async fn partners(context: &Context, reports: &[Uuid]) -> Result<HashMap<Uuid, Vec<Forvaltning>>> {
    let pairs = if let Some(past) = context.past() {
        members_in_past(context, past, reports, |report| &report.partners).await?
    } else {
        let snapshot = context.snapshot().await?;
        let links = intervention_year_partner::Entity::find()
            .filter(intervention_year_partner::COLUMN.intervention_year_id.is_in(reports.iter().copied()));
        let links = links.all(&snapshot.db).await?;
        links.iter().map(|link| (link.intervention_year_id, link.forvaltning_id)).collect()
    };
    Ok(grouped(&pairs, &Reference::of(context).await?.forvaltninger, |forvaltning| forvaltning.id))
}

/// The principles that each report works with, by number.
pub async fn principles(
    context: &Context,
    reports: &[Uuid],
) -> Result<HashMap<Uuid, Vec<StrategyPrinciple>>> {
    let pairs = principle_pairs(context, reports).await?;
    Ok(grouped(&pairs, &Reference::of(context).await?.principles, |principle| principle.row.id))
}

/// Each of these reports with each of its principles.
pub(crate) async fn principle_pairs(context: &Context, reports: &[Uuid]) -> Result<Vec<(Uuid, Uuid)>> {
    if let Some(past) = context.past() {
        return members_in_past(context, past, reports, |report| &report.principles).await;
    }
    let snapshot = context.snapshot().await?;
    let links = intervention_year_principle::Entity::find()
        .filter(intervention_year_principle::COLUMN.intervention_year_id.is_in(reports.iter().copied()))
        .all(&snapshot.db)
        .await?;
    Ok(links.iter().map(|link| (link.intervention_year_id, link.strategy_principle_id)).collect())
}

/// The districts that each report is aimed at, in Danish order.
pub async fn districts(context: &Context, reports: &[Uuid]) -> Result<HashMap<Uuid, Vec<District>>> {
    let pairs = district_pairs(context, reports).await?;
    Ok(grouped(&pairs, &Reference::of(context).await?.districts, |district| district.row.id))
}

/// Each of these reports with each of its districts.
pub(crate) async fn district_pairs(context: &Context, reports: &[Uuid]) -> Result<Vec<(Uuid, Uuid)>> {
    if let Some(past) = context.past() {
        return members_in_past(context, past, reports, |report| &report.districts).await;
    }
    let snapshot = context.snapshot().await?;
    let links = intervention_year_district::Entity::find()
        .filter(intervention_year_district::COLUMN.intervention_year_id.is_in(reports.iter().copied()))
        .all(&snapshot.db)
        .await?;
    Ok(links.iter().map(|link| (link.intervention_year_id, link.district_id)).collect())
}

/// Whom each report is about, in the order it gives.
pub async fn target_groups(context: &Context, reports: &[Uuid]) -> Result<HashMap<Uuid, Vec<TargetGroup>>> {
    let rows = if let Some(past) = context.past() {
        let reports = in_past(context, past, past::of_subjects(reports)).await?;
        reports.into_iter().flat_map(|report| report.target_groups).collect()
    } else {
        let snapshot = context.snapshot().await?;
        let groups = target_group::Entity::find()
            .filter(target_group::COLUMN.intervention_year_id.is_in(reports.iter().copied()))
            .order_by_asc(target_group::COLUMN.position);
        groups.all(&snapshot.db).await?
    };
    Ok(grouped_by(rows, |row| row.intervention_year_id))
}

/// Each of these reports, as it stood, with each of its members.
async fn members_in_past(
    context: &Context,
    past: &Past,
    reports: &[Uuid],
    members: fn(&Report) -> &[Uuid],
) -> Result<Vec<(Uuid, Uuid)>> {
    let reports = in_past(context, past, past::of_subjects(reports)).await?;
    let pairs = |report: &Report| {
        let id = report.row.id;
        members(report).iter().map(|member| (id, *member)).collect::<Vec<_>>()
    };
    Ok(reports.iter().flat_map(pairs).collect())
}

/// The members of each report, in the order of the set they are from.
fn grouped<T: Clone>(links: &[(Uuid, Uuid)], set: &[T], id: impl Fn(&T) -> Uuid) -> HashMap<Uuid, Vec<T>> {
    let mut members: HashMap<Uuid, Vec<T>> = HashMap::new();
    for item in set {
        for (report, _) in links.iter().filter(|(_, member)| *member == id(item)) {
            members.entry(*report).or_default().push(item.clone());
        }
    }
    members
}
