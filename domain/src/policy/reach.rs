//! The table itself. No other file decides on access by role.
//!
//! Exhaustive over role, verb and kind of resource: a new one does not compile until its place here is decided. What a
//! cell answers is *where* a grant of the role lets its holder act.

use super::{Reach, Verb};
use crate::columns::Action::{
    Add, Amend, Approve, ChangePassword, Close, Confirm, Correct, Create, Grant, Import, Open, Publish,
    Record, Register, Remove, Return, Revoke, Submit, Update, Withdraw,
};
use crate::columns::SubjectKind::{
    Account, Claim, District, EvaluationRound, Figure, Forvaltning, Funding, Instrument, Intervention,
    InterventionYear, ReportingYear, RoleGrant, Strategy, StrategyPrinciple, Virkningsevaluering,
};
use crate::columns::{Action, Role, SubjectKind};

/// Where `role` permits `verb` on resources of `kind`.
pub const fn reach(role: Role, verb: Verb, kind: SubjectKind) -> Reach {
    match verb {
        Verb::See => sees(role, kind),
        Verb::SeePublished => sees_published(role, kind),
        Verb::ReadHistory => reads_history(role, kind),
        Verb::ReadAccessLog => reads_access_log(role, kind),
        Verb::ReadParticipants => reads_participants(role, kind),
        Verb::Do(action) => may_do(role, action, kind),
    }
}

const fn sees(role: Role, kind: SubjectKind) -> Reach {
    match kind {
        Forvaltning | Strategy | StrategyPrinciple | District | Instrument => Reach::Everywhere,
        Account | RoleGrant => keeps_accounts(role),
        Intervention | InterventionYear | ReportingYear | Funding | Figure | Claim | EvaluationRound => {
            all_but_admin(role)
        }
        Virkningsevaluering => match role {
            Role::Coordinator => Reach::Everywhere,
            // Whoever reads for the whole municipality reads what is published.
            Role::Reader => Reach::Home,
            Role::Evaluator | Role::Approver | Role::Auditor => Reach::Own,
            Role::Admin => Reach::Nowhere,
        },
    }
}

const fn sees_published(role: Role, kind: SubjectKind) -> Reach {
    match kind {
        Virkningsevaluering => all_but_admin(role),
        Account | RoleGrant | Forvaltning | Strategy | StrategyPrinciple | District | Intervention
        | InterventionYear | ReportingYear | Funding | Figure | Claim | EvaluationRound | Instrument => {
            Reach::Nowhere
        }
    }
}

const fn reads_history(role: Role, kind: SubjectKind) -> Reach {
    match (kind, role) {
        (Account | RoleGrant, role) => keeps_accounts(role),
        (
            Forvaltning | Strategy | StrategyPrinciple | District | ReportingYear | Claim | EvaluationRound
            | Instrument,
            Role::Coordinator | Role::Auditor,
        )
        | (Intervention | InterventionYear | Funding | Figure, Role::Coordinator) => Reach::Everywhere,
        // A coordinator reads evaluations as they are and as they were published, not what passed in between.
        (
            Intervention | InterventionYear | Funding | Figure | Virkningsevaluering,
            Role::Evaluator | Role::Approver | Role::Auditor,
        ) => Reach::Own,
        (
            Forvaltning | Strategy | StrategyPrinciple | District | ReportingYear | Claim | EvaluationRound
            | Instrument,
            Role::Reader | Role::Evaluator | Role::Approver | Role::Admin,
        )
        | (
            Intervention | InterventionYear | Funding | Figure | Virkningsevaluering,
            Role::Reader | Role::Admin,
        )
        | (Virkningsevaluering, Role::Coordinator) => Reach::Nowhere,
    }
}

