//! Which account has which role, where and for how long. Roles come from here and nowhere else.

pub use entity::role_grant::Model as RoleGrant;

use std::collections::HashMap;

use entity::{account, role_grant};
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
};

use crate::access_log::{Name, named};
use crate::columns::{AccessedKind, Action, Role, SubjectKind, Timestamp, Uuid};
use crate::context::Context;
use crate::error::{Error, Faults, Problem, Result};
use crate::event::{Fields, text, text_or_none};
use crate::operation::{Aggregate, Operation, Scope, save, versioned};
use crate::page::grouped_by;
use crate::policy::{Owners, Verb, permits};

/// The grants of each account, the oldest first, those that have ended among them.
pub async fn of_accounts(context: &Context, accounts: &[Uuid]) -> Result<HashMap<Uuid, Vec<RoleGrant>>> {
    select(context, accounts, Condition::all()).await
}

/// The grants of each account that hold now.
pub async fn holding_of_accounts(
    context: &Context,
    accounts: &[Uuid],
) -> Result<HashMap<Uuid, Vec<RoleGrant>>> {
    select(context, accounts, holding(context.now())).await
}

async fn select(
    context: &Context,
    accounts: &[Uuid],
    which: Condition,
) -> Result<HashMap<Uuid, Vec<RoleGrant>>> {
    let snapshot = context.snapshot().await?;
    let all = permits(&context.actor, Verb::See, SubjectKind::RoleGrant, &Owners::default());
    let own = Condition::all().add(role_grant::COLUMN.account_id.eq(context.actor.id));
    let rows = role_grant::Entity::find()
        .filter(if all { Condition::all() } else { own })
        .filter(which)
        .filter(role_grant::COLUMN.account_id.is_in(accounts.iter().copied()))
        .order_by_asc(role_grant::COLUMN.id)
        .all(&snapshot.db)
        .await?;
    Ok(grouped_by(rows, |row| row.account_id))
}

versioned!(RoleGrant);

impl Aggregate for RoleGrant {
    const KIND: SubjectKind = SubjectKind::RoleGrant;
    type Table = role_grant::Entity;

    fn fields(&self) -> Fields {
        vec![
            ("accountId", text(self.account_id)),
            ("role", text(self.role)),
            ("forvaltningId", text_or_none(self.forvaltning_id)),
            ("validFrom", text(self.valid_from)),
            ("validTo", text_or_none(self.valid_to)),
            ("issuerGroup", text_or_none(self.issuer_group.as_ref())),
        ]
    }

    async fn load(db: &DatabaseTransaction, id: Uuid) -> Result<Option<Self>> {
        Ok(role_grant::Entity::find_by_id(id).one(db).await?)
    }

    async fn store(&self, db: &DatabaseTransaction, before: Option<&Self>) -> Result<()> {
        save::<role_grant::Entity>(
            db,
            self.clone(),
            role_grant::Column::Version,
            before.map(|row| row.version),
        )
        .await
    }
}

/// Grants a role. COORDINATOR and ADMIN hold for the whole municipality; EVALUATOR and APPROVER in one forvaltning, or in
/// all of them.
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

/// Ends a grant now.
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
            .add(role_grant::COLUMN.account_id.eq(account.id))
            .add(role_grant::COLUMN.issuer_group.is_null())
            .add(role_grant::COLUMN.role.eq(self.role))
            .add(match forvaltning_id {
                Some(id) => role_grant::COLUMN.forvaltning_id.eq(id),
                None => role_grant::COLUMN.forvaltning_id.is_null(),
            })
            .add(role_grant::COLUMN.valid_to.is_null().or(role_grant::COLUMN.valid_to.gt(valid_from)));
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
        let Some(id) = self.id else {
            return Err(Error::refused(Self::NAMED_BY, Problem::NotFound));
        };
        let found = RoleGrant::load(scope.db, id).await?;
        found.map(Some).ok_or_else(|| Error::refused(Self::NAMED_BY, Problem::NotFound))
    }

    async fn decide(&self, scope: &Scope<'_>, subject: Option<&RoleGrant>) -> Result<RoleGrant> {
        let row = subject.ok_or_else(|| Error::refused(Self::NAMED_BY, Problem::NotFound))?;
        if row.valid_to.is_some_and(|end| end <= scope.now()) {
            return Err(Error::refused(Self::NAMED_BY, Problem::AlreadyRevoked));
        }
        if row.role == Role::Admin && is_last_admin(scope, row.account_id).await? {
            return Err(Error::refused(Self::NAMED_BY, Problem::LastAdmin));
        }
        Ok(RoleGrant { valid_to: Some(Ord::max(scope.now(), row.valid_from)), ..row.clone() })
    }
}

/// Grants that hold at a moment.
fn holding(at: Timestamp) -> Condition {
    Condition::all()
        .add(role_grant::COLUMN.valid_from.lte(at))
        .add(role_grant::COLUMN.valid_to.is_null().or(role_grant::COLUMN.valid_to.gt(at)))
}

/// Whether nobody else active is ADMIN. The rows are locked, so that two cannot go at once.
pub(crate) async fn is_last_admin(scope: &Scope<'_>, account_id: Uuid) -> Result<bool> {
    let grants = role_grant::Entity::find()
        .filter(holding(scope.now()))
        .filter(role_grant::COLUMN.role.eq(Role::Admin))
        .order_by_asc(role_grant::COLUMN.id)
        .lock_exclusive()
        .all(scope.db)
        .await?;
    let (own, others): (Vec<_>, Vec<_>) =
        grants.into_iter().partition(|grant| grant.account_id == account_id);
    // A grant that will end does not keep the door open.
    let others = others.into_iter().filter(|grant| grant.valid_to.is_none());
    let active = account::Entity::find()
        .filter(account::COLUMN.active.eq(true))
        .filter(account::COLUMN.id.is_in(others.map(|grant| grant.account_id)))
        .one(scope.db)
        .await?;
    Ok(!own.is_empty() && active.is_none())
}
