//! What the reports of a year amount to, counted from the rows.

use std::collections::{BTreeSet, HashMap};

use crate::columns::Uuid;
use crate::context::Context;
use crate::district::District;
use crate::error::Result;
use crate::forvaltning::Forvaltning;
use crate::funding::{self, Funding};
use crate::intervention_year::{self, InterventionYear};
use crate::reference::Reference;
use crate::strategy_principle::StrategyPrinciple;

/// Counts and sums over the interventions with a report for the year.
#[derive(Clone, Debug)]
pub struct Insights {
    pub intervention_count: i64,
    pub citywide_count: i64,
    /// Those whose report says that they are in the budget package.
    pub in_package_count: i64,
    /// Each principle that covers the year.
    pub by_principle: Vec<PrincipleCount>,
    /// Each forvaltning, counted by lead.
    pub by_forvaltning: Vec<ForvaltningCount>,
    /// Top-level districts that no intervention is aimed at, neither at the whole nor at a part. Citywide ones do not count.
    pub districts_without_targeted: Vec<District>,
}

#[derive(Clone, Debug)]
pub struct PrincipleCount {
    pub principle: StrategyPrinciple,
    pub count: i64,
}

#[derive(Clone, Debug)]
pub struct ForvaltningCount {
    pub forvaltning: Forvaltning,
    pub intervention_count: i64,
    /// Whole kroner of the budget year after the reporting year.
    pub funding_dkk: i64,
}

impl Insights {
    /// The insights of each year, in as many statements as those of one.
    pub async fn of_years(context: &Context, years: &[i32]) -> Result<HashMap<i32, Self>> {
        let reference = Reference::of(context).await?;
        let reports = intervention_year::of_years(context, years).await?;
        let ids: Vec<_> = reports.iter().map(|row| row.id).collect();
        let principles = intervention_year::principle_pairs(context, &ids).await?;
        let districts = intervention_year::district_pairs(context, &ids).await?;
        let budgets: Vec<_> =
            reports.iter().map(|row| (row.intervention_id, row.year.saturating_add(1))).collect();
        let fundings = funding::of_budget_years(context, &budgets).await?;
        let of_year = |year: i32| {
            let reports: Vec<_> = reports.iter().filter(|row| row.year == year).collect();
            let in_year = |id: Uuid| reports.iter().any(|row| row.id == id);
            let of_report = |pairs: &[(Uuid, Uuid)]| {
                let of_year = pairs.iter().filter(|(report, _)| in_year(*report));
                of_year.map(|(_, member)| *member).collect::<Vec<_>>()
            };
            let (principles, districts) = (of_report(&principles), of_report(&districts));
            let budget = year.saturating_add(1);
            let fundings =
                fundings.iter().filter(|((_, year), _)| *year == budget).flat_map(|(_, rows)| rows);
            Self::count(year, &reference, &reports, principles, districts, fundings)
        };
        Ok(years.iter().map(|year| (*year, of_year(*year))).collect())
    }

    fn count<'a>(
        year: i32,
        reference: &Reference,
        years: &[&InterventionYear],
        principles: Vec<Uuid>,
        districts: Vec<Uuid>,
        fundings: impl Iterator<Item = &'a Funding>,
    ) -> Self {
        let mut by_principle: HashMap<Uuid, i64> = HashMap::new();
        for principle in principles {
            *by_principle.entry(principle).or_default() += 1;
        }
        let mut money: HashMap<Uuid, i64> = HashMap::new();
        for funding in fundings {
            let sum = money.entry(funding.intervention_id).or_default();
            *sum = sum.saturating_add(funding.amount_dkk.unwrap_or_default());
        }
        let aimed_at: BTreeSet<Uuid> = districts
            .into_iter()
            .filter_map(|district| reference.top_district(district))
            .map(|top| top.row.id)
            .collect();
        let by_forvaltning = reference
            .forvaltninger
            .iter()
            .map(|forvaltning| {
                let led = years.iter().filter(|row| row.lead_id == forvaltning.id);
                ForvaltningCount {
                    forvaltning: forvaltning.clone(),
                    intervention_count: count(led.clone()),
                    funding_dkk: led
                        .filter_map(|row| money.get(&row.intervention_id))
                        .fold(0, |sum, amount| sum.saturating_add(*amount)),
                }
            })
            .collect();
        Self {
            intervention_count: count(years),
            citywide_count: count(years.iter().filter(|row| row.citywide)),
            in_package_count: count(years.iter().filter(|row| row.in_package == Some(true))),
            by_principle: reference
                .principles
                .iter()
                .filter(|principle| principle.covers(year))
                .map(|principle| PrincipleCount {
                    count: by_principle.get(&principle.row.id).copied().unwrap_or_default(),
                    principle: principle.clone(),
                })
                .collect(),
            by_forvaltning,
            districts_without_targeted: reference
                .districts
                .iter()
                .filter(|district| district.row.parent_id.is_none() && !aimed_at.contains(&district.row.id))
                .cloned()
                .collect(),
        }
    }

    /// The money of all interventions together, in whole kroner.
    pub fn funding_dkk(&self) -> i64 {
        self.by_forvaltning.iter().fold(0, |sum, row| sum.saturating_add(row.funding_dkk))
    }

    pub(crate) fn principle_count(&self, principle: Uuid) -> i64 {
        self.by_principle.iter().find(|row| row.principle.row.id == principle).map_or(0, |row| row.count)
    }
}

fn count<T>(rows: impl IntoIterator<Item = T>) -> i64 {
    rows.into_iter().fold(0, |count, _| count + 1)
}
