//! Declaring the fields of an object type, and finding the declaration again.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::hash::Hash;
use std::ops::BitOr;
use std::sync::{LazyLock, RwLock};

use async_graphql::indexmap::IndexMap;
use async_graphql::registry::{MetaField, MetaInputValue, MetaType, MetaTypeId, Registry};
use async_graphql::{Context as FieldContext, InputType, ServerError, ServerResult};
use domain::{Connection, Page};

use super::connection::{self, ConnectionEdge, Slicing};
use super::edge::{Compute, Many, One};
use super::leaf::Leaf;
use super::value::{Column, Computed, ComputedWith, TypeName};
use super::{FieldPlan, Loading, Object, output};

type Declare = fn(&mut Registry) -> String;
type Build<T> = Box<dyn Fn(&FieldContext<'_>) -> ServerResult<Box<dyn FieldPlan<T>>> + Send + Sync>;

/// What makes the plan of a field as it is selected.
trait Built<T>: Fn(&FieldContext<'_>) -> ServerResult<Box<dyn FieldPlan<T>>> + Send + Sync + 'static {}
impl<T, F> Built<T> for F where
    F: Fn(&FieldContext<'_>) -> ServerResult<Box<dyn FieldPlan<T>>> + Send + Sync + 'static
{
}

/// One declared field.
struct Field<T> {
    name: &'static str,
    description: &'static str,
    declare: Declare,
    arguments: fn(&mut Registry) -> Vec<MetaInputValue>,
    /// Whether it, or what may be selected below it, is not in the row.
    loads: bool,
    build: Build<T>,
}

/// The fields of an object type, as its [`Object::fields`] declares them.
pub struct Fields<T> {
    fields: Vec<Field<T>>,
}

/// The arguments of a field beside those of its paging.
pub trait Arguments: Clone + Send + Sync + 'static {
    fn declare(registry: &mut Registry) -> Vec<MetaInputValue>;
    fn read(field: &FieldContext<'_>) -> ServerResult<Self>;
}

impl Arguments for () {
    fn declare(_registry: &mut Registry) -> Vec<MetaInputValue> {
        Vec::new()
    }

    fn read(_field: &FieldContext<'_>) -> ServerResult<Self> {
        Ok(())
    }
}

/// One argument of a field.
pub fn argument<I: InputType>(registry: &mut Registry, name: &str, description: &str) -> MetaInputValue {
    MetaInputValue {
        name: name.into(),
        description: Some(description.into()),
        ty: I::create_type_info(registry),
        deprecation: async_graphql::registry::Deprecation::NoDeprecated,
        default_value: None,
        visible: None,
        inaccessible: false,
        tags: Vec::new(),
        is_secret: false,
        directive_invocations: Vec::new(),
    }
}

impl<T: Object> Fields<T> {
    /// A field whose value is in the row.
    fn value(
        &mut self,
        name: &'static str,
        description: &'static str,
        declare: Declare,
        build: impl Built<T>,
    ) {
        self.push(name, description, declare, false, build);
    }

    /// A field that is loaded, or below which something may be.
    fn edge(
        &mut self,
        name: &'static str,
        description: &'static str,
        declare: Declare,
        build: impl Built<T>,
    ) {
        self.push(name, description, declare, true, build);
    }

    fn push(
        &mut self,
        name: &'static str,
        description: &'static str,
        declare: Declare,
        loads: bool,
        build: impl Built<T>,
    ) {
        let (arguments, build) = (|_: &mut Registry| Vec::new(), Box::new(build));
        self.fields.push(Field { name, description, declare, arguments, loads, build });
    }

    /// A stored value of the row.
    pub fn column<L: Leaf + 'static>(
        &mut self,
        name: &'static str,
        description: &'static str,
        get: fn(&T) -> &L,
    ) {
        self.value(name, description, L::declare, move |_| Ok(Box::new(Column(get))));
    }

    /// A value computed from the row.
    pub fn computed<L: Leaf + 'static>(
        &mut self,
        name: &'static str,
        description: &'static str,
        get: fn(&T) -> L,
    ) {
        self.value(name, description, L::declare, move |_| Ok(Box::new(Computed(get))));
    }

    /// A value computed from the row and the arguments of the field.
    pub fn computed_with<A: Arguments, L: Leaf + 'static>(
        &mut self,
        name: &'static str,
        description: &'static str,
        get: fn(&T, &A) -> L,
    ) {
        self.fields.push(Field {
            name,
            description,
            declare: L::declare,
            arguments: A::declare,
            loads: false,
            build: Box::new(move |field| Ok(Box::new(ComputedWith { get, arguments: A::read(field)? }))),
        });
    }

    /// An object computed from the row.
    pub fn object<C: Object>(&mut self, name: &'static str, description: &'static str, get: fn(&T) -> C) {
        let declare = |registry: &mut Registry| output::declare::<C>(registry) + "!";
        self.edge(name, description, declare, move |field| Compute::build(field, move |row| Some(get(row))));
    }

    /// An object computed from the row, if there is one.
    pub fn optional_object<C: Object>(
        &mut self,
        name: &'static str,
        description: &'static str,
        get: fn(&T) -> Option<C>,
    ) {
        self.edge(name, description, output::declare::<C>, move |field| Compute::build(field, get));
    }

    /// Objects that the row holds already.
    pub fn objects<C: Object>(
        &mut self,
        name: &'static str,
        description: &'static str,
        get: fn(&T) -> Vec<C>,
    ) {
        let declare = |registry: &mut Registry| format!("[{}!]!", output::declare::<C>(registry));
        self.edge(name, description, declare, move |field| Many::build_computed(field, get));
    }

    /// Another object, found by key, that is always there.
    pub fn one<C: Object, K: Key>(
        &mut self,
        name: &'static str,
        description: &'static str,
        key: fn(&T) -> K,
        load: LoadOne<K, C>,
    ) {
        let declare = |registry: &mut Registry| output::declare::<C>(registry) + "!";
        self.edge(name, description, declare, move |field| {
            One::build(field, move |row| Some(key(row)), load, true)
        });
    }

    /// Another object, found by key, if there is one that the reader sees.
    pub fn optional_one<C: Object, K: Key>(
        &mut self,
        name: &'static str,
        description: &'static str,
        key: fn(&T) -> Option<K>,
        load: LoadOne<K, C>,
    ) {
        self.edge(name, description, output::declare::<C>, move |field| One::build(field, key, load, false));
    }

    /// Another object, found by what the row and the arguments of the field make, if there is one.
    pub fn optional_one_with<A: Arguments, C: Object, K: Key>(
        &mut self,
        name: &'static str,
        description: &'static str,
        key: fn(&T, &A) -> K,
        load: LoadOne<K, C>,
    ) {
        self.fields.push(Field {
            name,
            description,
            declare: output::declare::<C>,
            arguments: A::declare,
            loads: true,
            build: Box::new(move |field| {
                let arguments = A::read(field)?;
                One::build(field, move |row| Some(key(row, &arguments)), load, false)
            }),
        });
    }

    /// All objects of a small set below the row.
    pub fn many<C: Object, K: Key>(
        &mut self,
        name: &'static str,
        description: &'static str,
        key: fn(&T) -> K,
        load: LoadMany<K, C>,
    ) {
        let declare = |registry: &mut Registry| format!("[{}!]!", output::declare::<C>(registry));
        self.edge(name, description, declare, move |field| Many::build(field, key, load));
    }

    /// The same, loaded with no more of each object than the fields that are selected of it need; `needs` tells that.
    pub fn many_with<C: Object, K: Key, N: Needs>(
        &mut self,
        name: &'static str,
        description: &'static str,
        key: fn(&T) -> K,
        needs: fn(&str) -> N,
        load: LoadNeeded<K, N, C>,
    ) {
        let declare = |registry: &mut Registry| format!("[{}!]!", output::declare::<C>(registry));
        self.edge(name, description, declare, move |field| Many::build_needed(field, key, needs, load));
    }

    /// A page of the objects below the row.
    pub fn connection<C: Object, K: Key, A: Arguments>(
        &mut self,
        name: &'static str,
        description: &'static str,
        key: fn(&T) -> K,
        load: LoadConnection<K, A, C>,
    ) {
        self.fields.push(Field {
            name,
            description,
            declare: connection::declare::<C>,
            arguments: |registry| {
                let mut arguments = A::declare(registry);
                arguments.extend(Slicing::declare(registry));
                arguments
            },
            loads: true,
            build: Box::new(move |field| ConnectionEdge::build(field, key, load)),
        });
    }
}

