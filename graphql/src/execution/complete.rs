//! Completing the answer: fields and errors in the query's order, and the null of a failed non-null field passed up to the
//! nearest place that may be null (sections 6.4.3 and 6.4.4 of the specification).
//!
//! What a plan wrote is complete already and is copied as it is.

use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{
    BaseType, InlineFragment, OperationDefinition, Selection, SelectionSet, Type,
};
use async_graphql::{Name, Positioned, ServerError, Value};

use super::mark;
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
        let empty = IndexMap::new();
        let fields = if let Value::Object(fields) = data { fields } else { &empty };
        if self.object(fields, Some(root), &self.operation.node.selection_set.node, &mut body).is_err() {
            body.truncate(start);
            body.push_str("null");
        }
        if !errors.is_empty() {
            // Collected as fields were done, which tells how long each took and differs from one time to the next.
            let mut errors: Vec<_> = errors.iter().collect();
            errors.sort_by_key(|error| error.locations.first().copied());
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
            Value::Object(fields) if !below.items.is_empty() => {
                self.object(fields, ty.map(named), below, out)
            }
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
        fields: &IndexMap<Name, Value>,
        ty: Option<&str>,
        below: &SelectionSet,
        out: &mut String,
    ) -> Result<(), Null> {
        let ty = mark::read(fields).or(ty);
        out.push('{');
        let start = out.len();
        for item in &of_type(below, ty).items {
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
            let field_type = ty.and_then(|ty| self.types.field(ty, name));
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

/// What was merged for an object type: below an interface, the inline fragment on that type.
fn of_type<'s>(merged: &'s SelectionSet, object: Option<&str>) -> &'s SelectionSet {
    let fragments = merged.items.iter().filter_map(|item| match &item.node {
        Selection::InlineFragment(fragment) => Some(&fragment.node),
        Selection::Field(_) | Selection::FragmentSpread(_) => None,
    });
    let on_type = |fragment: &&InlineFragment| {
        fragment
            .type_condition
            .as_ref()
            .is_some_and(|condition| Some(condition.node.on.node.as_str()) == object)
    };
    fragments.into_iter().find(on_type).map_or(merged, |fragment| &fragment.selection_set.node)
}

fn push_json(out: &mut String, value: &impl serde::Serialize) {
    // Names, values and errors of async-graphql always have a JSON form.
    out.push_str(&serde_json::to_string(value).unwrap_or_else(|_unprintable| "null".to_owned()));
}
