//! A mark on each object of an answer: the type it is of.
//!
//! Without it the object of an interface cannot be told, and an object with nothing in it, because all was skipped or failed,
//! comes back from async-graphql as null. Plans pass over the spreads that make marks: what they write is typed already.

use std::collections::HashMap;

use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{
    Field, FragmentDefinition, FragmentSpread, InlineFragment, Selection, SelectionSet, TypeCondition,
};
use async_graphql::{Name, Positioned, Value};

use super::positioned;
use super::types::Types;

/// Where the mark stands. No name of GraphQL, so that no client's field can be there.
const KEY: &str = "$type";

pub type Marks = HashMap<Name, Positioned<FragmentDefinition>>;

/// The fragments that the marks of a schema's object types spread.
pub fn of(types: &Types) -> Marks {
    let mark = |object| {
        let fragment = FragmentDefinition {
            type_condition: positioned(TypeCondition { on: positioned(Name::new(object)) }),
            directives: Vec::new(),
            selection_set: positioned(type_name()),
        };
        (Name::new(object), positioned(fragment))
    };
    types.objects().map(mark).collect()
}

/// Those of the marks that a selection spreads: most operations ask for a few of many types.
pub fn used(marks: &Marks, set: &SelectionSet) -> Marks {
    let mut used = Marks::new();
    collect(marks, set, &mut used);
    used
}

fn collect(marks: &Marks, set: &SelectionSet, used: &mut Marks) {
    for item in &set.items {
        match &item.node {
            Selection::Field(field) => collect(marks, &field.node.selection_set.node, used),
            Selection::InlineFragment(fragment) => collect(marks, &fragment.node.selection_set.node, used),
            Selection::FragmentSpread(spread) => {
                let name = &spread.node.fragment_name.node;
                if let Some(mark) = marks.get(name).filter(|_| !used.contains_key(name)) {
                    used.insert(name.clone(), mark.clone());
                }
            }
        }
    }
}

/// The selection of a mark; without a type, in introspection, where there are no plans.
pub fn selection(object: Option<&str>) -> Positioned<Selection> {
    positioned(match object {
        Some(object) => Selection::FragmentSpread(positioned(FragmentSpread {
            fragment_name: positioned(Name::new(object)),
            directives: Vec::new(),
        })),
        None => Selection::InlineFragment(positioned(InlineFragment {
            type_condition: None,
            directives: Vec::new(),
            selection_set: positioned(type_name()),
        })),
    })
}

/// The type of a marked object.
pub fn read(fields: &IndexMap<Name, Value>) -> Option<&str> {
    match fields.get(KEY) {
        Some(Value::String(object)) => Some(object),
        _ => None,
    }
}

fn type_name() -> SelectionSet {
    let field = Field {
        alias: Some(positioned(Name::new(KEY))),
        name: positioned(Name::new("__typename")),
        arguments: Vec::new(),
        directives: Vec::new(),
        selection_set: positioned(SelectionSet::default()),
    };
    SelectionSet { items: vec![positioned(Selection::Field(positioned(field)))] }
}
