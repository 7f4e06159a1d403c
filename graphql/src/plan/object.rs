use super::fields::Fields;

/// A type of the schema: its name, what it is, and its fields. Implemented on what the domain gives, so that a field is a
/// pure function of a loaded row or an edge to other rows.
pub trait Object: Clone + Send + Sync + 'static {
    const NAME: &'static str;
    const DESCRIPTION: &'static str;
    /// Whether it implements `Node`; then it has an `id`.
    const NODE: bool = false;

    fn fields(fields: &mut Fields<Self>);
}
