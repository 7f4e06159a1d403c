//! What evaluations teach, and whom.

pub use entity::learning::Model as Learning;

use std::collections::HashMap;

use entity::learning;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::columns::{Action, Audience, Uuid};
use crate::context::Context;
use crate::error::{Error, Faults, Problem, Result};
use crate::operation::{Operation, Scope};
use crate::page::grouped_by;
use crate::policy::Owners;
use crate::text::{PROSE, required};
use crate::virkningsevaluering::{Evaluation, Named, Standing, makes_a_part, owners};

/// The learnings of each evaluation, in the order in which they were added.
pub async fn of_evaluations(
    context: &Context,
    standings: &[Standing],
) -> Result<HashMap<Standing, Vec<Learning>>> {
    let snapshot = context.snapshot().await?;
    let ids = standings.iter().map(|standing| standing.evaluation_id);
    let rows = learning::Entity::find()
        .filter(learning::COLUMN.virkningsevaluering_id.is_in(ids))
        .order_by_asc(learning::COLUMN.id)
        .all(&snapshot.db)
        .await?;
    let rows = grouped_by(rows, |row| row.virkningsevaluering_id);
    Ok(standings.iter().map(|standing| (*standing, standing.known(&rows, |row| row.since_version))).collect())
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
    fn added(&self, scope: &Scope<'_>, present: &Evaluation) -> Result<Evaluation> {
        let mut faults = Faults::default();
        let text = faults.take("text", required(&self.text, PROSE));
        faults.finish()?;
        let mut evaluation = present.opened(scope, Self::NAMED_BY)?;
        evaluation.about = scope.new_id();
        let learning = Learning {
            id: evaluation.about,
            virkningsevaluering_id: evaluation.row.id,
            since_version: evaluation.next_version(),
            audience: self.audience,
            text,
        };
        evaluation.parts.learnings.push(learning);
        Ok(evaluation)
    }
}

impl Operation for Add {
    const ACTION: Action = Action::Add;
    const NAMED_BY: &'static str = "virkningsevalueringId";
    type Subject = Evaluation;

    async fn find(&self, scope: &Scope<'_>) -> Result<Option<Evaluation>> {
        Evaluation::held(scope, Named::Evaluation(self.evaluation_id), Self::NAMED_BY).await.map(Some)
    }

    async fn owners(&self, scope: &Scope<'_>, subject: Option<&Evaluation>) -> Result<Owners> {
        owners(scope, subject).await
    }

    async fn decide(&self, scope: &Scope<'_>, subject: Option<&Evaluation>) -> Result<Evaluation> {
        self.added(scope, subject.ok_or_else(|| Error::refused(Self::NAMED_BY, Problem::NotFound))?)
    }

    makes_a_part!(Learning);
}

impl Operation for Put {
    const ACTION: Action = Action::Import;
    const NAMED_BY: &'static str = "text";
    type Subject = Evaluation;

    makes_a_part!(Learning);

    async fn find(&self, scope: &Scope<'_>) -> Result<Option<Evaluation>> {
        self.0.find(scope).await
    }

    async fn owners(&self, scope: &Scope<'_>, subject: Option<&Evaluation>) -> Result<Owners> {
        owners(scope, subject).await
    }

    async fn decide(&self, scope: &Scope<'_>, subject: Option<&Evaluation>) -> Result<Evaluation> {
        let present = subject.ok_or_else(|| Error::refused(Self::NAMED_BY, Problem::NotFound))?;
        let same = learning::Entity::find()
            .filter(learning::COLUMN.virkningsevaluering_id.eq(present.row.id))
            .filter(learning::Column::Audience.eq(self.0.audience))
            .filter(learning::COLUMN.text.eq(&self.0.text))
            .one(scope.db)
            .await?;
        match same {
            Some(same) => Ok(Evaluation { about: same.id, ..present.clone() }),
            None => self.0.added(scope, present),
        }
    }
}
