//! A report with everything that belongs to it alone.

use entity::{
    intervention_year, intervention_year_district, intervention_year_partner, intervention_year_principle,
    target_group,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
};
use serde_json::{Value, json};

use super::{InterventionYear, TargetGroup};
use crate::columns::{SubjectKind, Uuid};
use crate::error::Result;
use crate::event::{FieldValue, Fields, text, text_or_none, texts};
use crate::history::past::{Remade, Was};
use crate::operation::{Aggregate, Store, Versioned, versioned};

/// A report with everything that belongs to it alone. Ids are sorted.
#[derive(Clone, Debug)]
pub struct Report {
    pub row: InterventionYear,
    pub(super) partners: Vec<Uuid>,
    pub(super) principles: Vec<Uuid>,
    pub(super) districts: Vec<Uuid>,
    pub(super) target_groups: Vec<TargetGroup>,
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
        let partners = intervention_year_partner::Entity::find()
            .filter(intervention_year_partner::COLUMN.intervention_year_id.eq(id))
            .order_by_asc(intervention_year_partner::COLUMN.forvaltning_id)
            .all(db)
            .await?;
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
            partners: partners.into_iter().map(|link| link.forvaltning_id).collect(),
            principles: principles.into_iter().map(|link| link.strategy_principle_id).collect(),
            districts: districts.into_iter().map(|link| link.district_id).collect(),
            target_groups,
        }))
    }

    async fn store(&self, store: &mut Store<'_>, before: Option<&Self>) -> Result<()> {
        let version = intervention_year::Column::Version;
        store
            .save::<intervention_year::Entity>(self.row.clone(), version, before.map(Versioned::version))
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
            store,
            intervention_year_partner::Column::InterventionYearId,
            id,
            partners.collect(),
        )
        .await?;
        replace::<intervention_year_principle::Entity>(
            store,
            intervention_year_principle::Column::InterventionYearId,
            id,
            principles.collect(),
        )
        .await?;
        replace::<intervention_year_district::Entity>(
            store,
            intervention_year_district::Column::InterventionYearId,
            id,
            districts.collect(),
        )
        .await?;
        let groups = self.target_groups.clone();
        replace::<target_group::Entity>(store, target_group::Column::InterventionYearId, id, groups).await
    }
}

impl Remade for Report {
    fn remade(id: Uuid, version: i64, was: &Was) -> Result<Self> {
        let group = |(position, group): (usize, &Value)| {
            let age = |name: &str| group[name].as_str().and_then(|age| age.parse().ok());
            TargetGroup {
                intervention_year_id: id,
                position: i32::try_from(position).unwrap_or(i32::MAX),
                name: group["name"].as_str().unwrap_or_default().to_owned(),
                age_from: age("ageFrom"),
                age_to: age("ageTo"),
            }
        };
        Ok(Self {
            row: InterventionYear {
                id,
                intervention_id: was.read("interventionId")?,
                year: was.number("year")?,
                status: was.read("status")?,
                lead_id: was.read("leadForvaltningId")?,
                citywide: was.truth("citywide").unwrap_or_default(),
                in_package: was.truth("inPackage"),
                anonymous: was.truth("anonymous").unwrap_or_default(),
                problem: was.optional_text("problem"),
                method: was.optional_text("method"),
                remarks: was.optional_text("remarks"),
                external_partners: was.texts("externalPartners"),
                activities: was.texts("activities"),
                version,
            },
            partners: was.ids("partnerForvaltningIds")?,
            principles: was.ids("principleIds")?,
            districts: was.ids("districtIds")?,
            target_groups: was.items("targetGroups").iter().enumerate().map(group).collect(),
        })
    }
}

/// Puts these rows where those of the owner were.
async fn replace<E: EntityTrait>(
    store: &mut Store<'_>,
    owner_column: E::Column,
    owner: Uuid,
    rows: Vec<E::Model>,
) -> Result<()>
where
    E::Model: IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: ActiveModelTrait<Entity = E>,
{
    E::delete_many().filter(owner_column.eq(owner)).exec(store.settled().await?).await?;
    store.insert_all::<E>(rows).await
}
