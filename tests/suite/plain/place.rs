//! Where an object stands, told by as little as leads to it: its id where one can be asked by it, else the fields above it.

use std::fmt::{Display, Formatter, Result};

use serde_json::Value;

use crate::support::schema::Schema;

/// A field with its arguments, as it is asked.
pub struct Call {
    pub name: String,
    /// Names and literals.
    pub arguments: Vec<(String, String)>,
}

impl Display for Call {
    fn fmt(&self, out: &mut Formatter<'_>) -> Result {
        let given: Vec<_> = self.arguments.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        let given = if given.is_empty() { String::new() } else { format!("({})", given.join(", ")) };
        write!(out, "{}{given}", self.name)
    }
}

#[derive(Clone, Default)]
pub struct Place {
    /// The selections to the object, each opened.
    opened: Vec<String>,
    /// Where the object is in an answer.
    pub steps: Vec<Step>,
    lookup: Lookup,
}

#[derive(Clone)]
pub enum Step {
    Field(String),
    Item(usize),
}

/// How objects below a place are found by their ids.
#[derive(Clone, Default)]
enum Lookup {
    #[default]
    Now,
    /// At this moment.
    AsOf(String),
    /// By their ids one would find another state of them.
    Nowhere,
}

impl Place {
    pub fn is_root(&self) -> bool {
        self.steps.is_empty()
    }

    /// A question for one field of the object.
    pub fn question(&self, asked: &str) -> String {
        format!("{{ {}{asked} {}}}", self.opened.concat(), "} ".repeat(self.opened.len()))
    }

    /// The place of what the field of the object here holds, or one item of it.
    pub fn below(&self, schema: &Schema, call: &Call, item: Option<usize>, object: &Value) -> Self {
        let as_of = call.arguments.iter().find(|(name, value)| name == "asOf" && value != "null");
        let lookup = match as_of {
            Some((_, moment)) => Lookup::AsOf(moment.clone()),
            // What stands there is what was published, with the id of what is worked on.
            None if call.name == "published" => Lookup::Nowhere,
            None => self.lookup.clone(),
        };
        if let Some(found) = lookup.find(schema, object) {
            return Self { lookup, ..found };
        }
        let mut below = Self { lookup, ..self.clone() };
        below.opened.push(format!("{call} {{ "));
        below.steps.push(Step::Field(call.name.clone()));
        below.steps.extend(item.map(Step::Item));
        below
    }
}

impl Lookup {
    fn find(&self, schema: &Schema, object: &Value) -> Option<Place> {
        let (id, ty) = (object["id"].as_str()?, object["__typename"].as_str()?);
        let (field, opened) = match (self, ty) {
            (Self::Now, _) if schema.get("Node").possible.iter().any(|node| node == ty) => {
                ("node", vec![format!("node(id: {id:?}) {{ "), format!("... on {ty} {{ ")])
            }
            (Self::AsOf(moment), "Intervention" | "Virkningsevaluering") => {
                let field = if ty == "Intervention" { "intervention" } else { "virkningsevaluering" };
                (field, vec![format!("{field}(id: {id:?}, asOf: {moment}) {{ ")])
            }
            _ => return None,
        };
        Some(Place { opened, steps: vec![Step::Field(field.to_owned())], lookup: Self::Now })
    }
}
