//! What root fields and payloads return: rows, with the plan to answer from them.

use std::borrow::Cow;

use async_graphql::indexmap::{IndexMap, IndexSet};
use async_graphql::registry::{MetaType, MetaTypeId, Registry};
use async_graphql::{ContextSelectionSet, OutputType, Positioned, ServerResult, Value, parser::types::Field};
use domain::history::Fresh;
use domain::{Connection, Context};
use futures_util::future::BoxFuture;

use super::connection::{self, Pages};
use super::fields::{Declared, meta_field};
use super::writer::{Json, too_large};
use super::{Object, Plan};
use crate::errors::to_server_error;
use crate::request::context_of;

/// Puts the type into the schema and returns its name, which is the type of a nullable field.
pub fn declare<T: Object>(registry: &mut Registry) -> String {
    One::<T>::create_type_info(registry)
}

/// One object or none.
pub struct One<T> {
    row: Option<T>,
    /// Who reads it, and when: signing in makes a stranger someone, and some read as of a moment that is past.
    reader: Option<Context>,
}

impl<T> From<Option<T>> for One<T> {
    fn from(row: Option<T>) -> Self {
        Self { row, reader: None }
    }
}

impl<T> One<T> {
    pub fn read_by(reader: Context, row: T) -> Self {
        Self::found_by(reader, Some(row))
    }

    /// What a context found: what lies below it is read by the same.
    pub fn found_by(reader: Context, row: Option<T>) -> Self {
        Self { row, reader: Some(reader) }
    }
}

impl<T: Object> OutputType for One<T> {
    fn type_name() -> Cow<'static, str> {
        T::NAME.into()
    }

    fn qualified_type_name() -> String {
        T::NAME.into()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        Declared::<T>::get().register::<Self>(registry);
        T::NAME.into()
    }

    async fn resolve(
        &self,
        selection: &ContextSelectionSet<'_>,
        field: &Positioned<Field>,
    ) -> ServerResult<Value> {
        match &self.row {
            Some(row) => resolve_row(row, self.reader.as_ref(), selection, field).await,
            None => Ok(Value::Null),
        }
    }
}

async fn resolve_row<T: Object>(
    row: &T,
    reader: Option<&Context>,
    selection: &ContextSelectionSet<'_>,
    field: &Positioned<Field>,
) -> ServerResult<Value> {
    let mut plan = Plan::<T>::compile(selection)?;
    let context = match reader {
        Some(reader) => reader,
        None => context_of(selection, field)?,
    };
    let rows = std::slice::from_ref(row);
    plan.load(context, rows).await.map_err(|error| to_server_error(selection, field.pos, &error))?;
    let mut out = Json::default();
    plan.write(0, row, &mut out);
    finished(out, selection, field)
}

fn finished(
    out: Json,
    selection: &ContextSelectionSet<'_>,
    field: &Positioned<Field>,
) -> ServerResult<Value> {
    out.into_value().ok_or_else(|| to_server_error(selection, field.pos, &too_large()))
}

/// One object that is always there.
pub struct Required<T>(pub T);

impl<T: Object> OutputType for Required<T> {
    fn type_name() -> Cow<'static, str> {
        T::NAME.into()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        declare::<T>(registry) + "!"
    }

    async fn resolve(
        &self,
        selection: &ContextSelectionSet<'_>,
        field: &Positioned<Field>,
    ) -> ServerResult<Value> {
        resolve_row(&self.0, None, selection, field).await
    }
}

/// One object of a stream, read in a context of its own that is let go once it is written; or why there are no more.
pub struct Followed<T>(pub domain::Result<Fresh<T>>);

impl<T: Object> OutputType for Followed<T> {
    fn type_name() -> Cow<'static, str> {
        T::NAME.into()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        declare::<T>(registry) + "!"
    }

    async fn resolve(
        &self,
        selection: &ContextSelectionSet<'_>,
        field: &Positioned<Field>,
    ) -> ServerResult<Value> {
        let told = |error: &domain::Error| to_server_error(selection, field.pos, error);
        let Fresh { row, reader, .. } = self.0.as_ref().map_err(told)?;
        let resolved = resolve_row(row, Some(reader), selection, field).await;
        reader.release().await;
        resolved
    }
}

/// A whole small set.
pub struct List<T>(pub Vec<T>);

