use domain::evaluation_round::{self, EvaluationRound};
use domain::{history, permission, virkningsevaluering};

use super::permission::CAN;
use crate::ids::Kind;
use crate::plan::{Fields, Object};

impl Object for EvaluationRound {
    const NAME: &'static str = "EvaluationRound";
    const DESCRIPTION: &'static str =
        "A year's round of evaluations (evalueringsrunde), with a theme and the interventions chosen for it.";
    const NODE: bool = true;

    fn fields(fields: &mut Fields<Self>) {
        fields.computed("id", "Opaque id.", |row| Kind::EvaluationRound.id(row.id));
        fields.column("version", "Raised by each change; name it to change the round.", |row| &row.version);
        fields.column("year", "The year.", |row| &row.year);
        fields.column("theme", "The theme.", |row| &row.theme);
        fields.many(
            "interventions",
            "The interventions chosen for it, in Danish order; none where it is open to all.",
            |row| row.id,
            |context, ids| Box::pin(evaluation_round::interventions(context, ids)),
        );
        fields.connection(
            "virkningsevalueringer",
            "Its evaluations that you may see, in the order in which they were planned.",
            |row| row.id,
            |context, ids, (): &(), page| Box::pin(virkningsevaluering::of_rounds(context, ids, page)),
        );
        fields.many("can", CAN, |row| row.id, |context, keys| Box::pin(permission::of_rounds(context, keys)));
        fields.connection(
            "history",
            "What happened to the round itself, for those who read its history.",
            |row| row.id,
            |context, ids, (): &(), page| Box::pin(history::of_subjects(context, ids, page)),
        );
    }
}
