//! Whether an answer is a function of the log and of the reader's permissions alone, so that it may be given again as long as
//! neither changes.

use async_graphql::parser::types::{OperationDefinition, OperationType, Selection, SelectionSet};

use super::types::{Types, named};

/// The types that are stored with events, and told without a clock. Not among them: what changes without an event (sessions,
/// uses of credentials, checkpoints, the access log), what depends on the hour (what one can do, whether a grant holds), and
/// what quotes the name of an actor, which can be erased.
pub const OF_THE_LOG: [&str; 51] = [
    "Absence",
    "AttritionBounds",
    "CategoryCount",
    "Claim",
    "ClaimTerm",
    "ComparedWave",
    "CriterionVersion",
    "DataSource",
    "District",
    "EffectSize",
    "EvaluationRound",
    "FieldAbsence",
    "Figure",
    "Forvaltning",
    "ForvaltningCount",
    "Funding",
    "GroupComparison",
    "Insights",
    "Instrument",
    "InstrumentItems",
    "Intervention",
    "InterventionYear",
    "Interval",
    "Learning",
    "Measurement",
    "MeasurementGroup",
    "Months",
    "PValue",
    "PageInfo",
    "PairedTable",
    "Participation",
    "Period",
    "PersonalChanges",
    "Population",
    "PrincipleCount",
    "ProgrammeTheory",
    "QualitativeEvidence",
    "Range",
    "RankedChanges",
    "ReportingYear",
    "Result",
    "RivalExplanation",
    "StrategyPrinciple",
    "SuccessCriterion",
    "TargetGroup",
    "TheoryAmendment",
    "TheoryElement",
    "TheoryProblem",
    "TheoryStatement",
    "Virkningsevaluering",
    "Warning",
];

pub fn is(types: &Types, operation: &OperationDefinition) -> bool {
    operation.ty == OperationType::Query
        && of_the_log(types, Types::root(operation.ty), &operation.selection_set.node)
}

/// Whether all objects below a selection are of such types; `parent` is the type that it is on.
fn of_the_log(types: &Types, parent: &str, set: &SelectionSet) -> bool {
    set.items.iter().all(|item| match &item.node {
        Selection::Field(field) => {
            let name = field.node.name.node.as_str();
            let below = &field.node.selection_set.node;
            // What stood at a moment in the future is refused until it is past.
            let at_a_moment = field.node.arguments.iter().any(|(name, _)| name.node == "asOf");
            // Introspection has no type here.
            name == "__typename"
                || !at_a_moment
                    && types.field(parent, name).is_some_and(|ty| {
                        let ty = named(ty);
                        !types.is_composite(ty) || (is_of_the_log(ty) && of_the_log(types, ty, below))
                    })
        }
        Selection::InlineFragment(fragment) => {
            let on = fragment.node.type_condition.as_ref().map(|on| on.node.on.node.as_str());
            let on = on.unwrap_or(parent);
            is_of_the_log(on) && of_the_log(types, on, &fragment.node.selection_set.node)
        }
        // A mark; the fragments of the document were merged.
        Selection::FragmentSpread(_) => true,
    })
}

fn is_of_the_log(ty: &str) -> bool {
    let object = ty.strip_suffix("Connection").or_else(|| ty.strip_suffix("Edge")).unwrap_or(ty);
    OF_THE_LOG.contains(&object)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_types_are_types_of_the_schema() {
        let types = Types::of(&crate::virkning(crate::Limits::default()).sdl());
        for name in OF_THE_LOG {
            assert!(types.is_composite(name), "{name}");
        }
    }
}