impl<T: Object> OutputType for List<T> {
    fn type_name() -> Cow<'static, str> {
        format!("[{}!]", T::NAME).into()
    }

    fn qualified_type_name() -> String {
        format!("[{}!]!", T::NAME)
    }

    fn create_type_info(registry: &mut Registry) -> String {
        format!("[{}!]!", declare::<T>(registry))
    }

    async fn resolve(
        &self,
        selection: &ContextSelectionSet<'_>,
        field: &Positioned<Field>,
    ) -> ServerResult<Value> {
        let mut plan = Plan::<T>::compile(selection)?;
        let context = context_of(selection, field)?;
        plan.load(context, &self.0).await.map_err(|error| to_server_error(selection, field.pos, &error))?;
        let mut out = Json::default();
        out.list(self.0.iter().enumerate(), |(at, row), out| {
            plan.write(at, row, out);
        });
        finished(out, selection, field)
    }
}

/// A page of a list that grows.
pub struct Paged<T>(pub Connection<T>);

impl<T: Object> OutputType for Paged<T> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Connection", T::NAME).into()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        connection::declare::<T>(registry)
    }

    async fn resolve(
        &self,
        selection: &ContextSelectionSet<'_>,
        field: &Positioned<Field>,
    ) -> ServerResult<Value> {
        let mut pages = Pages::<T>::compile(selection)?;
        let context = context_of(selection, field)?;
        let loaded = pages.load(context, vec![self.0.clone()]).await;
        loaded.map_err(|error| to_server_error(selection, field.pos, &error))?;
        let mut out = Json::default();
        pages.write(0, &mut out);
        finished(out, selection, field)
    }
}

/// An object of whatever type an id is of.
pub struct AnyNode(Option<Box<dyn ErasedRow>>);

trait ErasedRow: Send + Sync {
    fn resolve<'a>(
        &'a self,
        selection: &'a ContextSelectionSet<'a>,
        field: &'a Positioned<Field>,
    ) -> BoxFuture<'a, ServerResult<Value>>;
}

impl<T: Object> ErasedRow for T {
    fn resolve<'a>(
        &'a self,
        selection: &'a ContextSelectionSet<'a>,
        field: &'a Positioned<Field>,
    ) -> BoxFuture<'a, ServerResult<Value>> {
        Box::pin(resolve_row(self, None, selection, field))
    }
}

impl AnyNode {
    pub fn of<T: Object>(row: Option<T>) -> Self {
        Self(row.map(erased))
    }

    pub const NONE: Self = Self(None);

    pub fn into_found(self) -> Option<Self> {
        self.0.is_some().then_some(self)
    }
}

fn erased<T: Object>(row: T) -> Box<dyn ErasedRow> {
    Box::new(row)
}

/// A type that implements `Node`, for the schema.
pub struct NodeType(fn(&mut Registry) -> String);

pub const fn node_type<T: Object>() -> NodeType {
    NodeType(declare::<T>)
}

/// The types that `node` can return, listed where `node` is.
macro_rules! node_types {
    ($($ty:ty),+ $(,)?) => { &[$($crate::plan::node_type::<$ty>(),)+] };
}
pub(crate) use node_types;

impl OutputType for AnyNode {
    fn type_name() -> Cow<'static, str> {
        "Node".into()
    }

    fn qualified_type_name() -> String {
        "Node".into()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        registry.create_output_type::<Self, _>(MetaTypeId::Interface, |registry| {
            let possible_types: IndexSet<String> =
                crate::query::NODE_TYPES.iter().map(|node| (node.0)(registry)).collect();
            let id = meta_field("id", "The object's id; opaque.", "ID!".into(), IndexMap::new());
            MetaType::Interface {
                name: "Node".into(),
                description: Some("Anything that can be found again by its id.".into()),
                fields: IndexMap::from([("id".to_owned(), id)]),
                possible_types,
                extends: false,
                inaccessible: false,
                tags: Vec::new(),
                keys: None,
                visible: None,
                rust_typename: Some(std::any::type_name::<Self>()),
                directive_invocations: Vec::new(),
                requires_scopes: Vec::new(),
            }
        })
    }

    async fn resolve(
        &self,
        selection: &ContextSelectionSet<'_>,
        field: &Positioned<Field>,
    ) -> ServerResult<Value> {
        match &self.0 {
            Some(row) => row.resolve(selection, field).await,
            None => Ok(Value::Null),
        }
    }
}
