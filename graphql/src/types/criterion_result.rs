use domain::CriterionBasis;
use domain::criterion_result::{Seen, Warning};

use super::language::InLanguage;
use crate::enums::{
    Attainment, Coded, Design, IntervalMethod, NotAssessableReason, ResultChange, Verdict, WarningCode,
};
use crate::plan::{Fields, Object};

impl Object for Seen {
    const NAME: &'static str = "Result";
    const DESCRIPTION: &'static str = "What the measurements of a criterion say of one group. Computed when they change, and stored: the same inputs give \
         the same result again. It covers the people measured; the interval is about future participants.";

    fn fields(fields: &mut Fields<Self>) {
        fields.column(
            "group",
            "Whose result it is: the subgroup's name; null for all participants.",
            |seen| &seen.row.group_name,
        );
        fields.computed("design", "What it compares.", |seen| {
            let level_only = seen.says.basis == CriterionBasis::Level && seen.before.is_none();
            Coded::<Design>::new(if level_only { "AFTER_ONLY" } else { "BEFORE_AFTER" })
        });
        fields.computed("attainment", "Whether the goal is reached as measured.", |seen| {
            Coded::<Attainment>::new(&seen.row.attainment)
        });
        fields
            .computed("verdict", "Whether that is certain.", |seen| Coded::<Verdict>::new(&seen.row.verdict));
        fields.computed("notAssessable", "Why there is no verdict; null where there is one.", |seen| {
            seen.row.not_assessable.clone().map(Coded::<NotAssessableReason>::new)
        });
        fields.computed("change", "Whether the change is clear; null without a value before.", |seen| {
            seen.row.change.clone().map(Coded::<ResultChange>::new)
        });
        fields.column(
            "relativeChange",
            "The change as a fraction of the value before: -0.615385 is a fall of 61.5%. Null from zero.",
            |seen| &seen.row.relative_change,
        );
        fields.column(
            "difference",
            "After minus before: a fraction for shares, else in the unit of what is measured.",
            |seen| &seen.row.difference,
        );
        fields.optional_object(
            "interval",
            "On the scale of the criterion's basis; null where there is none.",
            |seen| {
                Some(Interval {
                    low: seen.row.interval_low?,
                    high: seen.row.interval_high,
                    level: seen.row.confidence,
                    method: seen.row.method.clone()?,
                })
            },
        );
        fields.computed(
            "asRegistered",
            "Whether it is by the criterion as registered; false where that was amended, null before registration.",
            |seen| seen.as_registered,
        );
        fields.objects("warnings", "What limits its use, the gravest first.", Seen::warnings);
        fields.computed_with("sentence", "The result in words.", |seen: &Seen, language: &InLanguage| {
            seen.sentence(language.0)
        });
        fields.column("methodVersion", "The version of the rules by which it was computed.", |seen| {
            &seen.row.method_version
        });
        fields.computed("inputHash", "SHA-256 of all that it was computed from, in hexadecimal.", |seen| {
            seen.input_hash()
        });
        fields.column("computedAt", "When, in UTC.", |seen| &seen.row.computed_at);
    }
}

#[derive(Clone)]
struct Interval {
    low: domain::Decimal,
    high: Option<domain::Decimal>,
    level: domain::Decimal,
    method: String,
}

impl Object for Interval {
    const NAME: &'static str = "Interval";
    const DESCRIPTION: &'static str = "A two-sided confidence interval.";

    fn fields(fields: &mut Fields<Self>) {
        fields.column("low", "Its lower end.", |interval| &interval.low);
        fields.column("high", "Its upper end; null where it has none.", |interval| &interval.high);
        fields.column("level", "Its confidence, such as 0.95.", |interval| &interval.level);
        fields.computed("method", "Where it comes from.", |interval| {
            Coded::<IntervalMethod>::new(&interval.method)
        });
    }
}

impl Object for Warning {
    const NAME: &'static str = "Warning";
    const DESCRIPTION: &'static str = "Something a reader of a result must know.";

    fn fields(fields: &mut Fields<Self>) {
        fields.computed("code", "For programs.", |warning| Coded::<WarningCode>::new(warning.code()));
        fields.computed_with("text", "In words.", |warning: &Warning, language: &InLanguage| {
            warning.text(language.0)
        });
    }
}
