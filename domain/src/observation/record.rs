//! Recording what participants answered.

use std::collections::{HashMap, HashSet};

use entity::intervention_year;
use sea_orm::QueryFilter;

use super::commitment::{digest, of_observation, random_salt};
use super::measured::measure;
use super::{Batch, MOST, Observation, on_observations};
use crate::access_log::{Name, named};
use crate::columns::{
    AccessedKind, Action, CriterionUnit, Date, Decimal, EvaluationStatus, TextList, Timestamp, Uuid, Wave,
};
use crate::criterion_result;
use crate::data_processing::{DataProcessing, has_passed, stated};
use crate::error::{Error, Faults, Problem, Result};
use crate::instrument::{self, Instrument};
use crate::measurement::criterion;
use crate::operation::{Operation, Scope};
use crate::sight::newest_years;
use crate::success_criterion::CriterionVersion;
use crate::text::{LINE, required};
use crate::virkningsevaluering::{Evaluation, Named, makes_a_part};

/// What one participant answered; the unit of the criterion says which field holds it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// Of a share: whether the participant has the outcome.
    pub outcome: Option<bool>,
    /// Of a share by categories.
    pub category: Option<String>,
    /// Of a mean.
    pub value: Option<Decimal>,
    /// Of a count.
    pub count: Option<i32>,
    /// Of a count: person-time at risk.
    pub exposure: Option<Decimal>,
    /// Of a mean: the answers that an instrument makes a score of.
    pub items: Option<Vec<i32>>,
}

/// One participant's answer.
#[derive(Clone, Debug)]
pub struct Given {
    /// The forvaltning's own pseudonym.
    pub participant: String,
    pub answer: Answer,
}

/// Records what participants answered to a criterion in one wave; the measurement and the result follow.
#[derive(Clone, Debug)]
pub struct Record {
    pub criterion_id: Option<Uuid>,
    pub wave: Wave,
    pub period_start: Date,
    pub period_end: Date,
    pub observations: Vec<Given>,
    /// Whether they take the place of what the same participants answered before, for the reason given.
    pub replaces: bool,
    pub has_reason: bool,
}

impl Operation for Record {
    on_observations!(Record);

    makes_a_part!(ObservationBatch);

    async fn decide(&self, scope: &Scope<'_>, subject: Option<&Evaluation>) -> Result<Evaluation> {
        let present = subject.ok_or_else(|| Error::refused(Self::NAMED_BY, Problem::NotFound))?;
        self.permitted(scope, present).await?;
        let mut evaluation = present.opened(scope, Self::NAMED_BY)?;
        let says = criterion(present, Self::NAMED_BY)?;
        let instrument = match &says.instrument {
            Some(code) => instrument::by_code(scope.db, code).await?,
            None => None,
        };
        let rows = self.checked(scope, &evaluation, says, instrument.as_ref())?;
        let (batch_id, version) = (rows.batch.id, rows.batch.since_version);
        for row in &mut evaluation.parts.observations {
            if rows.replaced.contains(&row.id) {
                row.until_version = Some(version);
            }
        }
        evaluation.parts.observations.extend(rows.observations);
        evaluation.parts.observation_batches.push(rows.batch);
        measure(scope, &mut evaluation, Self::NAMED_BY)?;
        criterion_result::compute(scope, &mut evaluation)?;
        evaluation.about = batch_id;
        Ok(evaluation)
    }
}

/// Whether observations may be recorded: they need a stated purpose that is not over, and participants who may be told apart.
pub(crate) fn recordable(
    anonymous: bool,
    stated: Option<&DataProcessing>,
    now: Timestamp,
) -> Result<(), Problem> {
    match stated {
        _ if anonymous => Err(Problem::AnonymousIntervention),
        None => Err(Problem::NoDataProcessing),
        Some(stated) if has_passed(stated.deletion_date, now) => Err(Problem::DeletionDatePassed),
        Some(_) => Ok(()),
    }
}

/// What a batch stores.
struct Rows {
    batch: Batch,
    observations: Vec<Observation>,
    /// The ids of those that others take the place of.
    replaced: HashSet<Uuid>,
}

impl Record {
    async fn permitted(&self, scope: &Scope<'_>, evaluation: &Evaluation) -> Result<()> {
        let newest = newest_years()
            .filter(intervention_year::COLUMN.intervention_id.eq(evaluation.row.intervention_id))
            .one(scope.db)
            .await?;
        let stated = stated(scope.db, &[evaluation.row.id]).await?;
        let anonymous = newest.is_some_and(|year| year.anonymous);
        recordable(anonymous, stated.get(&evaluation.row.id), scope.now())
            .map_err(|problem| Error::refused(Self::NAMED_BY, problem))
    }

