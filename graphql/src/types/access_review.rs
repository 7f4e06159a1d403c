use domain::access_review::Reviewed;

use crate::enums::{Coded, GrantState};
use crate::plan::{Fields, Object};

impl Object for Reviewed {
    const NAME: &'static str = "AccessReviewEntry";
    const DESCRIPTION: &'static str = "One grant under review: whose, which role where, since when and by whom. For ADMIN and a municipality-wide AUDITOR.";

    fn fields(fields: &mut Fields<Self>) {
        fields.object("roleGrant", "The grant.", |entry| entry.grant.clone());
        fields.object("account", "Whose it is.", |entry| entry.account.clone());
        fields
            .computed("state", "How it stands now.", |entry| Coded::<GrantState>::new(entry.state.as_str()));
        fields.optional_object("grantedBy", "Who granted it, by the history.", |entry| {
            entry.granted_by.clone()
        });
        fields.optional_object(
            "confirmedBy",
            "The second ADMIN who confirmed it; null where nobody did.",
            |entry| entry.confirmed_by.clone(),
        );
        fields.column(
            "lastSeenAt",
            "When a session or API token of the account was last used, to the minute; null where none was, or that is not written yet.",
            |entry| &entry.last_seen_at,
        );
    }
}
