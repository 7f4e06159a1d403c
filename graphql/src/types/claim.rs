use domain::claim::CheckedClaim;

use crate::ids::Kind;
use crate::plan::{Fields, Object};

impl Object for CheckedClaim {
    const NAME: &'static str = "Claim";
    const DESCRIPTION: &'static str =
        "A number that someone printed, of a year or of a criterion, and what the data say of it.";

    fn fields(fields: &mut Fields<Self>) {
        fields.computed("id", "Opaque id.", |row| Kind::Claim.id(row.id));
        fields.column("text", "What is claimed, in words.", |row| &row.text);
        fields.column("measure", "What it counts.", |row| &row.measure);
        fields.column(
            "printed",
            "The number as printed; of a list of districts their names with `;` between.",
            |row| &row.printed,
        );
        fields.column(
            "printedBefore",
            "The value that the printed change starts from, per cent; of a claim about a criterion, where it is printed.",
            |row| &row.printed_before,
        );
        fields.column("printedAfter", "The value that it ends at.", |row| &row.printed_after);
        fields.column("source", "Where it was printed, if that is known.", |row| &row.source);
        fields.column(
            "computed",
            "What the data say, in the printed unit; null while there is nothing to compute it from.",
            |row| &row.computed,
        );
        fields.column("label", "Whether the two agree.", |row| &row.label);
    }
}
