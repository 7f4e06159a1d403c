//! Writing the register as a folder of files, sorted by natural key: the same register gives the same bytes.

mod evaluations;
mod theories;

use std::collections::{BTreeMap, HashMap, HashSet};

use entity::{
    claim, funding, funding_forvaltning, intervention, intervention_year, intervention_year_district,
    intervention_year_partner, intervention_year_principle, reporting_year, target_group,
};
use sea_orm::{DatabaseTransaction, EntityTrait, QueryOrder};

use super::cell::{joined, neutral};
use super::contents::Files;
use super::tables::{
    CLAIM_TERMS, CLAIMS, DISTRICTS, FIGURES, FORVALTNINGER, FUNDING, INTERVENTION_YEARS, INTERVENTIONS,
    PRINCIPLES, REPORTING_YEARS, TARGET_GROUPS, Table,
};
use crate::access_log::{self, Attempt};
use crate::columns::{AccessedKind, ClaimTerm, SubjectKind, Uuid};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::figure::{self, Figure};
use crate::policy::{Owners, Verb, permits};
use crate::reference::Reference;

/// What was written, as the actor may see it.
pub struct Exported {
    pub files: Files,
    /// How many figures, measurements and paired tables were left out, because they tell of few people.
    pub hidden: usize,
}

/// The whole register, and the evaluations that the actor sees. Only who sees all of the register may take it.
pub async fn export(context: &Context) -> Result<Exported> {
    if !permits(&context.actor, Verb::See, SubjectKind::Intervention, &Owners::default()) {
        access_log::refused(context, &Attempt::to_read(AccessedKind::Intervention), &Error::Forbidden);
        return Err(Error::Forbidden);
    }
    let snapshot = context.snapshot().await?;
    let db = &snapshot.db;
    let reference = snapshot.reference().await?;
    let interventions = intervention::Entity::find().all(db).await?;
    let names =
        Names { reference, slugs: interventions.iter().map(|row| (row.id, row.slug.clone())).collect() };
    let ids: Vec<_> = names.slugs.keys().copied().collect();
    let hidden_figures = figure::hidden(context, &ids).await?.values;
    let tables = [
        (&FORVALTNINGER, names.forvaltninger()),
        (&PRINCIPLES, names.principles()),
        (&DISTRICTS, names.districts()),
        (&INTERVENTIONS, names.interventions(interventions)),
        (&REPORTING_YEARS, reporting_years(db).await?),
        (&INTERVENTION_YEARS, names.intervention_years(db).await?),
        (&TARGET_GROUPS, names.target_groups(db).await?),
        (&FUNDING, names.funding(db).await?),
        (&FIGURES, names.figures(db, &hidden_figures).await?),
        (&CLAIMS, names.claims(db).await?),
        (&CLAIM_TERMS, names.claim_terms(db).await?),
    ];
    let (evaluations, hidden) = evaluations::tables(context, &names.slugs).await?;
    let mut files = BTreeMap::new();
    for (table, rows) in tables.into_iter().chain(evaluations).filter(|(_, rows)| !rows.is_empty()) {
        files.insert(table.file.to_owned(), written(table, rows)?);
    }
    Ok(Exported { files: Files(files), hidden: hidden.saturating_add(hidden_figures.len()) })
}

type Rows = Vec<Vec<String>>;

fn written(table: &Table, mut rows: Rows) -> Result<Vec<u8>> {
    rows.sort_by(|one, other| one[..table.key].cmp(&other[..table.key]));
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(table.columns).map_err(Error::internal)?;
    for row in rows {
        writer.write_record(row.iter().map(|cell| neutral(cell))).map_err(Error::internal)?;
    }
    writer.into_inner().map_err(|error| Error::internal(error.error()))
}

struct Names<'a> {
    reference: &'a Reference,
    slugs: HashMap<Uuid, String>,
}

