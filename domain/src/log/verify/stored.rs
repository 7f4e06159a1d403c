//! The rows of subjects against what their events say.

use std::collections::BTreeMap;

use sea_orm::DatabaseTransaction;

use super::findings::Findings;
use super::rows::{self, StoredSubject};
use super::subject::{RowKey, Subject, differing};
use super::unreadable;
use crate::columns::SubjectKind;
use crate::error::Result;

/// Compares subjects with what is stored of them.
pub(super) async fn compare(
    db: &DatabaseTransaction,
    subjects: Vec<Subject>,
    findings: &mut Findings,
) -> Result<()> {
    let mut of_kind: BTreeMap<SubjectKind, Vec<Subject>> = BTreeMap::new();
    for subject in subjects {
        of_kind.entry(subject.kind).or_default().push(subject);
    }
    for (kind, subjects) in of_kind {
        let ids: Vec<_> = subjects.iter().map(|subject| subject.id).collect();
        let mut found = rows::stored(db, kind, &ids).await?;
        for subject in subjects {
            match found.unreadable.remove(&subject.id) {
                Some(cause) => {
                    let name = format!("{} {}", subject.kind, subject.id);
                    findings.add(subject.first_index, name, unreadable(&cause));
                }
                None => compare_rows(&subject, found.subjects.remove(&subject.id), findings),
            }
        }
    }
    Ok(())
}

fn compare_rows(subject: &Subject, stored: Option<StoredSubject>, findings: &mut Findings) {
    let name = format!("{} {}", subject.kind, subject.id);
    // What differs where the history is broken may differ for that reason, whichever event is the last to tell of it.
    let ends_early = stored.as_ref().is_some_and(|stored| stored.version > subject.sequence);
    let cause = if ends_early { u64::MAX } else { subject.broken.unwrap_or_default() };
    let mut add =
        |index: Option<u64>, record: String, wrong: String| findings.add_after(cause, index, record, wrong);
    let Some(stored) = stored else {
        add(subject.first_index, name, "its row is gone".into());
        return;
    };
    if stored.version != subject.sequence {
        let wrong =
            format!("its version is {}, and its last event's sequence {}", stored.version, subject.sequence);
        add(subject.last_index.filter(|_| !ends_early), name.clone(), wrong);
    }
    if let Some((field, wrong)) = differing(&subject.own_fields(), &stored.fields) {
        add(subject.written_by(&field), name.clone(), wrong);
    }
    let mut rows: BTreeMap<_, _> = stored.rows.into_iter().map(|row| ((row.key, row.since), row)).collect();
    for (key, expected) in &subject.rows {
        for expected in expected {
            let record = below(&name, *key, expected.since);
            let Some(row) = rows.remove(&(*key, expected.since)) else {
                add(expected.index, record, "its row is gone".into());
                continue;
            };
            if let Some((_, wrong)) = differing(&expected.fields, &row.fields) {
                add(expected.index, record.clone(), wrong);
            }
            if row.until != expected.until {
                let said = |until: Option<i64>| {
                    until.map_or("still".to_owned(), |until| format!("until version {until}"))
                };
                let wrong = format!("it stands {}, by the history {}", said(row.until), said(expected.until));
                add(expected.ended_by.or(expected.index), record, wrong);
            }
        }
    }
    for (key, since) in rows.into_keys() {
        add(subject.last_index, below(&name, key, since), "no event tells of it".into());
    }
}

fn below(subject: &str, key: RowKey, since: i64) -> String {
    match key {
        Some((kind, id)) => format!("{subject}, {kind} {id} of version {since}"),
        None => format!("{subject}, as of version {since}"),
    }
}
