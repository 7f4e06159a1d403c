//! Leaving participants out, and counting them again.

use super::commitment::{of_participant, random_salt};
use super::measured::measure;
use super::{Exclusion, Observation, on_observations};
use crate::access_log::{Name, named};
use crate::columns::{AccessedKind, Action, Uuid};
use crate::criterion_result;
use crate::error::{Error, Faults, Problem, Result};
use crate::input::text::{LINE, PROSE, required};
use crate::measurement::criterion;
use crate::operation::{Operation, Scope};
use crate::virkningsevaluering::Evaluation;

/// Leaves a participant out of a criterion's measurements.
#[derive(Clone, Debug)]
pub struct Exclude {
    pub criterion_id: Option<Uuid>,
    pub participant: String,
    pub reason: String,
}

/// Counts a participant who was left out again.
#[derive(Clone, Debug)]
pub struct Include {
    pub criterion_id: Option<Uuid>,
    pub participant: String,
}

impl Operation for Exclude {
    on_observations!(Correct);

    async fn decide(&self, scope: &Scope<'_>, subject: Option<&Evaluation>) -> Result<Evaluation> {
        let present = subject.ok_or_else(|| Error::refused(Self::NAMED_BY, Problem::NotFound))?;
        let mut faults = Faults::default();
        let participant = faults.take("participant", required(&self.participant, LINE));
        let reason = faults.take("reason", required(&self.reason, PROSE));
        faults.finish()?;
        if excluded(present, &participant).is_some() {
            return Err(Error::refused("participant", Problem::AlreadyExcluded));
        }
        let answered = |row: &Observation| row.participant.as_ref() == Some(&participant);
        if !present.parts.observations.iter().any(answered) {
            return Err(Error::refused("participant", Problem::NotFound));
        }
        let mut evaluation = present.opened(scope, Self::NAMED_BY)?;
        let salt = random_salt(scope)?;
        evaluation.parts.exclusions.push(Exclusion {
            id: scope.new_id(),
            virkningsevaluering_id: evaluation.row.id,
            since_version: evaluation.next_version(),
            until_version: None,
            success_criterion_id: criterion(present, Self::NAMED_BY)?.success_criterion_id,
            commitment: of_participant(salt, &participant)?.to_vec(),
            participant: Some(participant),
            reason,
            salt: Some(salt.to_vec()),
        });
        measure(scope, &mut evaluation, Self::NAMED_BY)?;
        criterion_result::compute(scope, &mut evaluation)?;
        Ok(evaluation)
    }
}

impl Operation for Include {
    on_observations!(Correct);

    async fn decide(&self, scope: &Scope<'_>, subject: Option<&Evaluation>) -> Result<Evaluation> {
        let present = subject.ok_or_else(|| Error::refused(Self::NAMED_BY, Problem::NotFound))?;
        let participant = required(&self.participant, LINE);
        let participant = participant.map_err(|problem| Error::refused("participant", problem))?;
        let exclusion = excluded(present, &participant).map(|exclusion| exclusion.id);
        let exclusion = exclusion.ok_or_else(|| Error::refused("participant", Problem::NotFound))?;
        let mut evaluation = present.opened(scope, Self::NAMED_BY)?;
        let ended = Some(evaluation.next_version());
        for row in evaluation.parts.exclusions.iter_mut().filter(|row| row.id == exclusion) {
            row.until_version = ended;
        }
        measure(scope, &mut evaluation, Self::NAMED_BY)?;
        criterion_result::compute(scope, &mut evaluation)?;
        Ok(evaluation)
    }
}

fn excluded<'a>(evaluation: &'a Evaluation, participant: &str) -> Option<&'a Exclusion> {
    let mut exclusions = evaluation.parts.exclusions.iter();
    exclusions.find(|row| row.participant.as_deref() == Some(participant))
}
