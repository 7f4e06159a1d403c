//! Changes that someone printed about a criterion, and what its measurements say of them.

pub use entity::criterion_claim::Model as CriterionClaim;

use std::collections::HashMap;

use entity::criterion_claim;
use evidence::claim::{ClaimLabel, check_change_of_shares};
use evidence::share::Share;
use sea_orm::{DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder};

use crate::access_log::{Name, named};
use crate::claim::CheckedClaim;
use crate::columns::{AccessedKind, Action, Decimal, Measure, Uuid};
use crate::context::Context;
use crate::error::{Error, Faults, Problem, Result, expectation};
use crate::event::{text, text_or_none};
use crate::measurement::{self, criterion};
use crate::operation::{Operation, Scope};
use crate::page::grouped_by;
use crate::success_criterion::{Place, held_with};
use crate::text::{LINE, PROSE, optional, required};
use crate::virkningsevaluering::part::{NamedRow, added, put_of_file, with_new_row};
use crate::virkningsevaluering::{Evaluation, Named, Parts, makes_a_part};

added!(criterion_claim, Claim, |row| vec![
    ("criterionId", text(row.success_criterion_id)),
    ("text", text(&row.text)),
    ("printed", text(&row.printed)),
    ("printedBefore", text_or_none(row.printed_before.as_ref())),
    ("printedAfter", text_or_none(row.printed_after.as_ref())),
    ("source", text_or_none(row.source.as_ref())),
]);

/// The claims about each criterion, in the order in which they were added.
pub(crate) async fn of_criteria(
    context: &Context,
    places: &[Place],
) -> Result<HashMap<Place, Vec<CriterionClaim>>> {
    let snapshot = context.at_any_time().await?;
    let rows = criterion_claim::Entity::find()
        .filter(
            criterion_claim::COLUMN.success_criterion_id.is_in(places.iter().map(|place| place.criterion_id)),
        )
        .order_by_asc(criterion_claim::COLUMN.id)
        .all(&snapshot.db)
        .await?;
    let rows = grouped_by(rows, |row| row.success_criterion_id);
    let of_place = |place: &Place| {
        let rows = rows.get(&place.criterion_id).into_iter().flatten();
        rows.filter(|row| row.since_version <= place.version).cloned().collect()
    };
    Ok(places.iter().map(|place| (*place, of_place(place))).collect())
}

/// The same, each checked against the criterion's measurements.
pub async fn checked(context: &Context, places: &[Place]) -> Result<HashMap<Place, Vec<CheckedClaim>>> {
    let claims = of_criteria(context, places).await?;
    let measured = measurement::decisive_pairs(context, places).await?;
    let checked = |(place, rows): (Place, Vec<CriterionClaim>)| {
        let shares = measured
            .get(&place)
            .and_then(|(before, after)| share(before.as_ref()).zip(share(after.as_ref())));
        (place, rows.into_iter().map(|row| check(row, shares)).collect())
    };
    Ok(claims.into_iter().map(checked).collect())
}

fn share(measured: Option<&measurement::Seen>) -> Option<Share> {
    let (numerator, denominator) = measured.and_then(|seen| seen.numerator.zip(seen.denominator))?;
    Share::new(u32::try_from(numerator).ok()?, u32::try_from(denominator).ok()?)
}

fn check(row: CriterionClaim, shares: Option<(Share, Share)>) -> CheckedClaim {
    let (computed, label) = match shares {
        Some((before, after)) => check_change_of_shares(
            before,
            after,
            row.printed_before.as_deref(),
            row.printed_after.as_deref(),
            &row.printed,
        ),
        None => (None, ClaimLabel::NotCheckable),
    };
    let CriterionClaim { id, text, printed, printed_before, printed_after, source, .. } = row;
    let measure = Measure::RelativeChange;
    CheckedClaim { id, text, measure, printed, printed_before, printed_after, source, computed, label }
}

/// Adds a printed change to a criterion.
#[derive(Clone, Debug)]
pub struct Add {
    pub criterion_id: Option<Uuid>,
    pub text: String,
    pub measure: Measure,
    /// Per cent; a fall is negative.
    pub printed: String,
    pub printed_before: Option<String>,
    pub printed_after: Option<String>,
    pub source: Option<String>,
}

/// Adds the claim of a file, unless it is there already.
#[derive(Clone, Debug)]
pub struct Put(pub Add);

impl Add {
    /// As it would be stored, by the rules that every claim about a criterion meets.
    fn checked(&self, scope: &Scope<'_>, evaluation: &Evaluation) -> Result<CriterionClaim> {
        let says = criterion(evaluation, Self::NAMED_BY)?;
        let mut faults = Faults::default();
        let text = faults.take("text", required(&self.text, PROSE));
        faults.unless(self.measure == Measure::RelativeChange, "measure", Problem::MeasureOfClaim);
        let printed = number(Some(&self.printed)).and_then(|printed| printed.ok_or(Problem::Required));
        let printed = faults.take("printed", printed);
        let printed_before = faults.take("printedBefore", number(self.printed_before.as_deref()));
        let printed_after = faults.take("printedAfter", number(self.printed_after.as_deref()));
        let source = faults.take("source", optional(self.source.as_deref(), LINE));
        faults.finish()?;
        Ok(CriterionClaim {
            id: scope.new_id(),
            virkningsevaluering_id: evaluation.row.id,
            success_criterion_id: says.success_criterion_id,
            since_version: evaluation.next_version(),
            text,
            printed,
            printed_before,
            printed_after,
            source,
        })
    }
}

/// What print sets before a negative number, where computers set a hyphen.
const MINUS: &str = "\u{2212}";

/// A printed number, kept as it was printed but for its minus.
fn number(text: Option<&str>) -> Result<Option<String>, Problem> {
    let text = optional(text, LINE)?.map(|text| text.replace(MINUS, "-"));
    match text.as_ref().map(|text| text.parse::<Decimal>()) {
        Some(Err(_unreadable)) => Err(Problem::Malformed { expected: expectation::DECIMAL }),
        Some(Ok(_)) | None => Ok(text),
    }
}

impl NamedRow for CriterionClaim {
    async fn same_name(&self, db: &DatabaseTransaction) -> Result<Option<Self>> {
        let same = criterion_claim::Entity::find()
            .filter(criterion_claim::COLUMN.success_criterion_id.eq(self.success_criterion_id))
            .filter(criterion_claim::COLUMN.text.eq(&self.text));
        Ok(same.one(db).await?)
    }

    fn list(parts: &mut Parts) -> &mut Vec<Self> {
        &mut parts.claims
    }
}

impl Operation for Add {
    const ACTION: Action = Action::Add;
    const NAMED_BY: &'static str = "criterionId";
    type Subject = Evaluation;

    fn names(&self) -> Vec<Name> {
        vec![named(Self::NAMED_BY, AccessedKind::SuccessCriterion, self.criterion_id)]
    }

    async fn find(&self, scope: &Scope<'_>) -> Result<Option<Evaluation>> {
        held_with(scope, self.criterion_id, Self::NAMED_BY).await.map(Some)
    }

    async fn decide(&self, scope: &Scope<'_>, subject: Option<&Evaluation>) -> Result<Evaluation> {
        let present = subject.ok_or_else(|| Error::refused(Self::NAMED_BY, Problem::NotFound))?;
        let row = self.checked(scope, present)?;
        with_new_row(scope, present, row, Self::NAMED_BY, "text").await
    }

    makes_a_part!(Claim);
}

put_of_file!(Claim, "text");
