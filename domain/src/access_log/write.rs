//! Writing what has gathered, and deleting what is old.

use std::collections::{BTreeMap, HashMap, HashSet};

use entity::{
    access_log_entry, criterion_claim, criterion_comparison, criterion_result, data_processing, data_source,
    element_criterion, event, learning, measurement, observation_batch, observation_erasure, paired_table,
    participant_exclusion, population, qualitative_evidence, rival_explanation, success_criterion,
    theory_amendment, theory_element, theory_link, transition,
};
use sea_orm::sea_query::{CaseStatement, Expr, OnConflict};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
};
use sha2::{Digest, Sha256};

use super::pending::{Batch, Bucket, Denial, MOST_OF_ACTOR, Tally};
use crate::columns::{AccessOutcome, AccessedKind, TextList, Timestamp, Uuid};
use crate::context::Services;
use crate::database::statements;
use crate::error::{Error, Result};
use crate::page::grouped_by;

/// How many rows are written or deleted by one statement.
pub const BATCH: u64 = 500;

/// Writes the denials that wait. Those that cannot be written go on waiting.
///
/// A commit whose answer is lost is written again: rather counted twice than not at all.
pub async fn write(services: &Services) -> Result<()> {
    let batch = services.access_log.take();
    if batch.is_empty() {
        return Ok(());
    }
    let services = services.clone();
    let work = async move {
        let written = services.database.bookkeep(async |db| store_in(db, &batch).await).await;
        if written.is_err() {
            services.access_log.put_back(batch);
        }
        written
    };
    statements::detached(work).await.map_err(Error::internal)?
}

async fn store_in(db: &DatabaseTransaction, batch: &Batch) -> Result<()> {
    let tallies = bounded(db, batch).await?;
    let interventions =
        interventions(db, tallies.values().filter_map(|(_, denial, _)| denial.target)).await?;
    let mut rows = tallies.into_iter().map(|(digest, (bucket, denial, tally))| {
        let intervention = denial.target.and_then(|(_, id)| interventions.get(&id).copied());
        row(digest, bucket, denial, tally, intervention).into_active_model()
    });
    loop {
        let part: Vec<_> = rows.by_ref().take(usize::try_from(BATCH).unwrap_or(usize::MAX)).collect();
        if part.is_empty() {
            return Ok(());
        }
        access_log_entry::Entity::insert_many(part).on_conflict(adding()).exec_without_returning(db).await?;
    }
}

/// What is to be stored, by digest, so that two servers take the rows in one order. An actor who has the most entries of an
/// hour already, from this server or another or before a restart, gets no more of them.
async fn bounded(
    db: &DatabaseTransaction,
    batch: &Batch,
) -> Result<BTreeMap<Vec<u8>, (Bucket, Denial, Tally)>> {
    let earliest = batch.keys().map(|(bucket, _)| bucket.start()).min();
    let actors: HashSet<Uuid> = batch.keys().map(|(bucket, _)| bucket.actor_id).collect();
    let present: Vec<(Uuid, Timestamp, Vec<u8>)> = access_log_entry::Entity::find()
        .select_only()
        .columns([
            access_log_entry::Column::ActorId,
            access_log_entry::Column::FirstAt,
            access_log_entry::Column::Digest,
        ])
        .filter(access_log_entry::COLUMN.actor_id.is_in(actors))
        .filter(access_log_entry::COLUMN.first_at.gte(earliest.unwrap_or(Timestamp::from_micros(0))))
        .filter(access_log_entry::Column::Outcome.is_in([AccessOutcome::Forbidden, AccessOutcome::NotFound]))
        .into_tuple()
        .all(db)
        .await?;
    let mut places: HashMap<Bucket, usize> = HashMap::new();
    for (actor_id, first_at, _) in &present {
        *places.entry(Bucket::of(*actor_id, *first_at)).or_default() += 1;
    }
    let known: HashSet<Vec<u8>> = present.into_iter().map(|(_, _, digest)| digest).collect();
    let mut stored: BTreeMap<Vec<u8>, (Bucket, Denial, Tally)> = BTreeMap::new();
    let mut in_order: Vec<_> = batch.iter().collect();
    in_order.sort_by_key(|(_, tally)| tally.id);
    for ((bucket, denial), tally) in in_order {
        let taken = places.entry(*bucket).or_default();
        let mut denial = *denial;
        if denial != Denial::OVERFLOW && !known.contains(&digest(*bucket, denial)) {
            if *taken < MOST_OF_ACTOR {
                *taken += 1;
            } else {
                denial = Denial::OVERFLOW;
            }
        }
        let place = digest(*bucket, denial);
        let tally = match stored.remove(&place) {
            Some((_, _, other)) => other.and(tally.clone()),
            None => tally.clone(),
        };
        stored.insert(place, (*bucket, denial, tally));
    }
    Ok(stored)
}

