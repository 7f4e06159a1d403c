use super::{Account, Password, by_id};
use crate::attempts::{self, Attempt, Counted};
use crate::columns::Action;
use crate::context::Context;
use crate::credential::Credential;
use crate::error::{Error, Faults, Problem, Result};
use crate::operation::{Aggregate, Operation, Scope};
use crate::{password, session};

/// Changes one's own password, which ends one's other sessions. One's API tokens go on: they are programs' that know nothing
/// of the password.
#[derive(Clone, Debug)]
pub struct ChangePassword {
    present: Password,
    new: Password,
    checked: Option<Checked>,
}

/// The present password, once it was found to be right.
#[derive(Clone, Debug)]
struct Checked {
    /// The hash that it is behind, and the one that replaces it.
    present: String,
    new: String,
    counted: Counted,
}

impl ChangePassword {
    pub fn new(present: Password, new: Password) -> Self {
        Self { present, new, checked: None }
    }
}

impl Operation for ChangePassword {
    const ACTION: Action = Action::ChangePassword;
    const NAMED_BY: &'static str = "";
    type Subject = Account;

    async fn find(&self, scope: &Scope<'_>) -> Result<Option<Account>> {
        Account::load(scope.db, scope.context.actor.id).await
    }

    fn is_own(&self, scope: &Scope<'_>, subject: &Account) -> bool {
        subject.id == scope.context.actor.id
    }

    async fn prepare(&mut self, context: &Context) -> Result<()> {
        let in_session = matches!(context.actor.credential, Credential::Session(_));
        if !context.services.local_accounts
            || !in_session
            || !password::is_readable(&self.present.0)
            || password::check(&self.new.0).is_err()
        {
            return Ok(());
        }
        let stored = by_id(context, context.actor.id).await?.and_then(|account| account.password_hash);
        context.release().await;
        let attempt = Attempt::of_signed_in(context.actor.id);
        attempts::look(&context.services, &attempt).await?;
        let turn = password::turn().await?;
        let counted = attempts::count(&context.services, attempt).await?;
        if password::verified(turn, self.present.0.clone(), stored.clone()).await?
            && let Some(present) = stored
        {
            let new = password::hashed(self.new.0.clone()).await?;
            self.checked = Some(Checked { present, new, counted });
        }
        Ok(())
    }

    async fn decide(&self, scope: &Scope<'_>, subject: Option<&Account>) -> Result<Account> {
        let row = subject.ok_or(Error::Unauthenticated)?;
        session::require_local_accounts(&scope.context.services)?;
        let mut faults = Faults::default();
        faults.take("newPassword", password::check(&self.new.0));
        faults.finish()?;
        match &self.checked {
            // It may have been changed since it was verified.
            Some(checked) if row.password_hash.as_ref() == Some(&checked.present) => Ok(Account {
                password_hash: Some(checked.new.clone()),
                // Whoever knows the password needs no link, and whoever found one has no use for it now.
                link_digest: None,
                link_expires_at: None,
                ..row.clone()
            }),
            _ => Err(Error::refused("presentPassword", Problem::WrongPassword)),
        }
    }

    async fn follow(&self, scope: &Scope<'_>, account: &Account) -> Result<()> {
        if let Some(checked) = &self.checked {
            attempts::succeeded(scope.db, &checked.counted, scope.now()).await?;
        }
        session::end_all(scope, account.id, Some(scope.context.actor.credential)).await
    }
}
