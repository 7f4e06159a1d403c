//! Sections 6.3 and 6.4 of the specification, one field of one object after another.
//!
//! It knows the schema and nothing of how the server reads: what a field holds it asks for alone. Merging, fragments,
//! directives, variables and the order of keys are its own work.

use std::cell::Cell;
use std::collections::{HashMap, HashSet};

use async_graphql_parser::Positioned;
use async_graphql_parser::types::{
    BaseType, Directive, DocumentOperations, ExecutableDocument, Field, OperationDefinition, Selection,
    SelectionSet, Type, VariableDefinition,
};
use async_graphql_value::Value as Given;
use serde_json::Value;

use super::asker::Asker;
use super::place::{Call, Place};
use crate::support::schema::{Schema, TypeRef};

struct Executor<'a> {
    schema: &'a Schema,
    asker: &'a Asker<'a>,
    document: &'a ExecutableDocument,
    /// Literals of the variables that are given or have a default.
    variables: HashMap<String, String>,
    failed: Cell<usize>,
}

pub struct Executed {
    pub data: String,
    /// How many fields failed.
    pub failed: usize,
}

/// A field that failed. It takes its root field with it, as docs/adr/0001-reading-by-plan.md has it, though a field in between
/// may be null.
struct Failed;

/// The fields of each response key, in order.
type Grouped<'a> = Vec<(&'a str, Vec<&'a Field>)>;

/// `ExecuteQuery`, of the only operation of a document.
pub fn execute(schema: &Schema, asker: &Asker<'_>, document: &ExecutableDocument, given: &Value) -> Executed {
    let operation = only_operation(document);
    let variables = variables(schema, operation, given);
    let executor = Executor { schema, asker, document, variables, failed: Cell::new(0) };
    let root = [&operation.selection_set.node];
    let data = executor.selection_set(&Place::default(), &schema.query, &root);
    let data = data.unwrap_or_else(|Failed| "null".to_owned());
    Executed { data, failed: executor.failed.get() }
}

pub fn only_operation(document: &ExecutableDocument) -> &OperationDefinition {
    match &document.operations {
        DocumentOperations::Single(operation) => &operation.node,
        DocumentOperations::Multiple(several) => {
            &several.values().next().expect("a document has an operation").node
        }
    }
}

/// `CoerceVariableValues`, as literals.
fn variables(schema: &Schema, operation: &OperationDefinition, given: &Value) -> HashMap<String, String> {
    let definitions = operation.variable_definitions.iter().map(|definition| &definition.node);
    let value = |definition: &VariableDefinition| {
        let name = definition.name.node.as_str();
        let default = || definition.default_value.as_ref().map(|default| default.node.to_string());
        let given = given.get(name).map(|value| literal(schema, named(&definition.var_type.node), value));
        Some((name.to_owned(), given.or_else(default)?))
    };
    definitions.filter_map(value).collect()
}

fn named(ty: &Type) -> &str {
    match &ty.base {
        BaseType::Named(name) => name,
        BaseType::List(inner) => named(inner),
    }
}

