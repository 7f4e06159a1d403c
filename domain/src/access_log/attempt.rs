//! What an actor attempted, and whether the answer was a denial.

use std::borrow::Cow;

use super::pending::{Denial, Moment};
use crate::columns::{AccessOutcome, AccessedKind, Action, SubjectKind, Uuid};
use crate::context::Context;
use crate::error::{Error, Problem};
use crate::operation::{Aggregate, Operation};

/// What an id is of, and the id; none for a text that is no id of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    pub kind: AccessedKind,
    pub id: Option<Uuid>,
}

/// A field of an input that names something by id.
pub struct Name {
    /// As faults name it: `interventionIds.0`.
    field: Cow<'static, str>,
    target: Target,
}

/// The name in a field of an input.
pub(crate) fn named(field: impl Into<Cow<'static, str>>, kind: AccessedKind, id: Option<Uuid>) -> Name {
    Name { field: field.into(), target: Target { kind, id } }
}

/// Something that an actor asked for.
pub(crate) struct Attempt {
    action: Option<Action>,
    kind: AccessedKind,
    /// The field that names the subject.
    named_by: &'static str,
    names: Vec<Name>,
}

impl Attempt {
    pub fn to_do<O: Operation>(operation: &O, action: Action) -> Self {
        let kind = accessed(O::Subject::KIND);
        Self { action: Some(action), kind, named_by: O::NAMED_BY, names: operation.names() }
    }

    /// What is no single operation: one subject, with which much is done.
    pub fn to_import_into(kind: AccessedKind, named_by: &'static str, id: Option<Uuid>) -> Self {
        let names = vec![named(named_by, kind, id)];
        Self { action: Some(Action::Import), kind, named_by, names }
    }

    pub fn to_read(kind: AccessedKind) -> Self {
        Self { action: None, kind, named_by: "", names: Vec::new() }
    }

    /// What lies behind something that the actor may know of.
    pub fn to_read_of(target: Target) -> Self {
        let names = vec![named("", target.kind, target.id)];
        Self { action: None, kind: target.kind, named_by: "", names }
    }

    fn target(&self, field: &str) -> Option<Target> {
        self.names.iter().find(|name| name.field == field).map(|name| name.target)
    }

    fn denial(&self, outcome: AccessOutcome, target: Option<Target>) -> Denial {
        let target = target.and_then(|target| Some((target.kind, target.id?)));
        Denial { action: self.action, kind: Some(self.kind), target, outcome }
    }

    /// The denials that an error tells of. What can be mended in the input is none; that something named is not there is one,
    /// whether it is not there or not for this actor.
    fn denials(&self, error: &Error) -> Vec<Denial> {
        match error {
            Error::Forbidden => vec![self.denial(AccessOutcome::Forbidden, self.target(self.named_by))],
            Error::Refused(faults) => {
                let absent = faults.iter().filter(|fault| fault.problem == Problem::NotFound);
                absent
                    .filter_map(|fault| {
                        let field = fault.field.join(".");
                        let target = self.target(&field);
                        let is_denial = target.is_some() || field == self.named_by;
                        is_denial.then(|| self.denial(AccessOutcome::NotFound, target))
                    })
                    .collect()
            }
            Error::Unauthenticated
            | Error::RateLimited { .. }
            | Error::Timeout
            | Error::Unavailable(_)
            | Error::Internal(_) => Vec::new(),
        }
    }
}

/// Keeps what an attempt was denied, if it was.
pub(crate) fn refused(context: &Context, attempt: &Attempt, error: &Error) {
    for denial in attempt.denials(error) {
        keep(context, denial);
    }
}

/// What a reading by id found. Nothing found is a denial, whether nothing is there or it is not for this actor; `target` is
/// none for a text of which nobody can tell what it was to name.
pub fn found<T>(context: &Context, target: Option<Target>, found: Option<T>) -> Option<T> {
    if found.is_none() {
        let kind = target.map(|target| target.kind);
        let target = target.and_then(|target| Some((target.kind, target.id?)));
        keep(context, Denial { action: None, kind, target, outcome: AccessOutcome::NotFound });
    }
    found
}

fn keep(context: &Context, denial: Denial) {
    context.tell();
    let roles = context.actor.grants.iter().map(ToString::to_string).collect();
    let moment = Moment {
        id: context.services.environment.new_id(),
        at: context.now(),
        request_id: context.request_id,
    };
    context.services.access_log.add(context.actor.id, denial, moment, roles);
}

/// A subject of the history, as something that access is asked to.
const fn accessed(kind: SubjectKind) -> AccessedKind {
    match kind {
        SubjectKind::Account => AccessedKind::Account,
        SubjectKind::RoleGrant => AccessedKind::RoleGrant,
        SubjectKind::ApiToken => AccessedKind::ApiToken,
        SubjectKind::Forvaltning => AccessedKind::Forvaltning,
        SubjectKind::Strategy => AccessedKind::Strategy,
        SubjectKind::StrategyPrinciple => AccessedKind::StrategyPrinciple,
        SubjectKind::District => AccessedKind::District,
        SubjectKind::Intervention => AccessedKind::Intervention,
        SubjectKind::InterventionYear => AccessedKind::InterventionYear,
        SubjectKind::ReportingYear => AccessedKind::ReportingYear,
        SubjectKind::Funding => AccessedKind::Funding,
        SubjectKind::Figure => AccessedKind::Figure,
        SubjectKind::Claim => AccessedKind::Claim,
        SubjectKind::Instrument => AccessedKind::Instrument,
        SubjectKind::EvaluationRound => AccessedKind::EvaluationRound,
        SubjectKind::Virkningsevaluering => AccessedKind::Virkningsevaluering,
    }
}
