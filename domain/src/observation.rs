//! Observations: what one pseudonymous participant answered to one criterion in one wave. Measurements are computed from
//! them, and the results of criteria about the same people from the pairs that they make.
//!
//! Keys and values are in no event. A batch's event holds a digest of the commitments of its observations, so that what is
//! stored can be checked against the history, and erased without breaking it.

mod commitment;
mod erase;
mod exclude;
mod measured;
mod reading;
mod record;

pub use entity::observation::Model as Observation;
pub use entity::observation_batch::Model as Batch;
pub use entity::participant_exclusion::Model as Exclusion;
pub use erase::Erase;
pub use exclude::{Exclude, Include};
pub use reading::{Observed, list};
pub(crate) use record::recordable;
pub use record::{Answer, Given, Record};

pub(crate) use commitment::{fields_of_batch, fields_of_exclusion};
pub(crate) use measured::{Pair, digest_of_waves, excluded, pairs};

use entity::{observation, observation_batch, participant_exclusion};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder};

use crate::columns::{EvaluationPart, Uuid};
use crate::error::Result;
use crate::event::{Fields, text};
use crate::operation::Store;
use crate::virkningsevaluering::Evaluation;
use crate::virkningsevaluering::part::{PartRow, added};

/// The most that are recorded at a time.
pub const MOST: usize = 5_000;
/// How many rows one statement writes.
const CHUNK: usize = 500;

fn hexadecimal(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

added!(observation_batch, ObservationBatch, |row| vec![
    ("criterionId", text(row.success_criterion_id)),
    ("wave", text(row.wave)),
    ("periodStart", text(row.period_start)),
    ("periodEnd", text(row.period_end)),
    ("observations", row.observations.into()),
    ("digest", text(hexadecimal(&row.digest))),
    ("replaced", row.replaced.into()),
    ("replacedDigest", text(hexadecimal(&row.replaced_digest))),
    ("recordedAt", text(row.recorded_at)),
]);

added!(observation_erasure, ObservationErasure, |row| vec![
    ("observations", row.observations.into()),
    ("erasedAt", text(row.erased_at)),
]);

impl PartRow for Exclusion {
    const KIND: EvaluationPart = EvaluationPart::ParticipantExclusion;

    fn id(&self) -> Uuid {
        self.id
    }

    fn fields(&self) -> Fields {
        vec![
            ("criterionId", text(self.success_criterion_id)),
            ("current", self.until_version.is_none().into()),
            ("participant", text(hexadecimal(&self.commitment))),
            ("reason", text(&self.reason)),
        ]
    }

    async fn store(&self, store: &mut Store<'_>, before: Option<&Self>, _version: i64) -> Result<()> {
        store.write::<participant_exclusion::Entity>(before, self.clone()).await
    }
}

/// Reads what stands of a criterion into its evaluation: observations, their batches and exclusions.
pub(crate) async fn load_into(
    db: &DatabaseTransaction,
    evaluation: &mut Evaluation,
    criterion_id: Uuid,
) -> Result<()> {
    let parts = &mut evaluation.parts;
    parts.observations = observation::Entity::find()
        .filter(observation::COLUMN.success_criterion_id.eq(criterion_id))
        .filter(observation::COLUMN.until_version.is_null())
        .order_by_asc(observation::COLUMN.id)
        .all(db)
        .await?;
    parts.observation_batches = observation_batch::Entity::find()
        .filter(observation_batch::COLUMN.success_criterion_id.eq(criterion_id))
        .order_by_asc(observation_batch::COLUMN.id)
        .all(db)
        .await?;
    parts.exclusions = participant_exclusion::Entity::find()
        .filter(participant_exclusion::COLUMN.success_criterion_id.eq(criterion_id))
        .filter(participant_exclusion::COLUMN.until_version.is_null())
        .order_by_asc(participant_exclusion::COLUMN.id)
        .all(db)
        .await?;
    Ok(())
}

/// Writes the observations that are new, and ends those that others took the place of.
pub(crate) async fn store(
    store: &mut Store<'_>,
    before: &[Observation],
    after: &[Observation],
) -> Result<()> {
    let stood: std::collections::HashSet<Uuid> = before.iter().map(|row| row.id).collect();
    let ended: Vec<_> = after.iter().filter(|row| row.until_version.is_some()).collect();
    for rows in ended.chunks(CHUNK) {
        observation::Entity::update_many()
            .col_expr(
                observation::Column::UntilVersion,
                Expr::value(rows.first().and_then(|row| row.until_version)),
            )
            .filter(observation::Column::Id.is_in(rows.iter().map(|row| row.id)))
            .exec(store.settled().await?)
            .await?;
    }
    let new = after.iter().filter(|row| !stood.contains(&row.id));
    store.insert_all::<observation::Entity>(new.cloned().collect()).await
}

/// For an operation on the observations of a criterion.
macro_rules! on_observations {
    ($action:ident) => {
        const ACTION: Action = Action::$action;
        const NAMED_BY: &'static str = "criterionId";
        type Subject = Evaluation;

        fn names(&self) -> Vec<Name> {
            vec![named(Self::NAMED_BY, AccessedKind::SuccessCriterion, self.criterion_id)]
        }

        async fn find(&self, scope: &Scope<'_>) -> Result<Option<Evaluation>> {
            let mut evaluation =
                $crate::success_criterion::held_with(scope, self.criterion_id, Self::NAMED_BY).await?;
            $crate::observation::load_into(scope.db, &mut evaluation, self.criterion_id.unwrap_or_default())
                .await?;
            Ok(Some(evaluation))
        }
    };
}
use on_observations;
