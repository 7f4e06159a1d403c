use domain::ClaimTerm;
use domain::claim::CheckedClaim;
use domain::{figure, reporting_year, success_criterion};

use crate::ids::Kind;
use crate::plan::{Fields, Object};

impl Object for CheckedClaim {
    const NAME: &'static str = "Claim";
    const DESCRIPTION: &'static str =
        "A number that someone printed, of a year or of a criterion, and what the data say of it.";

    fn fields(fields: &mut Fields<Self>) {
        fields.computed("id", "Opaque id.", |row| Kind::Claim.id(row.id));
        fields.column("text", "What is claimed, in words.", |row| &row.text);
        fields.optional_one(
            "reportingYear",
            "The year that it is about; null of a claim about a criterion.",
            |row| row.year,
            |context, years| Box::pin(reporting_year::by_years(context, years)),
        );
        fields.optional_one(
            "criterion",
            "The criterion that it is about; null of a claim about a year.",
            |row| row.criterion,
            |context, criteria| Box::pin(success_criterion::in_standings(context, criteria)),
        );
        fields.column("measure", "What it says.", |row| &row.measure);
        fields.column("wave", "The wave that a share or a count of a criterion is of.", |row| &row.wave);
        fields.objects(
            "terms",
            "What a claim about a year is computed from, where the measure does not say it by itself.",
            |row| row.terms.clone(),
        );
        fields.column(
            "rounded",
            "Whether the terms were rounded, as percentages and means are and counts are not.",
            |row| &row.rounded,
        );
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

impl Object for ClaimTerm {
    const NAME: &'static str = "ClaimTerm";
    const DESCRIPTION: &'static str =
        "What a claim is computed from: a figure of the register, or a printed number.";

    fn fields(fields: &mut Fields<Self>) {
        fields.optional_one(
            "figure",
            "The figure; null for a number.",
            |term| match term {
                Self::Figure(id) => Some(*id),
                Self::Number(_) => None,
            },
            |context, ids| Box::pin(figure::by_ids(context, ids)),
        );
        fields.computed("number", "The number as printed; null for a figure.", |term| match term {
            Self::Figure(_) => None,
            Self::Number(number) => Some(number.clone()),
        });
    }
}
