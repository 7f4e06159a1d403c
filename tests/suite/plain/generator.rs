//! Documents at random over a schema, with all that a plan has to untangle: fields that stand twice, one field under several
//! names with other arguments, fragments of all kinds, and directives that take out or leave.

use super::arguments::Arguments;
use crate::support::documents::Random;
use crate::support::schema::{Field, Schema, Type};

/// How far a document goes.
const DEEPEST: usize = 5;
const MOST_FIELDS: usize = 60;
/// The most objects that a field is reckoned to be asked of.
const MOST_OBJECTS: usize = 60;
/// What a list without pages is reckoned to hold.
const WHOLE_LIST: usize = 6;

pub struct Generator<'a> {
    schema: &'a Schema,
    arguments: Arguments<'a>,
    left_out: &'a [&'a str],
    fields_left: usize,
    keys: usize,
    fragments: Vec<Fragment>,
}

struct Fragment {
    on: String,
    selection: String,
}

impl<'a> Generator<'a> {
    pub fn new(schema: &'a Schema, arguments: Arguments<'a>, left_out: &'a [&'a str]) -> Self {
        Self { schema, arguments, left_out, fields_left: 0, keys: 0, fragments: Vec::new() }
    }

    /// The document of a seed.
    pub fn document(&mut self, seed: u64) -> String {
        *self.arguments.random() = Random::new(seed);
        self.fields_left = MOST_FIELDS;
        self.keys = 0;
        self.fragments.clear();
        let schema = self.schema;
        let query = schema.get(&schema.query);
        let mut roots = Vec::new();
        for _ in 0..=self.below(2) {
            // What has an id more often than the rest.
            let any = self.one_in(4);
            let has_id = |field: &Field| {
                let ty = schema.get(&field.ty.name);
                ty.is_connection() || ty.name == "Node" || schema.get("Node").possible.contains(&ty.name)
            };
            let askable = query.fields.iter().filter(|field| self.may_ask(query, field));
            let askable: Vec<_> = askable.filter(|field| any || has_id(field)).collect();
            if let Some(field) = self.arguments.random().pick(&askable) {
                self.add(query, field, "", (0, 1), &mut roots);
            }
        }
        let root = self.dressed(&query.name, roots);
        let fragments = self.fragments.iter().enumerate();
        let fragments =
            fragments.map(|(at, Fragment { on, selection })| format!(" fragment F{at} on {on} {selection}"));
        let body = root + &fragments.collect::<String>();
        let variables = [("$yes", "Boolean! = true"), ("$no", "Boolean = false")];
        let used = variables.into_iter().filter(|(name, _)| body.contains(name));
        let declared: Vec<_> = used.map(|(name, ty)| format!("{name}: {ty}")).collect();
        let declared = if declared.is_empty() { String::new() } else { format!("({})", declared.join(", ")) };
        format!("query{declared} {body}")
    }

    fn below(&mut self, end: usize) -> usize {
        self.arguments.random().below(end)
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.arguments.random().one_in(count)
    }

    fn may_ask(&self, ty: &Type, field: &Field) -> bool {
        !self.left_out.contains(&&*format!("{}.{}", ty.name, field.name))
    }

    /// What is asked of objects of a type. `prefix` keeps apart what is asked of each type below an interface.
    fn selection(&mut self, ty: &Type, prefix: &str, at: (usize, usize)) -> String {
        let mut parts = Vec::new();
        if ty.kind == "INTERFACE" {
            for possible in &ty.possible {
                if self.one_in(3) {
                    let inside = self.selection(self.schema.get(possible), &format!("{possible}_"), at);
                    parts.push(format!("... on {possible} {inside}"));
                }
            }
        }
        let (depth, objects) = at;
        for field in &ty.fields {
            let composite = self.schema.is_composite(&field.ty.name);
            // What pages and edges hold is what lists are asked for.
            let paging = ty.is_connection() || ty.name.ends_with("Edge");
            let rarely = if paging || !composite { 2 } else { 3 };
            let too_far = composite && (depth >= DEEPEST || objects > MOST_OBJECTS);
            if self.one_in(rarely) && !too_far && self.fields_left > 0 && self.may_ask(ty, field) {
                self.add(ty, field, prefix, at, &mut parts);
            }
        }
        if parts.is_empty() || self.one_in(6) {
            parts.push("__typename".to_owned());
        }
        self.dressed(&ty.name, parts)
    }

    /// Adds a field, now and then twice, or once more with other arguments.
    fn add(&mut self, ty: &Type, field: &Field, prefix: &str, at: (usize, usize), parts: &mut Vec<String>) {
        let times = if self.one_in(5) { 2 } else { 1 };
        let (mut call, mut held) = self.call(field, prefix);
        for time in 0..times {
            if time == 1 && !field.arguments.is_empty() && self.one_in(2) {
                (call, held) = self.call(field, prefix);
            }
            self.fields_left = self.fields_left.saturating_sub(1);
            let below = self.schema.get(&field.ty.name);
            let inside = if self.schema.is_composite(&below.name) {
                let connection = ty.is_connection() || ty.name.ends_with("Edge");
                let deeper = at.0 + usize::from(!connection);
                self.selection(below, "", (deeper, at.1 * held))
            } else {
                String::new()
            };
            let directive = self.directive();
            parts.push(format!("{call}{directive} {inside}"));
        }
    }

    /// A field with arguments and the key that stands for it with these, and how many objects it is reckoned to hold.
    fn call(&mut self, field: &Field, prefix: &str) -> (String, usize) {
        let connection = self.schema.get(&field.ty.name).is_connection();
        let (given, page) = self.arguments.some(field);
        let held = if connection {
            page
        } else if field.ty.list {
            WHOLE_LIST
        } else {
            1
        };
        let name = &field.name;
        if !given.is_empty() {
            self.keys += 1;
            return (format!("{prefix}k{}: {name}({})", self.keys, given.join(", ")), held);
        }
        let other = self.one_in(8);
        let call = if other || !prefix.is_empty() {
            format!("{prefix}{}{name}: {name}", if other { "a_" } else { "" })
        } else {
            name.clone()
        };
        (call, held)
    }

    fn directive(&mut self) -> &'static str {
        match self.below(40) {
            0 => " @include(if: true)",
            1 => " @include(if: $yes)",
            2 => " @skip(if: $no)",
            3 => " @include(if: $no)",
            4 => " @skip(if: true)",
            5 => " @skip(if: false) @include(if: $yes)",
            _ => "",
        }
    }

    /// The parts in a selection set, some of them in fragments.
    fn dressed(&mut self, ty: &str, parts: Vec<String>) -> String {
        let mut dressed = Vec::new();
        for part in parts {
            let directive = self.directive();
            dressed.push(match self.below(10) {
                0 => format!("...{directive} {{ {part} }}"),
                1 => format!("... on {ty}{directive} {{ {part} }}"),
                2 => {
                    self.fragments.push(Fragment { on: ty.to_owned(), selection: format!("{{ {part} }}") });
                    format!("...F{}{directive}", self.fragments.len() - 1)
                }
                _ => part,
            });
        }
        let again = self.fragments.iter().rposition(|fragment| fragment.on == ty);
        if let Some(again) = again.filter(|_| self.one_in(4)) {
            dressed.push(format!("...F{again}"));
        }
        format!("{{ {} }}", dressed.join(" "))
    }
}
