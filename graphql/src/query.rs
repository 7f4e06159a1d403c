//! The root of all reading.

mod access_log;
mod access_review;
mod claim;
pub mod inputs;
mod log;
mod observation;
mod planning;

use async_graphql::{Context, ID, MergedObject, Object, Result};
use domain::access_log::{Entry, Target, found};
use domain::account::Account;
use domain::district::District;
use domain::evaluation_round::EvaluationRound;
use domain::forvaltning::Forvaltning;
use domain::funding::Funding;
use domain::history::Event;
use domain::instrument::{self, Instrument};
use domain::intervention::Intervention;
use domain::intervention_year::InterventionYear;
use domain::reference::Reference;
use domain::reporting_year::ReportingYear;
use domain::strategy_principle::StrategyPrinciple;
use domain::{Actor, Error, Page, Problem, Slice, Uuid, expectation};
use domain::{account, figure, funding, history, intervention, intervention_year, reporting_year};
use domain::{evaluation_round, measurement, success_criterion, virkningsevaluering};

use crate::errors;
use crate::ids::{self, Kind};
use crate::plan::{AnyNode, List, NodeType, One, Paged, Required, asked, counts, is_all, node_types};
use crate::request::signed_in;
use crate::scalars::DateTime;
use access_log::AccessLogQuery;
use access_review::AccessReviewQuery;
use claim::ClaimQuery;
use inputs::{
    EvaluationRoundFilter, EventFilter, InterventionFilter, InterventionOrder, VirkningsevalueringFilter,
    VirkningsevalueringOrder,
};
use log::LogQuery;
use observation::ObservationQuery;
use planning::PlanningQuery;

/// The types that implement `Node`.
pub const NODE_TYPES: &[NodeType] = node_types![
    Account,
    District,
    Entry,
    EvaluationRound,
    Event,
    figure::Seen,
    Forvaltning,
    Funding,
    Intervention,
    InterventionYear,
    measurement::Seen,
    ReportingYear,
    StrategyPrinciple,
    success_criterion::Seen,
    virkningsevaluering::Seen,
];

/// Everything that can be asked. Sign in first; what you may not see is null or left out, as what does not exist.
#[derive(MergedObject, Default)]
pub struct Query(
    RegisterQuery,
    ClaimQuery,
    PlanningQuery,
    ObservationQuery,
    LogQuery,
    AccessLogQuery,
    AccessReviewQuery,
);

/// The root of all reading but that of the log.
#[derive(Default)]
struct RegisterQuery;

#[Object]
impl RegisterQuery {
    /// The one who is signed in.
    async fn viewer(&self, field: &Context<'_>) -> Result<Required<Actor>> {
        told(field, async { Ok(Required((*signed_in(field)?.actor).clone())) }).await
    }

    /// Anything by its id; null for an id that is none of ours or of something you may not see.
    async fn node(
        &self,
        field: &Context<'_>,
        #[graphql(desc = "An id from an answer.")] id: ID,
    ) -> Result<AnyNode> {
        told(field, find_node(field, &id)).await
    }

    /// All forvaltninger, in Danish order of their codes.
    async fn forvaltninger(&self, field: &Context<'_>) -> Result<List<Forvaltning>> {
        told(field, async { Ok(List(Reference::of(signed_in(field)?).await?.forvaltninger)) }).await
    }

    /// All principles of all strategies, by number.
    async fn strategy_principles(&self, field: &Context<'_>) -> Result<List<StrategyPrinciple>> {
        told(field, async { Ok(List(Reference::of(signed_in(field)?).await?.principles)) }).await
    }

    /// All districts and their parts, in Danish order.
    async fn districts(&self, field: &Context<'_>) -> Result<List<District>> {
        told(field, async { Ok(List(Reference::of(signed_in(field)?).await?.districts)) }).await
    }

    /// All instruments: those that everyone has, then those that were added, by code.
    async fn instruments(&self, field: &Context<'_>) -> Result<List<Instrument>> {
        told(field, async { Ok(List(instrument::all(signed_in(field)?).await?)) }).await
    }

    /// One intervention, by exactly one of `id` and `slug`.
    async fn intervention(
        &self,
        field: &Context<'_>,
        #[graphql(desc = "Its id.")] id: Option<ID>,
        #[graphql(desc = "Its slug now, such as `den-korte-snor`.")] slug: Option<String>,
        #[graphql(desc = "As it stood at this moment, with all below it; null where it was not there yet.")]
        as_of: Option<DateTime>,
    ) -> Result<One<Intervention>> {
        let find = async {
            let context = &at(field, as_of)?;
            let row = match (id, slug) {
                (Some(id), None) => {
                    let id = Kind::Intervention.read(&id);
                    let row = match id {
                        Some(id) => intervention::by_id(context, id).await?,
                        None => None,
                    };
                    Ok(found(context, target(Kind::Intervention, id), row))
                }
                (None, Some(slug)) => intervention::by_slug(context, &slug).await,
                _ => Err(Error::refused("", Problem::Malformed { expected: expectation::ID_OR_SLUG })),
            };
            Ok(One::found_by(context.clone(), row?))
        };
        told(field, find).await
    }