/// An entry of the access log is about an intervention, or about none: then it is read with a grant for the whole
/// municipality, as is one about what nobody can tell.
const fn reads_access_log(role: Role, kind: SubjectKind) -> Reach {
    match kind {
        Intervention => only(role, Role::Auditor, Reach::Own),
        Account | RoleGrant | Forvaltning | Strategy | StrategyPrinciple | District | InterventionYear
        | ReportingYear | Funding | Figure | Claim | EvaluationRound | Instrument | Virkningsevaluering => {
            Reach::Nowhere
        }
    }
}

/// What single participants answered, and numbers of few people: whoever works with them, and whoever checks that work.
const fn reads_participants(role: Role, kind: SubjectKind) -> Reach {
    match kind {
        Virkningsevaluering | Figure => match role {
            Role::Evaluator | Role::Approver | Role::Auditor => Reach::Own,
            Role::Reader | Role::Coordinator | Role::Admin => Reach::Nowhere,
        },
        Account | RoleGrant | Forvaltning | Strategy | StrategyPrinciple | District | Intervention
        | InterventionYear | ReportingYear | Funding | Claim | EvaluationRound | Instrument => Reach::Nowhere,
    }
}

const fn may_do(role: Role, action: Action, kind: SubjectKind) -> Reach {
    match (kind, action) {
        (Account, Create | Update) | (RoleGrant, Grant | Confirm | Revoke) => {
            only(role, Role::Admin, Reach::Everywhere)
        }
        (
            Forvaltning | Strategy | StrategyPrinciple | District | Intervention | ReportingYear
            | InterventionYear | Funding | Figure | Claim | EvaluationRound | Instrument,
            Import,
        )
        | (Intervention | Claim | EvaluationRound | Instrument, Create)
        | (Intervention | Funding | EvaluationRound, Update)
        | (ReportingYear, Open | Close) => only(role, Role::Coordinator, Reach::Everywhere),
        (InterventionYear | Figure, Update) => match role {
            Role::Evaluator => Reach::Own,
            Role::Coordinator => Reach::Everywhere,
            Role::Reader | Role::Approver | Role::Auditor | Role::Admin => Reach::Nowhere,
        },
        (InterventionYear | Virkningsevaluering, Submit)
        | (
            Virkningsevaluering,
            Create | Update | Import | Add | Amend | Remove | Record | Correct | Register,
        ) => only(role, Role::Evaluator, Reach::Own),
        (InterventionYear | Virkningsevaluering, Return | Approve)
        | (Virkningsevaluering, Publish | Withdraw) => only(role, Role::Approver, Reach::Lead),
        // One's own password is one's own: that needs no role.
        (
            Account | RoleGrant | Forvaltning | Strategy | StrategyPrinciple | District | Intervention
            | InterventionYear | ReportingYear | Funding | Figure | Claim | EvaluationRound | Instrument
            | Virkningsevaluering,
            Create | Update | Import | Submit | Return | Approve | Open | Close | Grant | Revoke
            | ChangePassword | Add | Amend | Remove | Record | Correct | Register | Publish | Withdraw
            | Confirm,
        ) => Reach::Nowhere,
    }
}

const fn keeps_accounts(role: Role) -> Reach {
    match role {
        Role::Admin => Reach::Everywhere,
        Role::Auditor => Reach::Municipality,
        Role::Reader | Role::Evaluator | Role::Approver | Role::Coordinator => Reach::Nowhere,
    }
}

const fn all_but_admin(role: Role) -> Reach {
    match role {
        Role::Reader | Role::Evaluator | Role::Approver | Role::Coordinator | Role::Auditor => {
            Reach::Everywhere
        }
        Role::Admin => Reach::Nowhere,
    }
}

/// What one role alone may do.
const fn only(role: Role, permitted: Role, reach: Reach) -> Reach {
    match (role, permitted) {
        (Role::Reader, Role::Reader)
        | (Role::Evaluator, Role::Evaluator)
        | (Role::Approver, Role::Approver)
        | (Role::Coordinator, Role::Coordinator)
        | (Role::Auditor, Role::Auditor)
        | (Role::Admin, Role::Admin) => reach,
        _ => Reach::Nowhere,
    }
}
