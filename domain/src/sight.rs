//! What an actor sees, as a condition that queries carry: the one seam where access enters a select.

use entity::{event, intervention_year, intervention_year_partner};
use sea_orm::sea_query::{Expr, SelectStatement};
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
        reached = reached.add(intervention.in_subquery(led_by(&sight.leading)));
    }
    if !sight.own.is_empty() {
        reached = reached.add(intervention.in_subquery(led_by(&sight.own)));
        reached = reached.add(intervention.in_subquery(partnered_by(&sight.own)));
    }
    reached
}

/// Interventions whose newest year one of the forvaltninger leads.
pub fn led_by(forvaltninger: &[Uuid]) -> SelectStatement {
    let led = intervention_year::Column::LeadId.is_in(forvaltninger.iter().copied());
    interventions_of(newest_years().filter(led))
}

/// Interventions in whose newest year one of the forvaltninger takes part without leading.
pub fn partnered_by(forvaltninger: &[Uuid]) -> SelectStatement {
    let partnerships = intervention_year_partner::Entity::find()
        .select_only()
        .column(intervention_year_partner::Column::InterventionYearId)
        .filter(intervention_year_partner::Column::ForvaltningId.is_in(forvaltninger.iter().copied()))
        .into_query();
    interventions_of(newest_years().filter(intervention_year::Column::Id.in_subquery(partnerships)))
}

/// The newest year of every intervention: what it is now, and whose.
pub fn newest_years() -> Select<intervention_year::Entity> {
    intervention_year::Entity::find().filter(Expr::cust(
        "intervention_year.year = (SELECT MAX(newer.year) FROM intervention_year AS newer \
         WHERE newer.intervention_id = intervention_year.intervention_id)",
    ))
}

pub fn interventions_of(years: Select<intervention_year::Entity>) -> SelectStatement {
    years.select_only().column(intervention_year::Column::InterventionId).into_query()
}
