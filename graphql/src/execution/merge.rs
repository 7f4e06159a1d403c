//! Merging of fields by response key: `CollectFields` of the specification (section 6.3.2), for the whole operation.
//!
//! The result has no `@skip` or `@include`, and under an object type each key stands once, and after them the [`mark`]. Under
//! an interface it has one inline fragment for each object type that can be there, merged likewise.

use std::collections::HashSet;

use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{
    Directive, ExecutableDocument, Field, InlineFragment, OperationDefinition, Selection, SelectionSet,
    TypeCondition,
};
use async_graphql::{Name, Positioned, Value as Given, Variables};
use async_graphql_value::Value;

use super::types::{Types, named};
use super::{mark, positioned};

/// The operation of a validated document, merged.
pub fn merged(
    types: &Types,
    document: &ExecutableDocument,
    operation: &Positioned<OperationDefinition>,
    variables: &Variables,
) -> Positioned<OperationDefinition> {
    let merge = Merge { types, document, operation: &operation.node, variables };
    let mut operation = operation.clone();
    let root = Types::root(operation.node.ty);
    operation.node.selection_set.node = merge.set(Some(root), &[&operation.node.selection_set.node]);
    operation
}

struct Merge<'a> {
    types: &'a Types,
    document: &'a ExecutableDocument,
    operation: &'a OperationDefinition,
    variables: &'a Variables,
}

type Collected<'s> = IndexMap<Name, (&'s Positioned<Field>, Vec<&'s SelectionSet>)>;

impl<'a> Merge<'a> {
    /// `parent` is none for the types of introspection, all of which are object types.
    fn set<'s>(&self, parent: Option<&str>, sets: &[&'s SelectionSet]) -> SelectionSet
    where
        'a: 's,
    {
        let Some(possible) = parent.and_then(|parent| self.types.possible(parent)) else {
            return self.set_of_object(parent, sets);
        };
        let fragments = possible.iter().map(|object| {
            let fragment = InlineFragment {
                type_condition: Some(positioned(TypeCondition { on: positioned(Name::new(object)) })),
                directives: Vec::new(),
                selection_set: positioned(self.set_of_object(Some(object), sets)),
            };
            positioned(Selection::InlineFragment(positioned(fragment)))
        });
        SelectionSet { items: fragments.collect() }
    }

    fn set_of_object<'s>(&self, object: Option<&str>, sets: &[&'s SelectionSet]) -> SelectionSet
    where
        'a: 's,
    {
        let mut collected = Collected::new();
        let mut visited = HashSet::new();
        for set in sets {
            self.collect(object, set, &mut visited, &mut collected);
        }
        let fields = collected.into_values().map(|(field, below)| {
            let ty = object.and_then(|object| self.types.field(object, &field.node.name.node)).map(named);
            let mut merged = field.clone();
            merged.node.directives.retain(|directive| !is_condition(&directive.node));
            merged.node.selection_set.node = self.set(ty, &below);
            Positioned::new(Selection::Field(merged), field.pos)
        });
        // A leaf has nothing below.
        let mark = sets.iter().any(|set| !set.items.is_empty()).then(|| mark::selection(object));
        SelectionSet { items: fields.chain(mark).collect() }
    }

    fn collect<'s>(
        &self,
        object: Option<&str>,
        set: &'s SelectionSet,
        visited: &mut HashSet<&'s Name>,
        collected: &mut Collected<'s>,
    ) where
        'a: 's,
    {
        for item in &set.items {
            if !self.included(item.node.directives()) {
                continue;
            }
            let (condition, below) = match &item.node {
                Selection::Field(field) => {
                    let key = field.node.response_key().node.clone();
                    let (_, sets) = collected.entry(key).or_insert_with(|| (field, Vec::new()));
                    sets.push(&field.node.selection_set.node);
                    continue;
                }
                Selection::InlineFragment(fragment) => {
                    (fragment.node.type_condition.as_ref(), &fragment.node.selection_set.node)
                }
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    let Some(fragment) = self.document.fragments.get(name) else {
                        continue;
                    };
                    if !visited.insert(name) {
                        continue;
                    }
                    (Some(&fragment.node.type_condition), &fragment.node.selection_set.node)
                }
            };
            let fits = |condition: &Positioned<TypeCondition>| {
                object.is_none_or(|object| self.types.fits(object, &condition.node.on.node))
            };
            if condition.is_none_or(fits) {
                self.collect(object, below, visited, collected);
            }
        }
    }

    fn included(&self, directives: &[Positioned<Directive>]) -> bool {
        directives.iter().filter(|directive| is_condition(&directive.node)).all(|directive| {
            let condition = directive.node.get_argument("if").is_some_and(|value| self.is_true(&value.node));
            condition == (directive.node.name.node == "include")
        })
    }

    fn is_true(&self, value: &Value) -> bool {
        let given = match value {
            Value::Boolean(given) => return *given,
            Value::Variable(name) => self.variables.get(name),
            _ => None,
        };
        let default = || {
            let Value::Variable(name) = value else { return None };
            let definition =
                self.operation.variable_definitions.iter().find(|one| one.node.name.node == *name)?;
            definition.node.default_value()
        };
        matches!(given.or_else(default), Some(Given::Boolean(true)))
    }
}

fn is_condition(directive: &Directive) -> bool {
    matches!(directive.name.node.as_str(), "skip" | "include")
}
