use async_graphql::registry::{MetaInputValue, Registry};
use async_graphql::{Context as FieldContext, ServerResult};
use domain::virkningsevaluering::{self, Comparison, Seen, Transition};
use domain::{
    data_processing, data_source, evaluation_round, history, intervention, learning, permission, population,
    programme_theory, success_criterion,
};

use super::permission::CAN;
use crate::enums::Milestone;
use crate::ids::Kind;
use crate::plan::{Arguments, Fields, Object, argument};

impl Object for Seen {
    const NAME: &'static str = "Virkningsevaluering";
    const DESCRIPTION: &'static str = "A theory-based evaluation of one intervention: what works, for whom, under which circumstances. Who belongs to a \
         forvaltning that leads the intervention or takes part in it, COORDINATOR, and AUDITOR in scope see it as it is; \
         all others but ADMIN see what was last published.";
    const NODE: bool = true;

    fn fields(fields: &mut Fields<Self>) {
        fields.computed("id", "Opaque id.", |seen| Kind::Virkningsevaluering.id(seen.row.id));
        fields.column(
            "version",
            "Raised by each write to the evaluation or anything below it; name it to change the evaluation.",
            |seen| &seen.version,
        );
        fields.column("slug", "The short name for files; unique, and made when it is planned.", |seen| {
            &seen.row.slug
        });
        fields.column("title", "What it is called.", |seen| &seen.state.title);
        fields.column("periodStart", "The first day that it covers.", |seen| &seen.state.period_start);
        fields.column("periodEnd", "The last day that it covers.", |seen| &seen.state.period_end);
        fields.column("status", "How far it has come.", |seen| &seen.state.status);
        fields.column(
            "revision",
            "Which publication it is or prepares, from 1. A write after a publication begins the next.",
            |seen| &seen.state.revision,
        );
        fields.column("enrolled", "How many people were enrolled; null where that is not stated.", |seen| {
            &seen.state.enrolled
        });
        fields.computed(
            "registeredAt",
            "When the criteria were registered, which froze them; null before.",
            Seen::registered_at,
        );
        fields.one(
            "intervention",
            "The intervention it evaluates.",
            |seen| seen.row.intervention_id,
            |context, ids| Box::pin(intervention::by_ids(context, ids)),
        );
        fields.optional_one(
            "round",
            "The round it is part of, if any.",
            |seen| seen.state.evaluation_round_id,
            |context, ids| Box::pin(evaluation_round::by_ids(context, ids)),
        );
        fields.many("criteria", "Its success criteria, by number.", Seen::standing, |context, standings| {
            Box::pin(success_criterion::of_evaluations(context, standings))
        });
        fields.one(
            "programmeTheory",
            "How the intervention is assumed to work, and what is known of that.",
            Seen::standing,
            |context, standings| Box::pin(programme_theory::of_evaluations(context, standings)),
        );
        fields.many("learnings", "What it teaches.", Seen::standing, |context, standings| {
            Box::pin(learning::of_evaluations(context, standings))
        });
        fields.optional_one(
            "dataProcessing",
            "Why the answers of single participants may be kept, and until when; null where that is not stated.",
            |seen| Some(seen.standing()),
            |context, standings| Box::pin(data_processing::of_evaluations(context, standings)),
        );
        fields.many(
            "populations",
            "Who is counted in its measurements.",
            Seen::standing,
            |context, standings| Box::pin(population::of_evaluations(context, standings)),
        );
        fields.many(
            "dataSources",
            "Where its measurements come from.",
            Seen::standing,
            |context, standings| Box::pin(data_source::of_evaluations(context, standings)),
        );
        life(fields);
    }
}

/// What happened to it, what of it is published, and what can be done to it next.
fn life(fields: &mut Fields<Seen>) {
    fields.many(
        "transitions",
        "The steps of its life, in order; for readers of what is published, publication and withdrawal.",
        Seen::life,
        |context, lives| Box::pin(virkningsevaluering::transitions(context, lives)),
    );
    fields.optional_one(
        "published",
        "What readers everywhere see of it: the revision that was last published, as it was then, or the tombstone of \
         a withdrawn one. Null while nothing of it is published.",
        |seen| Some(seen.row.id),
        |context, ids| Box::pin(virkningsevaluering::published(context, ids)),
    );
    fields.optional_one_with(
        "compare",
        "What changed from one moment of its life to another. Null where it has not come to one of them, or not for this \
         reader: readers elsewhere see publications alone.",
        |seen, moments: &Moments| (seen.life(), moments.from, moments.to),
        |context, wanted| Box::pin(virkningsevaluering::compare(context, wanted)),
    );
    fields.many(
        "can",
        CAN,
        |seen| seen.row.id,
        |context, keys| Box::pin(permission::of_evaluations(context, keys)),
    );
    fields.connection(
        "history",
        "What happened to it and to all below it: each write is one event, and its sequence is the version that it \
         made. For EVALUATOR and APPROVER of its forvaltninger and AUDITOR in scope; for others it is empty.",
        |seen| seen.row.id,
        |context, ids, (): &(), page| Box::pin(history::of_subjects(context, ids, page)),
    );
}

/// The moments that are compared.
#[derive(Clone)]
struct Moments {
    from: virkningsevaluering::Milestone,
    to: virkningsevaluering::Milestone,
}

impl Arguments for Moments {
    fn declare(registry: &mut Registry) -> Vec<MetaInputValue> {
        vec![
            argument::<Milestone>(registry, "from", "The earlier moment."),
            argument::<Milestone>(registry, "to", "The later one."),
        ]
    }

    fn read(field: &FieldContext<'_>) -> ServerResult<Self> {
        let moment = |name| field.param_value::<Milestone>(name, None).map(|(_, moment)| moment.into());
        Ok(Self { from: moment("from")?, to: moment("to")? })
    }
}

impl Object for Comparison {
    const NAME: &'static str = "Comparison";
    const DESCRIPTION: &'static str = "What differs between two versions of an evaluation.";

    fn fields(fields: &mut Fields<Self>) {
        fields.column("fromVersion", "The version of the earlier moment.", |row| &row.from_version);
        fields.column("toVersion", "The version of the later one.", |row| &row.to_version);
        fields.objects(
            "changes",
            "Each field of the evaluation and of its parts that differs: criteria, measurements, results and all else but \
             the steps of its life. A part that only one of the two has differs in every field that it fills.",
            |row| row.changes.clone(),
        );
    }
}

impl Object for Transition {
    const NAME: &'static str = "Transition";
    const DESCRIPTION: &'static str = "One step of an evaluation from one status to another.";

    fn fields(fields: &mut Fields<Self>) {
        fields.column("from", "The status before.", |step| &step.row.from_status);
        fields.column("to", "The status after.", |step| &step.row.to_status);
        fields.column("at", "When, in UTC.", |step| &step.row.at);
        fields.column(
            "actor",
            "The name of who took it, as it was then; null once it is erased by law.",
            |step| &step.actor_name,
        );
        fields.column(
            "comment",
            "What was said about it: what there is to mend, or why it was withdrawn.",
            |step| &step.row.comment,
        );
    }
}
