//! What may happen to an evaluation in which status. Pure rules.

use crate::columns::{Action, EvaluationStatus};
use crate::error::Problem;

use EvaluationStatus::{Approved, Draft, Published, Registered, Submitted, Withdrawn};

/// The status after a write below the evaluation. What waits for an approver stays as it was submitted.
pub fn written(status: EvaluationStatus) -> Result<EvaluationStatus, Problem> {
    match status {
        Draft | Registered => Ok(status),
        Approved | Published => Ok(Registered),
        Submitted | Withdrawn => Err(Problem::EvaluationIs { status }),
    }
}

/// The status after a step.
pub fn step(action: Action, status: EvaluationStatus) -> Result<EvaluationStatus, Problem> {
    match (action, status) {
        (Action::Register, Draft) | (Action::Return, Submitted) => Ok(Registered),
        (Action::Submit, Registered) => Ok(Submitted),
        (Action::Approve, Submitted) => Ok(Approved),
        (Action::Publish, Approved) => Ok(Published),
        (Action::Withdraw, Draft | Registered | Submitted | Approved | Published) => Ok(Withdrawn),
        _ => Err(Problem::EvaluationIs { status }),
    }
}

/// Whether its criteria may still be changed without an amendment.
pub fn criteria_are_free(status: EvaluationStatus) -> bool {
    status == Draft
}

/// Whether criteria can be added, changed and removed.
pub fn criteria_written(status: EvaluationStatus) -> Result<(), Problem> {
    match status {
        status if criteria_are_free(status) => Ok(()),
        Withdrawn => Err(Problem::EvaluationIs { status }),
        _ => Err(Problem::CriteriaFrozen),
    }
}

/// Whether criteria can be amended, which is a write below the evaluation.
pub fn criteria_amended(status: EvaluationStatus) -> Result<(), Problem> {
    if criteria_are_free(status) { Err(Problem::NotRegistered) } else { written(status).map(drop) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_leads_from_where_it_may_begin_and_from_nowhere_else() {
        let ways = [
            (Action::Register, vec![(Draft, Registered)]),
            (Action::Submit, vec![(Registered, Submitted)]),
            (Action::Return, vec![(Submitted, Registered)]),
            (Action::Approve, vec![(Submitted, Approved)]),
            (Action::Publish, vec![(Approved, Published)]),
            (
                Action::Withdraw,
                [Draft, Registered, Submitted, Approved, Published].map(|from| (from, Withdrawn)).to_vec(),
            ),
        ];
        for (action, ways) in ways {
            for from in EvaluationStatus::ALL {
                let to = ways.iter().find(|(begin, _)| begin == from).map(|(_, end)| *end);
                assert_eq!(step(action, *from).ok(), to, "{action} from {from}");
            }
        }
    }

    #[test]
    fn a_write_reopens_what_was_decided_and_leaves_alone_what_waits() {
        assert_eq!(written(Draft), Ok(Draft));
        assert_eq!(written(Registered), Ok(Registered));
        assert_eq!(written(Approved), Ok(Registered));
        assert_eq!(written(Published), Ok(Registered));
        for closed in [Submitted, Withdrawn] {
            assert_eq!(written(closed), Err(Problem::EvaluationIs { status: closed }));
        }
    }
}
