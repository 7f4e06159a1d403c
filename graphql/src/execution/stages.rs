//! One schema, asked twice: once to validate the document as sent, once to execute it merged.

use std::sync::Arc;

use async_graphql::extensions::{
    Extension, ExtensionContext, ExtensionFactory, NextExecute, NextResolve, NextValidation, ResolveInfo,
};
use async_graphql::{
    CacheControl, PathSegment, Response, ServerError, ServerResult, ValidationResult, Value,
};

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Validate,
    Execute,
}

pub struct Stages;

impl ExtensionFactory for Stages {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_graphql::async_trait::async_trait]
impl Extension for Stages {
    async fn validation(
        &self,
        context: &ExtensionContext<'_>,
        next: NextValidation<'_>,
    ) -> Result<ValidationResult, Vec<ServerError>> {
        if context.data::<Stage>().is_ok_and(|stage| *stage == Stage::Execute) {
            return Ok(ValidationResult { cache_control: CacheControl::default(), complexity: 0, depth: 0 });
        }
        next.run(context).await
    }

    async fn execute(
        &self,
        context: &ExtensionContext<'_>,
        operation_name: Option<&str>,
        next: NextExecute<'_>,
    ) -> Response {
        if context.data::<Stage>().is_ok_and(|stage| *stage == Stage::Validate) {
            return Response::default();
        }
        next.run(context, operation_name).await
    }

    async fn resolve(
        &self,
        context: &ExtensionContext<'_>,
        info: ResolveInfo<'_>,
        next: NextResolve<'_>,
    ) -> ServerResult<Option<Value>> {
        next.run(context, info).await.map_err(from_here)
    }
}

/// Where an error was first seen. In a list of lists, async-graphql gives the error of an item the path of each list around
/// it in turn.
struct Origin(Vec<PathSegment>);

fn from_here(error: ServerError) -> ServerError {
    if error.source.is_some() {
        return error;
    }
    ServerError { source: Some(Arc::new(Origin(error.path.clone()))), ..error }
}

/// An error with the path on which it was first seen.
pub fn at_origin(error: ServerError) -> ServerError {
    match error.source::<Origin>() {
        Some(Origin(path)) => ServerError { path: path.clone(), ..error },
        None => error,
    }
}
