//! Numbers that someone printed about a reporting year, and what the register says of them. Those about a criterion are in
//! [`crate::criterion_claim`].

use std::collections::HashMap;

use entity::claim;
use evidence::claim::{check_count, check_names};
use sea_orm::{DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder};

use crate::columns::{Action, Measure, SubjectKind, Uuid};
use crate::context::Context;
use crate::error::{Error, Faults, Problem, Result, expectation};
use crate::event::{Fields, text, text_or_none};
use crate::history::past::{self, Remade, Was};
use crate::insights::Insights;
use crate::operation::{Aggregate, Operation, Scope, save, versioned};
use crate::policy::{Owners, Verb, permits};
use crate::reporting_year;
use crate::text::{LINE, PROSE, required};

pub use entity::claim::Model as Claim;
pub use evidence::claim::ClaimLabel;

/// What separates the names of a printed list.
const SEPARATOR: char = ';';

/// A claim, about a year or a criterion, beside what is computed for it.
#[derive(Clone, Debug)]
pub struct CheckedClaim {
    pub id: Uuid,
    /// What is claimed, in words.
    pub text: String,
    pub measure: Measure,
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
    if !permits(&context.actor, Verb::See, SubjectKind::Claim, &Owners::default()) {
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
    let insights = Insights::of_years(context, years).await?;
    let mut checked: HashMap<i32, Vec<CheckedClaim>> = HashMap::new();
    for claim in claims {
        if let Some(insights) = insights.get(&claim.year) {
            checked.entry(claim.year).or_default().push(check(claim, insights));
        }
    }
    Ok(checked)
}

fn check(claim: Claim, insights: &Insights) -> CheckedClaim {
    let count = match claim.measure {
        Measure::InterventionCount => Some(insights.intervention_count),
        Measure::CitywideCount => Some(insights.citywide_count),
        Measure::InPackageCount => Some(insights.in_package_count),
        Measure::FundingTotal => Some(insights.funding_dkk()),
        Measure::PrincipleCount => claim.strategy_principle_id.map(|id| insights.principle_count(id)),
        // Names, and changes, which are claimed of criteria.
        Measure::DistrictsWithoutTargeted | Measure::RelativeChange => None,
    };
    let (computed, label) = if let Some(count) = count {
        let printed = claim.printed.parse().ok();
        let label = printed.map_or(ClaimLabel::Inconsistent, |printed| check_count(printed, count));
        (count.to_string(), label)
    } else {
        let districts = &insights.districts_without_targeted;
        let names: Vec<&str> = districts.iter().map(|district| district.row.name.as_str()).collect();
        let label = check_names(claim.printed.split(SEPARATOR).map(str::trim), names.iter().copied());
        (names.join(&SEPARATOR.to_string()), label)
    };
    let Claim { id, text, measure, printed, .. } = claim;
    CheckedClaim {
        id,
        text,
        measure,
        printed,
        printed_before: None,
        printed_after: None,
        source: None,
        computed: Some(computed),
        label,
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
            version,
        })
    }
}

impl Aggregate for Claim {
    const KIND: SubjectKind = SubjectKind::Claim;
    type Table = claim::Entity;

    fn fields(&self) -> Fields {
        vec![
            ("year", self.year.into()),
            ("text", text(&self.text)),
            ("printed", text(&self.printed)),
            ("measure", text(self.measure)),
            ("principleId", text_or_none(self.strategy_principle_id)),
        ]
    }

    async fn load(db: &DatabaseTransaction, id: Uuid) -> Result<Option<Self>> {
        Ok(claim::Entity::find_by_id(id).one(db).await?)
    }

    async fn store(&self, db: &DatabaseTransaction, before: Option<&Self>) -> Result<()> {
        save::<claim::Entity>(db, self.clone(), claim::Column::Version, before.map(|row| row.version)).await
    }
}

/// Adds a printed number about a year.
#[derive(Clone, Debug)]
pub struct Add {
    pub year: i32,
    /// What is claimed, in words.
    pub text: String,
    /// The number, or for a list of districts their names with `;` between.
    pub printed: String,
    pub measure: Measure,
    /// The number of the principle that a `PRINCIPLE_COUNT` counts.
    pub principle: Option<i32>,
}

/// Adds the claim, or makes the one of the same text what the file says.
#[derive(Clone, Debug)]
pub struct Put(pub Add);

impl Add {
    async fn same_text(&self, scope: &Scope<'_>) -> Result<Option<Claim>> {
        let same = claim::Entity::find()
            .filter(claim::COLUMN.year.eq(self.year))
            .filter(claim::COLUMN.text.eq(&self.text));
        Ok(same.one(scope.db).await?)
    }

    async fn checked(&self, scope: &Scope<'_>, stored: Option<&Claim>) -> Result<Claim> {
        let mut faults = Faults::default();
        let text = faults.take("text", required(&self.text, PROSE));
        let printed = faults.take("printed", required(&self.printed, LINE));
        if self.measure != Measure::DistrictsWithoutTargeted
            && !printed.is_empty()
            && printed.parse::<i64>().is_err()
        {
            faults.add("printed", Problem::Malformed { expected: expectation::WHOLE_NUMBER });
        }
        faults.unless(self.measure != Measure::RelativeChange, "measure", Problem::MeasureOfClaim);
        let counts_principle = self.measure == Measure::PrincipleCount;
        faults.unless(
            counts_principle == self.principle.is_some(),
            "principle",
            Problem::PrincipleWithMeasure,
        );
        let strategy_principle_id = match self.principle {
            Some(number) => {
                let found = scope.reference().await?.principle(number, self.year);
                faults.unless(found.is_some(), "principle", Problem::NotFound);
                found.map(|principle| principle.row.id)
            }
            None => None,
        };
        if let Some(problem @ Problem::YearNotOpened) = reporting_year::closed(scope.db, self.year).await? {
            faults.add("year", problem);
        }
        faults.finish()?;
        Ok(Claim {
            id: stored.map_or_else(|| scope.new_id(), |row| row.id),
            year: self.year,
            text,
            printed,
            measure: self.measure,
            strategy_principle_id,
            version: stored.map_or(0, |row| row.version),
        })
    }
}

impl Operation for Add {
    const ACTION: Action = Action::Create;
    const NAMED_BY: &'static str = "text";
    type Subject = Claim;

    async fn decide(&self, scope: &Scope<'_>, _subject: Option<&Claim>) -> Result<Claim> {
        let claim = self.checked(scope, None).await?;
        match self.same_text(scope).await? {
            Some(_) => Err(Error::refused("text", Problem::Taken)),
            None => Ok(claim),
        }
    }
}

impl Operation for Put {
    const ACTION: Action = Action::Import;
    const NAMED_BY: &'static str = "text";
    type Subject = Claim;

    async fn find(&self, scope: &Scope<'_>) -> Result<Option<Claim>> {
        self.0.same_text(scope).await
    }

    async fn decide(&self, scope: &Scope<'_>, subject: Option<&Claim>) -> Result<Claim> {
        self.0.checked(scope, subject).await
    }
}
