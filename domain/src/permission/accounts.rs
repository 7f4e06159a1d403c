//! Accounts and grants.

use std::collections::HashMap;

use entity::role_grant;
use sea_orm::{EntityTrait, QueryFilter};

use super::{Ability, Permission, Wish, to};
use crate::account;
use crate::columns::Uuid;
use crate::context::Context;
use crate::error::{Problem, Result};
use crate::policy::Owners;
use crate::role_grant::{Confirm, Confirming, GrantRole, Revoke, admins, granters, revocable};

const UPDATE: Wish = to::<account::Update>(Ability::UpdateAccount);
const GRANT: Wish = to::<GrantRole>(Ability::GrantRole);
const CONFIRM: Wish = to::<Confirm>(Ability::ConfirmRoleGrant);
const REVOKE: Wish = to::<Revoke>(Ability::RevokeRole);

pub async fn of_accounts(context: &Context, accounts: &[Uuid]) -> Result<HashMap<Uuid, Vec<Permission>>> {
    let (actor, nobody) = (&context.actor, Owners::default());
    let of_account = |id: &Uuid| {
        let own = Permission {
            ability: Ability::ChangePassword,
            refusal: (*id != actor.id).then_some(Problem::NotPermitted),
        };
        (*id, vec![UPDATE.by_role(actor, &nobody), GRANT.by_role(actor, &nobody), own])
    };
    Ok(accounts.iter().map(of_account).collect())
}

pub async fn of_role_grants(context: &Context, grants: &[Uuid]) -> Result<HashMap<Uuid, Vec<Permission>>> {
    let (actor, nobody, now) = (&context.actor, Owners::default(), context.now());
    if !REVOKE.is_permitted(actor, &nobody) && !CONFIRM.is_permitted(actor, &nobody) {
        let refused = || [CONFIRM, REVOKE].map(|wish| wish.by_role(actor, &nobody)).to_vec();
        return Ok(grants.iter().map(|id| (*id, refused())).collect());
    }
    let snapshot = context.snapshot().await?;
    let rows = role_grant::Entity::find()
        .filter(role_grant::COLUMN.id.is_in(grants.iter().copied()))
        .all(&snapshot.db)
        .await?;
    let granters = granters(&snapshot.db, grants).await?;
    let admins = admins(&snapshot.db, now).await?;
    let of_grant = |row: &role_grant::Model| {
        let confirming = Confirming { actor: actor.id, granter: granters.get(&row.id).copied() };
        let permissions = vec![
            CONFIRM.answer(actor, &nobody, || confirming.check(row, now)),
            REVOKE.answer(actor, &nobody, || revocable(row, now, &admins)),
        ];
        (row.id, permissions)
    };
    Ok(rows.iter().map(of_grant).collect())
}
