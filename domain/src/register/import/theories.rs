//! Reading programme theories: the theory itself before its evaluation is registered, and then what bears on it.

use super::{Import, Progress};
use crate::GivenId;
use crate::columns::{RivalAssessment, Uuid};
use crate::error::{Problem, Result};
use crate::programme_theory::{self, criterion, link};
use crate::register::contents::Files;
use crate::register::row::Row;
use crate::register::tables::{
    ELEMENT_CRITERIA, QUALITATIVE_EVIDENCE, RIVAL_EXPLANATIONS, THEORY_ELEMENTS, THEORY_LINKS,
};
use crate::rival_explanation::Assessed;
use crate::{qualitative_evidence, rival_explanation};

impl<P: FnMut(Progress) + Send> Import<'_, P> {
    /// Needs the criteria, some of which measure elements.
    pub(super) async fn theories(&mut self, files: &Files) -> Result<()> {
        self.theory_elements(files).await?;
        self.theory_links(files).await?;
        self.element_criteria(files).await
    }

    async fn theory_elements(&mut self, files: &Files) -> Result<()> {
        let rows = files.rows(&THEORY_ELEMENTS, &mut self.faults);
        for (mut row, step) in Self::steps(&THEORY_ELEMENTS, rows) {
            (self.progress)(step);
            let (number, kind) = (row.number("number"), row.code("kind"));
            let (number, kind) = (row.need("number", number), row.need("kind", kind));
            let evaluation = self.evaluation(&mut row);
            let operation = (|| {
                Some(programme_theory::element::Put {
                    evaluation_id: evaluation?,
                    number: number?,
                    kind: kind?,
                    text: row.text("text"),
                })
            })();
            self.put(&THEORY_ELEMENTS, row, operation).await?;
        }
        Ok(())
    }

    async fn theory_links(&mut self, files: &Files) -> Result<()> {
        let rows = files.rows(&THEORY_LINKS, &mut self.faults);
        for (mut row, step) in Self::steps(&THEORY_LINKS, rows) {
            (self.progress)(step);
            let evaluation = self.evaluation(&mut row);
            let from_id = self.element(&mut row, evaluation, "from").await?;
            let to_id = self.element(&mut row, evaluation, "to").await?;
            let operation = from_id.zip(to_id).map(|(from_id, to_id)| link::Put { from_id, to_id });
            self.put(&THEORY_LINKS, row, operation).await?;
        }
        Ok(())
    }

    async fn element_criteria(&mut self, files: &Files) -> Result<()> {
        let rows = files.rows(&ELEMENT_CRITERIA, &mut self.faults);
        for (mut row, step) in Self::steps(&ELEMENT_CRITERIA, rows) {
            (self.progress)(step);
            let evaluation = self.evaluation(&mut row);
            let criterion_id = match evaluation {
                Some(evaluation) => self.criterion(&mut row, evaluation).await?,
                None => None,
            };
            let element_id = self.element(&mut row, evaluation, "element").await?;
            let pair = criterion_id.zip(element_id);
            let operation =
                pair.map(|(criterion_id, element_id)| criterion::Put { criterion_id, element_id });
            self.put(&ELEMENT_CRITERIA, row, operation).await?;
        }
        Ok(())
    }

    pub(super) async fn qualitative_evidence(&mut self, files: &Files) -> Result<()> {
        let rows = files.rows(&QUALITATIVE_EVIDENCE, &mut self.faults);
        for (mut row, step) in Self::steps(&QUALITATIVE_EVIDENCE, rows) {
            (self.progress)(step);
            let (method, finding) = (row.code("method"), row.code("finding"));
            let (method, finding) = (row.need("method", method), row.need("finding", finding));
            let (period_start, period_end) = (row.date("period_start"), row.date("period_end"));
            let evaluation = self.evaluation(&mut row);
            let element_id = self.element(&mut row, evaluation, "element").await?;
            let operation = (|| {
                Some(qualitative_evidence::Put(qualitative_evidence::Add {
                    element_id: Some(element_id?),
                    method: method?,
                    finding: finding?,
                    text: row.text("text"),
                    source: row.optional("source"),
                    period_start,
                    period_end,
                }))
            })();
            self.put(&QUALITATIVE_EVIDENCE, row, operation).await?;
        }
        Ok(())
    }

    pub(super) async fn rival_explanations(&mut self, files: &Files) -> Result<()> {
        let rows = files.rows(&RIVAL_EXPLANATIONS, &mut self.faults);
        for (mut row, step) in Self::steps(&RIVAL_EXPLANATIONS, rows) {
            (self.progress)(step);
            let assessment = row.code("assessment").unwrap_or(RivalAssessment::NotAssessed);
            let evaluation = self.evaluation(&mut row);
            let element = match row.optional("element") {
                Some(_) => self.element(&mut row, evaluation, "element").await?.map(|id| GivenId(Some(id))),
                None => None,
            };
            let operation = evaluation.map(|evaluation| {
                rival_explanation::Put(rival_explanation::Add {
                    evaluation_id: Some(evaluation),
                    element,
                    text: row.text("text"),
                    assessed: Assessed { assessment, grounds: row.optional("grounds") },
                })
            });
            self.put(&RIVAL_EXPLANATIONS, row, operation).await?;
        }
        Ok(())
    }

    /// The element that a column names by its number.
    async fn element(&self, row: &mut Row, evaluation: Option<Uuid>, column: &str) -> Result<Option<Uuid>> {
        let number = row.number(column);
        let Some((evaluation, number)) = evaluation.zip(row.need(column, number)) else { return Ok(None) };
        let found = programme_theory::element::by_number(self.scope.db, evaluation, number).await?;
        if found.is_none() && !self.has_faults(&THEORY_ELEMENTS) {
            let fault = row.fault(column, &Problem::NotFound);
            row.faults.push(fault);
        }
        Ok(found.map(|element| element.id))
    }
}
