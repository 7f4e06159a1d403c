//! What numbers say. Pure: no database, no async, no clock.

pub mod claim;