/// What tells the parents of an edge apart.
pub trait Key: Clone + Eq + Hash + Send + Sync + 'static {}
impl<K: Clone + Eq + Hash + Send + Sync + 'static> Key for K {}

/// What must be loaded of an object for its selected fields, added up.
pub trait Needs: BitOr<Output = Self> + Copy + Default + Send + Sync + 'static {}
impl<N: BitOr<Output = N> + Copy + Default + Send + Sync + 'static> Needs for N {}

pub type LoadOne<K, C> = for<'a> fn(&'a domain::Context, &'a [K]) -> Loading<'a, HashMap<K, C>>;
pub type LoadMany<K, C> = for<'a> fn(&'a domain::Context, &'a [K]) -> Loading<'a, HashMap<K, Vec<C>>>;
pub type LoadNeeded<K, N, C> = for<'a> fn(&'a domain::Context, &'a [K], N) -> Loading<'a, HashMap<K, Vec<C>>>;
pub type LoadConnection<K, A, C> =
    for<'a> fn(&'a domain::Context, &'a [K], &'a A, &'a Page) -> Loading<'a, HashMap<K, Connection<C>>>;

/// The declaration of a type, made once for the life of the program.
pub struct Declared<T> {
    fields: Vec<Field<T>>,
    by_name: HashMap<&'static str, usize>,
}

