use domain::criterion_result::{Difference, Recomputation, Recomputed};

use crate::ids::Kind;
use crate::plan::{Fields, Object};

impl Object for Recomputation {
    const NAME: &'static str = "Recomputation";
    const DESCRIPTION: &'static str =
        "Whether the results of an evaluation still follow from what is stored.";

    fn fields(fields: &mut Fields<Self>) {
        fields.computed("agrees", "Whether all of them do.", Recomputation::agrees);
        fields.column(
            "methodVersion",
            "The version of the rules by which they were computed again.",
            |row| &row.method_version,
        );
        fields.objects("results", "Each result that stands.", |row| row.results.clone());
    }
}

impl Object for Recomputed {
    const NAME: &'static str = "RecomputedResult";
    const DESCRIPTION: &'static str = "A stored result beside the same computed again.";

    fn fields(fields: &mut Fields<Self>) {
        fields.computed("criterionId", "The criterion.", |row| {
            Kind::SuccessCriterion.id(row.stored.success_criterion_id)
        });
        fields.column("group", "The subgroup; null for all participants.", |row| &row.stored.group_name);
        fields.column("wave", "What is compared with the wave before.", |row| &row.stored.wave);
        fields.column(
            "methodVersion",
            "The version of the rules by which it was computed when it was stored.",
            |row| &row.stored.method_version,
        );
        fields.computed("agrees", "Whether it comes out the same.", |row| row.differences.is_empty());
        fields.column(
            "erased",
            "Whether the answers that it was computed from are erased. It then agrees if all else is as it was.",
            |row| &row.erased,
        );
        fields.objects("differences", "Each field that comes out otherwise.", |row| row.differences.clone());
    }
}

impl Object for Difference {
    const NAME: &'static str = "RecomputedField";
    const DESCRIPTION: &'static str =
        "A field of a result that comes out otherwise. Its name is that in the history.";

    fn fields(fields: &mut Fields<Self>) {
        fields.computed("field", "Its name.", |row| row.field.to_owned());
        fields.column("stored", "Its value as stored.", |row| &row.stored);
        fields.column("computed", "Its value as computed again.", |row| &row.computed);
    }
}
