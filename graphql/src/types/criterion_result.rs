use domain::CriterionBasis;
use domain::criterion_result::{self, Bounds, Ends, Participation, Seen, Significance, Warning, comparison};
use domain::measurement::Months;

use super::language::InLanguage;
use crate::enums::{
    Attainment, Coded, ComparisonDesign, ComparisonMethod, Design, EffectSizeKind as EffectSizeCode,
    IntervalMethod, NotAssessableReason, ResultChange, Verdict, WarningCode,
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
        fields.column("wave", "What is compared with the wave before: AFTER or FOLLOW_UP.", |seen| {
            &seen.row.wave
        });
        fields.optional_object(
            "months",
            "The window of months of a measurement that follows up; null for the wave as a whole.",
            |seen| Months::of(seen.row.months_anchor, seen.row.months_from, seen.row.months_to),
        );
        fields.object("before", "What was compared, before.", |seen| Compared {
            numerator: seen.row.before_numerator,
            n: seen.row.before_n,
            value: seen.row.before_value,
        });
        fields.object("after", "What was compared, after.", |seen| Compared {
            numerator: seen.row.after_numerator,
            n: seen.row.after_n,
            value: seen.row.after_value,
        });
        fields.object("participation", "How many people there were at each step.", Seen::participation);
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
        statistics(fields);
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
        fields.computed(
            "inputHash",
            "SHA-256 of all that it was computed from, in hexadecimal; for who sees participants.",
            Seen::input_hash,
        );
        fields.optional_object(
            "absence",
            "Why its numbers are not there; null where they are. Attainment, verdict and change may be told all the same.",
            Seen::absence,
        );
        fields.column("computedAt", "When, in UTC.", |seen| &seen.row.computed_at);
    }
}

fn statistics(fields: &mut Fields<Seen>) {
    fields.optional_one(
        "pValue",
        "Of no change, by the test that the interval belongs to; null where there is none, as for a level.",
        Seen::significance_key,
        |context, wanted| Box::pin(criterion_result::significance(context, wanted)),
    );
    fields.optional_object(
        "effectSize",
        "How large the change of means is beside the spread of the values; null for others.",
        |seen| {
            Some(EffectSize {
                kind: seen.row.effect_size_kind.clone()?,
                estimate: seen.row.effect_size?,
                low: seen.row.effect_size_low,
                high: seen.row.effect_size_high,
            })
        },
    );
    fields.optional_object(
        "personalChanges",
        "How many people changed by what matters on the instrument; null where it is not known who changed.",
        |seen| {
            Some(PersonalChanges {
                improved: seen.row.improved?,
                worsened: seen.row.worsened?,
                unchanged: seen.row.unchanged?,
            })
        },
    );
    fields.optional_object(
        "ranks",
        "What the order of the changes of the same people says, whatever their distribution; of means only.",
        |seen| {
            Some(Ranks {
                median: seen.row.median_change?,
                low: seen.row.median_change_low,
                high: seen.row.median_change_high,
                signed_rank_p: seen.row.signed_rank_p?,
                sign_test_p: seen.row.sign_test_p?,
            })
        },
    );
}

#[derive(Clone)]
struct Compared {
    numerator: Option<i32>,
    n: Option<i32>,
    value: Option<domain::Decimal>,
}

impl Object for Compared {
    const NAME: &'static str = "ComparedWave";
    const DESCRIPTION: &'static str = "What a result compares of one wave. Where it is known who was measured both times, of them alone; else as it was \
         measured. Null stands where nothing is there to compare.";

    fn fields(fields: &mut Fields<Self>) {
        fields.column("numerator", "People with the outcome, or events.", |wave| &wave.numerator);
        fields.column("n", "People; null of counts.", |wave| &wave.n);
        fields.column("value", "The share as a fraction, the mean, or the rate.", |wave| &wave.value);
    }
}

impl Object for Participation {
    const NAME: &'static str = "Participation";
    const DESCRIPTION: &'static str = "How many people a result rests on. Null stands for what is not known.";

    fn fields(fields: &mut Fields<Self>) {
        fields.column("enrolled", "As the evaluation states it.", |row| &row.enrolled);
        fields.column("before", "Measured before.", |row| &row.before);
        fields.column("after", "Measured after.", |row| &row.after);
        fields.column("paired", "Measured both times, where it is known who they are.", |row| &row.paired);
        fields.column("excluded", "Left out for a reason.", |row| &row.excluded);
        fields.column(
            "attrition",
            "The share of those enrolled, or else of those measured before, who were not measured after.",
            |row| &row.attrition,
        );
        fields.optional_object(
            "bounds",
            "What the share after would be if none of the missing had the outcome, and if all had (Manski 1990); null where \
             nobody is missing.",
            |row| row.bounds.clone(),
        );
    }
}

impl Object for Bounds {
    const NAME: &'static str = "AttritionBounds";
    const DESCRIPTION: &'static str = "From the lowest to the highest that those who are missing allow.";

    fn fields(fields: &mut Fields<Self>) {
        fields.object("after", "The share after, of all who were measured before.", |row| row.after);
        fields.object("difference", "After minus before.", |row| row.difference);
        fields.optional_object("relativeChange", "The same as a fraction of the share before.", |row| {
            row.relative_change
        });
    }
}

impl Object for Ends {
    const NAME: &'static str = "Range";
    const DESCRIPTION: &'static str = "From a number to a number.";

