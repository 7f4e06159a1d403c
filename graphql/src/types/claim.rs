use domain::claim::CheckedClaim;

use crate::ids::Kind;
use crate::plan::{Fields, Object};

impl Object for CheckedClaim {
    const NAME: &'static str = "Claim";
    const DESCRIPTION: &'static str = "A number that someone printed, and what the register says of it.";

    fn fields(fields: &mut Fields<Self>) {
        fields.computed("id", "Opaque id.", |row| Kind::Claim.id(row.claim.id));
        fields.column("text", "What is claimed, in words.", |row| &row.claim.text);
        fields.column("measure", "What it counts.", |row| &row.claim.measure);
        fields.column(
            "printed",
            "The number as printed; of a list of districts their names with `;` between.",
            |row| &row.claim.printed,
        );
        fields.column("computed", "What the register says, in the printed unit.", |row| &row.computed);
        fields.column("label", "Whether the two agree.", |row| &row.label);
    }
}
