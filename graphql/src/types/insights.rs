use domain::insights::{ForvaltningCount, Insights, PrincipleCount};

use crate::plan::{Fields, Object};
use crate::scalars::Kroner;

impl Object for Insights {
    const NAME: &'static str = "Insights";
    const DESCRIPTION: &'static str =
        "Counts and sums over the interventions with a report for the year, from the rows.";

    fn fields(fields: &mut Fields<Self>) {
        fields.column("interventionCount", "Interventions with a report.", |row| &row.intervention_count);
        fields.column("citywideCount", "Those that are citywide.", |row| &row.citywide_count);
        fields.column(
            "inPackageCount",
            "Those whose report says that they are in the budget package.",
            |row| &row.in_package_count,
        );
        fields.computed("fundingDkk", "Kroner of the budget year after the reporting year, of all.", |row| {
            Kroner(row.funding_dkk())
        });
        fields.objects("byPrinciple", "Each principle that covers the year.", |row| row.by_principle.clone());
        fields
            .objects("byForvaltning", "Each forvaltning, counted by lead.", |row| row.by_forvaltning.clone());
        fields.objects(
            "districtsWithoutTargeted",
            "Top-level districts that no intervention is aimed at, in whole or in part. Citywide ones do not count.",
            |row| row.districts_without_targeted.clone(),
        );
    }
}

impl Object for PrincipleCount {
    const NAME: &'static str = "PrincipleCount";
    const DESCRIPTION: &'static str = "How many interventions work with a principle.";

    fn fields(fields: &mut Fields<Self>) {
        fields.object("principle", "The principle.", |row| row.principle.clone());
        fields.column("count", "Interventions.", |row| &row.count);
    }
}

impl Object for ForvaltningCount {
    const NAME: &'static str = "ForvaltningCount";
    const DESCRIPTION: &'static str = "What a forvaltning leads.";

    fn fields(fields: &mut Fields<Self>) {
        fields.object("forvaltning", "The forvaltning.", |row| row.forvaltning.clone());
        fields.column("interventionCount", "Interventions that it leads.", |row| &row.intervention_count);
        fields.computed("fundingDkk", "Their kroner of the budget year after the reporting year.", |row| {
            Kroner(row.funding_dkk)
        });
    }
}
