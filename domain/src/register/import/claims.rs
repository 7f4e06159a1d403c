//! Reading claims, and what each is computed from.

use std::collections::HashMap;

use super::{Import, Progress};
use crate::claim;
use crate::columns::{ClaimTerm, Uuid};
use crate::error::{Problem, Result};
use crate::figure;
use crate::register::contents::Files;
use crate::register::row::Row;
use crate::register::tables::{CLAIM_TERMS, CLAIMS};

/// The terms of the claims by year and text, as written in the cells.
type Terms = HashMap<(String, String), Vec<(Row, ClaimTerm)>>;

impl<P: FnMut(Progress) + Send> Import<'_, P> {
    pub(super) async fn claims(&mut self, files: &Files) -> Result<()> {
        let mut terms = self.claim_terms(files).await?;
        let rows = files.rows(&CLAIMS, &mut self.faults);
        for (mut row, step) in Self::steps(&CLAIMS, rows) {
            (self.progress)(step);
            let own = terms.remove(&claim_of(&row)).unwrap_or_default();
            let (year, measure) = (row.number("year"), row.code("measure"));
            let (year, measure) = (row.need("year", year), row.need("measure", measure));
            let operation = match (year, measure) {
                (Some(year), Some(measure)) => Some(claim::Put(claim::Add {
                    year,
                    text: row.text("text"),
                    printed: row.text("printed"),
                    measure,
                    principle: row.number("principle"),
                    terms: own.into_iter().map(|(_, term)| term).collect(),
                    rounded: row.truth("rounded").unwrap_or_default(),
                    source: row.optional("source"),
                })),
                _ => None,
            };
            self.put(&CLAIMS, row, operation).await?;
        }
        for (row, _) in terms.into_values().flatten() {
            self.faults.push(row.fault("text", &Problem::NotFound));
        }
        Ok(())
    }

    async fn claim_terms(&mut self, files: &Files) -> Result<Terms> {
        let mut terms = Terms::new();
        for mut row in files.rows(&CLAIM_TERMS, &mut self.faults) {
            let term = match row.optional("number") {
                Some(number) => Some(ClaimTerm::Number(number)),
                None => self.figure_of(&mut row).await?.map(ClaimTerm::Figure),
            };
            self.faults.append(&mut row.faults);
            // A term that could not be read has been told of; its claim is not at fault for the number of them.
            let term = term.unwrap_or(ClaimTerm::Number("0".to_owned()));
            terms.entry(claim_of(&row)).or_default().push((row, term));
        }
        Ok(terms)
    }

    /// The figure that the cells name, as they name it in its own file.
    async fn figure_of(&mut self, row: &mut Row) -> Result<Option<Uuid>> {
        let (reported, kind) = (row.number("reported"), row.code("kind"));
        let (reported, kind) = (row.need("reported", reported), row.need("kind", kind));
        let (from, to) = (row.date("from"), row.date("to"));
        let intervention_id = self.intervention(row);
        let (Some(intervention_id), Some(reported_year), Some(kind)) = (intervention_id, reported, kind)
        else {
            return Ok(None);
        };
        let place = figure::Place {
            reported_year,
            kind,
            label: row.text("label"),
            category: row.optional("category"),
            period: from.zip(to),
            population: row.optional("population"),
        };
        let found = place.find(self.scope.db, intervention_id).await?;
        if found.is_none() {
            let fault = row.fault("label", &Problem::NotFound);
            row.faults.push(fault);
        }
        Ok(found.map(|figure| figure.id))
    }
}

fn claim_of(row: &Row) -> (String, String) {
    (row.text("year"), row.text("text"))
}
