use domain::access_log::Entry;
use domain::{AccessedKind, Uuid};

use crate::ids::Kind;
use crate::plan::{Fields, Object};

impl Object for Entry {
    const NAME: &'static str = "AccessLogEntry";
    const DESCRIPTION: &'static str = "What an account was refused within an hour, and how often, or what it read of what participants answered, and why. \
         Seen by AUDITOR in scope, and deleted when the access log's time is over.";
    const NODE: bool = true;

    fn fields(fields: &mut Fields<Self>) {
        fields.computed("id", "Opaque id.", |entry| Kind::AccessLogEntry.id(entry.row.id));
        fields.object("actor", "Whose it is.", |entry| AccessLogActor {
            id: entry.row.actor_id,
            name: entry.actor_name.clone(),
            roles: entry.row.actor_roles.0.clone(),
        });
        fields.column(
            "action",
            "What was to be done; null where something was to be read, and for OVERFLOW.",
            |entry| &entry.row.action,
        );
        fields.column(
            "subjectKind",
            "What it was to be done to, or what was to be read; null where nobody can tell, and for OVERFLOW.",
            |entry| &entry.row.subject_kind,
        );
        fields.optional_object(
            "named",
            "What was named by an id and not found, or would have been changed; null where nothing was, or by a text that is \
             no id.",
            |entry| entry.named().map(|(kind, id)| NamedInAccess { kind, id }),
        );
        fields.column("outcome", "How it was answered.", |entry| &entry.row.outcome);
        fields.column("purpose", "What participants' answers were read for; null of denials.", |entry| {
            &entry.row.purpose
        });
        fields.column("firstAt", "When it was for the first time in the hour, in UTC.", |entry| {
            &entry.row.first_at
        });
        fields.column("lastAt", "When it was for the last time in the hour, in UTC.", |entry| {
            &entry.row.last_at
        });
        fields.column("count", "How often it was in the hour.", |entry| &entry.row.count);
        fields.computed(
            "requestId",
            "The first request, as its answer's `x-request-id` and the server's log have it.",
            |entry| entry.row.request_id.to_string(),
        );
    }
}

/// Who was refused something, or read something.
#[derive(Clone)]
struct AccessLogActor {
    id: Uuid,
    name: Option<String>,
    roles: Vec<String>,
}

impl Object for AccessLogActor {
    const NAME: &'static str = "AccessLogActor";
    const DESCRIPTION: &'static str = "Whose an entry of the access log is.";

    fn fields(fields: &mut Fields<Self>) {
        fields.computed("id", "The account's id.", |actor| Kind::Account.id(actor.id));
        fields.column("name", "The account's name as it is now.", |actor| &actor.name);
        fields.column(
            "roles",
            "The roles as they were the first time, with the forvaltning they held in: `COORDINATOR`, `EVALUATOR SOF`.",
            |actor| &actor.roles,
        );
    }
}

/// What was named, whether it exists or not.
#[derive(Clone)]
struct NamedInAccess {
    kind: AccessedKind,
    id: Uuid,
}

impl Object for NamedInAccess {
    const NAME: &'static str = "NamedInAccess";
    const DESCRIPTION: &'static str =
        "What was named by an id, in the access log. That it was named says not that it exists.";

    fn fields(fields: &mut Fields<Self>) {
        fields.column("kind", "What the id is of.", |named| &named.kind);
        fields.computed("id", "The id as it was given.", |named| Kind::from(named.kind).id(named.id));
    }
}