/// An entry that is there already is counted on.
fn adding() -> OnConflict {
    let stored = |column| Expr::col((access_log_entry::Entity, column));
    let added = |column| Expr::col(("excluded", column));
    let (count, last_at) = (access_log_entry::Column::Count, access_log_entry::Column::LastAt);
    let later = CaseStatement::new()
        .case(added(last_at).gt(stored(last_at)), added(last_at))
        .finally(stored(last_at));
    OnConflict::column(access_log_entry::Column::Digest)
        .value(count, stored(count).add(added(count)))
        .value(last_at, later)
        .to_owned()
}

fn row(
    digest: Vec<u8>,
    bucket: Bucket,
    denial: Denial,
    tally: Tally,
    intervention_id: Option<Uuid>,
) -> access_log_entry::Model {
    access_log_entry::Model {
        id: tally.id,
        digest,
        actor_id: bucket.actor_id,
        actor_roles: TextList(tally.roles),
        action: denial.action,
        subject_kind: denial.kind,
        named_kind: denial.target.map(|(kind, _)| kind),
        named_id: denial.target.map(|(_, id)| id),
        intervention_id,
        outcome: denial.outcome,
        purpose: None,
        first_at: tally.first_at,
        last_at: tally.last_at,
        count: tally.count,
        request_id: tally.request_id,
    }
}

/// What equal entries have in common, in one value that is never NULL.
fn digest(bucket: Bucket, denial: Denial) -> Vec<u8> {
    let action = denial.action.map_or("", |action| action.as_str());
    let kind = denial.kind.map_or("", |kind| kind.as_str());
    let target = denial.target.map_or_else(String::new, |(kind, id)| format!("{kind} {id}"));
    let Bucket { actor_id, hour } = bucket;
    Sha256::digest(format!("{actor_id}\n{hour}\n{action}\n{kind}\n{target}\n{}", denial.outcome)).to_vec()
}

/// The interventions that what was named belongs to, where it exists. Asked here and not in the request, which must not take
/// longer for what is there.
async fn interventions(
    db: &DatabaseTransaction,
    targets: impl Iterator<Item = (AccessedKind, Uuid)>,
) -> Result<HashMap<Uuid, Uuid>> {
    let targets: Vec<_> = targets.collect();
    let mut subjects = Vec::with_capacity(targets.len());
    for (kind, targets) in grouped_by(targets, |(kind, _)| *kind) {
        let ids: Vec<Uuid> = targets.into_iter().map(|(_, id)| id).collect();
        subjects.extend(subjects_of(db, kind, ids).await?);
    }
    // The first event of each subject knows the intervention, whatever its kind.
    let first: Vec<(Uuid, Option<Uuid>)> = event::Entity::find()
        .select_only()
        .columns([event::Column::SubjectId, event::Column::InterventionId])
        .filter(event::COLUMN.sequence.eq(1))
        .filter(event::COLUMN.subject_id.is_in(subjects.iter().map(|(_, subject)| *subject)))
        .into_tuple()
        .all(db)
        .await?;
    let of_subject: HashMap<Uuid, Uuid> =
        first.into_iter().filter_map(|(subject, intervention)| Some((subject, intervention?))).collect();
    let of_target = subjects.into_iter();
    Ok(of_target.filter_map(|(id, subject)| Some((id, *of_subject.get(&subject)?))).collect())
}

