//! Reading measurements: those of a folder, and those of one evaluation from a table, as someone keeps them in a spreadsheet.

use std::collections::BTreeMap;

use entity::{data_source, population};
use sea_orm::{EntityTrait, QueryFilter};

use super::{Import, Progress, Summary};
use crate::GivenId;
use crate::access_log::{self, Attempt};
use crate::columns::{AccessedKind, Action, Uuid};
use crate::context::Context;
use crate::database::statements;
use crate::error::{Error, Problem, Result};
use crate::input::text;
use crate::measurement::{self, Group, Months, Value};
use crate::operation::{Aggregate, Given, Scope};
use crate::policy::{Verb, permits};
use crate::register::contents::Files;
use crate::register::row::{ImportFault, Row};
use crate::register::tables::{MEASUREMENTS, OWN_MEASUREMENTS};
use crate::virkningsevaluering::{Evaluation, Named};

/// Each row reads what is measured already, so a long table is read in parts.
const MOST_ROWS: usize = 1_000;

/// The field that names the evaluation.
const NAMED_BY: &str = "virkningsevalueringId";

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
    context.release().await;
    let context = context.clone();
    let work = async move {
        let db = context.services.database.begin_alone().await?;
        let given = Given { reason, ..Given::default() };
        let import = Import::new(Scope::new(&context, &db), given, |_progress| {});
        let outcome = Box::pin(import.table(evaluation_id, csv)).await;
        match outcome {
            Ok(imported) => {
                context.services.database.commit(db).await?;
                Ok(imported)
            }
            Err(error) => {
                let attempt =
                    Attempt::to_import_into(AccessedKind::Virkningsevaluering, NAMED_BY, evaluation_id);
                access_log::refused(&context, &attempt, &error);
                db.rollback().await?;
                Err(error)
            }
        }
    };
    statements::detached(work).await.map_err(Error::internal)?
}

impl<P: FnMut(Progress) + Send> Import<'_, P> {
    async fn table(mut self, evaluation_id: Option<Uuid>, csv: String) -> Result<Imported> {
        let named = Named::Evaluation(evaluation_id);
        let evaluation = Evaluation::held(&self.scope, named, NAMED_BY).await?;
        let owners = evaluation.owners(&self.scope).await?;
        if !permits(&self.scope.context.actor, Verb::Do(Action::Import), Evaluation::KIND, &owners) {
            return Err(Error::Forbidden);
        }
        // Each row would tell of it, but there may be none.
        text::optional(self.given.reason.as_deref(), text::PROSE)
            .map_err(|problem| Error::refused("reason", problem))?;
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

    pub(super) async fn measurements(&mut self, files: &Files) -> Result<()> {
        let rows = files.rows(&MEASUREMENTS, &mut self.faults);
        for (mut row, step) in Self::steps(&MEASUREMENTS, rows) {
            (self.progress)(step);
            let Some(evaluation_id) = self.evaluation(&mut row) else {
                self.faults.append(&mut row.faults);
                continue;
            };
            let operation = self.measurement(&mut row, evaluation_id).await?;
            self.put(&MEASUREMENTS, row, operation).await?;
        }
        Ok(())
    }

    /// What a row of measurements records.
    async fn measurement(&self, row: &mut Row, evaluation_id: Uuid) -> Result<Option<measurement::Put>> {
        let wave = row.code("wave");
        let wave = row.need("wave", wave);
        let (start, end) = (row.date("period_start"), row.date("period_end"));
        let (start, end) = (row.need("period_start", start), row.need("period_end", end));
        let (anchor, from, to) =
            (row.code("months_anchor"), row.number("months_from"), row.number("months_to"));
        let months = anchor.is_some() || from.is_some() || to.is_some();
        let months = if months {
            let (anchor, from) = (row.need("months_anchor", anchor), row.need("months_from", from));
            let to = row.need("months_to", to);
            (|| Some(Months { anchor: anchor?, from: from?, to: to? }))()
        } else {
            None
        };
        let group = row.code("group");
        let group = Group {
            kind: row.need("group", group),
            name: row.optional("group_name"),
            comparability: row.code("comparability"),
        };
        let value = Value {
            numerator: row.number("numerator"),
            denominator: row.number("denominator"),
            categories: row.counts("categories"),
            mean: row.decimal("mean"),
            sd: row.decimal("sd"),
            n: row.number("n"),
            median: row.decimal("median"),
            minimum: row.decimal("minimum"),
            maximum: row.decimal("maximum"),
            count: row.number("count"),
            exposure: row.decimal("exposure"),
        };
        let (absence, absence_reason) = (row.code("absence"), row.optional("absence_reason"));
        let population = match row.optional("population") {
            Some(name) => Some(GivenId(self.population(evaluation_id, &name).await?)),
            None => None,
        };
        let data_source = match row.optional("source") {
            Some(name) => Some(GivenId(self.data_source(evaluation_id, &name).await?)),
            None => None,
        };
        let criterion_id = self.criterion(row, evaluation_id).await?;
        let (Some(wave), Some(period_start), Some(period_end), Some(_)) = (wave, start, end, criterion_id)
        else {
            return Ok(None);
        };
        let note = row.optional("note");
        let content = measurement::Content {
            wave,
            months,
            group,
            period_start,
            period_end,
            population,
            data_source,
            value,
            absence,
            absence_reason,
            note,
        };
        // A cell that could not be read leaves a gap; what would be said of the gap is not the fault.
        let whole = row.faults.is_empty();
        Ok(whole.then_some(measurement::Put(measurement::Record { criterion_id, content })))
    }

    async fn population(&self, evaluation_id: Uuid, name: &str) -> Result<Option<Uuid>> {
        let named = population::Entity::find()
            .filter(population::COLUMN.virkningsevaluering_id.eq(evaluation_id))
            .filter(population::COLUMN.name.eq(name));
        Ok(named.one(self.scope.db).await?.map(|row| row.id))
    }

    async fn data_source(&self, evaluation_id: Uuid, name: &str) -> Result<Option<Uuid>> {
        let named = data_source::Entity::find()
            .filter(data_source::COLUMN.virkningsevaluering_id.eq(evaluation_id))
            .filter(data_source::COLUMN.name.eq(name));
        Ok(named.one(self.scope.db).await?.map(|row| row.id))
    }
}