    fn checked(
        &self,
        scope: &Scope<'_>,
        evaluation: &Evaluation,
        says: &CriterionVersion,
        instrument: Option<&Instrument>,
    ) -> Result<Rows> {
        if self.wave != Wave::Before && evaluation.state.status == EvaluationStatus::Draft {
            return Err(Error::refused("wave", Problem::NotRegisteredYet));
        }
        let mut faults = Faults::default();
        faults.unless(self.period_start <= self.period_end, "periodEnd", Problem::StartAfterEnd);
        faults.unless(!self.observations.is_empty(), "observations", Problem::Required);
        faults.unless(self.observations.len() <= MOST, "observations", Problem::TooManyRows { most: MOST });
        faults.unless(!self.replaces || self.has_reason, "reason", Problem::Required);
        faults.finish()?;
        let standing = evaluation.parts.observations.iter().filter(|row| row.wave == self.wave);
        let present: HashMap<&str, Uuid> =
            standing.filter_map(|row| Some((row.participant.as_deref()?, row.id))).collect();
        let (batch_id, version) = (scope.new_id(), evaluation.next_version());
        let mut faults = Faults::default();
        let mut seen = HashSet::new();
        let mut replaced = HashSet::new();
        let mut observations = Vec::with_capacity(self.observations.len());
        for (at, given) in self.observations.iter().enumerate() {
            let place = |field: &str| format!("observations.{at}.{field}");
            let participant = faults.take(&place("participant"), required(&given.participant, LINE));
            faults.unless(seen.insert(participant.clone()), &place("participant"), Problem::Repeated);
            match present.get(participant.as_str()) {
                Some(id) if self.replaces => {
                    replaced.insert(*id);
                }
                Some(_) => faults.add(&place("participant"), Problem::AlreadyObserved),
                None => {}
            }
            let mut row = given.answer.checked(says, instrument, &mut faults, &place);
            row.id = scope.new_id();
            row.since_version = version;
            row.observation_batch_id = batch_id;
            row.wave = self.wave;
            row.participant = Some(participant);
            let salt = random_salt(scope)?;
            row.commitment = of_observation(salt, &row)?.to_vec();
            row.salt = Some(salt.to_vec());
            observations.push(row);
        }
        faults.finish()?;
        let count = |rows: usize| i32::try_from(rows).unwrap_or(i32::MAX);
        let gone = evaluation.parts.observations.iter().filter(|row| replaced.contains(&row.id));
        let batch = Batch {
            id: batch_id,
            virkningsevaluering_id: says.virkningsevaluering_id,
            since_version: version,
            success_criterion_id: says.success_criterion_id,
            wave: self.wave,
            period_start: self.period_start,
            period_end: self.period_end,
            observations: count(observations.len()),
            digest: digest(&observations),
            replaced: count(replaced.len()),
            replaced_digest: digest(gone),
            recorded_at: scope.now(),
        };
        Ok(Rows { batch, observations, replaced })
    }
}

impl Answer {
    /// The row of an answer, by the rules of the criterion's unit; without what all rows of a batch have in common.
    fn checked(
        &self,
        says: &CriterionVersion,
        instrument: Option<&Instrument>,
        faults: &mut Faults,
        place: &impl Fn(&str) -> String,
    ) -> Observation {
        let by_category = !says.success_categories.0.is_empty();
        let takes: &[&str] = match says.unit {
            CriterionUnit::Share if by_category => &["category"],
            CriterionUnit::Share => &["outcome"],
            CriterionUnit::Mean if self.items.is_some() => &["items"],
            CriterionUnit::Mean => &["value"],
            CriterionUnit::Count => &["count", "exposure"],
        };
        for (field, is_given) in [
            ("outcome", self.outcome.is_some()),
            ("category", self.category.is_some()),
            ("value", self.value.is_some()),
            ("count", self.count.is_some()),
            ("exposure", self.exposure.is_some()),
            ("items", self.items.is_some()),
        ] {
            let is_taken = takes.contains(&field);
            let answers = Problem::AnswerOfUnit { unit: says.unit, by_category };
            faults.unless(is_taken || !is_given, &place(field), answers);
            faults.unless(!is_taken || is_given || field == "exposure", &place(field), Problem::Required);
        }
        let category =
            self.category.as_deref().map(|name| faults.take(&place("category"), required(name, LINE)));
        if let Some(count) = self.count {
            let range = Problem::OutOfRange { from: 0, to: i64::from(i32::MAX) };
            faults.unless(count >= 0, &place("count"), range);
        }
        let positive = self.exposure.is_none_or(|exposure| exposure.millionths() > 0);
        faults.unless(positive, &place("exposure"), Problem::NotPositive);
        let score = self.score(instrument, faults, place);
        let outcome = self.outcome.map(|outcome| Decimal::from(u32::from(outcome)));
        let count = self.count.and_then(|count| u32::try_from(count).ok()).map(Decimal::from);
        Observation {
            id: Uuid::nil(),
            virkningsevaluering_id: says.virkningsevaluering_id,
            since_version: 0,
            until_version: None,
            success_criterion_id: says.success_criterion_id,
            observation_batch_id: Uuid::nil(),
            wave: Wave::Before,
            participant: None,
            category,
            value: score.or(outcome).or(count),
            exposure: self.exposure,
            items: self.items.as_ref().map(|items| TextList(items.iter().map(ToString::to_string).collect())),
            salt: None,
            commitment: Vec::new(),
        }
    }

    /// The value of a mean, as it is given or as the instrument makes it of the items.
    fn score(
        &self,
        instrument: Option<&Instrument>,
        faults: &mut Faults,
        place: &impl Fn(&str) -> String,
    ) -> Option<Decimal> {
        let Some(answers) = &self.items else {
            if let Some((value, Instrument { minimum, maximum, .. })) = self.value.zip(instrument) {
                let is_score = (minimum..=maximum).contains(&&value);
                let range = Problem::OutsideInstrument { from: *minimum, to: *maximum };
                faults.unless(is_score, &place("value"), range);
            }
            return self.value;
        };
        let Some(items) = instrument.and_then(instrument::items) else {
            faults.add(&place("items"), Problem::NoItems);
            return None;
        };
        let score = items.score(answers);
        let all = Problem::ItemsOfInstrument { items: items.count, from: items.minimum, to: items.maximum };
        faults.unless(score.is_some(), &place("items"), all);
        score
    }
}
