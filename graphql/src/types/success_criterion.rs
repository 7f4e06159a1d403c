use domain::planning::{self, Question};
use domain::success_criterion::{CriterionVersion, Seen};
use domain::{
    criterion_claim, criterion_result, instrument, measurement, paired_table, permission, programme_theory,
    success_criterion, virkningsevaluering,
};

use super::permission::CAN;
use super::planning::Asked;
use crate::ids::Kind;
use crate::plan::{Fields, Object};

impl Object for Seen {
    const NAME: &'static str = "SuccessCriterion";
    const DESCRIPTION: &'static str = "A success criterion (succeskriterium): what an evaluation holds its intervention to. Registering freezes it; a \
         later change is an amendment, shown beside what was registered.";
    const NODE: bool = true;

    fn fields(fields: &mut Fields<Self>) {
        fields.computed("id", "Opaque id.", |seen| Kind::SuccessCriterion.id(seen.row.id));
        fields.column("number", "Its place in the evaluation, from 1; never given to another.", |seen| {
            &seen.row.number
        });
        fields.column("dimension", "What it is about, such as Skolefravær.", |seen| &seen.says.dimension);
        fields.column("indicator", "What is measured.", |seen| &seen.says.indicator);
        fields.column("direction", "Which way is better.", |seen| &seen.says.direction);
        fields.column("basis", "What the threshold is compared with.", |seen| &seen.says.basis);
        fields.column(
            "threshold",
            "What is to be reached at least; never negative. A fraction where the basis is relative or the unit is SHARE \
             (0.5 is 50%), else in the unit of what is measured.",
            |seen| &seen.says.threshold,
        );
        fields.column("unit", "What it is measured in.", |seen| &seen.says.unit);
        fields.column("pairing", "How the people before and after hang together.", |seen| &seen.says.pairing);
        fields.computed(
            "successCategories",
            "The categories of a distribution that count as success.",
            |seen| seen.says.success_categories.0.clone(),
        );
        fields.optional_one(
            "instrument",
            "What scores are measured with; null where no instrument is named.",
            |seen| seen.says.instrument.clone(),
            |context, codes| Box::pin(instrument::by_codes(context, codes)),
        );
        fields.computed("cautions", "What is known to stand between its change and the cause.", |seen| {
            success_criterion::cautions(&seen.says)
        });
        fields.computed(
            "asRegistered",
            "Whether it says what was registered; null before it is registered.",
            Seen::is_as_registered,
        );
        fields.optional_object("registered", "What was registered; null before.", |seen| {
            seen.registered().cloned()
        });
        fields.objects("amendments", "What it was amended to since, the oldest first.", |seen| {
            seen.amendments().cloned().collect()
        });
        fields.many(
            "can",
            CAN,
            |seen| (seen.row.virkningsevaluering_id, seen.says.pairing),
            |context, keys| Box::pin(permission::of_criteria(context, keys)),
        );
        fields.one(
            "virkningsevaluering",
            "The evaluation it belongs to.",
            |seen| seen.standing,
            |context, standings| Box::pin(virkningsevaluering::in_standings(context, standings)),
        );
        fields.optional_one(
            "element",
            "The element of the programme theory that it measures, if any.",
            |seen| Some((seen.row.id, seen.standing)),
            |context, wanted| Box::pin(programme_theory::criterion::elements_of(context, wanted)),
        );
        measured(fields);
    }
}

/// What was measured, and what follows.
fn measured(fields: &mut Fields<Seen>) {
    fields.optional_one(
        "baseline",
        "The measurement BEFORE of all participants that the result rests on: the one without months, else the one \
         nearest to the start.",
        |seen| Some(seen.place()),
        |context, places| Box::pin(measurement::baselines(context, places)),
    );
    fields.optional_one(
        "outcome",
        "The measurement AFTER of all participants that the result rests on: the one without months, else the one \
         nearest to the end.",
        |seen| Some(seen.place()),
        |context, places| Box::pin(measurement::outcomes(context, places)),
    );
    fields.many_with(
        "measurements",
        "The measurements that stand, in the order in which they were recorded.",
        Seen::place,
        super::measurement::needs,
        |context, places, columns| Box::pin(measurement::of_criteria_with(context, places, columns)),
    );
    fields.many("pairedTables", "The paired tables that stand.", Seen::place, |context, places| {
        Box::pin(paired_table::of_criteria(context, places))
    });
    fields.one("result", "What the measurements of all participants say.", Seen::place, |context, places| {
        Box::pin(criterion_result::of_participants(context, places))
    });
    fields.many(
        "results",
        "The same for each group, after and in each measurement that follows up: all participants first.",
        Seen::place,
        |context, places| Box::pin(criterion_result::of_criteria(context, places)),
    );
    fields.many(
        "comparisons",
        "The participants beside each comparison group.",
        Seen::place,
        |context, places| Box::pin(criterion_result::comparison::of_criteria(context, places)),
    );
    fields.optional_one_with(
        "plan",
        "What its evaluation could tell, by what was measured before.",
        |seen: &Seen, asked: &Asked| (seen.place(), Question::of(&seen.says, asked.n, asked.assumed)),
        |context, asked| Box::pin(planning::of_criteria(context, asked)),
    );
    fields.many(
        "claims",
        "Changes that someone printed, checked against the measurements.",
        Seen::place,
        |context, places| Box::pin(criterion_claim::checked(context, places)),
    );
}

impl Object for CriterionVersion {
    const NAME: &'static str = "CriterionVersion";
    const DESCRIPTION: &'static str = "What a criterion said at one time.";

    fn fields(fields: &mut Fields<Self>) {
        fields.column("sinceVersion", "The version of the evaluation that brought it.", |row| {
            &row.since_version
        });
        fields.column("dimension", "What it is about.", |row| &row.dimension);
        fields.column("indicator", "What is measured.", |row| &row.indicator);
        fields.column("direction", "Which way is better.", |row| &row.direction);
        fields.column("basis", "What the threshold is compared with.", |row| &row.basis);
        fields.column("threshold", "What is to be reached at least.", |row| &row.threshold);
        fields.column("unit", "What it is measured in.", |row| &row.unit);
        fields.column("pairing", "How the people before and after hang together.", |row| &row.pairing);
        fields.computed("successCategories", "The categories that count as success.", |row| {
            row.success_categories.0.clone()
        });
        fields.column("amendment", "Why it was amended; null for what was registered.", |row| &row.amendment);
    }
}
