use domain::funding::{self, Funding};
use domain::permission;

use super::permission::CAN;
use crate::ids::Kind;
use crate::plan::{Fields, Object};
use crate::scalars::Kroner;

impl Object for Funding {
    const NAME: &'static str = "Funding";
    const DESCRIPTION: &'static str =
        "Money (bevilling) of one budget year. The report of year Y prints the funding of Y + 1.";
    const NODE: bool = true;

    fn fields(fields: &mut Fields<Self>) {
        fields.computed("id", "Opaque id.", |row| Kind::Funding.id(row.id));
        fields.column("version", "Raised by each change; name it to change the funding.", |row| &row.version);
        fields.column("budgetYear", "The year in which the money is spent.", |row| &row.budget_year);
        fields.column("kind", "What it pays for.", |row| &row.kind);
        fields.computed("amountDkk", "Whole Danish kroner. Null stands beside an absence.", |row| {
            row.amount_dkk.map(Kroner)
        });
        fields.optional_object(
            "absence",
            "Why there is no amount; null where there is one.",
            funding::absence,
        );
        fields.column("permanence", "How long it lasts.", |row| &row.permanence);
        fields.column("expires", "The last budget year; null unless the permanence is EXPIRES.", |row| {
            &row.expires
        });
        fields.many(
            "can",
            CAN,
            |row| row.intervention_id,
            |context, keys| Box::pin(permission::of_fundings(context, keys)),
        );
        fields.many(
            "fundedBy",
            "The forvaltninger that pay.",
            |row| row.id,
            |context, ids| Box::pin(funding::funded_by(context, ids)),
        );
    }
}
