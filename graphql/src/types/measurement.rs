use domain::measurement::{self, Columns, Months, Seen};
use domain::paired_table;
use domain::permission::{self, Measured};
use domain::{CategoryCount, data_source, population, success_criterion};

use super::permission::CAN;
use super::values::Period;
use crate::ids::Kind;
use crate::plan::{Fields, Object};

impl Object for Seen {
    const NAME: &'static str = "Measurement";
    const DESCRIPTION: &'static str = "One observed value of a criterion (måling), or why there is none. It is never changed: a correction is another \
         measurement.";
    const NODE: bool = true;

    fn fields(fields: &mut Fields<Self>) {
        fields.computed("id", "Opaque id.", |seen| Kind::Measurement.id(seen.row.id));
        fields.one("criterion", "The criterion it is of.", Seen::criterion, |context, wanted| {
            Box::pin(success_criterion::in_standings(context, wanted))
        });
        fields.many(
            "can",
            CAN,
            |seen| Measured {
                evaluation_id: seen.row.virkningsevaluering_id,
                until_version: seen.row.until_version,
                computed: seen.row.computed,
            },
            |context, keys| Box::pin(permission::of_measurements(context, keys)),
        );
        fields.column("wave", "When in the course of the intervention it was taken.", |seen| &seen.row.wave);
        fields.optional_object(
            "months",
            "The window of months it covers; null for the wave as a whole.",
            |seen| Months::of(seen.row.months_anchor, seen.row.months_from, seen.row.months_to),
        );
        fields.object("group", "Whom it is of.", |seen| Group {
            kind: seen.row.group_kind,
            name: seen.row.group_name.clone(),
            comparability: seen.row.comparability,
        });
        fields.object("period", "The days in which it was taken.", |seen| Period {
            from: seen.row.period_start,
            to: seen.row.period_end,
        });
        fields.column("kind", "The form of the value; null beside an absence.", |seen| &seen.row.kind);
        fields.column("computed", "Whether it is computed from observations.", |seen| &seen.row.computed);
        fields.computed(
            "value",
            "The value with six places: a share as a fraction, a mean in its unit, a count per unit of exposure (the \
             count where none is given). Null stands beside an absence.",
            Seen::value,
        );
        fields.column(
            "numerator",
            "Of a SHARE or DISTRIBUTION: people with the outcome. Of a distribution, those in the categories that count \
             as success.",
            |seen| &seen.numerator,
        );
        fields.column("denominator", "Of a SHARE or DISTRIBUTION: all people measured.", |seen| {
            &seen.denominator
        });
        fields.objects("categories", "Of a DISTRIBUTION: people by category; else empty.", |seen| {
            seen.row.categories.clone().unwrap_or_default().0
        });
        fields.column("mean", "Of a MEAN or SUMMARY, in the unit of the instrument.", |seen| &seen.row.mean);
        fields.column("sd", "Of a MEAN: its standard deviation.", |seen| &seen.row.sd);
        fields.column("median", "Of a SUMMARY.", |seen| &seen.row.median);
        fields.column("minimum", "Of a SUMMARY; for who sees participants.", |seen| &seen.row.minimum);
        fields.column("maximum", "Of a SUMMARY; for who sees participants.", |seen| &seen.row.maximum);
        fields.column("n", "Of a MEAN or SUMMARY: how many people it is of.", |seen| &seen.row.n);
        fields.column("count", "Of a COUNT.", |seen| &seen.row.count);
        fields.column("exposure", "Of a COUNT: person-time at risk.", |seen| &seen.row.exposure);
        fields.optional_object("absence", "Why there is no value; null where there is one.", Seen::absence);
        fields.optional_one(
            "population",
            "Who is counted.",
            |seen| seen.row.population_id,
            |context, ids| Box::pin(population::by_ids(context, ids)),
        );
        fields.optional_one(
            "source",
            "Where it comes from.",
            |seen| seen.row.data_source_id,
            |context, ids| Box::pin(data_source::by_ids(context, ids)),
        );
        fields.column("note", "What else to know about it.", |seen| &seen.row.note);
        fields.column("recordedAt", "When it was recorded, in UTC.", |seen| &seen.row.recorded_at);
        fields.computed("current", "Whether it stands; else another has corrected it.", Seen::is_current);
        fields.optional_one(
            "corrects",
            "The measurement that it corrects.",
            |seen| Some((seen.row.corrects_id?, seen.place)),
            |context, wanted| Box::pin(measurement::in_versions(context, wanted)),
        );
        fields.column("correction", "Why it corrects the other.", |seen| &seen.row.correction);
        fields.column("correctionReason", "The same in words.", |seen| &seen.row.correction_reason);
    }
}

