//! Fields whose value is in the row.

use std::marker::PhantomData;

use super::leaf::Leaf;
use super::writer::Json;
use super::{FieldPlan, Object};

/// A stored value.
pub struct Column<T, L>(pub fn(&T) -> &L);

impl<T, L: Leaf> FieldPlan<T> for Column<T, L> {
    fn write(&self, _at: usize, row: &T, out: &mut Json) {
        self.0(row).write(out);
    }
}

/// A value computed from the row.
pub struct Computed<T, L>(pub fn(&T) -> L);

impl<T, L: Leaf> FieldPlan<T> for Computed<T, L> {
    fn write(&self, _at: usize, row: &T, out: &mut Json) {
        self.0(row).write(out);
    }
}

/// A value computed from the row and the arguments of the field.
pub struct ComputedWith<T, A, L> {
    pub get: fn(&T, &A) -> L,
    pub arguments: A,
}

impl<T, A: Send + Sync, L: Leaf> FieldPlan<T> for ComputedWith<T, A, L> {
    fn write(&self, _at: usize, row: &T, out: &mut Json) {
        (self.get)(row, &self.arguments).write(out);
    }
}

/// The name of the row's type.
pub struct TypeName<T>(PhantomData<fn(T)>);

impl<T> TypeName<T> {
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T: Object> FieldPlan<T> for TypeName<T> {
    fn write(&self, _at: usize, _row: &T, out: &mut Json) {
        out.string(T::NAME);
    }
}
