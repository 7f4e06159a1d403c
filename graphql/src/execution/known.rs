//! Documents that were found valid, parsed: clients send the same few over and over, and most of what preparing one takes
//! does not depend on its variables.

use std::sync::Arc;

use async_graphql::parser::types::{BaseType, ExecutableDocument, OperationDefinition, Type};
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::operation_of;
use super::types::Types;

/// How much text of documents is kept; parsed they take some twenty times as much.
const TEXT: u64 = 256 * 1024;
/// About how many documents that is.
const DOCUMENTS: usize = 500;

pub struct Known(Cache<Asked, Valid, ByText>);

/// A document that was valid with the variables that it came with.
#[derive(Clone)]
pub struct Valid {
    pub document: Arc<ExecutableDocument>,
    /// Whether other variables could make it invalid.
    pub by_variables: bool,
}

/// A document, and which of its operations was asked for: both are told apart in validation.
pub type Asked = (String, Option<String>);

#[derive(Clone)]
struct ByText;

impl Weighter<Asked, Valid> for ByText {
    fn weight(&self, (query, _): &Asked, _: &Valid) -> u64 {
        // Nothing may weigh nothing.
        u64::try_from(query.len()).unwrap_or(u64::MAX).max(1)
    }
}

impl Known {
    pub fn new() -> Self {
        Self(Cache::with_weighter(DOCUMENTS, TEXT, ByText))
    }

    pub fn get(&self, asked: &Asked) -> Option<Valid> {
        self.0.get(asked)
    }

    /// Keeps a document that was found valid.
    pub fn keep(&self, types: &Types, asked: Asked, document: &Arc<ExecutableDocument>) {
        let Some(operation) = operation_of(document, asked.1.as_deref()) else { return };
        let by_variables = !has_scalars_alone(types, &operation.node);
        self.0.insert(asked, Valid { document: Arc::clone(document), by_variables });
    }
}

/// Whether all variables are single scalars: what is wrong with one is found by `scalars` and `variables` as well as by
/// async-graphql's validation, which alone looks into enums, lists and input objects.
fn has_scalars_alone(types: &Types, operation: &OperationDefinition) -> bool {
    let is_scalar = |ty: &Type| match &ty.base {
        BaseType::Named(name) => types.is_scalar(name),
        BaseType::List(_) => false,
    };
    operation.variable_definitions.iter().all(|definition| is_scalar(&definition.node.var_type.node))
}