/// The subjects of the history that these are or belong to.
async fn subjects_of(
    db: &DatabaseTransaction,
    kind: AccessedKind,
    ids: Vec<Uuid>,
) -> Result<Vec<(Uuid, Uuid)>> {
    async fn select<E: EntityTrait>(
        db: &DatabaseTransaction,
        (id, subject): (E::Column, E::Column),
        ids: Vec<Uuid>,
    ) -> Result<Vec<(Uuid, Uuid)>> {
        let pairs = E::find().select_only().column(id).column(subject).filter(id.is_in(ids));
        Ok(pairs.into_tuple().all(db).await?)
    }
    macro_rules! of {
        ($table:ident) => {
            select::<$table::Entity>(db, ($table::Column::Id, $table::Column::VirkningsevalueringId), ids)
                .await
        };
    }
    match kind {
        AccessedKind::Account
        | AccessedKind::RoleGrant
        | AccessedKind::ApiToken
        | AccessedKind::Forvaltning
        | AccessedKind::Strategy
        | AccessedKind::StrategyPrinciple
        | AccessedKind::District
        | AccessedKind::Intervention
        | AccessedKind::InterventionYear
        | AccessedKind::ReportingYear
        | AccessedKind::Funding
        | AccessedKind::Figure
        | AccessedKind::EvaluationRound
        | AccessedKind::Instrument
        | AccessedKind::Virkningsevaluering => Ok(ids.into_iter().map(|id| (id, id)).collect()),
        AccessedKind::SuccessCriterion => of!(success_criterion),
        AccessedKind::Measurement => of!(measurement),
        AccessedKind::PairedTable => of!(paired_table),
        AccessedKind::Result => of!(criterion_result),
        AccessedKind::Comparison => of!(criterion_comparison),
        // A claim about a year belongs to no intervention.
        AccessedKind::Claim => of!(criterion_claim),
        AccessedKind::Learning => of!(learning),
        AccessedKind::Population => of!(population),
        AccessedKind::DataSource => of!(data_source),
        AccessedKind::DataProcessing => of!(data_processing),
        AccessedKind::ObservationBatch => of!(observation_batch),
        AccessedKind::ParticipantExclusion => of!(participant_exclusion),
        AccessedKind::ObservationErasure => of!(observation_erasure),
        AccessedKind::TheoryElement => of!(theory_element),
        AccessedKind::TheoryLink => of!(theory_link),
        AccessedKind::ElementCriterion => of!(element_criterion),
        AccessedKind::TheoryAmendment => of!(theory_amendment),
        AccessedKind::QualitativeEvidence => of!(qualitative_evidence),
        AccessedKind::RivalExplanation => of!(rival_explanation),
        AccessedKind::Transition => of!(transition),
        AccessedKind::Event => {
            select::<event::Entity>(db, (event::Column::Id, event::Column::SubjectId), ids).await
        }
        AccessedKind::AccessLogEntry => Ok(Vec::new()),
    }
}

/// Deletes entries whose last time is before a moment, the oldest first and no more than [`BATCH`], so that nothing waits for
/// long. How many there were: fewer than that once none is left.
pub async fn delete_before(services: &Services, moment: Timestamp) -> Result<u64> {
    let services = services.clone();
    let work = async move {
        let old = access_log_entry::Entity::find()
            .select_only()
            .column(access_log_entry::Column::Id)
            .filter(access_log_entry::COLUMN.last_at.lt(moment))
            .order_by_asc(access_log_entry::COLUMN.last_at)
            .limit(BATCH)
            .into_query();
        let deleting =
            access_log_entry::Entity::delete_many().filter(access_log_entry::Column::Id.in_subquery(old));
        services.database.bookkeep(async |db| Ok(deleting.exec(db).await?.rows_affected)).await
    };
    statements::detached(work).await.map_err(Error::internal)?
}
