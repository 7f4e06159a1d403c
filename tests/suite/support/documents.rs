//! Documents at random over a whole schema: any field, any selection, any argument, from a seed that can be repeated.

use std::collections::BTreeSet;

use serde_json::Value;

use super::schema::{Field, Input, Schema, Type};

/// Numbers that look random and are the same for the same seed (`SplitMix64`, Steele et al. 2014).
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let end = u64::try_from(end.max(1)).expect("a small number");
        usize::try_from((mixed ^ (mixed >> 31)) % end).expect("a small number")
    }

    pub fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len()))
    }
}

/// Values to ask with, such as answers have held.
#[derive(Default)]
pub struct Pool {
    pub ids: Vec<String>,
    pub words: Vec<String>,
    pub cursors: Vec<String>,
    pub moments: Vec<String>,
}

/// The most values of a kind that are kept.
const MOST_KEPT: usize = 400;

impl Pool {
    /// Keeps what an answer holds.
    pub fn learn(&mut self, answer: &Value) {
        match answer {
            Value::Array(items) => items.iter().for_each(|item| self.learn(item)),
            Value::Object(fields) => {
                for (name, value) in fields {
                    match value {
                        Value::String(text) => self.keep(name, text),
                        other => self.learn(other),
                    }
                }
            }
            _ => {}
        }
    }

    fn keep(&mut self, name: &str, text: &str) {
        let kept = match name {
            _ if name == "id" || name.ends_with("Id") => &mut self.ids,
            "cursor" | "startCursor" | "endCursor" => &mut self.cursors,
            _ if name.ends_with("At") => &mut self.moments,
            "code" | "slug" | "title" | "name" | "theme" | "label" => &mut self.words,
            _ => return,
        };
        if kept.len() < MOST_KEPT && !kept.iter().any(|known| known == text) {
            kept.push(text.to_owned());
        }
    }
}

/// How far a document goes.
const DEEPEST: usize = 10;
const MOST_FIELDS: usize = 70;
/// The most objects that a field is reckoned to be asked of, by the measure of the limits on cost.
const MOST_OBJECTS: usize = 600;
const MOST_ALIASES: usize = 25;

pub struct Generator<'a> {
    schema: &'a Schema,
    pub random: Random,
    pub pool: Pool,
    /// Fields that are not asked, as `Type.field`.
    left_out: &'a [&'a str],
    fields_left: usize,
    aliases_left: usize,
}

