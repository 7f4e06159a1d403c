//! Pages of objects, as the Relay specification has them.

use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::Selection;
use async_graphql::registry::{MetaInputValue, MetaTypeId, Registry};
use async_graphql::{
    Context as FieldContext, ContextSelectionSet, OutputType, Positioned, ServerResult, Value,
    parser::types::Field,
};
use domain::{Connection, Context, Cursor, Page, Slice};

use super::asked::asked;
use super::edge::{distinct, of_each, within_bounds};
use super::fields::{Arguments, Key, LoadConnection, argument, meta_field, meta_object};
use super::writer::Json;
use super::{FieldPlan, Loading, Object, Plan, output};
use crate::errors::to_server_error;

/// The arguments that cut a page out of a list.
pub struct Slicing;

impl Slicing {
    pub fn declare(registry: &mut Registry) -> Vec<MetaInputValue> {
        vec![
            argument::<Option<i32>>(
                registry,
                "first",
                "How many from the start: at most 100, by default 20.",
            ),
            argument::<Option<String>>(registry, "after", "The cursor after which the page starts."),
            argument::<Option<i32>>(
                registry,
                "last",
                "How many from the end: at most 100. Not together with `first`.",
            ),
            argument::<Option<String>>(registry, "before", "The cursor before which the page ends."),
        ]
    }

    fn read(field: &FieldContext<'_>) -> ServerResult<Page> {
        let slice = Slice {
            first: field.param_value::<Option<i32>>("first", None)?.1.map(i64::from),
            after: field.param_value("after", None)?.1,
            last: field.param_value::<Option<i32>>("last", None)?.1.map(i64::from),
            before: field.param_value("before", None)?.1,
        };
        Page::new(slice, asked(&field.item.node))
            .map_err(|error| to_server_error(field, field.item.pos, &error))
    }
}

/// A connection below rows of `T`: one page for each.
pub struct ConnectionEdge<T, C, K, A> {
    key: fn(&T) -> K,
    load: LoadConnection<K, A, C>,
    arguments: A,
    page: Page,
    pages: Pages<C>,
}

impl<T: Object, C: Object, K: Key, A: Arguments> ConnectionEdge<T, C, K, A> {
    pub fn build(
        field: &FieldContext<'_>,
        key: fn(&T) -> K,
        load: LoadConnection<K, A, C>,
    ) -> ServerResult<Box<dyn FieldPlan<T>>> {
        let pages = Pages::compile(&field.with_selection_set(&field.item.node.selection_set))?;
        Ok(Box::new(Self { key, load, arguments: A::read(field)?, page: Slicing::read(field)?, pages }))
    }
}

impl<T: Object, C: Object, K: Key, A: Arguments> FieldPlan<T> for ConnectionEdge<T, C, K, A> {
    fn load<'a>(&'a mut self, context: &'a Context, rows: &'a [T]) -> Loading<'a, ()> {
        Box::pin(async move {
            let keys: Vec<K> = rows.iter().map(self.key).collect();
            let wanted = distinct(keys.iter().cloned());
            let mut found = (self.load)(context, &wanted, &self.arguments, &self.page).await?;
            let nothing = || Connection {
                nodes: Vec::new(),
                has_next: false,
                has_previous: false,
                total: self.page.count.then_some(0),
            };
            let mut page = of_each(&mut found, keys.len() > wanted.len());
            let pages = keys.iter().map(|key| page(key).unwrap_or_else(nothing)).collect();
            self.pages.load(context, pages).await
        })
    }

    fn write(&self, at: usize, _row: &T, out: &mut Json) {
        self.pages.write(at, out);
    }
}

/// What a selection asks of pages: the nodes of all pages lie together, so that what is below them loads together.
pub struct Pages<C> {
    entries: Vec<(String, Entry<C>)>,
    nodes: Vec<C>,
    cursors: Vec<Cursor>,
    placed: Vec<Placed>,
}

struct Placed {
    nodes: std::ops::Range<usize>,
    has_next: bool,
    has_previous: bool,
    total: Option<u64>,
}

enum Entry<C> {
    TypeName,
    TotalCount,
    Nodes(Plan<C>),
    Edges(Vec<(String, EdgeEntry<C>)>),
    PageInfo(Vec<(String, String)>),
}

