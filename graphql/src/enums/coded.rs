use std::marker::PhantomData;

use async_graphql::InputType;
use async_graphql::registry::Registry;

use crate::plan::{Json, Leaf};

/// A code that the domain keeps as a text, as the enum `E` of the schema.
pub struct Coded<E> {
    code: String,
    schema: PhantomData<fn(E)>,
}

impl<E> Coded<E> {
    pub fn new(code: impl Into<String>) -> Self {
        Self { code: code.into(), schema: PhantomData }
    }
}

impl<E: InputType> Leaf for Coded<E> {
    fn declare(registry: &mut Registry) -> String {
        E::create_type_info(registry)
    }

    fn write(&self, out: &mut Json) {
        out.string(&self.code);
    }
}
