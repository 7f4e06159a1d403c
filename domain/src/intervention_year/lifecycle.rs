//! What may happen to a report in which status and year. Pure rules.

use crate::columns::{Action, YearReportStatus, YearStatus};
use crate::error::Problem;
use crate::reporting_year::takes_changes;

use YearReportStatus::{Approved, Draft, Submitted};

/// Whether the report can be written. What waits for an approver stays as it was submitted.
pub fn written(status: Option<YearReportStatus>, year: Option<YearStatus>) -> Result<(), Problem> {
    takes_changes(year)?;
    match status {
        Some(status @ Submitted) => Err(wrong(status)),
        None | Some(Draft | Approved) => Ok(()),
    }
}

/// The status after a step.
pub fn step(
    action: Action,
    status: YearReportStatus,
    year: Option<YearStatus>,
) -> Result<YearReportStatus, Problem> {
    takes_changes(year)?;
    match (action, status) {
        (Action::Submit, Draft) => Ok(Submitted),
        (Action::Return, Submitted) => Ok(Draft),
        (Action::Approve, Submitted) => Ok(Approved),
        _ => Err(wrong(status)),
    }
}

fn wrong(status: YearReportStatus) -> Problem {
    Problem::WrongStatus { status: status.as_str() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_leads_from_where_it_may_begin_and_from_nowhere_else() {
        let ways = [
            (Action::Submit, Draft, Submitted),
            (Action::Return, Submitted, Draft),
            (Action::Approve, Submitted, Approved),
        ];
        for (action, begin, end) in ways {
            for from in YearReportStatus::ALL {
                let to = (*from == begin).then_some(end);
                assert_eq!(step(action, *from, Some(YearStatus::Open)).ok(), to, "{action} from {from}");
                assert_eq!(step(action, *from, Some(YearStatus::Closed)), Err(Problem::YearClosed));
            }
        }
    }
}
