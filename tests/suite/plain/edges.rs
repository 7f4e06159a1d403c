//! A document for each field of the schema that holds objects: all that these tell, a few fields at a time, so that what is
//! read for the one does not help out the other.

use std::collections::{BTreeSet, VecDeque};

use super::arguments::Arguments;
use crate::support::schema::{Field, Schema, Type};

/// What is asked of an object at once.
const AT_ONCE: usize = 3;

pub struct Edges<'a> {
    schema: &'a Schema,
    arguments: Arguments<'a>,
    left_out: &'a [&'a str],
    reached: BTreeSet<String>,
    documents: Vec<String>,
}

/// Objects of a type, and the fields that lead there, each opened.
struct Way<'a> {
    ty: &'a Type,
    opened: Vec<String>,
    /// The same for what lies deeper.
    deeper: Vec<String>,
}

impl<'a> Edges<'a> {
    /// The documents. What evaluations hold is asked of two of them, and what lies deeper below the last of these.
    pub fn documents(schema: &'a Schema, arguments: Arguments<'a>, left_out: &'a [&'a str]) -> Vec<String> {
        let mut edges = Self { schema, arguments, left_out, reached: BTreeSet::new(), documents: Vec::new() };
        let evaluations =
            |count| vec![format!("virkningsevalueringer(last: {count}) {{ "), "nodes { ".to_owned()];
        edges.walk("Virkningsevaluering", evaluations(2), evaluations(1));
        edges.walk(&schema.query, vec![], vec![]);
        edges.documents
    }

    fn walk(&mut self, from: &str, opened: Vec<String>, deeper: Vec<String>) {
        let schema = self.schema;
        self.reached.insert(from.to_owned());
        let mut ways = VecDeque::from([Way { ty: schema.get(from), opened, deeper }]);
        while let Some(Way { ty, opened, deeper }) = ways.pop_front() {
            for field in &ty.fields {
                if !self.is_edge(ty, field) {
                    continue;
                }
                let call = self.call(field);
                let below = schema.get(&field.ty.name);
                let groups = self.leaves(below);
                let asked =
                    groups.iter().enumerate().map(|(at, leaves)| format!("g{at}: {call} {{ {leaves} }} "));
                let asked = asked.collect::<String>();
                if !asked.is_empty() {
                    let (opening, closing) = (opened.concat(), "} ".repeat(opened.len()));
                    self.documents.push(format!("{{ {opening}{asked}{closing}}}"));
                }
                if self.reached.insert(below.name.clone()) {
                    let opened = [&deeper[..], &[format!("{call} {{ ")]].concat();
                    ways.push_back(Way { ty: below, deeper: opened.clone(), opened });
                }
            }
        }
    }

    fn may_ask(&self, ty: &Type, field: &Field) -> bool {
        !self.left_out.contains(&&*format!("{}.{}", ty.name, field.name))
    }

    fn is_edge(&self, ty: &Type, field: &Field) -> bool {
        self.schema.get(&field.ty.name).kind == "OBJECT" && self.may_ask(ty, field)
    }

    fn leaves(&mut self, ty: &Type) -> Vec<String> {
        let is_leaf = |field: &&Field| !self.schema.is_composite(&field.ty.name) && self.may_ask(ty, field);
        let mut leaves: Vec<_> = ty.fields.iter().filter(is_leaf).map(|field| field.name.clone()).collect();
        for at in 1..leaves.len() {
            leaves.swap(at, self.arguments.random().below(at + 1));
        }
        leaves.chunks(AT_ONCE).map(|chunk| chunk.join(" ")).collect()
    }

    fn call(&mut self, field: &Field) -> String {
        let given = self.arguments.few(field);
        if given.is_empty() { field.name.clone() } else { format!("{}({})", field.name, given.join(", ")) }
    }
}
