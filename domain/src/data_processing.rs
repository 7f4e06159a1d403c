//! Why an evaluation may keep what its participants answered, and until when: stated before the first observation.

pub use entity::data_processing::Model as DataProcessing;

use std::collections::HashMap;

use entity::data_processing;
use sea_orm::{DatabaseTransaction, EntityTrait, QueryFilter};

use crate::access_log::{Name, named};
use crate::columns::{AccessedKind, Action, Date, EvaluationPart, Timestamp, Uuid};
use crate::context::Context;
use crate::error::{Error, Faults, Problem, Result};
use crate::event::{Fields, text};
use crate::input::text::{PROSE, required};
use crate::operation::{Operation, Scope, Store};
use crate::page::grouped_by;
use crate::virkningsevaluering::part::{PartRow, stands};
use crate::virkningsevaluering::{Evaluation, Named, Standing};

impl PartRow for DataProcessing {
    const KIND: EvaluationPart = EvaluationPart::DataProcessing;

    fn id(&self) -> Uuid {
        self.id
    }

    fn fields(&self) -> Fields {
        vec![
            ("current", self.until_version.is_none().into()),
            ("purpose", text(&self.purpose)),
            ("legalBasis", text(&self.legal_basis)),
            ("deletionDate", text(self.deletion_date)),
        ]
    }

    async fn store(&self, store: &mut Store<'_>, before: Option<&Self>, _version: i64) -> Result<()> {
        store.write::<data_processing::Entity>(before, self.clone()).await
    }
}

/// What each evaluation stated, where it stated anything.
pub async fn of_evaluations(
    context: &Context,
    standings: &[Standing],
) -> Result<HashMap<Standing, DataProcessing>> {
    let snapshot = context.at_any_time().await?;
    let ids = standings.iter().map(|standing| standing.evaluation_id);
    let rows = data_processing::Entity::find()
        .filter(data_processing::COLUMN.virkningsevaluering_id.is_in(ids))
        .all(&snapshot.db)
        .await?;
    let rows = grouped_by(rows, |row| row.virkningsevaluering_id);
    let of_standing = |standing: &Standing| {
        let mut rows = rows.get(&standing.evaluation_id).into_iter().flatten();
        rows.find(|row| stands(row.since_version, row.until_version, standing.version)).cloned()
    };
    Ok(standings.iter().filter_map(|standing| Some((*standing, of_standing(standing)?))).collect())
}

/// What each evaluation states now.
pub(crate) async fn stated(
    db: &DatabaseTransaction,
    evaluations: &[Uuid],
) -> Result<HashMap<Uuid, DataProcessing>> {
    let standing = data_processing::Entity::find()
        .filter(data_processing::COLUMN.virkningsevaluering_id.is_in(evaluations.iter().copied()))
        .filter(data_processing::COLUMN.until_version.is_null());
    Ok(standing.all(db).await?.into_iter().map(|row| (row.virkningsevaluering_id, row)).collect())
}

/// Whether the day, in UTC, is over.
pub(crate) fn has_passed(day: Date, now: Timestamp) -> bool {
    let end = day.next_day().map(|next| next.midnight().assume_utc());
    end.and_then(|end| Timestamp::try_from(end).ok()).is_some_and(|end| end <= now)
}

/// States why observations may be kept and when they are deleted; or states it anew.
#[derive(Clone, Debug)]
pub struct State {
    pub evaluation_id: Option<Uuid>,
    pub purpose: String,
    /// The law that allows it, by article and paragraph.
    pub legal_basis: String,
    /// The last day on which they are kept.
    pub deletion_date: Date,
}

impl Operation for State {
    const ACTION: Action = Action::Update;
    const NAMED_BY: &'static str = "virkningsevalueringId";
    type Subject = Evaluation;

    fn names(&self) -> Vec<Name> {
        vec![named(Self::NAMED_BY, AccessedKind::Virkningsevaluering, self.evaluation_id)]
    }

    async fn find(&self, scope: &Scope<'_>) -> Result<Option<Evaluation>> {
        let named = Named::Evaluation(self.evaluation_id);
        let mut evaluation = Evaluation::held(scope, named, Self::NAMED_BY).await?;
        evaluation.parts.data_processing.extend(stated(scope.db, &[evaluation.row.id]).await?.into_values());
        Ok(Some(evaluation))
    }

    async fn decide(&self, scope: &Scope<'_>, subject: Option<&Evaluation>) -> Result<Evaluation> {
        let present = subject.ok_or_else(|| Error::refused(Self::NAMED_BY, Problem::NotFound))?;
        let mut faults = Faults::default();
        let purpose = faults.take("purpose", required(&self.purpose, PROSE));
        let legal_basis = faults.take("legalBasis", required(&self.legal_basis, PROSE));
        let is_over = has_passed(self.deletion_date, scope.now());
        faults.unless(!is_over, "deletionDate", Problem::DeletionDatePassed);
        faults.finish()?;
        let says = |row: &DataProcessing| {
            (&row.purpose, &row.legal_basis, row.deletion_date)
                == (&purpose, &legal_basis, self.deletion_date)
        };
        if present.parts.data_processing.iter().any(says) {
            return Ok(present.clone());
        }
        let mut evaluation = present.opened(scope, Self::NAMED_BY)?;
        let version = evaluation.next_version();
        for row in &mut evaluation.parts.data_processing {
            row.until_version = Some(version);
        }
        evaluation.parts.data_processing.push(DataProcessing {
            id: scope.new_id(),
            virkningsevaluering_id: evaluation.row.id,
            since_version: version,
            until_version: None,
            purpose,
            legal_basis,
            deletion_date: self.deletion_date,
        });
        Ok(evaluation)
    }
}
