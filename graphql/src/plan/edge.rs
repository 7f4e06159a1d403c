//! Edges: the children of all parents, loaded together and held in the plan.

use std::collections::HashMap;

use async_graphql::parser::types::Selection;
use async_graphql::{Context as FieldContext, ServerResult};
use domain::{Context, Error};

use super::fields::{Key, LoadMany, LoadNeeded, LoadOne, Needs};
use super::writer::{Json, too_large};
use super::{FieldPlan, Loading, Object, Plan};

fn compile<C: Object>(field: &FieldContext<'_>) -> ServerResult<Plan<C>> {
    Plan::compile(&field.with_selection_set(&field.item.node.selection_set))
}

/// The most children that one edge loads. Their ids go into one statement below, which takes no more.
const MOST_ROWS: usize = 30_000;

/// Refuses more rows than can be held and asked for at once.
pub fn within_bounds(rows: usize) -> domain::Result<()> {
    if rows > MOST_ROWS { Err(too_large()) } else { Ok(()) }
}

/// The keys without repetition, in the order of the parents.
pub fn distinct<K: Key>(keys: impl IntoIterator<Item = K>) -> Vec<K> {
    let mut seen = std::collections::HashSet::new();
    keys.into_iter().filter(|key| seen.insert(key.clone())).collect()
}

/// What was found for a key: taken, or a copy of it where parents share keys.
pub fn of_each<K: Key, V: Clone>(found: &mut HashMap<K, V>, shared: bool) -> impl FnMut(&K) -> Option<V> {
    move |key| if shared { found.get(key).cloned() } else { found.remove(key) }
}

/// An object computed from its row.
pub struct Compute<T, C, F> {
    get: F,
    plan: Plan<C>,
    children: Vec<C>,
    /// For each parent, where its child is.
    of_parent: Vec<Option<usize>>,
    parents: std::marker::PhantomData<fn(T)>,
}

impl<T: Object, C: Object, F: Fn(&T) -> Option<C> + Send + Sync + 'static> Compute<T, C, F> {
    pub fn build(field: &FieldContext<'_>, get: F) -> ServerResult<Box<dyn FieldPlan<T>>> {
        let plan = compile(field)?;
        let parents = std::marker::PhantomData;
        Ok(Box::new(Self { get, plan, children: Vec::new(), of_parent: Vec::new(), parents }))
    }
}

impl<T: Object, C: Object, F: Fn(&T) -> Option<C> + Send + Sync> FieldPlan<T> for Compute<T, C, F> {
    fn load<'a>(&'a mut self, context: &'a Context, rows: &'a [T]) -> Loading<'a, ()> {
        for row in rows {
            let child = (self.get)(row);
            self.of_parent.push(child.is_some().then_some(self.children.len()));
            self.children.extend(child);
        }
        self.plan.load(context, &self.children)
    }

    fn write(&self, at: usize, _row: &T, out: &mut Json) {
        write_one(&self.plan, &self.children, self.of_parent.get(at).copied().flatten(), out);
    }
}

/// One object for each parent, found by key. Parents may share it.
pub struct One<C, K, F> {
    key: F,
    load: LoadOne<K, C>,
    /// Whether each parent has one.
    required: bool,
    plan: Plan<C>,
    children: Vec<C>,
    of_parent: Vec<Option<usize>>,
}

impl<C: Object, K: Key, F: Send + Sync + 'static> One<C, K, F> {
    pub fn build<T: Object>(
        field: &FieldContext<'_>,
        key: F,
        load: LoadOne<K, C>,
        required: bool,
    ) -> ServerResult<Box<dyn FieldPlan<T>>>
    where
        F: Fn(&T) -> Option<K>,
    {
        Ok(Box::new(Self {
            key,
            load,
            required,
            plan: compile(field)?,
            children: Vec::new(),
            of_parent: Vec::new(),
        }))
    }
}

impl<T: Object, C: Object, K: Key, F: Fn(&T) -> Option<K> + Send + Sync> FieldPlan<T> for One<C, K, F> {
    fn load<'a>(&'a mut self, context: &'a Context, rows: &'a [T]) -> Loading<'a, ()> {
        Box::pin(async move {
            let keys: Vec<Option<K>> = rows.iter().map(&self.key).collect();
            let wanted = distinct(keys.iter().flatten().cloned());
            let mut found =
                if wanted.is_empty() { HashMap::new() } else { (self.load)(context, &wanted).await? };
            let mut places = HashMap::new();
            for key in wanted {
                if let Some(child) = found.remove(&key) {
                    places.insert(key, self.children.len());
                    self.children.push(child);
                }
            }
            self.of_parent =
                keys.iter().map(|key| key.as_ref().and_then(|key| places.get(key).copied())).collect();
            if self.required && self.of_parent.contains(&None) {
                return Err(Error::Internal(format!("a required {} is missing", C::NAME)));
            }
            self.plan.load(context, &self.children).await
        })
    }

    fn write(&self, at: usize, _row: &T, out: &mut Json) {
        write_one(&self.plan, &self.children, self.of_parent.get(at).copied().flatten(), out);
    }
}

