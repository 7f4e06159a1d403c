//! Paired tables: how the same people stood before and after. Each is bound to the two measurements it was counted with.

pub use entity::paired_table::Model as PairedTable;

use std::collections::{HashMap, HashSet};

use entity::paired_table;
use sea_orm::{DbErr, EntityTrait, QueryFilter, QueryOrder};

use crate::access_log::{Name, named};
use crate::columns::{Absence, AccessedKind, Action, EvaluationPart, GroupKind, Pairing, Uuid, Wave};
use crate::context::Context;
use crate::criterion_result;
use crate::disclosure;
use crate::error::{Error, Faults, Problem, Result};
use crate::event::{Fields, text};
use crate::in_order::InOrder;
use crate::input::text::{LINE, optional};
use crate::measurement::{Measured, MeasurementRow, criterion, decisive, share, standing};
use crate::operation::{Operation, Scope, Store};
use crate::page::grouped_by;
use crate::success_criterion::{CriterionVersion, Place, held_with};
use crate::virkningsevaluering::part::{PartRow, stands};
use crate::virkningsevaluering::{Evaluation, Named, makes_a_part};

/// The table that the next columns tell of, which are all of the entity's; none where they are null.
pub(crate) fn read(row: &mut InOrder<'_>) -> Result<Option<PairedTable>, DbErr> {
    let Some(id) = row.optional_plain()? else { return Ok(None) };
    Ok(Some(PairedTable {
        id,
        virkningsevaluering_id: row.plain()?,
        success_criterion_id: row.plain()?,
        since_version: row.plain()?,
        until_version: row.optional_plain()?,
        before_id: row.plain()?,
        after_id: row.plain()?,
        n11: row.plain()?,
        n10: row.plain()?,
        n01: row.plain()?,
        n00: row.plain()?,
    }))
}

impl PartRow for PairedTable {
    const KIND: EvaluationPart = EvaluationPart::PairedTable;

    fn id(&self) -> Uuid {
        self.id
    }

    fn fields(&self) -> Fields {
        vec![
            ("criterionId", text(self.success_criterion_id)),
            ("current", self.until_version.is_none().into()),
            ("beforeId", text(self.before_id)),
            ("afterId", text(self.after_id)),
            ("n11", self.n11.into()),
            ("n10", self.n10.into()),
            ("n01", self.n01.into()),
            ("n00", self.n00.into()),
        ]
    }

    async fn store(&self, store: &mut Store<'_>, before: Option<&Self>, _version: i64) -> Result<()> {
        store.write::<paired_table::Entity>(before, self.clone()).await
    }
}

/// A table in one version of its evaluation.
#[derive(Clone, Debug)]
pub struct Seen {
    row: PairedTable,
    suppressed: bool,
}

impl Seen {
    pub fn id(&self) -> Uuid {
        self.row.id
    }

    pub fn before_id(&self) -> Uuid {
        self.row.before_id
    }

    pub fn after_id(&self) -> Uuid {
        self.row.after_id
    }

    /// People with the outcome before and after, before only, after only, and never; none where they are hidden.
    pub fn cells(&self) -> Option<[i32; 4]> {
        let PairedTable { n11, n10, n01, n00, .. } = self.row;
        (!self.suppressed).then_some([n11, n10, n01, n00])
    }

    /// Why there are no numbers.
    pub fn absence(&self) -> Option<Absence> {
        self.suppressed.then_some(Absence::SUPPRESSED)
    }
}

/// All tables that each criterion ever had, in the order in which they were recorded.
pub(crate) async fn ever(
    context: &Context,
    criteria: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Vec<PairedTable>>> {
    let snapshot = context.at_any_time().await?;
    let rows = paired_table::Entity::find()
        .filter(paired_table::COLUMN.success_criterion_id.is_in(criteria))
        .order_by_asc(paired_table::COLUMN.id)
        .all(&snapshot.db)
        .await?;
    Ok(grouped_by(rows, |row| row.success_criterion_id))
}

/// The tables of each criterion that stand in its version.
pub async fn of_criteria(context: &Context, places: &[Place]) -> Result<HashMap<Place, Vec<Seen>>> {
    let rows = ever(context, places.iter().map(|place| place.criterion_id)).await?;
    let guarded = places.iter().filter(|place| !place.participants).map(|place| place.criterion_id);
    let measured = Measured::of(context, guarded).await?;
    let rule = disclosure::rule(context);
    let of_place = |place: &Place| {
        let rows = rows.get(&place.criterion_id).map_or(&[][..], Vec::as_slice);
        let hidden = if place.participants {
            HashSet::new()
        } else {
            let measurements = measured.hidden(rule, place.criterion_id);
            disclosure::hidden_tables(rule, rows, measured.rows(place.criterion_id), &measurements)
        };
        rows.iter()
            .filter(|row| stands(row.since_version, row.until_version, place.version))
            .map(|row| Seen { row: row.clone(), suppressed: hidden.contains(&row.id) })
            .collect()
    };
    Ok(places.iter().map(|place| (*place, of_place(place))).collect())
}

/// Records the table of a criterion's before and after. One that is there already is replaced, for a reason.
#[derive(Clone, Debug)]
pub struct Record {
    pub criterion_id: Option<Uuid>,
    /// A named subgroup; all participants where nothing is given.
    pub subgroup: Option<String>,
    pub n11: i32,
    pub n10: i32,
    pub n01: i32,
    pub n00: i32,
    pub has_reason: bool,
}

/// Records the table of a file, unless it is there already.
#[derive(Clone, Debug)]
pub struct Put(pub Record);

impl Operation for Record {
    const ACTION: Action = Action::Record;
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
        let table = self.checked(scope, present)?;
        let replaced = others(present, &table).next().is_some();
        if replaced && !self.has_reason {
            return Err(Error::refused("reason", Problem::Required));
        }
        recorded(scope, present, table)
    }

    makes_a_part!(PairedTable);
}

