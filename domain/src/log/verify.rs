//! Verifying: hashing the history and the data again, and looking for the first record that does not agree.
//!
//! Each event is checked by itself; the events of each subject are put together and compared with the rows of the tables; and
//! the tree is built again over all leaves and compared with what was signed.

mod event;
mod roots;
mod rows;
mod subject;

use std::collections::BTreeMap;

use entity::{event as event_table, event_detail, log_entry};
use sea_orm::sea_query::{Expr, SelectStatement};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, ExprTrait, FromQueryResult, JoinType,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
};

use self::subject::{Subject, differing};
use super::checkpoint::Anchor;
use super::key::PublicKey;
use super::tree;
use crate::columns::{SubjectKind, Uuid};
use crate::context::Services;
use crate::error::{Error, Result};

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

/// One record that does not agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Its place in the log, where it has one: that of the event that should have made it so.
    pub index: Option<u64>,
    pub record: String,
    pub wrong: String,
}

/// What was found.
#[derive(Debug)]
pub struct Report {
    /// Entries of the log.
    pub entries: u64,
    /// Events that were hashed again, and subjects that were compared.
    pub events: u64,
    pub subjects: u64,
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

/// What is known so far.
struct Findings {
    faults: Vec<Fault>,
    count: u64,
    /// The leaf of each entry, from the event's own bytes.
    leaves: Vec<Option<[u8; 32]>>,
}

impl Findings {
    fn add(&mut self, index: Option<u64>, record: String, wrong: String) {
        self.count += 1;
        self.faults.push(Fault { index, record, wrong });
        // Of a history that was made anew everything is wrong: what comes first is what counts.
        let most = usize::try_from(MOST * 10).unwrap_or(usize::MAX);
        if self.faults.len() > most * 2 {
            self.faults.sort_by_key(place);
            self.faults.truncate(most);
        }
    }
}

/// By the log, and what has no place in it last.
fn place(fault: &Fault) -> (u64, bool) {
    (fault.index.unwrap_or(u64::MAX), fault.record.starts_with("log"))
}

/// Verifies the whole database, at one moment. `progress` is told how many of how many events are done.
pub async fn verify(services: &Services, verify: &Verify, mut progress: impl FnMut(u64, u64)) -> Result<Report> {
    let db = services.database.snapshot().await?;
    let anchors = roots::Anchors::read(&db, verify).await?;
    let since = if verify.only_new { anchors.largest() } else { 0 };
    let entries = log_entry::Entity::find().count(&db).await?;
    let length = usize::try_from(entries).map_err(Error::internal)?;
    let mut findings = Findings { faults: Vec::new(), count: 0, leaves: vec![None; length] };
    if since > 0 {
        trusted_leaves(&db, since, &mut findings).await?;
    }
    let (events, subjects) = compare(&db, since, entries, &mut findings, &mut progress).await?;
    for kind in SubjectKind::ALL {
        for id in rows::without_history(&db, *kind).await? {
            findings.add(None, format!("{kind} {id}"), "no event tells of it".into());
        }
    }
    missing(&db, &mut findings).await?;
    let root = roots::compare(&db, &anchors, &mut findings).await?;
    db.rollback().await?;
    findings.faults.sort_by_key(place);
    findings.faults.truncate(usize::try_from(MOST).unwrap_or(usize::MAX));
    let Findings { faults, count, leaves: _ } = findings;
    let (outside, kept) = (root.outside, root.kept);
    Ok(Report { entries, events, subjects, root: root.hash, anchors: outside, kept, faults, fault_count: count })
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
        let batch = batch(db, after, since).await?;
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
            compared(db, std::mem::take(&mut finished), findings).await?;
        }
        progress(events, Ord::max(entries, events));
        if last.is_none() {
            return Ok((events, subjects));
        }
        after = last;
    }
}