fn write_one<C: Object>(plan: &Plan<C>, children: &[C], at: Option<usize>, out: &mut Json) {
    match at.and_then(|at| Some((at, children.get(at)?))) {
        Some((at, child)) => plan.write(at, child, out),
        None => out.null(),
    }
}

type Load<K, C> = Box<dyn for<'a> Fn(&'a Context, &'a [K]) -> Loading<'a, HashMap<K, Vec<C>>> + Send + Sync>;

/// Where the children of many parents come from.
enum Source<T, C, K> {
    Loaded(fn(&T) -> K, Load<K, C>),
    Computed(fn(&T) -> Vec<C>),
}

/// A list of objects for each parent.
pub struct Many<T, C, K> {
    source: Source<T, C, K>,
    plan: Plan<C>,
    children: Vec<C>,
    of_parent: Vec<std::ops::Range<usize>>,
}

impl<T: Object, C: Object, K: Key> Many<T, C, K> {
    pub fn build(
        field: &FieldContext<'_>,
        key: fn(&T) -> K,
        load: LoadMany<K, C>,
    ) -> ServerResult<Box<dyn FieldPlan<T>>> {
        Self::from_source(field, Source::Loaded(key, Box::new(load)))
    }

    pub fn build_needed<N: Needs>(
        field: &FieldContext<'_>,
        key: fn(&T) -> K,
        needs: fn(&str) -> N,
        load: LoadNeeded<K, N, C>,
    ) -> ServerResult<Box<dyn FieldPlan<T>>> {
        let selected = field.item.node.selection_set.node.items.iter();
        let needed = selected.fold(N::default(), |needed, item| match &item.node {
            Selection::Field(child) => needed | needs(&child.node.name.node),
            Selection::FragmentSpread(_) | Selection::InlineFragment(_) => needed,
        });
        let load: Load<K, C> = Box::new(move |context, keys| load(context, keys, needed));
        Self::from_source(field, Source::Loaded(key, load))
    }

    fn from_source(field: &FieldContext<'_>, source: Source<T, C, K>) -> ServerResult<Box<dyn FieldPlan<T>>> {
        Ok(Box::new(Self { source, plan: compile(field)?, children: Vec::new(), of_parent: Vec::new() }))
    }
}

impl<T: Object, C: Object> Many<T, C, ()> {
    pub fn build_computed(
        field: &FieldContext<'_>,
        get: fn(&T) -> Vec<C>,
    ) -> ServerResult<Box<dyn FieldPlan<T>>> {
        Self::from_source(field, Source::Computed(get))
    }
}

impl<T: Object, C: Object, K: Key> FieldPlan<T> for Many<T, C, K> {
    fn load<'a>(&'a mut self, context: &'a Context, rows: &'a [T]) -> Loading<'a, ()> {
        Box::pin(async move {
            let lists: Vec<Vec<C>> = match &self.source {
                Source::Computed(get) => rows.iter().map(get).collect(),
                Source::Loaded(key, load) => {
                    let keys: Vec<K> = rows.iter().map(key).collect();
                    let wanted = distinct(keys.iter().cloned());
                    let mut found = load(context, &wanted).await?;
                    let mut list = of_each(&mut found, keys.len() > wanted.len());
                    keys.iter().map(|key| list(key).unwrap_or_default()).collect()
                }
            };
            self.children.reserve_exact(lists.iter().map(Vec::len).sum());
            for list in lists {
                let start = self.children.len();
                self.children.extend(list);
                self.of_parent.push(start..self.children.len());
                within_bounds(self.children.len())?;
            }
            self.plan.load(context, &self.children).await
        })
    }

    fn write(&self, at: usize, _row: &T, out: &mut Json) {
        let range = self.of_parent.get(at).cloned().unwrap_or_default();
        out.list(range, |at, out| {
            write_one(&self.plan, &self.children, Some(at), out);
        });
    }
}
