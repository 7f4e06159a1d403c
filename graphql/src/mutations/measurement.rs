use async_graphql::{Context, Enum, ID, InputObject, Object, Result};
use domain::measurement::{self, Content, Months, Seen, Value};
use domain::virkningsevaluering::Evaluation;
use domain::{Given, GivenId, operate, success_criterion};

use super::edit;
use crate::enums::{Anchor, Comparability, CorrectionKind, GroupKind, StatedAbsence, Wave};
use crate::ids::Kind;
use crate::payload::payload;
use crate::plan::One;
use crate::request::signed_in;
use crate::scalars::{Date, Decimal};

/// What recording a measurement takes. Which fields hold the value is the unit of the criterion to say.
#[derive(InputObject)]
pub struct RecordMeasurementInput {
    /// The criterion.
    criterion_id: ID,
    /// When in the course of the intervention it was taken. All but BEFORE need a registered evaluation.
    wave: Wave,
    /// The window of months it covers; left out for the wave as a whole.
    months: Option<MonthsInput>,
    /// Whom it is of; all participants where nothing is given.
    group: Option<MeasurementGroupInput>,
    /// The first day in which it was taken.
    period_start: Date,
    /// The last day in which it was taken.
    period_end: Date,
    /// Who is counted.
    population_id: Option<ID>,
    /// Where it comes from.
    source_id: Option<ID>,
    #[graphql(flatten)]
    value: ValueInput,
    /// What else to know about it; at most 10,000 characters.
    note: Option<String>,
    /// A key of your own that makes sending this again harmless.
    idempotency_key: Option<String>,
    /// Why, for the history.
    reason: Option<String>,
}

/// What correcting a measurement takes. What is not given is taken over from the one it corrects; a value or an absence
/// replaces all of the value.
#[derive(InputObject)]
pub struct CorrectMeasurementInput {
    /// The measurement to correct, which must be current.
    id: ID,
    /// Why it is corrected.
    correction: CorrectionKind,
    /// The same in words; at most 10,000 characters.
    reason: String,
    /// When in the course of the intervention it was taken.
    wave: Option<Wave>,
    /// The window of months it covers.
    months: Option<MonthsInput>,
    /// Whom it is of.
    group: Option<MeasurementGroupInput>,
    /// The first day in which it was taken.
    period_start: Option<Date>,
    /// The last day in which it was taken.
    period_end: Option<Date>,
    /// Who is counted.
    population_id: Option<ID>,
    /// Where it comes from.
    source_id: Option<ID>,
    #[graphql(flatten)]
    value: ValueInput,
    /// What else to know about it.
    note: Option<String>,
    /// Fields to empty. A null never does.
    #[graphql(default)]
    clear: Vec<MeasurementField>,
    /// A key of your own that makes sending this again harmless.
    idempotency_key: Option<String>,
}

/// The value of a measurement.
#[derive(InputObject)]
pub struct ValueInput {
    /// Of a SHARE: people with the outcome.
    numerator: Option<i32>,
    /// Of a SHARE: all people measured.
    denominator: Option<i32>,
    /// Of a SHARE: people by category, instead of numerator and denominator.
    categories: Option<Vec<CategoryCountInput>>,
    /// Of a MEAN, in the unit of its instrument.
    mean: Option<Decimal>,
    /// Of a MEAN: the standard deviation.
    sd: Option<Decimal>,
    /// Of a MEAN: how many people it is of.
    n: Option<i32>,
    /// Of a MEAN that is given as a summary.
    median: Option<Decimal>,
    /// Of a MEAN that is given as a summary.
    minimum: Option<Decimal>,
    /// Of a MEAN that is given as a summary.
    maximum: Option<Decimal>,
    /// Of a COUNT.
    count: Option<i32>,
    /// Of a COUNT: person-time at risk.
    exposure: Option<Decimal>,
    /// Why there is no value. Either this or a value.
    absence: Option<StatedAbsence>,
    /// The same in words.
    absence_reason: Option<String>,
}

/// A window of months around the start or the end of a participant's course.
#[derive(InputObject)]
pub struct MonthsInput {
    /// What they are counted from: START for BEFORE and DURING, END for what comes after it (and for the last of DURING).
    anchor: Anchor,
    /// The first month: -6 is six months before the anchor.
    from: i32,
    /// The last month; the same as `from` for one point in time.
    to: i32,
}

/// Whom a measurement is of.
#[derive(InputObject)]
pub struct MeasurementGroupInput {
    /// All participants, a part of them, or others.
    kind: GroupKind,
    /// What the group is called; of all but PARTICIPANTS.
    name: Option<String>,
    /// How a COMPARISON group came to be; of no other.
    comparability: Option<Comparability>,
}

/// How many people fell into a category.
#[derive(InputObject)]
pub struct CategoryCountInput {
    /// The category; at most 300 characters.
    category: String,
    /// People.
    count: i32,
}

/// The fields of a measurement that can be emptied.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum MeasurementField {
    /// The window of months.
    Months,
    /// Who is counted.
    Population,
    /// Where it comes from.
    Source,
    /// What else to know about it.
    Note,
}

payload! {
    /// A measurement, recorded.
    RecordMeasurementPayload as asked for {
        /// The measurement; null where it was refused.
        measurement: Seen,
        /// Its criterion, with the result that follows from it.
        criterion: success_criterion::Seen,
    }
}

