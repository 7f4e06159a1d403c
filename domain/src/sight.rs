//! What an actor sees, as a condition that queries carry: the one seam where access enters a select.

use entity::{event, forvaltning, intervention, intervention_year, intervention_year_partner};
use sea_orm::sea_query::{Expr, Query, SelectStatement, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, JoinType, QueryFilter, QuerySelect, QueryTrait, Select,
};

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
        reached = reached.add(led_by(intervention, &Places::Ids(&sight.leading)));
    }
    if !sight.own.is_empty() {
        let own = Places::Ids(&sight.own);
        reached = reached.add(led_by(intervention, &own)).add(partnered_by(intervention, &own));
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
    fn hold(&self, column: Expr) -> SimpleExpr {
        match self {
            Self::Ids(ids) => column.is_in(ids.iter().copied()),
            Self::Code(code) => column.in_subquery(of_code(code)),
        }
    }
}

fn of_code(code: &str) -> SelectStatement {
    let id = forvaltning::Entity::find().select_only().column(forvaltning::Column::Id);
    id.filter(forvaltning::COLUMN.code.eq(code)).into_query()
}

// Both look at the one intervention of a row: a set of all that a forvaltning has would be made for each statement. Tables have
// other names in them than in the query around.

/// That one of the forvaltninger leads the intervention that a column names. The database keeps with each which that is.
pub fn led_by(intervention: impl ColumnTrait, forvaltninger: &Places<'_>) -> SimpleExpr {
    let found = Query::select()
        .expr(Expr::val(1))
        .from_as(intervention::Entity, "led")
        .and_where(Expr::col(("led", intervention::Column::Id)).eq(intervention.into_expr()))
        .and_where(forvaltninger.hold(Expr::col(("led", "lead_id"))))
        .take();
    Expr::exists(found)
}

/// That one of the forvaltninger takes part, without leading, in the newest year of the intervention that a column names.
pub fn partnered_by(intervention: impl ColumnTrait, forvaltninger: &Places<'_>) -> SimpleExpr {
    let year = |column: intervention_year::Column| Expr::col(("taking", column));
    let partner = |column: intervention_year_partner::Column| Expr::col(("part", column));
    let of_year = partner(intervention_year_partner::Column::InterventionYearId)
        .eq(year(intervention_year::Column::Id));
    let partnered = Query::select()
        .expr(Expr::val(1))
        .from_as(intervention_year::Entity, "taking")
        .join_as(JoinType::InnerJoin, intervention_year_partner::Entity, "part", of_year)
        .and_where(year(intervention_year::Column::InterventionId).eq(intervention.into_expr()))
        .and_where(Expr::cust("taking.newest"))
        .and_where(forvaltninger.hold(partner(intervention_year_partner::Column::ForvaltningId)))
        .take();
    Expr::exists(partnered)
}

/// That an intervention is led by the forvaltning of that code, in a list of interventions.
pub fn led_by_code(code: &str) -> SimpleExpr {
    // Equal to one, so that the index over it gives the order of the list too.
    Expr::cust("intervention.lead_id").eq(SimpleExpr::SubQuery(None, Box::new(of_code(code).into())))
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

/// The interventions of which another is kept as the one that leads than does in the newest year.
pub fn wrongly_led() -> Select<intervention::Entity> {
    intervention::Entity::find().filter(Expr::cust(
        "intervention.lead_id IS DISTINCT FROM (SELECT intervention_year.lead_id FROM intervention_year \
         WHERE intervention_year.intervention_id = intervention.id ORDER BY year DESC LIMIT 1)",
    ))
}

pub fn interventions_of(years: Select<intervention_year::Entity>) -> SelectStatement {
    years.select_only().column(intervention_year::Column::InterventionId).into_query()
}
