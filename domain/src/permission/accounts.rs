//! Accounts and grants.

use std::collections::{HashMap, HashSet};

use entity::role_grant;
use sea_orm::{EntityTrait, QueryFilter};

use super::{Ability, Permission, Wish, to};
use crate::account;
use crate::api_token::{self, ApiToken};
use crate::columns::{Action, SubjectKind, Uuid};
use crate::context::Context;
use crate::error::{Problem, Result};
use crate::policy::Owners;
use crate::role_grant::{Confirm, Confirming, GrantRole, Revoke, admins, granters, revocable};
use crate::session::check_local_accounts;

const UPDATE: Wish = to::<account::Update>(Ability::UpdateAccount);
const GRANT: Wish = to::<GrantRole>(Ability::GrantRole);
const LINK: Wish = to::<account::Reset>(Ability::CreatePasswordLink);
const REVOKE_TOKEN: Wish = to::<api_token::Revoke>(Ability::RevokeApiToken);
const CONFIRM: Wish = to::<Confirm>(Ability::ConfirmRoleGrant);
const REVOKE: Wish = to::<Revoke>(Ability::RevokeRole);

pub async fn of_accounts(context: &Context, accounts: &[Uuid]) -> Result<HashMap<Uuid, Vec<Permission>>> {
    let (actor, nobody) = (&context.actor, Owners::default());
    let elsewhere = if LINK.is_permitted(actor, &nobody) {
        account::signing_in_elsewhere(context, accounts).await?
    } else {
        HashSet::new()
    };
    let own = own_password(context);
    let of_account = |id: &Uuid| {
        let link = || {
            check_local_accounts(&context.services)?;
            if elsewhere.contains(id) { Err(Problem::SignsInElsewhere) } else { Ok(()) }
        };
        let permissions = vec![
            UPDATE.by_role(actor, &nobody),
            GRANT.by_role(actor, &nobody),
            LINK.answer(actor, &nobody, link),
            if *id == actor.id { own.clone() } else { own.refused(Problem::NotPermitted) },
        ];
        (*id, permissions)
    };
    Ok(accounts.iter().map(of_account).collect())
}

/// Changing one's own password, which is one's own: that needs no role.
pub(super) fn own_password(context: &Context) -> Permission {
    let own = Permission { ability: Ability::ChangePassword, refusal: None };
    if !context.actor.credential.reaches(SubjectKind::Account, Action::ChangePassword) {
        return own.refused(Problem::NotPermitted);
    }
    match check_local_accounts(&context.services) {
        Ok(()) => own,
        Err(problem) => own.refused(problem),
    }
}

/// Of tokens that the actor sees: one's own are ended without a role.
pub async fn of_api_tokens(context: &Context, tokens: &[Uuid]) -> Result<HashMap<Uuid, Vec<Permission>>> {
    let (actor, nobody, now) = (&context.actor, Owners::default(), context.now());
    let of_token = |row: ApiToken| {
        let rule = || api_token::revocable(&row, now);
        let own = row.account_id == actor.id && REVOKE_TOKEN.is_reached(actor);
        let permission = if own {
            Permission { ability: Ability::RevokeApiToken, refusal: rule().err() }
        } else {
            REVOKE_TOKEN.answer(actor, &nobody, rule)
        };
        (row.id, vec![permission])
    };
    Ok(api_token::by_ids(context, tokens).await?.into_iter().map(of_token).collect())
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
