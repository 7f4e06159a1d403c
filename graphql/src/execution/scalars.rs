//! That every scalar of an input is one, by the name of the field that it stands in. async-graphql finds out when the field
//! is resolved, when earlier mutations are done, and names the types around it only.

use async_graphql::parser::types::{
    BaseType, ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet, Type,
};
use async_graphql::{ErrorExtensionValues, Name, Pos, Positioned, ServerError, Value, Variables};

use super::types::{Types, named};
use crate::errors::bad_request;
use crate::scalars::expected;

type Written = async_graphql_value::Value;

pub fn check(
    types: &Types,
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    variables: &Variables,
) -> Result<(), Vec<ServerError>> {
    let mut found = Found { types, errors: Vec::new() };
    found.in_selection(Types::root(operation.ty), &operation.selection_set.node);
    for fragment in document.fragments.values() {
        let on = fragment.node.type_condition.node.on.node.as_str();
        found.in_selection(on, &fragment.node.selection_set.node);
    }
    for definition in &operation.variable_definitions {
        let name = &definition.node.name.node;
        if let Some(value) = variables.get(name) {
            let mut place = vec![name.to_string()];
            found.in_given(&definition.node.var_type.node, value, definition.pos, &mut place);
        }
    }
    if found.errors.is_empty() { Ok(()) } else { Err(found.errors) }
}

struct Found<'a> {
    types: &'a Types,
    errors: Vec<ServerError>,
}

impl Found<'_> {
    fn in_selection(&mut self, parent: &str, set: &SelectionSet) {
        for item in &set.items {
            match &item.node {
                Selection::Field(field) => self.in_field(parent, &field.node),
                Selection::InlineFragment(fragment) => {
                    let condition = fragment.node.type_condition.as_ref();
                    let on = condition.map_or(parent, |condition| condition.node.on.node.as_str());
                    self.in_selection(on, &fragment.node.selection_set.node);
                }
                // Each fragment is looked into once, by itself.
                Selection::FragmentSpread(_) => {}
            }
        }
    }

    fn in_field(&mut self, parent: &str, field: &Field) {
        let name = field.name.node.as_str();
        for (argument, value) in &field.arguments {
            if let Some(ty) = self.types.argument(parent, name, &argument.node) {
                let mut place = vec![argument.node.to_string()];
                self.in_written(ty, value, &value.node, &mut place);
            }
        }
        let types = self.types;
        if let Some(ty) = types.field(parent, name) {
            self.in_selection(named(ty), &field.selection_set.node);
        }
    }

    /// A value in the document. Variables in it are looked at by themselves.
    fn in_written(&mut self, ty: &Type, at: &Positioned<Written>, value: &Written, place: &mut Vec<String>) {
        let types = self.types;
        match (value, &ty.base) {
            (Written::Variable(_) | Written::Null, _) => {}
            (Written::List(items), BaseType::List(inner)) => {
                for (index, item) in items.iter().enumerate() {
                    within(place, &index, |place| self.in_written(inner, at, item, place));
                }
            }
            (_, BaseType::List(inner)) => self.in_written(inner, at, value, place),
            (Written::Object(fields), BaseType::Named(name)) => {
                for (field, value) in fields {
                    if let Some(ty) = types.input(name).and_then(|input| input.get(field.as_str())) {
                        within(place, field, |place| self.in_written(ty, at, value, place));
                    }
                }
            }
            (scalar, BaseType::Named(name)) => {
                if let Some(scalar) = scalar.clone().into_const() {
                    self.scalar(name, &scalar, at.pos, place);
                }
            }
        }
    }

    /// A value that came beside the document.
    fn in_given(&mut self, ty: &Type, value: &Value, pos: Pos, place: &mut Vec<String>) {
        let types = self.types;
        match (value, &ty.base) {
            (Value::Null, _) => {}
            (Value::List(items), BaseType::List(inner)) => {
                for (index, item) in items.iter().enumerate() {
                    within(place, &index, |place| self.in_given(inner, item, pos, place));
                }
            }
            (_, BaseType::List(inner)) => self.in_given(inner, value, pos, place),
            (Value::Object(fields), BaseType::Named(name)) => {
                for (field, value) in fields {
                    if let Some(ty) = types.input(name).and_then(|input| input.get(field.as_str())) {
                        within(place, field, |place| self.in_given(ty, value, pos, place));
                    }
                }
            }
            (scalar, BaseType::Named(name)) => self.scalar(name, scalar, pos, place),
        }
    }

    fn scalar(&mut self, name: &Name, value: &Value, pos: Pos, place: &[String]) {
        if let Some(expected) = expected(name, value) {
            self.errors.push(refused(place, expected, pos));
        }
    }
}

fn within(place: &mut Vec<String>, step: &impl ToString, look: impl FnOnce(&mut Vec<String>)) {
    place.push(step.to_string());
    look(place);
    place.pop();
}

/// The error of a value, with the way from the input to it.
fn refused(place: &[String], expected: &str, pos: Pos) -> ServerError {
    let message = format!("Invalid value for \"{}\": this is not {expected}.", place.join("."));
    // Fields are told as the domain tells them: from the input on.
    let field = match place {
        [_input, rest @ ..] if !rest.is_empty() => rest,
        whole => whole,
    };
    let fault = [
        (Name::new("field"), field.iter().map(|step| Value::String(step.clone())).collect()),
        (Name::new("code"), Value::String("BAD_USER_INPUT".to_owned())),
        (Name::new("message"), Value::String(format!("This is not {expected}."))),
    ];
    let mut error = ServerError { locations: vec![pos], ..bad_request(message) };
    let extensions = error.extensions.get_or_insert_with(ErrorExtensionValues::default);
    extensions.set("faults", Value::List(vec![Value::Object(fault.into_iter().collect())]));
    error
}

/// Names the field of a number in the document that is too large for any type, which the parser itself refuses.
pub fn of_number(query: &str, error: ServerError) -> ServerError {
    if !error.message.starts_with("invalid number") {
        return error;
    }
    let named = error.locations.first().and_then(|pos| Some((*pos, name_before(query, *pos)?)));
    match named {
        Some((pos, name)) => refused(&[name], "a number that can be kept", pos),
        None => error,
    }
}

/// The name before a value: `numerator` of `numerator: [1e309`.
fn name_before(query: &str, pos: Pos) -> Option<String> {
    let line = query.lines().nth(pos.line.checked_sub(1)?)?;
    let before: String = line.chars().take(pos.column.checked_sub(1)?).collect();
    let before = before.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '[' | ',' | '-'));
    let name = before.strip_suffix(':')?.trim_end();
    let start = name.rfind(|c: char| !c.is_ascii_alphanumeric() && c != '_').map_or(0, |at| at + 1);
    name.get(start..).filter(|name| !name.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_name_before_a_value() {
        let query = "{ a(b: {c:\n  numerator :  1e309}) }";
        assert_eq!(name_before(query, Pos { line: 2, column: 16 }).as_deref(), Some("numerator"));
        assert_eq!(name_before("{ a(b: [-1e309]) }", Pos { line: 1, column: 9 }).as_deref(), Some("b"));
        assert_eq!(name_before("1e309", Pos { line: 1, column: 1 }), None);
        assert_eq!(name_before("", Pos { line: 3, column: 3 }), None);
    }
}
