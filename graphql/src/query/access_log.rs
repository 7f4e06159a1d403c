use async_graphql::{Context, Object, Result};
use domain::access_log::{self, Entry};

use super::inputs::AccessLogFilter;
use super::{page, told};
use crate::plan::Paged;
use crate::request::signed_in;

#[derive(Default)]
pub struct AccessLogQuery;

#[Object]
impl AccessLogQuery {
    /// The access log: who was refused what, and who read what participants answered, the newest first. A municipality-wide AUDITOR reads all of it, an AUDITOR of a
    /// forvaltning what is about interventions that it leads or takes part in. For others FORBIDDEN.
    async fn access_log(
        &self,
        field: &Context<'_>,
        #[graphql(desc = "How many from the start: at most 100, by default 20.")] first: Option<i32>,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "How many from the end: at most 100. Not together with `first`.")] last: Option<i32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
        #[graphql(desc = "Which entries; all where nothing is given.")] filter: Option<AccessLogFilter>,
    ) -> Result<Paged<Entry>> {
        let read = async {
            let context = signed_in(field)?;
            let page = page(field, first, after, last, before)?;
            Ok(Paged(access_log::list(context, &filter.unwrap_or_default().into(), &page).await?))
        };
        told(field, read).await
    }
}
