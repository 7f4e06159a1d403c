//! Recording measurements, and correcting them by others.

use entity::{data_source, measurement, population};
use sea_orm::{EntityTrait, QueryFilter};

use super::{Content, Group, MeasurementRow, Months, Value, people};
use crate::access_log::{Name, named};
use crate::columns::{
    AbsenceKind, AccessedKind, Action, CorrectionKind, Date, EvaluationPart, EvaluationStatus, GroupKind,
    MeasurementKind, Uuid, Wave,
};
use crate::criterion_result;
use crate::error::{Error, Faults, Problem, Result};
use crate::input::text::{self, PROSE};
use crate::instrument;
use crate::operation::{Operation, Scope};
use crate::success_criterion::{CriterionVersion, held_with, load_into};
use crate::virkningsevaluering::{Evaluation, Named, makes_a_part};
use crate::{Edit, GivenId};

/// Records a measurement. One before may be recorded in a draft; all others once the evaluation is registered.
#[derive(Clone, Debug)]
pub struct Record {
    pub criterion_id: Option<Uuid>,
    pub content: Content,
}

/// Corrects a measurement: another takes its place, with a coded reason and a text. What is not given is taken over.
#[derive(Clone, Debug)]
pub struct Correct {
    pub id: Option<Uuid>,
    pub correction: CorrectionKind,
    pub reason: String,
    pub wave: Option<Wave>,
    pub months: Edit<Months>,
    pub group: Option<Group>,
    pub period_start: Option<Date>,
    pub period_end: Option<Date>,
    pub population: Edit<GivenId>,
    pub data_source: Edit<GivenId>,
    /// Replaces all of the value, and an absence.
    pub value: Value,
    pub absence: Option<AbsenceKind>,
    pub absence_reason: Option<String>,
    pub note: Edit<String>,
}

/// Records the measurement of a file, unless it is there already. Another in its place is not overwritten.
#[derive(Clone, Debug)]
pub struct Put(pub Record);

impl Operation for Record {
    const ACTION: Action = Action::Record;
    const NAMED_BY: &'static str = "criterionId";
    type Subject = Evaluation;

    fn names(&self) -> Vec<Name> {
        let criterion = named(Self::NAMED_BY, AccessedKind::SuccessCriterion, self.criterion_id);
        [criterion]
            .into_iter()
            .chain(described_by(self.content.population, self.content.data_source))
            .collect()
    }

    async fn find(&self, scope: &Scope<'_>) -> Result<Option<Evaluation>> {
        held_with(scope, self.criterion_id, Self::NAMED_BY).await.map(Some)
    }

    async fn decide(&self, scope: &Scope<'_>, subject: Option<&Evaluation>) -> Result<Evaluation> {
        let present = subject.ok_or_else(|| Error::refused(Self::NAMED_BY, Problem::NotFound))?;
        let opened = present.opened(scope, Self::NAMED_BY)?;
        let row = self.content.row(scope, present, Self::NAMED_BY).await?;
        taken(present, &row)?;
        recorded(scope, opened, row)
    }

    makes_a_part!(Measurement);
}

impl Operation for Put {
    const ACTION: Action = Action::Import;
    const NAMED_BY: &'static str = "criterion";
    type Subject = Evaluation;

    makes_a_part!(Measurement);

    async fn find(&self, scope: &Scope<'_>) -> Result<Option<Evaluation>> {
        self.0.find(scope).await
    }

    async fn decide(&self, scope: &Scope<'_>, subject: Option<&Evaluation>) -> Result<Evaluation> {
        let present = subject.ok_or_else(|| Error::refused(Self::NAMED_BY, Problem::NotFound))?;
        let row = self.0.content.row(scope, present, Self::NAMED_BY).await?;
        if let Some(there) = standing(present).find(|there| there.slot == row.slot) {
            let MeasurementRow { corrects_id, correction, .. } = *there;
            let same = MeasurementRow {
                id: there.id,
                since_version: there.since_version,
                recorded_at: there.recorded_at,
                corrects_id,
                correction,
                correction_reason: there.correction_reason.clone(),
                ..row.clone()
            };
            if same == *there {
                return Ok(Evaluation { about: there.id, ..present.clone() });
            }
        }
        let opened = present.opened(scope, Self::NAMED_BY)?;
        taken(present, &row)?;
        recorded(scope, opened, row)
    }
}

impl Operation for Correct {
    const ACTION: Action = Action::Correct;
    type Subject = Evaluation;