    /// Interventions, a page at a time.
    #[expect(clippy::too_many_arguments, reason = "they are the arguments of the field in the schema")]
    async fn interventions(
        &self,
        field: &Context<'_>,
        #[graphql(desc = "How many from the start: at most 100, by default 20.")] first: Option<i32>,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "How many from the end: at most 100. Not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
        #[graphql(desc = "Which ones; all where nothing is given.")] filter: Option<InterventionFilter>,
        #[graphql(desc = "In which order; by name where nothing is given.")] order_by: Option<
            InterventionOrder,
        >,
    ) -> Result<Paged<Intervention>> {
        let read = async {
            let context = signed_in(field)?;
            let page = page(field, first, after, last, before)?;
            let filter = filter.unwrap_or_default().checked()?;
            let order = order_by.map_or_else(Default::default, Into::into);
            let below = "virkningsevalueringer";
            let evaluation_counts = counts(&field.item.node, below);
            let nothing_else = is_all::<Intervention>(field, evaluation_counts.then_some(below));
            let beside = intervention::Beside { evaluation_counts, nothing_else };
            Ok(Paged(intervention::list(context, &filter, order, &page, beside).await?))
        };
        told(field, read).await
    }

    /// A reporting year: its interventions, what they amount to, and what was printed about it.
    async fn reporting_year(
        &self,
        field: &Context<'_>,
        #[graphql(desc = "The year, such as 2023.")] year: i32,
    ) -> Result<One<ReportingYear>> {
        told(field, async { Ok(reporting_year::by_year(signed_in(field)?, year).await?.into()) }).await
    }

    /// Rounds of evaluations, in the order in which they were made.
    async fn evaluation_rounds(
        &self,
        field: &Context<'_>,
        #[graphql(desc = "How many from the start: at most 100, by default 20.")] first: Option<i32>,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "How many from the end: at most 100. Not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
        #[graphql(desc = "Which ones; all where nothing is given.")] filter: Option<EvaluationRoundFilter>,
    ) -> Result<Paged<EvaluationRound>> {
        let read = async {
            let context = signed_in(field)?;
            let page = page(field, first, after, last, before)?;
            Ok(Paged(evaluation_round::list(context, filter.unwrap_or_default().year, &page).await?))
        };
        told(field, read).await
    }

    /// One evaluation; null for one that does not exist or that you may not see.
    async fn virkningsevaluering(
        &self,
        field: &Context<'_>,
        #[graphql(desc = "Its id.")] id: ID,
        #[graphql(
            desc = "As it stood at this moment, with all below it; null where it was not there yet. Who sees what is published \
                    only goes back to what was published then, and to nothing of what is withdrawn."
        )]
        as_of: Option<DateTime>,
    ) -> Result<One<virkningsevaluering::Seen>> {
        let find = async {
            let context = at(field, as_of)?;
            let id = Kind::Virkningsevaluering.read(&id);
            let seen = match id {
                Some(id) => virkningsevaluering::by_id(&context, id).await?,
                None => None,
            };
            let seen = found(&context, target(Kind::Virkningsevaluering, id), seen);
            Ok(One::found_by(context, seen))
        };
        told(field, find).await
    }

    /// Evaluations that you may see, a page at a time.
    #[expect(clippy::too_many_arguments, reason = "they are the arguments of the field in the schema")]
    async fn virkningsevalueringer(
        &self,
        field: &Context<'_>,
        #[graphql(desc = "How many from the start: at most 100, by default 20.")] first: Option<i32>,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "How many from the end: at most 100. Not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
        #[graphql(desc = "Which ones; all where nothing is given.")] filter: Option<
            VirkningsevalueringFilter,
        >,
        #[graphql(desc = "In which order; as planned where nothing is given.")] order_by: Option<
            VirkningsevalueringOrder,
        >,
    ) -> Result<Paged<virkningsevaluering::Seen>> {
        let read = async {
            let context = signed_in(field)?;
            let page = page(field, first, after, last, before)?;
            let filter = filter.unwrap_or_default().checked()?;
            let order = order_by.map_or_else(Default::default, Into::into);
            Ok(Paged(virkningsevaluering::list(context, &filter, order, &page).await?))
        };
        told(field, read).await
    }

    /// The history that you may read, in the order in which it happened. For AUDITOR in scope; EVALUATOR and APPROVER for
    /// what is their forvaltning's; COORDINATOR for the register; ADMIN for accounts and grants.
    async fn history(
        &self,
        field: &Context<'_>,
        #[graphql(desc = "How many from the start: at most 100, by default 20.")] first: Option<i32>,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "How many from the end: at most 100. Not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
        #[graphql(desc = "Which events; all where nothing is given.")] filter: Option<EventFilter>,
    ) -> Result<Paged<Event>> {
        let read = async {
            let context = signed_in(field)?;
            let page = page(field, first, after, last, before)?;
            Ok(Paged(history::list(context, &filter.unwrap_or_default().into(), &page).await?))
        };
        told(field, read).await
    }

    /// Accounts: all for ADMIN and a municipality-wide AUDITOR, else your own.
    async fn accounts(
        &self,
        field: &Context<'_>,
        #[graphql(desc = "How many from the start: at most 100, by default 20.")] first: Option<i32>,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "How many from the end: at most 100. Not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
    ) -> Result<Paged<Account>> {
        let read = async {
            let context = signed_in(field)?;
            let page = page(field, first, after, last, before)?;
            Ok(Paged(account::list(context, &page).await?))
        };
        told(field, read).await
    }
}