impl Names<'_> {
    fn slug(&self, id: Uuid) -> String {
        self.slugs.get(&id).cloned().unwrap_or_default()
    }

    fn code(&self, id: Uuid) -> String {
        self.reference.forvaltning_by_id(id).map(|row| row.code.clone()).unwrap_or_default()
    }

    fn number(&self, id: Uuid) -> String {
        self.reference
            .principle_by_id(id)
            .map(|principle| principle.row.number.to_string())
            .unwrap_or_default()
    }

    fn district(&self, id: Uuid) -> String {
        self.reference.district_by_id(id).map(|district| district.row.name.clone()).unwrap_or_default()
    }

    fn forvaltninger(&self) -> Rows {
        self.reference.forvaltninger.iter().map(|row| vec![row.code.clone(), row.name.clone()]).collect()
    }

    fn principles(&self) -> Rows {
        let row = |principle: &crate::strategy_principle::StrategyPrinciple| {
            vec![
                principle.strategy.name.clone(),
                principle.strategy.from_year.to_string(),
                principle.strategy.to_year.to_string(),
                principle.row.number.to_string(),
                principle.row.name.clone(),
            ]
        };
        self.reference.principles.iter().map(row).collect()
    }

    fn districts(&self) -> Rows {
        let row = |district: &crate::district::District| {
            let parent = district.row.parent_id.map(|id| self.district(id)).unwrap_or_default();
            vec![district.row.name.clone(), parent, joined(&district.aliases)]
        };
        self.reference.districts.iter().map(row).collect()
    }

    fn interventions(&self, rows: Vec<intervention::Model>) -> Rows {
        let row = |row: intervention::Model| {
            let parent = row.parent_id.map(|id| self.slug(id)).unwrap_or_default();
            vec![row.slug, row.name, text(row.since), parent]
        };
        rows.into_iter().map(row).collect()
    }

    async fn intervention_years(&self, db: &DatabaseTransaction) -> Result<Rows> {
        let mut partners: HashMap<Uuid, Vec<String>> = HashMap::new();
        for link in intervention_year_partner::Entity::find().all(db).await? {
            partners.entry(link.intervention_year_id).or_default().push(self.code(link.forvaltning_id));
        }
        let mut principles: HashMap<Uuid, Vec<String>> = HashMap::new();
        for link in intervention_year_principle::Entity::find().all(db).await? {
            principles
                .entry(link.intervention_year_id)
                .or_default()
                .push(self.number(link.strategy_principle_id));
        }
        let mut districts: HashMap<Uuid, Vec<String>> = HashMap::new();
        for link in intervention_year_district::Entity::find().all(db).await? {
            districts.entry(link.intervention_year_id).or_default().push(self.district(link.district_id));
        }
        let sorted = |names: &mut HashMap<Uuid, Vec<String>>, id| {
            let mut names = names.remove(&id).unwrap_or_default();
            names.sort_by_cached_key(|name| (name.parse::<i64>().ok(), name.clone()));
            joined(&names)
        };
        let row = |row: intervention_year::Model| {
            vec![
                self.slug(row.intervention_id),
                row.year.to_string(),
                row.status.to_string(),
                self.code(row.lead_id),
                sorted(&mut partners, row.id),
                sorted(&mut principles, row.id),
                row.citywide.to_string(),
                sorted(&mut districts, row.id),
                text(row.in_package),
                joined(&row.external_partners.0),
                text(row.problem),
                text(row.method),
                joined(&row.activities.0),
                row.anonymous.to_string(),
                text(row.remarks),
            ]
        };
        Ok(intervention_year::Entity::find().all(db).await?.into_iter().map(row).collect())
    }

    async fn target_groups(&self, db: &DatabaseTransaction) -> Result<Rows> {
        let years = intervention_year::Entity::find().all(db).await?;
        let years: HashMap<_, _> =
            years.into_iter().map(|row| (row.id, (self.slug(row.intervention_id), row.year))).collect();
        let row = |group: target_group::Model| {
            let (slug, year) = years.get(&group.intervention_year_id).cloned().unwrap_or_default();
            vec![slug, year.to_string(), group.name, text(group.age_from), text(group.age_to)]
        };
        Ok(target_group::Entity::find()
            .order_by_asc(target_group::COLUMN.position)
            .all(db)
            .await?
            .into_iter()
            .map(row)
            .collect())
    }

    async fn funding(&self, db: &DatabaseTransaction) -> Result<Rows> {
        let mut payers: HashMap<Uuid, Vec<String>> = HashMap::new();
        for link in funding_forvaltning::Entity::find().all(db).await? {
            payers.entry(link.funding_id).or_default().push(self.code(link.forvaltning_id));
        }
        let row = |row: funding::Model| {
            let mut payers = payers.remove(&row.id).unwrap_or_default();
            payers.sort();
            vec![
                self.slug(row.intervention_id),
                row.budget_year.to_string(),
                row.kind.to_string(),
                text(row.amount_dkk),
                text(row.absence),
                text(row.absence_reason),
                row.permanence.to_string(),
                text(row.expires),
                joined(&payers),
            ]
        };
        Ok(funding::Entity::find().all(db).await?.into_iter().map(row).collect())
    }

    async fn figures(&self, db: &DatabaseTransaction, hidden: &HashSet<Uuid>) -> Result<Rows> {
        let row = |row: Figure| {
            Ok(vec![
                self.slug(row.intervention_id),
                row.reported_year.to_string(),
                row.kind.to_string(),
                row.label,
                row.unit,
                text(row.period_from),
                text(row.period_to),
                text(row.population),
                text(row.category),
                text(row.value),
                text(row.absence),
                text(row.absence_reason),
                text(row.series_break),
                text(row.remarks),
            ])
        };
        let rows = entity::figure::Entity::find().all(db).await?.into_iter();
        rows.filter(|row| !hidden.contains(&row.id)).map(row).collect()
    }

    async fn claims(&self, db: &DatabaseTransaction) -> Result<Rows> {
        let row = |row: claim::Model| {
            let principle = row.strategy_principle_id.map(|id| self.number(id)).unwrap_or_default();
            let measure = row.measure.to_string();
            let rounded = text(row.rounded.then_some(true));
            vec![row.year.to_string(), row.text, row.printed, measure, principle, rounded, text(row.source)]
        };
        Ok(claim::Entity::find().order_by_asc(claim::COLUMN.id).all(db).await?.into_iter().map(row).collect())
    }

    async fn claim_terms(&self, db: &DatabaseTransaction) -> Result<Rows> {
        let figures = entity::figure::Entity::find().all(db).await?;
        let figures: HashMap<_, _> = figures.into_iter().map(|row| (row.id, row)).collect();
        let row = |claim: &claim::Model, term: &ClaimTerm| {
            let mut cells = vec![claim.year.to_string(), claim.text.clone()];
            match term {
                ClaimTerm::Number(number) => {
                    cells.push(number.clone());
                    cells.resize(CLAIM_TERMS.columns.len(), String::new());
                }
                ClaimTerm::Figure(id) => {
                    let figure =
                        figures.get(id).ok_or_else(|| Error::internal("a figure of a claim is gone"))?;
                    cells.extend([
                        String::new(),
                        self.slug(figure.intervention_id),
                        figure.reported_year.to_string(),
                        figure.kind.to_string(),
                        figure.label.clone(),
                        text(figure.period_from),
                        text(figure.period_to),
                        text(figure.population.as_ref()),
                        text(figure.category.as_ref()),
                    ]);
                }
            }
            Ok(cells)
        };
        let claims = claim::Entity::find().order_by_asc(claim::COLUMN.id).all(db).await?;
        claims.iter().flat_map(|claim| claim.terms.0.iter().map(|term| row(claim, term))).collect()
    }
}

async fn reporting_years(db: &DatabaseTransaction) -> Result<Rows> {
    let years = reporting_year::Entity::find().all(db).await?;
    Ok(years.into_iter().map(|row| vec![row.year.to_string(), row.status.to_string()]).collect())
}

fn text(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}
