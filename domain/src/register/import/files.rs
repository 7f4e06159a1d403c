//! What is read from each file.

use std::collections::HashMap;

use entity::intervention as intervention_table;
use sea_orm::EntityTrait;

use super::{Import, Progress, parents_first, stated};
use crate::columns::YearStatus;
use crate::error::{Problem, Result};
use crate::intervention_year::{Content, TargetGroupInput};
use crate::operation::Operation;
use crate::register::contents::Files;
use crate::register::row::Row;
use crate::register::tables::{
    DISTRICTS, FIGURES, FORVALTNINGER, FUNDING, INTERVENTION_YEARS, INTERVENTIONS, PRINCIPLES,
    REPORTING_YEARS, TARGET_GROUPS,
};
use crate::{
    district, figure, forvaltning, funding, intervention, intervention_year, reporting_year, strategy,
    strategy_principle,
};

impl<P: FnMut(Progress) + Send> Import<'_, P> {
    pub(super) async fn forvaltninger(&mut self, files: &Files) -> Result<()> {
        let rows = files.rows(&FORVALTNINGER, &mut self.faults);
        for (row, step) in Self::steps(&FORVALTNINGER, rows) {
            (self.progress)(step);
            let operation = forvaltning::Put { code: row.text("code"), name: row.text("name") };
            self.put(&FORVALTNINGER, row, Some(operation)).await?;
            self.scope.forget_reference();
        }
        Ok(())
    }

    pub(super) async fn principles(&mut self, files: &Files) -> Result<()> {
        let rows = files.rows(&PRINCIPLES, &mut self.faults);
        let mut strategies = HashMap::new();
        for (mut row, step) in Self::steps(&PRINCIPLES, rows) {
            (self.progress)(step);
            let numbers = ["from_year", "to_year", "number"].map(|column| {
                let number = row.number(column);
                row.need(column, number)
            });
            let [Some(from_year), Some(to_year), Some(number)] = numbers else {
                self.faults.append(&mut row.faults);
                continue;
            };
            let strategy = strategy::Put { name: row.text("strategy"), from_year, to_year };
            let years = strategies.entry(strategy.name.clone()).or_insert((from_year, to_year));
            if *years != (from_year, to_year) {
                // Its rows disagree on the years of one strategy.
                self.faults.push(row.fault("to_year", &Problem::Repeated));
                continue;
            }
            let operation =
                strategy_principle::Put { strategy: row.text("strategy"), number, name: row.text("name") };
            if self.put_again(&row, &strategy).await? {
                self.put(&PRINCIPLES, row, Some(operation)).await?;
            }
            self.scope.forget_reference();
        }
        Ok(())
    }

    pub(super) async fn districts(&mut self, files: &Files) -> Result<()> {
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

    pub(super) async fn interventions(&mut self, files: &Files) -> Result<()> {
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
                    self.slugs.insert(slug, intervention.id);
                }
                None => {
                    self.unresolved.insert(slug);
                }
            }
        }
        Ok(())
    }

    /// Opens the years of the file; those that it closes are closed when all else is in.
    pub(super) async fn open_years(&mut self, files: &Files) -> Result<Vec<(Row, reporting_year::Put)>> {
        let mut put_at_the_end = Vec::new();
        for mut row in files.rows(&REPORTING_YEARS, &mut self.faults) {
            let (year, status) = (row.number("year"), row.code("status"));
            let (Some(year), Some(status)) = (row.need("year", year), row.need("status", status)) else {
                self.faults.append(&mut row.faults);
                continue;
            };
            let put = reporting_year::Put { year, status };
            let is_new = put.find(&self.scope).await?.is_none();
            if is_new || status == YearStatus::Open {
                let open = reporting_year::Put { year, status: YearStatus::Open };
                self.put(&REPORTING_YEARS, row.clone(), Some(open)).await?;
            }
            if status == YearStatus::Closed {
                put_at_the_end.push((row, put));
            }
        }
        Ok(put_at_the_end)
    }

    pub(super) async fn close_years(&mut self, years: Vec<(Row, reporting_year::Put)>) -> Result<()> {
        for (row, put) in years {
            // Its opening was not the last that the file has to say of it.
            self.put_before.retain(|(file, _)| *file != REPORTING_YEARS.file);
            self.put(&REPORTING_YEARS, row, Some(put)).await?;
        }
        Ok(())
    }

    pub(super) async fn intervention_years(&mut self, files: &Files) -> Result<()> {
        let mut groups = self.target_groups(files);
        let rows = files.rows(&INTERVENTION_YEARS, &mut self.faults);
        for (mut row, step) in Self::steps(&INTERVENTION_YEARS, rows) {
            (self.progress)(step);
            let groups = groups.remove(&(row.text("intervention"), row.text("year"))).unwrap_or_default();
            let content = Content {
                lead: row.optional("lead"),
                partners: Some(row.list("partners")),
                principles: Some(row.numbers("principles")),
                citywide: row.truth("citywide"),
                districts: Some(row.list("districts")),
                target_groups: Some(groups.iter().map(|(_, group)| group.clone()).collect()),
                anonymous: row.truth("anonymous"),
                external_partners: Some(row.list("external_partners")),
                activities: Some(row.list("activities")),
                in_package: stated(row.truth("in_package")),
                problem: stated(row.optional("problem")),
                method: stated(row.optional("method")),
                remarks: stated(row.optional("remarks")),
            };
            row.need("lead", content.lead.as_ref());
            row.need("citywide", content.citywide);
            row.need("anonymous", content.anonymous);
            let (year, status) = (row.number("year"), row.code("status"));
            let (year, status) = (row.need("year", year), row.need("status", status));
            let intervention_id = self.intervention(&mut row);
            let operation = match (intervention_id, year, status) {
                (Some(intervention_id), Some(year), Some(status)) => {
                    Some(intervention_year::Put { intervention_id, year, status, content })
                }
                _ => None,
            };
            let groups: Vec<_> = groups.into_iter().map(|(group, _)| group).collect();
            self.put_with_groups(&INTERVENTION_YEARS, row, operation, &groups).await?;
        }
        // A report that could not be read has been told of already; its groups are not at fault.
        let unread = self.faults.iter().any(|fault| fault.file == INTERVENTION_YEARS.file);
        for (row, _) in groups.into_values().flatten() {
            if !unread && !self.unresolved.contains(&row.text("intervention")) {
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

    pub(super) async fn funding(&mut self, files: &Files) -> Result<()> {
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

    pub(super) async fn figures(&mut self, files: &Files) -> Result<()> {
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
}
