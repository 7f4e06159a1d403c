use domain::intervention_year::{self, InterventionYear, TargetGroup};
use domain::permission::{self, Reported};
use domain::{funding, history, intervention, reporting_year};

use super::forvaltning::forvaltninger;
use super::permission::CAN;
use super::values::not_stated;
use crate::ids::Kind;
use crate::plan::{Fields, Object};

impl Object for InterventionYear {
    const NAME: &'static str = "InterventionYear";
    const DESCRIPTION: &'static str = "What an intervention was in one reporting year (afrapportering). Drafted and submitted by its forvaltning, \
         approved by the lead's APPROVER, frozen when the coordinator closes the year.";
    const NODE: bool = true;

    fn fields(fields: &mut Fields<Self>) {
        fields.computed("id", "Opaque id.", |row| Kind::InterventionYear.id(row.id));
        fields.column("version", "Raised by each change; name it to change the report.", |row| &row.version);
        fields.column("year", "The reporting year.", |row| &row.year);
        fields.column("status", "How far the report has come.", |row| &row.status);
        fields.one(
            "intervention",
            "The intervention it is about.",
            |row| row.intervention_id,
            |context, ids| Box::pin(intervention::by_ids(context, ids)),
        );
        fields.one(
            "reportingYear",
            "The year it is part of.",
            |row| row.year,
            |context, years| Box::pin(reporting_year::by_years(context, years)),
        );
        fields.one("leadForvaltning", "The forvaltning that leads.", |row| row.lead_id, forvaltninger);
        fields.many(
            "partnerForvaltninger",
            "Those that take part without leading.",
            |row| row.id,
            |context, ids| Box::pin(intervention_year::partners(context, ids)),
        );
        fields.many(
            "principles",
            "The principles it works with.",
            |row| row.id,
            |context, ids| Box::pin(intervention_year::principles(context, ids)),
        );
        fields.column("citywide", "Whether it is for the whole city; then it names no districts.", |row| {
            &row.citywide
        });
        fields.many(
            "districts",
            "The districts it is aimed at.",
            |row| row.id,
            |context, ids| Box::pin(intervention_year::districts(context, ids)),
        );
        fields.many(
            "targetGroups",
            "Whom it is for.",
            |row| row.id,
            |context, ids| Box::pin(intervention_year::target_groups(context, ids)),
        );
        fields.column(
            "inPackage",
            "Whether it is in the budget package; null where the report does not say.",
            |row| &row.in_package,
        );
        fields.column("anonymous", "Whether people take part anonymously.", |row| &row.anonymous);
        fields.computed("externalPartners", "Partners outside the municipality.", |row| {
            row.external_partners.0.clone()
        });
        fields.column("problem", "The problem it answers.", |row| &row.problem);
        fields.column("method", "How it works.", |row| &row.method);
        fields.computed("activities", "What it consists of.", |row| row.activities.0.clone());
        fields.column("remarks", "What else to know, such as where sources disagree.", |row| &row.remarks);
        fields.objects("absences", "Why fields are null.", |row| {
            not_stated(&[
                ("inPackage", row.in_package.is_some()),
                ("problem", row.problem.is_some()),
                ("method", row.method.is_some()),
            ])
        });
        fields.many(
            "funding",
            "The money of the budget year after the reporting year.",
            |row| (row.intervention_id, row.year + 1),
            |context, keys| Box::pin(funding::of_budget_years(context, keys)),
        );
        fields.many(
            "can",
            CAN,
            |row| Reported {
                id: row.id,
                intervention_id: row.intervention_id,
                year: row.year,
                status: row.status,
            },
            |context, keys| Box::pin(permission::of_intervention_years(context, keys)),
        );
        fields.connection(
            "history",
            "What happened to this report, for those who read its history.",
            |row| row.id,
            |context, ids, (): &(), page| Box::pin(history::of_subjects(context, ids, page)),
        );
    }
}

impl Object for TargetGroup {
    const NAME: &'static str = "TargetGroup";
    const DESCRIPTION: &'static str = "Whom an intervention is for.";

    fn fields(fields: &mut Fields<Self>) {
        fields.column("name", "Who they are.", |row| &row.name);
        fields.column(
            "ageFrom",
            "The youngest, in years, such as 17.5; null where no lower limit is stated.",
            |row| &row.age_from,
        );
        fields
            .column("ageTo", "The oldest, in years; null where no upper limit is stated.", |row| &row.age_to);
    }
}
