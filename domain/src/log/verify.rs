//! Verifying: hashing the history and the data again, and looking for the first record that does not agree.
//!
//! Each event is checked by itself; the events of each subject are put together and compared with the rows of the tables; and
//! the tree is built again over all leaves and compared with what was signed.

mod event;
mod findings;
mod roots;
mod rows;
mod stored;
mod subject;

use entity::{event as event_table, event_detail, log_entry};
use sea_orm::sea_query::{Expr, SelectStatement};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, ExprTrait, FromQueryResult, JoinType,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
};

pub use self::findings::Fault;
use self::findings::Findings;
use self::subject::Subject;
use super::checkpoint::Anchor;
use super::key::PublicKey;
use super::tree;
use crate::columns::{SubjectKind, Uuid};
use crate::context::Services;
use crate::error::{Error, Result};
use crate::sight::{wrongly_led, wrongly_newest};

/// How many events are read at a time, and how many subjects are compared at a time.
const EVENTS: u64 = 500;
const SUBJECTS: usize = 100;
/// How many faults of one kind are told; the others are counted.
const MOST: u64 = 20;

/// What to verify, and against what.
pub struct Verify {
    /// Checkpoints that were kept outside.
    pub anchors: Vec<Anchor>,
    /// What they, and those in the database, must be signed with; signatures are not checked without it.
    pub key: Option<PublicKey>,
    /// Only what was written after the largest of the anchors: of what is older only the stored leaves.
    pub only_new: bool,
}

/// What was found.
#[derive(Debug)]
pub struct Report {
    /// Entries of the log.
    pub entries: u64,
    /// Events that were hashed again, and subjects that were compared.
    pub events: u64,
    pub subjects: u64,
    /// Values that were erased from the events: the tables may hold anything there.
    pub erased: u64,
    /// The root over all leaves, unless one is missing.
    pub root: Option<[u8; 32]>,
    /// Checkpoints that the log agrees with, kept outside and in the database.
    pub anchors: u64,
    pub kept: u64,
    /// The records that do not agree, the first one first; not more than a few of each kind.
    pub faults: Vec<Fault>,
    pub fault_count: u64,
}

/// An event with what lies beside it.
#[derive(FromQueryResult)]
struct Row {
    #[sea_orm(nested)]
    event: event_table::Model,
    openings: Option<String>,
    index: Option<i64>,
    logged: Option<Vec<u8>>,
}

/// Verifies the whole database, at one moment. `progress` is told how many of how many events are done.
pub async fn verify(
    services: &Services,
    verify: &Verify,
    mut progress: impl FnMut(u64, u64),
) -> Result<Report> {
    let db = services.database.snapshot().await?;
    let anchors = roots::Anchors::read(&db, verify).await?;
    let since = if verify.only_new { anchors.largest() } else { 0 };
    let entries = log_entry::Entity::find().count(&db).await?;
    let length = usize::try_from(entries).map_err(Error::internal)?;
    let mut findings = Findings::new(length);
    if since > 0 {
        trusted_leaves(&db, since, &mut findings).await?;
    }
    let (events, subjects) = compare(&db, since, entries, &mut findings, &mut progress).await?;
    for kind in SubjectKind::ALL {
        match rows::without_history(&db, *kind).await {
            Ok(ids) => {
                for id in ids {
                    findings.add(None, format!("{kind} {id}"), "no event tells of it".into());
                }
            }
            Err(Error::Internal(cause)) => {
                findings.add(None, format!("{kind} of an id that is none"), unreadable(&cause));
            }
            Err(error) => return Err(error),
        }
    }
    missing(&db, &mut findings).await?;
    for year in wrongly_newest().all(&db).await? {
        let record = format!("{} {}", SubjectKind::InterventionYear, year.id);
        findings.add(None, record, "whether it is the newest year is kept wrongly".into());
    }
    for intervention in wrongly_led().all(&db).await? {
        let record = format!("{} {}", SubjectKind::Intervention, intervention.id);
        findings.add(None, record, "who leads it is kept wrongly".into());
    }
    let root = roots::compare(&db, &anchors, &mut findings).await?;
    db.rollback().await?;
    let (erased, fault_count) = (findings.erased, findings.count);
    Ok(Report {
        entries,
        events,
        subjects,
        erased,
        root: root.hash,
        anchors: root.outside,
        kept: root.kept,
        faults: findings.first(),
        fault_count,
    })
}

