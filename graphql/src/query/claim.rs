use async_graphql::{Context, Object, Result};
use domain::claim::{self, CheckedClaim};

use super::inputs::ClaimFilter;
use super::{page, told};
use crate::plan::Paged;
use crate::request::signed_in;

#[derive(Default)]
pub struct ClaimQuery;

#[Object]
impl ClaimQuery {
    /// Printed figures that you may see, about years and about criteria, checked against the data, in the order in which
    /// they were added.
    async fn claims(
        &self,
        field: &Context<'_>,
        #[graphql(desc = "How many from the start: at most 100, by default 20.")] first: Option<i32>,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "How many from the end: at most 100. Not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
        #[graphql(desc = "Which ones; all where nothing is given.")] filter: Option<ClaimFilter>,
    ) -> Result<Paged<CheckedClaim>> {
        let read = async {
            let context = signed_in(field)?;
            let page = page(field, first, after, last, before)?;
            Ok(Paged(claim::list(context, &filter.unwrap_or_default().into(), &page).await?))
        };
        told(field, read).await
    }
}
