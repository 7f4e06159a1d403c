//! Reading a folder into the register: everything checked, all of it or nothing stored.

mod claims;
mod evaluations;
mod files;
mod measurements;
mod theories;

pub use measurements::{Imported, import_measurements};

use std::collections::{BTreeMap, HashMap, HashSet};

use super::contents::Files;
use super::row::{ImportFault, Row};
use super::tables::Table;
use crate::Edit;
use crate::access_log::{self, Attempt};
use crate::columns::{Action, Uuid};
use crate::context::Context;
use crate::error::{Error, Fault, Problem, Result};
use crate::operation::{Effect, Given, Operation, Scope, perform};

/// What came of a file's rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    pub created: usize,
    pub changed: usize,
    pub unchanged: usize,
}

impl Summary {
    fn count(&mut self, effect: Effect) {
        match effect {
            Effect::Created => self.created += 1,
            Effect::Changed => self.changed += 1,
            Effect::Unchanged => self.unchanged += 1,
        }
    }
}

/// How far an import has come.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    pub file: &'static str,
    pub done: usize,
    pub rows: usize,
}

/// Imports a folder as the context's actor, who needs to be a coordinator. Either every row is stored, or none is and the
/// faults say why.
pub async fn import(
    context: &Context,
    files: &Files,
    progress: impl FnMut(Progress) + Send,
) -> Result<Result<BTreeMap<&'static str, Summary>, Vec<ImportFault>>> {
    context.release().await;
    let db = context.services.database.begin_alone().await?;
    let mut import = Import::new(Scope::new(context, &db), Given::default(), progress);
    let outcome = import.all(files).await;
    let Import { summaries, faults, .. } = import;
    match outcome {
        Ok(()) if faults.is_empty() => {
            context.services.database.commit(db).await?;
            Ok(Ok(summaries))
        }
        Ok(()) | Err(Error::Refused(_)) => {
            db.rollback().await?;
            Ok(Err(faults))
        }
        Err(error) => {
            db.rollback().await?;
            Err(error)
        }
    }
}

struct Import<'a, P> {
    scope: Scope<'a>,
    /// What is said about each row's event.
    given: Given,
    slugs: HashMap<String, Uuid>,
    /// Slugs of rows that had faults: what refers to them is not faulted a second time.
    unresolved: HashSet<String>,
    /// The evaluations that the actor sees, by slug.
    evaluations: HashMap<String, Uuid>,
    /// What each file has said already: a second row about the same would undo the first.
    put_before: HashSet<(&'static str, Uuid)>,
    summaries: BTreeMap<&'static str, Summary>,
    faults: Vec<ImportFault>,
    progress: P,
}

impl<'a, P: FnMut(Progress) + Send> Import<'a, P> {
    fn new(scope: Scope<'a>, given: Given, progress: P) -> Self {
        Self {
            scope,
            given,
            slugs: HashMap::new(),
            unresolved: HashSet::new(),
            evaluations: HashMap::new(),
            put_before: HashSet::new(),
            summaries: BTreeMap::new(),
            faults: Vec::new(),
            progress,
        }
    }

    async fn all(&mut self, files: &Files) -> Result<()> {
        files.check_names(&mut self.faults);
        self.forvaltninger(files).await?;
        self.principles(files).await?;
        self.districts(files).await?;
        self.interventions(files).await?;
        let years = self.open_years(files).await?;
        self.intervention_years(files).await?;
        self.funding(files).await?;
        self.figures(files).await?;
        self.claims(files).await?;
        self.evaluations(files).await?;
        self.close_years(years).await
    }

    fn intervention(&mut self, row: &mut Row) -> Option<Uuid> {
        let slug = row.text("intervention");
        let found = self.slugs.get(&slug).copied();
        if found.is_none() && !self.unresolved.contains(&slug) {
            let fault = row.fault("intervention", &Problem::NotFound);
            row.faults.push(fault);
        }
        found
    }

    /// Carries out the operation of a row. None where the row has faults, which are kept.
    async fn put<O: Operation>(
        &mut self,
        table: &Table,
        row: Row,
        operation: Option<O>,
    ) -> Result<Option<O::Subject>> {
        self.put_with_groups(table, row, operation, &[]).await
    }