enum EdgeEntry<C> {
    TypeName,
    Cursor,
    Node(Plan<C>),
}

impl<C: Object> Pages<C> {
    pub fn compile(selection: &ContextSelectionSet<'_>) -> ServerResult<Self> {
        let mut entries = Vec::new();
        for field in fields(selection) {
            let place = selection.with_field(field);
            let below = place.with_selection_set(&field.node.selection_set);
            let entry = match field.node.name.node.as_str() {
                "nodes" => Entry::Nodes(Plan::compile(&below)?),
                "edges" => Entry::Edges(Self::compile_edges(&below)?),
                "pageInfo" => Entry::PageInfo(
                    fields(&below)
                        .map(|field| {
                            (field.node.response_key().node.to_string(), field.node.name.node.to_string())
                        })
                        .collect(),
                ),
                "totalCount" => Entry::TotalCount,
                _ => Entry::TypeName,
            };
            entries.push((field.node.response_key().node.to_string(), entry));
        }
        Ok(Self { entries, nodes: Vec::new(), cursors: Vec::new(), placed: Vec::new() })
    }

    fn compile_edges(selection: &ContextSelectionSet<'_>) -> ServerResult<Vec<(String, EdgeEntry<C>)>> {
        fields(selection)
            .map(|field| {
                let entry = match field.node.name.node.as_str() {
                    "cursor" => EdgeEntry::Cursor,
                    "node" => {
                        let place = selection.with_field(field);
                        EdgeEntry::Node(Plan::compile(&place.with_selection_set(&field.node.selection_set))?)
                    }
                    _ => EdgeEntry::TypeName,
                };
                Ok((field.node.response_key().node.to_string(), entry))
            })
            .collect()
    }

    pub async fn load(&mut self, context: &Context, pages: Vec<Connection<C>>) -> domain::Result<()> {
        for page in pages {
            let start = self.nodes.len();
            for (cursor, node) in page.nodes {
                self.cursors.push(cursor);
                self.nodes.push(node);
            }
            self.placed.push(Placed {
                nodes: start..self.nodes.len(),
                has_next: page.has_next,
                has_previous: page.has_previous,
                total: page.total,
            });
        }
        within_bounds(self.nodes.len())?;
        for (_, entry) in &mut self.entries {
            match entry {
                Entry::Nodes(plan) => plan.load(context, &self.nodes).await?,
                Entry::Edges(edges) => {
                    for (_, edge) in edges {
                        if let EdgeEntry::Node(plan) = edge {
                            plan.load(context, &self.nodes).await?;
                        }
                    }
                }
                Entry::TypeName | Entry::TotalCount | Entry::PageInfo(_) => {}
            }
        }
        Ok(())
    }

    pub fn write(&self, at: usize, out: &mut Json) {
        let Some(page) = self.placed.get(at) else {
            return out.null();
        };
        out.object(|out| {
            for (key, entry) in &self.entries {
                out.key(key);
                match entry {
                    Entry::TypeName => out.string(&format!("{}Connection", C::NAME)),
                    Entry::TotalCount => out.integer(page.total.unwrap_or_default()),
                    Entry::Nodes(plan) => {
                        out.list(page.nodes.clone(), |at, out| self.write_node(plan, at, out));
                    }
                    Entry::Edges(edges) => {
                        out.list(page.nodes.clone(), |at, out| self.write_edge(edges, at, out));
                    }
                    Entry::PageInfo(fields) => self.write_page_info(fields, page, out),
                }
            }
        });
    }

    fn write_node(&self, plan: &Plan<C>, at: usize, out: &mut Json) {
        match self.nodes.get(at) {
            Some(node) => plan.write(at, node, out),
            None => out.null(),
        }
    }

    fn write_edge(&self, edges: &[(String, EdgeEntry<C>)], at: usize, out: &mut Json) {
        out.object(|out| {
            for (key, edge) in edges {
                out.key(key);
                match edge {
                    EdgeEntry::TypeName => out.string(&format!("{}Edge", C::NAME)),
                    EdgeEntry::Cursor => self.write_cursor(Some(at), out),
                    EdgeEntry::Node(plan) => self.write_node(plan, at, out),
                }
            }
        });
    }

