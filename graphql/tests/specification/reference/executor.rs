//! Sections 6.3 and 6.4 of the specification, word for word, one thing after another.

use std::collections::HashSet;

use serde_json::json;

use super::document::{Document, Selection, What};
use super::world::{Datum, Object, ROOT, Type, type_of};

pub struct Expected {
    pub data: String,
    /// The paths of all errors, sorted.
    pub paths: Vec<String>,
}

/// `ExecuteQuery`
pub fn execute(document: &Document) -> Expected {
    let mut run = Run { document, path: Vec::new(), paths: Vec::new() };
    let data = run.selection_set(&[&document.root], ROOT).unwrap_or_else(|Propagated| "null".to_owned());
    run.paths.sort();
    Expected { data, paths: run.paths }
}

/// A field error on its way to the nearest place that may be null.
struct Propagated;

struct Run<'a> {
    document: &'a Document,
    path: Vec<serde_json::Value>,
    paths: Vec<String>,
}

/// `groupedFieldSet`: by response key, the name of the field and the selection sets of all fields of the key.
type Grouped<'a> = Vec<(&'a str, &'static str, Vec<&'a [Selection]>)>;

impl<'a> Run<'a> {
    /// `ExecuteSelectionSet`, on the merged selection sets
    fn selection_set(&mut self, sets: &[&'a [Selection]], object: Object) -> Result<String, Propagated> {
        let (mut grouped, mut visited) = (Grouped::new(), HashSet::new());
        for set in sets {
            self.collect_fields(object.kind, set, &mut visited, &mut grouped);
        }
        let mut map = Vec::new();
        let mut propagated = false;
        for (key, name, below) in grouped {
            self.path.push(json!(key));
            match self.field(object, name, &below) {
                Ok(value) => map.push(format!("\"{key}\":{value}")),
                // The fields beside it go on, so that their errors are told too.
                Err(Propagated) => propagated = true,
            }
            self.path.pop();
        }
        if propagated { Err(Propagated) } else { Ok(format!("{{{}}}", map.join(","))) }
    }

    /// `CollectFields`
    fn collect_fields(
        &self,
        object: &str,
        set: &'a [Selection],
        visited: &mut HashSet<usize>,
        grouped: &mut Grouped<'a>,
    ) {
        for selection in set {
            let holds = |condition: &super::document::Condition| {
                self.document.value(condition.by) == condition.include
            };
            if !selection.conditions.iter().all(holds) {
                continue;
            }
            match &selection.what {
                What::Field { key, name, below } => match grouped.iter_mut().find(|(other, ..)| other == key)
                {
                    Some((.., sets)) => sets.push(below),
                    None => grouped.push((key, name, vec![below])),
                },
                What::Spread(at) => {
                    let fragment = &self.document.fragments[*at];
                    if visited.insert(*at) && applies(object, fragment.on) {
                        self.collect_fields(object, &fragment.selections, visited, grouped);
                    }
                }
                What::Inline { on, below } => {
                    if on.is_none_or(|on| applies(object, on)) {
                        self.collect_fields(object, below, visited, grouped);
                    }
                }
            }
        }
    }

    /// `ExecuteField`
    fn field(&mut self, object: Object, name: &str, below: &[&'a [Selection]]) -> Result<String, Propagated> {
        if name == "__typename" {
            return Ok(format!("\"{}\"", object.kind));
        }
        self.complete(type_of(name), &object.read(name), below)
    }

    /// `CompleteValue`
    fn complete(
        &mut self,
        ty: &Type,
        datum: &Datum,
        below: &[&'a [Selection]],
    ) -> Result<String, Propagated> {
        if let Type::Required(inner) = ty {
            return self.non_null(inner, datum, below);
        }
        // A nullable type handles the error of what is in it.
        Ok(self.non_null(ty, datum, below).unwrap_or_else(|Propagated| "null".to_owned()))
    }

    /// A value that is not null, or the error that it is none. A null where one may be is no error; it is told nowhere.
    fn non_null(
        &mut self,
        ty: &Type,
        datum: &Datum,
        below: &[&'a [Selection]],
    ) -> Result<String, Propagated> {
        match (ty, datum) {
            (_, Datum::Null) => Err(Propagated),
            (_, Datum::Fails) => {
                self.paths.push(json!(self.path).to_string());
                Err(Propagated)
            }
            (_, Datum::Number(number)) => Ok(number.to_string()),
            (_, Datum::Object(object)) => self.selection_set(below, *object),
            (Type::List(inner), Datum::List(items)) => self.list(inner, items, below),
            (ty, Datum::List(items)) => panic!("{items:?} is no {ty:?}"),
        }
    }

    fn list(
        &mut self,
        inner: &Type,
        items: &[Datum],
        below: &[&'a [Selection]],
    ) -> Result<String, Propagated> {
        let mut list = Vec::new();
        for (at, item) in items.iter().enumerate() {
            self.path.push(json!(at));
            list.push(self.complete(inner, item, below));
            self.path.pop();
        }
        let items: Result<Vec<_>, Propagated> = list.into_iter().collect();
        Ok(format!("[{}]", items?.join(",")))
    }
}

/// `DoesFragmentTypeApply`
fn applies(object: &str, fragment: &str) -> bool {
    object == fragment || fragment == "Pet" && object != "Query"
}