type Declarations = HashMap<TypeId, &'static (dyn Any + Send + Sync)>;
static DECLARED: LazyLock<RwLock<Declarations>> = LazyLock::new(RwLock::default);

impl<T: Object> Declared<T> {
    pub fn get() -> &'static Self {
        let known = |declared: &Declarations| {
            declared.get(&TypeId::of::<T>()).and_then(|any| any.downcast_ref::<Self>())
        };
        let found = DECLARED.read().ok().and_then(|declared| known(&declared));
        found.unwrap_or_else(|| {
            let made: &'static Self = Box::leak(Box::new(Self::declare()));
            if let Ok(mut declared) = DECLARED.write() {
                declared.insert(TypeId::of::<T>(), made);
            }
            made
        })
    }

    fn declare() -> Self {
        let mut declared = Fields { fields: Vec::new() };
        T::fields(&mut declared);
        let by_name = declared.fields.iter().enumerate().map(|(at, field)| (field.name, at)).collect();
        Self { fields: declared.fields, by_name }
    }

    /// Whether a field of this name needs more than its row.
    pub fn loads(&self, name: &str) -> bool {
        self.by_name.get(name).and_then(|at| self.fields.get(*at)).is_some_and(|field| field.loads)
    }

    pub fn plan(&self, field: &FieldContext<'_>) -> ServerResult<Box<dyn FieldPlan<T>>> {
        let name = field.item.node.name.node.as_str();
        if name == "__typename" {
            return Ok(Box::new(TypeName::new()));
        }
        let known = self.by_name.get(name).and_then(|at| self.fields.get(*at));
        let unknown = || {
            ServerError::new(format!("Unknown field {name:?} on type {:?}.", T::NAME), Some(field.item.pos))
        };
        (known.ok_or_else(unknown)?.build)(field)
    }

    /// Puts the type and all that it refers to into the schema.
    pub fn register<O: async_graphql::OutputType>(&self, registry: &mut Registry) {
        registry.create_output_type::<O, _>(MetaTypeId::Object, |registry| {
            let mut fields = IndexMap::new();
            for field in &self.fields {
                let arguments = (field.arguments)(registry);
                let arguments =
                    arguments.into_iter().map(|argument| (argument.name.clone(), argument)).collect();
                let ty = (field.declare)(registry);
                fields
                    .insert(field.name.to_owned(), meta_field(field.name, field.description, ty, arguments));
            }
            if T::NODE {
                registry.add_implements(T::NAME, "Node");
            }
            meta_object::<O>(T::NAME, T::DESCRIPTION, fields)
        });
    }
}

pub fn meta_field(
    name: &str,
    description: &str,
    ty: String,
    args: IndexMap<String, MetaInputValue>,
) -> MetaField {
    MetaField {
        name: name.into(),
        description: Some(description.into()),
        args,
        ty,
        deprecation: async_graphql::registry::Deprecation::NoDeprecated,
        cache_control: async_graphql::CacheControl::default(),
        external: false,
        requires: None,
        provides: None,
        visible: None,
        shareable: false,
        inaccessible: false,
        tags: Vec::new(),
        override_from: None,
        compute_complexity: None,
        directive_invocations: Vec::new(),
        requires_scopes: Vec::new(),
    }
}

pub fn meta_object<O>(name: &str, description: &str, fields: IndexMap<String, MetaField>) -> MetaType {
    MetaType::Object {
        name: name.into(),
        description: Some(description.into()),
        fields,
        cache_control: async_graphql::CacheControl::default(),
        extends: false,
        shareable: false,
        resolvable: true,
        keys: None,
        visible: None,
        inaccessible: false,
        interface_object: false,
        tags: Vec::new(),
        is_subscription: false,
        rust_typename: Some(std::any::type_name::<O>()),
        directive_invocations: Vec::new(),
        requires_scopes: Vec::new(),
    }
}
