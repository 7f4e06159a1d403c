//! async-graphql's rules pass over `__typename` with all that is on it, so that a variable used only there counts as unused,
//! and a directive that is not there counts for nothing. For them the directives are moved to an inline fragment around it,
//! which means the same. Arguments and fields of it are refused here.

use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, Field, InlineFragment, Selection, SelectionSet,
};
use async_graphql::{Positioned, ServerError};

use super::positioned;
use crate::errors::bad_request;

/// Refuses a `__typename` with arguments or fields, which would be answered as if it had none.
pub fn check(document: &ExecutableDocument) -> Result<(), ServerError> {
    let operations = document.operations.iter().map(|(_, operation)| &operation.node.selection_set);
    let fragments = document.fragments.values().map(|fragment| &fragment.node.selection_set);
    operations.chain(fragments).try_for_each(|set| is_bare(&set.node))
}

fn is_bare(set: &SelectionSet) -> Result<(), ServerError> {
    set.items.iter().try_for_each(|item| match &item.node {
        Selection::Field(field) if field.node.name.node == "__typename" => {
            if field.node.arguments.is_empty() && field.node.selection_set.node.items.is_empty() {
                return Ok(());
            }
            let error = bad_request("The field \"__typename\" has neither arguments nor fields.");
            Err(ServerError { locations: vec![field.pos], ..error })
        }
        Selection::Field(field) => is_bare(&field.node.selection_set.node),
        Selection::InlineFragment(fragment) => is_bare(&fragment.node.selection_set.node),
        Selection::FragmentSpread(_) => Ok(()),
    })
}

pub fn expose_directives(document: &mut ExecutableDocument) {
    let operations = match &mut document.operations {
        DocumentOperations::Single(operation) => vec![operation],
        DocumentOperations::Multiple(operations) => operations.values_mut().collect(),
    };
    for operation in operations {
        expose(&mut operation.node.selection_set.node);
    }
    for fragment in document.fragments.values_mut() {
        expose(&mut fragment.node.selection_set.node);
    }
}

fn expose(set: &mut SelectionSet) {
    for item in &mut set.items {
        match &mut item.node {
            Selection::Field(field) if field.node.name.node == "__typename" => {
                if !field.node.directives.is_empty() {
                    item.node = wrapped(field);
                }
            }
            Selection::Field(field) => expose(&mut field.node.selection_set.node),
            Selection::InlineFragment(fragment) => expose(&mut fragment.node.selection_set.node),
            Selection::FragmentSpread(_) => {}
        }
    }
}

fn wrapped(field: &mut Positioned<Field>) -> Selection {
    let directives = std::mem::take(&mut field.node.directives);
    let item = Positioned::new(Selection::Field(field.clone()), field.pos);
    let fragment = InlineFragment {
        type_condition: None,
        directives,
        selection_set: positioned(SelectionSet { items: vec![item] }),
    };
    Selection::InlineFragment(Positioned::new(fragment, field.pos))
}
