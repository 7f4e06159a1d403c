//! Numbers that someone printed about a criterion, and what its measurements say of them.

pub use entity::criterion_claim::Model as CriterionClaim;

use std::collections::HashMap;

use entity::criterion_claim;
use evidence::claim::{ClaimLabel, Precision, Term, check_change_of_shares, check_share, check_sum};
use evidence::goal::Millionths;
use evidence::share::Share;
use sea_orm::{DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder};

use crate::access_log::{Name, named};
use crate::claim::{CheckedClaim, number};
use crate::columns::{AccessedKind, Action, Measure, Uuid, Wave};
use crate::context::Context;
use crate::error::{Error, Faults, Problem, Result};
use crate::event::{text, text_or_none};
use crate::input::text::{LINE, SENTENCES, optional, required};
use crate::measurement::{self, criterion};
use crate::operation::{Operation, Scope};
use crate::page::grouped_by;
use crate::success_criterion::{Place, held_with};
use crate::virkningsevaluering::part::{NamedRow, added, put_of_file, with_new_row};
use crate::virkningsevaluering::{Evaluation, Named, Parts, Standing, makes_a_part};

added!(criterion_claim, Claim, |row| vec![
    ("criterionId", text(row.success_criterion_id)),
    ("text", text(&row.text)),
    ("measure", text_or_none(Some(row.measure).filter(|measure| *measure != Measure::RelativeChange))),
    ("wave", text_or_none(row.wave)),
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
        let (before, after) =
            measured.get(&place).map_or((None, None), |(before, after)| (before.as_ref(), after.as_ref()));
        (place, rows.into_iter().map(|row| check(row, place, before, after)).collect())
    };
    Ok(claims.into_iter().map(checked).collect())
}

fn share(seen: &measurement::Seen) -> Option<Share> {
    let (numerator, denominator) = seen.numerator.zip(seen.denominator)?;
    Share::new(u32::try_from(numerator).ok()?, u32::try_from(denominator).ok()?)
}

fn check(
    row: CriterionClaim,
    place: Place,
    before: Option<&measurement::Seen>,
    after: Option<&measurement::Seen>,
) -> CheckedClaim {
    let of_wave = if row.wave == Some(Wave::Before) { before } else { after };
    let checked = match row.measure {
        Measure::Share => of_wave.and_then(|seen| {
            let (part, whole) = seen.numerator.zip(seen.denominator)?;
            Some(check_share(people(part), people(whole), Precision::Exact, &row.printed))
        }),
        Measure::Count => of_wave.and_then(|seen| {
            let counted = seen.numerator.or(seen.row.count)?;
            Some(check_sum(&[people(counted)], Precision::Exact, &row.printed))
        }),
        _ => before.and_then(share).zip(after.and_then(share)).map(|(before, after)| {
            let (printed_before, printed_after) =
                (row.printed_before.as_deref(), row.printed_after.as_deref());
            check_change_of_shares(before, after, printed_before, printed_after, &row.printed)
        }),
    };
    let (computed, label) = checked.unwrap_or((None, ClaimLabel::NotCheckable));
    let evaluation_id = row.virkningsevaluering_id;
    let Place { criterion_id, version, registered_version, participants } = place;
    let CriterionClaim { id, text, measure, wave, printed, printed_before, printed_after, source, .. } = row;
    CheckedClaim {
        id,
        text,
        measure,
        year: None,
        criterion: Some((
            criterion_id,
            Standing { evaluation_id, version, registered_version, participants },
        )),
        wave,
        terms: Vec::new(),
        rounded: false,
        printed,
        printed_before,
        printed_after,
        source,
        computed,
        label,
    }
}

/// So many people, or cases.
fn people(count: i32) -> Term {
    Term::of(Millionths(i64::from(count) * 1_000_000))
}

/// Adds a printed number to a criterion.
#[derive(Clone, Debug)]
pub struct Add {
    pub criterion_id: Option<Uuid>,
    pub text: String,
    pub measure: Measure,
    /// The wave that a share or a count is of.
    pub wave: Option<Wave>,
    /// Of a change or a share per cent; a fall is negative.
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
        let text = faults.take("text", required(&self.text, SENTENCES));
        let is_change = self.measure == Measure::RelativeChange;
        let is_of_wave = matches!(self.measure, Measure::Share | Measure::Count);
        faults.unless(is_change || is_of_wave, "measure", Problem::MeasureOfClaim);
        let is_named = matches!(self.wave, Some(Wave::Before | Wave::After));
        faults.unless(
            if is_of_wave { is_named } else { self.wave.is_none() },
            "wave",
            Problem::WaveWithMeasure,
        );
        let printed = faults.take("printed", number(&self.printed));
        let mut beside = |field, text: Option<&str>| {
            faults.unless(is_change || text.is_none(), field, Problem::PrintedBesideChange);
            let stated = text.filter(|text| !text.trim().is_empty());
            faults.take(field, stated.map(number).transpose())
        };
        let printed_before = beside("printedBefore", self.printed_before.as_deref());
        let printed_after = beside("printedAfter", self.printed_after.as_deref());
        let source = faults.take("source", optional(self.source.as_deref(), LINE));
        faults.finish()?;
        Ok(CriterionClaim {
            id: scope.new_id(),
            virkningsevaluering_id: evaluation.row.id,
            success_criterion_id: says.success_criterion_id,
            since_version: evaluation.next_version(),
            text,
            measure: self.measure,
            wave: self.wave,
            printed,
            printed_before,
            printed_after,
            source,
        })
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
