//! A database of a bench's own.

use std::time::Duration;

use domain::{Context, Database, Services};
use migration::{Migrator, MigratorTrait};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

pub struct Setting {
    pub runtime: Runtime,
    pub services: Services,
    _folder: TempDir,
}

impl Setting {
    pub fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let url = format!("sqlite://{}/virkning.db", folder.path().display());
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let services = runtime.block_on(async {
            let database = Database::connect(&url, Duration::from_mins(1)).await.unwrap();
            Migrator::up(database.connection(), None).await.unwrap();
            Services::of(database)
        });
        Self { runtime, services, _folder: folder }
    }

    /// The context of whoever makes the first account. It ends within the runtime.
    pub async fn founder(&self) -> Context {
        let found = Context::of_founder(&self.services, "Grundlægger", self.services.environment.new_id());
        found.await.unwrap().unwrap()
    }
}
