//! The root of all following.

use async_graphql::{Context, ID, Result, Subscription as Root};
use domain::history::{Event, Following};
use domain::{Error, GivenId};
use futures_util::stream::{self, BoxStream, StreamExt};

use crate::errors;
use crate::execution::Opened;
use crate::ids::Kind;
use crate::plan::Followed;
use crate::query::inputs::EventFilter;
use crate::request::{Shared, signed_in};

/// Everything that can be followed: over a WebSocket (graphql-transport-ws) or as server-sent events, at the same address
/// as queries.
pub struct Subscription;

/// Everything that can be followed, over a WebSocket (`graphql-transport-ws`) or as server-sent events.
#[Root]
impl Subscription {
    /// Each event of the history that you may read, as it is appended, in the order in which the changes took effect. Needs a
    /// role that reads some history, as `history` does. The stream ends with `UNAUTHENTICATED` when the session is over or the
    /// access token expires, and with `FORBIDDEN` when you lose a role that you held when it began.
    async fn event_appended(
        &self,
        field: &Context<'_>,
        #[graphql(desc = "Which events; all where nothing is given.")] filter: Option<EventFilter>,
        #[graphql(
            desc = "The id of the last event that you have received: the stream begins with all that came after it. \
                          Without it, with what is appended from now on."
        )]
        after: Option<ID>,
    ) -> Result<BoxStream<'static, Followed<Event>>> {
        let begin = async {
            let context = signed_in(field)?;
            let lifetime = field.data_opt::<Shared>().and_then(|shared| shared.lifetime.clone());
            let lifetime = lifetime.ok_or_else(|| Error::Internal("a stream without an end".into()))?;
            let after = after.map(|id| GivenId(Kind::Event.read(&id)));
            Following::begin(context, filter.unwrap_or_default().into(), after, lifetime).await
        };
        let following = begin.await.map_err(|error| errors::told(field, &error))?;
        Opened::tell(field);
        Ok(stream::unfold(Some(following), next).boxed())
    }
}

/// The next event, and what follows; an error is the last that comes.
async fn next(following: Option<Following>) -> Option<(Followed<Event>, Option<Following>)> {
    let mut following = following?;
    match following.next().await {
        Ok(Some(fresh)) => Some((Followed(Ok(fresh)), Some(following))),
        Ok(None) => None,
        Err(error) => Some((Followed(Err(error)), None)),
    }
}