/// A JSON value of an input type, as it stands in a document.
fn literal(schema: &Schema, ty: &str, value: &Value) -> String {
    match value {
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(|item| literal(schema, ty, item)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(fields) => {
            let inputs = &schema.get(ty).inputs;
            let input =
                |name: &str| inputs.iter().find(|input| input.name == name).expect("a field of the input");
            let field = |(name, value): (&String, &Value)| {
                format!("{name}: {}", literal(schema, &input(name).ty.name, value))
            };
            format!("{{{}}}", fields.iter().map(field).collect::<Vec<_>>().join(", "))
        }
        Value::String(text) if schema.get(ty).kind == "ENUM" => text.clone(),
        other => other.to_string(),
    }
}

impl<'a> Executor<'a> {
    /// `ExecuteSelectionSet`, on the merged selection sets
    fn selection_set(&self, place: &Place, ty: &str, sets: &[&'a SelectionSet]) -> Result<String, Failed> {
        let (mut visited, mut grouped) = (HashSet::new(), Grouped::new());
        for set in sets {
            self.collect_fields(ty, set, &mut visited, &mut grouped);
        }
        let mut map = Vec::new();
        for (key, fields) in grouped {
            let value = if fields[0].name.node == "__typename" {
                format!("{ty:?}")
            } else {
                let may_be_null = place.is_root() && !self.type_of(ty, fields[0]).required;
                match self.field(place, ty, &fields) {
                    Err(Failed) if may_be_null => "null".to_owned(),
                    value => value?,
                }
            };
            map.push(format!("\"{key}\":{value}"));
        }
        Ok(format!("{{{}}}", map.join(",")))
    }

    /// `CollectFields`
    fn collect_fields(
        &self,
        ty: &str,
        set: &'a SelectionSet,
        visited: &mut HashSet<&'a str>,
        grouped: &mut Grouped<'a>,
    ) {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) if self.includes(&field.node.directives) => {
                    let key = field.node.response_key().node.as_str();
                    match grouped.iter_mut().find(|(other, _)| *other == key) {
                        Some((_, fields)) => fields.push(&field.node),
                        None => grouped.push((key, vec![&field.node])),
                    }
                }
                Selection::FragmentSpread(spread) if self.includes(&spread.node.directives) => {
                    let name = spread.node.fragment_name.node.as_str();
                    let fragment = &self.document.fragments[name].node;
                    if visited.insert(name) && self.applies(ty, &fragment.type_condition.node.on.node) {
                        self.collect_fields(ty, &fragment.selection_set.node, visited, grouped);
                    }
                }
                Selection::InlineFragment(fragment) if self.includes(&fragment.node.directives) => {
                    let condition = fragment.node.type_condition.as_ref();
                    if condition.is_none_or(|condition| self.applies(ty, &condition.node.on.node)) {
                        self.collect_fields(ty, &fragment.node.selection_set.node, visited, grouped);
                    }
                }
                _ => {}
            }
        }
    }

    fn includes(&self, directives: &[Positioned<Directive>]) -> bool {
        directives.iter().map(|directive| &directive.node).all(|directive| {
            let condition = directive.get_argument("if").and_then(|value| self.literal(&value.node));
            (condition.as_deref() == Some("true")) == (directive.name.node == "include")
        })
    }

    /// `DoesFragmentTypeApply`
    fn applies(&self, ty: &str, on: &str) -> bool {
        ty == on || self.schema.get(on).possible.iter().any(|possible| possible == ty)
    }

    /// `ExecuteField`
    fn field(&self, place: &Place, ty: &str, fields: &[&'a Field]) -> Result<String, Failed> {
        let call = self.call(fields[0]);
        let declared = self.type_of(ty, fields[0]);
        let held = self.schema.get(&declared.name);
        let has_id = held.fields.iter().any(|field| field.name == "id");
        let asked = match (self.schema.is_composite(&held.name), has_id) {
            (true, true) => format!("{call} {{ __typename id }}"),
            (true, false) => format!("{call} {{ __typename }}"),
            (false, _) => call.to_string(),
        };
        let read = self.asker.read(place, ty, &call.name, &asked);
        let Some(value) = read else {
            self.failed.set(self.failed.get() + 1);
            return Err(Failed);
        };
        assert!(value != "null" || !declared.required, "a null of {ty}.{}, which is never null", call.name);
        if !self.schema.is_composite(&held.name) {
            return Ok(value);
        }
        let below: Vec<_> = fields.iter().map(|field| &field.selection_set.node).collect();
        let value = serde_json::from_str(&value).expect("JSON");
        self.complete(place, &call, &value, &below)
    }

    /// `CompleteValue`, of objects and lists of them
    fn complete(
        &self,
        place: &Place,
        call: &Call,
        value: &Value,
        below: &[&'a SelectionSet],
    ) -> Result<String, Failed> {
        let object = |item: Option<usize>, object: &Value| {
            let Some(ty) = object["__typename"].as_str() else { return Ok("null".to_owned()) };
            self.selection_set(&place.below(self.schema, call, item, object), ty, below)
        };
        let Value::Array(items) = value else { return object(None, value) };
        let items = items.iter().enumerate().map(|(at, item)| object(Some(at), item));
        Ok(format!("[{}]", items.collect::<Result<Vec<_>, _>>()?.join(",")))
    }

    fn type_of(&self, ty: &str, field: &Field) -> &TypeRef {
        &self.schema.get(ty).field(&field.name.node).ty
    }

    fn call(&self, field: &Field) -> Call {
        let given = field
            .arguments
            .iter()
            .filter_map(|(name, value)| Some((name.node.to_string(), self.literal(&value.node)?)));
        Call { name: field.name.node.to_string(), arguments: given.collect() }
    }

    /// A value with its variables put in; nothing where it is a variable that is not given.
    fn literal(&self, value: &Given) -> Option<String> {
        match value {
            Given::Variable(name) => self.variables.get(name.as_str()).cloned(),
            Given::List(items) => {
                let item = |item| self.literal(item).unwrap_or_else(|| "null".to_owned());
                Some(format!("[{}]", items.iter().map(item).collect::<Vec<_>>().join(", ")))
            }
            Given::Object(fields) => {
                let field = |(name, value)| Some(format!("{name}: {}", self.literal(value)?));
                Some(format!("{{{}}}", fields.iter().filter_map(field).collect::<Vec<_>>().join(", ")))
            }
            other => Some(other.to_string()),
        }
    }
}
