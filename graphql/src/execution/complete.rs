//! Completing the answer: fields in the query's order, and the null of a failed non-null field passed up to the nearest
//! place that may be null (sections 6.4.3 and 6.4.4 of the specification).
//!
//! What a plan wrote is complete already and is copied as it is.

use async_graphql::parser::types::{BaseType, OperationDefinition, Selection, SelectionSet, Type};
use async_graphql::{Positioned, ServerError, Value};

use super::types::{Types, named};
use crate::plan::RAW;

/// The merged operation that an answer belongs to.
pub struct Completion<'a> {
    pub types: &'a Types,
    pub operation: Positioned<OperationDefinition>,
}

/// A null where none may be.
struct Null;

impl Completion<'_> {
    /// The whole response.
    pub fn body(&self, data: &Value, errors: &[ServerError]) -> String {
        let mut body = String::from("{\"data\":");
        let root = Types::root(self.operation.node.ty);
        let start = body.len();
        // An operation that failed altogether has no object to complete, so each of its fields is missing.
        let empty = Value::Object(async_graphql::indexmap::IndexMap::new());
        let data = if matches!(data, Value::Object(_)) { data } else { &empty };
        if self.object(data, Some(root), &self.operation.node.selection_set.node, &mut body).is_err() {
            body.truncate(start);
            body.push_str("null");
        }
        if !errors.is_empty() {
            body.push_str(",\"errors\":");
            push_json(&mut body, &errors);
        }
        body.push('}');
        body
    }

    /// A value of a type; without one, of introspection, where async-graphql leaves nothing out.
    fn value(
        &self,
        value: &Value,
        ty: Option<&Type>,
        below: &SelectionSet,
        out: &mut String,
    ) -> Result<(), Null> {
        let nullable = ty.is_none_or(|ty| ty.nullable);
        let start = out.len();
        let written = match value {
            Value::Null => Err(Null),
            Value::List(items) => {
                let inner = ty.and_then(|ty| match &ty.base {
                    BaseType::List(inner) => Some(&**inner),
                    BaseType::Named(_) => None,
                });
                self.list(items, inner, below, out)
            }
            Value::Object(fields) if fields.contains_key(RAW) => {
                if let Some(Value::String(json)) = fields.get(RAW) {
                    out.push_str(json);
                }
                Ok(())
            }
            Value::Object(_) if !below.items.is_empty() => self.object(value, ty.map(named), below, out),
            leaf => {
                push_json(out, leaf);
                Ok(())
            }
        };
        match written {
            Err(Null) if nullable => {
                out.truncate(start);
                out.push_str("null");
                Ok(())
            }
            written => written,
        }
    }

    fn list(
        &self,
        items: &[Value],
        inner: Option<&Type>,
        below: &SelectionSet,
        out: &mut String,
    ) -> Result<(), Null> {
        out.push('[');
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            self.value(item, inner, below, out)?;
        }
        out.push(']');
        Ok(())
    }

    fn object(
        &self,
        value: &Value,
        ty: Option<&str>,
        below: &SelectionSet,
        out: &mut String,
    ) -> Result<(), Null> {
        let Value::Object(fields) = value else {
            return Err(Null);
        };
        out.push('{');
        let start = out.len();
        for item in &below.items {
            let Selection::Field(field) = &item.node else {
                continue;
            };
            let key = &field.node.response_key().node;
            if out.len() > start {
                out.push(',');
            }
            push_json(out, key);
            out.push(':');
            let name = field.node.name.node.as_str();
            let field_type =
                if name == "__typename" { None } else { ty.and_then(|ty| self.types.field(ty, name)) };
            self.value(
                fields.get(key).unwrap_or(&Value::Null),
                field_type,
                &field.node.selection_set.node,
                out,
            )?;
        }
        out.push('}');
        Ok(())
    }
}

fn push_json(out: &mut String, value: &impl serde::Serialize) {
    // Names, values and errors of async-graphql always have a JSON form.
    out.push_str(&serde_json::to_string(value).unwrap_or_else(|_unprintable| "null".to_owned()));
}
