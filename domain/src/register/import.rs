//! Reading a folder into the register: everything checked, all of it or nothing stored.

use std::collections::{BTreeMap, HashMap, HashSet};

use entity::intervention as intervention_table;
use sea_orm::EntityTrait;

use super::row::{ImportFault, Row};
use super::tables::{
    CLAIMS, DISTRICTS, FIGURES, FORVALTNINGER, FUNDING, Files, INTERVENTION_YEARS, INTERVENTIONS, PRINCIPLES,
    REPORTING_YEARS, TARGET_GROUPS, Table,
};
use crate::columns::{Action, Uuid, YearStatus};
use crate::context::Context;
use crate::error::{Error, Problem, Result};
use crate::intervention_year::{Content, TargetGroupInput};
use crate::operation::{Aggregate, Effect, Given, Operation, Scope, perform};
use crate::strategy_principle;
use crate::{
    Edit, claim, district, figure, forvaltning, funding, intervention, intervention_year, reporting_year,
};

/// What came of a file's rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    pub created: usize,
    pub changed: usize,
    pub unchanged: usize,
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
    context.release().await?;
    let db = context.services.database.begin().await?;
    let mut import = Import {
        scope: Scope::new(context, &db),
        slugs: HashMap::new(),
        unresolved: HashSet::new(),
        summaries: BTreeMap::new(),
        faults: Vec::new(),
        progress,
    };
    let outcome = import.all(files).await;
    let Import { summaries, faults, .. } = import;
    match outcome {
        Ok(()) if faults.is_empty() => {
            db.commit().await?;
            Ok(Ok(summaries))
        }
        Ok(()) => {
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
    slugs: HashMap<String, Uuid>,
    /// Slugs of rows that had faults: what refers to them is not faulted a second time.
    unresolved: HashSet<String>,
    summaries: BTreeMap<&'static str, Summary>,
    faults: Vec<ImportFault>,
    progress: P,
}

impl<P: FnMut(Progress) + Send> Import<'_, P> {
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
        self.close_years(years).await
    }

    async fn forvaltninger(&mut self, files: &Files) -> Result<()> {
        let rows = files.rows(&FORVALTNINGER, &mut self.faults);
        for (row, step) in Self::steps(&FORVALTNINGER, rows) {
            (self.progress)(step);
            let operation = forvaltning::Put { code: row.text("code"), name: row.text("name") };
            self.put(&FORVALTNINGER, row, Some(operation)).await?;
            self.scope.forget_reference();
        }
        Ok(())
    }

    async fn principles(&mut self, files: &Files) -> Result<()> {
        let rows = files.rows(&PRINCIPLES, &mut self.faults);
        for (mut row, step) in Self::steps(&PRINCIPLES, rows) {
            (self.progress)(step);
            let numbers = ["from_year", "to_year", "number"].map(|column| {
                let number = row.number(column);
                row.need(column, number)
            });
            let operation = match numbers {
                [Some(from_year), Some(to_year), Some(number)] => Some(strategy_principle::Put {
                    strategy: row.text("strategy"),
                    from_year,
                    to_year,
                    number,
                    name: row.text("name"),
                }),
                _ => None,
            };
            self.put(&PRINCIPLES, row, operation).await?;
            self.scope.forget_reference();
        }
        Ok(())
    }

    async fn districts(&mut self, files: &Files) -> Result<()> {
        let rows = parents_first(files.rows(&DISTRICTS, &mut self.faults), "name", "part_of");
        for (row, step) in Self::steps(&DISTRICTS, rows) {
            (self.progress)(step);
            let operation = district::Put {
                name: row.text("name"),
                part_of: row.optional("part_of"),
                aliases: row.list("aliases"),
            };
            self.put(&DISTRICTS, row, Some(operation)).await?;
            self.scope.forget_reference();
        }
        Ok(())
    }

    async fn interventions(&mut self, files: &Files) -> Result<()> {
        let stored = intervention_table::Entity::find().all(self.scope.db).await?;
        self.slugs = stored.into_iter().map(|row| (row.slug, row.id)).collect();
        let rows = parents_first(files.rows(&INTERVENTIONS, &mut self.faults), "slug", "parent");
        for (mut row, step) in Self::steps(&INTERVENTIONS, rows) {
            (self.progress)(step);
            let slug = row.text("slug");
            let operation = intervention::Put(intervention::Create {
                slug: slug.clone(),
                name: row.text("name"),
                since: row.number("since"),
                parent: row.optional("parent").map(intervention::ParentRef::Slug),
            });
            match self.put(&INTERVENTIONS, row, Some(operation)).await? {
                Some(intervention) => {
                    self.slugs.insert(slug, intervention.id()).map(|_| ()).unwrap_or_default()
                }
                None => drop(self.unresolved.insert(slug)),
            }
        }
        Ok(())
    }

    /// Opens the years of the file; those that it closes are closed when all else is in.
    async fn open_years(&mut self, files: &Files) -> Result<Vec<(Row, reporting_year::Put)>> {
        let mut put_at_the_end = Vec::new();
        for mut row in files.rows(&REPORTING_YEARS, &mut self.faults) {
            let (year, status) = (row.number("year"), row.code("status"));
            let (Some(year), Some(status)) = (row.need("year", year), row.need("status", status)) else {
                self.faults.append(&mut row.faults);
                continue;
            };
            let put = reporting_year::Put { year, status };
            if put.find(&self.scope).await?.is_none() && status == YearStatus::Closed {
                let open = reporting_year::Put { year, status: YearStatus::Open };
                perform(&self.scope, &open, &Given::default(), Action::Import).await?;
            }
            match status {
                YearStatus::Open => {
                    self.put(&REPORTING_YEARS, row, Some(put)).await?;
                }
                YearStatus::Closed => put_at_the_end.push((row, put)),
            }
        }
        Ok(put_at_the_end)
    }

    async fn close_years(&mut self, years: Vec<(Row, reporting_year::Put)>) -> Result<()> {
        for (row, put) in years {
            self.put(&REPORTING_YEARS, row, Some(put)).await?;
        }
        Ok(())
    }

    async fn intervention_years(&mut self, files: &Files) -> Result<()> {
        let mut groups = self.target_groups(files);
        let rows = files.rows(&INTERVENTION_YEARS, &mut self.faults);
        for (mut row, step) in Self::steps(&INTERVENTION_YEARS, rows) {
            (self.progress)(step);
            let groups = groups.remove(&(row.text("intervention"), row.text("year"))).unwrap_or_default();
            let content = Content {
                lead: row.optional("lead"),
                partners: Some(row.list("partners")),
                principles: Some(row.numbers("principles")),
                citywide: Some(row.truth("citywide").unwrap_or_default()),
                districts: Some(row.list("districts")),
                target_groups: Some(groups.iter().map(|(_, group)| group.clone()).collect()),
                anonymous: Some(row.truth("anonymous").unwrap_or_default()),
                external_partners: Some(row.list("external_partners")),
                activities: Some(row.list("activities")),
                in_package: stated(row.truth("in_package")),
                problem: stated(row.optional("problem")),
                method: stated(row.optional("method")),
                remarks: stated(row.optional("remarks")),
            };
            let (year, status) = (row.number("year"), row.code("status"));
            let (year, status) = (row.need("year", year), row.need("status", status));
            let intervention_id = self.intervention(&mut row);
            let operation = match (intervention_id, year, status) {
                (Some(intervention_id), Some(year), Some(status)) => {
                    Some(intervention_year::Put { intervention_id, year, status, content })
                }
                _ => None,
            };
            self.put_report(row, operation, &groups).await?;
        }
        for (row, _) in groups.into_values().flatten() {
            if !self.unresolved.contains(&row.text("intervention")) {
                self.faults.push(row.fault("intervention", &Problem::NotFound));
            }
        }
        Ok(())
    }

    /// The target groups by intervention and year, as written in the cells.
    fn target_groups(&mut self, files: &Files) -> HashMap<(String, String), Vec<(Row, TargetGroupInput)>> {
        let mut groups: HashMap<_, Vec<_>> = HashMap::new();
        for mut row in files.rows(&TARGET_GROUPS, &mut self.faults) {
            let group = TargetGroupInput {
                name: row.text("name"),
                age_from: row.decimal("age_from"),
                age_to: row.decimal("age_to"),
            };
            self.faults.append(&mut row.faults);
            groups.entry((row.text("intervention"), row.text("year"))).or_default().push((row, group));
        }
        groups
    }

    /// Puts a report; a fault of a target group is told where the group stands.
    async fn put_report(
        &mut self,
        row: Row,
        operation: Option<intervention_year::Put>,
        groups: &[(Row, TargetGroupInput)],
    ) -> Result<()> {
        let faults =
            self.put_collecting(&INTERVENTION_YEARS, &row, operation).await?.err().unwrap_or_default();
        for fault in faults {
            let group = match fault.field.as_slice() {
                [list, position, field] if list == "targetGroups" => position
                    .parse::<usize>()
                    .ok()
                    .and_then(|at| groups.get(at))
                    .map(|(group, _)| (group, field)),
                _ => None,
            };
            self.faults.push(match group {
                Some((group, field)) => group.fault_of_operation(&crate::Fault::at(field, fault.problem)),
                None => row.fault_of_operation(&fault),
            });
        }
        self.faults.extend(row.faults);
        Ok(())
    }

    async fn funding(&mut self, files: &Files) -> Result<()> {
        let rows = files.rows(&FUNDING, &mut self.faults);
        for (mut row, step) in Self::steps(&FUNDING, rows) {
            (self.progress)(step);
            let (year, kind, permanence) =
                (row.number("budget_year"), row.code("kind"), row.code("permanence"));
            let year = row.need("budget_year", year);
            let kind = row.need("kind", kind);
            let permanence = row.need("permanence", permanence);
            let intervention_id = self.intervention(&mut row);
            let operation = match (intervention_id, year, kind, permanence) {
                (Some(_), Some(budget_year), Some(kind), Some(permanence)) => Some(funding::Set {
                    intervention_id,
                    budget_year,
                    kind,
                    amount_dkk: row.number("amount_dkk"),
                    absence: row.code("absence"),
                    absence_reason: row.optional("absence_reason"),
                    permanence,
                    expires: row.number("expires"),
                    funded_by: row.list("funded_by"),
                }),
                _ => None,
            };
            self.put(&FUNDING, row, operation).await?;
        }
        Ok(())
    }

    async fn figures(&mut self, files: &Files) -> Result<()> {
        let rows = files.rows(&FIGURES, &mut self.faults);
        for (mut row, step) in Self::steps(&FIGURES, rows) {
            (self.progress)(step);
            let (reported, kind) = (row.number("reported"), row.code("kind"));
            let (reported, kind) = (row.need("reported", reported), row.need("kind", kind));
            let (from, to) = (row.date("from"), row.date("to"));
            if from.is_some() || to.is_some() {
                row.need("from", from);
                row.need("to", to);
            }
            let intervention_id = self.intervention(&mut row);
            let operation = match (intervention_id, reported, kind) {
                (Some(_), Some(reported_year), Some(kind)) => Some(figure::Set {
                    intervention_id,
                    reported_year,
                    kind,
                    label: row.text("label"),
                    unit: row.text("unit"),
                    period: from.zip(to),
                    population: row.optional("population"),
                    category: row.optional("category"),
                    value: row.decimal("value"),
                    absence: row.code("absence"),
                    absence_reason: row.optional("absence_reason"),
                    series_break: row.optional("break"),
                    remarks: row.optional("remarks"),
                }),
                _ => None,
            };
            self.put(&FIGURES, row, operation).await?;
        }
        Ok(())
    }

    async fn claims(&mut self, files: &Files) -> Result<()> {
        let rows = files.rows(&CLAIMS, &mut self.faults);
        for (mut row, step) in Self::steps(&CLAIMS, rows) {
            (self.progress)(step);
            let (year, measure) = (row.number("year"), row.code("measure"));
            let (year, measure) = (row.need("year", year), row.need("measure", measure));
            let operation = match (year, measure) {
                (Some(year), Some(measure)) => Some(claim::Put(claim::Add {
                    year,
                    text: row.text("text"),
                    printed: row.text("printed"),
                    measure,
                    principle: row.number("principle"),
                })),
                _ => None,
            };
            self.put(&CLAIMS, row, operation).await?;
        }
        Ok(())
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
        mut row: Row,
        operation: Option<O>,
    ) -> Result<Option<O::Subject>> {
        let outcome = self.put_collecting(table, &row, operation).await?;
        self.faults.append(&mut row.faults);
        match outcome {
            Ok(subject) => Ok(subject),
            Err(faults) => {
                self.faults.extend(faults.iter().map(|fault| row.fault_of_operation(fault)));
                Ok(None)
            }
        }
    }

    async fn put_collecting<O: Operation>(
        &mut self,
        table: &Table,
        row: &Row,
        operation: Option<O>,
    ) -> Result<Result<Option<O::Subject>, Vec<crate::Fault>>> {
        let Some(operation) = operation.filter(|_| row.faults.is_empty()) else {
            return Ok(Ok(None));
        };
        let summary = self.summaries.entry(table.file).or_default();
        match perform(&self.scope, &operation, &Given::default(), Action::Import).await {
            Ok((subject, effect)) => {
                match effect {
                    Effect::Created => summary.created += 1,
                    Effect::Changed => summary.changed += 1,
                    Effect::Unchanged => summary.unchanged += 1,
                }
                Ok(Ok(Some(subject)))
            }
            Err(Error::Refused(faults)) => Ok(Err(faults)),
            Err(error) => Err(error),
        }
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
