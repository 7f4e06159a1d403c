//! Someone who asks a server for one field of one object at a time.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::place::{Place, Step};
use crate::support::Client;

/// An answer of the server, with its data to the byte.
#[derive(Deserialize)]
pub struct Body<'a> {
    #[serde(borrow)]
    pub data: &'a RawValue,
    #[serde(default)]
    pub errors: Vec<Value>,
}

impl<'a> Body<'a> {
    /// Nothing where the document was refused before anything of it was executed.
    pub fn read(body: &'a str) -> Option<Self> {
        serde_json::from_str(body).ok()
    }
}

pub struct Asker<'a> {
    client: &'a Client,
    /// Nothing is written meanwhile, so that what was told once is true still.
    told: RefCell<HashMap<String, String>>,
    /// The fields that were asked for, as `Type.field`.
    fields: RefCell<BTreeSet<String>>,
}

impl<'a> Asker<'a> {
    pub fn new(client: &'a Client) -> Self {
        Self { client, told: RefCell::default(), fields: RefCell::default() }
    }

    pub fn fields(self) -> BTreeSet<String> {
        self.fields.into_inner()
    }

    /// What a field of the object of a type at a place holds, as the server wrote it; nothing where that failed.
    pub fn read(&self, place: &Place, ty: &str, field: &str, asked: &str) -> Option<String> {
        self.fields.borrow_mut().insert(format!("{ty}.{field}"));
        let question = place.question(asked);
        let mut told = self.told.borrow_mut();
        let body =
            told.entry(question).or_insert_with_key(|question| self.client.ask(question, json!({})).body);
        let Some(answer) = Body::read(body) else { panic!("{} is refused: {body}", place.question(asked)) };
        if !answer.errors.is_empty() {
            return None;
        }
        let mut at = answer.data;
        for step in place.steps.iter().chain([&Step::Field(field.to_owned())]) {
            let inner = match step {
                Step::Field(name) => {
                    let fields: HashMap<&str, &RawValue> = parsed(at);
                    fields.get(name.as_str()).copied()
                }
                Step::Item(index) => {
                    let items: Vec<&RawValue> = parsed(at);
                    items.get(*index).copied()
                }
            };
            at = inner.unwrap_or_else(|| panic!("{} leads to no {field}: {body}", place.question(asked)));
        }
        Some(at.get().to_owned())
    }
}

fn parsed<'a, T: Deserialize<'a>>(raw: &'a RawValue) -> T {
    serde_json::from_str(raw.get()).unwrap_or_else(|error| panic!("{error} in {raw}"))
}
