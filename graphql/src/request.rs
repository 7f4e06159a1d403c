//! What resolvers find about the request they answer.

use std::sync::Arc;

use async_graphql::parser::types::Field;
use async_graphql::{Context as FieldContext, ContextSelectionSet, Positioned, ServerResult};
use domain::attempts::Caller;
use domain::history::Lifetime;
use domain::log::Key;
use domain::session::SignedIn;
use domain::{Context, Error, Language, Services, Timestamp, Uuid};

use crate::errors::to_server_error;

/// Makes the access tokens that the server then believes.
pub trait AccessTokens: Send + Sync + 'static {
    fn issue(&self, session: &SignedIn, expires_at: Timestamp) -> domain::Result<String>;
}

/// What every request has, signed in or not.
#[derive(Clone)]
pub struct Shared {
    pub services: Services,
    pub tokens: Arc<dyn AccessTokens>,
    pub checkpoint_key: Arc<Key>,
    pub language: Language,
    pub request_id: Uuid,
    /// From where it comes, whoever it is.
    pub caller: Caller,
    /// Where people reach the server, without a slash at the end.
    pub public_url: String,
    /// None for a stranger.
    pub context: Option<Context>,
    /// How long the stream of a subscription may last; none for a request with one answer.
    pub lifetime: Option<Lifetime>,
}

/// The context of the one who is signed in. There is no other way from a resolver to the domain's data.
pub fn signed_in<'a>(field: &FieldContext<'a>) -> domain::Result<&'a Context> {
    field.data_opt::<Shared>().and_then(|shared| shared.context.as_ref()).ok_or(Error::Unauthenticated)
}

/// Takes the one check of a password that a request has.
pub fn check_once(field: &FieldContext<'_>) -> domain::Result<()> {
    field.data_opt::<Shared>().map_or(Ok(()), |shared| shared.caller.check_once())
}

/// The context for what is being written below a field. Rows that are there were read by someone signed in, or by one who
/// has just become so.
pub fn context_of<'a>(
    selection: &ContextSelectionSet<'a>,
    field: &Positioned<Field>,
) -> ServerResult<&'a Context> {
    let context = selection.data_opt::<Shared>().and_then(|shared| shared.context.as_ref());
    context.ok_or_else(|| to_server_error(selection, field.pos, &Error::Unauthenticated))
}
