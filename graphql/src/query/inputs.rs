//! What lists are filtered and sorted by.

use async_graphql::{Enum, ID, InputObject};
use domain::input::text;
use domain::{Error, Uuid};
use domain::{access_log, claim, history, intervention, virkningsevaluering};

use crate::enums::{AccessOutcome, Action, ClaimLabel, Direction, EvaluationStatus, SubjectKind};
use crate::ids::{self, Kind};
use crate::scalars::DateTime;

/// Which interventions to list, by what they are in their newest year. All conditions hold together.
#[derive(InputObject, Default)]
pub struct InterventionFilter {
    /// A part of the name, whatever its case; at most 300 characters.
    search: Option<String>,
    /// The code of the forvaltning that leads.
    lead: Option<String>,
    /// The code of a forvaltning that leads or takes part.
    forvaltning: Option<String>,
    /// The number of a principle it works with.
    principle: Option<i32>,
    /// The name or alias of a district it is aimed at, in whole or in part.
    district: Option<String>,
    /// Whether it is for the whole city.
    citywide: Option<bool>,
    /// With a report for this year.
    year: Option<i32>,
}

/// What to sort interventions by.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum InterventionOrderField {
    /// By name, in Danish order.
    Name,
    /// By the year they began; those without one last.
    Since,
}

/// The order of a list of interventions.
#[derive(Clone, Copy, InputObject)]
pub struct InterventionOrder {
    /// What to sort by.
    field: InterventionOrderField,
    /// Which way.
    direction: Direction,
}

/// Which events to list. All conditions hold together.
#[derive(InputObject, Default)]
pub struct EventFilter {
    /// About this subject.
    subject_id: Option<ID>,
    /// About subjects of this kind.
    subject_kind: Option<SubjectKind>,
    /// Of this action.
    action: Option<Action>,
    /// By this account.
    actor_id: Option<ID>,
    /// At this moment or later.
    from: Option<DateTime>,
    /// Before this moment.
    to: Option<DateTime>,
}

/// Which entries of the access log to list. All conditions hold together.
#[derive(InputObject, Default)]
pub struct AccessLogFilter {
    /// What this account was refused.
    actor_id: Option<ID>,
    /// What was answered so.
    outcome: Option<AccessOutcome>,
    /// That happened, for the last time, at this moment or later.
    from: Option<DateTime>,
    /// That happened, for the first time, before this moment.
    to: Option<DateTime>,
}

/// Which evaluations to list, by what you see of them. All conditions hold together.
#[derive(InputObject, Default)]
pub struct VirkningsevalueringFilter {
    /// With this status.
    status: Option<EvaluationStatus>,
    /// Of this intervention.
    intervention_id: Option<ID>,
    /// Of this round.
    round_id: Option<ID>,
    /// The code of a forvaltning that leads the intervention or takes part in it.
    forvaltning: Option<String>,
    /// A part of the title, whatever its case; at most 300 characters.
    search: Option<String>,
}

/// What to sort evaluations by.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum VirkningsevalueringOrderField {
    /// In the order in which they were planned.
    Planned,
    /// By title, in Danish order.
    Title,
}

/// The order of a list of evaluations.
#[derive(Clone, Copy, InputObject)]
pub struct VirkningsevalueringOrder {
    /// What to sort by.
    field: VirkningsevalueringOrderField,
    /// Which way.
    direction: Direction,
}

/// Which rounds to list.
#[derive(InputObject, Default)]
pub struct EvaluationRoundFilter {
    /// Of this year.
    pub year: Option<i32>,
}

/// Which claims to list. All conditions hold together.
#[derive(InputObject, Default)]
pub struct ClaimFilter {
    /// About this year, or about a criterion of an evaluation whose period ends in it.
    year: Option<i32>,
    /// With one of these labels.
    labels: Option<Vec<ClaimLabel>>,
    /// Whether they agree with the data, if only by rounding; those of which that cannot be told do neither.
    agrees: Option<bool>,
}

impl From<ClaimFilter> for claim::Filter {
    fn from(ClaimFilter { year, labels, agrees }: ClaimFilter) -> Self {
        let labels = labels.map(|labels| labels.into_iter().map(Into::into).collect());
        Self { year, labels, agrees }
    }
}

impl InterventionFilter {
    pub fn checked(self) -> domain::Result<intervention::Filter> {
        let Self { search, lead, forvaltning, principle, district, citywide, year } = self;
        Ok(intervention::Filter {
            search: sought("search", search)?,
            lead: sought("lead", lead)?,
            forvaltning: sought("forvaltning", forvaltning)?,
            principle,
            district: sought("district", district)?,
            citywide,
            year,
        })
    }
}

impl VirkningsevalueringFilter {
    pub fn checked(self) -> domain::Result<virkningsevaluering::Filter> {
        let Self { status, intervention_id, round_id, forvaltning, search } = self;
        // An id that is none of ours fits nothing, as one that does not exist.
        let known = |kind: Kind, id: Option<ID>| id.map(|id| kind.read(&id).unwrap_or(Uuid::nil()));
        Ok(virkningsevaluering::Filter {
            status: status.map(Into::into),
            intervention_id: known(Kind::Intervention, intervention_id),
            round_id: known(Kind::EvaluationRound, round_id),
            forvaltning: sought("forvaltning", forvaltning)?,
            search: sought("search", search)?,
        })
    }
}

/// A text to look for, or the fault of one that no stored text can hold.
fn sought(name: &str, text: Option<String>) -> domain::Result<Option<String>> {
    let read = text.map(|text| text::sought(&text)).transpose();
    read.map_err(|problem| Error::refused(&format!("filter.{name}"), problem))
}

impl From<InterventionOrder> for intervention::Order {
    fn from(order: InterventionOrder) -> Self {
        let field = match order.field {
            InterventionOrderField::Name => intervention::OrderField::Name,
            InterventionOrderField::Since => intervention::OrderField::Since,
        };
        Self { field, direction: order.direction.into() }
    }
}

impl From<VirkningsevalueringOrder> for virkningsevaluering::Order {
    fn from(order: VirkningsevalueringOrder) -> Self {
        let field = match order.field {
            VirkningsevalueringOrderField::Planned => virkningsevaluering::OrderField::Planned,
            VirkningsevalueringOrderField::Title => virkningsevaluering::OrderField::Title,
        };
        Self { field, direction: order.direction.into() }
    }
}

impl From<AccessLogFilter> for access_log::Filter {
    fn from(filter: AccessLogFilter) -> Self {
        // An id that is none of ours fits nothing, as one that does not exist.
        Self {
            actor_id: filter.actor_id.map(|id| Kind::Account.read(&id).unwrap_or(Uuid::nil())),
            outcome: filter.outcome.map(Into::into),
            from: filter.from.map(|moment| moment.0),
            to: filter.to.map(|moment| moment.0),
        }
    }
}

impl From<EventFilter> for history::Filter {
    fn from(filter: EventFilter) -> Self {
        // An id that is none of ours fits nothing, as one that does not exist.
        Self {
            subject_id: filter.subject_id.map(|id| ids::any(&id).map_or(Uuid::nil(), |(_, id)| id)),
            subject_kind: filter.subject_kind.map(Into::into),
            action: filter.action.map(Into::into),
            actor_id: filter.actor_id.map(|id| Kind::Account.read(&id).unwrap_or(Uuid::nil())),
            from: filter.from.map(|moment| moment.0),
            to: filter.to.map(|moment| moment.0),
        }
    }
}