/// What is wrong with a row that holds what no row of its table can.
fn unreadable(cause: &str) -> String {
    format!("it cannot be read: {cause}")
}

/// Reads the stored leaves of what is taken as verified.
async fn trusted_leaves(db: &DatabaseTransaction, since: u64, findings: &mut Findings) -> Result<()> {
    let mut next = 0;
    while next < since {
        let end = Ord::min(since, next + EVENTS * 20);
        let range = log_entry::COLUMN.index.between(tree::stored(next)?, tree::stored(end)? - 1);
        for row in log_entry::Entity::find().filter(range).all(db).await? {
            let (index, hash) = tree::numbered(row.index, &row.leaf)?;
            let place = usize::try_from(index).ok().and_then(|index| findings.leaves.get_mut(index));
            if let Some(place) = place {
                *place = Some(hash.0);
            }
        }
        next = end;
    }
    Ok(())
}

/// Goes through the events, subject by subject, and compares each subject with its rows.
async fn compare(
    db: &DatabaseTransaction,
    since: u64,
    entries: u64,
    findings: &mut Findings,
    progress: &mut impl FnMut(u64, u64),
) -> Result<(u64, u64)> {
    let (mut events, mut subjects) = (0, 0);
    let mut finished: Vec<Subject> = Vec::new();
    let mut present: Option<Subject> = None;
    let mut after: Option<(Uuid, i64)> = None;
    loop {
        let batch = batch(db, after, since, findings).await?;
        let last = batch.last().map(|row| (row.event.subject_id, row.event.sequence));
        for row in batch {
            events += 1;
            if present.as_ref().is_none_or(|subject| subject.id != row.event.subject_id) {
                let next = Subject::new(row.event.subject_kind, row.event.subject_id);
                finished.extend(present.replace(next));
            }
            if let Some(subject) = &mut present {
                take(subject, &row, findings);
            }
        }
        if last.is_none() {
            finished.extend(present.take());
        }
        if last.is_none() || finished.len() >= SUBJECTS {
            subjects += u64::try_from(finished.len()).unwrap_or_default();
            stored::compare(db, std::mem::take(&mut finished), findings).await?;
        }
        if last.is_none() {
            return Ok((events, subjects));
        }
        progress(events, Ord::max(entries, events));
        after = last;
    }
}

async fn batch(
    db: &DatabaseTransaction,
    after: Option<(Uuid, i64)>,
    since: u64,
    findings: &mut Findings,
) -> Result<Vec<Row>> {
    let detail = event_table::Entity::belongs_to(event_detail::Entity)
        .from(event_table::Column::Id)
        .to(event_detail::Column::EventId);
    let entry = event_table::Entity::belongs_to(log_entry::Entity)
        .from(event_table::Column::Id)
        .to(log_entry::Column::EventId);
    let mut select: Select<event_table::Entity> = event_table::Entity::find()
        .join(JoinType::LeftJoin, detail.into())
        .join(JoinType::LeftJoin, entry.into())
        .column(event_detail::Column::Openings)
        .column(log_entry::Column::Index)
        .column_as(log_entry::Column::Leaf, "logged")
        .order_by_asc(event_table::COLUMN.subject_id)
        .order_by_asc(event_table::COLUMN.sequence)
        .limit(EVENTS);
    if let Some((subject, sequence)) = after {
        // In this form both databases begin to read at the subject.
        let later = event_table::COLUMN.subject_id.gt(subject).or(event_table::COLUMN.sequence.gt(sequence));
        select = select.filter(event_table::COLUMN.subject_id.gte(subject)).filter(later);
    }
    if since > 0 {
        select = select.filter(event_table::Column::SubjectId.in_subquery(written_since(since)?));
    }
    let rows = db.query_all(&select.into_query()).await?;
    let mut read = Vec::with_capacity(rows.len());
    for row in &rows {
        match Row::from_query_result(row, "") {
            Ok(row) => read.push(row),
            Err(error) => {
                let id =
                    row.try_get::<Uuid>("", "id").map_or("of an id that is none".into(), |id| id.to_string());
                let index = row.try_get::<i64>("", "index").ok().and_then(|index| u64::try_from(index).ok());
                findings.add_unreadable(index, format!("event {id}"), unreadable(&error.to_string()));
            }
        }
    }
    if read.is_empty() && u64::try_from(rows.len()).is_ok_and(|rows| rows == EVENTS) {
        return Err(Error::internal("no row of the table event can be read"));
    }
    Ok(read)
}

