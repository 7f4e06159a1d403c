//! By what an actor is known, and how far each kind of it reaches.

use crate::columns::{Action, SubjectKind, Uuid};
use crate::context::{Context, Services};
use crate::error::{Error, Result};

/// What the one who acts was recognised by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Credential {
    /// At the command line: whoever is there can open the database anyway.
    Operator,
    Session(Uuid),
    ApiToken(Uuid),
    /// A one-time link, by which a password is set.
    PasswordLink,
    /// The word of an identity provider, while its token is being made a session.
    Issuer,
}

impl Credential {
    /// What [`Credential::open`] gives, from the database.
    pub(crate) async fn read(
        self,
        services: &Services,
        account_id: Uuid,
        request_id: Uuid,
    ) -> Result<Context> {
        match self {
            Self::Session(id) => Context::of_session(services, id, account_id, request_id).await,
            Self::ApiToken(id) => Context::of_api_token(services, id, account_id, request_id).await,
            Self::Operator | Self::PasswordLink | Self::Issuer => Err(Error::Unauthenticated),
        }
    }

    /// That of what is stored of it, whose last use is noted.
    pub(crate) fn id(self) -> Option<Uuid> {
        match self {
            Self::Session(id) | Self::ApiToken(id) => Some(id),
            Self::Operator | Self::PasswordLink | Self::Issuer => None,
        }
    }

    /// Whether it may be used for an action, whatever the roles behind it. A stolen API token must not be able to outlive its
    /// own revocation: it makes no tokens, no passwords, no accounts and no grants.
    pub(crate) fn reaches(self, kind: SubjectKind, action: Action) -> bool {
        let of_accounts =
            matches!(kind, SubjectKind::Account | SubjectKind::RoleGrant | SubjectKind::ApiToken);
        match self {
            Self::Operator | Self::Session(_) => true,
            Self::ApiToken(_) => !of_accounts,
            // Setting the password ends the account's tokens too.
            Self::PasswordLink => matches!(
                (kind, action),
                (SubjectKind::Account, Action::ChangePassword) | (SubjectKind::ApiToken, Action::Revoke)
            ),
            Self::Issuer => matches!(
                (kind, action),
                (SubjectKind::Account, Action::Create)
                    | (SubjectKind::RoleGrant, Action::Grant | Action::Update | Action::Revoke)
            ),
        }
    }
}
