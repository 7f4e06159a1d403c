use domain::history::{Change, Event};

use crate::enums::{Coded, EvaluationPart};
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

/// What belongs to the subject and was changed with it.
#[derive(Clone)]
struct ChangedPart {
    kind: domain::EvaluationPart,
    id: domain::Uuid,
}

impl Object for ChangedPart {
    const NAME: &'static str = "ChangedPart";
    const DESCRIPTION: &'static str = "A part of an evaluation, in an event.";

    fn fields(fields: &mut Fields<Self>) {
        fields.computed("kind", "What it is.", |part| Coded::<EvaluationPart>::new(part_code(part.kind)));
        fields.computed("id", "Its id.", |part| Kind::from(part.kind).id(part.id));
    }
}

/// The word of the schema for a part; events have another.
const fn part_code(part: domain::EvaluationPart) -> &'static str {
    match part {
        domain::EvaluationPart::Criterion => "CRITERION",
        domain::EvaluationPart::Measurement => "MEASUREMENT",
        domain::EvaluationPart::PairedTable => "PAIRED_TABLE",
        domain::EvaluationPart::Result => "RESULT",
        domain::EvaluationPart::Comparison => "COMPARISON",
        domain::EvaluationPart::Claim => "CLAIM",
        domain::EvaluationPart::Learning => "LEARNING",
        domain::EvaluationPart::Population => "POPULATION",
        domain::EvaluationPart::DataSource => "DATA_SOURCE",
        domain::EvaluationPart::DataProcessing => "DATA_PROCESSING",
        domain::EvaluationPart::ObservationBatch => "OBSERVATION_BATCH",
        domain::EvaluationPart::ParticipantExclusion => "PARTICIPANT_EXCLUSION",
        domain::EvaluationPart::ObservationErasure => "OBSERVATION_ERASURE",
        domain::EvaluationPart::TheoryElement => "THEORY_ELEMENT",
        domain::EvaluationPart::TheoryLink => "THEORY_LINK",
        domain::EvaluationPart::ElementCriterion => "ELEMENT_CRITERION",
        domain::EvaluationPart::TheoryAmendment => "THEORY_AMENDMENT",
        domain::EvaluationPart::QualitativeEvidence => "QUALITATIVE_EVIDENCE",
        domain::EvaluationPart::RivalExplanation => "RIVAL_EXPLANATION",
        domain::EvaluationPart::Transition => "TRANSITION",
    }
}

impl Object for Change {
    const NAME: &'static str = "Change";
    const DESCRIPTION: &'static str = "One field before and after.";

    fn fields(fields: &mut Fields<Self>) {
        fields.optional_object(
            "part",
            "The part of the subject that it is a field of; null for its own.",
            |change| change.part.map(|(kind, id)| ChangedPart { kind, id }),
        );
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
