//! PostgreSQL compresses the texts of events by LZ4, where it was built with that. They are mostly hashes, on which its own
//! method spent a quarter of the time that it takes to append an event. What is there already stays as it is.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::table::run;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() == DbBackend::Sqlite {
            return Ok(());
        }
        // As texts: before PostgreSQL 14 there are no such words, and the block is read whole.
        run(
            manager,
            ["DO $$ BEGIN \
              IF EXISTS (SELECT FROM pg_settings WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)) THEN \
              EXECUTE 'ALTER TABLE event ALTER body SET COMPRESSION lz4'; \
              EXECUTE 'ALTER TABLE event_detail ALTER openings SET COMPRESSION lz4'; \
              END IF; END $$"],
        )
        .await
    }
}
