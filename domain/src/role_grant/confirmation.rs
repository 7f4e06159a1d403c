//! Four eyes on who is ADMIN: what one ADMIN grants, another confirms.

use std::collections::HashMap;

use entity::{event, role_grant};
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::operations::{found, has_ended};
use super::{RoleGrant, confirmed};
use crate::access_log::{Name, named};
use crate::columns::{AccessedKind, Action, Confirmation, Role, Timestamp, Uuid};
use crate::error::{Error, Problem, Result};
use crate::operation::{Operation, Scope};

/// Confirms a grant of ADMIN, which holds from then on. Neither who granted it nor whose it is can.
#[derive(Clone, Debug)]
pub struct Confirm {
    pub id: Option<Uuid>,
}

/// Who confirms, and who granted what is confirmed.
pub(crate) struct Confirming {
    pub actor: Uuid,
    /// None where the history does not say; then nobody can tell that it was another.
    pub granter: Option<Uuid>,
}

impl Confirming {
    pub fn check(&self, row: &RoleGrant, now: Timestamp) -> Result<(), Problem> {
        if has_ended(row, now) {
            return Err(Problem::AlreadyRevoked);
        }
        if row.confirmation != Some(Confirmation::Pending) {
            return Err(Problem::NothingToConfirm);
        }
        let is_party = row.account_id == self.actor || self.granter.is_none_or(|id| id == self.actor);
        if is_party { Err(Problem::OwnGrant) } else { Ok(()) }
    }
}

impl Operation for Confirm {
    const ACTION: Action = Action::Confirm;
    type Subject = RoleGrant;

    fn names(&self) -> Vec<Name> {
        vec![named(Self::NAMED_BY, AccessedKind::RoleGrant, self.id)]
    }

    async fn find(&self, scope: &Scope<'_>) -> Result<Option<RoleGrant>> {
        found(scope, self.id, Self::NAMED_BY).await.map(Some)
    }

    async fn decide(&self, scope: &Scope<'_>, subject: Option<&RoleGrant>) -> Result<RoleGrant> {
        let row = subject.ok_or_else(|| Error::refused(Self::NAMED_BY, Problem::NotFound))?;
        let granter = granters(scope.db, &[row.id]).await?.remove(&row.id);
        let confirming = Confirming { actor: scope.context.actor.id, granter };
        confirming.check(row, scope.now()).map_err(|problem| Error::refused(Self::NAMED_BY, problem))?;
        // It never held before, whatever was written when it was granted.
        let valid_from = Ord::max(row.valid_from, scope.now());
        Ok(RoleGrant { valid_from, confirmation: Some(Confirmation::Confirmed), ..row.clone() })
    }
}

/// How a new grant of ADMIN begins: it waits where anyone else is ADMIN or will be. An account that was deactivated counts, so
/// that nobody is rid of the second pair of eyes by deactivating it.
///
/// All grants of ADMIN are held until the transaction ends: of two by an only ADMIN at once, the second finds the first.
pub(super) async fn of_new(scope: &Scope<'_>) -> Result<Confirmation> {
    let of_admin = || role_grant::Entity::find().filter(role_grant::COLUMN.role.eq(Role::Admin));
    of_admin().order_by_asc(role_grant::COLUMN.id).lock_exclusive().all(scope.db).await?;
    // Read after they are held: what was read before may be old.
    let others = of_admin()
        .filter(standing(scope.now()))
        .filter(role_grant::COLUMN.account_id.ne(scope.context.actor.id));
    let alone = others.one(scope.db).await?.is_none();
    Ok(if alone { Confirmation::SoleAdmin } else { Confirmation::Pending })
}

/// Whether the account is ADMIN once it can sign in, or will be.
pub(crate) async fn holds_admin(scope: &Scope<'_>, account_id: Uuid) -> Result<bool> {
    let grants = role_grant::Entity::find()
        .filter(role_grant::COLUMN.account_id.eq(account_id))
        .filter(role_grant::COLUMN.role.eq(Role::Admin))
        .filter(standing(scope.now()));
    Ok(grants.one(scope.db).await?.is_some())
}

/// Grants that hold or will, and wait for nobody.
fn standing(now: Timestamp) -> Condition {
    let (from, to) = (role_grant::Column::ValidFrom, role_grant::Column::ValidTo);
    let goes_on = to.is_null().or(to.gt(now).and(to.into_expr().gt(from.into_expr())));
    confirmed().add(goes_on)
}

/// Who granted each, by the history.
pub(crate) async fn granters(db: &DatabaseTransaction, grants: &[Uuid]) -> Result<HashMap<Uuid, Uuid>> {
    let granted: Vec<(Uuid, Uuid)> = event::Entity::find()
        .select_only()
        .column(event::Column::SubjectId)
        .column(event::Column::ActorId)
        .filter(event::COLUMN.subject_id.is_in(grants.iter().copied()))
        .filter(event::COLUMN.action.eq(Action::Grant))
        .into_tuple()
        .all(db)
        .await?;
    Ok(granted.into_iter().collect())
}
