//! Numbers that someone printed about a reporting year, and what the register says of them. Those about a criterion are in
//! [`crate::criterion_claim`].

mod list;
mod operations;

pub use entity::claim::Model as Claim;
pub use evidence::claim::ClaimLabel;
pub use list::{Filter, list};
pub(crate) use operations::number;
pub use operations::{Add, Put};

use std::collections::{HashMap, HashSet};

use entity::claim;
use evidence::claim::{
    Precision, Term, check_count, check_difference, check_names, check_relative_change, check_share,
    check_sum,
};
use evidence::goal::Millionths;
use sea_orm::{DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder};

use crate::columns::{ClaimTerm, ClaimTerms, Measure, SubjectKind, Uuid, Wave};
use crate::context::Context;
use crate::error::Result;
use crate::event::{Fields, text, text_or_none, texts};
use crate::figure;
use crate::history::past::{self, Remade, Was};
use crate::insights::Insights;
use crate::operation::{Aggregate, Store, versioned};
use crate::page::grouped_by;
use crate::policy::{Owners, Verb, permits};
use crate::virkningsevaluering::Standing;

/// What separates the names of a printed list.
const SEPARATOR: char = ';';

/// A claim, about a year or a criterion, beside what is computed for it.
#[derive(Clone, Debug)]
pub struct CheckedClaim {
    pub id: Uuid,
    /// What is claimed, in words.
    pub text: String,
    pub measure: Measure,
    /// The year that it is about; none of a claim about a criterion.
    pub year: Option<i32>,
    /// The criterion that it is about, and the version of its evaluation in which it is read.
    pub criterion: Option<(Uuid, Standing)>,
    /// The wave that a share or a count of a criterion is of.
    pub wave: Option<Wave>,
    /// What a claim about a year is computed from, where its measure does not say it.
    pub terms: Vec<ClaimTerm>,
    /// Whether the terms were rounded.
    pub rounded: bool,
    pub printed: String,
    /// The value that the printed change starts from, per cent, of a claim about a criterion.
    pub printed_before: Option<String>,
    pub printed_after: Option<String>,
    /// Where it was printed.
    pub source: Option<String>,
    /// In the printed unit, as the claim is printed; none while there is nothing to compute it from.
    pub computed: Option<String>,
    pub label: ClaimLabel,
}

/// The claims about each year, in the order in which they were added, each checked against the register.
pub async fn checked(context: &Context, years: &[i32]) -> Result<HashMap<i32, Vec<CheckedClaim>>> {
    if !sees(context) {
        return Ok(HashMap::new());
    }
    let claims = if let Some(past) = context.past() {
        let mut claims = past::remade::<Claim>(context, past, past::of_no_intervention()).await?;
        claims.retain(|claim| years.contains(&claim.year));
        claims
    } else {
        let claims = claim::Entity::find().filter(claim::COLUMN.year.is_in(years.iter().copied()));
        claims.order_by_asc(claim::COLUMN.id).all(&context.snapshot().await?.db).await?
    };
    let checked = check_all(context, claims, years).await?;
    Ok(grouped_by(checked, |claim| claim.year.unwrap_or_default()))
}

/// Claims about years belong to nobody in particular, so a role sees all of them or none.
fn sees(context: &Context) -> bool {
    permits(&context.actor, Verb::See, SubjectKind::Claim, &Owners::default())
}

async fn check_all(context: &Context, claims: Vec<Claim>, years: &[i32]) -> Result<Vec<CheckedClaim>> {
    let insights = Insights::of_years(context, years).await?;
    let figures: HashSet<_> = claims.iter().flat_map(|claim| figures_of(&claim.terms)).collect();
    let figures = figure::by_ids(context, &figures.into_iter().collect::<Vec<_>>()).await?;
    let checked = |claim: Claim| Some(check(&claim, insights.get(&claim.year)?, &figures));
    Ok(claims.into_iter().filter_map(checked).collect())
}

/// The figures among the terms.
fn figures_of(terms: &ClaimTerms) -> impl Iterator<Item = Uuid> {
    terms.0.iter().filter_map(|term| match term {
        ClaimTerm::Figure(id) => Some(*id),
        ClaimTerm::Number(_) => None,
    })
}