    fn names(&self) -> Vec<Name> {
        let measurement = named(Self::NAMED_BY, AccessedKind::Measurement, self.id);
        let (population, source) = (self.population.clone().over(None), self.data_source.clone().over(None));
        [measurement].into_iter().chain(described_by(population, source)).collect()
    }

    async fn find(&self, scope: &Scope<'_>) -> Result<Option<Evaluation>> {
        let named = Named::Part(EvaluationPart::Measurement, self.id);
        let mut evaluation = Evaluation::held(scope, named, Self::NAMED_BY).await?;
        let id = self.id.unwrap_or_default();
        if let Some(row) = measurement::Entity::find_by_id(id).one(scope.db).await? {
            load_into(scope.db, &mut evaluation, row.success_criterion_id).await?;
        }
        if evaluation.parts.criteria.is_empty() {
            // It went with its criterion, as reads have it.
            return Err(Error::refused(Self::NAMED_BY, Problem::NotFound));
        }
        Ok(Some(evaluation))
    }

    async fn decide(&self, scope: &Scope<'_>, subject: Option<&Evaluation>) -> Result<Evaluation> {
        let present = subject.ok_or_else(|| Error::refused(Self::NAMED_BY, Problem::NotFound))?;
        let old = standing(present).find(|row| Some(row.id) == self.id);
        let old = old.ok_or_else(|| Error::refused(Self::NAMED_BY, Problem::AlreadyCorrected))?.clone();
        correctable(old.until_version, old.computed)
            .map_err(|problem| Error::refused(Self::NAMED_BY, problem))?;
        let reason =
            text::required(&self.reason, PROSE).map_err(|problem| Error::refused("reason", problem))?;
        let mut evaluation = present.opened(scope, Self::NAMED_BY)?;
        let ended = Some(evaluation.next_version());
        for row in evaluation.parts.measurements.iter_mut().filter(|row| row.id == old.id) {
            row.until_version = ended;
        }
        for table in &mut evaluation.parts.paired_tables {
            if table.before_id == old.id || table.after_id == old.id {
                table.until_version = ended;
            }
        }
        let mut row = self.content(&old).row(scope, &evaluation, Self::NAMED_BY).await?;
        taken(&evaluation, &row)?;
        row.corrects_id = Some(old.id);
        row.correction = Some(self.correction);
        row.correction_reason = Some(reason);
        recorded(scope, evaluation, row)
    }

    makes_a_part!(Measurement);
}

/// Whether a measurement can be corrected: one that stands, and was recorded rather than computed.
pub(crate) fn correctable(until_version: Option<i64>, computed: bool) -> Result<(), Problem> {
    match (until_version, computed) {
        (Some(_), _) => Err(Problem::AlreadyCorrected),
        (None, true) => Err(Problem::ComputedMeasurement),
        (None, false) => Ok(()),
    }
}

impl Correct {
    /// What the measurement says once it is corrected.
    fn content(&self, old: &MeasurementRow) -> Content {
        let group = || Group {
            kind: Some(old.group_kind),
            name: old.group_name.clone(),
            comparability: old.comparability,
        };
        let given = |id| GivenId(Some(id));
        let replaces_value = self.value != Value::default() || self.absence.is_some();
        let (value, absence, absence_reason) = if replaces_value {
            (self.value.clone(), self.absence, self.absence_reason.clone())
        } else {
            (Value::of(old), old.absence, self.absence_reason.clone().or_else(|| old.absence_reason.clone()))
        };
        Content {
            wave: self.wave.unwrap_or(old.wave),
            months: self.months.clone().over(Months::of_row(old)),
            group: self.group.clone().unwrap_or_else(group),
            period_start: self.period_start.unwrap_or(old.period_start),
            period_end: self.period_end.unwrap_or(old.period_end),
            population: self.population.clone().over(old.population_id.map(given)),
            data_source: self.data_source.clone().over(old.data_source_id.map(given)),
            value,
            absence,
            absence_reason,
            note: self.note.clone().over(old.note.clone()),
        }
    }
}

impl Value {
    fn of(row: &MeasurementRow) -> Self {
        Self {
            numerator: row.numerator,
            denominator: row.denominator,
            mean: row.mean,
            sd: row.sd,
            median: row.median,
            minimum: row.minimum,
            maximum: row.maximum,
            n: row.n,
            count: row.count,
            exposure: row.exposure,
            categories: row.categories.clone().map(|counts| counts.0),
        }
    }
}

