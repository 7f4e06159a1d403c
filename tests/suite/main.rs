//! The system from outside: a running server, on SQLite and on PostgreSQL.
//!
//! Each test that needs a database is written once and made for both by [`on_both_databases!`]. PostgreSQL is found by
//! `VIRKNING_TEST_POSTGRES`, which `tests/run` sets; without it those tests fail.

#[macro_use]
mod support;

mod access;
mod commands;
mod explorer;
mod files;
mod history;
mod house;
mod input;
mod printed;
mod register;
mod reports;
mod sessions;
mod statements;
mod transport;
mod writing;
