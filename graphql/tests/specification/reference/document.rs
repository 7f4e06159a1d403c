//! Documents made from random choices: valid ones, with fields that stand twice, fragments of all kinds and conditions.

use std::collections::BTreeSet;
use std::fmt::{Display, Formatter, Result};

use serde_json::{Value, json};

use super::world::{composite, fields_of, type_of};

#[derive(Debug)]
pub struct Document {
    pub root: Vec<Selection>,
    pub fragments: Vec<Fragment>,
    /// `$v0` to `$v3`: given, or the default.
    values: [Variable; VARIABLES],
}

const VARIABLES: usize = 4;

#[derive(Clone, Copy, Debug)]
struct Variable {
    default: Option<bool>,
    given: Option<bool>,
}

#[derive(Debug)]
pub struct Fragment {
    pub on: &'static str,
    pub selections: Vec<Selection>,
}

#[derive(Debug)]
pub struct Selection {
    pub conditions: Vec<Condition>,
    pub what: What,
}

#[derive(Debug)]
pub enum What {
    Field { key: String, name: &'static str, below: Vec<Selection> },
    Spread(usize),
    Inline { on: Option<&'static str>, below: Vec<Selection> },
}

#[derive(Clone, Copy, Debug)]
pub struct Condition {
    /// `@include`, or else `@skip`.
    pub include: bool,
    pub by: By,
}

#[derive(Clone, Copy, Debug)]
pub enum By {
    Literal(bool),
    Variable(usize),
}

impl Document {
    pub fn from_choices(choices: &[u8]) -> Self {
        let mut choices = Choices(choices.iter());
        let values = std::array::from_fn(|_| choices.variable());
        // Each fragment spreads only those made before it, so there is no cycle.
        let mut fragments = Vec::new();
        for _ in 0..choices.below(5) {
            let on = choices.one_of(&["Query", "Pet", "Dog", "Cat"]);
            let selections = choices.selections(on, &fragments, 2);
            fragments.push(Fragment { on, selections });
        }
        let mut root = choices.selections("Query", &fragments, 4);
        // A fragment that no one spreads would be an error.
        for (at, fragment) in fragments.iter().enumerate() {
            root.push(Selection { conditions: Vec::new(), what: wrapped(fragment.on, What::Spread(at)) });
        }
        Self { root, fragments, values }
    }

    pub fn value(&self, by: By) -> bool {
        match by {
            By::Literal(value) => value,
            By::Variable(at) => {
                let variable = self.values[at];
                variable.given.or(variable.default).expect("a variable without default is given")
            }
        }
    }

    pub fn variables(&self) -> Value {
        let given =
            |(at, variable): (usize, &Variable)| variable.given.map(|value| (format!("v{at}"), json!(value)));
        Value::Object(self.values.iter().enumerate().filter_map(given).collect())
    }
}

/// Leads from the root to where a fragment on a type can be.
fn wrapped(on: &'static str, spread: What) -> What {
    let below = vec![Selection { conditions: Vec::new(), what: spread }];
    let name = match on {
        "Query" => return What::Inline { on: None, below },
        "Dog" => "dog",
        _ => "pet",
    };
    What::Field { key: name.to_owned(), name, below }
}

/// Whether an object can be of both types.
fn overlap(one: &str, other: &str) -> bool {
    one == other || one == "Pet" && other != "Query" || other == "Pet" && one != "Query"
}

/// Choices until they run out; after that always the first.
struct Choices<'a>(std::slice::Iter<'a, u8>);

impl Choices<'_> {
    fn below(&mut self, count: usize) -> usize {
        self.0.next().map_or(0, |byte| usize::from(*byte) % count)
    }

    fn one_of<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    fn variable(&mut self) -> Variable {
        let maybe = [None, Some(false), Some(true)];
        let default = self.one_of(&maybe);
        let given = if default.is_some() { self.one_of(&maybe) } else { self.one_of(&maybe[1..]) };
        Variable { default, given }
    }

    fn selections(&mut self, on: &'static str, fragments: &[Fragment], depth: usize) -> Vec<Selection> {
        let count = 1 + self.below(5);
        (0..count).map(|_| self.selection(on, fragments, depth)).collect()
    }

