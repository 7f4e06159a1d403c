use async_graphql::registry::{MetaInputValue, Registry};
use async_graphql::{Context as FieldContext, ServerResult};
use domain::figure::Seen;
use domain::permission;

use super::permission::CAN;
use super::values::Period;
use crate::enums::FigureKind;
use crate::ids::Kind;
use crate::plan::{Arguments, Fields, Object, argument};

impl Object for Seen {
    const NAME: &'static str = "Figure";
    const DESCRIPTION: &'static str =
        "One published number (nøgletal), or its absence: a number that the source leaves out is not zero.";
    const NODE: bool = true;

    fn fields(fields: &mut Fields<Self>) {
        fields.computed("id", "Opaque id.", |seen| Kind::Figure.id(seen.row.id));
        fields.column("version", "Raised by each change; name it to change the figure.", |seen| {
            &seen.row.version
        });
        fields.column("reportedYear", "The reporting year whose report prints it.", |seen| {
            &seen.row.reported_year
        });
        fields.column("kind", "What it is about.", |seen| &seen.row.kind);
        fields.column("label", "What is counted or measured, as printed.", |seen| &seen.row.label);
        fields.column("unit", "The unit of the value: personer, pct, år …", |seen| &seen.row.unit);
        fields.optional_object("period", "The days it covers; null where the source names none.", |seen| {
            Some(Period { from: seen.row.period_from?, to: seen.row.period_to? })
        });
        fields.column("population", "Who or what it is a number of.", |seen| &seen.row.population);
        fields.column("category", "The category, group or point in time that it is for.", |seen| {
            &seen.row.category
        });
        fields.column("value", "The number, in its unit. Null stands beside an absence.", |seen| {
            &seen.row.value
        });
        fields.optional_object("absence", "Why there is no value; null where there is one.", Seen::absence);
        fields.many(
            "can",
            CAN,
            |seen| (seen.row.intervention_id, seen.row.reported_year),
            |context, keys| Box::pin(permission::of_figures(context, keys)),
        );
        fields.column(
            "seriesBreak",
            "Why it cannot be compared with what came before it in its series.",
            |seen| &seen.row.series_break,
        );
        fields.column("remarks", "What else to know about it.", |seen| &seen.row.remarks);
    }
}

/// The arguments of a list of figures.
#[derive(Clone, Default)]
pub struct FigureArguments {
    pub kind: Option<domain::FigureKind>,
}

impl Arguments for FigureArguments {
    fn declare(registry: &mut Registry) -> Vec<MetaInputValue> {
        vec![argument::<Option<FigureKind>>(registry, "kind", "Only figures of this kind.")]
    }

    fn read(field: &FieldContext<'_>) -> ServerResult<Self> {
        let kind = field.param_value::<Option<FigureKind>>("kind", None)?.1;
        Ok(Self { kind: kind.map(Into::into) })
    }
}
