//! Adding claims about a year.

use std::collections::HashSet;

use entity::claim;
use sea_orm::{EntityTrait, QueryFilter};

use super::{Claim, figures_of};
use crate::access_log::{Name, named};
use crate::columns::{AccessedKind, Action, ClaimTerm, ClaimTerms, Decimal, Measure};
use crate::error::{Error, Faults, Problem, Result, expectation};
use crate::figure::Figure;
use crate::input::text::{LINE, SENTENCES, optional, required};
use crate::operation::{Aggregate, Operation, Scope};
use crate::reporting_year;

/// The most parts of a sum.
const MOST_TERMS: usize = 100;

/// What print sets before a negative number, where computers set a hyphen.
const MINUS: &str = "\u{2212}";

/// A printed number, kept as it was printed but for its minus.
pub(crate) fn number(text: &str) -> Result<String, Problem> {
    let text = required(text, LINE)?.replace(MINUS, "-");
    match text.parse::<Decimal>() {
        Ok(_) => Ok(text),
        Err(_unreadable) => Err(Problem::Malformed { expected: expectation::DECIMAL }),
    }
}

/// Adds a printed number about a year.
#[derive(Clone, Debug)]
pub struct Add {
    pub year: i32,
    /// What is claimed, in words.
    pub text: String,
    /// The number, a change or a share being in per cent; or for a list of districts their names with `;` between.
    pub printed: String,
    pub measure: Measure,
    /// The number of the principle that a `PRINCIPLE_COUNT` counts.
    pub principle: Option<i32>,
    /// What it is computed from: the parts of a sum, the part and the whole of a share, the figures before and after of a
    /// difference or a change. Without them it is kept, and not checked.
    pub terms: Vec<ClaimTerm>,
    /// Whether the terms were rounded, as percentages and means are and counts are not.
    pub rounded: bool,
    /// Where it was printed.
    pub source: Option<String>,
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
        let text = faults.take("text", required(&self.text, SENTENCES));
        let printed = faults.take("printed", self.printed());
        faults.unless(self.measure != Measure::Count, "measure", Problem::MeasureOfClaim);
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
        let terms = self.checked_terms(scope, &mut faults).await?;
        faults.unless(!self.rounded || !terms.0.is_empty(), "rounded", Problem::TermsWithMeasure);
        let source = faults.take("source", optional(self.source.as_deref(), LINE));
        // A closed year still takes what was printed of it.
        let is_there = reporting_year::status_held(scope.db, self.year).await?.is_some();
        faults.unless(is_there, "year", Problem::YearNotOpened);
        faults.finish()?;
        Ok(Claim {
            id: stored.map_or_else(|| scope.new_id(), |row| row.id),
            year: self.year,
            text,
            printed,
            measure: self.measure,
            strategy_principle_id,
            terms,
            rounded: self.rounded,
            source,
            version: stored.map_or(0, |row| row.version),
        })
    }

    fn printed(&self) -> Result<String, Problem> {
        match self.measure {
            Measure::DistrictsWithoutTargeted => required(&self.printed, LINE),
            Measure::InterventionCount
            | Measure::CitywideCount
            | Measure::PrincipleCount
            | Measure::InPackageCount
            | Measure::FundingTotal => {
                let printed = required(&self.printed, LINE)?;
                match printed.parse::<i64>() {
                    Ok(_) => Ok(printed),
                    Err(_unreadable) => Err(Problem::Malformed { expected: expectation::WHOLE_NUMBER }),
                }
            }
            Measure::Sum
            | Measure::Difference
            | Measure::Share
            | Measure::RelativeChange
            | Measure::Count => number(&self.printed),
        }
    }

    async fn checked_terms(&self, scope: &Scope<'_>, faults: &mut Faults) -> Result<ClaimTerms> {
        let count = self.terms.len();
        let takes = match self.measure {
            Measure::Sum => count <= MOST_TERMS,
            Measure::Difference | Measure::Share | Measure::RelativeChange => count == 0 || count == 2,
            _ => count == 0,
        };
        faults.unless(takes, "terms", Problem::TermsWithMeasure);
        let mut terms = ClaimTerms::default();
        for (at, term) in self.terms.iter().enumerate().take(MOST_TERMS) {
            terms.0.push(match term {
                ClaimTerm::Figure(id) => ClaimTerm::Figure(*id),
                ClaimTerm::Number(text) => {
                    ClaimTerm::Number(faults.take(&format!("terms.{at}.number"), number(text)))
                }
            });
        }
        let ids: HashSet<_> = figures_of(&terms).collect();
        let known = Figure::load_all(scope.db, &ids.into_iter().collect::<Vec<_>>()).await?;
        for (at, term) in terms.0.iter().enumerate() {
            let is_known = match term {
                ClaimTerm::Figure(id) => known.iter().any(|figure| figure.id == *id),
                ClaimTerm::Number(_) => true,
            };
            faults.unless(is_known, &figure_at(at), Problem::NotFound);
        }
        Ok(terms)
    }
}

/// The field of the input that names the figure of a term.
fn figure_at(term: usize) -> String {
    format!("terms.{term}.figureId")
}

impl Operation for Add {
    const ACTION: Action = Action::Create;
    const NAMED_BY: &'static str = "text";
    type Subject = Claim;

    fn names(&self) -> Vec<Name> {
        let figure = |(at, term): (usize, &ClaimTerm)| match term {
            ClaimTerm::Figure(id) => {
                Some(named(figure_at(at), AccessedKind::Figure, Some(*id).filter(|id| !id.is_nil())))
            }
            ClaimTerm::Number(_) => None,
        };
        self.terms.iter().enumerate().filter_map(figure).collect()
    }

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