    fn write_cursor(&self, at: Option<usize>, out: &mut Json) {
        match at.and_then(|at| self.cursors.get(at)) {
            Some(cursor) => out.string(&cursor.encode()),
            None => out.null(),
        }
    }

    fn write_page_info(&self, fields: &[(String, String)], page: &Placed, out: &mut Json) {
        let mut nodes = page.nodes.clone();
        let (first, last) = (nodes.next(), nodes.next_back().or_else(|| page.nodes.clone().next()));
        out.object(|out| {
            for (key, field) in fields {
                out.key(key);
                match field.as_str() {
                    "hasNextPage" => out.bare(page.has_next),
                    "hasPreviousPage" => out.bare(page.has_previous),
                    "startCursor" => self.write_cursor(first, out),
                    "endCursor" => self.write_cursor(last, out),
                    _ => out.string("PageInfo"),
                }
            }
        });
    }
}

fn fields<'a>(selection: &'a ContextSelectionSet<'_>) -> impl Iterator<Item = &'a Positioned<Field>> {
    selection.item.node.items.iter().filter_map(|item| match &item.node {
        Selection::Field(field) => Some(field),
        Selection::FragmentSpread(_) | Selection::InlineFragment(_) => None,
    })
}

/// Puts the connection of `C` into the schema and returns its type.
pub fn declare<C: Object>(registry: &mut Registry) -> String {
    ConnectionType::<C>::create_type_info(registry)
}

macro_rules! schema_only {
    ($(#[$doc:meta])* $name:ident<C>, $suffix:literal, |$registry:ident| $fields:expr) => {
        $(#[$doc])*
        struct $name<C>(std::marker::PhantomData<C>);

        impl<C: Object> OutputType for $name<C> {
            fn type_name() -> std::borrow::Cow<'static, str> {
                format!("{}{}", C::NAME, $suffix).into()
            }

            fn create_type_info($registry: &mut Registry) -> String {
                $registry.create_output_type::<Self, _>(MetaTypeId::Object, |$registry| {
                    let fields = $fields.into_iter().map(|(name, description, ty): (&str, &str, String)| {
                        (name.to_owned(), meta_field(name, description, ty, IndexMap::new()))
                    });
                    let description = "See the Relay specification of connections.";
                    meta_object::<Self>(&Self::type_name(), description, fields.collect())
                })
            }

            async fn resolve(&self, _: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
                Ok(Value::Null)
            }
        }
    };
}

schema_only!(
    /// Stands for the connection in the schema; pages are written by [`Pages`].
    ConnectionType<C>, "Connection", |registry| [
        ("nodes", "The objects of this page.", format!("[{}!]!", output::declare::<C>(registry))),
        ("edges", "The objects of this page with their cursors.", format!("[{}]!", EdgeType::<C>::create_type_info(registry))),
        ("pageInfo", "Where this page lies.", PageInfo::create_type_info(registry)),
        ("totalCount", "How many there are on all pages together. Counted only when asked for.", "Int!".to_owned()),
    ]
);

schema_only!(
    /// Stands for the edge in the schema.
    EdgeType<C>, "Edge", |registry| [
        ("cursor", "Where the object stands in the list; opaque.", "String!".to_owned()),
        ("node", "The object.", format!("{}!", output::declare::<C>(registry))),
    ]
);

/// Stands for the page info in the schema.
struct PageInfo;

impl OutputType for PageInfo {
    fn type_name() -> std::borrow::Cow<'static, str> {
        "PageInfo".into()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        registry.create_output_type::<Self, _>(MetaTypeId::Object, |_| {
            let fields = [
                ("hasNextPage", "Whether more come after this page.", "Boolean!"),
                ("hasPreviousPage", "Whether more came before this page.", "Boolean!"),
                ("startCursor", "Cursor of the first object; none on an empty page.", "String"),
                (
                    "endCursor",
                    "Cursor of the last object, to continue after; none on an empty page.",
                    "String",
                ),
            ];
            let fields = fields.into_iter().map(|(name, description, ty)| {
                (name.to_owned(), meta_field(name, description, ty.to_owned(), IndexMap::new()))
            });
            meta_object::<Self>("PageInfo", "Where a page lies in its list.", fields.collect())
        })
    }

    async fn resolve(&self, _: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        Ok(Value::Null)
    }
}