    /// The same for a row that goes with rows of another file, in which some of its faults stand.
    async fn put_with_groups<O: Operation>(
        &mut self,
        table: &Table,
        mut row: Row,
        operation: Option<O>,
        groups: &[Row],
    ) -> Result<Option<O::Subject>> {
        let mut put = None;
        if let Some(operation) = operation {
            match self.attempt(&row, &operation).await? {
                Ok((subject, effect)) => {
                    if self.put_before.insert((table.file, operation.made(&subject))) {
                        self.summaries.entry(table.file).or_default().count(effect);
                        put = Some(subject);
                    } else {
                        self.faults.push(row.fault_of_operation(&Fault::at(O::NAMED_BY, Problem::Repeated)));
                    }
                }
                Err(faults) => {
                    let told = faults.iter().map(|fault| row.fault_among(groups, fault));
                    // A cell that could not be read has been told of; what it leads to has not to be.
                    let news =
                        told.filter(|fault| !row.faults.iter().any(|known| known.column == fault.column));
                    self.faults.extend(news);
                }
            }
        }
        let whole = row.faults.is_empty();
        self.faults.append(&mut row.faults);
        Ok(put.filter(|_| whole))
    }

    /// What the operation makes, or the faults that it finds. A rule that only the database knows ends the import, since
    /// PostgreSQL takes no more statements after it.
    async fn attempt<O: Operation>(
        &mut self,
        row: &Row,
        operation: &O,
    ) -> Result<Result<(O::Subject, Effect), Vec<Fault>>> {
        let performed = perform(&self.scope, operation, &self.given, Action::Import).await;
        if let Err(error) = &performed {
            access_log::refused(self.scope.context, &Attempt::to_do(operation, Action::Import), error);
        }
        match performed {
            Ok(done) => Ok(Ok(done)),
            Err(Error::Refused(faults)) if faults.iter().any(|fault| fault.field.is_empty()) => {
                self.faults.extend(faults.iter().map(|fault| row.fault_of_operation(fault)));
                Err(Error::Refused(faults))
            }
            Err(Error::Refused(faults)) => Ok(Err(faults)),
            Err(Error::Forbidden) => {
                self.faults.push(row.fault_of_operation(&Fault::at("", Problem::NotPermitted)));
                Err(Error::Refused(Vec::new()))
            }
            Err(error) => Err(error),
        }
    }

    /// Carries out an operation that several rows may ask for alike. Whether it could be; if not, the row has the faults.
    async fn put_again<O: Operation>(&mut self, row: &Row, operation: &O) -> Result<bool> {
        let attempted = self.attempt(row, operation).await?;
        let faults = attempted.err().unwrap_or_default();
        self.faults.extend(faults.iter().map(|fault| row.fault_of_operation(fault)));
        Ok(faults.is_empty())
    }

    fn steps(table: &'static Table, rows: Vec<Row>) -> Vec<(Row, Progress)> {
        let count = rows.len();
        let step = |(at, row)| (row, Progress { file: table.file, done: at + 1, rows: count });
        rows.into_iter().enumerate().map(step).collect()
    }
}

/// What a cell says; an empty one empties the field.
fn stated<T>(cell: Option<T>) -> Edit<T> {
    cell.map_or(Edit::Clear, Edit::Set)
}

/// The rows with each one after the row it lies under, wherever it stands in the file.
fn parents_first(rows: Vec<Row>, name: &str, parent: &str) -> Vec<Row> {
    let mut waiting = rows;
    let mut ordered = Vec::with_capacity(waiting.len());
    loop {
        let names: HashSet<String> = waiting.iter().map(|row| row.text(name)).collect();
        let (blocked, ready): (Vec<_>, Vec<_>) =
            waiting.into_iter().partition(|row| names.contains(&row.text(parent)));
        let stuck = ready.is_empty();
        ordered.extend(ready);
        if blocked.is_empty() || stuck {
            // A circle: the operation says what is wrong with it.
            ordered.extend(blocked);
            return ordered;
        }
        waiting = blocked;
    }
}
