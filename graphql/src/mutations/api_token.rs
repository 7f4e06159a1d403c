use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use domain::api_token::{self, Listed, WantedRole};
use domain::{Given, operate};

use super::version;
use crate::enums::Role;
use crate::ids::Kind;
use crate::payload::{UserError, outcome, payload};
use crate::plan::One;
use crate::request::signed_in;
use crate::scalars::DateTime;

/// A role that a token is to have.
#[derive(InputObject)]
pub struct ApiTokenRoleInput {
    /// The role: one that you hold, but for ADMIN.
    role: Role,
    /// The code of the forvaltning in which you hold it; nothing given is the whole municipality.
    forvaltning: Option<String>,
}

/// What making an API token takes.
#[derive(InputObject)]
pub struct CreateApiTokenInput {
    /// What it is for; at most 300 characters.
    name: String,
    /// What it may do, 1 to 20 of your own roles. A role that you lose, the token loses too.
    roles: Vec<ApiTokenRoleInput>,
    /// When it ends by itself: at most 366 days from now.
    expires_at: DateTime,
    /// Why, for the history.
    reason: Option<String>,
}

/// What ending an API token takes.
#[derive(InputObject)]
pub struct RevokeApiTokenInput {
    /// The token's id.
    id: ID,
    /// The version you read.
    expected_version: i32,
    /// Why, for the history.
    reason: Option<String>,
}

/// An API token, made.
#[derive(SimpleObject)]
pub struct CreateApiTokenPayload {
    /// The token without its secret; null where it was refused.
    api_token: One<Listed>,
    /// The secret: to be sent as `Authorization: Bearer …`. It is shown this once.
    secret: Option<String>,
    /// What there is to mend; empty where it is done.
    user_errors: Vec<UserError>,
}

payload! {
    /// An API token, ended.
    RevokeApiTokenPayload {
        /// The token; null where it was refused.
        api_token: Listed
    }
}

#[derive(Default)]
pub struct ApiTokenMutations;

#[Object]
impl ApiTokenMutations {
    /// Makes an API token, by which a program acts for your account. Needs a role beside ADMIN. It signs nobody in or out and
    /// changes no accounts, passwords, roles or tokens. Not by an API token.
    async fn create_api_token(
        &self,
        field: &Context<'_>,
        input: CreateApiTokenInput,
    ) -> Result<Option<CreateApiTokenPayload>> {
        let CreateApiTokenInput { name, roles, expires_at, reason } = input;
        let wanted = |ApiTokenRoleInput { role, forvaltning }| WantedRole { role: role.into(), forvaltning };
        let roles = roles.into_iter().map(wanted).collect();
        let given = Given { reason, ..Given::default() };
        let made = async {
            let context = signed_in(field)?;
            let (operation, secret) = api_token::Create::new(context, name, roles, expires_at.0)?;
            let row = operate(context, operation, given).await?;
            Ok((api_token::listed(context, row).await?, secret))
        };
        let (made, user_errors) = outcome(field, made.await)?;
        let (token, secret) = made.unzip();
        Ok(Some(CreateApiTokenPayload { api_token: token.into(), secret, user_errors }))
    }

    /// Ends an API token now: one of your own, or as ADMIN anyone's. Streams that were opened by it end within 5 seconds. Not by
    /// an API token.
    async fn revoke_api_token(
        &self,
        field: &Context<'_>,
        input: RevokeApiTokenInput,
    ) -> Result<Option<RevokeApiTokenPayload>> {
        let RevokeApiTokenInput { id, expected_version, reason } = input;
        let operation = api_token::Revoke { id: Kind::ApiToken.read(&id) };
        let given = Given { expected: version(expected_version), reason, ..Given::default() };
        let revoked = async {
            let context = signed_in(field)?;
            let row = operate(context, operation, given).await?;
            api_token::listed(context, row).await
        };
        RevokeApiTokenPayload::new(field, revoked.await, |token| (token,)).map(Some)
    }
}
