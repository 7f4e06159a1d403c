//! The history, which the database itself keeps append-only, and the keys that make a repeated request harmless.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, binary, pk_uuid, text, uuid, uuid_null};
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
        // No foreign key points from an event to what it is about: events outlive their subjects.
        table("event")
            .column(pk_uuid("id"))
            .column(text("subject_kind"))
            .column(uuid("subject_id"))
            .column(big_integer("sequence"))
            .column(uuid_null("intervention_id"))
            .column(big_integer("occurred_at"))
            .column(uuid("actor_id"))
            .column(text("action"))
            .column(text("body"))
            .column(binary("leaf"))
            .unique(&["subject_id", "sequence"])
            .index(&["intervention_id", "id"])
            .index(&["actor_id", "id"])
            .check("sequence > 0")
            .check("length(leaf) = 32")
            .create(manager)
            .await?;
        table("event_detail")
            .column(uuid("event_id"))
            .column(text("openings"))
            .primary_key(&["event_id"])
            .references("event_id", "event")
            .create(manager)
            .await?;
        table("idempotency")
            .column(uuid("account_id"))
            .column(text("key"))
            .column(binary("fingerprint"))
            .column(uuid_null("subject_id"))
            .column(big_integer("at"))
            .primary_key(&["account_id", "key"])
            .references("account_id", "account")
            .create(manager)
            .await?;
        run(manager, append_only(manager.get_database_backend())).await
    }
}

/// An event is never changed or removed; its detail is never removed nor given to another event, but a value in it may be
/// erased by law.
fn append_only(backend: DbBackend) -> &'static [&'static str] {
    match backend {
        DbBackend::Sqlite => &[
            "CREATE TRIGGER event_no_update BEFORE UPDATE ON event \
             BEGIN SELECT RAISE(ABORT, 'event is append-only'); END",
            // INSERT OR REPLACE would delete without asking the trigger on deletes.
            "CREATE TRIGGER event_no_replace BEFORE INSERT ON event \
             WHEN EXISTS (SELECT 1 FROM event WHERE id = NEW.id \
             OR (subject_id = NEW.subject_id AND sequence = NEW.sequence)) \
             BEGIN SELECT RAISE(ABORT, 'event is append-only'); END",
            "CREATE TRIGGER event_no_delete BEFORE DELETE ON event \
             BEGIN SELECT RAISE(ABORT, 'event is append-only'); END",
            "CREATE TRIGGER event_detail_no_move BEFORE UPDATE OF event_id ON event_detail \
             BEGIN SELECT RAISE(ABORT, 'event_detail stays with its event'); END",
            "CREATE TRIGGER event_detail_no_delete BEFORE DELETE ON event_detail \
             BEGIN SELECT RAISE(ABORT, 'event_detail is never deleted'); END",
        ],
        _ => &[
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS \
             $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$",
            "CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON event \
             FOR EACH ROW EXECUTE FUNCTION refuse_change()",
            "CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON event \
             FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
            "CREATE TRIGGER event_detail_no_delete BEFORE DELETE OR UPDATE OF event_id ON event_detail \
             FOR EACH ROW EXECUTE FUNCTION refuse_change()",
            "CREATE TRIGGER event_detail_no_truncate BEFORE TRUNCATE ON event_detail \
             FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
        ],
    }
}
