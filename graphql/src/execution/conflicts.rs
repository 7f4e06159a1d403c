//! Whether fields of one response key are the same field: Field Selection Merging, section 5.3.2 of the specification.
//!
//! async-graphql compares fields of one selection set only. Merging goes deeper, and of two fields that differ it would
//! silently drop one.

use std::collections::HashSet;

use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{
    BaseType, ExecutableDocument, Field, OperationType, Selection, SelectionSet, Type,
};
use async_graphql::{Name, Positioned, ServerError};

use super::types::{Types, named};
use crate::errors::bad_request;

/// Selections looked at, each as often as it is compared with others. Fields of many types in many layers multiply.
const MOST_COMPARED: u32 = 200_000;

/// Refuses a valid document in which fields cannot be merged.
pub fn check(types: &Types, document: &ExecutableDocument) -> Result<(), ServerError> {
    let mut conflicts = Conflicts { types, document, compared: 0 };
    for (_, operation) in document.operations.iter() {
        let root = Types::root(operation.node.ty);
        let keys = conflicts.collect(&[(Some(root), &operation.node.selection_set.node)])?;
        if operation.node.ty == OperationType::Subscription {
            single_root_field(&keys)?;
        }
        for fields in keys.values() {
            conflicts.same_shape(fields)?;
            conflicts.same_field(fields)?;
        }
    }
    Ok(())
}

/// Single Root Field, section 5.2.4.1: a subscription has one source of events.
fn single_root_field(keys: &ByKey<'_>) -> Result<(), ServerError> {
    let mut fields = keys.values().flatten();
    let introspects = fields.any(|found| found.field.node.name.node.starts_with("__"));
    if keys.len() == 1 && !introspects {
        return Ok(());
    }
    Err(bad_request("A subscription has exactly one field, and none of introspection."))
}

struct Conflicts<'a> {
    types: &'a Types,
    document: &'a ExecutableDocument,
    compared: u32,
}

/// A field where it was found. Of introspection, neither the type that it is on nor its own is known; there each level has but
/// one type.
#[derive(Clone, Copy)]
struct Found<'a> {
    parent: Option<&'a str>,
    ty: Option<&'a Type>,
    field: &'a Positioned<Field>,
}

type ByKey<'a> = IndexMap<&'a str, Vec<Found<'a>>>;
type Sets<'a, 's> = &'s [(Option<&'a str>, &'a SelectionSet)];

impl<'a> Conflicts<'a> {
    /// `SameResponseShape`: a client can read the key whatever the object is.
    fn same_shape(&mut self, fields: &[Found<'a>]) -> Result<(), ServerError> {
        let [first, others @ ..] = fields else { return Ok(()) };
        if let Some(other) = others.iter().find(|other| !self.shapes_match(first.ty, other.ty)) {
            return Err(conflict(first.field, other.field));
        }
        for below in self.below(fields)?.values() {
            self.same_shape(below)?;
        }
        Ok(())
    }

    fn shapes_match(&self, one: Option<&Type>, other: Option<&Type>) -> bool {
        let (Some(one), Some(other)) = (one, other) else { return true };
        one.nullable == other.nullable
            && match (&one.base, &other.base) {
                (BaseType::List(one), BaseType::List(other)) => self.shapes_match(Some(one), Some(other)),
                (BaseType::Named(one), BaseType::Named(other)) => {
                    one == other || (self.types.is_composite(one) && self.types.is_composite(other))
                }
                (BaseType::List(_), BaseType::Named(_)) | (BaseType::Named(_), BaseType::List(_)) => false,
            }
    }

    /// The rest of `FieldsInSetCanMerge`: fields that can meet on one object are one field.
    fn same_field(&mut self, fields: &[Found<'a>]) -> Result<(), ServerError> {
        for meeting in self.meeting(fields) {
            let [first, others @ ..] = meeting.as_slice() else { continue };
            if let Some(other) = others.iter().find(|other| !is_same(&first.field.node, &other.field.node)) {
                return Err(conflict(first.field, other.field));
            }
            for below in self.below(&meeting)?.values() {
                self.same_field(below)?;
            }
        }
        Ok(())
    }

    /// The fields that can meet on one object: those of each object type with those of all interfaces.
    fn meeting(&self, fields: &[Found<'a>]) -> Vec<Vec<Found<'a>>> {
        let mut objects: IndexMap<&str, Vec<Found<'a>>> = IndexMap::new();
        let mut anywhere = Vec::new();
        for found in fields {
            match found.parent.filter(|parent| self.types.possible(parent).is_none()) {
                Some(object) => objects.entry(object).or_default().push(*found),
                None => anywhere.push(*found),
            }
        }
        if objects.is_empty() {
            return vec![anywhere];
        }
        objects.into_values().map(|fields| [fields, anywhere.clone()].concat()).collect()
    }

    fn below(&mut self, fields: &[Found<'a>]) -> Result<ByKey<'a>, ServerError> {
        let below = |found: &Found<'a>| (found.ty.map(named), &found.field.node.selection_set.node);
        self.collect(&fields.iter().map(below).collect::<Vec<_>>())
    }

    /// The fields of selection sets by key, with those of all fragments, whether or not they are skipped.
    fn collect(&mut self, sets: Sets<'a, '_>) -> Result<ByKey<'a>, ServerError> {
        let (mut fields, mut visited) = (ByKey::new(), HashSet::new());
        for (parent, set) in sets {
            self.add(*parent, set, &mut visited, &mut fields)?;
        }
        Ok(fields)
    }

    fn add(
        &mut self,
        parent: Option<&'a str>,
        set: &'a SelectionSet,
        visited: &mut HashSet<&'a Name>,
        fields: &mut ByKey<'a>,
    ) -> Result<(), ServerError> {
        for item in &set.items {
            self.compared += 1;
            if self.compared > MOST_COMPARED {
                return Err(bad_request("The document has too many fields that could be merged."));
            }
            match &item.node {
                Selection::Field(field) => {
                    let ty = parent.and_then(|parent| self.types.field(parent, &field.node.name.node));
                    let key = field.node.response_key().node.as_str();
                    fields.entry(key).or_default().push(Found { parent, ty, field });
                }
                Selection::InlineFragment(fragment) => {
                    let condition = fragment.node.type_condition.as_ref().map(|on| on.node.on.node.as_str());
                    self.add(condition.or(parent), &fragment.node.selection_set.node, visited, fields)?;
                }
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    if let Some(fragment) = self.document.fragments.get(name).filter(|_| visited.insert(name))
                    {
                        let on = fragment.node.type_condition.node.on.node.as_str();
                        self.add(Some(on), &fragment.node.selection_set.node, visited, fields)?;
                    }
                }
            }
        }
        Ok(())
    }
}

fn is_same(one: &Field, other: &Field) -> bool {
    let given = |(name, value): &(Positioned<Name>, Positioned<_>)| {
        other.get_argument(&name.node).is_some_and(|other| other.node == value.node)
    };
    one.name.node == other.name.node
        && one.arguments.len() == other.arguments.len()
        && one.arguments.iter().all(given)
}

fn conflict(one: &Positioned<Field>, other: &Positioned<Field>) -> ServerError {
    let key = &one.node.response_key().node;
    let message = format!("{key:?} stands for different fields here. Give one of them another name.");
    ServerError { locations: vec![one.pos, other.pos], ..bad_request(message) }
}