fn check(claim: &Claim, insights: &Insights, figures: &HashMap<Uuid, figure::Seen>) -> CheckedClaim {
    let count = |count: i64| {
        let label = claim.printed.parse().map(|printed| check_count(printed, count));
        (Some(count.to_string()), label.unwrap_or(ClaimLabel::Inconsistent))
    };
    let (computed, label) = match claim.measure {
        Measure::InterventionCount => count(insights.intervention_count),
        Measure::CitywideCount => count(insights.citywide_count),
        Measure::InPackageCount => count(insights.in_package_count),
        Measure::FundingTotal => count(insights.funding_dkk()),
        Measure::PrincipleCount => {
            count(claim.strategy_principle_id.map_or(0, |id| insights.principle_count(id)))
        }
        Measure::DistrictsWithoutTargeted => check_districts(&claim.printed, insights),
        Measure::Sum | Measure::Difference | Measure::Share | Measure::RelativeChange => {
            check_terms(claim, figures)
        }
        // Claimed of criteria.
        Measure::Count => (None, ClaimLabel::NotCheckable),
    };
    let Claim { id, year, text, measure, terms, rounded, printed, source, .. } = claim.clone();
    CheckedClaim {
        id,
        text,
        measure,
        year: Some(year),
        criterion: None,
        wave: None,
        terms: terms.0,
        rounded,
        printed,
        printed_before: None,
        printed_after: None,
        source,
        computed,
        label,
    }
}

fn check_districts(printed: &str, insights: &Insights) -> (Option<String>, ClaimLabel) {
    let districts = &insights.districts_without_targeted;
    let names: Vec<&str> = districts.iter().map(|district| district.row.name.as_str()).collect();
    let label = check_names(printed.split(SEPARATOR).map(str::trim), names.iter().copied());
    (Some(names.join(&SEPARATOR.to_string())), label)
}

fn check_terms(claim: &Claim, figures: &HashMap<Uuid, figure::Seen>) -> (Option<String>, ClaimLabel) {
    let term = |term: &ClaimTerm| match term {
        ClaimTerm::Figure(id) => Some(Term::of(Millionths(figures.get(id)?.row.value?.millionths()))),
        ClaimTerm::Number(number) => Term::parse(number),
    };
    let terms: Option<Vec<_>> = claim.terms.0.iter().map(term).collect();
    let precision = if claim.rounded { Precision::Rounded } else { Precision::Exact };
    match (claim.measure, terms.as_deref()) {
        (Measure::Sum, Some(parts)) => check_sum(parts, precision, &claim.printed),
        (Measure::Difference, Some([before, after])) => {
            check_difference(*before, *after, precision, &claim.printed)
        }
        (Measure::Share, Some([part, whole])) => check_share(*part, *whole, precision, &claim.printed),
        (Measure::RelativeChange, Some([before, after])) => {
            check_relative_change(*before, *after, precision, &claim.printed)
        }
        _ => (None, ClaimLabel::NotCheckable),
    }
}

versioned!(Claim);

impl Remade for Claim {
    fn remade(id: Uuid, version: i64, was: &Was) -> Result<Self> {
        Ok(Self {
            id,
            year: was.number("year")?,
            text: was.text("text")?,
            printed: was.text("printed")?,
            measure: was.read("measure")?,
            strategy_principle_id: was.optional("principleId")?,
            terms: ClaimTerms::from(&was.texts("terms")),
            rounded: was.truth("rounded").unwrap_or_default(),
            source: was.optional_text("source"),
            version,
        })
    }
}

impl Aggregate for Claim {
    const KIND: SubjectKind = SubjectKind::Claim;
    type Table = claim::Entity;

    fn fields(&self) -> Fields {
        let terms =
            if self.terms.0.is_empty() { text_or_none(None::<ClaimTerm>) } else { texts(&self.terms.0) };
        vec![
            ("year", self.year.into()),
            ("text", text(&self.text)),
            ("printed", text(&self.printed)),
            ("measure", text(self.measure)),
            ("principleId", text_or_none(self.strategy_principle_id)),
            ("terms", terms),
            ("rounded", self.rounded.then_some(true).into()),
            ("source", text_or_none(self.source.as_ref())),
        ]
    }

    async fn load(db: &DatabaseTransaction, id: Uuid) -> Result<Option<Self>> {
        Ok(claim::Entity::find_by_id(id).one(db).await?)
    }

    async fn store(&self, store: &mut Store<'_>, before: Option<&Self>) -> Result<()> {
        store.save::<claim::Entity>(self.clone(), claim::Column::Version, before.map(|row| row.version)).await
    }
}
