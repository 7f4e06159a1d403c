//! Reading evaluations: planned as drafts, registered when their criteria are in, submitted when all else is.

use super::{Import, Progress};
use crate::GivenId;
use crate::columns::{EvaluationStatus, Measure, Uuid};
use crate::error::{Problem, Result};
use crate::evaluation_round::{self, of_theme};
use crate::operation::Operation;
use crate::register::contents::Files;
use crate::register::row::Row;
use crate::register::tables::{
    CRITERION_CLAIMS, DATA_SOURCES, EVALUATION_ROUNDS, EVALUATIONS, INSTRUMENTS, LEARNINGS, PAIRED_TABLES,
    POPULATIONS, SUCCESS_CRITERIA, Table,
};
use crate::virkningsevaluering::{self, Register, Step, Submit};
use crate::{
    criterion_claim, data_source, instrument, learning, paired_table, population, success_criterion,
};

/// How far a file may take an evaluation. What comes after is an approver's to decide.
const STATUSES: [EvaluationStatus; 3] =
    [EvaluationStatus::Draft, EvaluationStatus::Registered, EvaluationStatus::Submitted];

impl<P: FnMut(Progress) + Send> Import<'_, P> {
    pub(super) async fn evaluations(&mut self, files: &Files) -> Result<()> {
        self.instruments(files).await?;
        self.rounds(files).await?;
        self.evaluations = virkningsevaluering::slugs(&self.scope).await?;
        let planned = self.plans(files).await?;
        self.populations(files).await?;
        self.data_sources(files).await?;
        self.criteria(files).await?;
        self.theories(files).await?;
        self.advance(&planned, EvaluationStatus::Registered).await?;
        self.measurements(files).await?;
        self.paired_tables(files).await?;
        self.criterion_claims(files).await?;
        self.learnings(files).await?;
        self.qualitative_evidence(files).await?;
        self.rival_explanations(files).await?;
        self.advance(&planned, EvaluationStatus::Submitted).await
    }

    async fn instruments(&mut self, files: &Files) -> Result<()> {
        let rows = files.rows(&INSTRUMENTS, &mut self.faults);
        for (mut row, step) in Self::steps(&INSTRUMENTS, rows) {
            (self.progress)(step);
            let direction = row.code("direction");
            let direction = row.need("direction", direction);
            let (minimum, maximum) = (row.decimal("minimum"), row.decimal("maximum"));
            let smallest_change = row.decimal("smallest_change");
            let items = ["items", "item_minimum", "item_maximum", "factor"].map(|column| row.number(column));
            let items = match items {
                [None, None, None, None] => None,
                [count, minimum, maximum, factor] => Some(instrument::Items {
                    count: row.need("items", count).unwrap_or_default(),
                    minimum: row.need("item_minimum", minimum).unwrap_or_default(),
                    maximum: row.need("item_maximum", maximum).unwrap_or_default(),
                    factor: row.need("factor", factor).unwrap_or_default(),
                }),
            };
            let operation = direction.map(|direction| {
                instrument::Put(instrument::Add {
                    code: row.text("code"),
                    name: row.text("name"),
                    direction,
                    range: minimum.zip(maximum),
                    smallest_change,
                    items,
                })
            });
            self.put(&INSTRUMENTS, row, operation).await?;
        }
        Ok(())
    }

    async fn rounds(&mut self, files: &Files) -> Result<()> {
        let rows = files.rows(&EVALUATION_ROUNDS, &mut self.faults);
        for (mut row, step) in Self::steps(&EVALUATION_ROUNDS, rows) {
            (self.progress)(step);
            let year = row.number("year");
            let year = row.need("year", year);
            let slugs = row.list("interventions");
            let operation = year.map(|year| {
                let interventions = slugs.iter().map(|slug| self.slugs.get(slug).copied()).collect();
                evaluation_round::Put(evaluation_round::Create {
                    year,
                    theme: row.text("theme"),
                    interventions,
                })
            });
            self.put(&EVALUATION_ROUNDS, row, operation).await?;
        }
        Ok(())
    }

    /// Plans each evaluation, and gives back how far its file takes it.
    async fn plans(&mut self, files: &Files) -> Result<Vec<(Row, Uuid, EvaluationStatus)>> {
        let rows = files.rows(&EVALUATIONS, &mut self.faults);
        let mut planned = Vec::new();
        for (mut row, step) in Self::steps(&EVALUATIONS, rows) {
            (self.progress)(step);
            let (start, end) = (row.date("period_start"), row.date("period_end"));
            let (start, end) = (row.need("period_start", start), row.need("period_end", end));
            let round = self.round(&mut row).await?;
            let enrolled = row.number("enrolled");
            let intervention_id = self.intervention(&mut row);
            let slug = row.text("slug");
            let operation = match (intervention_id, start, end) {
                (Some(_), Some(period_start), Some(period_end)) => Some(virkningsevaluering::Put {
                    slug: slug.clone(),
                    plan: virkningsevaluering::Plan {
                        intervention_id,
                        title: row.text("title"),
                        period_start,
                        period_end,
                        round,
                        enrolled,
                    },
                }),
                _ => None,
            };
            let status = self.status(&row);
            let (kept, told) = (row.clone(), row);
            match self.put(&EVALUATIONS, told, operation).await? {
                Some(evaluation) => {
                    self.evaluations.insert(slug, evaluation.row.id);
                    planned.push((kept, evaluation.row.id, status));
                }
                None => {
                    self.unresolved.insert(slug);
                }
            }
        }
        Ok(planned)
    }

    /// How far the row takes its evaluation. A fault of that alone does not keep what lies below from being checked.
    fn status(&mut self, row: &Row) -> EvaluationStatus {
        let cell = row.text("status");
        let status = STATUSES.into_iter().find(|status| status.as_str() == cell);
        status.unwrap_or_else(|| {
            let allowed = STATUSES.map(EvaluationStatus::as_str).join(", ");
            let unknown = Problem::UnknownCode { allowed };
            self.faults
                .push(row.fault("status", if cell.is_empty() { &Problem::Required } else { &unknown }));
            EvaluationStatus::Submitted
        })
    }

    async fn round(&mut self, row: &mut Row) -> Result<Option<GivenId>> {
        let (year, theme) = (row.number("round_year"), row.optional("round_theme"));
        if year.is_none() && theme.is_none() {
            return Ok(None);
        }
        let (year, theme) = (row.need("round_year", year), row.need("round_theme", theme));
        let (Some(year), Some(theme)) = (year, theme) else { return Ok(None) };
        Ok(Some(GivenId(of_theme(&self.scope, year, &theme).await?.map(|round| round.id))))
    }

    /// Takes the evaluations that are to come as far as a status there, from the status before it. What is further already
    /// stays as it is.
    async fn advance(
        &mut self,
        planned: &[(Row, Uuid, EvaluationStatus)],
        to: EvaluationStatus,
    ) -> Result<()> {
        for (row, id, wanted) in planned {
            let step = Step { id: Some(*id), comment: None };
            let present =
                Register(step.clone()).find(&self.scope).await?.map(|evaluation| evaluation.state.status);
            match (to, present) {
                (EvaluationStatus::Registered, Some(EvaluationStatus::Draft))
                    if *wanted != EvaluationStatus::Draft =>
                {
                    self.put_again(row, &Register(step)).await?;
                }
                (EvaluationStatus::Submitted, Some(EvaluationStatus::Registered)) if *wanted == to => {
                    self.put_again(row, &Submit(step)).await?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    async fn populations(&mut self, files: &Files) -> Result<()> {
        let rows = files.rows(&POPULATIONS, &mut self.faults);
        for (mut row, step) in Self::steps(&POPULATIONS, rows) {
            (self.progress)(step);
            let operation = self.evaluation(&mut row).map(|evaluation_id| {
                population::Put(population::Add {
                    evaluation_id: Some(evaluation_id),
                    name: row.text("name"),
                    counted_from: row.optional("counted_from"),
                    left_out: row.optional("left_out"),
                })
            });
            self.put(&POPULATIONS, row, operation).await?;
        }
        Ok(())
    }

    async fn data_sources(&mut self, files: &Files) -> Result<()> {
        let rows = files.rows(&DATA_SOURCES, &mut self.faults);
        for (mut row, step) in Self::steps(&DATA_SOURCES, rows) {
            (self.progress)(step);
            let (extracted_on, covered_until) = (row.date("extracted_on"), row.date("covered_until"));
            let operation = self.evaluation(&mut row).map(|evaluation_id| {
                data_source::Put(data_source::Add {
                    evaluation_id: Some(evaluation_id),
                    name: row.text("name"),
                    supplier: row.optional("supplier"),
                    extracted_on,
                    covered_until,
                    delay: row.optional("delay"),
                    known_limits: row.optional("known_limits"),
                })
            });
            self.put(&DATA_SOURCES, row, operation).await?;
        }
        Ok(())
    }

    async fn criteria(&mut self, files: &Files) -> Result<()> {
        let rows = files.rows(&SUCCESS_CRITERIA, &mut self.faults);
        for (mut row, step) in Self::steps(&SUCCESS_CRITERIA, rows) {
            (self.progress)(step);
            let number = row.number("number");
            let number = row.need("number", number);
            let (direction, basis) = (row.code("direction"), row.code("basis"));
            let (direction, basis) = (row.need("direction", direction), row.need("basis", basis));
            let (unit, pairing) = (row.code("unit"), row.code("pairing"));
            let (unit, pairing) = (row.need("unit", unit), row.need("pairing", pairing));
            let threshold = row.decimal("threshold");
            let threshold = row.need("threshold", threshold);
            let cautions = row.codes("cautions");
            let evaluation = self.evaluation(&mut row);
            let operation = (|| {
                Some(success_criterion::Put {
                    evaluation_id: evaluation?,
                    number: number?,
                    content: success_criterion::Content {
                        dimension: row.text("dimension"),
                        indicator: row.text("indicator"),
                        direction: direction?,
                        basis: basis?,
                        threshold: threshold?,
                        unit: unit?,
                        pairing: pairing?,
                        success_categories: row.list("success_categories"),
                        instrument: row.optional("instrument"),
                        cautions: cautions?,
                    },
                })
            })();
            self.put(&SUCCESS_CRITERIA, row, operation).await?;
        }
        Ok(())
    }

    async fn paired_tables(&mut self, files: &Files) -> Result<()> {
        let rows = files.rows(&PAIRED_TABLES, &mut self.faults);
        for (mut row, step) in Self::steps(&PAIRED_TABLES, rows) {
            (self.progress)(step);
            let cells = ["n11", "n10", "n01", "n00"].map(|column| {
                let cell = row.number(column);
                row.need(column, cell)
            });
            let criterion_id = self.criterion_of(&mut row).await?;
            let operation = match (criterion_id, cells) {
                (Some(_), [Some(n11), Some(n10), Some(n01), Some(n00)]) => {
                    let subgroup = row.optional("subgroup");
                    let has_reason = false;
                    let record =
                        paired_table::Record { criterion_id, subgroup, n11, n10, n01, n00, has_reason };
                    Some(paired_table::Put(record))
                }
                _ => None,
            };
            self.put(&PAIRED_TABLES, row, operation).await?;
        }
        Ok(())
    }

    async fn criterion_claims(&mut self, files: &Files) -> Result<()> {
        let rows = files.rows(&CRITERION_CLAIMS, &mut self.faults);
        for (mut row, step) in Self::steps(&CRITERION_CLAIMS, rows) {
            (self.progress)(step);
            let criterion_id = self.criterion_of(&mut row).await?;
            let (measure, wave) = (row.code("measure"), row.code("wave"));
            let operation = criterion_id.map(|criterion_id| {
                criterion_claim::Put(criterion_claim::Add {
                    criterion_id: Some(criterion_id),
                    text: row.text("text"),
                    measure: measure.unwrap_or(Measure::RelativeChange),
                    wave,
                    printed: row.text("printed"),
                    printed_before: row.optional("printed_before"),
                    printed_after: row.optional("printed_after"),
                    source: row.optional("source"),
                })
            });
            self.put(&CRITERION_CLAIMS, row, operation).await?;
        }
        Ok(())
    }

    async fn learnings(&mut self, files: &Files) -> Result<()> {
        let rows = files.rows(&LEARNINGS, &mut self.faults);
        for (mut row, step) in Self::steps(&LEARNINGS, rows) {
            (self.progress)(step);
            let audience = row.code("audience");
            let audience = row.need("audience", audience);
            let evaluation_id = self.evaluation(&mut row);
            let operation = evaluation_id.zip(audience).map(|(evaluation_id, audience)| {
                let text = row.text("text");
                learning::Put(learning::Add { evaluation_id: Some(evaluation_id), audience, text })
            });
            self.put(&LEARNINGS, row, operation).await?;
        }
        Ok(())
    }

    pub(super) fn evaluation(&self, row: &mut Row) -> Option<Uuid> {
        let slug = row.text("evaluation");
        let found = self.evaluations.get(&slug).copied();
        if found.is_none() && !self.unresolved.contains(&slug) {
            let fault = row.fault("evaluation", &Problem::NotFound);
            row.faults.push(fault);
        }
        found
    }

    async fn criterion_of(&self, row: &mut Row) -> Result<Option<Uuid>> {
        match self.evaluation(row) {
            Some(evaluation_id) => self.criterion(row, evaluation_id).await,
            None => Ok(None),
        }
    }

    pub(super) async fn criterion(&self, row: &mut Row, evaluation_id: Uuid) -> Result<Option<Uuid>> {
        let number = row.number("criterion");
        let Some(number) = row.need("criterion", number) else { return Ok(None) };
        let found = success_criterion::by_number(self.scope.db, evaluation_id, number).await?;
        if found.is_none() && !self.has_faults(&SUCCESS_CRITERIA) {
            let fault = row.fault("criterion", &Problem::NotFound);
            row.faults.push(fault);
        }
        Ok(found.map(|criterion| criterion.id))
    }

    /// Whether a file had faults: what refers to its rows is not faulted a second time.
    pub(super) fn has_faults(&self, table: &Table) -> bool {
        self.faults.iter().any(|fault| fault.file == table.file)
    }
}
