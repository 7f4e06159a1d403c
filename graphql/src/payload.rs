//! The answers of mutations: the object, or what there is to mend.

use async_graphql::{Context as FieldContext, Result, SimpleObject};
use domain::{Error, Language};

use crate::errors::told;
use crate::request::Shared;

/// Something in the input that can be mended.
#[derive(SimpleObject)]
pub struct UserError {
    /// The way from the input to the field, such as `["targetGroups", "0", "ageFrom"]`; empty for the input as a whole.
    field: Vec<String>,
    /// What is wrong and what to do, in the language of the request (Accept-Language: da or en).
    message: String,
    /// For programs: stable, in capitals, such as `TAKEN` or `STALE`.
    code: String,
}

/// What a mutation made, or why it did not. What cannot be typed, and what is not about the input, is an error of the field.
pub fn outcome<T>(
    field: &FieldContext<'_>,
    result: domain::Result<T>,
) -> Result<(Option<T>, Vec<UserError>)> {
    match result {
        Ok(value) => Ok((Some(value), Vec::new())),
        Err(Error::Refused(faults)) if !faults.iter().any(|fault| fault.problem.is_malformed()) => {
            let language = field.data_opt::<Shared>().map_or(Language::default(), |shared| shared.language);
            let errors = faults.into_iter().map(|fault| UserError {
                message: fault.problem.message(language),
                code: fault.problem.code().to_owned(),
                field: fault.field,
            });
            Ok((None, errors.collect()))
        }
        Err(error) => Err(told(field, &error)),
    }
}

/// Declares the payload of a mutation: its objects by name, and the errors. `as asked for` leaves it to the mutation to read only
/// those that are selected.
macro_rules! payload {
    (
        $(#[doc = $doc:literal])+ $name:ident {
            $($(#[doc = $field_doc:literal])+ $field:ident: $row:ty),+ $(,)?
        }
    ) => {
        payload! {
            $(#[doc = $doc])+ $name as asked for { $($(#[doc = $field_doc])+ $field: $row),+ }
        }

        impl $name {
            pub fn new<T>(
                field: &async_graphql::Context<'_>,
                result: domain::Result<T>,
                rows: impl FnOnce(T) -> ($($row,)+),
            ) -> async_graphql::Result<Self> {
                Self::of(field, result, |made| {
                    let ($($field,)+) = rows(made);
                    ($(crate::plan::One::from(Some($field)),)+)
                })
            }
        }
    };
    (
        $(#[doc = $doc:literal])+ $name:ident as asked for {
            $($(#[doc = $field_doc:literal])+ $field:ident: $row:ty),+ $(,)?
        }
    ) => {
        $(#[doc = $doc])+
        #[derive(async_graphql::SimpleObject)]
        pub struct $name {
            $($(#[doc = $field_doc])+ $field: crate::plan::One<$row>,)+
            /// What there is to mend; empty where it is done.
            user_errors: Vec<crate::payload::UserError>,
        }

        impl $name {
            fn of<T>(
                field: &async_graphql::Context<'_>,
                result: domain::Result<T>,
                rows: impl FnOnce(T) -> ($(crate::plan::One<$row>,)+),
            ) -> async_graphql::Result<Self> {
                let (made, user_errors) = crate::payload::outcome(field, result)?;
                Ok(match made.map(rows) {
                    Some(($($field,)+)) => Self { $($field,)+ user_errors },
                    None => Self { $($field: None.into(),)+ user_errors },
                })
            }
        }
    };
}
pub(crate) use payload;
