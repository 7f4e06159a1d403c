//! Erasing what was answered: for one participant who asks for it, or for all once its time is over.

use entity::{idempotency, observation, observation_batch, observation_erasure, participant_exclusion};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect, QueryTrait};

use crate::columns::{Action, Uuid};
use crate::error::{Error, Problem, Result};
use crate::input::text::{LINE, required};
use crate::operation::{Operation, Scope};
use crate::virkningsevaluering::{Evaluation, on_evaluation};

/// Erases what participants answered: of one participant, or of all. What was computed from it stands.
#[derive(Clone, Debug)]
pub struct Erase {
    pub evaluation_id: Option<Uuid>,
    pub participant: Option<String>,
}

const ANSWERED: (observation::Column, observation::Column) =
    (observation::Column::VirkningsevalueringId, observation::Column::Participant);
const LEFT_OUT: (participant_exclusion::Column, participant_exclusion::Column) =
    (participant_exclusion::Column::VirkningsevalueringId, participant_exclusion::Column::Participant);

impl Operation for Erase {
    const ACTION: Action = Action::Remove;
    on_evaluation!();

    async fn decide(&self, scope: &Scope<'_>, subject: Option<&Evaluation>) -> Result<Evaluation> {
        let present = subject.ok_or_else(|| Error::refused(Self::NAMED_BY, Problem::NotFound))?;
        let answered = observation::Entity::find().filter(self.unerased(present.row.id, ANSWERED)?);
        let observations = answered.count(scope.db).await?;
        if observations == 0 {
            return Err(Error::refused("participant", Problem::NothingToErase));
        }
        // What waits for approval or is withdrawn must be erasable too, and what is published stays published: the law does
        // not wait.
        let mut evaluation = present.clone();
        evaluation.parts.erasures.push(observation_erasure::Model {
            id: scope.new_id(),
            virkningsevaluering_id: present.row.id,
            since_version: present.next_version(),
            observations: i32::try_from(observations).unwrap_or(i32::MAX),
            erased_at: scope.now(),
        });
        Ok(evaluation)
    }

    async fn follow(&self, scope: &Scope<'_>, subject: &Evaluation) -> Result<()> {
        let evaluation_id = subject.row.id;
        // A key's fingerprint is a hash of what was sent with it.
        let batches = observation_batch::Entity::find()
            .select_only()
            .column(observation_batch::Column::Id)
            .filter(observation_batch::COLUMN.virkningsevaluering_id.eq(evaluation_id))
            .into_query();
        idempotency::Entity::delete_many()
            .filter(idempotency::Column::SubjectId.in_subquery(batches))
            .exec(scope.db)
            .await?;
        let nothing = || Expr::value(Option::<String>::None);
        observation::Entity::update_many()
            .col_expr(observation::Column::Participant, nothing())
            .col_expr(observation::Column::Category, nothing())
            .col_expr(observation::Column::Value, Expr::value(Option::<i64>::None))
            .col_expr(observation::Column::Exposure, Expr::value(Option::<i64>::None))
            .col_expr(observation::Column::Items, nothing())
            .col_expr(observation::Column::Salt, Expr::value(Option::<Vec<u8>>::None))
            .filter(self.unerased(evaluation_id, ANSWERED)?)
            .exec(scope.db)
            .await?;
        participant_exclusion::Entity::update_many()
            .col_expr(participant_exclusion::Column::Participant, nothing())
            .col_expr(participant_exclusion::Column::Salt, Expr::value(Option::<Vec<u8>>::None))
            .filter(self.unerased(evaluation_id, LEFT_OUT)?)
            .exec(scope.db)
            .await?;
        Ok(())
    }
}

impl Erase {
    fn participant(&self) -> Result<Option<String>> {
        let participant = self.participant.as_deref().map(|participant| required(participant, LINE));
        participant.transpose().map_err(|problem| Error::refused("participant", problem))
    }

    /// What is not erased yet, of a table with these columns.
    fn unerased<C: ColumnTrait>(
        &self,
        evaluation_id: Uuid,
        (evaluation, participant): (C, C),
    ) -> Result<Condition> {
        let of_evaluation = Condition::all().add(evaluation.eq(evaluation_id)).add(participant.is_not_null());
        Ok(of_evaluation.add_option(self.participant()?.map(|key| participant.eq(key))))
    }
}