async fn batch(db: &DatabaseTransaction, after: Option<(Uuid, i64)>, since: u64) -> Result<Vec<Row>> {
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
    rows.iter().map(|row| Ok(Row::from_query_result(row, "")?)).collect()
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
    let record = || format!("event {} ({} {}, sequence {})", event.id, event.subject_kind, event.subject_id, event.sequence);
    let (entry, mut fault) = event::examined(event, row.openings.as_deref(), row.logged.as_deref());
    if let Some(place) = index.and_then(|index| findings.leaves.get_mut(usize::try_from(index).ok()?)) {
        *place = Some(crate::event::leaf(&event.body));
    } else if fault.is_none() {
        fault = Some("its place in the log is beyond the log's end".into());
    }
    if event.sequence != subject.sequence + 1 {
        let wrong = format!("sequence {} of its subject is missing before it", subject.sequence + 1);
        fault = fault.or(Some(wrong));
        subject.sequence = event.sequence - 1;
    }
    if event.subject_kind != subject.kind {
        fault = fault.or_else(|| Some("it is of another kind than those before it".into()));
    }
    if index.zip(subject.last_index).is_some_and(|(index, before)| index <= before) {
        fault = fault.or_else(|| Some("the log has it before an earlier event of its subject".into()));
    }
    match &entry {
        Some(entry) => fault = subject.apply(entry, index).filter(|_| fault.is_none()).or(fault),
        None => subject.sequence += 1,
    }
    if let Some(wrong) = fault {
        findings.add(index, record(), wrong);
    }
}

/// Compares subjects with what is stored of them.
async fn compared(db: &DatabaseTransaction, subjects: Vec<Subject>, findings: &mut Findings) -> Result<()> {
    let mut of_kind: BTreeMap<SubjectKind, Vec<Subject>> = BTreeMap::new();
    for subject in subjects {
        of_kind.entry(subject.kind).or_default().push(subject);
    }
    for (kind, subjects) in of_kind {
        let ids: Vec<_> = subjects.iter().map(|subject| subject.id).collect();
        let mut stored = rows::stored(db, kind, &ids).await?;
        for subject in subjects {
            compare_rows(&subject, stored.remove(&subject.id), findings);
        }
    }
    Ok(())
}

fn compare_rows(subject: &Subject, stored: Option<rows::StoredSubject>, findings: &mut Findings) {
    let name = format!("{} {}", subject.kind, subject.id);
    let Some(stored) = stored else {
        findings.add(subject.first_index, name, "its row is gone".into());
        return;
    };
    if let Some((field, wrong)) = differing(&subject.own_fields(), &stored.fields) {
        findings.add(subject.written_by(&field), name.clone(), wrong);
    }
    if stored.version != subject.sequence {
        let wrong = format!("its version is {}, and its last event's sequence {}", stored.version, subject.sequence);
        findings.add(subject.last_index, name.clone(), wrong);
    }
    let mut rows: BTreeMap<_, _> = stored.rows.into_iter().map(|row| ((row.key, row.since), row)).collect();
    for (key, expected) in &subject.rows {
        for expected in expected {
            let record = below(&name, *key, expected.since);
            let Some(row) = rows.remove(&(*key, expected.since)) else {
                findings.add(expected.index, record, "its row is gone".into());
                continue;
            };
            if let Some((_, wrong)) = differing(&expected.fields, &row.fields) {
                findings.add(expected.index, record.clone(), wrong);
            }
            if row.until != expected.until {
                let said = |until: Option<i64>| until.map_or("still".to_owned(), |until| format!("until version {until}"));
                let wrong = format!("it stands {}, by the history {}", said(row.until), said(expected.until));
                findings.add(expected.ended_by.or(expected.index), record, wrong);
            }
        }
    }
    for (key, since) in rows.into_keys() {
        findings.add(subject.last_index, below(&name, key, since), "no event tells of it".into());
    }
}

fn below(subject: &str, key: subject::RowKey, since: i64) -> String {
    match key {
        Some((kind, id)) => format!("{subject}, {kind} {id} of version {since}"),
        None => format!("{subject}, as of version {since}"),
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
            Some(entry) => findings.add(index, format!("event {}", entry.event_id), "it is gone, and the log has its entry".into()),
            None => findings.add(index, format!("log entry {place}"), "it is gone".into()),
        }
    }
    Ok(())
}
