//! What an intervention was in one reporting year: the report that its forvaltning drafts and submits, and another approves.

mod operations;

pub use entity::intervention_year::Model as InterventionYear;
pub use entity::target_group::Model as TargetGroup;
pub use operations::{Approve, Content, Put, Return, Submit, TargetGroupInput, Update};

use std::collections::HashMap;

use entity::{
    intervention_year, intervention_year_district, intervention_year_partner, intervention_year_principle,
    target_group,
};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use serde_json::{Value, json};

use crate::columns::{SubjectKind, Uuid};
use crate::context::Context;
use crate::district::District;
use crate::error::Result;
use crate::event::{FieldValue, Fields, text, text_or_none, texts};
use crate::forvaltning::Forvaltning;
use crate::operation::{Aggregate, Versioned, save, versioned};
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

/// The newest year of each intervention.
pub async fn current(context: &Context, interventions: &[Uuid]) -> Result<HashMap<Uuid, InterventionYear>> {
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
    let snapshot = context.snapshot().await?;
    let links = intervention_year_partner::Entity::find()
        .filter(intervention_year_partner::COLUMN.intervention_year_id.is_in(reports.iter().copied()))
        .all(&snapshot.db)
        .await?;
    let pairs: Vec<_> = links.iter().map(|link| (link.intervention_year_id, link.forvaltning_id)).collect();
    Ok(grouped(&pairs, &Reference::of(context).await?.forvaltninger, |forvaltning| forvaltning.id))
}

/// The principles that each report works with, by number.
pub async fn principles(
    context: &Context,
    reports: &[Uuid],
) -> Result<HashMap<Uuid, Vec<StrategyPrinciple>>> {
    let snapshot = context.snapshot().await?;
    let links = intervention_year_principle::Entity::find()
        .filter(intervention_year_principle::COLUMN.intervention_year_id.is_in(reports.iter().copied()))
        .all(&snapshot.db)
        .await?;
    let pairs: Vec<_> =
        links.iter().map(|link| (link.intervention_year_id, link.strategy_principle_id)).collect();
    Ok(grouped(&pairs, &Reference::of(context).await?.principles, |principle| principle.row.id))
}

/// The districts that each report is aimed at, in Danish order.
pub async fn districts(context: &Context, reports: &[Uuid]) -> Result<HashMap<Uuid, Vec<District>>> {
    let snapshot = context.snapshot().await?;
    let links = intervention_year_district::Entity::find()
        .filter(intervention_year_district::COLUMN.intervention_year_id.is_in(reports.iter().copied()))
        .all(&snapshot.db)
        .await?;
    let pairs: Vec<_> = links.iter().map(|link| (link.intervention_year_id, link.district_id)).collect();
    Ok(grouped(&pairs, &Reference::of(context).await?.districts, |district| district.row.id))
}

