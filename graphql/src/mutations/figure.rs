use async_graphql::{Context, ID, InputObject, Object, Result};
use domain::figure::{self, Seen};
use domain::{Error, Given, operate};

use super::version_or_new;
use crate::enums::{FigureKind, StatedAbsence};
use crate::ids::Kind;
use crate::payload::payload;
use crate::request::signed_in;
use crate::scalars::{Date, Decimal};

/// What recording a figure takes. It replaces all of it.
#[derive(InputObject)]
pub struct SetFigureInput {
    /// The intervention.
    intervention_id: ID,
    /// The reporting year whose report prints it; it must be open.
    reported_year: i32,
    /// What it is about.
    kind: FigureKind,
    /// What is counted or measured; at most 300 characters.
    label: String,
    /// The unit: personer, pct, år …
    unit: String,
    /// The days it covers.
    period: Option<PeriodInput>,
    /// Who or what it is a number of.
    population: Option<String>,
    /// The category, group or point in time that it is for.
    category: Option<String>,
    /// The version you read; left out for a figure that is not there yet. Reported year, kind, label, category, period and
    /// population say which figure it is.
    expected_version: Option<i32>,
    /// The number. Either this or an absence.
    value: Option<Decimal>,
    /// Why there is no number.
    absence: Option<StatedAbsence>,
    /// The same in words.
    absence_reason: Option<String>,
    /// Why it cannot be compared with what came before it in its series.
    series_break: Option<String>,
    /// What else to know about it.
    remarks: Option<String>,
    /// Why, for the history.
    reason: Option<String>,
}

/// A span of days, both included.
#[derive(InputObject)]
pub struct PeriodInput {
    /// The first day.
    from: Date,
    /// The last day.
    to: Date,
}

payload! {
    /// A figure, set.
    SetFigurePayload {
        /// The figure; null where it was refused.
        figure: Seen
    }
}

#[derive(Default)]
pub struct FigureMutations;

#[Object]
impl FigureMutations {
    /// Records a published number or corrects it. Needs EVALUATOR in a forvaltning that leads or takes part, or COORDINATOR.
    async fn set_figure(
        &self,
        field: &Context<'_>,
        input: SetFigureInput,
    ) -> Result<Option<SetFigurePayload>> {
        let SetFigureInput {
            intervention_id,
            reported_year,
            kind,
            label,
            unit,
            period,
            population,
            category,
            expected_version,
            value,
            absence,
            absence_reason,
            series_break,
            remarks,
            reason,
        } = input;
        let operation = figure::Set {
            intervention_id: Kind::Intervention.read(&intervention_id),
            reported_year,
            kind: kind.into(),
            label,
            unit,
            period: period.map(|PeriodInput { from, to }| (from.0, to.0)),
            population,
            category,
            value: value.map(|value| value.0),
            absence: absence.map(Into::into),
            absence_reason,
            series_break,
            remarks,
        };
        let given = Given { expected: version_or_new(expected_version), reason, ..Given::default() };
        let set = async {
            let context = signed_in(field)?;
            let figure = operate(context, operation, given).await?;
            let seen = figure::seen_of(context, vec![figure]).await?.pop();
            seen.ok_or_else(|| Error::Internal("a figure that was written is not there".into()))
        };
        SetFigurePayload::new(field, set.await, |figure| (figure,)).map(Some)
    }
}
