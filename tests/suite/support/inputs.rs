//! What the schema says of its inputs, read by introspection, so that a test can put a value anywhere in them.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::client::Client;

const INTROSPECTION: &str = "{ __schema { types { kind name enumValues { name } fields { name type { ...T } args { name defaultValue type { ...T } } } \
     inputFields { name defaultValue type { ...T } } } } } fragment T on __Type { kind name ofType { kind name ofType { \
     kind name ofType { kind name } } } }";

/// A field or an argument that takes a value.
#[derive(Clone, Debug)]
struct Taken {
    name: String,
    ty: Value,
    has_default: bool,
}

/// A root field with its arguments.
#[derive(Clone, Debug)]
pub struct Root {
    /// `query` or `mutation`.
    pub operation: &'static str,
    pub name: String,
    arguments: Vec<Taken>,
    selection: &'static str,
}

/// A place where a scalar is taken, by the names on the way from the root field to it.
#[derive(Clone, Debug)]
pub struct Leaf {
    pub root: Root,
    pub path: Vec<String>,
    pub scalar: String,
}

pub struct Inputs {
    objects: HashMap<String, Vec<Taken>>,
    enums: HashMap<String, String>,
    pub roots: Vec<Root>,
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

fn taken(values: &Value) -> Vec<Taken> {
    let one = |value: &Value| Taken {
        name: text(&value["name"]),
        ty: value["type"].clone(),
        has_default: !value["defaultValue"].is_null(),
    };
    list(values).map(one).collect()
}

/// The type without what says that it is a list or cannot be null.
fn named(ty: &Value) -> &Value {
    if ty["ofType"].is_null() { ty } else { named(&ty["ofType"]) }
}

fn written(ty: &Value) -> String {
    match ty["kind"].as_str() {
        Some("NON_NULL") => format!("{}!", written(&ty["ofType"])),
        Some("LIST") => format!("[{}]", written(&ty["ofType"])),
        _ => text(&ty["name"]),
    }
}

impl Inputs {
    pub fn read(client: &Client) -> Self {
        let schema = client.data(INTROSPECTION, json!({}))["__schema"].clone();
        let mut inputs = Self { objects: HashMap::new(), enums: HashMap::new(), roots: Vec::new() };
        for ty in list(&schema["types"]) {
            let name = text(&ty["name"]);
            match (ty["kind"].as_str(), name.as_str()) {
                (Some("INPUT_OBJECT"), _) => {
                    inputs.objects.insert(name, taken(&ty["inputFields"]));
                }
                (Some("ENUM"), _) => {
                    inputs.enums.insert(name, text(&ty["enumValues"][0]["name"]));
                }
                (_, "Query") => inputs.roots_of("query", ty),
                (_, "Mutation") => inputs.roots_of("mutation", ty),
                _ => {}
            }
        }
        inputs
    }

    fn roots_of(&mut self, operation: &'static str, ty: &Value) {
        for field in list(&ty["fields"]) {
            let selection = match operation {
                "mutation" => "{ __typename userErrors { field code } }",
                _ => "{ __typename }",
            };
            self.roots.push(Root {
                operation,
                name: text(&field["name"]),
                arguments: taken(&field["args"]),
                selection,
            });
        }
    }

    /// Every place in the arguments of the root fields that takes a scalar.
    pub fn leaves(&self) -> Vec<Leaf> {
        let mut leaves = Vec::new();
        for root in &self.roots {
            self.leaves_in(root, &root.arguments, &mut Vec::new(), &mut leaves);
        }
        leaves
    }

    fn leaves_in(&self, root: &Root, taken: &[Taken], path: &mut Vec<String>, leaves: &mut Vec<Leaf>) {
        for field in taken {
            path.push(field.name.clone());
            let ty = named(&field.ty);
            let name = text(&ty["name"]);
            match ty["kind"].as_str() {
                Some("INPUT_OBJECT") => self.leaves_in(root, &self.objects[&name], path, leaves),
                Some("SCALAR") => {
                    leaves.push(Leaf { root: root.clone(), path: path.clone(), scalar: name });
                }
                _ => {}
            }
            path.pop();
        }
    }

    /// The arguments of a root field: what is given, what is required beside it, and `value` at the end of `path`.
    pub fn arguments(&self, leaf: &Leaf, given: &Value, value: &Value) -> Value {
        self.object(&leaf.root.arguments, Some(given), &leaf.path, value)
    }

