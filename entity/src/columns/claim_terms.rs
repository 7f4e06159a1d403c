use std::fmt;
use std::str::FromStr;

use sea_orm::DeriveValueType;
use sea_orm::prelude::Uuid;

use super::TextList;

/// What a claim is computed from: a figure of the register, or a number that is printed elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClaimTerm {
    Figure(Uuid),
    Number(String),
}

impl fmt::Display for ClaimTerm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Figure(id) => id.fmt(f),
            Self::Number(number) => f.write_str(number),
        }
    }
}

impl From<&String> for ClaimTerm {
    /// No printed number has the form of an id.
    fn from(stored: &String) -> Self {
        Uuid::try_parse(stored).map_or_else(|_number| Self::Number(stored.clone()), Self::Figure)
    }
}

/// The terms of a claim, kept in order in one column as JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveValueType)]
#[sea_orm(value_type = "String")]
pub struct ClaimTerms(pub Vec<ClaimTerm>);

impl From<&TextList> for ClaimTerms {
    fn from(texts: &TextList) -> Self {
        Self(texts.0.iter().map(ClaimTerm::from).collect())
    }
}

impl fmt::Display for ClaimTerms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        TextList(self.0.iter().map(ToString::to_string).collect()).fmt(f)
    }
}

impl FromStr for ClaimTerms {
    type Err = <TextList as FromStr>::Err;

    fn from_str(stored: &str) -> Result<Self, Self::Err> {
        stored.parse().map(|texts: TextList| Self::from(&texts))
    }
}
