use domain::insights::Insights;
use domain::reporting_year::ReportingYear;
use domain::{claim, history, intervention, permission};

use super::permission::CAN;
use crate::ids::Kind;
use crate::plan::{Fields, Object};

impl Object for ReportingYear {
    const NAME: &'static str = "ReportingYear";
    const DESCRIPTION: &'static str =
        "A year that the forvaltninger report on. Closing it freezes its reports.";
    const NODE: bool = true;

    fn fields(fields: &mut Fields<Self>) {
        fields.computed("id", "Opaque id.", |row| Kind::ReportingYear.id(row.id));
        fields.column("version", "Raised by each change; name it to close the year.", |row| &row.version);
        fields.column("year", "The year.", |row| &row.year);
        fields.column("status", "Whether it takes changes.", |row| &row.status);
        fields.connection(
            "interventions",
            "The interventions with a report for this year, in Danish order.",
            |row| row.year,
            |context, years, (): &(), page| Box::pin(intervention::of_years(context, years, page)),
        );
        fields.one(
            "insights",
            "What the year's reports amount to.",
            |row| row.year,
            |context, years| Box::pin(Insights::of_years(context, years)),
        );
        fields.many(
            "claims",
            "Numbers printed about the year, checked against the register.",
            |row| row.year,
            |context, years| Box::pin(claim::checked(context, years)),
        );
        fields.many(
            "can",
            CAN,
            |row| (row.year, row.status),
            |context, keys| Box::pin(permission::of_reporting_years(context, keys)),
        );
        fields.connection(
            "history",
            "What happened to the year itself, for those who read its history.",
            |row| row.id,
            |context, ids, (): &(), page| Box::pin(history::of_subjects(context, ids, page)),
        );
    }
}