/// Whom each report is about, in the order it gives.
pub async fn target_groups(context: &Context, reports: &[Uuid]) -> Result<HashMap<Uuid, Vec<TargetGroup>>> {
    let snapshot = context.snapshot().await?;
    let rows = target_group::Entity::find()
        .filter(target_group::COLUMN.intervention_year_id.is_in(reports.iter().copied()))
        .order_by_asc(target_group::COLUMN.position)
        .all(&snapshot.db)
        .await?;
    Ok(grouped_by(rows, |row| row.intervention_year_id))
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

pub(crate) async fn partner_ids(db: &DatabaseTransaction, report: Uuid) -> Result<Vec<Uuid>> {
    let links = intervention_year_partner::Entity::find()
        .filter(intervention_year_partner::COLUMN.intervention_year_id.eq(report))
        .order_by_asc(intervention_year_partner::COLUMN.forvaltning_id)
        .all(db)
        .await?;
    Ok(links.into_iter().map(|link| link.forvaltning_id).collect())
}

/// A report with everything that belongs to it alone. Ids are sorted.
#[derive(Clone, Debug)]
pub struct Report {
    pub row: InterventionYear,
    partners: Vec<Uuid>,
    principles: Vec<Uuid>,
    districts: Vec<Uuid>,
    target_groups: Vec<TargetGroup>,
}

versioned!(Report, by row);

impl Aggregate for Report {
    const KIND: SubjectKind = SubjectKind::InterventionYear;
    type Table = intervention_year::Entity;

    fn intervention_id(&self) -> Option<Uuid> {
        Some(self.row.intervention_id)
    }

    fn fields(&self) -> Fields {
        let groups: Value = self
            .target_groups
            .iter()
            .map(|group| {
                let age = |age: Option<crate::Decimal>| age.map(|age| age.to_string());
                json!({ "name": group.name, "ageFrom": age(group.age_from), "ageTo": age(group.age_to) })
            })
            .collect();
        vec![
            ("interventionId", text(self.row.intervention_id)),
            ("year", self.row.year.into()),
            ("status", text(self.row.status)),
            ("leadForvaltningId", text(self.row.lead_id)),
            ("partnerForvaltningIds", texts(&self.partners)),
            ("principleIds", texts(&self.principles)),
            ("citywide", self.row.citywide.into()),
            ("districtIds", texts(&self.districts)),
            ("targetGroups", FieldValue::Shown(groups)),
            ("inPackage", self.row.in_package.into()),
            ("anonymous", self.row.anonymous.into()),
            ("externalPartners", texts(&self.row.external_partners.0)),
            ("problem", text_or_none(self.row.problem.as_ref())),
            ("method", text_or_none(self.row.method.as_ref())),
            ("activities", texts(&self.row.activities.0)),
            ("remarks", text_or_none(self.row.remarks.as_ref())),
        ]
    }

    async fn load(db: &DatabaseTransaction, id: Uuid) -> Result<Option<Self>> {
        let Some(row) = intervention_year::Entity::find_by_id(id).one(db).await? else {
            return Ok(None);
        };
        let principles = intervention_year_principle::Entity::find()
            .filter(intervention_year_principle::COLUMN.intervention_year_id.eq(id))
            .order_by_asc(intervention_year_principle::COLUMN.strategy_principle_id)
            .all(db)
            .await?;
        let districts = intervention_year_district::Entity::find()
            .filter(intervention_year_district::COLUMN.intervention_year_id.eq(id))
            .order_by_asc(intervention_year_district::COLUMN.district_id)
            .all(db)
            .await?;
        let target_groups = target_group::Entity::find()
            .filter(target_group::COLUMN.intervention_year_id.eq(id))
            .order_by_asc(target_group::COLUMN.position)
            .all(db)
            .await?;
        Ok(Some(Self {
            row,
            partners: partner_ids(db, id).await?,
            principles: principles.into_iter().map(|link| link.strategy_principle_id).collect(),
            districts: districts.into_iter().map(|link| link.district_id).collect(),
            target_groups,
        }))
    }

    async fn store(&self, db: &DatabaseTransaction, before: Option<&Self>) -> Result<()> {
        let version = intervention_year::Column::Version;
        save::<intervention_year::Entity>(db, self.row.clone(), version, before.map(Versioned::version))
            .await?;
        let id = self.row.id;
        let partners = self.partners.iter().map(|forvaltning_id| intervention_year_partner::Model {
            intervention_year_id: id,
            forvaltning_id: *forvaltning_id,
        });
        let principles =
            self.principles.iter().map(|strategy_principle_id| intervention_year_principle::Model {
                intervention_year_id: id,
                strategy_principle_id: *strategy_principle_id,
            });
        let districts = self.districts.iter().map(|district_id| intervention_year_district::Model {
            intervention_year_id: id,
            district_id: *district_id,
        });
        replace::<intervention_year_partner::Entity>(
            db,
            intervention_year_partner::Column::InterventionYearId,
            id,
            partners,
        )
        .await?;
        replace::<intervention_year_principle::Entity>(
            db,
            intervention_year_principle::Column::InterventionYearId,
            id,
            principles,
        )
        .await?;
        replace::<intervention_year_district::Entity>(
            db,
            intervention_year_district::Column::InterventionYearId,
            id,
            districts,
        )
        .await?;
        let groups = self.target_groups.iter().cloned();
        replace::<target_group::Entity>(db, target_group::Column::InterventionYearId, id, groups).await
    }
}

/// Puts these rows where those of the owner were.
async fn replace<E: EntityTrait>(
    db: &DatabaseTransaction,
    owner_column: E::Column,
    owner: Uuid,
    rows: impl Iterator<Item = E::Model> + Send,
) -> Result<()>
where
    E::Model: IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: Send,
{
    E::delete_many().filter(owner_column.eq(owner)).exec(db).await?;
    let rows: Vec<_> = rows.map(IntoActiveModel::into_active_model).collect();
    E::insert_many(rows).exec_without_returning(db).await?;
    Ok(())
}