impl Content {
    /// The row as it is stored, by the rules that every measurement meets; `field` names what it is recorded for.
    async fn row(&self, scope: &Scope<'_>, evaluation: &Evaluation, field: &str) -> Result<MeasurementRow> {
        let says = criterion(evaluation, field)?;
        if self.wave != Wave::Before && evaluation.state.status == EvaluationStatus::Draft {
            return Err(Error::refused("wave", Problem::NotRegisteredYet));
        }
        let mut faults = Faults::default();
        let mut row = self.checked(scope.new_id(), says, scope.now(), &mut faults);
        let known_otherwise = standing(evaluation).any(|other| {
            other.group_kind == GroupKind::Comparison
                && (other.group_kind, &other.group_name) == (row.group_kind, &row.group_name)
                && other.comparability != row.comparability
        });
        faults.unless(!known_otherwise, "group.comparability", Problem::GroupKnownOtherwise);
        let evaluation_id = evaluation.row.id;
        if let Some(GivenId(id)) = self.population {
            let found = population::Entity::find_by_id(id.unwrap_or_default())
                .filter(population::COLUMN.virkningsevaluering_id.eq(evaluation_id))
                .one(scope.db)
                .await?;
            faults.unless(found.is_some(), "populationId", Problem::NotFound);
            row.population_id = found.map(|population| population.id);
        }
        if let Some(GivenId(id)) = self.data_source {
            let found = data_source::Entity::find_by_id(id.unwrap_or_default())
                .filter(data_source::COLUMN.virkningsevaluering_id.eq(evaluation_id))
                .one(scope.db)
                .await?;
            faults.unless(found.is_some(), "sourceId", Problem::NotFound);
            row.data_source_id = found.map(|source| source.id);
        }
        if let Some(code) = &says.instrument
            && let Some(instrument) = instrument::by_code(scope.db, code).await?
        {
            let (from, to) = (instrument.minimum, instrument.maximum);
            let scores = [
                ("mean", row.mean),
                ("median", row.median),
                ("minimum", row.minimum),
                ("maximum", row.maximum),
            ];
            for (field, score) in scores {
                let is_one = score.is_none_or(|score| (from..=to).contains(&score));
                faults.unless(is_one, field, Problem::OutsideInstrument { from, to });
            }
        }
        if let (Some(enrolled), Some(people)) = (evaluation.state.enrolled, people(&row)) {
            let own = row.group_kind != GroupKind::Comparison;
            let field = if row.kind == Some(MeasurementKind::Share) { "denominator" } else { "n" };
            faults.unless(!own || people <= enrolled, field, Problem::OverEnrolled { enrolled });
        }
        faults.finish()?;
        row.since_version = evaluation.next_version();
        Ok(row)
    }
}

/// What an input says it is counted among and where it is from.
fn described_by(population: Option<GivenId>, source: Option<GivenId>) -> impl Iterator<Item = Name> {
    let population = population.map(|GivenId(id)| named("populationId", AccessedKind::Population, id));
    let source = source.map(|GivenId(id)| named("sourceId", AccessedKind::DataSource, id));
    population.into_iter().chain(source)
}

/// What the one criterion of an operation says.
pub(crate) fn criterion<'a>(evaluation: &'a Evaluation, field: &str) -> Result<&'a CriterionVersion> {
    let criterion = evaluation.parts.criteria.first().and_then(|criterion| criterion.version.as_ref());
    criterion.ok_or_else(|| Error::refused(field, Problem::NotFound))
}

/// The measurements that were loaded and have not been corrected.
pub(crate) fn standing(evaluation: &Evaluation) -> impl Iterator<Item = &MeasurementRow> {
    evaluation.parts.measurements.iter().filter(|row| row.until_version.is_none())
}

/// Refuses a second measurement in one place. One that was not there yet gives way.
fn taken(evaluation: &Evaluation, row: &MeasurementRow) -> Result<()> {
    let expected = |other: &MeasurementRow| other.absence == Some(AbsenceKind::NotYet);
    if standing(evaluation).any(|other| other.slot == row.slot && !expected(other)) {
        return Err(Error::refused("wave", Problem::AlreadyMeasured));
    }
    Ok(())
}

fn recorded(scope: &Scope<'_>, mut evaluation: Evaluation, row: MeasurementRow) -> Result<Evaluation> {
    evaluation.about = row.id;
    for other in &mut evaluation.parts.measurements {
        if other.until_version.is_none() && other.slot == row.slot {
            other.until_version = Some(row.since_version);
        }
    }
    evaluation.parts.measurements.push(row);
    criterion_result::compute_of_measurements(scope, &mut evaluation)?;
    Ok(evaluation)
}
