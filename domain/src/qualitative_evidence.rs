//! Qualitative evidence: what interviews, observations, documents and registers say of a programme theory's elements.

pub use entity::qualitative_evidence::Model as QualitativeEvidence;

use std::collections::{HashMap, HashSet};

use entity::qualitative_evidence;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use crate::access_log::{Name, named};
use crate::columns::{AccessedKind, Action, Date, EvidenceMethod, Finding, Uuid};
use crate::context::Context;
use crate::error::{Error, Faults, Problem, Result};
use crate::event::{text, text_or_none};
use crate::input::text::{LINE, PROSE, optional, required};
use crate::operation::{Operation, Scope};
use crate::programme_theory::{Place, held_with};
use crate::virkningsevaluering::part::{self, NamedRow, added, put_of_file, with_row};
use crate::virkningsevaluering::{Evaluation, Named, Parts, makes_a_part};

added!(qualitative_evidence, QualitativeEvidence, |row| vec![
    ("elementId", text(row.theory_element_id)),
    ("method", text(row.method)),
    ("finding", text(row.finding)),
    ("text", text(&row.text)),
    ("source", text_or_none(row.source.as_ref())),
    ("periodStart", text_or_none(row.period_start)),
    ("periodEnd", text_or_none(row.period_end)),
]);

/// The evidence on each element, in the order in which it was added.
pub async fn of_elements(
    context: &Context,
    places: &[Place],
) -> Result<HashMap<Place, Vec<QualitativeEvidence>>> {
    let standings: HashSet<_> = places.iter().map(|(_, standing)| *standing).collect();
    let standings: Vec<_> = standings.into_iter().collect();
    let columns = (qualitative_evidence::Column::VirkningsevalueringId, qualitative_evidence::Column::Id);
    let row_of = |row: &QualitativeEvidence| (row.virkningsevaluering_id, row.since_version);
    let rows =
        part::of_evaluations::<qualitative_evidence::Entity>(context, &standings, columns, row_of).await?;
    let of_place = |(element, standing): &Place| {
        let rows = rows.get(standing).into_iter().flatten();
        rows.filter(|row| row.theory_element_id == *element).cloned().collect()
    };
    Ok(places.iter().map(|place| (*place, of_place(place))).collect())
}

/// Adds evidence on an element. It stays as it is.
#[derive(Clone, Debug)]
pub struct Add {
    pub element_id: Option<Uuid>,
    pub method: EvidenceMethod,
    pub finding: Finding,
    pub text: String,
    pub source: Option<String>,
    /// The days that it is about: both or neither.
    pub period_start: Option<Date>,
    pub period_end: Option<Date>,
}

/// Adds the evidence of a file, unless it is there already.
#[derive(Clone, Debug)]
pub struct Put(pub Add);

impl Add {
    /// As it would be stored, by the rules that all evidence meets.
    fn checked(&self, scope: &Scope<'_>, evaluation: &Evaluation) -> Result<QualitativeEvidence> {
        let mut faults = Faults::default();
        let text = faults.take("text", required(&self.text, PROSE));
        let source = faults.take("source", optional(self.source.as_deref(), LINE));
        let (start, end) = (self.period_start, self.period_end);
        faults.unless(start.is_some() || end.is_none(), "periodStart", Problem::Required);
        faults.unless(end.is_some() || start.is_none(), "periodEnd", Problem::Required);
        let in_order = start.zip(end).is_none_or(|(start, end)| start <= end);
        faults.unless(in_order, "periodEnd", Problem::StartAfterEnd);
        faults.finish()?;
        Ok(QualitativeEvidence {
            id: scope.new_id(),
            virkningsevaluering_id: evaluation.row.id,
            since_version: evaluation.next_version(),
            theory_element_id: evaluation.about,
            method: self.method,
            finding: self.finding,
            text,
            source,
            period_start: start,
            period_end: end,
        })
    }
}

impl NamedRow for QualitativeEvidence {
    /// Evidence has no name but its method and text.
    async fn same_name(&self, db: &DatabaseTransaction) -> Result<Option<Self>> {
        let same = qualitative_evidence::Entity::find()
            .filter(qualitative_evidence::COLUMN.theory_element_id.eq(self.theory_element_id))
            .filter(qualitative_evidence::Column::Method.eq(self.method))
            .filter(qualitative_evidence::COLUMN.text.eq(&self.text));
        Ok(same.one(db).await?)
    }

    fn list(parts: &mut Parts) -> &mut Vec<Self> {
        &mut parts.qualitative_evidence
    }
}

impl Operation for Add {
    const ACTION: Action = Action::Add;
    const NAMED_BY: &'static str = "elementId";
    type Subject = Evaluation;

    fn names(&self) -> Vec<Name> {
        vec![named(Self::NAMED_BY, AccessedKind::TheoryElement, self.element_id)]
    }

    async fn find(&self, scope: &Scope<'_>) -> Result<Option<Evaluation>> {
        held_with(scope, self.element_id, Self::NAMED_BY).await.map(Some)
    }

    async fn decide(&self, scope: &Scope<'_>, subject: Option<&Evaluation>) -> Result<Evaluation> {
        let present = subject.ok_or_else(|| Error::refused(Self::NAMED_BY, Problem::NotFound))?;
        with_row(scope, present, self.checked(scope, present)?, Self::NAMED_BY)
    }

    makes_a_part!(QualitativeEvidence);
}

put_of_file!(QualitativeEvidence, "text");
