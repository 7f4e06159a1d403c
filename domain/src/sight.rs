//! What an actor sees, as a condition that queries carry: the one seam where access enters a select.

use entity::{event, forvaltning, intervention_year, intervention_year_partner};
use sea_orm::sea_query::{Expr, SelectStatement, SimpleExpr};
use sea_orm::{ColumnTrait, Condition, EntityTrait, ExprTrait, QueryFilter, QuerySelect, QueryTrait, Select};

use crate::columns::{SubjectKind, Uuid};
use crate::context::{Actor, Context};
use crate::policy::{Sight, Verb, sight};

/// The rows of a kind that the actor sees; `intervention` is the column with the intervention they belong to.
pub fn seen(context: &Context, kind: SubjectKind, intervention: impl ColumnTrait) -> Condition {
    within(&sight(&context.actor, Verb::See, kind), intervention)
}

/// The events whose subject's history the actor reads.
pub fn history_seen(actor: &Actor) -> Condition {
    SubjectKind::ALL.iter().fold(Condition::any(), |kinds, kind| {
        let reach = within(&sight(actor, Verb::ReadHistory, *kind), event::Column::InterventionId);
        kinds.add(Condition::all().add(event::COLUMN.subject_kind.eq(*kind)).add(reach))
    })
}

/// The rows in sight; `intervention` is the column with the intervention they belong to.
pub fn within(sight: &Sight, intervention: impl ColumnTrait) -> Condition {
    if sight.everything {
        return Condition::all();
    }
    // An empty condition would hold for every row: this one holds for none.
    let mut reached = Condition::any().add(Expr::val(1).eq(0));
    if !sight.leading.is_empty() {
        reached = reached.add(intervention.in_subquery(led_by(&Places::Ids(&sight.leading))));
    }
    if !sight.own.is_empty() {
        let own = Places::Ids(&sight.own);
        reached = reached.add(intervention.in_subquery(led_by(&own)));
        reached = reached.add(intervention.in_subquery(partnered_by(&own)));
    }
    reached
}

/// Forvaltninger, as a query names them.
pub enum Places<'a> {
    Ids(&'a [Uuid]),
    /// The one of that code, if there is one.
    Code(&'a str),
}

impl Places<'_> {
    fn hold(&self, column: impl ColumnTrait) -> SimpleExpr {
        match self {
            Self::Ids(ids) => column.is_in(ids.iter().copied()),
            Self::Code(code) => {
                let of_code = forvaltning::Entity::find().select_only().column(forvaltning::Column::Id);
                column.in_subquery(of_code.filter(forvaltning::COLUMN.code.eq(*code)).into_query())
            }
        }
    }
}

/// Interventions whose newest year one of the forvaltninger leads.
pub fn led_by(forvaltninger: &Places<'_>) -> SelectStatement {
    interventions_of(newest_years().filter(forvaltninger.hold(intervention_year::Column::LeadId)))
}

/// Interventions in whose newest year one of the forvaltninger takes part without leading.
pub fn partnered_by(forvaltninger: &Places<'_>) -> SelectStatement {
    let partnerships = intervention_year_partner::Entity::find()
        .select_only()
        .column(intervention_year_partner::Column::InterventionYearId)
        .filter(forvaltninger.hold(intervention_year_partner::Column::ForvaltningId))
        .into_query();
    interventions_of(newest_years().filter(intervention_year::Column::Id.in_subquery(partnerships)))
}

/// The newest year of every intervention: what it is now, and whose. The database keeps which it is.
pub fn newest_years() -> Select<intervention_year::Entity> {
    intervention_year::Entity::find().filter(Expr::cust("intervention_year.newest"))
}

/// The years that are kept as the newest and are not, or the other way round.
pub fn wrongly_newest() -> Select<intervention_year::Entity> {
    intervention_year::Entity::find().filter(Expr::cust(
        "intervention_year.newest = EXISTS (SELECT 1 FROM intervention_year AS later \
         WHERE later.intervention_id = intervention_year.intervention_id AND later.year > intervention_year.year)",
    ))
}

pub fn interventions_of(years: Select<intervention_year::Entity>) -> SelectStatement {
    years.select_only().column(intervention_year::Column::InterventionId).into_query()
}
