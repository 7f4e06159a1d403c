use async_graphql::{Context, InputObject, Object, Result};
use domain::access_review::{self, Reviewed};

use super::{page, told};
use crate::enums::{GrantState, Role};
use crate::plan::Paged;
use crate::request::signed_in;

/// Which grants are reviewed. All that is given must fit.
#[derive(Default, InputObject)]
pub struct AccessReviewFilter {
    /// How they stand now.
    state: Option<GrantState>,
    /// The role.
    role: Option<Role>,
    /// Whether the account can sign in.
    active: Option<bool>,
}

#[derive(Default)]
pub struct AccessReviewQuery;

#[Object]
impl AccessReviewQuery {
    /// Who has which role where, since when, by whom, and when they were last seen: every grant, the oldest first, those that
    /// have ended or wait among them. For ADMIN and a municipality-wide AUDITOR; for others FORBIDDEN.
    async fn access_review(
        &self,
        field: &Context<'_>,
        #[graphql(desc = "How many from the start: at most 100, by default 20.")] first: Option<i32>,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "How many from the end: at most 100. Not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
        #[graphql(desc = "Which grants; all where nothing is given.")] filter: Option<AccessReviewFilter>,
    ) -> Result<Paged<Reviewed>> {
        let read = async {
            let context = signed_in(field)?;
            let page = page(field, first, after, last, before)?;
            let AccessReviewFilter { state, role, active } = filter.unwrap_or_default();
            let filter =
                access_review::Filter { state: state.map(Into::into), role: role.map(Into::into), active };
            Ok(Paged(access_review::list(context, &filter, &page).await?))
        };
        told(field, read).await
    }
}
