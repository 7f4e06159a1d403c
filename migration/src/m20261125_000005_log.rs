//! The log: the leaves of all events in the order in which they were committed.
//!
//! The database itself gives each event its place, so nothing that writes an event can leave it out. On PostgreSQL that
//! happens inside COMMIT, under a lock that is held until the transaction has ended: the order of the places is the order of
//! the commits, a rolled-back transaction leaves no gap, and the lock is held for no longer than a commit takes. SQLite has one
//! writer at a time anyway.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, binary, integer, text, uuid};
use sea_orm_migration::sea_orm::DbBackend;

use crate::table::{run, table};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        table("log_entry")
            .column(big_integer("index"))
            .column(uuid("event_id"))
            .column(binary("leaf"))
            .primary_key(&["index"])
            .references("event_id", "event")
            .unique(&["event_id"])
            .check("\"index\" >= 0")
            .check("length(leaf) = 32")
            .create(manager)
            .await?;
        // What is here can be made again from the leaves; it spares reading all of them.
        table("log_subtree")
            .column(integer("level"))
            .column(big_integer("position"))
            .column(binary("hash"))
            .primary_key(&["level", "position"])
            .check("length(hash) = 32")
            .create(manager)
            .await?;
        // What the server signed of the log, so that it can be told later where it stopped being what it was.
        table("log_checkpoint")
            .column(big_integer("size"))
            .column(text("note"))
            .primary_key(&["size"])
            .check("size > 0")
            .create(manager)
            .await?;
        let db = manager.get_connection();
        // What belongs to no intervention is little, and is read whole as it stood at a moment.
        db.execute_unprepared(
            "CREATE INDEX event_of_no_intervention ON event (subject_kind, subject_id, sequence) \
             WHERE intervention_id IS NULL",
        )
        .await?;
        // What was written before there was a log enters it in the order in which it was written.
        db.execute_unprepared(
            "INSERT INTO log_entry (\"index\", event_id, leaf) \
             SELECT row_number() OVER (ORDER BY id) - 1, id, leaf FROM event ORDER BY id",
        )
        .await?;
        run(manager, appending(manager.get_database_backend())).await
    }
}

fn appending(backend: DbBackend) -> &'static [&'static str] {
    match backend {
        DbBackend::Sqlite => &[
            "CREATE TRIGGER event_appended AFTER INSERT ON event BEGIN \
             INSERT INTO log_entry (\"index\", event_id, leaf) \
             SELECT coalesce(max(\"index\") + 1, 0), NEW.id, NEW.leaf FROM log_entry; END",
            "CREATE TRIGGER log_entry_no_update BEFORE UPDATE ON log_entry \
             BEGIN SELECT RAISE(ABORT, 'log_entry is append-only'); END",
            "CREATE TRIGGER log_entry_no_replace BEFORE INSERT ON log_entry \
             WHEN EXISTS (SELECT 1 FROM log_entry WHERE \"index\" = NEW.\"index\" OR event_id = NEW.event_id) \
             BEGIN SELECT RAISE(ABORT, 'log_entry is append-only'); END",
            "CREATE TRIGGER log_entry_no_delete BEFORE DELETE ON log_entry \
             BEGIN SELECT RAISE(ABORT, 'log_entry is append-only'); END",
        ],
        // The number is that of nothing else in this database: it is the date of this migration.
        _ => &[
            "CREATE FUNCTION append_to_log() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
             PERFORM pg_advisory_xact_lock(20261125); \
             INSERT INTO log_entry (\"index\", event_id, leaf) \
             SELECT coalesce(max(\"index\") + 1, 0), NEW.id, NEW.leaf FROM log_entry; \
             RETURN NULL; END $$",
            "CREATE CONSTRAINT TRIGGER event_appended AFTER INSERT ON event \
             DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION append_to_log()",
            "CREATE TRIGGER log_entry_append_only BEFORE UPDATE OR DELETE ON log_entry \
             FOR EACH ROW EXECUTE FUNCTION refuse_change()",
            "CREATE TRIGGER log_entry_no_truncate BEFORE TRUNCATE ON log_entry \
             FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
        ],
    }
}
