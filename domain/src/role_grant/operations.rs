//! Granting roles and ending grants.

use entity::{account, role_grant};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect};

use super::{Admin, RoleGrant, admins_held, confirmation, going_on, is_last_admin};
use crate::access_log::{Name, named};
use crate::columns::{AccessedKind, Action, Confirmation, Role, Timestamp, Uuid};
use crate::error::{Error, Faults, Problem, Result};
use crate::operation::{Aggregate, Operation, Scope};
use crate::policy::{Owners, Verb, permits};

/// Grants a role. COORDINATOR and ADMIN hold for the whole municipality; EVALUATOR and APPROVER in one forvaltning, or in
/// all of them. ADMIN waits until another ADMIN confirms it.
#[derive(Clone, Debug)]
pub struct GrantRole {
    pub account_id: Option<Uuid>,
    pub role: Role,
    /// Code; none is the whole municipality.
    pub forvaltning: Option<String>,
    /// From now on where nothing is given.
    pub valid_from: Option<Timestamp>,
    pub valid_to: Option<Timestamp>,
}

impl GrantRole {
    /// From now on, without end.
    pub fn now(account_id: Uuid, role: Role, forvaltning: Option<String>) -> Self {
        Self { account_id: Some(account_id), role, forvaltning, valid_from: None, valid_to: None }
    }
}

/// Ends a grant now; one that waits to be confirmed is withdrawn so.
#[derive(Clone, Debug)]
pub struct Revoke {
    pub id: Option<Uuid>,
}

impl Operation for GrantRole {
    const ACTION: Action = Action::Grant;
    const NAMED_BY: &'static str = "accountId";
    type Subject = RoleGrant;

    fn names(&self) -> Vec<Name> {
        vec![named(Self::NAMED_BY, AccessedKind::Account, self.account_id)]
    }

    async fn decide(&self, scope: &Scope<'_>, _subject: Option<&RoleGrant>) -> Result<RoleGrant> {
        let mut faults = Faults::default();
        // Before the account is held, as whoever deactivates one does: two that hold what the other waits for wait for ever.
        let confirmation = match self.role {
            Role::Admin => Some(confirmation::of_new(scope).await?),
            _ => None,
        };
        let account = match self.account_id {
            // Held, so that the same role is not granted twice at once.
            Some(id) => account::Entity::find_by_id(id).lock_exclusive().one(scope.db).await?,
            None => None,
        };
        let Some(account) = account else {
            return Err(Error::refused("accountId", Problem::NotFound));
        };
        let forvaltning_id = match &self.forvaltning {
            Some(code) => {
                let found = scope.reference().await?.forvaltning(code).map(|forvaltning| forvaltning.id);
                faults.unless(found.is_some(), "forvaltning", Problem::NotFound);
                found
            }
            None => None,
        };
        let municipality_wide = matches!(self.role, Role::Coordinator | Role::Admin);
        faults.unless(
            !municipality_wide || self.forvaltning.is_none(),
            "forvaltning",
            Problem::MunicipalityWideRole,
        );
        let valid_from = self.valid_from.unwrap_or(scope.now());
        faults.unless(self.valid_to.is_none_or(|end| end > valid_from), "validTo", Problem::StartAfterEnd);
        // What a group stands for comes and goes by itself, and stands in nobody's way.
        let mut overlaps = Condition::all()
            .add(role_grant::COLUMN.issuer_group.is_null())
            .add(role_grant::COLUMN.account_id.eq(account.id))
            .add(role_grant::COLUMN.role.eq(self.role))
            .add(match forvaltning_id {
                Some(id) => role_grant::COLUMN.forvaltning_id.eq(id),
                None => role_grant::COLUMN.forvaltning_id.is_null(),
            })
            .add(going_on(valid_from));
        if let Some(end) = self.valid_to {
            overlaps = overlaps.add(role_grant::COLUMN.valid_from.lt(end));
        }
        let has_it = role_grant::Entity::find().filter(overlaps).one(scope.db).await?.is_some();
        faults.unless(!has_it, "role", Problem::AlreadyGranted);
        faults.finish()?;
        Ok(RoleGrant {
            id: scope.new_id(),
            account_id: account.id,
            role: self.role,
            forvaltning_id,
            valid_from,
            valid_to: self.valid_to,
            confirmation,
            issuer_group: None,
            version: 0,
        })
    }
}

impl Operation for Revoke {
    const ACTION: Action = Action::Revoke;
    type Subject = RoleGrant;

    fn names(&self) -> Vec<Name> {
        vec![named(Self::NAMED_BY, AccessedKind::RoleGrant, self.id)]
    }

    async fn find(&self, scope: &Scope<'_>) -> Result<Option<RoleGrant>> {
        found(scope, self.id, Self::NAMED_BY).await.map(Some)
    }

    async fn decide(&self, scope: &Scope<'_>, subject: Option<&RoleGrant>) -> Result<RoleGrant> {
        let row = subject.ok_or_else(|| Error::refused(Self::NAMED_BY, Problem::NotFound))?;
        let admins = if row.role == Role::Admin { admins_held(scope).await? } else { Vec::new() };
        revocable(row, scope.now(), &admins).map_err(|problem| Error::refused(Self::NAMED_BY, problem))?;
        Ok(RoleGrant { valid_to: Some(Ord::max(scope.now(), row.valid_from)), ..row.clone() })
    }
}

/// The grant of that id. One's own that holds is seen, whatever one's roles; what is done to it is another thing.
pub(super) async fn found(scope: &Scope<'_>, id: Option<Uuid>, field: &str) -> Result<RoleGrant> {
    let not_found = || Error::refused(field, Problem::NotFound);
    let grant = RoleGrant::load(scope.db, id.ok_or_else(not_found)?).await?.ok_or_else(not_found)?;
    let actor = &scope.context.actor;
    let sees_all = permits(actor, Verb::See, RoleGrant::KIND, &Owners::default());
    let is_own = grant.account_id == actor.id && grant.confirmation != Some(Confirmation::Pending);
    if is_own && !sees_all { Err(Error::Forbidden) } else { Ok(grant) }
}

/// Whether a grant can be ended, given who is ADMIN.
pub(crate) fn revocable(row: &RoleGrant, now: Timestamp, admins: &[Admin]) -> Result<(), Problem> {
    if has_ended(row, now) {
        return Err(Problem::AlreadyRevoked);
    }
    let makes_admin = row.role == Role::Admin && row.confirmation != Some(Confirmation::Pending);
    if makes_admin && is_last_admin(admins, row.account_id) { Err(Problem::LastAdmin) } else { Ok(()) }
}

/// Whether the end of a grant has come.
pub fn has_ended(row: &RoleGrant, now: Timestamp) -> bool {
    row.valid_to.is_some_and(|end| end <= now)
}
