use async_graphql::{Context, ID, InputObject, Object, Result};
use domain::account::{self, Account, Credentials, Password};
use domain::{Given, operate};

use super::version;
use crate::ids::Kind;
use crate::payload::payload;
use crate::request::{check_once, signed_in};

/// What making an account takes.
#[derive(InputObject)]
pub struct CreateAccountInput {
    /// The address to sign in with; unique, whatever its case.
    email: String,
    /// The name that the history will show; at most 300 characters.
    name: String,
    /// A first password, of 12 characters to 1,024 bytes. Better none: then the account is opened by `createPasswordLink`, and
    /// nobody but its owner knows the password.
    #[graphql(secret)]
    password: Option<String>,
    /// The identity provider that signs the account in, as its tokens name it (`iss`); at most 255 characters. Given with
    /// `subject`, and instead of a password.
    issuer: Option<String>,
    /// What the identity provider calls the account (`sub`); at most 255 characters.
    subject: Option<String>,
}

/// What changing an account takes.
#[derive(InputObject)]
pub struct UpdateAccountInput {
    /// The account.
    id: ID,
    /// The version you read.
    expected_version: i32,
    /// A new address.
    email: Option<String>,
    /// A new name.
    name: Option<String>,
    /// Whether it can sign in. Deactivating ends its sessions and its API tokens. An account that would be ADMIN again is not
    /// activated (`HOLDS_ADMIN`): revoke that grant first.
    active: Option<bool>,
    /// Why, for the history.
    reason: Option<String>,
}

/// What changing your password takes.
#[derive(InputObject)]
pub struct ChangePasswordInput {
    /// The password you have now.
    #[graphql(secret)]
    present_password: String,
    /// The new one, of 12 characters to 1,024 bytes.
    #[graphql(secret)]
    new_password: String,
}

payload! {
    /// An account, made.
    CreateAccountPayload {
        /// The account; null where it was refused.
        account: Account
    }
}

payload! {
    /// An account, changed.
    UpdateAccountPayload {
        /// The account; null where it was refused.
        account: Account
    }
}

payload! {
    /// A password, changed.
    ChangePasswordPayload {
        /// The account; null where it was refused.
        account: Account
    }
}

#[derive(Default)]
pub struct AccountMutations;

#[Object]
impl AccountMutations {
    /// Makes an account, which can do nothing until it is granted a role. Needs ADMIN.
    async fn create_account(
        &self,
        field: &Context<'_>,
        input: CreateAccountInput,
    ) -> Result<Option<CreateAccountPayload>> {
        let CreateAccountInput { email, name, password, issuer, subject } = input;
        let credentials = Credentials { password: password.map(Password), issuer, subject };
        let operation = account::Create::new(email, name, credentials);
        let made = async { operate(signed_in(field)?, operation, Given::default()).await };
        CreateAccountPayload::new(field, made.await, |account| (account,)).map(Some)
    }

    /// Changes an account's address or name, or whether it can sign in. Needs ADMIN.
    async fn update_account(
        &self,
        field: &Context<'_>,
        input: UpdateAccountInput,
    ) -> Result<Option<UpdateAccountPayload>> {
        let UpdateAccountInput { id, expected_version, email, name, active, reason } = input;
        let operation = account::Update { id: Kind::Account.read(&id), email, name, active };
        let given = Given { expected: version(expected_version), reason, ..Given::default() };
        let changed = async { operate(signed_in(field)?, operation, given).await };
        UpdateAccountPayload::new(field, changed.await, |account| (account,)).map(Some)
    }

    /// Changes your own password and ends your other sessions. Your API tokens go on. Ten wrong present passwords are taken, then
    /// `RATE_LIMITED` as for `signIn`. Not by an API token.
    async fn change_password(
        &self,
        field: &Context<'_>,
        input: ChangePasswordInput,
    ) -> Result<Option<ChangePasswordPayload>> {
        let ChangePasswordInput { present_password, new_password } = input;
        let operation = account::ChangePassword::new(Password(present_password), Password(new_password));
        let changed = async {
            let context = signed_in(field)?;
            check_once(field)?;
            operate(context, operation, Given::default()).await
        };
        ChangePasswordPayload::new(field, changed.await, |account| (account,)).map(Some)
    }
}
