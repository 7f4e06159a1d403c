//! What belongs to an evaluation: rows that stand from one of its versions to another, and are never overwritten.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder};

use super::Standing;
use super::evaluation::{Evaluation, Parts};
use crate::columns::{EvaluationPart, Uuid};
use crate::context::Context;
use crate::error::{Error, Problem, Result};
use crate::event::{Fields, Part, text, text_or_none};
use crate::operation::{Scope, Store};
use crate::page::grouped_by;

/// One row below an evaluation, with all that an event says of it.
pub(crate) trait PartRow: Clone + PartialEq + Send + Sync {
    const KIND: EvaluationPart;

    fn id(&self) -> Uuid;
    /// Every stored field but ids of itself and its evaluation, and the versions it stands in.
    fn fields(&self) -> Fields;
    /// Writes what differs from `before`, as of a version of the evaluation.
    fn store(
        &self,
        store: &mut Store<'_>,
        before: Option<&Self>,
        version: i64,
    ) -> impl Future<Output = Result<()>> + Send;
}

/// What events tell of those rows that are not among others just so.
pub(super) fn described<R: PartRow>(rows: &[R], others: &[R]) -> impl Iterator<Item = Part> {
    let told = rows.iter().filter(|row| !others.contains(row));
    told.map(|row| Part { kind: R::KIND, id: row.id(), fields: row.fields() })
}

pub(super) async fn store_all<R: PartRow>(
    store: &mut Store<'_>,
    before: &[R],
    after: &[R],
    version: i64,
) -> Result<()> {
    for row in after {
        let old = before.iter().find(|old| old.id() == row.id());
        if old != Some(row) {
            row.store(store, old, version).await?;
        }
    }
    Ok(())
}

/// A row that is added under a name of its own, and stays as it is.
pub(crate) trait NamedRow: PartRow {
    /// The stored row of the same name.
    fn same_name(&self, db: &DatabaseTransaction) -> impl Future<Output = Result<Option<Self>>> + Send;
    fn list(parts: &mut Parts) -> &mut Vec<Self>;
}

/// The evaluation with the row; `field` names the evaluation in the input.
pub(crate) fn with_row<R: NamedRow>(
    scope: &Scope<'_>,
    present: &Evaluation,
    row: R,
    field: &str,
) -> Result<Evaluation> {
    let mut evaluation = present.opened(scope, field)?;
    evaluation.about = row.id();
    R::list(&mut evaluation.parts).push(row);
    Ok(evaluation)
}

/// The same, unless the name, which is in the field `name`, is taken.
pub(crate) async fn with_new_row<R: NamedRow>(
    scope: &Scope<'_>,
    present: &Evaluation,
    row: R,
    field: &str,
    name: &str,
) -> Result<Evaluation> {
    match row.same_name(scope.db).await? {
        Some(_) => Err(Error::refused(name, Problem::Taken)),
        None => with_row(scope, present, row, field),
    }
}

/// The same, unless the row is there already. Another of its name is not overwritten.
pub(crate) async fn with_row_of_file<R: NamedRow>(
    scope: &Scope<'_>,
    present: &Evaluation,
    row: R,
    field: &str,
    name: &str,
) -> Result<Evaluation> {
    match row.same_name(scope.db).await? {
        Some(there) if there.fields() == row.fields() => {
            Ok(Evaluation { about: there.id(), ..present.clone() })
        }
        Some(_) => Err(Error::refused(name, Problem::Taken)),
        None => with_row(scope, present, row, field),
    }
}

/// For the operation `Put(Add)` that adds the row of a file: its name is in the column `name`.
macro_rules! put_of_file {
    ($kind:ident, $name:literal) => {
        impl Operation for Put {
            const ACTION: Action = Action::Import;
            const NAMED_BY: &'static str = $name;
            type Subject = Evaluation;

            makes_a_part!($kind);

            async fn find(&self, scope: &Scope<'_>) -> Result<Option<Evaluation>> {
                self.0.find(scope).await
            }

            async fn decide(&self, scope: &Scope<'_>, subject: Option<&Evaluation>) -> Result<Evaluation> {
                let present = subject.ok_or_else(|| Error::refused(Self::NAMED_BY, Problem::NotFound))?;
                let row = self.0.checked(scope, present)?;
                $crate::virkningsevaluering::part::with_row_of_file(
                    scope,
                    present,
                    row,
                    Add::NAMED_BY,
                    Self::NAMED_BY,
                )
                .await
            }
        }
    };
}
pub(crate) use put_of_file;

/// The rows that were added to each evaluation up to its version, in the order in which they were. `row_of` tells a row's
/// evaluation and the version that it came with.
pub(crate) async fn of_evaluations<E: EntityTrait<Model: Clone>>(
    context: &Context,
    standings: &[Standing],
    (evaluation, id): (E::Column, E::Column),
    row_of: impl Fn(&E::Model) -> (Uuid, i64),
) -> Result<HashMap<Standing, Vec<E::Model>>> {
    let snapshot = context.at_any_time().await?;
    let ids = standings.iter().map(|standing| standing.evaluation_id);
    let rows = E::find().filter(evaluation.is_in(ids)).order_by_asc(id).all(&snapshot.db).await?;
    let rows = grouped_by(rows, |row| row_of(row).0);
    let of_standing = |standing: &Standing| {
        let rows = rows.get(&standing.evaluation_id).into_iter().flatten();
        rows.filter(|row| row_of(row).1 <= standing.version).cloned().collect()
    };
    Ok(standings.iter().map(|standing| (*standing, of_standing(standing))).collect())
}

/// Whether a row stands in a version of its evaluation.
pub(crate) fn stands(since: i64, until: Option<i64>, at: i64) -> bool {
    since <= at && until.is_none_or(|until| until > at)
}

/// Rows that are added and stay.
macro_rules! added {
    ($module:ident, $kind:ident, |$row:ident| $fields:expr) => {
        impl $crate::virkningsevaluering::part::PartRow for entity::$module::Model {
            const KIND: $crate::EvaluationPart = $crate::EvaluationPart::$kind;

            fn id(&self) -> $crate::Uuid {
                self.id
            }

            fn fields(&self) -> $crate::event::Fields {
                let $row = self;
                $fields
            }

            async fn store(
                &self,
                store: &mut $crate::operation::Store<'_>,
                _before: Option<&Self>,
                _version: i64,
            ) -> $crate::error::Result<()> {
                store.insert::<entity::$module::Entity>(self.clone()).await
            }
        }
    };
}
pub(crate) use added;

added!(transition, Transition, |row| vec![
    ("from", text(row.from_status)),
    ("to", text(row.to_status)),
    ("actorId", text(row.actor_id)),
    ("at", text(row.at)),
    ("comment", text_or_none(row.comment.as_ref())),
]);

added!(learning, Learning, |row| vec![("audience", text(row.audience)), ("text", text(&row.text))]);

added!(population, Population, |row| vec![
    ("name", text(&row.name)),
    ("countedFrom", text_or_none(row.counted_from.as_ref())),
    ("leftOut", text_or_none(row.left_out.as_ref())),
]);

added!(data_source, DataSource, |row| vec![
    ("name", text(&row.name)),
    ("supplier", text_or_none(row.supplier.as_ref())),
    ("extractedOn", text_or_none(row.extracted_on)),
    ("coveredUntil", text_or_none(row.covered_until)),
    ("delay", text_or_none(row.delay.as_ref())),
    ("knownLimits", text_or_none(row.known_limits.as_ref())),
]);
