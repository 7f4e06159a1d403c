use async_graphql::{Context, ID, InputObject, Object, Result};
use domain::role_grant::{self, RoleGrant};
use domain::{Given, operate};

use super::version;
use crate::enums::Role;
use crate::ids::Kind;
use crate::payload::payload;
use crate::request::signed_in;
use crate::scalars::DateTime;

/// What granting a role takes.
#[derive(InputObject)]
pub struct GrantRoleInput {
    /// The account.
    account_id: ID,
    /// The role.
    role: Role,
    /// The code of the forvaltning in which it holds; nothing given is the whole municipality. COORDINATOR and ADMIN hold
    /// for the whole municipality only.
    forvaltning: Option<String>,
    /// From when it holds; now where nothing is given.
    valid_from: Option<DateTime>,
    /// Until when; without end where nothing is given.
    valid_to: Option<DateTime>,
    /// Why, for the history.
    reason: Option<String>,
}

/// What ending a grant takes.
#[derive(InputObject)]
pub struct RevokeRoleInput {
    /// The grant.
    id: ID,
    /// The version you read.
    expected_version: i32,
    /// Why, for the history.
    reason: Option<String>,
}

/// What confirming a grant takes.
#[derive(InputObject)]
pub struct ConfirmRoleGrantInput {
    /// The grant.
    id: ID,
    /// The version you read.
    expected_version: i32,
    /// Why, for the history.
    reason: Option<String>,
}

payload! {
    /// A grant of ADMIN, confirmed.
    ConfirmRoleGrantPayload {
        /// The grant; null where it was refused.
        role_grant: RoleGrant
    }
}

payload! {
    /// A role, granted.
    GrantRolePayload {
        /// The grant; null where it was refused.
        role_grant: RoleGrant
    }
}

payload! {
    /// A grant, ended.
    RevokeRolePayload {
        /// The grant; null where it was refused.
        role_grant: RoleGrant
    }
}

#[derive(Default)]
pub struct RoleGrantMutations;

#[Object]
impl RoleGrantMutations {
    /// Grants a role to an account. Needs ADMIN. A grant of ADMIN holds nowhere until another ADMIN confirms it
    /// (`confirmRoleGrant`); only where nobody but you is ADMIN, it holds at once, and its `confirmation` says so.
    async fn grant_role(
        &self,
        field: &Context<'_>,
        input: GrantRoleInput,
    ) -> Result<Option<GrantRolePayload>> {
        let GrantRoleInput { account_id, role, forvaltning, valid_from, valid_to, reason } = input;
        let operation = role_grant::GrantRole {
            account_id: Kind::Account.read(&account_id),
            role: role.into(),
            forvaltning,
            valid_from: valid_from.map(|moment| moment.0),
            valid_to: valid_to.map(|moment| moment.0),
        };
        let given = Given { reason, ..Given::default() };
        let granted = async { operate(signed_in(field)?, operation, given).await };
        GrantRolePayload::new(field, granted.await, |grant| (grant,)).map(Some)
    }

    /// Confirms a grant of ADMIN, which holds from then on. Needs ADMIN; neither who granted it nor whose it is can confirm it
    /// (`OWN_GRANT`).
    async fn confirm_role_grant(
        &self,
        field: &Context<'_>,
        input: ConfirmRoleGrantInput,
    ) -> Result<Option<ConfirmRoleGrantPayload>> {
        let ConfirmRoleGrantInput { id, expected_version, reason } = input;
        let operation = role_grant::Confirm { id: Kind::RoleGrant.read(&id) };
        let given = Given { expected: version(expected_version), reason, ..Given::default() };
        let confirmed = async { operate(signed_in(field)?, operation, given).await };
        ConfirmRoleGrantPayload::new(field, confirmed.await, |grant| (grant,)).map(Some)
    }

    /// Ends a grant now; one that waits to be confirmed is withdrawn. The last ADMIN cannot be removed. Needs ADMIN.
    async fn revoke_role(
        &self,
        field: &Context<'_>,
        input: RevokeRoleInput,
    ) -> Result<Option<RevokeRolePayload>> {
        let RevokeRoleInput { id, expected_version, reason } = input;
        let operation = role_grant::Revoke { id: Kind::RoleGrant.read(&id) };
        let given = Given { expected: version(expected_version), reason, ..Given::default() };
        let revoked = async { operate(signed_in(field)?, operation, given).await };
        RevokeRolePayload::new(field, revoked.await, |grant| (grant,)).map(Some)
    }
}
