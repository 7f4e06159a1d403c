//! The system from outside: a running server, on SQLite and on PostgreSQL.
//!
//! Each test that needs a database is written once and made for both by [`on_both_databases!`]. PostgreSQL is found by
//! `VIRKNING_TEST_POSTGRES`, which `tests/run` sets; without it those tests fail.

#![expect(clippy::expect_used, reason = "a test that finds nothing to look at has failed")]
#![expect(clippy::needless_pass_by_value, reason = "values are given to a test's helpers as they are made")]

#[macro_use]
mod support;

mod absences;
mod access;
mod access_log;
mod access_log_keeping;
mod access_review;
mod admin_confirmation;
mod allocations;
mod api_tokens;
mod as_of;
mod attempts;
mod audits;
mod bad_measurements;
mod browsers;
mod can;
mod cancelled;
mod claims;
mod commands;
mod comparison;
mod corrections;
mod crashes;
mod denials;
mod disclosure;
mod ended;
mod evaluation_access;
mod evaluation_files;
mod evaluation_lists;
mod event_streams;
mod explorer;
mod files;
mod following;
mod following_ends;
mod grants;
mod hashing;
mod history;
mod hostile;
mod hostile_input;
mod house;
mod input;
mod instruments;
mod issuer_keys;
mod kinds;
mod life;
mod limits;
mod log;
mod log_secrets;
mod matrix;
mod observations;
mod oidc;
mod out_of_reach;
mod paired_tables;
mod participants;
mod password_links;
mod plain;
mod planning;
mod postgresql;
mod printed;
mod publication;
mod register;
mod repeated;
mod reports;
mod rivals;
mod rounds;
mod rows_read;
mod schemathesis;
mod sessions;
mod snor;
mod sockets;
mod spreadsheets;
mod statements;
mod statistics;
mod tampering;
mod theories;
mod theory_evidence;
mod theory_files;
mod theory_statements;
mod timeouts;
mod tokens;
mod transport;
mod twins;
mod writing;
