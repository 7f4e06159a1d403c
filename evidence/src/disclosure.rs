//! What may be shown of counts of few people to those who may not see the people themselves.

mod rule;

pub use rule::{Figure, Rule, Threshold};
