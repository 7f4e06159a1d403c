use std::fmt;
use std::str::FromStr;

use sea_orm::DeriveValueType;

/// A short list of texts that nothing refers to, kept in order in one column as a JSON array.
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveValueType)]
#[sea_orm(value_type = "String")]
pub struct TextList(pub Vec<String>);

impl fmt::Display for TextList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(&self.0).map_err(|_unprintable| fmt::Error)?)
    }
}

impl FromStr for TextList {
    type Err = serde_json::Error;

    fn from_str(stored: &str) -> Result<Self, Self::Err> {
        serde_json::from_str(stored).map(Self)
    }
}
