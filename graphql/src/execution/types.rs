//! The schema's types, for the stages that async-graphql does not help with.

use std::collections::{HashMap, HashSet};

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    BaseType, FieldDefinition, InputValueDefinition, OperationType, Type, TypeKind, TypeSystemDefinition,
};
use async_graphql::{Name, Positioned};

/// The scalars of the specification, which no schema declares.
const SCALARS: [&str; 5] = ["Int", "Float", "String", "Boolean", "ID"];

/// Fields by type, read from the schema's own text.
#[derive(Default)]
pub struct Types {
    fields: HashMap<String, HashMap<String, Type>>,
    /// The arguments of each field of each type.
    arguments: HashMap<String, HashMap<String, HashMap<String, Type>>>,
    inputs: HashMap<String, HashMap<String, Type>>,
    enums: HashSet<String>,
    /// Those beside the ones of the specification.
    scalars: HashSet<String>,
    /// The object types of each interface and union.
    possible: HashMap<String, Vec<String>>,
}

impl Types {
    pub fn of(sdl: &str) -> Self {
        let mut types = Self::default();
        let document = parse_schema(sdl).map(|document| document.definitions).unwrap_or_default();
        for definition in document {
            let TypeSystemDefinition::Type(definition) = definition else {
                continue;
            };
            let name = definition.node.name.node.to_string();
            let (fields, interfaces) = match definition.node.kind {
                TypeKind::Object(object) => (object.fields, object.implements),
                TypeKind::Interface(interface) => {
                    types.possible.entry(name.clone()).or_default();
                    (interface.fields, Vec::new())
                }
                TypeKind::Union(union) => {
                    let members = union.members.iter().map(|member| member.node.to_string());
                    types.possible.entry(name.clone()).or_default().extend(members);
                    (Vec::new(), Vec::new())
                }
                TypeKind::InputObject(input) => {
                    types.inputs.insert(name, inputs(input.fields));
                    continue;
                }
                TypeKind::Scalar => {
                    types.scalars.insert(name);
                    continue;
                }
                TypeKind::Enum(_) => {
                    types.enums.insert(name);
                    continue;
                }
            };
            for interface in interfaces {
                types.possible.entry(interface.node.to_string()).or_default().push(name.clone());
            }
            let mut own = HashMap::from([type_name()]);
            let arguments = types.arguments.entry(name.clone()).or_default();
            for Positioned { node: FieldDefinition { name, ty, arguments: given, .. }, .. } in fields {
                arguments.insert(name.node.to_string(), inputs(given));
                own.insert(name.node.to_string(), ty.node);
            }
            types.fields.insert(name, own);
        }
        types
    }

    pub const fn root(operation: OperationType) -> &'static str {
        match operation {
            OperationType::Query => "Query",
            OperationType::Mutation => "Mutation",
            OperationType::Subscription => "Subscription",
        }
    }

    /// The type of a field; none for fields of introspection, which the schema's text leaves out.
    pub fn field(&self, parent: &str, field: &str) -> Option<&Type> {
        self.fields.get(parent)?.get(field)
    }

    /// The type of an argument.
    pub fn argument(&self, parent: &str, field: &str, argument: &str) -> Option<&Type> {
        self.arguments.get(parent)?.get(field)?.get(argument)
    }

    /// The fields of an input object; none for any other type.
    pub fn input(&self, name: &str) -> Option<&HashMap<String, Type>> {
        self.inputs.get(name)
    }

    pub fn is_scalar(&self, name: &str) -> bool {
        SCALARS.contains(&name) || self.scalars.contains(name)
    }

    /// Whether there is such a type beside those of introspection.
    pub fn is_known(&self, name: &str) -> bool {
        self.is_scalar(name)
            || self.enums.contains(name)
            || self.inputs.contains_key(name)
            || self.fields.contains_key(name)
            || self.possible.contains_key(name)
    }

    /// Whether what is of this type has fields.
    pub fn is_composite(&self, name: &str) -> bool {
        self.fields.contains_key(name)
    }

    pub fn objects(&self) -> impl Iterator<Item = &str> {
        self.fields.keys().map(String::as_str).filter(|name| self.possible(name).is_none())
    }

    /// The object types of an interface or union; none for an object type.
    pub fn possible(&self, name: &str) -> Option<&[String]> {
        self.possible.get(name).map(Vec::as_slice)
    }

    /// Whether what is of the object type `name` fits the condition of a fragment.
    pub fn fits(&self, name: &str, condition: &str) -> bool {
        name == condition || self.possible(condition).is_some_and(|types| types.iter().any(|one| one == name))
    }
}

fn inputs(values: Vec<Positioned<InputValueDefinition>>) -> HashMap<String, Type> {
    values.into_iter().map(|value| (value.node.name.node.to_string(), value.node.ty.node)).collect()
}

/// The field that every type has without declaring it.
fn type_name() -> (String, Type) {
    let ty = Type { base: BaseType::Named(Name::new("String")), nullable: false };
    ("__typename".to_owned(), ty)
}

/// The name of the type within all lists.
pub fn named(ty: &Type) -> &str {
    match &ty.base {
        BaseType::Named(name) => name,
        BaseType::List(inner) => named(inner),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_schema_of_virkning() {
        let types = Types::of(&crate::virkning(crate::Limits::default()).sdl());
        let viewer = types.field("Query", "viewer").map(ToString::to_string);
        assert_eq!(viewer.as_deref(), Some("Viewer!"));
        assert!(types.field("Mutation", "signIn").is_some());
        assert!(types.fits("Intervention", "Node"));
        assert!(!types.is_composite("DateTime"));
    }
}
