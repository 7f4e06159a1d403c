//! What tests are written with.

mod client;
mod database;
mod evaluation;
mod printed;
mod server;

pub use client::{Answer, Client};
pub use database::{Backend, Database, register_folder};
pub use evaluation::{Snor, attempts, code, fault, with};
pub use printed::compare;
pub use server::{Ran, Server, virkning};

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
