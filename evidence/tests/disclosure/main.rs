//! What is hidden stays hidden, whatever is added up and subtracted.

#![expect(clippy::unwrap_used, reason = "what is missing where it must be has failed")]

mod attacker;
mod bounds;
mod counts;
mod report;
mod rules;
mod tables;
