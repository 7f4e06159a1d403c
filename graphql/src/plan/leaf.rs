//! Values without fields of their own.

use async_graphql::registry::Registry;

use super::writer::Json;

/// What a field can be that is neither an object nor a list of objects.
pub trait Leaf {
    /// The type as written in the schema, such as `String!`.
    fn declare(registry: &mut Registry) -> String;
    fn write(&self, out: &mut Json);
}

impl<L: Leaf> Leaf for Option<L> {
    fn declare(registry: &mut Registry) -> String {
        L::declare(registry).trim_end_matches('!').to_owned()
    }

    fn write(&self, out: &mut Json) {
        match self {
            Some(value) => value.write(out),
            None => out.null(),
        }
    }
}

impl<L: Leaf> Leaf for Vec<L> {
    fn declare(registry: &mut Registry) -> String {
        format!("[{}]!", L::declare(registry))
    }

    fn write(&self, out: &mut Json) {
        out.list(self, Leaf::write);
    }
}

impl Leaf for String {
    fn declare(_registry: &mut Registry) -> String {
        "String!".into()
    }

    fn write(&self, out: &mut Json) {
        out.string(self);
    }
}

impl Leaf for bool {
    fn declare(_registry: &mut Registry) -> String {
        "Boolean!".into()
    }

    fn write(&self, out: &mut Json) {
        out.bare(self);
    }
}

impl Leaf for i32 {
    fn declare(_registry: &mut Registry) -> String {
        "Int!".into()
    }

    fn write(&self, out: &mut Json) {
        out.integer(*self);
    }
}

/// Versions, sequences and counts of rows: 64 bits in the database, and as `Int` the largest that GraphQL has.
impl Leaf for i64 {
    fn declare(_registry: &mut Registry) -> String {
        "Int!".into()
    }

    fn write(&self, out: &mut Json) {
        out.integer((*self).min(i64::from(i32::MAX)));
    }
}
