use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use domain::register::import_measurements;
use domain::virkningsevaluering::{Seen, by_id};

use crate::ids::Kind;
use crate::payload::{UserError, outcome};
use crate::plan::One;
use crate::request::signed_in;

/// What importing measurements takes.
#[derive(InputObject)]
pub struct ImportMeasurementsInput {
    /// The evaluation.
    virkningsevaluering_id: ID,
    /// The table as CSV with a head line: the columns of `measurements.csv` in the import format, without `evaluation`. At
    /// most 1,000 rows.
    csv: String,
    /// Why, for the history.
    reason: Option<String>,
}

/// Measurements, imported.
#[derive(SimpleObject)]
pub struct ImportMeasurementsPayload {
    /// The evaluation, in its new version; null where the table was refused.
    virkningsevaluering: One<Seen>,
    /// How many measurements were recorded; null where the table was refused.
    recorded: Option<i32>,
    /// How many were there already; null where the table was refused.
    unchanged: Option<i32>,
    /// What there is to mend, by line and column: `["csv", "3", "numerator"]`; empty where it is done.
    user_errors: Vec<UserError>,
}

#[derive(Default)]
pub struct ImportMutations;

#[Object]
impl ImportMutations {
    /// Records each row of a table of measurements: all of them or none. Rows that are there already stay as they are, so
    /// sending a table again is harmless; each row that is recorded leaves one event. Needs EVALUATOR in a forvaltning that
    /// leads the intervention or takes part in it.
    async fn import_measurements(
        &self,
        field: &Context<'_>,
        input: ImportMeasurementsInput,
    ) -> Result<Option<ImportMeasurementsPayload>> {
        let ImportMeasurementsInput { virkningsevaluering_id, csv, reason } = input;
        let imported = async {
            let context = signed_in(field)?;
            let id = Kind::Virkningsevaluering.read(&virkningsevaluering_id);
            let imported = import_measurements(context, id, csv, reason).await?;
            Ok((by_id(context, imported.evaluation_id).await?, imported.summary))
        };
        let (imported, user_errors) = outcome(field, imported.await)?;
        let (evaluation, summary) = imported.unzip();
        let rows = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
        Ok(Some(ImportMeasurementsPayload {
            virkningsevaluering: evaluation.flatten().into(),
            recorded: summary.map(|summary| rows(summary.created)),
            unchanged: summary.map(|summary| rows(summary.unchanged)),
            user_errors,
        }))
    }
}