    fn selection(&mut self, on: &'static str, fragments: &[Fragment], depth: usize) -> Selection {
        let conditions = self.conditions();
        let fitting: Vec<_> = (0..fragments.len()).filter(|at| overlap(on, fragments[*at].on)).collect();
        let what = match self.below(8) {
            6 if !fitting.is_empty() => What::Spread(self.one_of(&fitting)),
            7 if depth > 0 => {
                let types: Vec<_> =
                    ["Query", "Pet", "Dog", "Cat"].into_iter().filter(|ty| overlap(on, ty)).collect();
                let condition = [None, Some(self.one_of(&types))][self.below(2)];
                let below = self.selections(condition.unwrap_or(on), fragments, depth - 1);
                What::Inline { on: condition, below }
            }
            _ => self.field(on, fragments, depth),
        };
        Selection { conditions, what }
    }

    fn field(&mut self, on: &'static str, fragments: &[Fragment], depth: usize) -> What {
        let reachable = |name: &&&str| depth > 0 || composite(type_of(name)).is_none();
        let names: Vec<_> = fields_of(on).iter().filter(reachable).copied().chain(["__typename"]).collect();
        let name = self.one_of(&names);
        // One key always stands for one field, so that all merge.
        let key = self.one_of(&[name.to_owned(), name.to_owned(), format!("a_{name}")].each_ref()).clone();
        let below = match (name != "__typename").then(|| composite(type_of(name))).flatten() {
            Some(ty) => self.selections(ty, fragments, depth - 1),
            None => Vec::new(),
        };
        What::Field { key, name, below }
    }

    fn conditions(&mut self) -> Vec<Condition> {
        let mut conditions = Vec::new();
        for include in [true, false] {
            let by = match self.below(10) {
                7 => By::Literal(include),
                8 => By::Literal(!include),
                9 => By::Variable(self.below(VARIABLES)),
                _ => continue,
            };
            conditions.push(Condition { include, by });
        }
        conditions
    }
}

impl Display for Document {
    fn fmt(&self, out: &mut Formatter<'_>) -> Result {
        let mut used = BTreeSet::new();
        find_variables(&self.root, &mut used);
        self.fragments.iter().for_each(|fragment| find_variables(&fragment.selections, &mut used));
        write!(out, "query")?;
        for (place, at) in used.iter().enumerate() {
            let (mark, open) = if self.values[*at].default.is_some() { ("", place) } else { ("!", place) };
            write!(out, "{}$v{at}: Boolean{mark}", if open == 0 { "(" } else { " " })?;
            if let Some(default) = self.values[*at].default {
                write!(out, " = {default}")?;
            }
        }
        write!(out, "{} ", if used.is_empty() { "" } else { ")" })?;
        write_set(&self.root, out)?;
        for (at, fragment) in self.fragments.iter().enumerate() {
            write!(out, " fragment F{at} on {} ", fragment.on)?;
            write_set(&fragment.selections, out)?;
        }
        Ok(())
    }
}

fn find_variables(selections: &[Selection], used: &mut BTreeSet<usize>) {
    for selection in selections {
        for condition in &selection.conditions {
            if let By::Variable(at) = condition.by {
                used.insert(at);
            }
        }
        match &selection.what {
            What::Field { below, .. } | What::Inline { below, .. } => find_variables(below, used),
            What::Spread(_) => {}
        }
    }
}

fn write_set(selections: &[Selection], out: &mut Formatter<'_>) -> Result {
    write!(out, "{{ ")?;
    for Selection { conditions, what } in selections {
        match what {
            What::Field { key, name, .. } if key == name => write!(out, "{name} ")?,
            What::Field { key, name, .. } => write!(out, "{key}: {name} ")?,
            What::Spread(at) => write!(out, "...F{at} ")?,
            What::Inline { on: Some(on), .. } => write!(out, "... on {on} ")?,
            What::Inline { on: None, .. } => write!(out, "... ")?,
        }
        for Condition { include, by } in conditions {
            write!(out, "@{}(if: ", if *include { "include" } else { "skip" })?;
            match by {
                By::Literal(value) => write!(out, "{value}) ")?,
                By::Variable(at) => write!(out, "$v{at}) ")?,
            }
        }
        match what {
            What::Inline { below, .. } => write_set(below, out)?,
            What::Field { below, .. } if !below.is_empty() => write_set(below, out)?,
            What::Field { .. } | What::Spread(_) => {}
        }
    }
    write!(out, "}} ")
}