impl Operation for Put {
    const ACTION: Action = Action::Import;
    const NAMED_BY: &'static str = "criterion";
    type Subject = Evaluation;

    makes_a_part!(PairedTable);

    async fn find(&self, scope: &Scope<'_>) -> Result<Option<Evaluation>> {
        self.0.find(scope).await
    }

    async fn decide(&self, scope: &Scope<'_>, subject: Option<&Evaluation>) -> Result<Evaluation> {
        let present = subject.ok_or_else(|| Error::refused(Self::NAMED_BY, Problem::NotFound))?;
        let table = self.0.checked(scope, present)?;
        let there = others(present, &table).next();
        let cells = |table: &PairedTable| (table.n11, table.n10, table.n01, table.n00);
        match there.map(|there| (there.id, cells(there) == cells(&table))) {
            Some((id, true)) => Ok(Evaluation { about: id, ..present.clone() }),
            Some((_, false)) => Err(Error::refused(Self::NAMED_BY, Problem::AlreadyMeasured)),
            None => recorded(scope, present, table),
        }
    }
}

/// The tables that stand for the same two measurements.
fn others<'a>(evaluation: &'a Evaluation, table: &PairedTable) -> impl Iterator<Item = &'a PairedTable> {
    let pair = (table.before_id, table.after_id);
    let tables = evaluation.parts.paired_tables.iter();
    tables.filter(move |other| other.until_version.is_none() && (other.before_id, other.after_id) == pair)
}

fn recorded(scope: &Scope<'_>, present: &Evaluation, table: PairedTable) -> Result<Evaluation> {
    let mut evaluation = present.opened(scope, Record::NAMED_BY)?;
    let replaced: Vec<_> = others(present, &table).map(|other| other.id).collect();
    for other in &mut evaluation.parts.paired_tables {
        if replaced.contains(&other.id) {
            other.until_version = Some(table.since_version);
        }
    }
    evaluation.about = table.id;
    evaluation.parts.paired_tables.push(table);
    criterion_result::compute(scope, &mut evaluation)?;
    Ok(evaluation)
}

/// Whether a criterion takes paired tables.
pub(crate) fn pairable(pairing: Pairing) -> Result<(), Problem> {
    if pairing == Pairing::Independent { Err(Problem::NotPaired) } else { Ok(()) }
}

impl Record {
    /// The table, if it fits the two measurements that stand.
    fn checked(&self, scope: &Scope<'_>, evaluation: &Evaluation) -> Result<PairedTable> {
        let says = criterion(evaluation, Self::NAMED_BY)?;
        pairable(says.pairing).map_err(|problem| Error::refused(Self::NAMED_BY, problem))?;
        let mut faults = Faults::default();
        // Compared with names as they are stored.
        let subgroup = faults.take("subgroup", optional(self.subgroup.as_deref(), LINE));
        faults.finish()?;
        let kind = if subgroup.is_some() { GroupKind::Subgroup } else { GroupKind::Participants };
        let of_wave = |wave| decisive(standing(evaluation), wave, (kind, subgroup.as_deref()));
        let (Some(before), Some(after)) = (of_wave(Wave::Before), of_wave(Wave::After)) else {
            return Err(Error::refused(Self::NAMED_BY, Problem::NothingToPair));
        };
        let mut faults = Faults::default();
        for (field, cell) in [("n11", self.n11), ("n10", self.n10), ("n01", self.n01), ("n00", self.n00)] {
            let range = Problem::OutOfRange { from: 0, to: i64::from(i32::MAX) };
            faults.unless(cell >= 0, field, range);
        }
        faults.finish()?;
        let cells = [self.n11, self.n10, self.n01, self.n00].map(i64::from);
        let [n11, n10, n01, n00] = cells;
        let total = n11 + n10 + n01 + n00;
        let mut faults = Faults::default();
        for (field, row, successes) in [("n10", before, n11 + n10), ("n01", after, n11 + n01)] {
            let fits = measured(row, says).is_some_and(|measured| measured == (successes, total));
            let (numerator, denominator) = measured(row, says).unwrap_or_default();
            faults.unless(fits, field, Problem::TableDoesNotFit { wave: row.wave, numerator, denominator });
        }
        faults.finish()?;
        Ok(PairedTable {
            id: scope.new_id(),
            virkningsevaluering_id: evaluation.row.id,
            success_criterion_id: says.success_criterion_id,
            since_version: evaluation.next_version(),
            until_version: None,
            before_id: before.id,
            after_id: after.id,
            n11: self.n11,
            n10: self.n10,
            n01: self.n01,
            n00: self.n00,
        })
    }
}

fn measured(row: &MeasurementRow, says: &CriterionVersion) -> Option<(i64, i64)> {
    share(row, says).map(|(numerator, denominator)| (numerator.into(), denominator.into()))
}
