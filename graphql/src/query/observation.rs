use async_graphql::{Context, ID, Object, Result};
use domain::criterion_result::{self, Recomputation};
use domain::observation::{self, Observed};

use super::{page, told};
use crate::ids::Kind;
use crate::plan::{One, Paged};
use crate::request::signed_in;

#[derive(Default)]
pub struct ObservationQuery;

#[Object]
impl ObservationQuery {
    /// What single participants answered to a criterion, in the order in which it was recorded. For EVALUATOR and APPROVER of
    /// a forvaltning that leads the intervention or takes part in it, and AUDITOR in scope; for others FORBIDDEN. Each
    /// reading is in the access log, with its purpose. Nothing is read after the deletion date.
    #[expect(clippy::too_many_arguments, reason = "they are the arguments of the field in the schema")]
    async fn observations(
        &self,
        field: &Context<'_>,
        #[graphql(desc = "The criterion.")] criterion_id: ID,
        #[graphql(desc = "What they are read for, for the access log; at most 10,000 characters.")]
        purpose: String,
        #[graphql(desc = "How many from the start: at most 100, by default 20.")] first: Option<i32>,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "How many from the end: at most 100. Not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
    ) -> Result<Paged<Observed>> {
        let read = async {
            let context = signed_in(field)?;
            let page = page(field, first, after, last, before)?;
            let criterion = Kind::SuccessCriterion.read(&criterion_id);
            Ok(Paged(observation::list(context, criterion, &purpose, &page).await?))
        };
        told(field, read).await
    }

    /// Computes the results of an evaluation again, in the version that you see; null for one that does not exist or that you
    /// may not see. For EVALUATOR and APPROVER of a forvaltning that leads the intervention or takes part in it, and AUDITOR
    /// in scope; for others FORBIDDEN.
    async fn recompute(
        &self,
        field: &Context<'_>,
        #[graphql(desc = "The evaluation.")] virkningsevaluering_id: ID,
    ) -> Result<One<Recomputation>> {
        let read = async {
            let id = Kind::Virkningsevaluering.read(&virkningsevaluering_id);
            Ok(criterion_result::recompute(signed_in(field)?, id).await?.into())
        };
        told(field, read).await
    }
}
