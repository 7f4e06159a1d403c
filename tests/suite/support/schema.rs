//! The schema as a running server tells it, so that what is added to it is tried without a list to keep.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::client::Client;

const INTROSPECTION: &str = "{ __schema { queryType { name } mutationType { name } subscriptionType { name } types { kind name \
     fields(includeDeprecated: true) { name args { ...given } type { ...named } } inputFields { ...given } \
     enumValues(includeDeprecated: true) { name } possibleTypes { name } } } } \
     fragment given on __InputValue { name defaultValue type { ...named } } \
     fragment named on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";

pub struct Schema {
    pub query: String,
    pub mutation: String,
    pub subscription: String,
    types: BTreeMap<String, Type>,
}

pub struct Type {
    pub name: String,
    pub kind: String,
    /// Of objects and interfaces.
    pub fields: Vec<Field>,
    /// Of input objects.
    pub inputs: Vec<Input>,
    /// Of enums.
    pub values: Vec<String>,
    /// Of interfaces and unions: what can stand there.
    pub possible: Vec<String>,
}

pub struct Field {
    pub name: String,
    pub arguments: Vec<Input>,
    pub ty: TypeRef,
}

/// An argument, or a field of an input.
pub struct Input {
    pub name: String,
    pub ty: TypeRef,
    has_default: bool,
}

/// A type with how it is wrapped. Lists of lists there are none.
#[derive(Clone)]
pub struct TypeRef {
    pub name: String,
    pub required: bool,
    pub list: bool,
}

impl Schema {
    pub fn of(client: &Client) -> Self {
        let told = client.data(INTROSPECTION, json!({}))["__schema"].clone();
        let types = list(&told["types"]).map(Type::read);
        Self {
            query: text(&told["queryType"]["name"]),
            mutation: text(&told["mutationType"]["name"]),
            subscription: text(&told["subscriptionType"]["name"]),
            types: types.map(|ty| (ty.name.clone(), ty)).collect(),
        }
    }

    pub fn get(&self, name: &str) -> &Type {
        self.types.get(name).unwrap_or_else(|| panic!("a type {name}"))
    }

    /// The types that answers are made of, roots of writing and following aside.
    pub fn objects(&self) -> impl Iterator<Item = &Type> {
        let is_object = |ty: &&Type| ty.kind == "OBJECT" && !ty.name.starts_with("__");
        let reads = |ty: &&Type| ty.name != self.mutation && ty.name != self.subscription;
        self.types.values().filter(is_object).filter(reads)
    }

    /// Whether fields of this type take a selection.
    pub fn is_composite(&self, name: &str) -> bool {
        matches!(self.get(name).kind.as_str(), "OBJECT" | "INTERFACE" | "UNION")
    }
}

impl Type {
    fn read(told: &Value) -> Self {
        let names = |key: &str| list(&told[key]).map(|of| text(&of["name"])).collect();
        Self {
            name: text(&told["name"]),
            kind: text(&told["kind"]),
            fields: list(&told["fields"])
                .map(|field| Field {
                    name: text(&field["name"]),
                    arguments: list(&field["args"]).map(Input::read).collect(),
                    ty: TypeRef::read(&field["type"]),
                })
                .collect(),
            inputs: list(&told["inputFields"]).map(Input::read).collect(),
            values: names("enumValues"),
            possible: names("possibleTypes"),
        }
    }

    pub fn field(&self, name: &str) -> &Field {
        let found = self.fields.iter().find(|field| field.name == name);
        found.unwrap_or_else(|| panic!("a field {name} of {}", self.name))
    }

    pub fn is_connection(&self) -> bool {
        self.name.ends_with("Connection")
    }
}

impl Field {
    pub fn takes(&self, argument: &str) -> bool {
        self.arguments.iter().any(|taken| taken.name == argument)
    }

    pub fn needs_arguments(&self) -> bool {
        self.arguments.iter().any(Input::is_needed)
    }
}

impl Input {
    fn read(told: &Value) -> Self {
        Self {
            name: text(&told["name"]),
            ty: TypeRef::read(&told["type"]),
            has_default: !told["defaultValue"].is_null(),
        }
    }

    /// Whether nothing can be asked without it.
    pub fn is_needed(&self) -> bool {
        self.ty.required && !self.has_default
    }
}

impl TypeRef {
    fn read(told: &Value) -> Self {
        let (mut at, mut list) = (told, false);
        while !at["ofType"].is_null() {
            list |= at["kind"] == "LIST";
            at = &at["ofType"];
        }
        Self { name: text(&at["name"]), required: told["kind"] == "NON_NULL", list }
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("a name, not {value}")).to_owned()
}
