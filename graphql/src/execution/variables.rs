//! That every variable without which an operation cannot be read is given, before anything of it runs: `CoerceVariableValues`,
//! section 6.1.2 of the specification. async-graphql finds out field by field, when earlier mutations are done.

use async_graphql::parser::types::{OperationDefinition, VariableDefinition};
use async_graphql::{Positioned, ServerError, Value, Variables};

use crate::errors::bad_request;

pub fn check(operation: &OperationDefinition, variables: &Variables) -> Result<(), ServerError> {
    let missing = |definition: &&Positioned<VariableDefinition>| {
        let given = variables.get(&definition.node.name.node).or_else(|| definition.node.default_value());
        !definition.node.var_type.node.nullable && given.is_none_or(|given| *given == Value::Null)
    };
    operation.variable_definitions.iter().find(missing).map_or(Ok(()), |definition| {
        let message = format!(
            "The variable ${} of type {} has no value.",
            definition.node.name.node, definition.node.var_type.node
        );
        Err(ServerError { locations: vec![definition.pos], ..bad_request(message) })
    })
}
