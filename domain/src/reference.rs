//! The small closed sets that everything refers to, read whole: forvaltninger, principles, districts.

use std::collections::HashMap;

use entity::{district, district_alias, forvaltning, strategy, strategy_principle};
use sea_orm::{ConnectionTrait, EntityTrait};

use crate::columns::Uuid;
use crate::context::Context;
use crate::district::District;
use crate::error::{Error, Result};
use crate::forvaltning::Forvaltning;
use crate::history::past::{self, Past, Was};
use crate::input::text;
use crate::operation::Aggregate;
use crate::strategy::Strategy;
use crate::strategy_principle::{self as principle, StrategyPrinciple};

/// Everyone who is signed in sees all of it.
#[derive(Clone, Debug, Default)]
pub struct Reference {
    /// In Danish order of their codes.
    pub forvaltninger: Vec<Forvaltning>,
    /// By strategy and number.
    pub principles: Vec<StrategyPrinciple>,
    /// In Danish order of their names.
    pub districts: Vec<District>,
}

impl Reference {
    pub(crate) async fn load(db: &impl ConnectionTrait) -> Result<Self> {
        let forvaltninger = forvaltning::Entity::find().all(db).await?;
        let principles: Vec<_> = strategy_principle::Entity::find()
            .find_also_related(strategy::Entity)
            .all(db)
            .await?
            .into_iter()
            .filter_map(|(row, strategy)| Some(StrategyPrinciple { row, strategy: strategy? }))
            .collect();
        let mut aliases: HashMap<Uuid, Vec<String>> = HashMap::new();
        for alias in district_alias::Entity::find().all(db).await? {
            aliases.entry(alias.district_id).or_default().push(alias.alias);
        }
        let districts: Vec<_> = district::Entity::find()
            .all(db)
            .await?
            .into_iter()
            .map(|row| District::new(aliases.remove(&row.id).unwrap_or_default(), row))
            .collect();
        Ok(Self::sorted(forvaltninger, principles, districts))
    }

    async fn load_past(context: &Context, past: &Past) -> Result<Self> {
        let forvaltninger = past::remade::<Forvaltning>(context, past, past::of_no_intervention()).await?;
        let strategies = past::remade::<Strategy>(context, past, past::of_no_intervention()).await?;
        let principles =
            past::folded(context, past, StrategyPrinciple::KIND, past::of_no_intervention()).await?;
        let principles = principles
            .iter()
            .map(|(id, version, was)| strategy_principle_of(*id, *version, was, &strategies))
            .collect::<Result<Vec<_>>>()?;
        let districts = past::remade::<District>(context, past, past::of_no_intervention()).await?;
        Ok(Self::sorted(forvaltninger, principles, districts))
    }

    fn sorted(
        mut forvaltninger: Vec<Forvaltning>,
        mut principles: Vec<StrategyPrinciple>,
        mut districts: Vec<District>,
    ) -> Self {
        forvaltninger.sort_by_cached_key(|row| text::sort_key(&row.code));
        principles.sort_by_key(|principle| {
            (principle.strategy.from_year, principle.strategy.id, principle.row.number)
        });
        districts.sort_by_cached_key(|district| text::sort_key(&district.row.name));
        Self { forvaltninger, principles, districts }
    }

    /// The sets as this request sees them, read at most once in it.
    pub async fn of(context: &Context) -> Result<Self> {
        match context.past() {
            Some(past) => past.reference.get_or_try_init(|| Self::load_past(context, past)).await.cloned(),
            None => context.snapshot().await?.reference().await.cloned(),
        }
    }

    pub fn forvaltning(&self, code: &str) -> Option<&Forvaltning> {
        self.forvaltninger.iter().find(|forvaltning| forvaltning.code == code)
    }

    pub fn forvaltning_by_id(&self, id: Uuid) -> Option<&Forvaltning> {
        self.forvaltninger.iter().find(|forvaltning| forvaltning.id == id)
    }

    /// The codes that there are, for those who gave another.
    pub fn codes(&self) -> String {
        listed(self.forvaltninger.iter().map(|forvaltning| forvaltning.code.clone()))
    }

    /// The numbers that a year's principles have.
    pub fn principle_numbers(&self, year: i32) -> String {
        let of_year = self.principles.iter().filter(|principle| principle.covers(year));
        listed(of_year.map(|principle| principle.row.number.to_string()))
    }

    /// The names of all districts.
    pub fn district_names(&self) -> String {
        listed(self.districts.iter().map(|district| district.row.name.clone()))
    }

    /// The principle of that number in the strategy that covers the year.
    pub fn principle(&self, number: i32, year: i32) -> Option<&StrategyPrinciple> {
        self.principles.iter().find(|principle| principle.row.number == number && principle.covers(year))
    }

    pub fn principle_by_id(&self, id: Uuid) -> Option<&StrategyPrinciple> {
        self.principles.iter().find(|principle| principle.row.id == id)
    }

    /// The district of that name or alias, whatever its case.
    pub fn district(&self, name: &str) -> Option<&District> {
        let name = text::folded(name);
        let called = |district: &&District| {
            let mut names = district.aliases.iter().chain([&district.row.name]);
            names.any(|own| text::folded(own) == name)
        };
        self.districts.iter().find(called)
    }

    pub fn district_by_id(&self, id: Uuid) -> Option<&District> {
        self.districts.iter().find(|district| district.row.id == id)
    }

    /// The place at the top of the tree that a place lies in.
    pub fn top_district(&self, id: Uuid) -> Option<&District> {
        let mut district = self.district_by_id(id)?;
        // The tree has no cycles, but a hand at the database could make one: no more steps than districts.
        for _ in &self.districts {
            match district.row.parent_id.and_then(|parent| self.district_by_id(parent)) {
                Some(parent) => district = parent,
                None => return Some(district),
            }
        }
        None
    }

    /// A district with all that lies in it.
    pub fn with_parts(&self, id: Uuid) -> Vec<Uuid> {
        let mut found = vec![id];
        let mut at = 0;
        while let Some(parent) = found.get(at).copied() {
            let parts = self
                .districts
                .iter()
                .filter(|district| district.row.parent_id == Some(parent))
                .map(|part| part.row.id);
            let parts: Vec<_> = parts.filter(|part| !found.contains(part)).collect();
            found.extend(parts);
            at += 1;
        }
        found
    }
}

fn strategy_principle_of(
    id: Uuid,
    version: i64,
    was: &Was,
    strategies: &[Strategy],
) -> Result<StrategyPrinciple> {
    let row = principle::remade(id, version, was)?;
    let strategy = strategies.iter().find(|strategy| strategy.id == row.strategy_id).cloned();
    let strategy = strategy.ok_or_else(|| Error::internal("a principle without a strategy"))?;
    Ok(StrategyPrinciple { row, strategy })
}

fn listed(names: impl Iterator<Item = String>) -> String {
    let names: Vec<_> = names.collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}
