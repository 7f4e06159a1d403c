use domain::history::{Change, Event};

use crate::ids::Kind;
use crate::plan::{Fields, Object};

impl Object for Event {
    const NAME: &'static str = "Event";
    const DESCRIPTION: &'static str =
        "One entry of the history (hændelse): who did what to what, when and why. It never changes.";
    const NODE: bool = true;

    fn fields(fields: &mut Fields<Self>) {
        fields.computed("id", "Opaque id.", |row| Kind::Event.id(row.id));
        fields.column("sequence", "Place in the subject's history, from 1.", |row| &row.sequence);
        fields.column("occurredAt", "When, in UTC.", |row| &row.occurred_at);
        fields.column("action", "What was done.", |row| &row.action);
        fields.column("subjectKind", "What kind of thing it was done to.", |row| &row.subject_kind);
        fields.computed("subjectId", "The id of what it was done to.", |row| {
            Kind::from(row.subject_kind).id(row.subject_id)
        });
        fields.object("actor", "Who did it, as they were then.", |row| EventActor {
            id: row.actor_id,
            name: row.actor_name.clone(),
            roles: row.actor_roles.clone(),
        });
        fields.column("reason", "Why, where a reason was given.", |row| &row.reason);
        fields.objects("changes", "Each changed field.", |row| row.changes.clone());
    }
}

/// The one who acted, as they were.
#[derive(Clone)]
struct EventActor {
    id: domain::Uuid,
    name: Option<String>,
    roles: Vec<String>,
}

impl Object for EventActor {
    const NAME: &'static str = "EventActor";
    const DESCRIPTION: &'static str = "Who acted, as they were then.";

    fn fields(fields: &mut Fields<Self>) {
        fields.computed("id", "The account's id.", |actor| Kind::Account.id(actor.id));
        fields.column("name", "The name; null once it is erased by law.", |actor| &actor.name);
        fields.column(
            "roles",
            "The roles, with the forvaltning they held in: `COORDINATOR`, `EVALUATOR SOF`.",
            |actor| &actor.roles,
        );
    }
}

impl Object for Change {
    const NAME: &'static str = "Change";
    const DESCRIPTION: &'static str = "One field before and after.";

    fn fields(fields: &mut Fields<Self>) {
        fields.column("field", "The name of the field.", |change| &change.field);
        fields.column(
            "before",
            "Its value before: text bare, anything else as JSON. Null where there was none.",
            |change| &change.before,
        );
        fields.column("after", "Its value after; null where it was emptied.", |change| &change.after);
        fields.column("secret", "Whether it is a secret, of which only the change is kept.", |change| {
            &change.secret
        });
    }
}
