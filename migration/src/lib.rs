//! How storage came to be, in order. One set of migrations serves SQLite and PostgreSQL.
//!
//! Entities are not used here: a migration says what the tables were on its day.

mod m20261123_000001_accounts;
mod m20261123_000002_register;
mod m20261123_000003_history;
mod m20261125_000004_evaluations;
mod m20261125_000005_log;
mod m20261125_000006_access_log;
mod m20261126_000007_programme_theory;
mod m20261126_000008_observations;
mod m20261126_000009_instruments;
mod m20261126_000010_results;
mod m20261126_000011_claims;
mod m20261126_000012_issuer;
mod m20261126_000013_sign_in;
mod m20261126_000014_confirmation;
mod m20261126_000015_newest_year;
mod m20261126_000016_lead;
mod m20261127_000017_compression;
mod table;

pub use sea_orm_migration::{MigratorTrait, sea_orm::DbErr};

pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn sea_orm_migration::MigrationTrait>> {
        vec![
            Box::new(m20261123_000001_accounts::Migration),
            Box::new(m20261123_000002_register::Migration),
            Box::new(m20261123_000003_history::Migration),
            Box::new(m20261125_000004_evaluations::Migration),
            Box::new(m20261125_000005_log::Migration),
            Box::new(m20261125_000006_access_log::Migration),
            Box::new(m20261126_000007_programme_theory::Migration),
            Box::new(m20261126_000008_observations::Migration),
            Box::new(m20261126_000009_instruments::Migration),
            Box::new(m20261126_000010_results::Migration),
            Box::new(m20261126_000011_claims::Migration),
            Box::new(m20261126_000012_issuer::Migration),
            Box::new(m20261126_000013_sign_in::Migration),
            Box::new(m20261126_000014_confirmation::Migration),
            Box::new(m20261126_000015_newest_year::Migration),
            Box::new(m20261126_000016_lead::Migration),
            Box::new(m20261127_000017_compression::Migration),
        ]
    }
}
