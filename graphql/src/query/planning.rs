use async_graphql::{Context, Object, Result};
use domain::planning::{Answer, Before, Question};

use super::told;
use crate::enums::{CriterionBasis, CriterionDirection, CriterionUnit, Pairing};
use crate::plan::Required;
use crate::request::signed_in;
use crate::scalars::Decimal;

#[derive(Default)]
pub struct PlanningQuery;

#[Object]
impl PlanningQuery {
    /// What an evaluation could tell of a goal, before anything is stored: which change so many people can show, and how many
    /// it takes to establish the goal. For whoever is signed in.
    #[expect(clippy::too_many_arguments, reason = "they are the arguments of the field in the schema")]
    async fn plan(
        &self,
        field: &Context<'_>,
        #[graphql(desc = "Which way is better.")] direction: CriterionDirection,
        #[graphql(desc = "What the threshold is compared with.")] basis: CriterionBasis,
        #[graphql(desc = "What is to be reached at least, as in a criterion.")] threshold: Decimal,
        #[graphql(desc = "What is measured; of COUNT nothing can be planned.")] unit: CriterionUnit,
        #[graphql(desc = "How the people before and after hang together.")] pairing: Pairing,
        #[graphql(desc = "The value before: a share as a fraction, or a mean.")] baseline: Decimal,
        #[graphql(desc = "The standard deviation of the values; of a MEAN.")] sd: Option<Decimal>,
        #[graphql(desc = "People in each wave.")] n: i32,
        #[graphql(
            desc = "The true value after; the goal itself, or for MAINTAIN no change, where it is not given."
        )]
        assumed: Option<Decimal>,
    ) -> Result<Required<Answer>> {
        let answer = async {
            signed_in(field)?;
            let question = Question {
                direction: direction.into(),
                basis: basis.into(),
                threshold: threshold.0,
                unit: unit.into(),
                pairing: pairing.into(),
                n: Some(n),
                assumed: assumed.map(|assumed| assumed.0),
            };
            let before = Before { value: baseline.0, sd: sd.map(|sd| sd.0), n: None };
            Ok(Required(question.answered(before)?))
        };
        told(field, answer).await
    }
}