impl<'a> Generator<'a> {
    pub fn new(schema: &'a Schema, seed: u64, left_out: &'a [&'a str]) -> Self {
        let random = Random::new(seed);
        Self { schema, random, pool: Pool::default(), left_out, fields_left: 0, aliases_left: 0 }
    }

    /// The root fields of a document, each with all that is asked of it.
    pub fn document(&mut self) -> Vec<String> {
        self.fields_left = MOST_FIELDS;
        self.aliases_left = MOST_ALIASES;
        let schema = self.schema;
        let query = schema.get(&schema.query);
        let askable: Vec<_> = query.fields.iter().filter(|field| self.may_ask(query, field)).collect();
        let count = 1 + self.random.below(3);
        let mut roots: Vec<String> = Vec::new();
        for at in 0..count {
            let Some(field) = self.random.pick(&askable).copied() else { break };
            roots.push(format!("root{at}: {}", self.field(query, field, 1, 1)));
        }
        roots
    }

    fn may_ask(&self, ty: &Type, field: &Field) -> bool {
        !self.left_out.contains(&&*format!("{}.{}", ty.name, field.name))
    }

    fn selection(&mut self, name: &str, depth: usize, objects: usize) -> String {
        let schema = self.schema;
        let ty = schema.get(name);
        if ty.kind == "INTERFACE" {
            return self.of_interface(ty, depth, objects);
        }
        let mut chosen = BTreeSet::new();
        for field in &ty.fields {
            let composite = schema.is_composite(&field.ty.name);
            let rarely = if composite { 4 } else { 2 };
            // What pages and edges hold is what lists are asked for.
            let wanted = if ty.is_connection() { !self.random.one_in(3) } else { self.random.one_in(rarely) };
            let too_far = composite && (depth >= DEEPEST || objects > MOST_OBJECTS);
            if wanted && !too_far && self.fields_left > 0 && self.may_ask(ty, field) {
                let asked = self.field(ty, field, depth + 1, objects);
                let aliased = self.aliases_left > 0 && self.random.one_in(15);
                self.aliases_left -= usize::from(aliased);
                chosen.insert(if aliased { format!("other_{}: {asked}", field.name) } else { asked });
            }
        }
        let inside = chosen.into_iter().collect::<Vec<_>>().join(" ");
        match self.random.below(12) {
            0 => format!("{{ __typename ... on {name} {{ __typename {inside} }} }}"),
            1 => format!("{{ __typename ... @include(if: true) {{ __typename {inside} }} }}"),
            _ => format!("{{ __typename {inside} }}"),
        }
    }

    fn of_interface(&mut self, ty: &Type, depth: usize, objects: usize) -> String {
        let mut parts = Vec::new();
        for possible in &ty.possible {
            if self.random.one_in(3) && self.fields_left > 0 {
                parts.push(format!("... on {possible} {}", self.selection(possible, depth, objects)));
            }
        }
        format!("{{ __typename id {} }}", parts.join(" "))
    }

    fn field(&mut self, ty: &Type, field: &Field, depth: usize, objects: usize) -> String {
        self.fields_left = self.fields_left.saturating_sub(1);
        let (arguments, page) = self.arguments(field);
        let connection = self.schema.get(&field.ty.name).is_connection();
        let held = match (connection, field.ty.list && !ty.is_connection()) {
            (true, _) => page,
            (_, true) => 10,
            _ => 1,
        };
        let below = if self.schema.is_composite(&field.ty.name) {
            self.selection(&field.ty.name, depth, objects * held)
        } else {
            String::new()
        };
        let given = if arguments.is_empty() { String::new() } else { format!("({})", arguments.join(", ")) };
        format!("{}{given} {below}", field.name)
    }

    /// The arguments, and how many objects a page holds by them.
    fn arguments(&mut self, field: &Field) -> (Vec<String>, usize) {
        let (mut given, mut page) = (Vec::new(), 20);
        let paged = field.takes("first");
        if paged {
            let (count, at) = if self.random.one_in(3) { ("last", "before") } else { ("first", "after") };
            page = self.random.below(6);
            given.push(format!("{count}: {page}"));
            if let Some(cursor) = self.random.pick(&self.pool.cursors).filter(|_| page % 2 == 0) {
                given.push(format!("{at}: {cursor:?}"));
            }
        }
        for argument in &field.arguments {
            let of_page = ["first", "last", "after", "before"].contains(&&*argument.name);
            if (of_page && paged) || !(argument.is_needed() || self.random.one_in(3)) {
                continue;
            }
            given.push(format!("{}: {}", argument.name, self.value(argument, 0)));
        }
        (given, page.max(1))
    }

    /// A literal for an argument or a field of an input.
    pub fn value(&mut self, input: &Input, depth: usize) -> String {
        if input.ty.list {
            let items: Vec<_> = (0..self.random.below(3)).map(|_| self.item(input, depth)).collect();
            return format!("[{}]", items.join(", "));
        }
        self.item(input, depth)
    }

    fn item(&mut self, input: &Input, depth: usize) -> String {
        let schema = self.schema;
        let ty = schema.get(&input.ty.name);
        match (ty.kind.as_str(), ty.name.as_str()) {
            ("ENUM", _) => self.random.pick(&ty.values).cloned().unwrap_or_default(),
            ("INPUT_OBJECT", _) => {
                let mut given = Vec::new();
                for field in &ty.inputs {
                    if field.is_needed() || (depth < 3 && self.random.one_in(3)) {
                        given.push(format!("{}: {}", field.name, self.value(field, depth + 1)));
                    }
                }
                format!("{{ {} }}", given.join(", "))
            }
            (_, "ID") => format!("{:?}", self.random.pick(&self.pool.ids).map_or("none", String::as_str)),
            (_, "Boolean") => self.random.one_in(2).to_string(),
            (_, "Int" | "Kroner") if input.name.to_lowercase().contains("year") => {
                (2022 + self.random.below(3)).to_string()
            }
            (_, "Int" | "Kroner") => self.random.below(8).to_string(),
            (_, "Decimal") => format!("\"0.{}\"", self.random.below(100)),
            (_, "Date") => format!("\"2023-0{}-01\"", 1 + self.random.below(9)),
            (_, "DateTime") => {
                let moment = self.random.pick(&self.pool.moments);
                format!("{:?}", moment.map_or("2023-01-01T00:00:00Z", String::as_str))
            }
            _ => self.text(),
        }
    }

    /// A word that answers have held, or the beginning of one.
    fn text(&mut self) -> String {
        let start = self.random.one_in(2);
        let word = self.random.pick(&self.pool.words).map_or("SOF", String::as_str);
        let length = if start { 4 } else { 60 };
        format!("{:?}", word.chars().take(length).collect::<String>())
    }
}
