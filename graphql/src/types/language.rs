use async_graphql::registry::{MetaInputValue, Registry};
use async_graphql::{Context as FieldContext, ServerResult};

use crate::enums::Language;
use crate::plan::{Arguments, argument};
use crate::request::Shared;

/// The language that a text is asked for in; that of the request where none is given.
#[derive(Clone)]
pub struct InLanguage(pub domain::Language);

impl Arguments for InLanguage {
    fn declare(registry: &mut Registry) -> Vec<MetaInputValue> {
        let description = "The language; that of the request (Accept-Language) where none is given.";
        vec![argument::<Option<Language>>(registry, "language", description)]
    }

    fn read(field: &FieldContext<'_>) -> ServerResult<Self> {
        let given = field.param_value::<Option<Language>>("language", None)?.1;
        let of_request =
            || field.data_opt::<Shared>().map_or_else(Default::default, |shared| shared.language);
        Ok(Self(given.map_or_else(of_request, Into::into)))
    }
}
