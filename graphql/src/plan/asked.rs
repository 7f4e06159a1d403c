//! What is asked of a connection, told before anything is read.

use async_graphql::Context as FieldContext;
use async_graphql::parser::types::{Field, Selection, SelectionSet};
use domain::Asked;

use super::Object;
use super::fields::Declared;

/// What the selection of a connection asks of its page, so that nothing is counted or read that nobody asked for.
pub fn asked(connection: &Field) -> Asked {
    let selects = |name| below(connection, name).next().is_some();
    Asked { count: selects("totalCount"), rows: ["nodes", "edges", "pageInfo"].into_iter().any(selects) }
}

/// Whether anyone asks how many objects a connection below those of this one holds, and for nothing else of it.
pub fn counts(connection: &Field, name: &str) -> bool {
    let mut inner = nodes(connection).flat_map(|node| below(node, name)).map(asked).peekable();
    inner.peek().is_some() && inner.all(|asked| asked == Asked { count: true, rows: false })
}

/// Whether an operation asks for nothing but this connection, a field of its root, and below its objects of type `C` for nothing
/// that is not in their rows, but for the connections of the name `counted`.
pub fn is_all<C: Object>(connection: &FieldContext<'_>, counted: Option<&str>) -> bool {
    let declared = Declared::<C>::get();
    let is_read = |field: &Field| {
        let name = field.name.node.as_str();
        Some(name) == counted || !declared.loads(name)
    };
    let root = &connection.query_env.operation.node.selection_set.node;
    fields_alone(root).is_some_and(|fields| fields.len() == 1)
        && nodes(&connection.item.node).all(|node| {
            fields_alone(&node.selection_set.node).is_some_and(|fields| fields.into_iter().all(is_read))
        })
}

/// The fields of a selection; none where others may be for objects of some type. What is spread is a mark.
fn fields_alone(set: &SelectionSet) -> Option<Vec<&Field>> {
    let fields = set.items.iter().filter_map(|item| match &item.node {
        Selection::Field(field) => Some(Some(&field.node)),
        Selection::InlineFragment(_) => Some(None),
        Selection::FragmentSpread(_) => None,
    });
    fields.collect()
}

/// The selections of a connection's objects.
fn nodes(connection: &Field) -> impl Iterator<Item = &Field> {
    let of_edges = below(connection, "edges").flat_map(|edge| below(edge, "node"));
    below(connection, "nodes").chain(of_edges)
}

/// The fields of that name that are selected directly below.
fn below<'a>(field: &'a Field, name: &'a str) -> impl Iterator<Item = &'a Field> {
    let items = field.selection_set.node.items.iter();
    items.filter_map(move |item| match &item.node {
        Selection::Field(inner) if inner.node.name.node == name => Some(&inner.node),
        _ => None,
    })
}