/// The subjects of events from an entry of the log on.
fn written_since(since: u64) -> Result<SelectStatement> {
    let entry = event_table::Entity::belongs_to(log_entry::Entity)
        .from(event_table::Column::Id)
        .to(log_entry::Column::EventId);
    Ok(event_table::Entity::find()
        .select_only()
        .column(event_table::Column::SubjectId)
        .join(JoinType::InnerJoin, entry.into())
        .filter(Expr::col((log_entry::Entity, log_entry::Column::Index)).gte(tree::stored(since)?))
        .into_query())
}

/// Checks one event, and puts it to those of its subject before it.
fn take(subject: &mut Subject, row: &Row, findings: &mut Findings) {
    let event = &row.event;
    let index = row.index.and_then(|index| u64::try_from(index).ok());
    let record = || {
        format!(
            "event {} ({} {}, sequence {})",
            event.id, event.subject_kind, event.subject_id, event.sequence
        )
    };
    let (entry, mut fault) = event::examined(event, row.openings.as_deref(), row.logged.as_deref());
    findings.erased += entry.as_ref().map_or(0, event::erased);
    if let Some(place) = index.and_then(|index| findings.leaves.get_mut(usize::try_from(index).ok()?)) {
        *place = Some(crate::event::leaf(&event.body));
    } else if fault.is_none() {
        let wrong = index
            .map(|index| format!("the log has it at place {index}, and {} entries", findings.leaves.len()));
        fault = wrong;
    }
    if event.sequence != subject.sequence.saturating_add(1) {
        let wrong =
            format!("sequence {} of its subject is missing before it", subject.sequence.saturating_add(1));
        fault = fault.or(Some(wrong));
        subject.sequence = event.sequence.saturating_sub(1);
    }
    if event.subject_kind != subject.kind {
        fault = fault.or_else(|| Some("it is of another kind than those before it".into()));
    }
    if index.zip(subject.last_index).is_some_and(|(index, before)| index <= before) {
        fault = fault.or_else(|| Some("the log has it before an earlier event of its subject".into()));
    }
    match &entry {
        Some(entry) => fault = subject.apply(entry, index).filter(|_| fault.is_none()).or(fault),
        None => subject.sequence = event.sequence,
    }
    if let Some(wrong) = fault {
        subject.breaks(index);
        findings.add(index, record(), wrong);
    }
}

/// Tells of entries that are not there, or whose event is not.
async fn missing(db: &DatabaseTransaction, findings: &mut Findings) -> Result<()> {
    let places: Vec<_> = findings
        .leaves
        .iter()
        .enumerate()
        .filter(|(_, leaf)| leaf.is_none())
        .filter_map(|(index, _)| i64::try_from(index).ok())
        .filter(|index| !u64::try_from(*index).is_ok_and(|index| findings.unreadable.contains(&index)))
        .collect();
    let told = usize::try_from(MOST).unwrap_or(usize::MAX);
    let entries = log_entry::Entity::find()
        .filter(log_entry::COLUMN.index.is_in(places.iter().take(told).copied()))
        .all(db)
        .await?;
    for place in places {
        let index = u64::try_from(place).ok();
        let entry = entries.iter().find(|entry| entry.index == place);
        match entry {
            Some(entry) => findings.add(
                index,
                format!("event {}", entry.event_id),
                "it is gone, and the log has its entry".into(),
            ),
            None => findings.add(index, "log".into(), "this entry is gone".into()),
        }
    }
    Ok(())
}
