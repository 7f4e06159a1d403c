//! Measurements of one evaluation from a table, as someone keeps them in a spreadsheet.

use std::collections::BTreeMap;

use super::{Import, Progress, Summary};
use crate::columns::{Action, Uuid};
use crate::context::Context;
use crate::database::statements;
use crate::error::{Error, Problem, Result};
use crate::operation::{Aggregate, Given, Scope};
use crate::policy::{Verb, permits};
use crate::register::row::ImportFault;
use crate::register::tables::{Files, OWN_MEASUREMENTS};
use crate::virkningsevaluering::{Evaluation, Named, owners};

/// Each row reads what is measured already, so a long table is read in parts.
const MOST_ROWS: usize = 1_000;

/// What came of a table.
#[derive(Clone, Copy, Debug)]
pub struct Imported {
    pub evaluation_id: Uuid,
    pub summary: Summary,
}

/// Records each row of a CSV table with the columns of `measurements.csv` but its first. All rows or none; rows that are
/// there already stay as they are, so that a table can be sent again with more rows.
pub async fn import_measurements(
    context: &Context,
    evaluation_id: Option<Uuid>,
    csv: String,
    reason: Option<String>,
) -> Result<Imported> {
    context.release().await?;
    let context = context.clone();
    let work = async move {
        let db = context.services.database.begin().await?;
        let given = Given { reason, ..Given::default() };
        let outcome =
            Import::new(Scope::new(&context, &db), given, |_progress| {}).table(evaluation_id, csv).await;
        match outcome {
            Ok(imported) => {
                db.commit().await?;
                Ok(imported)
            }
            Err(error) => {
                db.rollback().await?;
                Err(error)
            }
        }
    };
    statements::detached(Box::pin(work)).await.map_err(Error::internal)?
}

impl<P: FnMut(Progress) + Send> Import<'_, P> {
    async fn table(mut self, evaluation_id: Option<Uuid>, csv: String) -> Result<Imported> {
        let named = Named::Evaluation(evaluation_id);
        let evaluation = Evaluation::held(&self.scope, named, "virkningsevalueringId").await?;
        let owners = owners(&self.scope, Some(&evaluation)).await?;
        if !permits(&self.scope.context.actor, Verb::Do(Action::Import), Evaluation::KIND, &owners) {
            return Err(Error::Forbidden);
        }
        let evaluation_id = evaluation.row.id;
        let files = Files(BTreeMap::from([(OWN_MEASUREMENTS.file.to_owned(), csv.into_bytes())]));
        let rows = files.rows(&OWN_MEASUREMENTS, &mut self.faults);
        if rows.len() > MOST_ROWS {
            let problem = Problem::TooManyRows { most: MOST_ROWS };
            self.faults.push(ImportFault::of_rows(OWN_MEASUREMENTS.file, problem));
        } else {
            for mut row in rows {
                let operation = self.measurement(&mut row, evaluation_id).await?;
                self.put(&OWN_MEASUREMENTS, row, operation).await?;
            }
        }
        if !self.faults.is_empty() {
            let faults = self.faults.into_iter().map(|fault| fault.in_input(OWN_MEASUREMENTS.file));
            return Err(Error::Refused(faults.collect()));
        }
        let summary = self.summaries.remove(OWN_MEASUREMENTS.file).unwrap_or_default();
        Ok(Imported { evaluation_id, summary })
    }
}