/// Who is signed in, reading as of a moment where one is given.
fn at(field: &Context<'_>, as_of: Option<DateTime>) -> domain::Result<domain::Context> {
    let context = signed_in(field)?;
    as_of.map_or_else(|| Ok(context.clone()), |DateTime(at)| context.as_of(at))
}

/// What went wrong, told as an error of the field.
async fn told<T>(field: &Context<'_>, read: impl Future<Output = domain::Result<T>>) -> Result<T> {
    read.await.map_err(|error| errors::told(field, &error))
}

fn page(
    field: &Context<'_>,
    first: Option<i32>,
    after: Option<String>,
    last: Option<i32>,
    before: Option<String>,
) -> domain::Result<Page> {
    let slice = Slice { first: first.map(i64::from), after, last: last.map(i64::from), before };
    Page::new(slice, asked(&field.item.node))
}

/// What a reading names, for the access log.
fn target(kind: Kind, id: Option<Uuid>) -> Option<Target> {
    kind.accessed().map(|kind| Target { kind, id })
}

async fn find_node(field: &Context<'_>, id: &ID) -> domain::Result<AnyNode> {
    let context = signed_in(field)?;
    let named = ids::any(id);
    let node = match named {
        Some((kind, id)) => node_of(context, kind, id).await?.into_found(),
        None => None,
    };
    let target = named.and_then(|(kind, id)| target(kind, Some(id)));
    Ok(found(context, target, node).unwrap_or(AnyNode::NONE))
}

async fn node_of(context: &domain::Context, kind: Kind, id: Uuid) -> domain::Result<AnyNode> {
    Ok(match kind {
        Kind::Account => AnyNode::of(account::by_id(context, id).await?),
        Kind::Event => AnyNode::of(history::by_id(context, id).await?),
        Kind::Figure => AnyNode::of(figure::by_id(context, id).await?),
        Kind::Funding => AnyNode::of(funding::by_id(context, id).await?),
        Kind::Intervention => AnyNode::of(intervention::by_id(context, id).await?),
        Kind::InterventionYear => AnyNode::of(intervention_year::by_id(context, id).await?),
        Kind::ReportingYear => AnyNode::of(reporting_year::by_id(context, id).await?),
        Kind::Forvaltning => AnyNode::of(Reference::of(context).await?.forvaltning_by_id(id).cloned()),
        Kind::StrategyPrinciple => AnyNode::of(Reference::of(context).await?.principle_by_id(id).cloned()),
        Kind::District => AnyNode::of(Reference::of(context).await?.district_by_id(id).cloned()),
        Kind::EvaluationRound => AnyNode::of(evaluation_round::by_id(context, id).await?),
        Kind::Virkningsevaluering => AnyNode::of(virkningsevaluering::by_id(context, id).await?),
        Kind::SuccessCriterion => AnyNode::of(success_criterion::by_id(context, id).await?),
        Kind::Measurement => AnyNode::of(measurement::by_id(context, id).await?),
        Kind::AccessLogEntry => AnyNode::of(domain::access_log::by_id(context, id).await?),
        // Read below what they belong to.
        Kind::Claim
        | Kind::RoleGrant
        | Kind::ApiToken
        | Kind::Strategy
        | Kind::Instrument
        | Kind::PairedTable
        | Kind::Result
        | Kind::Comparison
        | Kind::Learning
        | Kind::Population
        | Kind::DataSource
        | Kind::DataProcessing
        | Kind::ObservationBatch
        | Kind::ParticipantExclusion
        | Kind::ObservationErasure
        | Kind::TheoryElement
        | Kind::TheoryLink
        | Kind::ElementCriterion
        | Kind::TheoryAmendment
        | Kind::QualitativeEvidence
        | Kind::RivalExplanation
        | Kind::Transition => AnyNode::NONE,
    })
}