    fn fields(fields: &mut Fields<Self>) {
        fields.column("low", "The lowest.", |ends| &ends.low);
        fields.column("high", "The highest.", |ends| &ends.high);
    }
}

impl Object for Significance {
    const NAME: &'static str = "PValue";
    const DESCRIPTION: &'static str = "How likely a change at least as large would be if nothing had changed, two-sided. Rounded up at the sixth place, so \
         that none is nought.";

    fn fields(fields: &mut Fields<Self>) {
        fields.column("lowest", "The lowest that the pairing allows.", |p| &p.lowest);
        fields.column("highest", "The highest; the same as the lowest where the pairing is known.", |p| {
            &p.highest
        });
        fields.column(
            "adjusted",
            "The highest, adjusted by Holm for all criteria of the evaluation; null for subgroups and for what follows up. \
             That all criteria are met needs no adjustment.",
            |p| &p.adjusted,
        );
    }
}

#[derive(Clone)]
struct EffectSize {
    kind: String,
    estimate: domain::Decimal,
    low: Option<domain::Decimal>,
    high: Option<domain::Decimal>,
}

impl Object for EffectSize {
    const NAME: &'static str = "EffectSize";
    const DESCRIPTION: &'static str = "A standardised change of means, in standard deviations.";

    fn fields(fields: &mut Fields<Self>) {
        fields.computed("kind", "By which spread.", |effect| Coded::<EffectSizeCode>::new(&effect.kind));
        fields.column("estimate", "The change.", |effect| &effect.estimate);
        fields.column("low", "The lower end of its interval.", |effect| &effect.low);
        fields.column("high", "The upper end of its interval.", |effect| &effect.high);
    }
}

#[derive(Clone)]
struct PersonalChanges {
    improved: i32,
    worsened: i32,
    unchanged: i32,
}

impl Object for PersonalChanges {
    const NAME: &'static str = "PersonalChanges";
    const DESCRIPTION: &'static str =
        "How many people changed by the smallest change that matters on the instrument, or more.";

    fn fields(fields: &mut Fields<Self>) {
        fields.column("improved", "For the better.", |people| &people.improved);
        fields.column("worsened", "For the worse.", |people| &people.worsened);
        fields.column("unchanged", "By less.", |people| &people.unchanged);
    }
}

#[derive(Clone)]
struct Ranks {
    median: domain::Decimal,
    low: Option<domain::Decimal>,
    high: Option<domain::Decimal>,
    signed_rank_p: domain::Decimal,
    sign_test_p: domain::Decimal,
}

impl Object for Ranks {
    const NAME: &'static str = "RankedChanges";
    const DESCRIPTION: &'static str = "What the order of the changes of the same people says.";

    fn fields(fields: &mut Fields<Self>) {
        fields.column("median", "The median change (Hodges and Lehmann).", |ranks| &ranks.median);
        fields.column("low", "The lower end of its interval; null with fewer than 6 pairs.", |ranks| {
            &ranks.low
        });
        fields.column("high", "The upper end.", |ranks| &ranks.high);
        fields.column("signedRankP", "The p-value of Wilcoxon's signed-rank test.", |ranks| {
            &ranks.signed_rank_p
        });
        fields.column("signTestP", "That of the sign test, for items with few answers.", |ranks| {
            &ranks.sign_test_p
        });
    }
}

impl Object for comparison::Seen {
    const NAME: &'static str = "GroupComparison";
    const DESCRIPTION: &'static str = "The participants beside a comparison group. It shows an effect only where the group was drawn by lot or matched and \
         measured in both waves.";

    fn fields(fields: &mut Fields<Self>) {
        fields.column("group", "The comparison group.", |seen| &seen.row.group_name);
        fields.column("comparability", "How it came to be.", |seen| &seen.row.comparability);
        fields.computed("design", "What it was measured for.", |seen| {
            Coded::<ComparisonDesign>::new(&seen.row.design)
        });
        fields.computed(
            "estimate",
            "The change of the participants less that of the group: a fraction for shares, else in the unit of the mean; for \
             counts the ratio of both rate ratios. Of a DESCRIPTIVE_GAP the participants less the group. Null beside an \
             absence.",
            comparison::Seen::estimate,
        );
        fields.column("low", "The lower end of its interval; null of a gap.", |seen| &seen.row.interval_low);
        fields.column("high", "The upper end.", |seen| &seen.row.interval_high);
        fields.column("pValue", "Of no difference, rounded up at the sixth place; null of a gap.", |seen| {
            &seen.row.p
        });
        fields.optional_object(
            "absence",
            "Why its numbers are not there; null where they are.",
            comparison::Seen::absence,
        );
        fields.computed("method", "Where the interval comes from; null of a gap.", |seen| {
            seen.row.method.clone().map(Coded::<ComparisonMethod>::new)
        });
        fields.computed(
            "change",
            "Whether the participants fared clearly better or worse; null of a gap.",
            |seen| seen.row.change.clone().map(Coded::<ResultChange>::new),
        );
        fields.computed_with(
            "sentence",
            "The comparison in words.",
            |seen: &comparison::Seen, language: &InLanguage| seen.sentence(language.0),
        );
        fields.column("methodVersion", "The version of the rules by which it was computed.", |seen| {
            &seen.row.method_version
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