    /// The arguments that a root field cannot do without.
    pub fn least(&self, root: &Root) -> Value {
        self.object(&root.arguments, None, &[], &Value::Null)
    }

    fn object(&self, fields: &[Taken], given: Option<&Value>, path: &[String], value: &Value) -> Value {
        let mut object = given.and_then(Value::as_object).cloned().unwrap_or_default();
        for field in fields {
            let present = object.get(&field.name).cloned();
            if let Some((_, rest)) = path.split_first().filter(|(step, _)| **step == field.name) {
                object
                    .insert(field.name.clone(), self.of_type(&field.ty, present.as_ref(), Some(rest), value));
            } else if field.ty["kind"] == "NON_NULL" && !field.has_default && present.is_none() {
                object.insert(field.name.clone(), self.of_type(&field.ty, None, None, value));
            }
        }
        Value::Object(object)
    }

    /// A value of the type; `path` is none beside the way to the leaf.
    fn of_type(&self, ty: &Value, given: Option<&Value>, path: Option<&[String]>, value: &Value) -> Value {
        match ty["kind"].as_str() {
            Some("NON_NULL") => self.of_type(&ty["ofType"], given, path, value),
            Some("LIST") => {
                let first = given.and_then(|given| given.get(0));
                json!([self.of_type(&ty["ofType"], first, path, value)])
            }
            Some("INPUT_OBJECT") => {
                let fields = &self.objects[&text(&ty["name"])];
                self.object(fields, given, path.unwrap_or_default(), value)
            }
            Some("ENUM") => json!(self.enums[&text(&ty["name"])]),
            _ if path.is_some() => value.clone(),
            _ => match ty["name"].as_str() {
                Some("Int" | "Kroner") => json!(1),
                Some("Decimal") => json!("0.5"),
                Some("Boolean") => json!(true),
                Some("Date") => json!("2022-07-01"),
                Some("DateTime") => json!("2024-01-01T00:00:00Z"),
                _ => json!("x"),
            },
        }
    }
}

impl Root {
    pub fn takes_input(&self) -> bool {
        !self.arguments.is_empty()
    }

    /// A document with the arguments as variables, and those variables as the text of JSON.
    pub fn by_variables(&self, arguments: &Value) -> (String, String) {
        let given = self.arguments.iter().filter(|argument| arguments.get(&argument.name).is_some());
        let given: Vec<_> = given.collect();
        let declared: Vec<_> =
            given.iter().map(|argument| format!("${}: {}", argument.name, written(&argument.ty))).collect();
        let passed: Vec<_> = given.iter().map(|argument| format!("{0}: ${0}", argument.name)).collect();
        let Self { operation, name, selection, .. } = self;
        let document =
            format!("{operation}({}) {{ {name}({}) {selection} }}", declared.join(", "), passed.join(", "));
        (document, arguments.to_string())
    }

    /// A document with the arguments written in it.
    pub fn by_literals(&self, inputs: &Inputs, arguments: &Value) -> String {
        let passed: Vec<_> = self
            .arguments
            .iter()
            .filter_map(|argument| {
                let value = arguments.get(&argument.name)?;
                Some(format!("{}: {}", argument.name, inputs.literal(&argument.ty, value)))
            })
            .collect();
        format!("{} {{ {}({}) {} }}", self.operation, self.name, passed.join(", "), self.selection)
    }
}

impl Inputs {
    fn literal(&self, ty: &Value, value: &Value) -> String {
        match (ty["kind"].as_str(), value) {
            (Some("NON_NULL"), _) => self.literal(&ty["ofType"], value),
            (Some("LIST"), Value::Array(items)) => {
                let items: Vec<_> = items.iter().map(|item| self.literal(&ty["ofType"], item)).collect();
                format!("[{}]", items.join(", "))
            }
            (Some("INPUT_OBJECT"), Value::Object(fields)) => {
                let known = &self.objects[&text(&ty["name"])];
                let field = |(name, value): (&String, &Value)| {
                    let ty =
                        &known.iter().find(|field| field.name == *name).expect("a field of the input").ty;
                    format!("{name}: {}", self.literal(ty, value))
                };
                format!("{{{}}}", fields.iter().map(field).collect::<Vec<_>>().join(", "))
            }
            (Some("ENUM"), Value::String(name)) => name.clone(),
            _ => value.to_string(),
        }
    }
}

impl std::fmt::Display for Leaf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.root.name, self.path.join("."))
    }
}
