//! Computing the results of criteria when what they depend on changes.

use super::inputs::{Inputs, Target};
use crate::columns::{Timestamp, Uuid};
use crate::error::Result;
use crate::operation::Scope;
use crate::virkningsevaluering::Evaluation;

/// Computes the results of the one criterion that an operation has loaded. A result whose inputs are as they were stays as it
/// is; that of what is measured no longer ends.
pub(crate) fn compute(scope: &Scope<'_>, evaluation: &mut Evaluation) -> Result<()> {
    compute_at(scope.now(), || scope.new_id(), evaluation, Changed::Anything)?;
    super::comparison::compute(scope, evaluation)
}

/// The same where nothing has changed but which measurements stand.
pub(crate) fn compute_of_measurements(scope: &Scope<'_>, evaluation: &mut Evaluation) -> Result<()> {
    compute_at(scope.now(), || scope.new_id(), evaluation, Changed::Measurements)?;
    super::comparison::compute(scope, evaluation)
}

/// [`compute`] for every criterion that was loaded.
pub(crate) fn compute_all(scope: &Scope<'_>, evaluation: &mut Evaluation) -> Result<()> {
    let criteria: Vec<_> = evaluation.parts.criteria.iter().map(|criterion| criterion.row.id).collect();
    for id in criteria {
        let parts = evaluation.parts.split_off(id);
        let mut with_one = Evaluation { parts, ..evaluation.clone() };
        compute(scope, &mut with_one)?;
        evaluation.parts.append(with_one.parts);
    }
    Ok(())
}

/// What may be otherwise than when the results were computed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Changed {
    Anything,
    /// Which measurements there are. A result of the same ones as before need not be looked at closer.
    Measurements,
}

pub(super) fn compute_at(
    now: Timestamp,
    new_id: impl Fn() -> Uuid,
    evaluation: &mut Evaluation,
    changed: Changed,
) -> Result<()> {
    let Some(says) = evaluation.parts.criteria.first().and_then(|criterion| criterion.version.clone()) else {
        return Ok(());
    };
    let targets = Target::all(evaluation);
    let ended = Some(evaluation.next_version());
    for row in &mut evaluation.parts.results {
        if !targets.contains(&Target::of_row(row)) {
            row.until_version = ended;
        }
    }
    for target in targets {
        let known = evaluation.parts.results.iter().position(|row| Target::of_row(row) == target);
        let present = known.and_then(|at| evaluation.parts.results.get(at));
        let inputs = Inputs::of(evaluation, &says, target);
        if changed == Changed::Measurements && present.is_some_and(|present| inputs.are_measured_as(present))
        {
            continue;
        }
        let input_hash = inputs.hash()?;
        if present.is_some_and(|present| present.input_hash == input_hash) {
            continue;
        }
        let id = present.map_or_else(&new_id, |present| present.id);
        let row = inputs.result(id, input_hash, now);
        match known.and_then(|at| evaluation.parts.results.get_mut(at)) {
            Some(known) => *known = row,
            None => evaluation.parts.results.push(row),
        }
    }
    Ok(())
}