/// The columns that a field is made of, where not everything is needed for it.
pub fn needs(field: &str) -> Columns {
    match field {
        "__typename" | "id" | "kind" | "numerator" | "denominator" | "categories" | "current" => {
            Columns::NONE
        }
        "criterion" => Columns::EVALUATION,
        "wave" => Columns::WAVE,
        "months" => Columns::MONTHS,
        "group" => Columns::GROUP,
        "period" => Columns::PERIOD,
        "computed" => Columns::COMPUTED,
        "value" => Columns::VALUE,
        "mean" => Columns::MEAN,
        "sd" => Columns::SD,
        "n" => Columns::N,
        "count" => Columns::COUNT,
        "exposure" => Columns::EXPOSURE,
        "population" => Columns::POPULATION,
        "source" => Columns::SOURCE,
        "note" => Columns::NOTE,
        "recordedAt" => Columns::RECORDED_AT,
        _ => Columns::ALL,
    }
}

impl Object for Months {
    const NAME: &'static str = "Months";
    const DESCRIPTION: &'static str =
        "A window of months around the start or the end of a participant's course.";

    fn fields(fields: &mut Fields<Self>) {
        fields.column("anchor", "What they are counted from.", |months| &months.anchor);
        fields.column("from", "The first month: -6 is six months before the anchor.", |months| &months.from);
        fields.column("to", "The last month; the same as `from` for one point in time.", |months| &months.to);
    }
}

#[derive(Clone)]
struct Group {
    kind: domain::GroupKind,
    name: Option<String>,
    comparability: Option<domain::Comparability>,
}

impl Object for Group {
    const NAME: &'static str = "MeasurementGroup";
    const DESCRIPTION: &'static str = "Whom a measurement is of.";

    fn fields(fields: &mut Fields<Self>) {
        fields.column("kind", "All participants, a part of them, or others.", |group| &group.kind);
        fields.column("name", "What the group is called; null for all participants.", |group| &group.name);
        fields.column("comparability", "How a COMPARISON group came to be; null for others.", |group| {
            &group.comparability
        });
    }
}

impl Object for CategoryCount {
    const NAME: &'static str = "CategoryCount";
    const DESCRIPTION: &'static str = "How many people fell into a category.";

    fn fields(fields: &mut Fields<Self>) {
        fields.column("category", "The category.", |count| &count.category);
        fields.column("count", "People.", |count| &count.count);
    }
}

impl Object for paired_table::Seen {
    const NAME: &'static str = "PairedTable";
    const DESCRIPTION: &'static str =
        "How the same people stood before and after, bound to the two measurements it adds up to.";

    fn fields(fields: &mut Fields<Self>) {
        fields.computed("id", "Opaque id.", |table| Kind::PairedTable.id(table.id()));
        fields
            .computed("beforeId", "The measurement before.", |table| Kind::Measurement.id(table.before_id()));
        fields.computed("afterId", "The measurement after.", |table| Kind::Measurement.id(table.after_id()));
        fields.computed(
            "n11",
            "People with the outcome before and after. All four are null beside an absence.",
            |table| table.cells().map(|[n11, ..]| n11),
        );
        fields.computed("n10", "Before only.", |table| table.cells().map(|[_, n10, ..]| n10));
        fields.computed("n01", "After only.", |table| table.cells().map(|[_, _, n01, _]| n01));
        fields.computed("n00", "Neither.", |table| table.cells().map(|[.., n00]| n00));
        fields.optional_object(
            "absence",
            "Why the numbers are not there; null where they are.",
            paired_table::Seen::absence,
        );
    }
}