payload! {
    /// A measurement, corrected.
    CorrectMeasurementPayload as asked for {
        /// The measurement that now stands; null where it was refused.
        measurement: Seen,
        /// Its criterion, with the result that follows from it.
        criterion: success_criterion::Seen,
    }
}

#[derive(Default)]
pub struct MeasurementMutations;

#[Object]
impl MeasurementMutations {
    /// Records a measurement and answers with the result that follows. Needs EVALUATOR in a forvaltning that leads the
    /// intervention or takes part in it.
    async fn record_measurement(
        &self,
        field: &Context<'_>,
        input: RecordMeasurementInput,
    ) -> Result<Option<RecordMeasurementPayload>> {
        let RecordMeasurementInput {
            criterion_id,
            wave,
            months,
            group,
            period_start,
            period_end,
            population_id,
            source_id,
            value,
            note,
            idempotency_key,
            reason,
        } = input;
        let (value, absence, absence_reason) = value.taken_apart();
        let content = Content {
            wave: wave.into(),
            months: months.map(Into::into),
            group: group.map(Into::into).unwrap_or_default(),
            period_start: period_start.0,
            period_end: period_end.0,
            population: population_id.map(|id| GivenId(Kind::Population.read(&id))),
            data_source: source_id.map(|id| GivenId(Kind::DataSource.read(&id))),
            value,
            absence,
            absence_reason,
            note,
        };
        let criterion_id = Kind::SuccessCriterion.read(&criterion_id);
        let given = Given { idempotency_key, reason, ..Given::default() };
        let recorded = written(field, measurement::Record { criterion_id, content }, given).await;
        RecordMeasurementPayload::of(field, recorded, |rows| rows).map(Some)
    }

    /// Corrects a measurement: another takes its place, and the corrected one stays in the history. Needs EVALUATOR in a
    /// forvaltning that leads the intervention or takes part in it.
    async fn correct_measurement(
        &self,
        field: &Context<'_>,
        input: CorrectMeasurementInput,
    ) -> Result<Option<CorrectMeasurementPayload>> {
        let CorrectMeasurementInput {
            id,
            correction,
            reason,
            wave,
            months,
            group,
            period_start,
            period_end,
            population_id,
            source_id,
            value,
            note,
            clear,
            idempotency_key,
        } = input;
        let clears = |field| clear.contains(&field);
        let (value, absence, absence_reason) = value.taken_apart();
        let population = population_id.map(|id| GivenId(Kind::Population.read(&id)));
        let data_source = source_id.map(|id| GivenId(Kind::DataSource.read(&id)));
        let operation = measurement::Correct {
            id: Kind::Measurement.read(&id),
            correction: correction.into(),
            reason: reason.clone(),
            wave: wave.map(Into::into),
            months: edit(months.map(Into::into), clears(MeasurementField::Months)),
            group: group.map(Into::into),
            period_start: period_start.map(|day| day.0),
            period_end: period_end.map(|day| day.0),
            population: edit(population, clears(MeasurementField::Population)),
            data_source: edit(data_source, clears(MeasurementField::Source)),
            value,
            absence,
            absence_reason,
            note: edit(note, clears(MeasurementField::Note)),
        };
        let given = Given { idempotency_key, reason: Some(reason), ..Given::default() };
        let corrected = written(field, operation, given).await;
        CorrectMeasurementPayload::of(field, corrected, |rows| rows).map(Some)
    }
}

/// Carries out the operation and finds the measurement it is about, with its criterion where that is asked for.
async fn written<O: domain::Operation<Subject = Evaluation>>(
    field: &Context<'_>,
    operation: O,
    given: Given,
) -> domain::Result<(One<Seen>, One<success_criterion::Seen>)> {
    let context = signed_in(field)?;
    let evaluation = operate(context, operation, given).await?;
    let measurement = measurement::written(context, &evaluation).await?;
    let criterion = if field.look_ahead().field("criterion").exists() {
        success_criterion::by_id(context, measurement.row.success_criterion_id).await?
    } else {
        None
    };
    Ok((Some(measurement).into(), criterion.into()))
}

impl ValueInput {
    fn taken_apart(self) -> (Value, Option<domain::AbsenceKind>, Option<String>) {
        let Self {
            numerator,
            denominator,
            categories,
            mean,
            sd,
            n,
            median,
            minimum,
            maximum,
            count,
            exposure,
            absence,
            absence_reason,
        } = self;
        let count_of = |CategoryCountInput { category, count }| domain::CategoryCount { category, count };
        let value = Value {
            numerator,
            denominator,
            mean: mean.map(|mean| mean.0),
            sd: sd.map(|sd| sd.0),
            median: median.map(|median| median.0),
            minimum: minimum.map(|minimum| minimum.0),
            maximum: maximum.map(|maximum| maximum.0),
            n,
            count,
            exposure: exposure.map(|exposure| exposure.0),
            categories: categories.map(|counts| counts.into_iter().map(count_of).collect()),
        };
        (value, absence.map(Into::into), absence_reason)
    }
}

impl From<MonthsInput> for Months {
    fn from(MonthsInput { anchor, from, to }: MonthsInput) -> Self {
        Self { anchor: anchor.into(), from, to }
    }
}

impl From<MeasurementGroupInput> for measurement::Group {
    fn from(MeasurementGroupInput { kind, name, comparability }: MeasurementGroupInput) -> Self {
        Self { kind: Some(kind.into()), name, comparability: comparability.map(Into::into) }
    }
}
