//! What tests are written with.

pub mod access_log;
mod api_token;
mod client;
mod cluster;
mod database;
pub mod documents;
mod evaluation;
mod folder;
pub mod health;
pub mod inputs;
pub mod issuer;
pub mod mutations;
pub mod operations;
pub mod places;
mod printed;
pub mod raw;
pub mod schema;
mod server;
mod streams;
mod theory;
mod way;

pub use api_token::{by_token, secret_of, soon};
pub use client::{Answer, Client, fault_codes};
pub use cluster::Cluster;
pub use database::{Backend, Database, until_noticed};
pub use evaluation::{Ids, Snor, attempts, code, fault, with};
pub use folder::{contents, copy_of, evaluations_folder, register_folder};
pub use printed::{compare, compare_about};
pub use server::{Ran, SECRET, Server, virkning};
pub use streams::{EventStream, Heard, PROTOCOL, Sent, Socket, hmac, init, token_for};
pub use theory::Theory;
pub use way::Way;

/// Makes each test twice, once for each database.
macro_rules! on_both_databases {
    ($($test:ident),+ $(,)?) => {
        mod sqlite {
            $(#[test] fn $test() { super::$test($crate::support::Backend::Sqlite); })+
        }
        mod postgres {
            $(#[test] fn $test() { super::$test($crate::support::Backend::Postgres); })+
        }
    };
}
