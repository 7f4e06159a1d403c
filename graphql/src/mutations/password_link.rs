use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use domain::account::{self, Account, Link, Password};
use domain::{Given, operate};

use super::session::shared;
use crate::ids::Kind;
use crate::payload::{UserError, outcome};
use crate::plan::One;
use crate::request::signed_in;
use crate::scalars::DateTime;

/// What making a one-time link takes.
#[derive(InputObject)]
pub struct CreatePasswordLinkInput {
    /// The account that is to get a password.
    account_id: ID,
    /// Why, for the history.
    reason: Option<String>,
}

/// What using a one-time link takes.
#[derive(InputObject)]
pub struct RedeemPasswordLinkInput {
    /// What the link says after its `#`.
    #[graphql(secret)]
    token: String,
    /// The new password, of 12 characters to 1,024 bytes.
    #[graphql(secret)]
    password: String,
}

/// A one-time link, made.
#[derive(SimpleObject)]
pub struct CreatePasswordLinkPayload {
    /// The account; null where it was refused.
    account: One<Account>,
    /// Where the account's owner sets a password. It is shown this once: hand it over so that nobody else reads it.
    link: Option<String>,
    /// Until when it is good: 24 hours.
    expires_at: Option<DateTime>,
    /// What there is to mend; empty where it is done.
    user_errors: Vec<UserError>,
}

/// A password, set by a one-time link.
#[derive(SimpleObject)]
pub struct RedeemPasswordLinkPayload {
    /// The address to sign in with; null where it was refused.
    email: Option<String>,
    /// What there is to mend; empty where it is done.
    user_errors: Vec<UserError>,
}

#[derive(Default)]
pub struct PasswordLinkMutations;

#[Object]
impl PasswordLinkMutations {
    /// Makes a one-time link by which an account's owner sets a password; an earlier one is good no longer. The old password and
    /// what is signed in go on until it is used. Needs ADMIN. Not by an API token.
    async fn create_password_link(
        &self,
        field: &Context<'_>,
        input: CreatePasswordLinkInput,
    ) -> Result<Option<CreatePasswordLinkPayload>> {
        let CreatePasswordLinkInput { account_id, reason } = input;
        let made = async {
            let context = signed_in(field)?;
            let (operation, Link(token)) = account::Reset::new(context, Kind::Account.read(&account_id))?;
            let given = Given { reason, ..Given::default() };
            Ok((operate(context, operation, given).await?, token))
        };
        let (made, user_errors) = outcome(field, made.await)?;
        let (account, token) = made.unzip();
        let shared = shared(field).await?;
        Ok(Some(CreatePasswordLinkPayload {
            link: token.map(|token| format!("{}/password#{token}", shared.public_url)),
            expires_at: account.as_ref().and_then(|account| account.link_expires_at).map(DateTime),
            account: account.into(),
            user_errors,
        }))
    }

    /// Sets a password by a one-time link. Needs no token but the link's. Ends all sessions and API tokens of the account.
    async fn redeem_password_link(
        &self,
        field: &Context<'_>,
        input: RedeemPasswordLinkInput,
    ) -> Result<Option<RedeemPasswordLinkPayload>> {
        let RedeemPasswordLinkInput { token, password } = input;
        let shared = shared(field).await?;
        let redeemed =
            account::redeem(&shared.services, &shared.caller, &token, Password(password), shared.request_id);
        let (redeemed, user_errors) = outcome(field, redeemed.await)?;
        Ok(Some(RedeemPasswordLinkPayload { email: redeemed.map(|account| account.email), user_errors }))
    }
}
