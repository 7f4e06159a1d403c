use domain::account::Account;
use domain::role_grant::{self, RoleGrant};
use domain::{Actor, api_token, history, permission, session};

use super::forvaltning::forvaltninger;
use super::permission::CAN;
use crate::ids::Kind;
use crate::plan::{Fields, Object};

impl Object for Actor {
    const NAME: &'static str = "Viewer";
    const DESCRIPTION: &'static str = "The one who is signed in.";

    fn fields(fields: &mut Fields<Self>) {
        fields.computed("id", "The account's id.", |actor| Kind::Account.id(actor.id));
        fields.column("name", "The account's name.", |actor| &actor.name);
        fields.many(
            "roleGrants",
            "The roles that hold now.",
            |actor| actor.id,
            |context, ids| Box::pin(role_grant::holding_of_accounts(context, ids)),
        );
        fields.many(
            "sessions",
            "Where the account is signed in: its sessions that go on, the oldest first.",
            |actor| actor.id,
            |context, ids| Box::pin(session::of_accounts(context, ids)),
        );
        fields.many(
            "apiTokens",
            "The account's API tokens, the oldest first, those that have ended among them.",
            |actor| actor.id,
            |context, ids| Box::pin(api_token::of_accounts(context, ids)),
        );
        fields.many(
            "can",
            "What you can do that needs no object, and why not: what you can make, and what you read as a whole.",
            |actor| actor.id,
            |context, ids| Box::pin(permission::of_viewer(context, ids)),
        );
    }
}

impl Object for Account {
    const NAME: &'static str = "Account";
    const DESCRIPTION: &'static str =
        "A person or script that can act. Seen by ADMIN, by a municipality-wide AUDITOR, and by its owner.";
    const NODE: bool = true;

    fn fields(fields: &mut Fields<Self>) {
        fields.computed("id", "Opaque id.", |row| Kind::Account.id(row.id));
        fields.column("version", "Raised by each change; name it to change the account.", |row| &row.version);
        fields.column(
            "email",
            "The address to sign in with. Where an identity provider signs the account in, it identifies nobody, and where \
             none was known it ends in `@account.invalid`.",
            |row| &row.email,
        );
        fields.column("name", "The name that the history shows.", |row| &row.name);
        fields.column("active", "Whether it can sign in.", |row| &row.active);
        fields.column(
            "issuer",
            "The identity provider that signs it in; null where it signs in with a password.",
            |row| &row.issuer,
        );
        fields.column("subject", "What the identity provider calls it; null where there is none.", |row| {
            &row.subject
        });
        fields.many(
            "roleGrants",
            "Its grants, the oldest first, those that have ended among them; for those who see all accounts also those that \
             wait for a second ADMIN.",
            |row| row.id,
            |context, ids| Box::pin(role_grant::of_accounts(context, ids)),
        );
        fields.many(
            "apiTokens",
            "Its API tokens, the oldest first, those that have ended among them.",
            |row| row.id,
            |context, ids| Box::pin(api_token::of_accounts(context, ids)),
        );
        fields.many(
            "can",
            CAN,
            |row| row.id,
            |context, keys| Box::pin(permission::of_accounts(context, keys)),
        );
        fields.connection(
            "history",
            "What happened to the account, for those who read its history.",
            |row| row.id,
            |context, ids, (): &(), page| Box::pin(history::of_subjects(context, ids, page)),
        );
    }
}

impl Object for session::Listed {
    const NAME: &'static str = "Session";
    const DESCRIPTION: &'static str = "What began with a sign-in. Seen by its owner.";

    fn fields(fields: &mut Fields<Self>) {
        fields.column("startedAt", "When it began.", |listed| &listed.row.started_at);
        fields.column(
            "lastUsedAt",
            "When it was last used, to the minute; null where that is not written yet.",
            |listed| &listed.last_used_at,
        );
        fields.column("current", "Whether it is the one of this request.", |listed| &listed.current);
    }
}

impl Object for RoleGrant {
    const NAME: &'static str = "RoleGrant";
    const DESCRIPTION: &'static str =
        "One role of one account, in one forvaltning or the whole municipality, for a time.";

    fn fields(fields: &mut Fields<Self>) {
        fields.computed("id", "Opaque id.", |row| Kind::RoleGrant.id(row.id));
        fields.column("version", "Raised by each change.", |row| &row.version);
        fields.column("role", "The role.", |row| &row.role);
        fields.optional_one(
            "forvaltning",
            "Where it holds; null is the whole municipality.",
            |row| row.forvaltning_id,
            forvaltninger,
        );
        fields.column("validFrom", "From when it holds.", |row| &row.valid_from);
        fields.column("validTo", "Until when it holds; null has no end.", |row| &row.valid_to);
        fields.column(
            "issuerGroup",
            "The group at the identity provider that it stands for: it comes and goes with it. Null where someone granted it.",
            |row| &row.issuer_group,
        );
        fields.column(
            "confirmation",
            "Of a grant of ADMIN, which holds once another ADMIN has confirmed it; null where nothing had to be confirmed.",
            |row| &row.confirmation,
        );
        fields.many(
            "can",
            CAN,
            |row| row.id,
            |context, keys| Box::pin(permission::of_role_grants(context, keys)),
        );
    }
}
