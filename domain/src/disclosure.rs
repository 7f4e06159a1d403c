//! Which stored numbers are hidden from readers who do not see participants.
//!
//! What is few is decided by [`evidence::disclosure`]; here it is told of which numbers. A row below an evaluation is judged
//! once, by what had been released when it came, so that it is shown or hidden in every version in which it is read.

mod figures;
mod measurements;
mod once;
mod results;
mod words;

pub(crate) use figures::{HiddenFigures, hidden_figures};
pub(crate) use measurements::{hidden_measurements, hidden_tables, shown};
pub(crate) use results::Hidden;

use evidence::disclosure::Rule;

use std::collections::HashSet;

use crate::columns::{Absence, Uuid};
use crate::context::Context;
use crate::error::Result;
use crate::success_criterion::Place;
use crate::{criterion_result, measurement, paired_table};

/// The ids of the measurements, paired tables, results and comparisons that are hidden in these places.
pub(crate) async fn hidden_parts(context: &Context, places: &[Place]) -> Result<HashSet<Uuid>> {
    let measurements = measurement::of_criteria(context, places).await?.into_values().flatten();
    let tables = paired_table::of_criteria(context, places).await?.into_values().flatten();
    let results = criterion_result::of_criteria(context, places).await?.into_values().flatten();
    let comparisons =
        criterion_result::comparison::of_criteria(context, places).await?.into_values().flatten();
    let suppressed = |absence: Option<Absence>| absence == Some(Absence::SUPPRESSED);
    let ids = measurements
        .filter(|seen| suppressed(seen.absence()))
        .map(|seen| seen.row.id)
        .chain(tables.filter(|seen| suppressed(seen.absence())).map(|seen| seen.id()))
        .chain(results.filter(|seen| suppressed(seen.absence())).map(|seen| seen.row.id))
        .chain(comparisons.filter(|seen| suppressed(seen.absence())).map(|seen| seen.row.id));
    Ok(ids.collect())
}

/// Whether a stored count is of few people.
pub(crate) fn is_few(rule: Rule, count: i32) -> bool {
    u32::try_from(count).is_ok_and(|count| rule.hides_count(count))
}

/// What is hidden on this server.
pub(crate) fn rule(context: &Context) -> Rule {
    Rule { threshold: context.services.disclosure_threshold, sensitive: false }
}
