//! Populations: who is counted in the measurements of an evaluation.

pub use entity::population::Model as Population;

use std::collections::HashMap;

use entity::population;
use sea_orm::{DatabaseTransaction, EntityTrait, QueryFilter};

use crate::columns::{Action, Uuid};
use crate::context::Context;
use crate::error::{Error, Faults, Problem, Result};
use crate::input::text::{LINE, PROSE, optional, required};
use crate::operation::{Operation, Scope};
use crate::virkningsevaluering::part::{self, NamedRow, put_of_file, with_new_row};
use crate::virkningsevaluering::{Evaluation, Named, Parts, Standing, makes_a_part, on_evaluation};

/// The populations of each evaluation, in the order in which they were described.
pub async fn of_evaluations(
    context: &Context,
    standings: &[Standing],
) -> Result<HashMap<Standing, Vec<Population>>> {
    let columns = (population::Column::VirkningsevalueringId, population::Column::Id);
    let row_of = |row: &Population| (row.virkningsevaluering_id, row.since_version);
    part::of_evaluations::<population::Entity>(context, standings, columns, row_of).await
}

/// The rows of these ids, for those who see what refers to them.
pub async fn by_ids(context: &Context, ids: &[Uuid]) -> Result<HashMap<Uuid, Population>> {
    let snapshot = context.at_any_time().await?;
    let rows = population::Entity::find().filter(population::COLUMN.id.is_in(ids.iter().copied()));
    Ok(rows.all(&snapshot.db).await?.into_iter().map(|row| (row.id, row)).collect())
}

/// Describes one for the measurements of an evaluation. It stays as it is: what has changed is another.
#[derive(Clone, Debug)]
pub struct Add {
    pub evaluation_id: Option<Uuid>,
    /// Who is counted.
    pub name: String,
    /// From when on they are.
    pub counted_from: Option<String>,
    /// Who is left out, and why.
    pub left_out: Option<String>,
}

/// Adds the one of a file, unless it is there already.
#[derive(Clone, Debug)]
pub struct Put(pub Add);

impl Add {
    /// As it would be stored, by the rules that every one meets.
    fn checked(&self, scope: &Scope<'_>, evaluation: &Evaluation) -> Result<Population> {
        let mut faults = Faults::default();
        let name = faults.take("name", required(&self.name, LINE));
        let counted_from = faults.take("countedFrom", optional(self.counted_from.as_deref(), PROSE));
        let left_out = faults.take("leftOut", optional(self.left_out.as_deref(), PROSE));
        faults.finish()?;
        Ok(Population {
            id: scope.new_id(),
            virkningsevaluering_id: evaluation.row.id,
            since_version: evaluation.next_version(),
            name,
            counted_from,
            left_out,
        })
    }
}

impl NamedRow for Population {
    async fn same_name(&self, db: &DatabaseTransaction) -> Result<Option<Self>> {
        let same = population::Entity::find()
            .filter(population::COLUMN.virkningsevaluering_id.eq(self.virkningsevaluering_id))
            .filter(population::COLUMN.name.eq(&self.name));
        Ok(same.one(db).await?)
    }

    fn list(parts: &mut Parts) -> &mut Vec<Self> {
        &mut parts.populations
    }
}

impl Operation for Add {
    const ACTION: Action = Action::Add;
    on_evaluation!();

    async fn decide(&self, scope: &Scope<'_>, subject: Option<&Evaluation>) -> Result<Evaluation> {
        let present = subject.ok_or_else(|| Error::refused(Self::NAMED_BY, Problem::NotFound))?;
        let row = self.checked(scope, present)?;
        with_new_row(scope, present, row, Self::NAMED_BY, "name").await
    }

    makes_a_part!(Population);
}

put_of_file!(Population, "name");
