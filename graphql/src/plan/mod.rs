//! Reading by plan: one statement for each relation that a query names, whatever the number of rows.
//!
//! An object type is a declaration of its fields ([`Object`]). For a root field the selection is compiled once into a
//! [`Plan`]; each edge then loads the children of all parents together, and holds them; at last the answer is written in
//! one go, in the query's order. A field that would load for each row on its own cannot be declared. See
//! `docs/adr/0001-reading-by-plan.md`.

mod asked;
mod connection;
mod edge;
mod fields;
mod leaf;
mod object;
mod output;
mod value;
mod writer;

pub use asked::{asked, counts, is_all};
pub use fields::{Arguments, Fields, argument};
pub use leaf::Leaf;
pub use object::Object;
pub(crate) use output::node_types;
pub use output::{AnyNode, Followed, List, NodeType, One, Paged, Required, node_type};
pub use writer::{Json, RAW};

use async_graphql::parser::types::{Selection, SelectionSet};
use async_graphql::{ContextSelectionSet, ServerResult};
use domain::Context;
use futures_util::future::BoxFuture;

use fields::Declared;

/// The boxed future of a load.
pub type Loading<'a, T> = BoxFuture<'a, domain::Result<T>>;

/// What a selection asks of rows of `T`: compiled, then loaded, then written.
pub struct Plan<T> {
    entries: Vec<(String, Box<dyn FieldPlan<T>>)>,
}

/// One selected field.
pub trait FieldPlan<T>: Send + Sync {
    /// Loads what the field needs for all rows, and what lies below. Most fields need nothing but their row.
    fn load<'a>(&'a mut self, _context: &'a Context, _rows: &'a [T]) -> Loading<'a, ()> {
        Box::pin(async { Ok(()) })
    }

    /// Writes the field of the row at `at`, after loading.
    fn write(&self, at: usize, row: &T, out: &mut Json);
}

impl<T: Object> Plan<T> {
    /// Compiles a selection in which each response key stands once.
    fn compile(selection: &ContextSelectionSet<'_>) -> ServerResult<Self> {
        let mut plan = Self { entries: Vec::new() };
        plan.add(selection, selection.item)?;
        Ok(plan)
    }

    fn add(
        &mut self,
        context: &ContextSelectionSet<'_>,
        set: &async_graphql::Positioned<SelectionSet>,
    ) -> ServerResult<()> {
        let declared = Declared::<T>::get();
        for item in &set.node.items {
            match &item.node {
                Selection::Field(field) => {
                    let key = field.node.response_key().node.to_string();
                    let context = context.with_field(field);
                    self.entries.push((key, declared.plan(&context)?));
                }
                // Only below an interface; the selection was merged for each concrete type of it.
                Selection::InlineFragment(fragment) => {
                    let condition = fragment.node.type_condition.as_ref().map(|on| on.node.on.node.as_str());
                    if condition.is_none_or(|on| on == T::NAME) {
                        self.add(context, &fragment.node.selection_set)?;
                    }
                }
                Selection::FragmentSpread(_) => {}
            }
        }
        Ok(())
    }

    fn load<'a>(&'a mut self, context: &'a Context, rows: &'a [T]) -> Loading<'a, ()> {
        Box::pin(async move {
            if rows.is_empty() {
                return Ok(());
            }
            for (_, field) in &mut self.entries {
                field.load(context, rows).await?;
            }
            Ok(())
        })
    }

    fn write(&self, at: usize, row: &T, out: &mut Json) {
        out.object(|out| {
            for (key, field) in &self.entries {
                out.key(key);
                field.write(at, row, out);
            }
        });
    }
}
