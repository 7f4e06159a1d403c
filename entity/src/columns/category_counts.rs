use std::fmt;
use std::str::FromStr;

use sea_orm::DeriveValueType;
use serde::{Deserialize, Serialize};

/// How many people fell into one category.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CategoryCount {
    pub category: String,
    pub count: i32,
}

/// A distribution over named categories, kept in order in one column as JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, DeriveValueType)]
#[sea_orm(value_type = "String")]
pub struct CategoryCounts(pub Vec<CategoryCount>);

impl fmt::Display for CategoryCounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(&self.0).map_err(|_unprintable| fmt::Error)?)
    }
}

impl FromStr for CategoryCounts {
    type Err = serde_json::Error;

    fn from_str(stored: &str) -> Result<Self, Self::Err> {
        serde_json::from_str(stored).map(Self)
    }
}
