//! One schema, asked twice: once to validate the document as sent, once to execute it merged.

use std::sync::Arc;

use async_graphql::extensions::{Extension, ExtensionContext, ExtensionFactory, NextExecute, NextValidation};
use async_graphql::{CacheControl, Response, ServerError, ValidationResult};

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
}
