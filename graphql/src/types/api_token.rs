use domain::api_token::{Listed, ScopedRole};
use domain::permission;

use super::forvaltning::forvaltninger;
use super::permission::CAN;
use crate::ids::Kind;
use crate::plan::{Fields, Object};

impl Object for Listed {
    const NAME: &'static str = "ApiToken";
    const DESCRIPTION: &'static str = "A secret by which a program acts for an account, with some of the account's roles. The secret is shown once, by \
         `createApiToken`. Seen by its owner, by ADMIN, and by a municipality-wide AUDITOR.";

    fn fields(fields: &mut Fields<Self>) {
        fields.computed("id", "Opaque id.", |token| Kind::ApiToken.id(token.row.id));
        fields.column("version", "Raised by each change.", |token| &token.row.version);
        fields.column("name", "What its owner calls it.", |token| &token.row.name);
        fields.objects(
            "roles",
            "What it is scoped to. Of these it has those that its owner holds at the time.",
            Listed::roles,
        );
        fields.column("createdAt", "When it was made.", |token| &token.row.created_at);
        fields.column("expiresAt", "When it ends by itself.", |token| &token.row.expires_at);
        fields.column("revokedAt", "When it was ended before that; null where it was not.", |token| {
            &token.row.revoked_at
        });
        fields.column(
            "lastUsedAt",
            "When it was last used, to the minute; null where it never was, or that is not written yet.",
            |token| &token.last_used_at,
        );
        fields.many(
            "can",
            CAN,
            |token| token.row.id,
            |context, keys| Box::pin(permission::of_api_tokens(context, keys)),
        );
    }
}

impl Object for ScopedRole {
    const NAME: &'static str = "ApiTokenRole";
    const DESCRIPTION: &'static str = "A role that an API token is scoped to.";

    fn fields(fields: &mut Fields<Self>) {
        fields.column("role", "The role.", |scoped| &scoped.role);
        fields.optional_one(
            "forvaltning",
            "Where it holds; null is the whole municipality.",
            |scoped| scoped.forvaltning_id,
            forvaltninger,
        );
    }
}
