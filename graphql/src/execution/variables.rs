//! That variables are of types that exist (section 5.8.2 of the specification), and that every one without which an operation
//! cannot be read is given before anything of it runs: `CoerceVariableValues`, section 6.1.2. async-graphql panics at the
//! former where the variable has a list by default, and finds the latter out field by field, when earlier mutations are done.

use async_graphql::parser::types::{ExecutableDocument, OperationDefinition, VariableDefinition};
use async_graphql::{Positioned, ServerError, Value, Variables};

use super::types::{Types, named};
use crate::errors::bad_request;

/// To be asked before async-graphql validates.
pub fn are_of_known_types(types: &Types, document: &ExecutableDocument) -> Result<(), ServerError> {
    let mut definitions =
        document.operations.iter().flat_map(|(_, operation)| &operation.node.variable_definitions);
    let unknown = definitions.find(|definition| !types.is_known(named(&definition.node.var_type.node)));
    unknown.map_or(Ok(()), |definition| {
        let message = format!("Unknown type \"{}\"", named(&definition.node.var_type.node));
        Err(ServerError { locations: vec![definition.pos], ..bad_request(message) })
    })
}

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
