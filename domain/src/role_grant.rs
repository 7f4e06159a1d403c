//! Which account has which role, where and for how long. Roles come from here and nowhere else.

mod confirmation;
mod operations;

pub use confirmation::Confirm;
pub(crate) use confirmation::{Confirming, granters, holds_admin};
pub use entity::role_grant::Model as RoleGrant;
pub use operations::has_ended;
pub(crate) use operations::revocable;
pub use operations::{GrantRole, Revoke};

use std::collections::HashMap;

use entity::{account, role_grant};
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, EntityTrait, ExprTrait, QueryFilter, QueryOrder,
    QuerySelect, Select,
};

use crate::columns::{Confirmation, Role, SubjectKind, Timestamp, Uuid};
use crate::context::Context;
use crate::error::Result;
use crate::event::{Fields, text, text_or_none};
use crate::operation::{Aggregate, Scope, Store, versioned};
use crate::page::grouped_by;
use crate::policy::{Owners, Verb, permits};

/// The grants of each account, the oldest first, those that have ended among them. Those that wait for a second ADMIN are for
/// those who see all grants: to its holder such a one is nothing yet.
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
    let own = confirmed().add(role_grant::COLUMN.account_id.eq(context.actor.id));
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
            ("confirmation", text_or_none(self.confirmation)),
        ]
    }

    async fn load(db: &DatabaseTransaction, id: Uuid) -> Result<Option<Self>> {
        Ok(role_grant::Entity::find_by_id(id).one(db).await?)
    }

    async fn store(&self, store: &mut Store<'_>, before: Option<&Self>) -> Result<()> {
        store
            .save::<role_grant::Entity>(
                self.clone(),
                role_grant::Column::Version,
                before.map(|row| row.version),
            )
            .await
    }
}

/// Grants that hold at a moment.
pub(crate) fn holding(at: Timestamp) -> Condition {
    confirmed().add(role_grant::COLUMN.valid_from.lte(at)).add(going_on(at))
}

/// Grants whose end has not come; [`has_ended`] turned round, for queries.
pub(crate) fn going_on(at: Timestamp) -> Condition {
    Condition::any().add(role_grant::COLUMN.valid_to.is_null()).add(role_grant::COLUMN.valid_to.gt(at))
}

/// Grants that wait for nobody.
pub(crate) fn confirmed() -> Condition {
    let confirmation = role_grant::Column::Confirmation;
    Condition::all().add(confirmation.is_null().or(confirmation.ne(Confirmation::Pending)))
}

/// An account that is ADMIN now.
pub(crate) struct Admin {
    account_id: Uuid,
    /// Whether it stays so, and can sign in: one whose grant will end does not keep the door open.
    stays: bool,
}

/// Whether nobody else stays ADMIN once this account is not.
pub(crate) fn is_last_admin(admins: &[Admin], account_id: Uuid) -> bool {
    let is_own = |admin: &Admin| admin.account_id == account_id;
    admins.iter().any(is_own) && !admins.iter().any(|admin| admin.stays && !is_own(admin))
}

/// The accounts that are ADMIN, held until the transaction ends, so that two cannot go at once.
pub(crate) async fn admins_held(scope: &Scope<'_>) -> Result<Vec<Admin>> {
    let held = admin_grants(scope.now()).lock_exclusive().all(scope.db).await?;
    with_accounts(scope.db, held).await
}

/// The same, to be read only.
pub(crate) async fn admins(db: &DatabaseTransaction, at: Timestamp) -> Result<Vec<Admin>> {
    let grants = admin_grants(at).all(db).await?;
    with_accounts(db, grants).await
}

fn admin_grants(at: Timestamp) -> Select<role_grant::Entity> {
    role_grant::Entity::find()
        .filter(holding(at))
        .filter(role_grant::COLUMN.role.eq(Role::Admin))
        .order_by_asc(role_grant::COLUMN.id)
}

async fn with_accounts(db: &DatabaseTransaction, grants: Vec<RoleGrant>) -> Result<Vec<Admin>> {
    let active: Vec<Uuid> = account::Entity::find()
        .select_only()
        .column(account::Column::Id)
        .filter(account::COLUMN.active.eq(true))
        .filter(account::COLUMN.id.is_in(grants.iter().map(|grant| grant.account_id)))
        .into_tuple()
        .all(db)
        .await?;
    let admin = |grant: RoleGrant| Admin {
        account_id: grant.account_id,
        stays: grant.valid_to.is_none() && active.contains(&grant.account_id),
    };
    Ok(grants.into_iter().map(admin).collect())
}
