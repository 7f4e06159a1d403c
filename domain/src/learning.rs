//! What evaluations teach, and whom.

pub use entity::learning::Model as Learning;

use std::collections::HashMap;

use entity::learning;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use crate::columns::{Action, Audience, Uuid};
use crate::context::Context;
use crate::error::{Error, Faults, Problem, Result};
use crate::input::text::{PROSE, required};
use crate::operation::{Operation, Scope};
use crate::virkningsevaluering::part::{self, NamedRow, put_of_file, with_row};
use crate::virkningsevaluering::{Evaluation, Named, Parts, Standing, makes_a_part, on_evaluation};

/// The learnings of each evaluation, in the order in which they were added.
pub async fn of_evaluations(
    context: &Context,
    standings: &[Standing],
) -> Result<HashMap<Standing, Vec<Learning>>> {
    let columns = (learning::Column::VirkningsevalueringId, learning::Column::Id);
    let row_of = |row: &Learning| (row.virkningsevaluering_id, row.since_version);
    part::of_evaluations::<learning::Entity>(context, standings, columns, row_of).await
}

/// Adds a learning to an evaluation.
#[derive(Clone, Debug)]
pub struct Add {
    pub evaluation_id: Option<Uuid>,
    pub audience: Audience,
    pub text: String,
}

/// Adds the learning of a file, unless it is there already.
#[derive(Clone, Debug)]
pub struct Put(pub Add);

impl Add {
    /// As it would be stored, by the rules that every one meets.
    fn checked(&self, scope: &Scope<'_>, evaluation: &Evaluation) -> Result<Learning> {
        let mut faults = Faults::default();
        let text = faults.take("text", required(&self.text, PROSE));
        faults.finish()?;
        Ok(Learning {
            id: scope.new_id(),
            virkningsevaluering_id: evaluation.row.id,
            since_version: evaluation.next_version(),
            audience: self.audience,
            text,
        })
    }
}

impl NamedRow for Learning {
    /// A learning has no name but its text.
    async fn same_name(&self, db: &DatabaseTransaction) -> Result<Option<Self>> {
        let same = learning::Entity::find()
            .filter(learning::COLUMN.virkningsevaluering_id.eq(self.virkningsevaluering_id))
            .filter(learning::Column::Audience.eq(self.audience))
            .filter(learning::COLUMN.text.eq(&self.text));
        Ok(same.one(db).await?)
    }

    fn list(parts: &mut Parts) -> &mut Vec<Self> {
        &mut parts.learnings
    }
}

impl Operation for Add {
    const ACTION: Action = Action::Add;
    on_evaluation!();

    async fn decide(&self, scope: &Scope<'_>, subject: Option<&Evaluation>) -> Result<Evaluation> {
        let present = subject.ok_or_else(|| Error::refused(Self::NAMED_BY, Problem::NotFound))?;
        with_row(scope, present, self.checked(scope, present)?, Self::NAMED_BY)
    }

    makes_a_part!(Learning);
}

put_of_file!(Learning, "text");
