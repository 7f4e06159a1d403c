use domain::intervention::{self, Intervention};
use domain::{figure, funding, history, intervention_year, permission, virkningsevaluering};

use super::FigureArguments;
use super::permission::CAN;
use super::values::not_stated;
use crate::ids::Kind;
use crate::plan::{Fields, Object};

impl Object for Intervention {
    const NAME: &'static str = "Intervention";
    const DESCRIPTION: &'static str =
        "A programme of work over years (indsats). Seen by every role but ADMIN.";
    const NODE: bool = true;

    fn fields(fields: &mut Fields<Self>) {
        fields.computed("id", "Opaque id.", |row| Kind::Intervention.id(row.id));
        fields.column("version", "Raised by each change; name it to change the intervention.", |row| {
            &row.version
        });
        fields.column("slug", "The short name for addresses and files; unique.", |row| &row.slug);
        fields.column("name", "The name people use.", |row| &row.name);
        fields.column("since", "The year it began; null stands beside an absence.", |row| &row.since);
        fields
            .objects("absences", "Why fields are null.", |row| not_stated(&[("since", row.since.is_some())]));
        fields.optional_one(
            "parent",
            "The unit it is a part of.",
            |row| row.parent_id,
            |context, ids| Box::pin(intervention::by_ids(context, ids)),
        );
        fields.many(
            "parts",
            "Its sub-interventions, in Danish order.",
            |row| row.id,
            |context, ids| Box::pin(intervention::parts(context, ids)),
        );
        fields.optional_one(
            "current",
            "What it is now: the report of its newest year. Null while it has none.",
            |row| Some(row.id),
            |context, ids| Box::pin(intervention_year::current(context, ids)),
        );
        fields.many(
            "years",
            "Its reports, the newest first.",
            |row| row.id,
            |context, ids| Box::pin(intervention_year::of_interventions(context, ids)),
        );
        fields.many(
            "funding",
            "Its money of all budget years.",
            |row| row.id,
            |context, ids| Box::pin(funding::of_interventions(context, ids)),
        );
        fields.connection(
            "figures",
            "Its published numbers, in the order in which they were recorded.",
            |row| row.id,
            |context, ids, arguments: &FigureArguments, page| {
                Box::pin(figure::of_interventions(context, ids, arguments.kind, page))
            },
        );
        fields.connection(
            "virkningsevalueringer",
            "Its evaluations that you may see, in the order in which they were planned.",
            |row| row.id,
            |context, ids, (): &(), page| Box::pin(virkningsevaluering::of_interventions(context, ids, page)),
        );
        fields.many(
            "can",
            CAN,
            |row| row.id,
            |context, keys| Box::pin(permission::of_interventions(context, keys)),
        );
        fields.connection(
            "history",
            "What happened to it and to all that belongs to it. EVALUATOR and APPROVER read their own forvaltning's, \
             COORDINATOR all, AUDITOR what is in scope; for others it is empty.",
            |row| row.id,
            |context, ids, (): &(), page| Box::pin(history::of_interventions(context, ids, page)),
        );
    }
}
