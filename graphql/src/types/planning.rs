use async_graphql::registry::{MetaInputValue, Registry};
use async_graphql::{Context as FieldContext, ServerResult};
use domain::planning::{Answer, Span};

use super::language::InLanguage;
use crate::enums::{Coded, PlanObstacle};
use crate::plan::{Arguments, Fields, Object, argument};
use crate::scalars::Decimal;

impl Object for Answer {
    const NAME: &'static str = "StudyPlan";
    const DESCRIPTION: &'static str =
        "What a study could tell of its goal: of 95% confidence, and planned for a power of 80%.";

    fn fields(fields: &mut Fields<Self>) {
        fields.computed("obstacle", "Why nothing can be said; null where all else is.", |answer| {
            answer.obstacle().map(|obstacle| Coded::<PlanObstacle>::new(obstacle.as_str()))
        });
        fields.computed("n", "People in each wave.", Self::n);
        fields.computed(
            "assumed",
            "The true value after that is assumed: a fraction of a share, else in the unit of the mean.",
            Self::assumed,
        );
        fields.optional_object(
            "power",
            "How often so many people show that there is a change, from 0 to 1; null where none is assumed.",
            Self::power,
        );
        fields.optional_object(
            "detectable",
            "The value after nearest to the one before that so many people tell from it, the way that is wanted.",
            Self::detectable,
        );
        fields.optional_object(
            "neededToShowChange",
            "People in each wave that show the assumed change in 80% of studies; null where there is none to show.",
            Self::needed_for_change,
        );
        fields.optional_object(
            "neededToReachGoal",
            "People in each wave from which on the whole interval lies beyond the threshold, if they measure what is assumed, \
             which about every second study does; null where that is no better than the goal itself.",
            Self::needed_for_goal,
        );
        fields.computed_with("sentence", "All of it in words.", |answer: &Self, language: &InLanguage| {
            answer.sentence(language.0)
        });
    }
}

impl Object for Span<domain::Decimal> {
    const NAME: &'static str = "StudySpan";
    const DESCRIPTION: &'static str = "A number in the least and in the most favourable case of what is not known beforehand. Of shares of the same \
         people: where before and after do not hang together, and where as few change as can; of means of the same people: at a \
         correlation of 0 and of 0.8. Else both are the same.";

    fn fields(fields: &mut Fields<Self>) {
        fields.column("worst", "In the least favourable case; null where there is none.", |span| &span.worst);
        fields.column("best", "In the most favourable case; null where there is none.", |span| &span.best);
    }
}

impl Object for Span<i32> {
    const NAME: &'static str = "StudyPeople";
    const DESCRIPTION: &'static str = "Numbers of people, in the cases of `StudySpan`.";

    fn fields(fields: &mut Fields<Self>) {
        fields.column("worst", "In the least favourable case; null where no number is enough.", |span| {
            &span.worst
        });
        fields.column("best", "In the most favourable case; null where no number is enough.", |span| {
            &span.best
        });
    }
}

/// What is asked of a criterion.
#[derive(Clone)]
pub struct Asked {
    pub n: Option<i32>,
    pub assumed: Option<domain::Decimal>,
}

impl Arguments for Asked {
    fn declare(registry: &mut Registry) -> Vec<MetaInputValue> {
        let n = "People in each wave; as many as were measured before where it is not given.";
        let assumed = "The true value after, as `threshold` is of a level; the goal itself, or for MAINTAIN no change, where it \
                       is not given.";
        vec![
            argument::<Option<i32>>(registry, "n", n),
            argument::<Option<Decimal>>(registry, "assumed", assumed),
        ]
    }

    fn read(field: &FieldContext<'_>) -> ServerResult<Self> {
        let n = field.param_value::<Option<i32>>("n", None)?.1;
        let assumed = field.param_value::<Option<Decimal>>("assumed", None)?.1;
        Ok(Self { n, assumed: assumed.map(|assumed| assumed.0) })
    }
}
