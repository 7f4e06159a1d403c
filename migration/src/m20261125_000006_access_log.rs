//! The access log: what actors were refused, counted by the hour, and kept for a time only.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, binary, pk_uuid, text, text_null, uuid, uuid_null};

use crate::table::table;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // As with events, no foreign key points at what an entry is about, which need not exist, and no check lists the
        // codes: each new operation brings some, and SQLite cannot change a check. Equal entries are told by a digest, since
        // to a unique index two NULLs are different.
        table("access_log_entry")
            .column(pk_uuid("id"))
            .column(binary("digest"))
            .column(uuid("actor_id"))
            .column(text("actor_roles"))
            .column(text_null("action"))
            .column(text_null("subject_kind"))
            .column(text_null("named_kind"))
            .column(uuid_null("named_id"))
            .column(uuid_null("intervention_id"))
            .column(text("outcome"))
            .column(big_integer("first_at"))
            .column(big_integer("last_at"))
            .column(big_integer("count"))
            .column(uuid("request_id"))
            .unique(&["digest"])
            .index(&["actor_id", "id"])
            .index(&["actor_id", "first_at"])
            .index(&["intervention_id", "id"])
            .index(&["last_at"])
            .check("length(digest) = 32")
            .check("(named_kind IS NULL) = (named_id IS NULL)")
            .check("last_at >= first_at")
            .check("count > 0")
            .create(manager)
            .await
    }
}
